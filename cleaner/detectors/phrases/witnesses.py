"""Which claims on a paragraph count: those that rest on words of their own.

Combining the scores of several claims assumes that each has seen something different. Rules for a sentence and for a
paragraph, or with overlapping lists, often go by the same words, and are then one witness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cleaner.article.model import Finding, Span

Claim = tuple[Finding, int]
"""A finding, and the number of the last paragraph that it covers."""


def witnesses(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, the strongest first, without those that say what a stronger one says by the same words. The user's
    own rules all count."""
    kept: list[Claim] = []
    alike: dict[tuple[str | None, Span], list[Finding]] = defaultdict(list)
    for claim in sorted(claims, key=lambda each: -each[0].score):
        finding, _ = claim
        beside = alike[finding.category, finding.span]  # of thousands in a line few share a span
        if not any(_the_same(other, finding) for other in beside):
            kept.append(claim)
            beside.append(finding)
    return kept


def _the_same(one: Finding, other: Finding) -> bool:
    """Whether two claims of one category and span have seen words in common."""
    if one.own or other.own:
        return False
    seen = [evidence.span for evidence in one.evidence if evidence.kind == "phrase" and evidence.span]
    return any(
        evidence.span.overlaps(span)
        for evidence in other.evidence
        if evidence.kind == "phrase" and evidence.span
        for span in seen
    )
