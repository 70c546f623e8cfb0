"""What belongs together stays together: rows of a table, items of a list, a heading with what stands under it.

The score of a short block says little: "Tea", "417 | Plover" and "Step 3" stand in articles and in menus. Where all
around it is the article, and its markup is that of the article's own paragraphs, it is a part of it. Scores only move
where they are unsure; what surely goes, goes, and so does what a rule claims.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import exp, log
from statistics import median

from cleaner.article.model import Paragraph
from cleaner.detectors.page_judge.sentences import FEW, HALF, HARMLESS, PROSE, home_of, of_the_text, only_text
from cleaner.detectors.page_judge.signs import Signs
from cleaner.text.words import bare

UNSURE, SURE = 0.9, 0.97
"""The minimum score at which a block goes whatever it belongs to; and the same for what belongs closely to text that
stays, as a question does to its answer and a row to its table."""
LEAST = 0.001
"""How close to 0 and 1 a score may come."""
STAYS = 0.45
"""The score of a block that stays with others."""
LINKED = 0.5
"""A block with at least this share of its text in links doesn't count."""
PLAIN = {True: 1.0, False: 1.5}
"""How far, in logarithms of odds, the score moves of a block with the article's own markup, with and without an
extractor that has its say; without one scores are less sure."""
CAPTION = {True: 1.5, False: 2.0}
"""The same in the other direction, if the markup says that a block is a caption."""
SENTENCE = 1.5
"""The same for a sentence in the element of the text, under names that tell of nothing else."""
MOST_BETWEEN, LEVELS = 25, 4
"""How far apart two paragraphs may be for what is between them to be asked, and how far up they have an element in
common."""
NAMED = 25
"""Letters of the shortest piece of what the page's data names that is looked for inside of it."""
ENTRIES = 3
"""The number of entries that make a page a live blog."""
_HEADING = re.compile(r"\.h[1-6](?:\.button)?$|\.(?:dt|summary)$")
_TABLE = re.compile(r"\.table(?:\.t\w+)*\.(?:tr|t[dh](?:\..*)?)$")
_LIST = re.compile(r"\.(?:ul|ol|dl)\.(?:li|dd|dt)(?:\.(?:p|div))?$")
_OF_TABLE, _OF_LIST = frozenset(("table",)), frozenset(("ul", "ol", "dl"))
_LEADS = re.compile(r"[:\uff1a]\W*$")
_CAPTION = re.compile(r"\.figure(?:\.\w+){0,2}\.figcaption(?:\.|$)|\.figure\.figcaption")
_TOUCH = re.compile(r"\.h[1-6]\.button$|\.summary(?:\.h[1-6])?$")
_CLOCK = re.compile(r"^(?:[^\W\d]{1,12}\W{1,3})?\d{1,2}[:.h]\d\d\b.{0,12}$")


def settled(signs: Signs, scores: Sequence[float], claims: Sequence[float], plain: Sequence[float]) -> list[float]:
    """The scores of the open blocks, settled by what they belong to.

    ``claims``: how strongly rules claim each; ``plain``: that it is of a kind that no article is written in. A score
    has taken claims in already, among much else; those of the plain kinds count once more.
    """
    result = [
        _moved(score, _odds(claim)) if claim > HALF else score for score, claim in zip(scores, plain, strict=True)
    ]
    free = [
        not claim and links < LINKED and score < UNSURE
        for claim, links, score in zip(claims, signs.links, scores, strict=True)
    ]
    loose = [not claim and score < SURE for claim, score in zip(claims, scores, strict=True)]
    _captions(signs, result)
    _plain(signs, result, free)
    # Of a row of data and of a line of code a rule for prose may claim what it likes: "May | 41" is no dateline.
    for group in _groups(signs.paragraphs, _TABLE, _OF_TABLE):
        if median(result[each] for each in group) < HALF:
            _keep(result, (each for each in group if scores[each] < SURE and not plain[each]))
    for group in _groups(signs.paragraphs, _LIST, _OF_LIST):
        if median(result[each] for each in group) < HALF:
            _keep(result, (each for each in group if free[each]))
        elif _goes_on(signs, result, group):
            _keep(result, (each for each in group if not claims[each]))
    _keep(result, (each for each in _code(signs, result) if not plain[each]))
    _keep(result, (each for each in _named(signs) if not claims[each]))
    _keep(result, (each for entry in _entries(signs) for each in entry if loose[each] and signs.links[each] < LINKED))
    for number in list(of_the_text(signs, result, free)):
        result[number] = _moved(result[number], -SENTENCE)
    _keep(result, list(only_text(signs, result, claims)))
    _headings(signs, result, loose)
    _keep(result, (each for each in _between(signs, result) if free[each]))
    return result


