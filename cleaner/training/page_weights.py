"""The first stage of the judge of pages: what the signs of a block weigh, by logistic regression.

A block learnt from weighs as much as its share of its article's words. The scores that the second stage learns from
come from weights that have not seen the site.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cleaner.detectors.trees import Floats, Matrix, Places
from cleaner.training.page_blocks import Mode, PageRow

PARTS = 4
"""Parts of the sites, for weights that have not seen a site."""
PENALTY: Mapping[Mode, float] = {"full": 60.0, "fast": 30.0}
SEEN_IN = 60
"""Blocks that must show a sign for it to be weighed."""
LEAST = 0.05
"""Weights nearer to nothing are left out."""
SURE, NOT_SURE = 0.9, 0.1
"""A block with at least the first share is all article, one with at most the second is none."""
PHRASE = 0.12
"""What a block of a set of phrases counts, as a share of an article."""
MOST, ALL = 0.3, 2.5
"""What a block, and all blocks of a page together, may count at most."""
STEPS, STILL = 7, 1e-3
"""Steps of Newton's method at most, and the step that is small enough to stop."""
NOT_OURS = frozenset((
    "named byline", "named caption", "named share", "named related", "named navigation", "named footer", "named tags",
    "named promotion", "tag figcaption",
))  # fmt: skip
"""Signs of what wide sets count as content."""


@dataclass(frozen=True, slots=True)
class Sets:
    """What is particular about some sets, by name. ``worth``: how much a set counts; others 1. ``wide``: sets whose
    gold counts comments, bylines and captions as content: where it takes these it says nothing."""

    worth: Mapping[str, float] = field(default_factory=dict)
    wide: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class FirstStage:
    """Weights: ``start``, and for each sign one number, or two with an extractor (left out by it, taken by it).

    ``scores``: (blocks,), of all blocks of all pages, by weights that have not seen the site.
    """

    mode: Mode
    penalty: float
    start: float
    signs: Mapping[str, tuple[float, ...]]
    scores: Floats

    def yaml(self, origin: Mapping[str, Any]) -> str:
        """The file of the weights; ``origin`` goes into its block ``trained_on``."""
        numbers = "Two numbers: where the extractor leaves the block out, where it takes it."
        about = numbers if self.mode == "full" else "Without an extractor."
        lines = [
            f"  '{sign.replace(chr(39), chr(39) * 2)}': {_shown(each)}" for sign, each in sorted(self.signs.items())
        ]
        return "\n".join((
            "# What each sign of a block weighs (cleaner/detectors/page_judge/signs.py names them): the logarithm of",
            "# the odds that a block which shows it is outside of the article, added to `start`.",
            f"# {about} Measured by `cleaner fit pages`; no page's text is in here.",
            "trained_on:",
            *(f"  {name}: {json.dumps(value)}" for name, value in origin.items()),
            f"start: {self.start:.2f}",
            "signs:",
            *lines,
            "",
        ))  # fmt: skip


def _shown(numbers: Sequence[float]) -> str:
    return str(list(numbers)) if len(numbers) > 1 else str(numbers[0])


def first_stage(rows: Sequence[PageRow], mode: Mode, penalty: float, sets: Sets) -> FirstStage:
    """Fits the weights, and weights without each part of the sites for the scores. Raises ``ValueError`` where gold
    says nothing of any block, or all is of one kind."""
    often = Counter(sign for row in rows for signs in row.seen(mode).signs for sign in set(signs))
    vocabulary = {sign: at for at, sign in enumerate(sorted(s for s, count in often.items() if count >= SEEN_IN))}
    columns = _columns(rows, mode, vocabulary)
    y, counts = targets(rows, mode, sets)
    chosen, chance = sample(counts, 0.7, 0.2)
    if not len(chosen) or y[chosen].min() >= 0.5 or y[chosen].max() < 0.5:
        raise ValueError("gold needs both blocks of articles and blocks of what is around them")
    x, worth = _dense([columns[n] for n in chosen], columns[0][-1] + 1), counts[chosen] / chance
    part = np.repeat(parts_of(rows), sizes(rows, mode))
    scores = np.zeros(len(columns))
    weights = np.zeros(x.shape[1], np.float32)
    for number in range(PARTS):
        train = part[chosen] != number
        weights = _fit(x[train], y[chosen][train], worth[train], penalty, weights)
        test = np.flatnonzero(part == number)
        scores[test] = sigmoid(np.array([weights[columns[block]].sum() for block in test.tolist()], np.float32))
    weights = _fit(x, y[chosen], worth, penalty, weights)
    found = {}
    for sign, at in vocabulary.items():
        left_out = float(weights[at])
        both = (left_out, left_out + float(weights[at + len(vocabulary)])) if mode == "full" else (left_out,)
        if max(map(abs, both)) >= LEAST:
            found[sign] = tuple(round(each, 2) for each in both)
    return FirstStage(mode, penalty, round(float(weights[-1]), 2), found, scores)


