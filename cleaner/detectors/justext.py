"""jusText's paragraph classes as evidence: jusText's classification, on our paragraphs, with our offsets.

J. Pomikálek, "Removing Boilerplate and Duplicate Content from Web Corpora", 2011. jusText's own code splits each
paragraph several times, and its second step looks for each short paragraph's neighbours anew, which takes time
quadratic in the length of a run of short paragraphs. ``by_itself`` and ``revise`` give the same classes, the latter in
one walk in either direction; property tests hold them against jusText's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import justext
from justext.core import (
    LENGTH_HIGH_DEFAULT,
    LENGTH_LOW_DEFAULT,
    MAX_HEADING_DISTANCE_DEFAULT,
    MAX_LINK_DENSITY_DEFAULT,
    STOPWORDS_HIGH_DEFAULT,
    STOPWORDS_LOW_DEFAULT,
)

from cleaner.article.model import Evidence, Finding
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.stoplists import stoplist

NAME = "prose"
SCORE = 0.2
"""On plain text jusText sees no tags and calls short first and last paragraphs bad: of 12,397 paragraphs of 413
articles it calls 46 % bad. It may add to a claim, it can't make one."""


class Block(justext.paragraph.Paragraph):  # type: ignore[misc]
    """What jusText's classifier asks of a paragraph, answered from a text at hand."""

    cf_class: str
    heading: bool

    def __init__(self, text: str, path: str = "", link_chars: int = 0) -> None:
        self._text = text
        self.dom_path = path
        self.chars_count_in_links = link_chars
        self.class_type = ""

    @property
    def text(self) -> str:
        """The paragraph's text, white space folded."""
        return self._text

    @property
    def words_count(self) -> int:
        """Words between white space."""
        return len(self._text.split())

    def stopwords_count(self, stopwords: frozenset[str]) -> int:
        """How many of the words are stopwords."""
        return sum(word in stopwords for word in self._text.lower().split())


def detect(facts: ArticleFacts) -> Iterator[Finding]:
    """A finding for each paragraph that jusText calls bad or short; none where it knows no stopwords."""
    article = facts.article
    stopwords = stoplist(article.language)
    if stopwords is None:
        return
    blocks = [
        Block(" ".join(text.split()), p.path, p.link_chars)
        for text, p in zip(facts.texts, article.paragraphs, strict=True)
    ]
    for paragraph, block in zip(article.paragraphs, classify(blocks, stopwords), strict=True):
        if block.class_type != "good":
            seen = Evidence("jusText", f"{block.class_type} (by itself {block.cf_class})")
            yield Finding(paragraph.span, None, NAME, f"prose/{block.class_type}", SCORE, (seen,))


def classify(blocks: list[Block], stopwords: frozenset[str]) -> list[Block]:
    """The blocks with jusText's classes set, by themselves (``cf_class``) and in context (``class_type``).

    ``stopwords``: in small letters.
    """
    for block in blocks:
        block.heading = bool(block.dom_path) and block.is_heading
        block.cf_class = by_itself(block, stopwords)
    revise(blocks)
    return blocks


def by_itself(block: Block, stopwords: frozenset[str]) -> str:
    """jusText's class of a block without its context, as its ``classify_paragraphs`` gives it.

    >>> [by_itself(Block(text), frozenset({"the"})) for text in ("Read more", "\u00a9 The Harbour Post")]
    ['short', 'bad']
    """
    text, links = block.text, block.chars_count_in_links
    if links and text and links / len(text) > MAX_LINK_DENSITY_DEFAULT:
        return "bad"
    if "\u00a9" in text or "&copy" in text or "select" in block.dom_path:
        return "bad"
    if len(text) < LENGTH_LOW_DEFAULT:
        return "bad" if links > 0 else "short"
    words = text.lower().split()
    share = sum(map(stopwords.__contains__, words)) / max(1, len(words))
    if share >= STOPWORDS_HIGH_DEFAULT:
        return "good" if len(text) > LENGTH_HIGH_DEFAULT else "neargood"
    return "neargood" if share >= STOPWORDS_LOW_DEFAULT else "bad"


def revise(blocks: Sequence[Block]) -> None:
    """jusText's ``revise_paragraph_classification`` in linear time, with the same result."""
    for block in blocks:
        block.class_type = block.cf_class
    # jusText's first step, headings before good text, looks ahead at classes that it has not set yet, so it never
    # changes anything; what it means to do is done by its last step.
    _revise_short(blocks)
    _revise_neargood(blocks)
    for number, block in enumerate(blocks):
        if block.heading and block.class_type == "bad" and block.cf_class != "bad" and _good_follows(blocks, number):
            block.class_type = "good"


def _good_follows(blocks: Sequence[Block], number: int) -> bool:
    distance = 0
    for block in blocks[number + 1 : number + 2 + MAX_HEADING_DISTANCE_DEFAULT]:
        if distance > MAX_HEADING_DISTANCE_DEFAULT:
            return False
        if block.class_type == "good":
            return True
        distance += len(block.text)
    return False


def _neighbours(classes: Sequence[str], wanted: frozenset[str]) -> list[str]:
    """For each place the class of the nearest wanted one before it; ``bad`` where there is none."""
    found, nearest = [], "bad"
    for name in classes:
        found.append(nearest)
        if name in wanted:
            nearest = name
    return found


_DECIDED = frozenset(("good", "bad"))
_NAMED = _DECIDED | {"neargood"}


def _revise_short(blocks: Sequence[Block]) -> None:
    classes = [block.class_type for block in blocks]
    before, before_any = _neighbours(classes, _DECIDED), _neighbours(classes, _NAMED)
    after, after_any = (_neighbours(classes[::-1], wanted)[::-1] for wanted in (_DECIDED, _NAMED))
    for number, block in enumerate(blocks):
        if block.class_type != "short":
            continue
        sides = {before[number], after[number]}
        if len(sides) == 1:
            block.class_type = sides.pop()
        elif (before[number] == "bad" and before_any[number] == "neargood") or (
            after[number] == "bad" and after_any[number] == "neargood"
        ):
            block.class_type = "good"
        else:
            block.class_type = "bad"


def _revise_neargood(blocks: Sequence[Block]) -> None:
    # What stands before has been revised by the time a paragraph is reached, what stands after has not.
    after = _neighbours([block.class_type for block in reversed(blocks)], _DECIDED)[::-1]
    before = "bad"
    for number, block in enumerate(blocks):
        if block.class_type == "neargood":
            block.class_type = "bad" if before == after[number] == "bad" else "good"
        if block.class_type in _DECIDED:
            before = block.class_type
