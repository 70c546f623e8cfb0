"""The intervals of an audit hold the truth as often as they say."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from cleaner.reporting import intervals
from cleaner.reporting.intervals import Draw
from cleaner.reporting.review.sample import allotted

ALL = 1_000_000
"""Characters of a made-up run."""


def reviewed(chance: np.random.Generator, draws: int) -> tuple[tuple[float, float, float], list[Draw], list[Draw], int]:
    """A run whose truth is known, and a sample of it that was judged: precision, recall and what was lost; draws."""
    strata = int(chance.integers(3, 16))
    sizes = chance.dirichlet(np.ones(strata)) * chance.uniform(0.05, 0.3) * ALL
    wrong = np.clip(chance.beta(1, 8, strata) * (1.6 - 0.4 * chance.integers(0, 4, strata)), 0, 0.9)
    missed = chance.beta(1, 25)
    gone = sizes.sum()
    right = (sizes * (1 - wrong)).sum() / gone
    own = gone * (1 - right) + (ALL - gone) * (1 - missed)
    truth = right, gone * right / (gone * right + (ALL - gone) * missed), gone * (1 - right) / own
    went = []
    for number, (size, few) in enumerate(zip(sizes, allotted(sizes, draws // 2), strict=True)):
        good = chance.binomial(few, 1 - wrong[number])
        went += [Draw(f"s {number}", size / gone / few, float(one < good), "other", "en") for one in range(few)]
    bad = chance.binomial(draws // 2, missed)
    stayed = [Draw("stayed", 2 / draws, float(one < bad), "other", "en") for one in range(draws // 2)]
    return truth, went, stayed, int(gone)


def held_of(reviews: int) -> list[float]:
    """In how many reviews of 200 draws the intervals of precision, recall and loss hold the truth."""
    chance = np.random.default_rng(20260501)
    held = np.zeros(3)
    for _ in range(reviews):
        truth, went, stayed, gone = reviewed(chance, 200)
        sizes = gone, ALL - gone
        seen = (
            intervals.precision(went),
            intervals.recall(went, stayed, sizes),
            intervals.article_lost(went, stayed, sizes),
        )
        held += [one.low <= true <= one.high for one, true in zip(seen, truth, strict=True)]
    found: list[float] = held.tolist()
    return found


def test_the_intervals_hold_the_truth() -> None:
    assert all(88 <= each <= 99 for each in held_of(100))


@pytest.mark.slow
def test_of_a_thousand_reviews_the_intervals_hold_the_truth_in_95_of_a_hundred() -> None:
    held = held_of(1000)
    assert all(930 <= each <= 970 for each in held), held


@pytest.mark.parametrize("true", [0.8, 0.9, 0.95, 0.98])
def test_a_plain_share_holds_it_too(true: float) -> None:
    held = 0
    for good, times in Counter(np.random.default_rng(7).binomial(150, true, 1000).tolist()).items():
        one = intervals.precision([Draw("a", 1.0, float(n < good), "other", "en") for n in range(150)])
        held += times * (one.low <= true <= one.high)
    assert 920 <= held <= 980, "a share of few draws jumps; over many truths it is 95 of a hundred"


def test_as_sure_as_a_plain_sample_of_as_many() -> None:
    draws = [Draw("a", 1.0, float(n < 90), "other", "en") for n in range(100)]
    found = intervals.share(draws, lambda one: one.boilerplate)
    assert found.value == pytest.approx(0.9) and found.draws == pytest.approx(100, rel=0.02)
    apart = [Draw("ab"[n < 90], 1.0, float(n < 90), "other", "en") for n in range(100)]
    assert intervals.share(apart, lambda one: one.boilerplate).draws > 200, "strata that are alike inside help"


def test_a_sample_that_halves_it() -> None:
    draws = [Draw("a", 1.0, float(n < 80), "other", "en") for n in range(100)]
    one = intervals.precision(draws)
    assert one.halved_by is not None and 330 <= one.halved_by <= 470
    more = intervals.precision([Draw("a", 1.0, float(n % 100 < 80), "other", "en") for n in range(one.halved_by)])
    assert (more.high - more.low) == pytest.approx((one.high - one.low) / 2, rel=0.1)


def test_nothing_judged_says_nothing() -> None:
    one = intervals.precision([])
    assert one.low < 0.01 and one.high > 0.99 and one.draws == 0 and one.halved_by is None
    assert one.record()["too_few"] and one.record()["low"] is None
    two = intervals.recall([], [], (0, 0))
    assert two.value == 1.0


def test_of_few_draws_no_interval_is_told() -> None:
    enough = [Draw("a", 1.0, float(n < 8), "other", "en") for n in range(intervals.FEWEST)]
    few = enough[1:]
    told = intervals.precision(few).record()
    assert told == {"value": round(7 / len(few), 5), "low": None, "high": None, "draws": len(few), "too_few": True}
    assert "too_few" not in intervals.precision(enough).record()
    assert "too_few" not in intervals.recall(enough, enough, (9, 9)).record()
    assert intervals.recall(enough, few, (9, 9)).record()["too_few"]
    assert intervals.article_lost(few, enough, (9, 9)).record()["too_few"]
    assert intervals.recall_of("byline", enough, enough, (9, 9)).record()["too_few"], "none of them is one"
    assert "too_few" not in intervals.recall_of("other", enough, enough, (9, 9)).record()


def test_recall_of_a_category() -> None:
    went = [Draw("byline 3", 1.0, 1.0, "byline" if n < 5 else "other", "en") for n in range(10)]
    stayed = [Draw("stayed", 1.0, float(n == 0), "byline" if n == 0 else "", "en") for n in range(100)]
    assert intervals.recall_of("byline", went, stayed, (1000, 9000)).value == pytest.approx(500 / 590)
    assert intervals.recall_of("other", went, stayed, (1000, 9000)).value == 1.0
