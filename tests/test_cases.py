"""Gold cases: what must be exact, what is known to fail, and floors that may rise and never fall."""

from __future__ import annotations

import json
from dataclasses import astuple
from functools import cache
from hashlib import sha256

import pytest

from cleaner.api import Cleaner
from cleaner.article.model import Span
from cleaner.files.disk import read_lines
from cleaner.training.gold import Gold, Label, bare
from cleaner.training.marked import read_marked
from cleaner.training.measure import figures, outcome
from gold import ROOT, Case, Score, invented, score, seeds, wrong

KNOWN = frozenset((ROOT / "tests" / "cases" / "known-failures.txt").read_text(encoding="utf-8").split())
"""Cases that are not exact yet; one that becomes exact must be taken off the list."""

CASES = [*seeds(), *invented()]


@cache
def _cleaner() -> Cleaner:
    return Cleaner()


@cache
def removed(case: Case) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in _cleaner().clean(case.text, id=case.id).removed)


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=c.id, marks=[pytest.mark.xfail(strict=True)] if c.id in KNOWN else []) for c in CASES],
)
def test_case_is_exact(case: Case) -> None:
    assert score(case, removed(case)).exact, wrong(case, removed(case))


def total(cases: list[Case]) -> tuple[float, float, float]:
    """Precision, recall and the share of article text lost."""
    scores: list[Score] = [score(case, removed(case)) for case in cases]
    hits, lost, missed = (sum(getattr(s, name) for s in scores) for name in ("hits", "lost", "missed"))
    letters = sum(not c.isspace() for case in cases for c in case.text)
    return hits / (hits + lost), hits / (hits + missed), lost / letters


FLOORS = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))
"""What may rise and never fall, by corpus, with the digest of the corpus that it was measured on."""


def digest(cases: list[Case]) -> str:
    """The digest of texts and gold spans, in order."""
    return sha256(json.dumps([astuple(case) for case in cases]).encode()).hexdigest()


@pytest.mark.parametrize(("name", "cases"), [("seeds", seeds()), ("invented", invented())])
def test_floors(name: str, cases: list[Case]) -> None:
    floors = FLOORS[name]
    assert digest(cases) == floors["digest"], "other articles: measure anew, and set floors and digest in floors.json"
    precision, recall, lost = total(cases)
    assert precision >= floors["precision"] and recall >= floors["recall"], (precision, recall, lost)
    assert lost <= floors["lost at most"], (precision, recall, lost)


@pytest.mark.parametrize("part", ["choose", "sealed"])
def test_floors_of_our_own_gold(part: str) -> None:
    """The judge was not fitted to these parts; of the sealed one nothing is printed but the figures."""
    floors = FLOORS[f"gold/{part}"]
    paths = sorted(str(path) for path in (ROOT / "gold" / part).glob("*.marked*"))
    articles = [gold for path in paths for gold in read_marked(read_lines(path), path)]
    outcomes = [
        outcome(gold, (Span(r.start, r.end) for r in _cleaner().clean(gold.text, id=gold.id).removed))
        for gold in articles
    ]
    assert len(articles) == floors["articles"]
    found = figures(outcomes)
    measured = (round(found.f1, 4), round(found.article_lost, 5))
    assert measured[0] >= floors["f1"] and measured[1] <= floors["lost at most"], measured


def test_articles_about_such_things_stay_whole() -> None:
    whole = [case for case in seeds() if not case.spans]
    assert len(whole) >= 4
    assert all(removed(case) == () for case in whole)


def test_articles_without_boilerplate_stay() -> None:
    """Every case once more, after all that is marked in it is cut: of what is left hardly anything goes."""
    letters = lost = touched = judged = 0
    for case in CASES:
        marks = tuple(Label(Span(start, end), category) for start, end, category in case.spans)
        text = bare(Gold(case.id, case.text, marks, case.id)).text
        spans = _cleaner().clean(text, id=case.id).removed
        gone, by_judge = (
            sum(not c.isspace() for span in some for c in span.text)
            for some in (spans, [span for span in spans if span.detector == "judge"])
        )
        letters += sum(not c.isspace() for c in text)
        lost += gone
        judged += by_judge
        touched += gone > 0
    floors = FLOORS["seeds and invented, without what is marked"]
    assert lost / letters <= floors["lost at most"] and touched <= floors["touched at most"], (lost / letters, touched)
    assert judged / letters <= floors["lost to the judge at most"], judged / letters


def test_the_list_of_known_failures_names_cases() -> None:
    assert {case.id for case in CASES} >= KNOWN
