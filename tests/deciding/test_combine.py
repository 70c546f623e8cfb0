"""Several claims on one stretch: what they come to, with and without the judge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaner.article.model import CATEGORIES, Decision, Finding, Role, Span
from cleaner.deciding import forms, isolated
from cleaner.deciding.combine import weigh
from cleaner.deciding.decide import decide
from cleaner.reading.plain_text import segment
from cleaner.rulebook.profiles import PRECISION, Profile, moved

PROFILE = Profile(
    "test", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 1.0, judge=0.6, alone=0.8
)
TEXT = "Alpha beta gamma. Delta epsilon.\nZeta eta theta iota.\nKappa lambda."
LINE = Span(33, 53)


@pytest.fixture(autouse=True)
def few_words_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts here are shorter than those of which the judge may take any, and without prose (see test_forms.py)."""
    monkeypatch.setattr(isolated, "FEW", 0)
    monkeypatch.setattr(forms, "FORMS", ())


def claim(score: float, detector: str = "phrases", category: str = "promotion", span: Span = LINE) -> Finding:
    """What a detector would say: a judge a verdict, and one of pages, like the shape of paragraphs, without a kind."""
    kind = None if detector in ("prose", "maincontent") else category
    role: Role = "verdict" if detector in ("judge", "maincontent") else "claim"
    own = False if detector == "phrases" else None
    return Finding(span, kind, detector, f"{category}/{detector}", score, role=role, own=own)


def only(*findings: Finding) -> Decision:
    (decision,) = decide(segment(TEXT, language="en"), findings, PROFILE)
    return decision


def test_what_rules_claim_of_a_whole_paragraph_the_judge_has_weighed() -> None:
    assert only(claim(0.9), claim(0.3, "judge")).action == "keep"
    assert only(claim(0.9), claim(0.7, "judge")).action == "remove"
    assert only(claim(0.9), claim(0.7, "judge")).detector == "judge"


def test_what_is_certain_goes_whatever_the_judge_says() -> None:
    for verdict in (0.02, 0.4, 0.99):
        decision = only(claim(0.95), claim(verdict, "judge"))
        assert (decision.action, decision.score, decision.detector) == ("remove", 0.95, "phrases")
    one, other = claim(0.8), replace(claim(0.8), rule="promotion/other")
    assert only(one, other, claim(0.02, "judge")).score == 0.96


def test_rules_of_ones_own_are_obeyed() -> None:
    own = replace(claim(0.6), own=True)
    for verdict in (0.02, 0.99):
        decision = only(own, claim(verdict, "judge"))
        assert (decision.action, decision.score, decision.detector) == ("remove", 0.6, "phrases")
    assert only(replace(own, score=0.4), claim(0.02, "judge")).action == "keep"


def test_the_judge_speaks_where_the_rules_do_not_suffice() -> None:
    weak = (claim(0.4), claim(0.2, "prose", "other"))
    assert only(*weak).action == "remove"  # 0.4 and 0.2 come to 0.52
    assert only(claim(0.4), claim(0.95, "judge")).detector == "judge"
    assert only(claim(0.4), claim(0.95, "judge")).action == "remove"
    assert only(claim(0.4), claim(0.3, "judge")).action == "keep"


def test_the_judge_must_be_surer_than_a_rule() -> None:
    text = "One\nTwo\nThree"
    spans = [paragraph.span for paragraph in segment(text).paragraphs]
    found = [claim(0.59, "judge", span=spans[0]), claim(0.6, "judge", span=spans[1]), claim(0.55, span=spans[2])]
    decisions = decide(segment(text, language="en"), found, PROFILE)
    assert [d.reason for d in decisions] == [
        f"{w} the threshold {t}" for w, t in zip(("under", "over", "over"), ("0.6", "0.6", "0.5"), strict=True)
    ]


def test_a_claim_on_a_part_stands_beside_the_judge() -> None:
    part = Span(33, 37)
    decisions = decide(segment(TEXT, language="en"), [claim(0.9, span=part), claim(0.3, "judge")], PROFILE)
    assert [(d.action, d.start) for d in decisions] == [("remove", 33), ("keep", 37)]


