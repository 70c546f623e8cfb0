"""Training a forest: gradient boosting of oblivious trees, in numpy alone.

Each tree is grown on a random part of rows and features (the same for the same seed) to take the loss down the most;
all nodes of a level share one question. One output: is it boilerplate? Several: which of them is it?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.detectors.features import Floats, Matrix
from cleaner.detectors.forest import UNIT, Forest

BINS = 64

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to grow a forest."""

    trees: int
    depth: int
    rate: float
    calm: float
    """Added to the weight of each leaf: the larger, the less a few examples say."""
    columns: float = 0.3
    rows: float = 0.7
    seed: int = 7


def edges_of(features: Matrix) -> list[Matrix]:
    """For each feature (a row) the edges between which its values are told apart, midway between values."""
    edges = []
    for values in features:
        kinds = np.unique(values)
        if len(kinds) > BINS:
            kinds = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1), method="lower"))
        middles = (kinds[1:].astype(float) + kinds[:-1]) / 2
        edges.append(middles[: BINS - 1].astype(np.float32))
    return edges


def train(
    names: Sequence[str],
    features: Matrix,
    labels: Whole,
    weights: Floats,
    outputs: int,
    settings: Settings,
    start: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record of a forest (``Forest.of``). ``labels``: 0 and 1 for one output, or the number of the right output.

    ``start`` is the record of a forest of the same depth to grow further. ``names`` must be those of ``features``.
    """
    choice = np.random.RandomState(settings.seed)  # its numbers are promised to stay the same in all versions
    edges = edges_of(features)
    places = [np.searchsorted(e, values, side="left") for e, values in zip(edges, features, strict=True)]
    bins = np.stack(places).astype(np.uint8)
    usable = np.array([number for number, each in enumerate(edges) if len(each)])
    rows, wanted = features.shape[1], _targets(labels, outputs)
    share = (wanted * weights).sum(axis=1) / weights.sum()
    base = np.log(share / (1 - share)) if outputs == 1 else np.log(np.maximum(share, 1e-6))
    sums = np.repeat(base[:, None], rows, axis=1)
    record: dict[str, Any] = {"depth": settings.depth, "base": _whole(base), "leaves": [], "steps": []}
    asks: list[str] = []
    at: list[float] = []
    if start:
        sums = Forest.of(start).outputs(features)
        record = {key: list(start[key]) if isinstance(start[key], list) else start[key] for key in record}
        asks, at = [start["features"][number] for number in start["asks"]], list(start["edges"])
    for _ in range(settings.trees):
        guess = _guess(sums)
        slope, curve = weights * (guess - wanted), weights * guess * (1 - guess)
        chosen = np.flatnonzero(choice.random_sample(rows) < settings.rows)
        size = max(1, int(len(usable) * settings.columns))
        columns = np.sort(choice.choice(usable, size, replace=False))
        questions = _grow(bins, columns, chosen, slope, curve, edges, settings)
        leaf = np.zeros(rows, np.int64)
        for column, edge in questions:
            leaf = leaf * 2 + (bins[column] > edge)
        leaves = _leaves(leaf, chosen, slope, curve, settings)
        sums += leaves[:, leaf] / UNIT
        asks += [names[column] for column, _ in questions]
        at += [float(edges[column][edge]) for column, edge in questions]
        record["leaves"] += leaves.T.ravel().tolist()
        record["steps"] += _steps(leaves[0], np.asarray(np.bincount(leaf, weights, leaves.shape[1]), float))
    record["features"] = sorted(set(asks))
    place = {name: number for number, name in enumerate(record["features"])}
    record["asks"], record["edges"] = [place[name] for name in asks], at
    return record


def _targets(labels: Whole, outputs: int) -> Floats:
    if outputs == 1:
        return np.asarray(labels[None], float)
    return np.asarray(labels[None] == np.arange(outputs)[:, None], float)


def _guess(sums: Floats) -> Floats:
    if len(sums) == 1:
        return np.asarray(1 / (1 + np.exp(-sums)))
    powers = np.exp(sums - sums.max(axis=0))
    return np.asarray(powers / powers.sum(axis=0))


def _grow(
    bins: npt.NDArray[np.uint8],
    columns: Whole,
    chosen: Whole,
    slope: Floats,
    curve: Floats,
    edges: Sequence[Matrix],
    settings: Settings,
) -> list[tuple[int, int]]:
    """The questions of one tree: feature and number of the edge, level by level."""
    slope, curve = slope[:, chosen], curve[:, chosen]
    seen = bins[np.ix_(columns, chosen)].astype(np.int32)
    leaf = np.zeros(len(chosen), np.int32)
    questions = []
    for level in range(settings.depth):
        leaves = 2**level
        best: tuple[float, int, int] = (-1.0, 0, 0)
        for number, column in enumerate(columns):
            place = leaf * BINS + seen[number]
            gain = np.zeros(len(edges[column]))
            for one, other in zip(slope, curve, strict=True):
                sums = np.bincount(place, one, leaves * BINS).reshape(leaves, BINS).cumsum(axis=1)
                mass = np.bincount(place, other, leaves * BINS).reshape(leaves, BINS).cumsum(axis=1)
                low, light = sums[:, : len(gain)], mass[:, : len(gain)]
                high, heavy = sums[:, -1:] - low, mass[:, -1:] - light
                gain += (low**2 / (light + settings.calm) + high**2 / (heavy + settings.calm)).sum(axis=0)
            edge = int(np.argmax(gain))
            if gain[edge] > best[0] + 1e-9:
                best = (float(gain[edge]), number, edge)
        questions.append((int(columns[best[1]]), best[2]))
        leaf = leaf * 2 + (seen[best[1]] > best[2]).astype(np.int32)
    return questions


def _leaves(leaf: Whole, chosen: Whole, slope: Floats, curve: Floats, settings: Settings) -> Whole:
    """The leaves of one tree, a row an output, in whole numbers."""
    size = 2**settings.depth
    rows = []
    for one, other in zip(slope[:, chosen], curve[:, chosen], strict=True):
        sums = np.bincount(leaf[chosen], one, size)
        mass = np.bincount(leaf[chosen], other, size)
        rows.append(np.round(-settings.rate * sums / (mass + settings.calm) * UNIT))
    return np.array(rows).astype(np.int64)


def _steps(leaves: Whole, mass: Floats) -> list[int]:
    """By level and answers so far, how much the last answer moved the mean of the leaves that can still be reached."""
    mass = mass + 1e-6
    steps: list[int] = []
    size = len(leaves)
    above = np.array([(leaves * mass).sum() / mass.sum()])
    width = 2
    while width <= size:
        parts = (leaves * mass).reshape(width, -1).sum(axis=1) / mass.reshape(width, -1).sum(axis=1)
        steps += np.round(parts - np.repeat(above, 2)).astype(int).tolist()
        above = parts
        width *= 2
    return steps


def _whole(values: Floats) -> list[int]:
    return [int(value) for value in np.round(values * UNIT)]
