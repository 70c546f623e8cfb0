"""Sentences that belong to the article by where they stand: in the element of its text, or as all the text there is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.detectors.page_judge.signs import Signs

HALF = 0.5
"""The minimum score at which a block goes."""
PROSE, FEW = 12, 5
"""A block of the article with more words than the first surely is one; words of the shortest sentence that may be."""
MOST, BLOCKS = 0.6, 3
"""The share of the text, and the blocks of it, that the element of the text holds at least."""
ALONE, HELD = 0.94, 0.99
"""The minimum score at which a sentence goes even if no text would be left; and the same for the page's main element,
or one that holds nothing else."""
HARMLESS = frozenset(("body", "content", "folded", "headline", "quote", "standfirst", "table"))
"""Groups of names that parts of an article may have."""
_HEADING = re.compile(r"\.h[1-6](?:\.button)?$|\.(?:dt|summary)$")
_MAIN = re.compile(r"\.(?:main|article)(?:\.|$)")
_APART = re.compile(r"\.(?:aside|nav|footer|form|dialog|figcaption|button|caption|address)(?:\.|$)")


def of_the_text(signs: Signs, scores: Sequence[float], free: Sequence[bool]) -> Iterator[int]:
    """Sentences without links in the element of the article's text or right below its title, under names that tell of
    nothing else."""
    home = home_of(signs, scores, BLOCKS)
    if home is None:
        return
    common = _names(signs, scores)
    for number, paragraph in enumerate(signs.paragraphs):
        if not free[number] or scores[number] < HALF or signs.links[number]:
            continue
        if home not in paragraph.within and not _below_title(signs, number):
            continue
        if _is_sentence(signs, number) and not _APART.search(paragraph.path):
            own = [classes for classes in paragraph.classes if classes not in common]
            if all(signs.groups.of(classes) <= HARMLESS for classes in own):
                yield number


def only_text(signs: Signs, scores: Sequence[float], claims: Sequence[float]) -> Iterator[int]:
    """Where no text would stay, the likeliest: a sentence, and those beside it.

    In the element that a page calls its main one, and where nothing else is on the page, it is all that there can be.
    """
    lone = len(signs.paragraphs) == len(signs.article.paragraphs) <= 2
    texts = [n for n in range(len(scores)) if _is_sentence(signs, n) or (lone and _is_text(signs, n))]
    left = sum(
        words
        for paragraph, words, score in zip(signs.paragraphs, signs.words, scores, strict=True)
        if score < HALF and not _HEADING.search(paragraph.path)
    )
    if left > PROSE or any(scores[n] < HALF for n in texts):
        return
    texts = [n for n in texts if not claims[n] and signs.links[n] < HALF]
    texts = [n for n in texts if scores[n] < (HELD if lone or _MAIN.search(signs.paragraphs[n].path) else ALONE)]
    if texts:
        best = min(texts, key=scores.__getitem__)
        home = signs.paragraphs[best].within[-2:-1]
        yield from (n for n in texts if signs.paragraphs[n].within[-2:-1] == home)


def _is_sentence(signs: Signs, number: int) -> bool:
    return signs.stops[number] and signs.words[number] >= FEW


def _below_title(signs: Signs, number: int) -> bool:
    """Whether a block stands right below the title of the page, in the same element."""
    above = signs.paragraphs[number - 1] if number else None
    if above is None or not above.path.endswith(".h1") or signs.open[number] != signs.open[number - 1] + 1:
        return False
    return above.within[-2:-1] == signs.paragraphs[number].within[-2:-1]


def _is_text(signs: Signs, number: int) -> bool:
    return signs.words[number] > 1 and not _HEADING.search(signs.paragraphs[number].path)


def home_of(signs: Signs, scores: Sequence[float], least: int = 0) -> int | None:
    """The innermost element that holds most of the text that stays, and at least so many blocks that do."""
    held: Counter[int] = Counter()
    blocks: Counter[int] = Counter()
    total = 0
    for paragraph, words, score in zip(signs.paragraphs, signs.words, scores, strict=True):
        if score < HALF:
            blocks.update(paragraph.within[:-1])
            if words > PROSE:
                total += words
                for element in paragraph.within[:-1]:
                    held[element] += words
    return max((each for each, words in held.items() if words >= MOST * total and blocks[each] >= least), default=None)


def _names(signs: Signs, scores: Sequence[float]) -> frozenset[str]:
    """The names that stand around most of the text that stays."""
    names: Counter[str] = Counter()
    total = 0
    for paragraph, words, score in zip(signs.paragraphs, signs.words, scores, strict=True):
        if score < HALF and words > PROSE:
            total += words
            names.update(dict.fromkeys(paragraph.classes, words))
    return frozenset(name for name, words in names.items() if words >= MOST * total)
