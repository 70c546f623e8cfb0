"""How sure we are that a block of a page stands outside of its article: all evidence of the page weighed in one place.

trafilatura is asked by its own call on the tree that we have parsed already; what it takes speaks for a block, what it
leaves out against it. That, the markup and the words are signs (``cleaner.signs``); each has a weight that was measured
(rules/markup/weights-full.yaml, or weights-fast.yaml where no extractor is asked). Evidence for a block lowers the score
of its one finding, so that ``decide`` has only claims of boilerplate to combine.

The second round looks at the first judgement of a block's neighbours: an article is a run of blocks, not a heap.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from lxml import html
from trafilatura import bare_extraction

from cleaner.model import Article, Evidence, Finding
from cleaner.signs import Groups, Signs, context

NAME = "maincontent"
LEAST = 0.1
"""The score from which on a block is named at all: below it there is nothing to combine."""
MOST_BLOCKS = 20_000
"""Blocks up to which trafilatura is asked: it takes time that grows faster than the page."""
SHOWN = 4
"""How many signs stand in the evidence, the heaviest first."""

# It logs an empty page as an error, on standard error if nobody has set up logging. What it takes says as much.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Round:
    """The weights of one round: ``start``, and for each sign where the extractor leaves a block out and where it takes it."""

    start: float
    left_out: Mapping[str, float]
    taken: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of both rounds."""

    first: Round
    second: Round


def lines(root: html.HtmlElement) -> tuple[str, ...]:
    """What trafilatura takes of a page, as the pieces of text in its result; none if it finds nothing."""
    try:
        found = bare_extraction(root, fast=True, include_comments=False)
    except (ValueError, RecursionError, AttributeError, TypeError):  # its own faults on odd trees
        return ()
    body = getattr(found, "body", None)
    return tuple(text for text in body.itertext() if not text.isspace()) if body is not None else ()


def detect(article: Article, groups: Groups, weights: Weights, taken: Sequence[str] | None) -> Iterator[Finding]:
    """A finding for each block that may stand outside of the article. ``taken``: the extractor's lines, if it was asked."""
    if not article.paragraphs:
        return
    signs = Signs(article, groups, taken)
    seen = signs.own()
    first = [score(weights.first, own, took) for own, took in zip(seen, signs.takes, strict=True)]
    rule = f"{NAME}/outside" if taken is not None else f"{NAME}/outside-by-markup"
    for paragraph, own, near, took in zip(article.paragraphs, seen, context(signs, first), signs.takes, strict=True):
        own += near
        value = score(weights.second, own, took)
        if value >= LEAST:
            evidence = tuple(_evidence(weights.second, own, took, taken is not None))
            yield Finding(paragraph.span, "other", NAME, rule, round(value, 3), evidence)


def score(weights: Round, signs: Sequence[str], taken: bool) -> float:
    """The score of a block that shows ``signs``.

    >>> score(Round(0.0, {"tag p": -2.0}, {}), ["tag p"], False) < 0.2
    True
    """
    table = weights.taken if taken else weights.left_out
    total = weights.start
    for sign in signs:
        total += table.get(sign, 0.0)
    return 1 / (1 + exp(-total)) if total > -30 else 0.0


def _evidence(weights: Round, signs: Sequence[str], taken: bool, asked: bool) -> Iterator[Evidence]:
    if asked:
        yield Evidence("trafilatura", "takes it" if taken else "leaves it out")
    table = weights.taken if taken else weights.left_out
    heavy = sorted(((table.get(sign, 0.0), sign) for sign in set(signs)), reverse=True)[:SHOWN]
    for weight, sign in heavy:
        if weight > 0.2:
            yield Evidence("sign", f"{sign} (+{weight:g})")
