"""What several claims on one stretch of text come to: a category and a score. The one place that combines scores.

Claims of one category count as independent, 1 - product of (1 - score). Where the judge speaks of a paragraph, its
score stands for all claims on the whole of it, which it has read; claims on a part of it stand beside the judge's.
A rule that would remove the paragraph by itself is met half way where the judge doubts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from cleaner.model import Finding
from cleaner.rulebook import Profile

GENERIC = "other"
"""Findings of detectors that only say "boilerplate" carry this category and add to every other one."""
JUDGE = "judge"
"""The detector that has read the others' findings."""
WHOLE = 0.6
"""The share of a paragraph from which on a claim is one of the whole paragraph, as the judge counts it."""
SURE = 0.7
"""The score of a rule from which on the judge can't doubt it, only add to it."""
FIRM = 0.5
"""The score of a rule from which on the judge may doubt it, but not do away with it: they meet half way."""


def weigh(findings: Iterable[Finding], profile: Profile) -> tuple[str, float]:
    """The likeliest category and its score; of equals one that the profile removes. Of a rule the strongest counts."""
    strongest: dict[tuple[str, str], float] = {}
    for finding in _judged(tuple(findings)):
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
    return best, round(1 - doubts[best], 4)


def _judged(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings, those that the judge has weighed left out."""
    verdict = next((finding for finding in findings if finding.detector == JUDGE), None)
    if verdict is None:
        return findings
    start, end = verdict.span.start, verdict.span.end
    whole: list[Finding] = []
    parts: list[Finding] = []
    for finding in findings:
        if finding is verdict:
            continue
        covered = min(end, finding.span.end) - max(start, finding.span.start)
        (whole if covered > WHOLE * (end - start) else parts).append(finding)
    firm = max((finding.score for finding in whole), default=0.0)
    if firm >= FIRM and verdict.score < firm:
        verdict = replace(verdict, score=firm if firm >= SURE else _between(verdict.score, firm))
    return [verdict, *parts]


def _between(one: float, other: float) -> float:
    """The score half way between two, in odds."""
    odds = [min(max(score, 0.001), 0.999) / (1 - min(max(score, 0.001), 0.999)) for score in (one, other)]
    middle = (odds[0] * odds[1]) ** 0.5
    return float(round(middle / (1 + middle), 4))
