"""Figures of an audit with their intervals: how right what went was, what was missed, what of the articles was lost.

Every draw is a character of the run, chosen with known chance, and stands for the span or paragraph that holds it. So a
share of the draws is a share of the characters. The interval of a share is that of a beta distribution (Jeffreys) with
as many draws as a plain sample would need to be as sure; those of recall and of what was lost come from both shares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TRIALS = 20_000
"""Values of a figure that are drawn to find its interval; always the same ones."""

ROUGHLY = 2000
"""The same for the sample that would halve an interval, which is no more than a hint."""

OTHERS = 1
"""Draws that all strata together add to each: what few draws say of a stratum is not all there is."""

FEWEST = 12
"""Draws among what went, and among what stayed, that a figure of a category or a language needs. In simulations the
intervals of figures with fewer hold the truth less often, or more often, than they say."""

EDGES = (0.025, 0.975)
"""What lies between these holds the truth 95 times of a hundred."""

ONE_SIDE = (0.05, 0.95)
"""So does what lies above the first, or below the second."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw that was judged. ``boilerplate``: the share of its span or paragraph that is, 0 to 1.

    ``category``: which one, if any is. ``weight``: the share of all such characters that the draw stands for.
    """

    stratum: str
    weight: float
    boilerplate: float
    category: str
    language: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the interval that holds the truth 95 times of a hundred, and a sample that would halve it.

    ``fewest``: the draws among what went or among what stayed, whichever are fewer, of those that the figure needs.
    """

    value: float
    low: float
    high: float
    draws: int
    fewest: int
    halved_by: int | None = None

    def record(self) -> dict[str, object]:
        """The figure as JSON; one from too few draws has no interval, and says so."""
        value = round(self.value, 5)
        if self.fewest < FEWEST:
            return {"value": value, "low": None, "high": None, "draws": self.draws, "too_few": True}
        edges = {"low": round(self.low, 5), "high": round(self.high, 5)}
        halved = {"halved_by": self.halved_by} if self.halved_by else {}
        return {"value": value, **edges, "draws": self.draws, **halved}


@dataclass(frozen=True, slots=True)
class Share:
    """A share of characters, and how sure it is: as sure as from ``draws`` of a plain sample."""

    value: float
    draws: float

    def trials(self, seed: int, times: float = 1.0) -> Floats:
        """Values that the true share may have, with ``times`` as many draws."""
        number = TRIALS if times == 1 else ROUGHLY
        size = self.draws * times
        right = min(max(self.value, 0.0), 1.0) * size
        return np.random.default_rng(seed).beta(right + 0.5, size - right + 0.5, number)


def share(draws: Sequence[Draw], of: Callable[[Draw], float]) -> Share:
    """The share of the characters that draws stand for, by what each one says (0 to 1).

    >>> share([Draw("a", 0.5, 1.0, "other", "en"), Draw("a", 0.5, 0.0, "", "en")], lambda one: one.boilerplate).value
    0.5
    """
    total = sum(one.weight for one in draws)
    if not draws or total <= 0:
        return Share(0.5, 0.0)
    value = sum(one.weight * of(one) for one in draws) / total
    pooled = (value * len(draws) + 0.5) / (len(draws) + 1)
    strata: dict[str, list[Draw]] = {}
    for one in draws:
        strata.setdefault(one.stratum, []).append(one)
    # The variance of a stratified sample. Few draws of a stratum say little of it, so all have a say in each; and few
    # look more alike than they are, by the last factor.
    variance = middle = 0.0
    for mine in strata.values():
        weight = sum(one.weight for one in mine) / total
        inside = sum(one.weight * of(one) for one in mine) / (weight * total)
        number = len(mine)
        smoothed = (inside * number + OTHERS * pooled) / (number + OTHERS)
        uneven = sum(one.weight**2 for one in mine) / sum(one.weight for one in mine) ** 2
        middle += weight * smoothed
        variance += weight**2 * smoothed * (1 - smoothed) * uneven / (1 - number / (number + OTHERS) ** 2)
    return Share(value, middle * (1 - middle) / variance)


@dataclass(frozen=True, slots=True)
class Population:
    """The characters that went, and those that stayed; by language, too."""

    removed: int
    kept: int
    languages: Mapping[str, tuple[int, int]]


