"""Several claims on one stretch: what they come to, with and without the judge."""

from __future__ import annotations

from cleaner.decide import decide
from cleaner.model import CATEGORIES, Decision, Finding, Span
from cleaner.rule import PRECISION, moved
from cleaner.rulebook import Profile
from cleaner.segment import segment

PROFILE = Profile("test", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 1.0)
TEXT = "Alpha beta gamma. Delta epsilon.\nZeta eta theta iota.\nKappa lambda."
LINE = Span(33, 53)


def claim(score: float, detector: str = "phrases", category: str = "promotion", span: Span = LINE) -> Finding:
    return Finding(span, category, detector, f"{category}/{detector}", score)


def only(*findings: Finding) -> Decision:
    (decision,) = decide(segment(TEXT, language="en"), findings, PROFILE)
    return decision


def test_the_judge_stands_for_the_claims_that_it_has_weighed() -> None:
    assert only(claim(0.4), claim(0.2, "prose", "other"), claim(0.9, "judge")).score == 0.9
    assert only(claim(0.4), claim(0.2, "prose", "other"), claim(0.3, "judge")).action == "keep"


def test_the_judge_saves_what_a_weak_rule_claims() -> None:
    assert only(claim(0.6)).action == "remove"
    assert only(claim(0.6), claim(0.2, "judge")).action == "keep"


def test_a_firm_rule_and_a_doubting_judge_meet_half_way() -> None:
    assert only(claim(0.9), claim(0.1, "judge")).score == 0.5
    assert only(claim(0.9), claim(0.4, "judge")).action == "remove"
    assert only(claim(0.9), claim(0.02, "judge")).action == "keep"


def test_a_claim_on_a_part_stands_beside_the_judge() -> None:
    part = Span(33, 37)
    decisions = decide(segment(TEXT, language="en"), [claim(0.9, span=part), claim(0.3, "judge")], PROFILE)
    assert [(d.action, d.start) for d in decisions] == [("remove", 33), ("keep", 37)]


def test_precision_moves_thresholds() -> None:
    careful, thorough = (moved(PROFILE, PRECISION[name]) for name in ("careful", "thorough"))
    assert set(careful.thresholds.values()) == {0.8} and set(thorough.thresholds.values()) == {0.3}
    assert moved(PROFILE, PRECISION["default"]) is PROFILE
