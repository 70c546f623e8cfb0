"""Which claims on a paragraph count: those that rest on words of their own.

Combining the scores of several claims assumes that each has seen something different. Rules for a sentence and for a
paragraph, or with overlapping lists, often go by the same words, and are then one witness.
"""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.article.model import Finding

Claim = tuple[Finding, int]
"""A finding, and the number of the last paragraph that it covers."""


def witnesses(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, the strongest first, without those that say what a stronger one says by the same words. The user's
    own rules all count."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda each: -each[0].score):
        if not any(_the_same(other, claim[0]) for other, _ in kept):
            kept.append(claim)
    return kept


def _the_same(one: Finding, other: Finding) -> bool:
    """Whether two claims are of one category and span, and have seen words in common."""
    if one.own or other.own or (one.category, one.span) != (other.category, other.span):
        return False
    seen = [evidence.span for evidence in one.evidence if evidence.kind == "phrase" and evidence.span]
    return any(
        evidence.span.overlaps(span)
        for evidence in other.evidence
        if evidence.kind == "phrase" and evidence.span
        for span in seen
    )
