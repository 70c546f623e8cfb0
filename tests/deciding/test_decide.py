"""Claims are weighed in one place: overlaps, thresholds, protections."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from cleaner.article.model import CATEGORIES, Article, Decision, Evidence, Finding, Span
from cleaner.deciding.decide import decide
from cleaner.reading.plain_text import segment
from cleaner.rulebook.profiles import Profile

PROFILE = Profile("test", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 1.0)
TEXT = "Alpha beta gamma. Delta epsilon.\nZeta eta theta iota.\nKappa lambda."


def claim(
    start: int, end: int, category: str = "promotion", score: float = 0.9, rule: str = "", **more: object
) -> Finding:
    evidence = (Evidence("phrase", "seen", Span(start, end)),)
    return Finding(Span(start, end), category, "test", rule or f"{category}/x", score, evidence)


def article(text: str = TEXT) -> Article:
    return segment(text, language="en")


def removed(findings: list[Finding], text: str = TEXT, profile: Profile = PROFILE) -> list[str]:
    return [text[d.start : d.end] for d in decide(article(text), findings, profile) if d.action == "remove"]


def only(findings: list[Finding], text: str = TEXT, profile: Profile = PROFILE) -> Decision:
    (decision,) = decide(article(text), findings, profile)
    return decision


def test_weak_claims_add_up_and_equal_rules_do_not() -> None:
    assert removed([claim(33, 53, score=0.4, rule="promotion/a")]) == []
    assert removed([claim(33, 53, score=0.4, rule="promotion/a")] * 3) == []
    two = [claim(33, 53, score=0.4, rule="promotion/a"), claim(33, 53, score=0.4, rule="promotion/b")]
    assert only(two).action == "remove" and only(two).score == 0.64


def test_nested_claims_of_one_category_are_one_decision() -> None:
    decision = only([claim(33, 53, score=0.8), claim(38, 41, score=0.9, rule="promotion/inner")])
    assert (decision.start, decision.end - 1, decision.category) == (33, 53, "promotion")
    assert len(decision.findings) == 2


def test_of_overlapping_categories_the_likelier_wins_its_part() -> None:
    decisions = decide(article(), [claim(0, 32, "promotion", 0.7), claim(18, 53, "byline", 0.9)], PROFILE)
    assert [(d.category, d.action) for d in decisions] == [("promotion", "remove"), ("byline", "remove")]
    assert decisions[0].end <= decisions[1].start


def test_of_equal_categories_the_one_that_goes_wins() -> None:
    keeping = replace(PROFILE, actions={**PROFILE.actions, "byline": "keep"})
    assert only([claim(33, 53, "byline"), claim(33, 53, "comments")], profile=keeping).category == "comments"
    assert only([claim(33, 53, "byline", 0.95), claim(33, 53, "comments")], profile=keeping).action == "keep"


def test_touching_claims_stay_apart_unless_they_are_of_a_kind() -> None:
    assert len(decide(article(), [claim(0, 5), claim(5, 10)], PROFILE)) == 1
    assert len(decide(article(), [claim(0, 5), claim(5, 10, "byline")], PROFILE)) == 2


def test_a_general_claim_adds_to_a_named_one_and_makes_none() -> None:
    vote = Finding(Span(33, 53), None, "prose", "prose/bad", 0.2)
    assert only([vote]).reason == "under the threshold 0.5"
    assert only([vote, claim(33, 53, score=0.4)]).category == "promotion"
    assert only([vote, claim(33, 53, score=0.4)]).score == 0.52


def test_the_profile_decides_over_categories() -> None:
    keeping = replace(PROFILE, actions={**PROFILE.actions, "byline": "keep"})
    assert only([claim(33, 53, "byline")], profile=keeping).reason == "the profile test keeps byline"
    strict = replace(PROFILE, thresholds={**PROFILE.thresholds, "byline": 0.95})
    assert only([claim(33, 53, "byline")], profile=strict).reason == "under the threshold 0.95"


def test_what_is_said_in_quotation_marks_stays() -> None:
    text = "\u201cPlease donate to our newsroom today,\u201d the fundraiser told the crowd.\nThe crowd cheered."
    start = text.index("donate")
    finding = replace(claim(0, 72, "donation-appeal"), evidence=(Evidence("phrase", "donate", Span(start, start + 6)),))
    assert only([finding], text).reason == "inside a quotation"
    assert only([replace(finding, category="photo-caption")], text).action == "remove"
    button = "Click \u201cDonate\u201d to help our newsroom go on."
    finding = replace(claim(0, 41, "donation-appeal"), evidence=(Evidence("phrase", "Donate", Span(7, 13)),))
    assert only([finding], button).action == "remove"


def test_the_lead_needs_strong_evidence() -> None:
    lead = " ".join(["word"] * 30) + "."
    text = "Headline\n" + lead + "\nMore."
    span = (9, 9 + len(lead))
    assert only([claim(*span, score=0.7)], text).reason == "the article's lead"
    assert only([claim(*span, score=0.85)], text).action == "remove"


def test_the_headline_needs_strong_evidence() -> None:
    text = "Five men held after a raid\nThe raid was at dawn.\nNobody was hurt."
    assert only([claim(0, 26, "related-links", score=0.7)], text).reason == "perhaps the headline"
    assert only([claim(0, 26, "related-links", score=0.9)], text).action == "remove"
    assert only([claim(27, 48, "related-links", score=0.7)], text).action == "remove"


@mark.parametrize(
    ("text", "kept"),
    [
        ("The words \u201call rights reserved\u201d on the sheet music are worthless, a judge ruled on Monday.", True),
        ("\u201cAll rights reserved\u201d", False),
        (
            "\u8b1b\u5e2b\u306f\u300c\u7121\u65ad\u8ee2\u8f09\u3092\u7981\u3058\u307e\u3059\u300d\u3068\u66f8\u304b\u306a\u304f\u3066\u3082\u5b88\u3089\u308c\u308b\u3068\u8aac\u660e\u3057\u305f\u3002",
            True,
        ),
    ],
)
def test_a_notice_that_is_told_of_stays(text: str, kept: bool) -> None:
    words = next(w for w in ("all rights reserved", "All rights reserved", "\u7121\u65ad\u8ee2\u8f09") if w in text)
    start = text.index(words)
    finding = claim(0, len(text), "legal-notice")
    finding = replace(finding, evidence=(Evidence("phrase", words, Span(start, start + len(words))),))
    assert (only([finding], text).reason == "inside a quotation") is kept


def test_weak_evidence_can_not_take_most_of_an_article() -> None:
    careful = replace(PROFILE, most=0.5)
    decisions = decide(article(), [claim(0, 32, score=0.7), claim(33, 53, score=0.95)], careful)
    assert [(d.action, d.reason) for d in decisions] == [
        ("keep", "over 50% of the article would go"),
        ("remove", "over the threshold 0.5: seen"),
    ]


@mark.parametrize(
    ("text", "claimed", "gone"),
    [("A b. (Photo by C)\nD.", "Photo by C", " (Photo by C)"), ("* Menu *\nD.", "Menu", "* Menu *\n")],
)
def test_no_paragraph_of_signs_alone_is_left(text: str, claimed: str, gone: str) -> None:
    start = text.index(claimed)
    found = removed([claim(start, start + len(claimed))], text)
    if text.startswith("*"):
        assert found == [gone]
    else:
        assert found == [claimed]  # the rest of the line has letters, so its signs stay


@given(
    st.lists(
        st.tuples(st.integers(0, 66), st.integers(0, 30), st.sampled_from(CATEGORIES), st.floats(0, 1)), max_size=9
    )
)
def test_removed_spans_are_sorted_and_disjoint_and_explained(rows: list[tuple[int, int, str, float]]) -> None:
    findings = [claim(a, min(a + n, len(TEXT)), c, s, f"{c}/{a}") for a, n, c, s in rows]
    decisions = decide(article(), findings, PROFILE)
    gone = [d for d in decisions if d.action == "remove"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(gone))
    for decision in decisions:
        assert decision.findings and decision.reason and 0 <= decision.score <= 1
        assert decision.category in {f.category for f in decision.findings}
    assert decisions == decide(article(), findings[::-1], PROFILE)
