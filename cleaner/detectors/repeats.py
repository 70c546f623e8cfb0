"""Text that stands in many articles of one site, and places of its pages that hold such text. The counts are handed in;
this reads nothing.

It comes after the judge and sees what all others have found: what they claim may stand behind a count that alone would
say too little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.model import BODY, STAYS, Article, Evidence, Finding, Paragraph, Span
from cleaner.sites.counts import Counts, Repeat
from cleaner.sites.keys import sentences, shortened
from cleaner.sites.places import Place, is_heading
from cleaner.sites.sample import place
from cleaner.sites.says import Shape, in_template, is_template, verdict
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words, ends_in_stop

NAME = "repeats"
PLACE = f"{NAME}/place"
"""The rule of a finding about the place of a block, whose own text does not repeat."""
WEAK = frozenset(("prose",))
"""Detectors whose claims stand behind no count: they call most short lines bad."""
CLAIMED = 0.3
"""The least score of a claim on what stands where a site's articles have their text for that to be told."""


def detect(facts: ArticleFacts, findings: Sequence[Finding], counts: Counts) -> Iterator[Finding]:
    """A finding for each paragraph, or sentence at its end, that repeats on the site and may be boilerplate; on a page
    also for what stands at the places of the site's template, and of its articles' text."""
    if not counts.repeats and not counts.near and not counts.places:
        return
    claims = [finding for finding in findings if finding.detector not in WEAK]
    claims.sort(key=lambda finding: finding.span)
    at = 0
    article = facts.article
    places = _places(article, counts)
    for number, (paragraph, where) in enumerate(zip(article.paragraphs, places, strict=True)):
        while at < len(claims) and claims[at].span.end <= paragraph.span.start:
            at += 1
        mine = [claim for claim in claims[at : at + 200] if claim.span.overlaps(paragraph.span)]
        folded = facts.texts[number]
        known = counts.of(shortened(folded))
        template = is_template(where) and not is_heading(paragraph.path)
        if known is not None:
            category, backed = _claimed(paragraph.span, mine)
            shape = Shape(facts.words[number], facts.stops[number], backed, number == 0, template=template)
            found = _finding(paragraph.span, category, known, shape, counts)
            if found.score or backed:
                yield found
            continue
        if where is not None:
            shape = Shape(facts.words[number], facts.stops[number], template=template)
            yield from _placed(paragraph, where, shape, mine, counts)
        yield from _ends(paragraph, folded, mine, counts, number == 0)


def _places(article: Article, counts: Counts) -> list[Place | None]:
    """What is known of the place of each block."""
    if article.page is None or not counts.places:
        return [None] * len(article.paragraphs)
    known: dict[str, Place | None] = {}
    found = []
    for paragraph in article.paragraphs:
        name = place(paragraph.path, paragraph.classes)
        if name not in known:
            known[name] = counts.place(name)
        found.append(known[name])
    return found


def _placed(
    paragraph: Paragraph, where: Place, shape: Shape, claims: Sequence[Finding], counts: Counts
) -> Iterator[Finding]:
    """What the place of a block says of it, whose text does not repeat."""
    category, backed = _claimed(paragraph.span, claims)
    if shape.template:
        linked = 2 * paragraph.link_chars >= paragraph.span.end - paragraph.span.start
        seen = Evidence(
            "place",
            f"{where.repeating:,} of {where.texts:,} texts here repeat, on {where.pages:,} pages of {counts.site}",
        )
        yield Finding(paragraph.span, category, NAME, PLACE, in_template(where, shape, linked=linked), (seen,))
    elif where.body and backed >= CLAIMED:
        seen = Evidence("place", f"most of the text of articles of {counts.site} stands here, on {where.pages:,} pages")
        yield Finding(paragraph.span, category, NAME, BODY, 0.0, (seen,))


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
    time = repeat.time
    when = f", {time.having:,} of {time.articles:,} within {time.days:,} days" if time.days else ""
    return f"{kind}in {repeat.articles:,} of {counts.articles:,} articles{looked} of {counts.site}{when}"
