"""Measures removals against gold in characters, without white space and characters under a neutral label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cleaner.article.model import Span
from cleaner.training.gold import Gold

HARMED = 0.01
"""An article that loses a larger share of its own text counts as harmed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one article in characters."""

    gold: Gold
    hits: int
    lost: int
    missed: int
    article: int
    categories: tuple[tuple[str, int, int], ...]
    """Category, characters of it, and how many of those went."""

    @property
    def wrong(self) -> int:
        """Return the number of wrong characters."""
        return self.lost + self.missed


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures over several articles."""

    articles: int
    precision: float
    recall: float
    article_lost: float
    exact: float
    harmed: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def outcome(gold: Gold, removed: Iterable[Span]) -> Outcome:
    """Compare the removed spans with the labels of an article."""
    size = len(gold.text)
    wanted = _mask(size, (label.span for label in gold.scored))
    skipped = _mask(size, (label.span for label in gold.neutral))
    gone = _mask(size, removed)
    blank = bytes(map(str.isspace, gold.text))
    hits = lost = missed = article = 0
    for is_wanted, is_gone, is_skipped, is_blank in zip(wanted, gone, skipped, blank, strict=True):
        if is_skipped or is_blank:
            continue
        if is_wanted:
            hits += is_gone
            missed += not is_gone
        else:
            article += 1
            lost += is_gone
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for label in gold.scored:
        places = [place for place in range(label.span.start, label.span.end) if not blank[place]]
        found[label.category][0] += len(places)
        found[label.category][1] += sum(gone[place] for place in places)
    return Outcome(gold, hits, lost, missed, article, tuple((c, a, b) for c, (a, b) in sorted(found.items())))


def _mask(size: int, spans: Iterable[Span]) -> bytearray:
    marks = bytearray(size)
    for span in spans:
        marks[span.start : span.end] = b"\1" * (span.end - span.start)
    return marks


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Return the measures over all articles. A measure without cases counts as perfect."""
    hits, lost, missed, article = (
        sum(getattr(each, name) for each in outcomes) for name in ("hits", "lost", "missed", "article")
    )
    number = max(1, len(outcomes))
    return Figures(
        articles=len(outcomes),
        precision=hits / (hits + lost) if hits + lost else 1.0,
        recall=hits / (hits + missed) if hits + missed else 1.0,
        article_lost=lost / article if article else 0.0,
        exact=sum(each.wrong == 0 for each in outcomes) / number,
        harmed=sum(each.lost > HARMED * max(each.article, 1) for each in outcomes) / number,
    )


def recalls(outcomes: Iterable[Outcome]) -> dict[str, tuple[float, int]]:
    """By category, which share of its characters went, and how many there are."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in outcomes:
        for category, total, found in each.categories:
            sums[category][0] += total
            sums[category][1] += found
    return {category: (found / total if total else 1.0, total) for category, (total, found) in sorted(sums.items())}


def grouped(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, Figures]:
    """The measures by group, the largest group first."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        groups[key(each)].append(each)
    return {name: figures(groups[name]) for name in sorted(groups, key=lambda name: (-len(groups[name]), name))}