def precision(removed: Sequence[Draw]) -> Estimate:
    """Of what went, how much should have."""
    right = share(removed, _boilerplate)
    return _estimate(right.value, (len(removed),), lambda times: right.trials(1, times))


def recall(removed: Sequence[Draw], kept: Sequence[Draw], sizes: tuple[int, int]) -> Estimate:
    """Of what should have gone, how much did. ``sizes``: the characters that went, and those that stayed."""
    return _recall(share(removed, _boilerplate), share(kept, _boilerplate), sizes, (len(removed), len(kept)))


def recall_of(category: str, removed: Sequence[Draw], kept: Sequence[Draw], sizes: tuple[int, int]) -> Estimate:
    """The same for one category, as people see it."""

    def said(one: Draw) -> float:
        return one.boilerplate if one.category == category else 0.0

    found = _recall(share(removed, said), share(kept, said), sizes, (len(removed), len(kept)))
    return replace(found, fewest=min(found.fewest, sum(one.category == category for one in removed)))


def _recall(right: Share, missed: Share, sizes: tuple[int, int], draws: tuple[int, int]) -> Estimate:
    gone, stayed = sizes

    def value(a: float, b: float) -> float:
        return gone * a / (gone * a + stayed * b) if gone * a + stayed * b else 1.0

    def trials(times: float) -> Floats:
        went, left = gone * right.trials(1, times), stayed * missed.trials(2, times)
        total = went + left
        return np.divide(went, total, out=np.ones_like(total), where=total > 0)

    return _estimate(value(right.value, missed.value), draws, trials)


def article_lost(removed: Sequence[Draw], kept: Sequence[Draw], sizes: tuple[int, int]) -> Estimate:
    """Of the articles' own text, how much went."""
    right, missed = share(removed, _boilerplate), share(kept, _boilerplate)
    gone, stayed = sizes

    def value(a: float, b: float) -> float:
        own = gone * (1 - a) + stayed * (1 - b)
        return gone * (1 - a) / own if own else 0.0

    def trials(times: float) -> Floats:
        wrong, own = gone * (1 - right.trials(1, times)), stayed * (1 - missed.trials(2, times))
        total = wrong + own
        return np.divide(wrong, total, out=np.zeros_like(total), where=total > 0)

    return _estimate(value(right.value, missed.value), (len(removed), len(kept)), trials)


def _boilerplate(one: Draw) -> float:
    return one.boilerplate


def _estimate(value: float, counts: tuple[int, ...], trials: Callable[[float], Floats]) -> Estimate:
    """``counts``: the draws among what went and what stayed, as far as the figure needs them."""
    draws = sum(counts)
    values = trials(1.0)
    low, high = (float(edge) for edge in np.quantile(values, EDGES))
    # A figure at an end can be wrong on one side alone.
    if value <= 0:
        low, high = 0.0, float(np.quantile(values, ONE_SIDE[1]))
    elif value >= 1:
        low, high = float(np.quantile(values, ONE_SIDE[0])), 1.0
    halved = None
    if draws:
        few, many = 1.0, 64.0
        for _ in range(12):
            times = math.sqrt(few * many)
            a, b = np.quantile(trials(times), EDGES)
            few, many = (few, times) if b - a <= (high - low) / 2 else (times, many)
        halved = math.ceil(draws * many)
    return Estimate(value, min(low, value), max(high, value), draws, min(counts), halved)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two people on the same spans and paragraphs: how often they agree, and kappa, which leaves out chance."""

    both: int
    same: int
    kappa: float

    def record(self) -> dict[str, object]:
        """The figures as JSON."""
        share = round(self.same / self.both, 4) if self.both else None
        return {"judged_by_two": self.both, "agree": self.same, "share": share, "kappa": round(self.kappa, 4)}


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """How far two people agree. ``pairs``: whether each calls a thing boilerplate.

    >>> agreement([(True, True)] * 4 + [(False, False)] * 4 + [(True, False)] * 2).record()
    {'judged_by_two': 10, 'agree': 8, 'share': 0.8, 'kappa': 0.6154}
    """
    if not pairs:
        return Agreement(0, 0, 0.0)
    number = len(pairs)
    same = sum(a == b for a, b in pairs)
    one, other = sum(a for a, _ in pairs) / number, sum(b for _, b in pairs) / number
    chance = one * other + (1 - one) * (1 - other)
    return Agreement(number, same, (same / number - chance) / (1 - chance) if chance < 1 else 1.0)
