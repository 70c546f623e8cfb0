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

from cleaner.detectors import compiled

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]

UNIT = 1_000_000
LEAVES = 16
"""Leaves a tree may have: as many as a mask has bits."""
QUESTIONS = LEAVES - 1
AT_ONCE = 128
"""Paragraphs asked at once: so few that the answers of all trees stay near the processor."""


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Trees ready to run.

    ``rows`` (15 * trees,) and ``edges`` (15 * trees, 1): question n of tree t asks ``features[rows[n * trees + t]] <=
    edges[...]``. ``masks`` (15, trees, 1) uint16: the leaves that the answer no rules out. ``leaves`` (trees * 16,)
    int32. ``homes`` (trees,): the output of each tree. ``order`` (trees,): the trees by output; ``starts``: where those
    of each of ``present`` begin, the outputs that have trees. ``base``: where each output starts. ``moves``
    (trees * 16, groups) int64: what each group of features added to a leaf.
    """

    rows: Places
    edges: Matrix
    masks: npt.NDArray[np.uint16]
    leaves: Whole
    homes: Places
    order: Places
    starts: Places
    present: Places
    base: tuple[int, ...]
    moves: Places

    def outputs(self, features: Matrix) -> Floats:
        """(outputs, paragraphs): the sums of the leaves. ``features``: (features, paragraphs) float32."""
        total = np.repeat(np.array(self.base, np.int64)[:, None], features.shape[1], axis=1)
        if (native := compiled.native) and features.shape[1]:
            sums = native.trees_outputs(*self._asked(features), self.leaves, len(self.base))
            return np.asarray((np.frombuffer(sums, np.int64).reshape(total.shape) + total) / UNIT)
        for at in range(0, features.shape[1], AT_ONCE):
            values = self.leaves.take(self._reached(features[:, at : at + AT_ONCE])[self.order])
            total[self.present, at : at + AT_ONCE] += np.add.reduceat(values, self.starts, axis=0, dtype=np.int64)
        return np.asarray(total / UNIT)

    def contributions(self, features: Matrix) -> Floats:
        """(groups, paragraphs): how much each group of features moved the first output."""
        kinds = self.moves.shape[1]
        if (native := compiled.native) and features.shape[1] and kinds:
            sums = native.trees_moves(*self._asked(features), self.moves, kinds)
            return np.asarray(np.frombuffer(sums, np.int64).reshape(-1, kinds).T / UNIT)
        last = self.starts[1] if len(self.starts) > 1 else len(self.order)
        first = self.order[: last if 0 in self.present else 0]
        parts = []
        for at in range(0, features.shape[1], AT_ONCE):
            reached = self._reached(features[:, at : at + AT_ONCE])[first]
            parts += [self.moves.take(column, axis=0).sum(axis=0) for column in reached.T]
        total = np.array(parts, np.int64).reshape(len(parts), self.moves.shape[1])
        return np.asarray(total.T / UNIT)

    def _asked(self, features: Matrix) -> tuple[Matrix, Places, Matrix, npt.NDArray[np.uint16], Places, int]:
        """What the compiled functions are asked, that do the same as those beside them."""
        return np.ascontiguousarray(features), self.rows, self.edges, self.masks, self.homes, features.shape[1]

    def _reached(self, features: Matrix) -> Places:
        """(trees, paragraphs): the leaf that each paragraph comes to, as its row in ``leaves``."""
        trees, number = self.masks.shape[1], features.shape[1]
        answers = features.take(self.rows, axis=0) > self.edges
        out = answers.view(np.uint8).reshape(QUESTIONS, trees, number).astype(np.uint16)
        out *= self.masks
        first = np.arange(0, trees * LEAVES, LEAVES)[:, None]
        return np.asarray(_LOWEST[~np.bitwise_or.reduce(out, axis=0)] + first)

    @classmethod
    def of(cls, record: Mapping[str, Any], row: Mapping[str, int], groups: Sequence[str] = ()) -> Ensemble:
        """The ensemble of a record; ``row``: the number of each feature by name. ``groups``: the group of each feature,
        for ``contributions``; to add them up takes most of the time.

        Raises ``ValueError`` if its parts don't fit, or it asks for what there isn't.
        """
        names: Sequence[str] = record["features"]
        unknown = [name for name in names if name not in row]
        if unknown:
            raise ValueError(f"it asks for what there isn't: {', '.join(map(repr, unknown[:3]))}")
        base = tuple(int(number) for number in record["base"])
        trees = record["trees"]
        kinds = list(dict.fromkeys(groups))
        many = len(trees)
        rows = np.zeros((many, QUESTIONS), np.int64)
        edges = np.full((many, QUESTIONS), np.inf, np.float32)
        masks = np.zeros((many, QUESTIONS), np.uint16)
        leaves = np.zeros((many, LEAVES), np.int32)
        moves = np.zeros((many, LEAVES, len(kinds)), np.int64)
        homes = np.zeros(many, np.int64)
        place = np.array([row[name] for name in names], np.int64)
        kind = [kinds.index(groups[number]) for number in place] if groups else []
        for number, tree in enumerate(trees):
            homes[number] = tree["output"]
            asked, at, ranges, values = tree["asks"], tree["edges"], tree["ranges"], tree["values"]
            fits = len(asked) == len(at) == len(ranges) == len(tree["means"]) == len(values) - 1 < LEAVES
            if not fits or homes[number] >= len(base):
                raise ValueError(f"tree {number} does not fit")
            rows[number, : len(asked)] = place[asked]
            edges[number, : len(asked)] = at
            leaves[number, : len(values)] = values
            masks[number, : len(asked)] = [(1 << middle) - (1 << first) for first, middle, _ in ranges]
            for leaf, value in enumerate(values) if groups else ():
                path = [question for question, (first, _, last) in enumerate(ranges) if first <= leaf < last]
                held = [*(tree["means"][question] for question in path), value]
                for question, before, after in zip(path, held, held[1:], strict=False):
                    moves[number, leaf, kind[asked[question]]] += after - before
        order = np.argsort(homes, kind="stable")
        present, starts = np.unique(homes[order], return_index=True)
        return cls(
            rows.T.ravel(),
            edges.T.reshape(-1, 1),
            np.ascontiguousarray(masks.T).reshape(QUESTIONS, -1, 1),
            leaves.ravel(),
            homes,
            order,
            starts,
            present,
            base,
            moves.reshape(many * LEAVES, len(kinds)),
        )


def _lowest() -> npt.NDArray[np.uint8]:
    numbers = np.arange(1 << LEAVES)
    found = np.zeros(1 << LEAVES, np.uint8)
    for bit in reversed(range(LEAVES)):
        found[(numbers >> bit & 1) == 1] = bit
    return found


_LOWEST = _lowest()
"""The lowest bit of every mask."""
