"""Gradient-boosted trees of up to 16 leaves, asked all at once of all paragraphs of an article.

Every question of every tree is asked of every paragraph in one comparison; a question answered "no" rules out the
leaves below its "yes" side, a bit mask a question, and the first leaf that no mask rules out is the tree's
(QuickScorer, Lucchese et al. 2015, https://doi.org/10.1145/2766462.2767733). Leaves are whole numbers (millionths),
whose sum is the same on every machine and in every order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]

UNIT = 1_000_000
LEAVES = 16
"""Leaves a tree may have: as many as a mask has bits."""
QUESTIONS = LEAVES - 1
AT_ONCE = 1024
"""Paragraphs asked at once; the table of answers for them takes some 30 MB."""
_ALL = np.uint16(0xFFFF)


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Trees ready to run.

    ``rows`` and ``edges`` (trees * 15,): question n asks ``features[rows[n]] <= edges[n]``. ``masks`` (trees, 15)
    uint16: the leaves left by the answer no. ``leaves`` (trees, 16) int32. ``homes`` (trees,): each tree's output.
    ``base``: where each output starts. ``moves`` (trees, 16, groups) int32: what each group of features added to a
    leaf.
    """

    rows: Places
    edges: Matrix
    masks: npt.NDArray[np.uint16]
    leaves: Whole
    homes: Places
    base: tuple[int, ...]
    moves: Whole

    def outputs(self, features: Matrix) -> Floats:
        """(outputs, paragraphs): the sums of the leaves. ``features``: (features, paragraphs) float32."""
        parts = []
        for at in range(0, max(features.shape[1], 1), AT_ONCE):
            reached = self._reached(features[:, at : at + AT_ONCE])
            values = np.take_along_axis(self.leaves, reached, axis=1)
            sums = np.zeros((len(self.base), reached.shape[1]), np.int64)
            for output in range(len(self.base)):
                sums[output] = values[self.homes == output].sum(axis=0, dtype=np.int64) + self.base[output]
            parts.append(sums)
        return np.asarray(np.concatenate(parts, axis=1) / UNIT)

    def contributions(self, features: Matrix) -> Floats:
        """(groups, paragraphs): how much each group of features moved the first output."""
        first = np.flatnonzero(self.homes == 0)
        total = np.zeros((features.shape[1], self.moves.shape[2]), np.int64)
        reached = self._reached(features)[first]
        for column in range(features.shape[1]):
            total[column] = self.moves[first, reached[:, column]].sum(axis=0, dtype=np.int64)
        return np.asarray(total.T / UNIT)

    def _reached(self, features: Matrix) -> npt.NDArray[np.uint8]:
        """(trees, paragraphs): the number of the leaf that each paragraph comes to."""
        trees, number = len(self.leaves), features.shape[1]
        left = np.where(features[self.rows] <= self.edges[:, None], _ALL, self.masks.reshape(-1, 1))
        left = np.bitwise_and.reduce(left.reshape(trees, QUESTIONS, number), axis=1)
        return _LOWEST[left]

    @classmethod
    def of(cls, record: Mapping[str, Any], row: Mapping[str, int], groups: Sequence[str]) -> Ensemble:
        """The ensemble of a record; ``row``: the number of each feature by name, ``groups``: the group of each feature.

        Raises ``ValueError`` if its parts don't fit, or it asks for what there isn't.
        """
        names: Sequence[str] = record["features"]
        unknown = [name for name in names if name not in row]
        if unknown:
            raise ValueError(f"it asks for what there isn't: {', '.join(map(repr, unknown[:3]))}")
        base = tuple(int(number) for number in record["base"])
        trees = record["trees"]
        kinds = list(dict.fromkeys(groups))
        rows = np.zeros((len(trees), QUESTIONS), np.int64)
        edges = np.full((len(trees), QUESTIONS), np.inf, np.float32)
        masks = np.full((len(trees), QUESTIONS), _ALL)
        leaves = np.zeros((len(trees), LEAVES), np.int32)
        moves = np.zeros((len(trees), LEAVES, len(kinds)), np.int32)
        homes = np.zeros(len(trees), np.int64)
        place = np.array([row[name] for name in names], np.int64)
        kind = [kinds.index(groups[number]) for number in place]
        for number, tree in enumerate(trees):
            homes[number] = tree["output"]
            asked, at, ranges, values = tree["asks"], tree["edges"], tree["ranges"], tree["values"]
            fits = len(asked) == len(at) == len(ranges) == len(tree["means"]) == len(values) - 1 < LEAVES
            if not fits or homes[number] >= len(base):
                raise ValueError(f"tree {number} does not fit")
            rows[number, : len(asked)] = place[asked]
            edges[number, : len(asked)] = at
            leaves[number, : len(values)] = values
            masks[number, : len(asked)] = [~np.uint16((1 << middle) - (1 << first)) for first, middle, _ in ranges]
            for leaf, value in enumerate(values):
                path = [question for question, (first, _, last) in enumerate(ranges) if first <= leaf < last]
                held = [*(tree["means"][question] for question in path), value]
                for question, before, after in zip(path, held, held[1:], strict=False):
                    moves[number, leaf, kind[asked[question]]] += after - before
        return cls(rows.ravel(), edges.ravel(), masks, leaves, homes, base, moves)


def _lowest() -> npt.NDArray[np.uint8]:
    numbers = np.arange(1 << LEAVES)
    found = np.zeros(1 << LEAVES, np.uint8)
    for bit in reversed(range(LEAVES)):
        found[(numbers >> bit & 1) == 1] = bit
    return found


_LOWEST = _lowest()
"""The lowest bit of every mask."""
