"""Finds articles that are the same: fetched twice, syndicated or updated. They count once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

SAME = 0.5
"""The share of their paragraphs, by weight, from which two articles are the same."""


def originals(articles: Sequence[Mapping[int, int]]) -> list[int]:
    """Return the numbers of the articles that are not the same as an earlier one. Each article is given as the keys and
    word counts of its paragraphs.

    A paragraph weighs its number of words, and less if more articles have it: two short articles are not the same
    because they carry the same long notices.

    >>> notice = {9: 40}
    >>> originals([{1: 30, 2: 20} | notice, {3: 25} | notice, {1: 30, 2: 20}, {4: 25} | notice, {5: 30}])
    [0, 1, 3, 4]
    """
    often = Counter(key for article in articles for key in article)
    weight = {key: log((len(articles) + 1) / count) for key, count in often.items()}
    totals = [sum(words * weight[key] for key, words in article.items()) for article in articles]
    first = list(range(len(articles)))
    holders: dict[int, int] = {}
    tried: set[tuple[int, int]] = set()
    for number, article in enumerate(articles):
        for key in article:
            # Of those that share a paragraph only the last is asked: those before it have been asked by it.
            other = holders.get(key)
            holders[key] = number
            if other is None or (other, number) in tried:
                continue
            tried.add((other, number))
            common = sum(
                min(words, articles[other][each]) * weight[each]
                for each, words in article.items()
                if each in articles[other]
            )
            if common > SAME * max(min(totals[number], totals[other]), 1e-9) and common > SAME * SAME * max(
                totals[number], totals[other]
            ):
                first[number] = min(first[number], first[other])
    return [number for number in range(len(articles)) if first[number] == number]
