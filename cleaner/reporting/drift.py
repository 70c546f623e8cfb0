"""Two runs compared: where a rule removes from another share of a site's articles than it did.

One test for each site and each rule on it, of the share of articles that lost something by it; thousands of tests, so
the Benjamini-Hochberg procedure bounds the share of false alarms among those that it reports. Articles of one site and
day are alike, more than the tests believe: what also must differ by some points is said to be drift.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ALL = "(all)"
"""What stands for all articles together, as if they were a site."""

FEWEST = 20
"""Articles that a site needs in both runs."""

RARE = 5
"""Articles of both runs in which a rule must have removed something. Rarer ones can't show a drift, and only weigh down
the others; this looks at their sum alone, which says nothing of how they differ."""

LARGE = 5.0
"""Expected articles in each cell for the normal distribution to be near enough; with fewer the test is exact."""


@dataclass(slots=True)
class Counts:
    """A run's articles by site, and those that lost something by each rule (``""``: by any) on each site."""

    articles: dict[str, int] = field(default_factory=dict)
    touched: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, sites: Iterable[str], rules: Iterable[str]) -> None:
        """Count an article: the sites it counts for, and the rules that removed something from it."""
        every = {"", *rules}
        if len(every) == 1:
            every = set()
        for site in sites:
            self.articles[site] = self.articles.get(site, 0) + 1
            for rule in every:
                self.touched[site, rule] = self.touched.get((site, rule), 0) + 1


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed on a site: articles of both runs, those that lost something by ``rule`` (``""``: by any).

    ``q``: the share of false alarms among all that are as far out as this.
    """

    site: str
    rule: str
    articles: tuple[int, int]
    touched: tuple[int, int]
    q: float

    @property
    def shares(self) -> tuple[float, float]:
        """The share of the articles, then and now, 0 to 1."""
        return self.touched[0] / self.articles[0], self.touched[1] / self.articles[1]


def p_value(touched: tuple[int, int], articles: tuple[int, int]) -> float:
    """How likely shares that differ as much are if nothing has changed: two-sided.

    The z test of two proportions, or Fisher's exact test where too few articles are expected in a cell.

    >>> round(p_value((50, 80), (100, 100)), 6), p_value((5, 5), (20, 20))
    (9e-06, 1.0)
    """
    (a, b), (m, n) = touched, articles
    pooled = (a + b) / (m + n)
    if min(m, n) * min(pooled, 1 - pooled) >= LARGE:
        z = (a / m - b / n) / math.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
        return math.erfc(abs(z) / math.sqrt(2))
    low, high = max(0, a + b - n), min(m, a + b)
    chances = [_choose(m, k) + _choose(n, a + b - k) - _choose(m + n, a + b) for k in range(low, high + 1)]
    seen = chances[a - low]
    return min(1.0, sum(math.exp(chance) for chance in chances if chance <= seen + 1e-9))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def adjusted(values: Sequence[float]) -> list[float]:
    """The q values of Benjamini and Hochberg, in the order of the p values.

    >>> adjusted([0.01, 0.5, 0.02])
    [0.03, 0.5, 0.03]
    """
    order = sorted(range(len(values)), key=lambda at: values[at], reverse=True)
    result = [1.0] * len(values)
    lowest = 1.0
    for rank, at in zip(range(len(values), 0, -1), order, strict=True):
        lowest = min(lowest, values[at] * len(values) / rank)
        result[at] = lowest
    return result


def drifts(then: Counts, now: Counts, *, level: float = 0.01, least: float = 0.1) -> list[Drift]:
    """What has changed, the surest and largest first.

    Args: both runs; ``level``: the share of false alarms to accept; ``least``: the difference of shares that matters.
    """
    pairs = []
    for site, rule in sorted({*then.touched, *now.touched}):
        articles = then.articles.get(site, 0), now.articles.get(site, 0)
        touched = then.touched.get((site, rule), 0), now.touched.get((site, rule), 0)
        if min(articles) >= FEWEST and sum(touched) >= RARE:
            pairs.append((site, rule, articles, touched))
    values = adjusted([p_value(touched, articles) for _, _, articles, touched in pairs])
    found = [Drift(*pair, q) for pair, q in zip(pairs, values, strict=True) if q <= level]
    far = [one for one in found if abs(one.shares[0] - one.shares[1]) >= least]
    return sorted(far, key=lambda one: (one.q, -abs(one.shares[0] - one.shares[1]), one.site, one.rule))


def compared(then: Counts, now: Counts) -> list[str]:
    """The sites with enough articles in both runs; all articles together are no site."""
    enough = (name for name, articles in then.articles.items() if min(articles, now.articles.get(name, 0)) >= FEWEST)
    return sorted(name for name in enough if name != ALL)


def only_in(one: Mapping[str, int], other: Mapping[str, int]) -> list[str]:
    """The sites of one run with enough articles that the other doesn't have at all."""
    return sorted(n for n, articles in one.items() if articles >= FEWEST and n not in other and n != ALL)