def _keep(scores: list[float], numbers: Iterable[int]) -> None:
    for number in numbers:
        scores[number] = min(scores[number], STAYS)


def _odds(score: float) -> float:
    score = min(max(score, LEAST), 1 - LEAST)
    return log(score / (1 - score))


def _moved(score: float, way: float) -> float:
    return round(1 / (1 + exp(-_odds(score) - way)), 3)


def _captions(signs: Signs, scores: list[float]) -> None:
    """Captions by their element, but for those that are a gallery's text: more of them than of anything else."""
    captions = [n for n, paragraph in enumerate(signs.paragraphs) if _CAPTION.search(paragraph.path)]
    inside = sum(words for words, score in zip(signs.words, scores, strict=True) if score < HALF)
    if 2 * sum(signs.words[n] for n in captions if scores[n] < HALF) < inside:
        for number in captions:
            scores[number] = _moved(scores[number], CAPTION[signs.extractor])


def _goes_on(signs: Signs, scores: Sequence[float], group: Sequence[int]) -> bool:
    """Whether a list goes on with the paragraph above it: that stays, both are in one element, no item leads elsewhere,
    and the list has no name that tells of something else."""
    first = group[0]
    if not first or scores[first - 1] >= HALF or signs.open[first] != signs.open[first - 1] + 1:
        return False
    above, items = signs.paragraphs[first - 1], [signs.paragraphs[number] for number in group]
    leads = signs.stops[first - 1] or _LEADS.search(signs.texts[first - 1]) or _HEADING.search(above.path)
    if not leads or above.within[-2:-1] != items[0].within[-3:-2]:
        return False
    return not any(signs.links[number] for number in group) and all(_harmless(signs, above, item) for item in items)


def _harmless(signs: Signs, above: Paragraph, inner: Paragraph) -> bool:
    """Whether the names of a block, beside those that it shares with the one above, tell of nothing else."""
    own = inner.classes[len(above.classes) :]
    return all(signs.groups.of(classes) <= HARMLESS for classes in own)


def _between(signs: Signs, scores: Sequence[float]) -> Iterator[int]:
    """Short items and rows, with headings, between two paragraphs that stay and are near each other in the tree, where
    all between are open."""
    last = None
    for number, score in enumerate(scores):
        if score >= HALF or signs.words[number] <= FEW:
            continue
        if last is not None and 1 < number - last <= MOST_BETWEEN and _unbroken(signs, last, number):
            above, below = signs.paragraphs[last], signs.paragraphs[number]
            if not set(above.within[-LEVELS:]).isdisjoint(below.within[-LEVELS:]):
                inner = [n for n in range(last + 1, number) if _made(signs.paragraphs[n].path)]
                inner = [n for n in inner if signs.words[n] <= PROSE and _harmless(signs, above, signs.paragraphs[n])]
                items = sum(not _HEADING.search(signs.paragraphs[n].path) for n in inner)
                yield from inner if items > 1 else ()
        last = number


def _unbroken(signs: Signs, first: int, last: int) -> bool:
    return signs.open[last] - signs.open[first] == last - first


def _made(path: str) -> bool:
    """Whether a block is a heading, an item or a row."""
    return any(pattern.search(path) for pattern in (_HEADING, _LIST, _TABLE))


def _code(signs: Signs, scores: Sequence[float]) -> Iterator[int]:
    """Lines of code above or below a paragraph that stays, in one of the elements around both."""
    lines = [n for n, paragraph in enumerate(signs.paragraphs) if ".pre" in paragraph.path]
    runs: list[list[int]] = []
    for number in lines:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        for beside in (run[0] - 1, run[-1] + 1):
            if 0 <= beside < len(scores) and scores[beside] < HALF and signs.words[beside] > FEW:
                around = set(signs.paragraphs[beside].within[-3:-1])
                if not around.isdisjoint(signs.paragraphs[run[0]].within[:-1][-3:]):
                    yield from run
                    break


