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


def test_what_the_rules_remove_goes_whatever_the_judge_says() -> None:
    for verdict in (0.02, 0.4, 0.99):
        assert (only(claim(0.6), claim(verdict, "judge")).action, only(claim(0.6), claim(verdict, "judge")).score) == (
            "remove",
            0.6,
        )
    assert only(claim(0.6), claim(0.99, "judge")).detector == "phrases"


def test_the_judge_speaks_where_the_rules_do_not_suffice() -> None:
    weak = (claim(0.4), claim(0.2, "prose", "other"))
    assert only(*weak).action == "remove"  # 0.4 and 0.2 come to 0.52
    assert only(claim(0.4), claim(0.95, "judge")).detector == "judge"
    assert only(claim(0.4), claim(0.95, "judge")).action == "remove"
    assert only(claim(0.4), claim(0.3, "judge")).action == "keep"


def test_the_judge_must_be_surer_than_a_rule_and_surest_of_a_sentence() -> None:
    assert only(claim(0.79, "judge")).reason == "under the threshold 0.8"
    assert only(claim(0.8, "judge")).action == "remove"
    for text, least in (
        ("Zeta eta theta iota", 0.62),
        ("Zeta eta. " * 9 + "Eta theta.", 0.62),
        ("\u6a4b\u306f\u3002", 0.8),
    ):
        line = Span(0, len(text))
        for score, action in ((least - 0.01, "keep"), (least, "remove")):
            (decision,) = decide(segment(text, language="en"), [claim(score, "judge", span=line)], PROFILE)
            assert (decision.action, decision.reason.split()[-1]) == (action, f"{least:g}")
    assert only(claim(0.55)).action == "remove"  # rules are asked no more of a sentence


def test_a_claim_on_a_part_stands_beside_the_judge() -> None:
    part = Span(33, 37)
    decisions = decide(segment(TEXT, language="en"), [claim(0.9, span=part), claim(0.3, "judge")], PROFILE)
    assert [(d.action, d.start) for d in decisions] == [("remove", 33), ("keep", 37)]


def test_precision_moves_thresholds() -> None:
    careful, thorough = (moved(PROFILE, PRECISION[name]) for name in ("careful", "thorough"))
    assert set(careful.thresholds.values()) == {0.8} and set(thorough.thresholds.values()) == {0.3}
    assert moved(PROFILE, PRECISION["default"]) is PROFILE
    assert (careful.judge, thorough.judge) == (0.848, 0.372)
    assert (careful.sentence, thorough.sentence) == (0.92, 0.48)
