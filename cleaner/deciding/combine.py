"""Combines the findings on one stretch of text into a category and a score. No other module combines scores.

Claims of one category count as independent, 1 - product of (1 - score). A verdict that names a kind has already taken
the claims of the shipped rules into account: on a whole paragraph its score replaces theirs, unless together they are
nearly certain. On a part of a paragraph, about which it knows nothing, the claims decide; and the user's own rules are
always obeyed. A verdict that names no kind adds to the claims of every kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cleaner.article.model import CERTAIN, Finding, Span
from cleaner.rulebook.profiles import Profile

UNKNOWN_KIND = "other"
"""The category that a removed span gets if no finding names its kind."""
WHOLE = 0.6
"""The share of a block or a paragraph that a claim must cover to be one of the whole."""
LABELS, LABEL = frozenset(("promotion",)), 60
"""Categories of which a rule for a line may be sure whatever the markup says, and the most characters of such a line:
"Article continues below" and "Advertisement" stand between the paragraphs of an article, marked up as these are."""
SURE = 0.9
"""The least score of a rule that is sure of a label."""
NAMING = 0.025
"""The score left to a claim that was weighed with its block: it only names the category, ahead of the markup."""


class Weight(NamedTuple):
    """The likeliest category of a stretch, its score, and whether a verdict that names a kind says so."""

    category: str
    score: float
    judged: bool
    counted: tuple[Finding, ...] = ()
    """The findings with the scores that they counted with."""


def names_kind(finding: Finding) -> bool:
    """Whether a finding is a verdict with a kind, which replaces the claims instead of adding to them."""
    return finding.role == "verdict" and finding.category is not None


def weigh(findings: Iterable[Finding], profile: Profile) -> Weight:
    """The category and the score of a stretch, from its findings."""
    findings = tuple(findings)
    if profile.weighed and len(findings) > 1 and any(finding.own is False for finding in findings):
        findings = tuple(_weighed(findings))
    verdict: Finding | None = None
    others = []
    for finding in findings:
        if not names_kind(finding):
            others.append(finding)
        elif verdict is None or finding.score > verdict.score:
            verdict = finding
    if verdict is None:
        return _combined(others, profile, findings)
    if others:
        free = [f for f in others if not _read(f) or not _covers(f.span, verdict.span)]
        for claims, least in ((others, CERTAIN), (free, 0.0)):
            if not claims or _most(claims) < least:
                continue
            weight = _combined(claims, profile, findings)
            if weight.score >= max(least, profile.thresholds[weight.category]):
                return weight
    return Weight(str(verdict.category), verdict.score, True, findings)


def _most(claims: Iterable[Finding]) -> float:
    """What claims can come to at most, whatever they are of."""
    doubt = 1.0
    for claim in claims:
        doubt *= 1 - claim.score
    return 1.0001 - doubt  # they are rounded to four decimals


def _read(finding: Finding) -> bool:
    """Whether a verdict that names a kind has read a claim: those of the shipped rules, and those without a kind."""
    return finding.own is False or finding.category is None


def _weighed(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """The findings, where shipped rules that claim a whole block only name its kind: the verdict on it has taken them
    in. The user's own rules are obeyed, and so are labels."""
    blocks = [f.span for f in findings if f.role == "verdict" and f.category is None]
    for finding in findings:
        if finding.own is False and not _label(finding) and any(_covers(finding.span, block) for block in blocks):
            yield replace(finding, role="kind", score=min(finding.score, NAMING))
        else:
            yield finding


def _label(finding: Finding) -> bool:
    return finding.category in LABELS and finding.score >= SURE and finding.span.end - finding.span.start <= LABEL


def _covers(claim: Span, block: Span) -> bool:
    common = min(claim.end, block.end) - max(claim.start, block.start)
    return common > WHOLE * (block.end - block.start)


def _combined(findings: Sequence[Finding], profile: Profile, counted: tuple[Finding, ...]) -> Weight:
    """The likeliest category and its score; of equals one that the profile removes. Of a rule the strongest counts.
    ``counted`` are all findings on the stretch."""
    if len(findings) == 1:  # as on most stretches
        (only,) = findings
        return Weight(only.category or UNKNOWN_KIND, round(1 - (1 - only.score), 4), False, counted)
    strongest: dict[tuple[str | None, str], float] = {}
    for finding in findings:
        key = (finding.category, finding.rule)
        if finding.score >= strongest.get(key, 0.0):
            strongest[key] = finding.score
    doubts: dict[str, float] = {}
    for category in {category or UNKNOWN_KIND for category, _ in strongest}:
        doubt = 1.0
        for (named, _), score in strongest.items():
            if named in (category, None):
                doubt *= 1 - score
        doubts[category] = doubt
    known = {category for category, _ in strongest if category is not None}
    best = min(
        known or doubts,
        key=lambda name: (round(doubts[name], 4), profile.actions[name] == "keep", name),
    )
    return Weight(best, round(1 - doubts[best], 4), False, counted)
