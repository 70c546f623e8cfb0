"""What several claims on one stretch of text come to: a category and a score. The one place that combines scores.

Claims of one category count as independent, 1 - product of (1 - score). What the rules remove by themselves goes, and
the judge, which has read their claims, has no say in it. Of the rest the judge's score stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cleaner.model import Finding, Profile, Span

GENERIC = "other"
"""Findings of detectors that only say "boilerplate" carry this category and add to every other one."""
JUDGE = "judge"
"""The detector that has read the others' findings."""
PAGE, RULES = "maincontent", "phrases"
"""The detector that has weighed a page's blocks, with what the rules claim of them, and the rules."""
WHOLE = 0.6
"""The share of a block that a claim must cover to be one of the whole block."""
NAMING = 0.02
"""What a claim that was weighed with its block still counts: it names the category."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The likeliest category of a stretch, its score, and whether it is the judge who says so."""

    category: str
    score: float
    judged: bool


def weigh(findings: Iterable[Finding], profile: Profile) -> Weight:
    """What the claims on a stretch come to."""
    findings = tuple(findings)
    if profile.weighed and any(finding.detector == RULES for finding in findings):
        findings = tuple(_weighed(findings))
    verdicts = [finding for finding in findings if finding.detector == JUDGE]
    others = [finding for finding in findings if finding.detector != JUDGE] if verdicts else findings
    weight = _combined(others, profile) if others else None
    if weight is not None and (not verdicts or weight.score >= profile.thresholds[weight.category]):
        return weight
    verdict = max(verdicts, key=lambda finding: finding.score)
    if weight is not None and weight.score >= verdict.score:
        return weight
    return Weight(verdict.category, verdict.score, True)


def _weighed(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """The findings, where those that claim a whole block only name its kind: its score has taken them in."""
    blocks = [finding.span for finding in findings if finding.detector == PAGE]
    for finding in findings:
        if finding.detector == RULES and any(_covers(finding.span, block) for block in blocks):
            yield replace(finding, score=min(finding.score, NAMING))
        else:
            yield finding


def _covers(claim: Span, block: Span) -> bool:
    common = min(claim.end, block.end) - max(claim.start, block.start)
    return common > WHOLE * (block.end - block.start)


def _combined(findings: Iterable[Finding], profile: Profile) -> Weight:
    """The likeliest category and its score; of equals one that the profile removes. Of a rule the strongest counts."""
    strongest: dict[tuple[str, str], float] = {}
    for finding in findings:
        key = (finding.category, finding.rule)
        score = finding.score
        if score >= strongest.get(key, 0.0):
            strongest[key] = score
    doubts: dict[str, float] = {}
    for category, _ in strongest:
        if category not in doubts:
            doubt = 1.0
            for (named, _), score in strongest.items():
                if named in (category, GENERIC):
                    doubt *= 1 - score
            doubts[category] = doubt
    if len(doubts) == 1:
        best = next(iter(doubts))
    else:
        best = min(
            (category for category in doubts if category != GENERIC),
            key=lambda name: (round(doubts[name], 4), profile.actions[name] == "keep", name),
        )
    if doubts.get(GENERIC, 1.0) < doubts[best] - 1e-9:
        best = GENERIC
    return Weight(best, round(1 - doubts[best], 4), False)
