"""When a text of a site's articles stands in them: at all times, or only for a short one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOSTLY = 0.8
"""The share of the articles with a text that must lie in a time for it to be the text's."""
SHORT = 1 / 3
"""The most of a site's articles that lie in a short time."""
CHANCE = 0.05
"""How likely so many articles, drawn by chance, may lie in so short a time, for it to be no chance."""
DAYS = 8
"""Different days that a site's articles must have for times to mean anything."""
LONG = 60
"""Days over which a site's articles must be spread for a text to be told at all times: no story runs as long."""


@dataclass(frozen=True, slots=True)
class Time:
    """When a text stands in articles. ``days`` that most of its articles lie in, where that is a short time, else 0;

    then ``articles``: how many of the site came out in these days, and ``having``: how many of them have the text.
    ``steady``: it stands in articles of all times.
    """

    days: int = 0
    articles: int = 0
    having: int = 0
    steady: bool = False


UNKNOWN = Time()


def time_of(holders: Sequence[int], all_days: Sequence[int]) -> Time:
    """When a text stands in articles: ``holders`` are the days of those that have it, ``all_days`` those of all the
    site's articles whose day is known; both sorted.

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
    """How likely ``many`` articles, drawn by chance, lie within this share of all."""
    return many * float(share ** (many - 1)) - (many - 1) * float(share**many)


def _at_all_times(holders: Sequence[int], all_days: Sequence[int]) -> bool:
    """Whether each third of a site's articles, by their days, has some of those with the text, over a long time."""
    if all_days[-1] - all_days[0] < LONG or len(holders) < 6:
        return False
    edges = [all_days[len(all_days) * part // 3] for part in (1, 2)]
    parts = [bisect_left(holders, edge) for edge in edges]
    counts = (parts[0], parts[1] - parts[0], len(holders) - parts[1])
    return min(counts) >= len(holders) / 6
