"""Text that stands in many articles of one site, and places of its pages that hold such text. The counts are handed in;
this reads nothing.

It comes after the judge and sees what all others have found: what they claim may stand behind a count that alone would
say too little.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cleaner.article.model import BODY, STAYS, Article, Evidence, Finding, Paragraph, Span
from cleaner.sites.counts import LONG_WORDS, PROSE_WORDS, Counts, Repeat
from cleaner.sites.keys import exact, sentences, shortened
from cleaner.sites.places import Place, is_heading
from cleaner.sites.sample import place
from cleaner.sites.says import LIST, Shape, goes_on, in_template, is_template, verdict
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words, ends_in_stop

NAME = "repeats"
PLACE = f"{NAME}/place"
"""The rule of a finding about the place of a block, whose own text does not repeat."""
WEAK = frozenset(("prose",))
"""Detectors whose claims stand behind no count: they call most short lines bad."""
COMMENTS = "comments"
CLAIMED = 0.3
"""The least score of a claim on what stands where a site's articles have their text for that to be told."""


def detect(facts: ArticleFacts, findings: Sequence[Finding], counts: Counts) -> Iterator[Finding]:
    """A finding for each paragraph, or sentence at its end, that repeats on the site and may be boilerplate; on a page
    also for what stands at the places of the site's template, and of its articles' text."""
    if counts.repeats or counts.near or counts.places:
        found = [*_each(facts, findings, counts)]
        between = [*_between(facts, found, counts)]
        go = {finding.span for finding in between}
        yield from (*(finding for finding in found if finding.span not in go), *between)


def _each(facts: ArticleFacts, findings: Sequence[Finding], counts: Counts) -> Iterator[Finding]:
    """The findings for each paragraph by itself."""
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


def _between(facts: ArticleFacts, found: Iterable[Finding], counts: Counts) -> Iterator[Finding]:
    """Findings for lines between two that go: those without a letter (amounts to give, a row of stars), and those of a
    block that all stand in as many articles as the two (a name and a date within comments)."""
    goes = {finding.span: finding for finding in found if finding.rule == NAME and finding.score}
    before: Finding | None = None
    often, boxed = 0, False
    waiting: list[Span] = []
    for number, paragraph in enumerate(facts.article.paragraphs):
        here = goes.get(paragraph.span)
        if here is None and before is None:
            continue
        text = facts.texts[number]
        known = counts.of(shortened(text))
        if here is None and exact(text) is None:
            waiting.append(paragraph.span)
            continue
        if here is None and known and known[0].block >= LIST and known[0].articles == often:
            waiting.append(paragraph.span)
            boxed = True
            continue
        articles = known[0].articles if known else 0
        if here and before and (not boxed or articles == often):
            weaker = min(before, here, key=lambda finding: finding.score)
            seen = Evidence("repeats", f"between lines that are {weaker.evidence[0].text}")
            yield from (replace(weaker, span=span, evidence=(seen,)) for span in waiting)
        before, waiting, often, boxed = here, [], articles, False


def aside(facts: ArticleFacts, claims: Sequence[Finding], counts: Counts) -> tuple[Span, ...]:
    """The pieces that surely are the site's and bear on no other text, sorted: the judge looks at an article without
    them. A piece is one or several paragraphs that stand in as many articles.

    What stands at the end has nothing behind it that it could open; in the midst, the site's articles must go on there.
    """
    claims = [claim for claim in claims if claim.detector not in WEAK]
    found: list[Span] = []
    run: list[_Line] = []
    for number, paragraph in enumerate(facts.article.paragraphs):
        known = counts.of(shortened(facts.texts[number]))
        if known is not None:
            category, backed = _claimed(paragraph.span, claims)
            shape = Shape(facts.words[number], facts.stops[number], backed, number == 0)
            sure = verdict(known[0], counts.articles, shape, near=known[1]).score > 0
            prose = shape.words >= (PROSE_WORDS if shape.stop else LONG_WORDS)
            run.append(_Line(paragraph.span, known[0], category, sure, prose))
        elif run and exact(facts.texts[number]) is not None:
            found += _pieces(run) if _goes_on(run) else ()
            run = []
    return (*found, *_pieces(run))


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph that repeats, with the category that others claim, and whether it surely is the site's."""

    span: Span
    repeat: Repeat
    category: str | None
    sure: bool
    prose: bool


def _goes_on(run: Sequence[_Line]) -> bool:
    """Whether the articles go on behind lines that repeat.

    Prose among them that stays, since it may be the background of a story, opens nothing: what is before it tells.
    Comments that repeat themselves are a box of their own, and no heading of those that readers write below.
    """
    told = [line for line in run if line.sure or not line.prose]
    if not told:
        return False
    heading = next((at for at, line in enumerate(run) if line.category == COMMENTS), len(run))
    boxed = any(line.sure and line.prose for line in run[heading + 1 :])
    return goes_on(told[-1].repeat, comments=heading < len(run) and not boxed)


def _pieces(run: Sequence[_Line]) -> list[Span]:
    """The lines that surely are the site's, as pieces."""
    pieces: list[Span] = []
    before: _Line | None = None
    for line, sure in zip(run, _boxed(run), strict=True):
        if sure and before is not None and before.repeat.articles == line.repeat.articles:
            pieces[-1] = Span(pieces[-1].start, line.span.end)
        elif sure:
            pieces.append(line.span)
        before = line if sure else None
    return pieces


def _boxed(run: Sequence[_Line]) -> list[bool]:
    """Which lines surely are the site's: also those of a block of several between two of it that are, such as a name
    and a date within comments."""
    sure = [line.sure for line in run]
    known = [at for at, line in enumerate(run) if line.sure]
    for first, last in pairwise(known):
        one, other = run[first].repeat, run[last].repeat
        inside = run[first + 1 : last]
        if one.articles == other.articles and all(
            line.repeat.articles == one.articles and line.repeat.block >= LIST for line in inside
        ):
            sure[first : last + 1] = [True] * (last + 1 - first)
    return sure


def without(article: Article, aside: Sequence[Span]) -> Article:
    """The article without the paragraphs of these runs, which are sorted and disjoint."""
    starts = [span.start for span in aside]
    left = []
    for paragraph in article.paragraphs:
        number = bisect_right(starts, paragraph.span.start) - 1
        if number < 0 or aside[number].end <= paragraph.span.start:
            left.append(paragraph)
    return replace(article, paragraphs=tuple(left))


def ended(claims: Sequence[Finding], aside: Sequence[Span]) -> tuple[Finding, ...]:
    """The claims, where those of shipped rules that begin in a run of ``aside`` end with it: behind it an article goes
    on, and is no part of a block that began there."""
    starts = [span.start for span in aside]
    found = []
    for claim in claims:
        number = bisect_right(starts, claim.span.start) - 1
        if number >= 0 and claim.own is False and claim.span.start < aside[number].end < claim.span.end:
            claim = replace(claim, span=Span(claim.span.start, aside[number].end))
        found.append(claim)
    return tuple(found)


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
