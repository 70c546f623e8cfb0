"""How sure we are that a block of a page stands outside of its article: all evidence of the page weighed in one place.

trafilatura is asked by its own call on the tree that we have parsed already; what it takes speaks for a block, what it
leaves out against it. That, the markup and the words are signs (``cleaner.signs``); each has a weight that was
measured (rules/markup/weights-full.yaml, or weights-fast.yaml where no extractor is asked). Evidence for a block
lowers the score of its one finding, so that ``decide`` has only claims of boilerplate to combine.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from lxml import etree, html
from trafilatura import bare_extraction

from cleaner.model import Article, Evidence, Finding, Span
from cleaner.names import Groups
from cleaner.signs import Signs

NAME = "maincontent"
LEAST = 0.2
"""The score from which on a block is named at all: below it there is nothing to combine."""
SURE = 0.97
"""The score from which on a block is no matter for the rules: it goes, whatever they say, and they take their time."""
MENU = 0.99
MOST_BLOCKS = 20_000
"""Blocks up to which trafilatura is asked: it takes time that grows faster than the page."""
WORTH_A_WORD = 0.25
SHOWN = 3
"""How many signs stand in the evidence, the heaviest first."""

_NEVER_TAKEN = ("nav", "footer", "svg", "button", "menu", "select", "style", "noscript", "iframe", "template")

# It logs an empty page as an error, on standard error if nobody has set up logging. What it takes says as much.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Weights:
    """``start``, and what each sign adds to it: where the extractor leaves a block out, and where it takes it."""

    start: float
    left_out: Mapping[str, float]
    taken: Mapping[str, float]


def lines(root: html.HtmlElement) -> tuple[str, ...]:
    """What trafilatura takes of a page, as the pieces of text in its result; none if it finds nothing.

    Elements that it never takes anything from are taken off the tree: it copies and searches it a dozen times.
    """
    etree.strip_elements(root, *_NEVER_TAKEN, with_tail=False)
    try:
        found = bare_extraction(root, fast=True, include_comments=False)
    except (ValueError, RecursionError, AttributeError, TypeError):  # its own faults on odd trees
        return ()
    body = getattr(found, "body", None)
    return tuple(text for text in body.itertext() if not text.isspace()) if body is not None else ()


def detect(article: Article, groups: Groups, weights: Weights, taken: Sequence[str] | None) -> Iterator[Finding]:
    """Findings for the blocks that may stand outside of the article. ``taken``: the extractor's lines, if it was asked.

    Neighbouring blocks that surely stand outside are one finding.
    """
    signs = Signs(article, groups, taken)
    scores = [MENU] * len(article.paragraphs)
    shown: dict[int, list[str]] = {}
    for number, own, took in zip(signs.open, signs.own(), signs.takes, strict=True):
        scores[number] = score(weights, own, took)
        shown[number] = own
    took_it = dict(zip(signs.open, signs.takes, strict=True))
    rule = f"{NAME}/outside" if taken is not None else f"{NAME}/outside-by-markup"
    for first, last in runs(scores):
        lowest = min(range(first, last + 1), key=scores.__getitem__)
        if lowest not in shown:
            evidence: tuple[Evidence, ...] = (
                Evidence("sign", "a menu: short and all links, or in an element for menus"),
            )
        else:
            evidence = tuple(_evidence(weights, shown[lowest], took_it[lowest], taken is not None))
        span = Span(article.paragraphs[first].span.start, article.paragraphs[last].span.end)
        yield Finding(span, "other", NAME, rule, round(scores[lowest], 3), evidence)


def runs(scores: Sequence[float]) -> Iterator[tuple[int, int]]:
    """First and last block of what is one finding: a run of blocks that surely stand outside, or one that may.

    >>> list(runs([0.99, 0.98, 0.5, 0.01, 0.99]))
    [(0, 1), (2, 2), (4, 4)]
    """
    number = 0
    while number < len(scores):
        last = number
        if scores[number] >= SURE:
            while last + 1 < len(scores) and scores[last + 1] >= SURE:
                last += 1
        if scores[number] >= LEAST:
            yield number, last
        number = last + 1


def score(weights: Weights, signs: Sequence[str], taken: bool) -> float:
    """The score of a block that shows ``signs``.

    >>> score(Weights(0.0, {"tag p": -2.0}, {}), ["tag p"], False) < 0.2
    True
    """
    table = weights.taken if taken else weights.left_out
    total = weights.start
    for sign in signs:
        total += table.get(sign, 0.0)
    return 1 / (1 + exp(-total)) if total > -30 else 0.0


def _evidence(weights: Weights, signs: Sequence[str], taken: bool, asked: bool) -> Iterator[Evidence]:
    if asked:
        yield Evidence("extractor", f"trafilatura {'takes it' if taken else 'leaves it out'}")
    table = weights.taken if taken else weights.left_out
    heavy = sorted([(weight, sign) for sign in signs if (weight := table.get(sign, 0.0)) > WORTH_A_WORD], reverse=True)
    for weight, sign in heavy[:SHOWN]:
        yield Evidence("sign", f"{sign} (+{weight:g})")
