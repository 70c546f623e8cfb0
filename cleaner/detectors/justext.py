"""jusText's paragraph classes as evidence: jusText's classification, on our paragraphs, with our offsets.

J. Pomikálek, "Removing Boilerplate and Duplicate Content from Web Corpora", 2011. The context-free classes are
computed by jusText's own code. Its second step searches the neighbours of each short paragraph again, which takes time
quadratic in the length of a run of short paragraphs; ``revise`` gives the same classes in one walk in either
direction, and a property test holds it against jusText's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import justext
from justext.core import MAX_HEADING_DISTANCE_DEFAULT, classify_paragraphs

from cleaner.model import Evidence, Finding
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
    """The blocks with jusText's classes set, by themselves (``cf_class``) and in context (``class_type``)."""
    classify_paragraphs(blocks, stopwords)
    revise(blocks)
    return blocks


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
