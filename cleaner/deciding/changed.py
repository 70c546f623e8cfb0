"""Decisions with something else in them: written out, because ``dataclasses.replace`` takes twice as long."""

from __future__ import annotations

from cleaner.article.model import Action, Decision, Span


def moved(decision: Decision, span: Span) -> Decision:
    """A decision about another span; the same object where it is about that one."""
    if decision.start == span.start and decision.end == span.end:
        return decision
    of = decision.action, decision.category, decision.rule, decision.detector, decision.score, decision.reason
    return Decision(span.start, span.end, *of, decision.findings)


def reasoned(decision: Decision, action: Action, reason: str) -> Decision:
    """A decision with another action and reason; the same object where it has them."""
    if decision.reason == reason and decision.action == action:
        return decision
    of = decision.category, decision.rule, decision.detector, decision.score
    return Decision(decision.start, decision.end, action, *of, reason, decision.findings)
