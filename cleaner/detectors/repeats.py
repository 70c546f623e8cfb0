"""Text that stands in many articles of one site. The counts are handed in; this reads nothing.

It comes after the judge and sees what all others have found: what they claim may stand behind a count that alone would
say too little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.model import STAYS, Evidence, Finding, Paragraph, Span
from cleaner.sites.counts import Counts, Repeat
from cleaner.sites.keys import sentences, shortened
from cleaner.sites.says import Shape, verdict
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words, ends_in_stop

NAME = "repeats"
WEAK = frozenset(("prose",))
"""Detectors whose claims stand behind no count: they call most short lines bad."""


def detect(facts: ArticleFacts, findings: Sequence[Finding], counts: Counts) -> Iterator[Finding]:
    """A finding for each paragraph, or sentence at its end, that repeats on the site and may be boilerplate."""
    if not counts.repeats and not counts.near:
        return
    claims = [finding for finding in findings if finding.detector not in WEAK]
    claims.sort(key=lambda finding: finding.span)
    at = 0
    for number, paragraph in enumerate(facts.article.paragraphs):
        while at < len(claims) and claims[at].span.end <= paragraph.span.start:
            at += 1
        mine = [claim for claim in claims[at : at + 200] if claim.span.overlaps(paragraph.span)]
        folded = facts.texts[number]
        known = counts.of(shortened(folded))
        if known is not None:
            category, backed = _claimed(paragraph.span, mine)
            shape = Shape(facts.words[number], facts.stops[number], backed, number == 0)
            found = _finding(paragraph.span, category, known, shape, counts)
            if found.score or backed:
                yield found
            continue
        yield from _ends(paragraph, folded, mine, counts, number == 0)


def _ends(
    paragraph: Paragraph, folded: str, claims: Sequence[Finding], counts: Counts, first: bool
) -> Iterator[Finding]:
    """Findings for the sentences at the end of a paragraph, as long as each is one that goes."""
    for part in sentences(folded):
        text = part.of(folded)
        known = counts.of(shortened(text))
        if known is None or known[1]:
            return
        span = Span(paragraph.span.start + part.start, paragraph.span.start + part.end)
        category, backed = _claimed(span, claims)
        shape = Shape(count_words(text), ends_in_stop(text), backed, first, True)
        found = _finding(span, category, known, shape, counts)
        if not found.score:
            return
        yield found


def _claimed(span: Span, claims: Sequence[Finding]) -> tuple[str | None, float]:
    """The category that the strongest claim on most of a span gives it, and that claim's score."""
    size = 0.6 * (span.end - span.start)
    best = max(
        (claim for claim in claims if min(claim.span.end, span.end) - max(claim.span.start, span.start) >= size),
        key=lambda claim: (claim.score, claim.category or ""),
        default=None,
    )
    return (best.category, best.score) if best else (None, 0.0)


def _finding(span: Span, category: str | None, known: tuple[Repeat, bool], shape: Shape, counts: Counts) -> Finding:
    repeat, near = known
    said = verdict(repeat, counts.articles, shape, near=near)
    seen = told_of(repeat, counts, near=near)
    if said.against and said.score == 0.0:
        return Finding(span, category, NAME, STAYS, 0.0, (Evidence("repeats", f"{said.against}, {seen}"),))
    return Finding(span, category, NAME, NAME, said.score, (Evidence("repeats", seen),))


def told_of(repeat: Repeat, counts: Counts, *, near: bool) -> str:
    """The count in words: ``in 212 of 240 articles of example.org``."""
    kind = "nearly the same " if near else ""
    looked = " looked at" if counts.more else ""
    return f"{kind}in {repeat.articles:,} of {counts.articles:,} articles{looked} of {counts.site}"
