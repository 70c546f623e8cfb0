"""The judge: what it sees, says and explains; that it can be left out, and forgets every text it was fitted to."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.api import Cleaner
from cleaner.article.model import Article, Finding, Span
from cleaner.detectors.ensemble import Matrix
from cleaner.detectors.sense import LABELS
from cleaner.detectors.text_judge.features import ALL_NAMES, CLAIMED, NAMES, ROW, STAGE, features, second_stage
from cleaner.detectors.text_judge.judge import FEW, Judge, averaged, load, staged
from cleaner.errors import WeightsFault
from cleaner.files.rule_folders import read_weights
from cleaner.reading.plain_text import segment
from cleaner.text.paragraphs import ArticleFacts
from cleaner.training.provenance import digest, rules_digest
from gold import invented, score, seeds

WEIGHTS = read_weights()
assert WEIGHTS is not None
TEXT, WORDS = (source.text for source in WEIGHTS)
JUDGE = load(TEXT, WORDS)
ALONE = Cleaner(ignore=["judge"])
WITH = Cleaner()

LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["Related", "Advertisement", "The bridge opened on Monday, and thousands came to see it.", "© 2024",
             "橋は月曜日に開通した。", "افتتح الجسر يوم الاثنين.", "Mehr zum Thema", "", "📷 Photo: A. B."]
        ),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Judge:
    return JUDGE


def seen_of(article: Article, findings: Iterable[Finding] = ()) -> Matrix:
    """What the first stage sees of an article."""
    facts = ArticleFacts.of(article)
    return features(facts, findings, JUDGE.sense.scores(facts.texts))


def test_the_weights_hold_numbers_and_names_and_no_text() -> None:
    words: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, str):
            words.add(value)
        elif isinstance(value, dict):
            words.update(value)
            for name, each in value.items():
                if name != "numbers":  # of arrays, 16 bits each
                    collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    record = json.loads(TEXT)
    origin = record.pop("trained_on")
    assert {"gold", "rules", "features", "command", "versions", "articles", "sites"} <= set(origin)
    collect(record)
    keys = {"format", "version", "labels", "scores", "shares", "first", "contexts", "cleaner-judge"}
    keys |= {"features", "base", "trees", "output", "asks", "edges", "ranges", "means", "values"}
    keys |= {"scales", "dilations", "weights", "shape", "scale", "numbers"}
    keys |= {
        f"{name}{end}" for name in ("entry", "whole", "out", *(f"layer {n}" for n in range(4))) for end in ("", " bias")
    }
    assert words <= keys | set(ALL_NAMES) | set(CLAIMED)
    assert len(TEXT) < 3_000_000 and len(WORDS) < 3_000_000


@pytest.mark.parametrize(
    "wrong",
    ["", "[]", "{}", '{"format": "other", "version": 1}', TEXT.replace('"version": 4', '"version": 3', 1),
     TEXT.replace('"asks": [', '"asks": [900, ', 1), TEXT.replace('"values": [', '"values": [1, ', 1),
     TEXT.replace('"numbers": "', '"numbers": "AAAA', 1), TEXT.replace('"entry":', '"entrance":', 1)],
)  # fmt: skip
def test_weights_that_do_not_fit_are_refused(wrong: str) -> None:
    with pytest.raises(WeightsFault):
        load(wrong, WORDS)


@given(LINES)
@settings(max_examples=60)
def test_any_text_has_features_and_a_verdict(lines: list[str]) -> None:
    article = segment("\n".join(lines))
    seen = seen_of(article, [Finding(p.span, "promotion", "phrases", "promotion/x", 0.9) for p in article.paragraphs])
    assert seen.shape == (len(NAMES), len(article.paragraphs)) and np.isfinite(seen).all()
    found = list(JUDGE(ArticleFacts.of(article), []))
    assert [f.span for f in found] == sorted({f.span for f in found})
    assert {f.span for f in found} <= {p.span for p in article.paragraphs}
    assert all(0 <= f.score <= 1 and f.category in CLAIMED and f.detector == "judge" for f in found)
    both = staged(seen, JUDGE.first.outputs(seen)[0])
    assert both.shape == (len(ALL_NAMES), len(article.paragraphs))
    one, other = (context.outputs(both) for context in JUDGE.contexts)
    assert one.shape == (1 + len(CLAIMED), len(article.paragraphs))
    assert np.allclose(averaged(JUDGE.contexts, both), (one + other) / 2)


@given(LINES)
@settings(max_examples=30)
def test_contributions_add_up_to_the_score(lines: list[str]) -> None:
    seen = seen_of(segment("\n".join(["The first line of it.", *lines])))
    moved = JUDGE.first.contributions(seen).sum(axis=0)
    raw = JUDGE.first.outputs(seen)[0]
    assert np.allclose(raw - moved, (raw - moved)[0], atol=0.01)


@given(st.lists(st.floats(0, 1), max_size=30))
@settings(max_examples=60)
def test_the_second_stage_sees_what_the_first_thought_around(first: list[float]) -> None:
    rows = dict(zip(STAGE, second_stage(np.array(first)), strict=True))
    for place in range(len(first)):
        near = [first[n] for n in range(max(0, place - 2), min(len(first), place + 3)) if n != place]
        assert rows["first mean within 2"][place] == pytest.approx(sum(near) / len(near) if near else -1, abs=1e-3)
        assert rows["first most within 2"][place] == pytest.approx(max(near, default=-1), abs=1e-3)
        run = 0
        while run < place and first[place - 1 - run] > 0.5:
            run += 1
        assert rows["first run before"][place] == run


def test_what_the_words_around_say_is_seen() -> None:
    article = segment("Subscribe for £5 a month.\nThe bridge opened on Monday after three years of work.\nBuy now.")
    seen, sense = seen_of(article), JUDGE.sense.scores(ArticleFacts.of(article).texts)
    assert np.allclose(seen[ROW["sense boilerplate"]], sense[:, 0], atol=1e-3)
    assert seen[ROW["sense boilerplate +1"], 0] == pytest.approx(sense[1, 0], abs=1e-3)
    assert seen[ROW["sense boilerplate -1"], 0] == -9
    column = LABELS.index("subscription-prompt")
    assert seen[ROW["sense subscription-prompt -1"], 1] == pytest.approx(sense[0, column], abs=1e-3)
    assert sense[0, 0] > sense[1, 0]


def test_of_a_few_words_it_says_nothing(judge: Judge) -> None:
    few = "Subscribe now.\n" * (FEW // 2 - 1)
    assert list(judge(ArticleFacts.of(segment(few)), [])) == []
    assert list(judge(ArticleFacts.of(segment(few * 2)), []))


def test_paragraphs_are_judged_alike_however_many_there_are(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = seen_of(segment("\n".join(f"Line {n} of the list, and more of it." for n in range(50))))
    whole = judge.first.outputs(seen)
    monkeypatch.setattr("cleaner.detectors.ensemble.AT_ONCE", 7)
    assert (judge.first.outputs(seen) == whole).all()


def test_a_long_article_is_compared_by_blocks() -> None:
    text = "\n".join(f"An otter w{n // 4:05d} swims by the harbour wall." for n in range(600))
    seen = seen_of(segment(text))
    assert np.isfinite(seen).all() and seen[ROW["share of one near by"]].min() > 0


def test_the_judge_was_fitted_with_these_rules_and_features() -> None:
    """Features must agree. Rules may move a little: then this says so, and `cleaner fit text` brings them together."""
    origin = json.loads(TEXT)["trained_on"]
    assert origin["features"] == digest(list(ALL_NAMES))
    if origin["rules"] != rules_digest(WITH.rulebook.rules):
        pytest.skip("rules have moved since the judge was fitted: fit it again before a release")


def test_it_can_be_left_out() -> None:
    case = seeds()[0]
    with_it, without = WITH.clean(case.text), ALONE.clean(case.text)
    assert any(span.detector == "judge" for span in with_it.removed)
    assert not any(span.detector == "judge" for span in without.removed)
    assert not any(f.detector == "judge" for d in without.kept for f in d.findings)


def test_what_is_not_wanted_the_judge_does_not_say() -> None:
    for case in seeds()[:8]:
        cleaned = Cleaner(ignore=["photo-caption"]).clean(case.text)
        assert "photo-caption" not in {span.category for span in cleaned.removed}


def test_a_copy_answers_alike() -> None:
    copy = pickle.loads(pickle.dumps(WITH))
    for case in seeds()[:6]:
        assert copy.clean(case.text).removed == WITH.clean(case.text).removed


def test_it_says_why_in_words() -> None:
    spans = [span for case in seeds() for span in WITH.clean(case.text).removed if span.detector == "judge"]
    assert spans
    told = [span.reason for span in spans]
    assert sum(": " in reason for reason in told) > 0.95 * len(told)


def test_an_article_in_a_language_never_seen_stays() -> None:
    georgian = (
        "ხიდი ორშაბათს გაიხსნა\n"
        "ქალაქის ახალი ხიდი ორშაბათს დილით გაიხსნა, და ათასობით ადამიანი მოვიდა მის სანახავად, განაცხადა მერიამ.\n"
        "მშენებლობა სამი წელი გაგრძელდა და თორმეტი მილიონი დაჯდა, ამბობს ქალაქის ხაზინა თავის ანგარიშში.\n"
        "„ჩვენ ამ დღეს დიდხანს ველოდით“, თქვა ნინო ბერიძემ, რომელიც მდინარის მეორე ნაპირზე ცხოვრობს და მუშაობს.\n"
        "ავტობუსები ხიდზე მომავალი კვირიდან ივლიან, ხოლო ველოსიპედის ბილიკი ზაფხულში გაიხსნება, დასძინა მერიამ.\n"
    )
    arabic = (
        "افتتاح الجسر الجديد يوم الاثنين\n"
        "افتتحت المدينة صباح يوم الاثنين جسرها الجديد بحضور آلاف السكان الذين جاؤوا لرؤيته، كما أعلنت البلدية.\n"
        "استغرق البناء ثلاث سنوات وبلغت كلفته اثني عشر مليونا، وفق تقرير خزانة المدينة الصادر يوم السبت.\n"
        "وقالت ليلى حداد، التي تعيش على الضفة الأخرى من النهر، إن السكان انتظروا هذا اليوم منذ زمن طويل.\n"
    )
    for text in (georgian, arabic):
        assert WITH.clean(text).removed == ()


def test_precision_removes_less_or_more() -> None:
    gone = []
    for name in ("careful", "default", "thorough"):
        cleaner = Cleaner(precision=name)
        gone.append(sum(s.end - s.start for case in seeds() for s in cleaner.clean(case.text).removed))
    assert all(a < b for a, b in pairwise(gone))
    with pytest.raises(ValueError, match="no precision 'bold'"):
        Cleaner(precision="bold")


def test_the_judge_finds_more_than_the_rules_and_loses_little() -> None:
    cases = [*seeds(), *invented()]
    totals = []
    for cleaner in (ALONE, WITH):
        scores = [score(case, [(s.start, s.end) for s in cleaner.clean(case.text).removed]) for case in cases]
        totals.append([sum(getattr(each, name) for each in scores) for name in ("hits", "lost", "missed")])
    (hits, _, _), (more, lost, missed) = totals
    letters = sum(not c.isspace() for case in cases for c in case.text)
    assert more > hits and lost / letters < 0.01, (totals, lost / letters)
    assert more / (more + missed) > 0.6, totals


def test_a_finding_is_of_a_whole_paragraph(judge: Judge) -> None:
    article = segment(seeds()[0].text)
    assert {f.span for f in judge(ArticleFacts.of(article), [])} <= {p.span for p in article.paragraphs}
    assert Span(0, 0) not in {f.span for f in judge(ArticleFacts.of(article), [])}
