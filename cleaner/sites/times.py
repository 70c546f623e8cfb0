"""When the articles of a site have a text: at all times, or only for a short time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOSTLY = 0.8
"""The share of the articles with a text that must lie in a period for it to be the period of the text."""
SHORT = 1 / 3
"""The largest share of a site's articles that may lie in a short period."""
CHANCE = 0.05
"""The probability below which so many articles in so short a period are not due to chance."""
DAYS = 8
"""The number of different days that a site's articles must have before times count."""
LONG = 60
"""The number of days that a site's articles must span for a text to be one of all times: no story runs as long."""


@dataclass(frozen=True, slots=True)
class Time:
    """When articles have a text. ``days``: the length of the period in which most of its articles lie, if it is short,
    otherwise 0.

    Then ``articles``: the number of the site's articles of these days, and ``having``: the number of them with the
    text. ``steady``: whether articles of all times have it.
    """

    days: int = 0
    articles: int = 0
    having: int = 0
    steady: bool = False


UNKNOWN = Time()


def time_of(holders: Sequence[int], all_days: Sequence[int]) -> Time:
    """Return when articles have a text. ``holders``: the days of those that have it. ``all_days``: the days of all the
    site's articles with a known day. Both are sorted.

    >>> year = list(range(700_000, 700_365, 3))
    >>> time_of([700_030, 700_033, 700_036, 700_039], year)
    Time(days=10, articles=4, having=4, steady=False)
    >>> time_of(year[::4], year)
    Time(days=0, articles=0, having=0, steady=True)
    """
    if len(holders) < 3 or len(set(all_days)) < DAYS:
        return UNKNOWN
    many = -int(-MOSTLY * len(holders) // 1)
    share, start, end = min(
        (_between(all_days, first, last) / len(all_days), first, last)
        for first, last in zip(holders, holders[many - 1 :], strict=False)
    )
    if share <= SHORT and _chance(many, share) < CHANCE:
        having = bisect_right(holders, end) - bisect_left(holders, start)
        return Time(end - start + 1, _between(all_days, start, end), having)
    return Time(steady=_at_all_times(holders, all_days))


def _between(days: Sequence[int], first: int, last: int) -> int:
    return bisect_right(days, last) - bisect_left(days, first)


def _chance(many: int, share: float) -> float:
    """Return the probability that ``many`` articles drawn by chance lie within this share of all."""
    return many * float(share ** (many - 1)) - (many - 1) * float(share**many)


def _at_all_times(holders: Sequence[int], all_days: Sequence[int]) -> bool:
    """Return whether some articles of each third of a site's articles, by day, have the text, over a long time."""
    if all_days[-1] - all_days[0] < LONG or len(holders) < 6:
        return False
    edges = [all_days[len(all_days) * part // 3] for part in (1, 2)]
    parts = [bisect_left(holders, edge) for edge in edges]
    counts = (parts[0], parts[1] - parts[0], len(holders) - parts[1])
    return min(counts) >= len(holders) / 6
