"""What several claims on one stretch of text come to: a category and a score. The one place that combines scores.

Claims of one category count as independent, 1 - product of (1 - score). What the rules remove by themselves goes, and
the judge, which has read their claims, has no say in it. Of the rest the judge's score stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from cleaner.model import Finding
from cleaner.rulebook import Profile

GENERIC = "other"
"""Findings of detectors that only say "boilerplate" carry this category and add to every other one."""
JUDGE = "judge"
"""The detector that has read the others' findings."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The likeliest category of a stretch, its score, and whether it is the judge who says so."""

    category: str
    score: float
    judged: bool


def weigh(findings: Iterable[Finding], profile: Profile) -> Weight:
    """What the claims on a stretch come to."""
    findings = tuple(findings)
    others = [finding for finding in findings if finding.detector != JUDGE]
    verdicts = [finding for finding in findings if finding.detector == JUDGE]
    weight = _combined(others, profile) if others else None
    if weight is not None and (not verdicts or weight.score >= profile.thresholds[weight.category]):
        return weight
    verdict = max(verdicts, key=lambda finding: finding.score)
    if weight is not None and weight.score >= verdict.score:
        return weight
    return Weight(verdict.category, verdict.score, True)


def _combined(findings: Iterable[Finding], profile: Profile) -> Weight:
    """The likeliest category and its score; of equals one that the profile removes. Of a rule the strongest counts."""
    strongest: dict[tuple[str, str], float] = {}
    for finding in findings:
        key = (finding.category, finding.rule)
        strongest[key] = max(finding.score, strongest.get(key, 0.0))
    doubts = {
        category: prod(1 - score for (named, _), score in strongest.items() if named in (category, GENERIC))
        for category in {named for named, _ in strongest}
    }
    named = [category for category in doubts if category != GENERIC] or [GENERIC]
    best = min(named, key=lambda name: (round(doubts[name], 4), profile.actions[name] == "keep", name))
    if doubts.get(GENERIC, 1.0) < doubts[best] - 1e-9:
        best = GENERIC
    return Weight(best, round(1 - doubts[best], 4), False)