def sizes(rows: Sequence[PageRow], mode: Mode) -> list[int]:
    """The number of blocks of each page."""
    return [len(row.seen(mode).words) for row in rows]


def parts_of(rows: Sequence[PageRow]) -> Places:
    """(pages,): the part of each page; all pages of a site are in one."""
    sites = sorted({row.site for row in rows})
    random.Random(3).shuffle(sites)
    part = {site: number % PARTS for number, site in enumerate(sites)}
    return np.array([part[row.site] for row in rows])


def targets(rows: Sequence[PageRow], mode: Mode, sets: Sets) -> tuple[Matrix, Matrix]:
    """(blocks,) twice: how much each is outside of the article, and what it counts: its share of the article."""
    outside: list[float] = []
    counts: list[float] = []
    for row in rows:
        seen, name = row.seen(mode), row.gold.set
        length = max(50, len(row.gold.text.split()))
        own = []
        for label, words, title, signs in zip(seen.labels, seen.words, seen.titles, seen.signs, strict=True):
            if label is None:
                outside.append(0.0)
                own.append(0.0)
                continue
            outside.append(1 - label if NOT_SURE < label < SURE else float(label < 0.5))
            # A headline is for the markup to tell, and for the profile to keep or remove.
            nothing = title or (name in sets.wide and label >= 0.5 and any(map(_not_ours, signs)))
            own.append(0.0 if nothing else min(MOST, PHRASE if row.gold.phrases else (words + 1.5) / length))
        scale = sets.worth.get(name, 1.0) * min(1.0, ALL / (sum(own) or 1.0))
        counts += [scale * each for each in own]
    return np.array(outside, np.float32), np.array(counts, np.float32)


def _not_ours(sign: str) -> bool:
    """Whether a sign tells of what some sets count as content and we don't."""
    return sign in NOT_OURS or (sign.split()[0] in ("named", "inside", "further") and "comments" in sign)


def sample(counts: Matrix, level: float, least: float) -> tuple[Places, Matrix]:
    """Of the many blocks that count for little some that stand for all, and the chance that each had."""
    chance = np.clip(counts / (np.quantile(counts, level) or 1.0), least, 1)
    chosen = np.flatnonzero((np.random.default_rng(1).random(len(counts)) < chance) & (counts > 0))
    return chosen, chance[chosen]


def _columns(rows: Sequence[PageRow], mode: Mode, vocabulary: Mapping[str, int]) -> list[list[int]]:
    """The columns that are 1 for each block: its signs, and again where the extractor takes it; the last is always."""
    size = len(vocabulary)
    last = 2 * size if mode == "full" else size
    columns = []
    for row in rows:
        seen = row.seen(mode)
        for signs, took in zip(seen.signs, seen.took, strict=True):
            own = sorted({vocabulary[sign] for sign in signs if sign in vocabulary})  # in the same order each time
            columns.append(own + ([at + size for at in own] if took and mode == "full" else []) + [last])
    return columns


def _dense(columns: Sequence[list[int]], width: int) -> Matrix:
    matrix = np.zeros((len(columns), width), np.float32)
    for number, own in enumerate(columns):
        matrix[number, own] = 1
    return matrix


def _fit(x: Matrix, y: Matrix, counts: Matrix, penalty: float, weights: Matrix) -> Matrix:
    """Logistic regression with a quadratic penalty, by Newton's method from ``weights``. ``x``: (blocks, columns)."""
    counts = counts / counts.mean()
    penalties = np.full(x.shape[1], penalty, np.float32)
    penalties[-1] = 1e-3
    for _ in range(STEPS):
        p = sigmoid(x @ weights)
        gradient = x.T @ (counts * (p - y)) + penalties * weights
        hessian = (x * (counts * p * (1 - p) + 1e-6)[:, None]).T @ x
        hessian[np.diag_indices(len(weights))] += penalties
        step = np.linalg.solve(hessian.astype(np.float64), gradient.astype(np.float64))
        weights = (weights - step).astype(np.float32)
        if np.abs(step).max() < STILL:
            break
    return weights


def sigmoid(z: Matrix) -> Matrix:
    """The scores of sums of weights."""
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))