def _plain(signs: Signs, scores: list[float], free: Sequence[bool]) -> None:
    """Moves blocks in the element of the article's text that bear no other names than its paragraphs."""
    names: Counter[tuple[str, ...]] = Counter()
    for paragraph, words, score in zip(signs.paragraphs, signs.words, scores, strict=True):
        if score < HALF and words > PROSE:
            names[paragraph.classes] += words
    home = home_of(signs, scores)
    if home is None:
        return
    common, many = names.most_common(1)[0]
    if 2 * many < names.total():
        return
    for number, paragraph in enumerate(signs.paragraphs):
        caption = _CAPTION.search(paragraph.path)
        if not free[number] or caption or scores[number] < HALF:
            continue
        if paragraph.classes == common and home in paragraph.within:
            scores[number] = _moved(scores[number], -PLAIN[signs.extractor])


def _named(signs: Signs) -> Iterator[int]:
    """The blocks that the page's own data names as parts of its text, with a heading that names one."""
    page = signs.article.page
    if page is None or not page.parts:
        return
    parts = {bare(each).casefold() for each in page.parts}
    joined = "\n".join(sorted(parts))
    for number, each in enumerate(signs.bares):
        if each in parts or (len(each) >= NAMED and each in joined):
            yield number


def _groups(paragraphs: Sequence[Paragraph], made: re.Pattern[str], tags: frozenset[str]) -> Iterator[list[int]]:
    """The numbers of the blocks of each table or list that are its rows or items."""
    groups: dict[int, list[int]] = defaultdict(list)
    for number, paragraph in enumerate(paragraphs):
        if made.search(paragraph.path):
            steps = paragraph.path.split(".")[::-1]
            depth = next(at for at, tag in enumerate(steps) if tag in tags)
            if depth < len(paragraph.within):
                groups[paragraph.within[-1 - depth]].append(number)
    yield from (group for group in groups.values() if len(group) > 1)


def _headings(signs: Signs, scores: list[float], free: Sequence[bool]) -> None:
    """Headings right above what stays in the same element."""
    for number in range(len(scores) - 2, -1, -1):
        paragraph, after = signs.paragraphs[number], signs.paragraphs[number + 1]
        if not free[number] or scores[number] < HALF or not _HEADING.search(paragraph.path):
            continue
        follows = signs.open[number + 1] == signs.open[number] + 1 and not _HEADING.search(after.path)
        if follows and scores[number + 1] < HALF and _beside(paragraph, after):
            scores[number] = STAYS


def _beside(heading: Paragraph, after: Paragraph) -> bool:
    depth = 3 if heading.path.endswith(".button") else 2
    return not set(heading.within[:-1][-depth:]).isdisjoint(after.within[:-1][-3:])


def _entries(signs: Signs) -> Iterator[list[int]]:
    """The entries of a live blog, each a time and text in the same element, and answers below the questions that open
    them."""
    heads = [
        n
        for n, (text, links) in enumerate(zip(signs.texts, signs.links, strict=True))
        if not links and len(text) < 30 and _CLOCK.match(text)
    ]
    touch = [n for n, paragraph in enumerate(signs.paragraphs) if _TOUCH.search(paragraph.path)]
    for opening, least in ((heads, ENTRIES), (touch, 1)):
        if len(opening) >= least:
            yield from _under(signs, opening, least)


def _under(signs: Signs, heads: Sequence[int], least: int) -> Iterator[list[int]]:
    """What stands under each of the heads and in the same element, if enough of it is text."""
    entries = []
    for head, end in pairwise((*heads, len(signs.texts))):
        around = set(signs.paragraphs[head].within[-3:])
        entry = [n for n in range(head + 1, end) if not around.isdisjoint(signs.paragraphs[n].within[-4:])]
        if any(signs.stops[n] and signs.links[n] < LINKED for n in entry):
            entries.append(entry)
    if len(entries) >= least:
        yield from entries