def test_precision_moves_thresholds() -> None:
    careful, thorough = (moved(PROFILE, PRECISION[name]) for name in ("careful", "thorough"))
    assert set(careful.thresholds.values()) == {0.8} and set(thorough.thresholds.values()) == {0.3}
    assert moved(PROFILE, PRECISION["default"]) is PROFILE
    assert (careful.judge, thorough.judge) == (0.84, 0.36)
    assert (careful.alone, thorough.alone) == (0.92, 0.48)


def test_on_pages_a_claim_on_a_block_may_be_weighed_with_its_markup() -> None:
    weighed = replace(PROFILE, weighed=True)
    rule, verdict = claim(0.9, category="byline"), claim(0.3, "maincontent", "other")
    assert weigh((rule, verdict), PROFILE).score > 0.9
    assert weigh((rule, verdict), weighed).category == "byline"
    assert weigh((rule, verdict), weighed).score < 0.35
    assert weigh((rule, claim(0.8, "maincontent", "other")), weighed).score > 0.8
    # What claims a part only, or was not weighed, or comes from the markup, stands as it is.
    assert weigh((claim(0.9, span=Span(33, 37)), verdict), weighed).score > 0.9
    assert weigh((rule,), weighed).score == 0.9
    assert weigh((claim(0.9, "dom", "headline"), verdict), weighed).score > 0.9
    # The user's own rules are obeyed.
    assert weigh((replace(rule, own=True), verdict), weighed).score > 0.9
    # What marks an advertisement is sure, if it is short.
    assert weigh((claim(0.9), verdict), weighed).score > 0.9
    assert weigh((claim(0.89), verdict), weighed).score < 0.35
    long = Span(0, 61)
    both = claim(0.9, span=long), claim(0.3, "maincontent", "other", span=long)
    assert weigh(both, weighed).score < 0.35


def test_a_kind_that_is_not_known_is_not_the_kind_other() -> None:
    """What only says that a line is boilerplate adds to every kind; the kind other is one among others."""
    assert only(claim(0.4), claim(0.2, "prose")).category == "promotion"
    assert (only(claim(0.3, category="byline"), claim(0.85, category="other")).category) == "other"
    assert only(claim(0.3, category="byline"), claim(0.85, category="other")).score == 0.85
    assert only(claim(0.6, "prose")).category == "other"
    keeping = replace(PROFILE, actions={**PROFILE.actions, "byline": "keep"})
    found = (claim(0.3, category="byline"), claim(0.85, category="other"))
    assert [d.action for d in decide(segment(TEXT, language="en"), found, keeping)] == ["remove"]


def test_the_log_names_what_decided() -> None:
    """Paragraphs of a kind are one removed span only as far as one rule is enough for all of them."""
    text = segment("Alpha beta gamma.\nZeta eta theta iota.\nKappa lambda.", language="en")
    first, second = (paragraph.span for paragraph in text.paragraphs[1:])
    one, other = (replace(claim(0.9, span=span), rule=f"promotion/{n}") for n, span in enumerate((first, second)))
    one = replace(one, span=Span(first.start, second.start))
    assert [d.rule for d in decide(text, (one, other), PROFILE)] == ["promotion/0", "promotion/1"]
    whole = replace(claim(0.7, span=Span(first.start, second.end)), rule="promotion/whole")
    (decision,) = decide(text, (whole, other), PROFILE)
    assert (decision.rule, decision.score) == ("promotion/whole", 0.97)


def test_of_parts_of_a_paragraph_all_rules_are_named() -> None:
    parts = (replace(claim(0.9, span=Span(33, 46)), rule="promotion/a"), claim(0.8, span=Span(46, 53)))
    assert only(*parts).rule == "promotion/a"
    assert only(*parts).reason == "over the threshold 0.5, a part of it by promotion/phrases"


def test_the_log_names_all_that_it_took() -> None:
    assert only(claim(0.4), claim(0.2, "prose")).reason == "over the threshold 0.5, together with promotion/prose"
    assert only(claim(0.6), claim(0.2, "prose")).reason == "over the threshold 0.5"


LINES = ("The first line", "Zeta eta theta", "Kappa 3 4", "Lambda mu 5 6", "Buy now", "The end of it")


