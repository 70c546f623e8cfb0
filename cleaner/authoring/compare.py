"""What two ways to clean make of the same article, span by span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from cleaner.article.model import Cleaned, Removed, Span

Change = Literal["removed", "kept", "renamed"]
CHANGES: tuple[Change, ...] = ("removed", "kept", "renamed")


@dataclass(frozen=True, slots=True)
class Changed:
    """A span that B treats differently from A: newly removed, newly kept, or removed as another category.

    ``before`` and ``after`` say what removed it under A and B, or why it stayed if anybody claimed it.
    """

    change: Change
    span: Span
    rule: str
    category: str
    before: str
    after: str


def compare(a: Cleaned, b: Cleaned) -> Iterator[Changed]:
    """The changes from ``a`` to ``b``, two results for one text, sorted by place. White space alone is no change.

    >>> from cleaner.api import clean
    >>> text = "The bridge opened on Monday.\\nAdvertisement\\nTraffic flowed by noon."
    >>> from dataclasses import replace
    >>> nothing = replace(clean(text), removed=(), text=text)
    >>> [(c.change, c.span.of(text)) for c in compare(nothing, clean(text))]
    [('removed', 'Advertisement')]
    """
    text = a.article.text
    edges = sorted({edge for span in (*a.removed, *b.removed) for edge in (span.start, span.end)})
    pending: Changed | None = None
    first = second = 0
    for start, end in pairwise(edges):
        while first < len(a.removed) and a.removed[first].end <= start:
            first += 1
        while second < len(b.removed) and b.removed[second].end <= start:
            second += 1
        found = _changed(text, Span(start, end), _at(a, first, start), _at(b, second, start), a, b)
        if found is None:
            continue
        if pending and _same(pending, found) and not text[pending.span.end : found.span.start].strip():
            found = Changed(
                found.change, Span(pending.span.start, found.span.end), found.rule, found.category, found.before,
                found.after,
            )  # fmt: skip
        elif pending:
            yield pending
        pending = found
    if pending:
        yield pending


def _at(cleaned: Cleaned, number: int, start: int) -> Removed | None:
    here = cleaned.removed[number] if number < len(cleaned.removed) else None
    return here if here and here.start <= start else None


def _same(one: Changed, other: Changed) -> bool:
    return (one.change, one.rule, one.before, one.after) == (other.change, other.rule, other.before, other.after)


def _changed(text: str, span: Span, old: Removed | None, new: Removed | None, a: Cleaned, b: Cleaned) -> Changed | None:
    body = span.of(text)
    if not body.strip():
        return None
    span = Span(span.start + len(body) - len(body.lstrip()), span.end - len(body) + len(body.rstrip()))
    if old and new:
        if old.category == new.category:
            return None
        return Changed("renamed", span, _name(new), new.category, _gone(old), _gone(new))
    if new:
        return Changed("removed", span, _name(new), new.category, _stayed(a, span), _gone(new))
    if old:
        return Changed("kept", span, _name(old), old.category, _gone(old), _stayed(b, span))
    return None


def _name(span: Removed) -> str:
    return span.rule or span.detector


def _gone(span: Removed) -> str:
    return f"removed by {_name(span)}, {span.score:.2f}"


def _stayed(cleaned: Cleaned, span: Span) -> str:
    """Why a span stayed, or that nobody claimed it."""
    for decision in cleaned.kept:
        if decision.start < span.end and span.start < decision.end:
            return f"{decision.rule or decision.detector}, {decision.score:.2f}: {decision.reason}"
    return "not found by any rule"
