"""The user's wishes about elements are obeyed: whatever was decided, their text stays or goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cleaner.article.model import Decision, Evidence, Finding, Span, Wish, Wished
from cleaner.deciding.combine import UNKNOWN_KIND
from cleaner.deciding.tidy import whole_characters

NAME = "css"
"""The detector that the log names."""


def obeyed(text: str, decisions: Iterable[Decision], wished: Iterable[Wished]) -> tuple[Decision, ...]:
    """The decisions, changed so that elements stay or go as the user wishes. Removed spans stay disjoint."""
    decisions = tuple(decisions)
    places = sorted((span, each.wish) for each in wished for span in each.spans if span.start < span.end)
    if not places:
        return decisions
    runs = list(_runs(text, places))
    made = [piece for decision in decisions for piece in _without(text, decision, runs)]
    made += [_dropped(span, wish, decisions) for span, wish in runs if wish.action == "remove"]
    return tuple(sorted(made, key=lambda decision: (decision.start, decision.end)))


def _runs(text: str, places: Sequence[tuple[Span, Wish]]) -> Iterator[tuple[Span, Wish]]:
    """The places, those of one wish as one where nothing but white space stands between them."""
    span, wish = places[0]
    for other, its in places[1:]:
        if its is wish and not text[span.end : other.start].strip():
            span = Span(span.start, other.end)
        else:
            yield whole_characters(text, span), wish
            span, wish = other, its
    yield whole_characters(text, span), wish


def _without(text: str, decision: Decision, runs: Sequence[tuple[Span, Wish]]) -> Iterator[Decision]:
    """What is left of a decision beside the wishes; and that it would have removed what is to be kept."""
    at = decision.start
    for span, wish in runs:
        start, end = max(at, span.start), min(decision.end, span.end)
        if start >= end:
            continue
        if text[at:start].strip():
            yield replace(decision, start=at, end=start)
        if decision.action == "remove" and wish.action == "keep":
            yield replace(
                decision, start=start, end=end, action="keep", reason=f"the selector {wish.selector} keeps it"
            )
        at = end
    if at == decision.start or text[at : decision.end].strip():
        yield replace(decision, start=at)


def _dropped(span: Span, wish: Wish, decisions: Iterable[Decision]) -> Decision:
    """The decision to drop a span; of the kind that the wish names, or that most of it was taken for."""
    common: dict[str, int] = {}
    for each in decisions:
        shared = min(each.end, span.end) - max(each.start, span.start)
        if shared > 0:
            common[each.category] = common.get(each.category, 0) + shared
    category = wish.category or max(common, key=lambda name: (common[name], name), default=UNKNOWN_KIND)
    seen = Evidence("selector", wish.selector, span)
    finding = Finding(span, category, NAME, wish.name, 1.0, (seen,), own=True)
    reason = f"the selector {wish.selector} drops it"
    return Decision(span.start, span.end, "remove", category, wish.name, NAME, 1.0, reason, (finding,))
