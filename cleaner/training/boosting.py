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

from cleaner.detectors.trees import UNIT, Floats, Forest, Matrix

BINS = 64

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """The hyperparameters of a forest."""

    trees: int
    depth: int
    rate: float
    calm: float
    """The L2 penalty, added to the weight of each leaf. With a larger one, few examples count less."""
    columns: float = 0.3
    rows: float = 0.7
    seed: int = 7


def edges_of(features: Matrix) -> list[Matrix]:
    """Return the bin edges of each feature (a row), midway between values."""
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
        sums = Forest.of(start, {name: number for number, name in enumerate(names)}).outputs(features)
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
    """Return the questions of one tree: the feature and the number of the edge, level by level.

    For each feature, leaf and bin ``_sums`` adds up slope and curve. Below the first level that is done for the smaller
    half of each leaf alone; the other half is what the leaf above has beyond it.
    """
    both = np.concatenate((slope, curve))[:, chosen]
    outputs = len(slope)
    seen = bins[np.ix_(columns, chosen)].astype(np.int32)
    last = np.array([len(edges[column]) for column in columns])
    beyond = np.arange(BINS) >= last[:, None]  # no edge there
    leaf = np.zeros(len(chosen), np.int32)
    sums = _sums(seen, leaf, both, 1)
    questions = []
    for level in range(settings.depth):
        low = sums.cumsum(axis=-1)
        high = low[..., -1:] - low
        gain = np.zeros((len(columns), BINS))
        for one in range(outputs):
            for part in (low, high):
                gain += (part[:, one] ** 2 / (part[:, outputs + one] + settings.calm)).sum(axis=1)
        gain[beyond] = -1.0
        number, edge = np.unravel_index(int(np.argmax(gain.round(9))), gain.shape)
        questions.append((int(columns[number]), int(edge)))
        if level + 1 == settings.depth:
            break
        yes = seen[number] > edge
        leaf = leaf * 2 + yes
        sizes = np.bincount(leaf, minlength=2 ** (level + 1)).reshape(-1, 2)
        smaller = sizes[:, 1] < sizes[:, 0]
        few = np.flatnonzero(yes == smaller[leaf // 2])
        part = _sums(seen[:, few], leaf[few] // 2, both[:, few], len(smaller))
        rest = sums - part
        pick = smaller[:, None]
        sums = np.stack((np.where(pick, rest, part), np.where(pick, part, rest)), axis=3)
        sums = sums.reshape(len(columns), 2 * outputs, -1, BINS)
    return questions


def _sums(seen: npt.NDArray[np.int32], leaf: npt.NDArray[np.int32], values: Floats, leaves: int) -> Floats:
    """Return the sums of the values by column, row of values, leaf and bin."""
    place = leaf * BINS
    rows = [[np.bincount(place + column, each, leaves * BINS) for each in values] for column in seen]
    return np.array(rows).reshape(len(seen), len(values), leaves, BINS)


def _leaves(leaf: Whole, chosen: Whole, slope: Floats, curve: Floats, settings: Settings) -> Whole:
    """Return the leaves of one tree as integers, one row per output."""
    size = 2**settings.depth
    rows = []
    for one, other in zip(slope[:, chosen], curve[:, chosen], strict=True):
        sums = np.bincount(leaf[chosen], one, size)
        mass = np.bincount(leaf[chosen], other, size)
        rows.append(np.round(-settings.rate * sums / (mass + settings.calm) * UNIT))
    return np.array(rows).astype(np.int64)


def _steps(leaves: Whole, mass: Floats) -> list[int]:
    """Return how much each answer moves the mean of the leaves that can still be reached, by level and earlier
    answers."""
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
