"""Of 1,000 simulated audits the intervals hold the truth in 93 to 97 %: of the run, of its categories and languages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pytest

from cleaner.reporting import intervals
from cleaner.reporting.intervals import Draw, Estimate, Floats
from cleaner.reporting.review.sample import allotted

ALL = 1_000_000
"""Characters of a made-up run."""

DOUBT = np.array([2.2, 1.4, 0.8, 0.3])
"""How much likelier than the average the spans of each band of scores are wrong, the lowest scores first."""


@dataclass(frozen=True)
class Truth:
    """A run in characters: what went by category, band and language, and what stayed by language; shares of both."""

    went: Floats
    wrong: Floats
    stayed: Floats
    missed: Floats
    kinds: Floats
    """How what was missed is spread over the categories."""

    def figures(self) -> dict[tuple[str, str], float]:
        right, left = self.went * (1 - self.wrong), self.stayed * self.missed
        lost, own = self.went * self.wrong, self.stayed * (1 - self.missed)
        found = {
            ("run", "precision"): right.sum() / self.went.sum(),
            ("run", "recall"): right.sum() / (right.sum() + left.sum()),
            ("run", "lost"): lost.sum() / (lost.sum() + own.sum()),
        }
        for one in range(len(self.kinds)):
            found[f"category {one}", "precision"] = right[one].sum() / self.went[one].sum()
            found[f"category {one}", "recall"] = right[one].sum() / (right[one].sum() + left.sum() * self.kinds[one])
        for one in range(len(self.stayed)):
            mine = right[:, :, one].sum()
            found[f"language {one}", "precision"] = mine / self.went[:, :, one].sum()
            found[f"language {one}", "recall"] = mine / (mine + left[one])
            found[f"language {one}", "lost"] = lost[:, :, one].sum() / (lost[:, :, one].sum() + own[one])
        return found


def made(chance: np.random.Generator) -> Truth:
    """A run that might be."""
    categories, languages = int(chance.integers(3, 9)), int(chance.integers(2, 5))
    gone = chance.uniform(0.05, 0.3) * ALL
    bands = chance.dirichlet(np.array([0.5, 1, 2, 3]), categories)
    spoken = chance.dirichlet(np.ones(languages) * 1.5)
    inside = chance.dirichlet(spoken * 20 + 0.2, (categories, len(DOUBT)))
    harder = chance.uniform(0.5, 1.5, languages)
    return Truth(
        (chance.dirichlet(np.ones(categories))[:, None] * bands * gone)[:, :, None] * inside,
        np.clip(chance.beta(1, 8, (categories, 1, 1)) * DOUBT[None, :, None] * harder, 0, 0.9),
        chance.dirichlet(spoken * 30 + 0.2) * (ALL - gone),
        np.clip(chance.beta(1, 25) * harder, 0, 0.8),
        chance.dirichlet(np.ones(categories)),
    )


def judged(truth: Truth, draws: int, chance: np.random.Generator) -> tuple[list[Draw], list[Draw]]:
    """A sample of the run, drawn as ``cleaner audit`` does, and what people say of it."""
    went, stayed = [], []
    sizes = truth.went.sum(axis=2)
    flat = sizes.ravel()
    for at, (size, few) in enumerate(zip(flat, allotted(flat, draws // 2), strict=True)):
        category, band = divmod(at, len(DOUBT))
        for language in chance.choice(len(truth.stayed), few, p=truth.went[category, band] / size):
            good = chance.random() >= truth.wrong[category, band, language]
            name = f"category {category}" if good else ""
            stratum, weight = f"category {category} {band}", size / sizes.sum() / few
            went.append(Draw(stratum, weight, float(good), name, f"language {language}"))
    for language in chance.choice(len(truth.stayed), draws // 2, p=truth.stayed / truth.stayed.sum()):
        bad = chance.random() < truth.missed[language]
        name = f"category {chance.choice(len(truth.kinds), p=truth.kinds)}" if bad else ""
        stayed.append(Draw("stayed", 2 / draws, float(bad), name, f"language {language}"))
    return went, stayed


def told(truth: Truth, went: list[Draw], stayed: list[Draw]) -> dict[tuple[str, str], Estimate]:
    """The figures of the audit."""
    sizes = int(truth.went.sum()), int(truth.stayed.sum())
    found = {("run", "precision"): intervals.precision(went)}
    found["run", "recall"] = intervals.recall(went, stayed, sizes)
    found["run", "lost"] = intervals.article_lost(went, stayed, sizes)
    for name in {one.stratum.rpartition(" ")[0] for one in went}:
        mine = [one for one in went if one.stratum.rpartition(" ")[0] == name]
        found[name, "precision"] = intervals.precision(mine)
        found[name, "recall"] = intervals.recall_of(name, went, stayed, sizes)
    for number in range(len(truth.stayed)):
        name = f"language {number}"
        mine, others = ([one for one in part if one.language == name] for part in (went, stayed))
        parts = int(truth.went[:, :, number].sum()), int(truth.stayed[number])
        found[name, "precision"] = intervals.precision(mine)
        found[name, "recall"] = intervals.recall(mine, others, parts)
        found[name, "lost"] = intervals.article_lost(mine, others, parts)
    return found


def covered(reviews: int, draws: int) -> dict[str, tuple[int, float]]:
    """By kind of figure how many were told with an interval, and the share of these that hold the truth."""
    chance = np.random.default_rng(20261128)
    held: dict[str, list[bool]] = defaultdict(list)
    for _ in range(reviews):
        truth = made(chance)
        true = truth.figures()
        for (name, figure), one in told(truth, *judged(truth, draws, chance)).items():
            if "too_few" not in one.record():
                held[f"{name.split()[0]} {figure}"].append(one.low <= true[name, figure] <= one.high)
    return {name: (len(each), sum(each) / len(each)) for name, each in sorted(held.items())}


@pytest.mark.slow
def test_of_a_thousand_audits_the_intervals_hold_the_truth_in_93_to_97_of_a_hundred(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intervals, "TRIALS", 4000)
    monkeypatch.setattr(intervals, "ROUGHLY", 20)
    found = covered(1000, 200)
    assert len(found) == 8 and all(told > 500 for told, _ in found.values())
    assert all(0.93 <= share <= 0.97 for _, share in found.values()), found