def judged(**scores: float) -> list[str]:
    """The lines that go when the judge scores some of them (``line1`` the second) and a rule takes the fifth."""
    text = "\n".join(LINES)
    spans = [paragraph.span for paragraph in segment(text).paragraphs]
    found = [claim(score, "judge", span=spans[int(name[4:])]) for name, score in scores.items()]
    found.append(claim(0.9, span=spans[4]))
    decisions = decide(segment(text, language="en"), found, PROFILE)
    return [text[d.start : d.end].strip() for d in decisions if d.action == "remove"]


def test_the_judge_takes_nothing_alone_from_among_what_stays() -> None:
    assert judged(line1=0.79) == ["Buy now"] and judged(line1=0.8) == ["Zeta eta theta", "Buy now"]
    assert judged(line0=0.65, line1=0.65) == ["The first line", "Zeta eta theta", "Buy now"]
    assert judged(line5=0.61) == ["Buy now", "The end of it"]  # beside what a rule takes
    assert judged(line0=0.5, line1=0.65) == ["Zeta eta theta", "Buy now"]  # beside what is likely, and stays
    assert judged(line0=0.49, line1=0.65) == ["Buy now"]


def test_a_rule_that_says_the_same_is_company() -> None:
    text = "\n".join(LINES)
    span = segment(text).paragraphs[1].span
    for least, action in ((0.69, "keep"), (0.7, "remove")):
        found = [claim(0.65, "judge", span=span), claim(least, span=span)]
        assert [d.action for d in decide(segment(text, language="en"), found, PROFILE)] == [action]


def test_what_stays_says_why() -> None:
    text = "\n".join(
        ("Alpha beta", "Zeta 3 4", "Eta 5 6", "It left.", "Buy now", "The ferry sailed " * 6 + "on.", "Theta")
    )
    spans = [paragraph.span for paragraph in segment(text).paragraphs]
    scores = (0.7, 0.3, 0.7, 0.3, 0.9, 0.7, 0.3)
    found = [claim(s, "phrases" if s == 0.9 else "judge", span=span) for s, span in zip(scores, spans, strict=True)]
    reasons = [d.reason for d in decide(segment(text, language="en"), found, PROFILE)]
    assert [reason.partition(",")[0] for reason in reasons] == [
        "alone among what stays", "under the threshold 0.6", "a row beside one that stays", "under the threshold 0.6",
        "over the threshold 0.5", "over the threshold 0.6", "under the threshold 0.6",
    ]  # fmt: skip


def test_rows_of_a_table_stay_together() -> None:
    assert judged(line3=0.7) == ["Buy now"] and judged(line3=0.85) == ["Lambda mu 5 6", "Buy now"]
    assert judged(line2=0.7, line3=0.7) == ["Kappa 3 4", "Lambda mu 5 6", "Buy now"]


def test_the_line_above_the_lead_may_be_the_headline() -> None:
    lead = "The council voted on Monday to close the old bridge " * 3 + "until spring."
    text = f"Home\nNews\nOld bridge to close until spring\n{lead}\nMore of it."
    spans = [paragraph.span for paragraph in segment(text).paragraphs]
    for score, action in ((0.79, "keep"), (0.85, "remove")):
        found = [claim(0.9, span=spans[0]), claim(0.9, span=spans[1]), claim(score, "judge", span=spans[2])]
        decision = decide(segment(text, language="en"), found, PROFILE)[-1]
        assert decision.action == action
    assert decide(segment(text, language="en"), [*found[:2], claim(0.7, span=spans[2])], PROFILE)[-1].action == "remove"


def test_the_judge_takes_nothing_of_a_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for words, action in ((isolated.FEW - 1, "keep"), (isolated.FEW, "remove")):
        text = f"{'more ' * (words - 2)}here.\nTheta\n{'buy now ' * 90}"
        spans = [paragraph.span for paragraph in segment(text).paragraphs]
        found = [claim(0.95, "judge", span=spans[1]), claim(0.9, span=spans[2])]
        decisions = decide(segment(text, language="en"), found, PROFILE)
        assert [d.action for d in decisions] == [action, "remove"]
    assert decisions[0].reason.startswith("over the threshold")
