"""Many small decision trees, asked all at once of all paragraphs of an article.

The trees are oblivious: all nodes of one level ask the same question (is feature f over edge e?). So the answers to the
questions, read as a binary number, are the leaf, and a whole forest is one comparison of matrices and one lookup.
Leaves hold whole numbers (millionths), whose sum is the same on every machine and in every order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.detectors import compiled

UNIT = 1_000_000
AT_ONCE = 2048
"""Paragraphs judged at once; the tables for them take some 20 MB."""

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees ready to run. Question number ``tree * depth + level`` asks ``features[row] > edge``."""

    depth: int
    rows: npt.NDArray[np.int64]
    edges: Matrix
    base: tuple[int, ...]
    leaves: Whole
    """By tree, leaf and output."""
    steps: Whole
    """By question and the answers before it, of the first output: what the answer no and yes adds on average."""

    def outputs(self, features: Matrix) -> Floats:
        """A row an output, a column a paragraph: the sums of the leaves."""
        number = features.shape[1]
        if number and (native := compiled.native):
            sums = native.forest_outputs(*self._asked(features), self.leaves, len(self.base))
            totals = np.frombuffer(sums, np.int64).reshape(len(self.base), number)
            return np.asarray((totals + np.array(self.base)[:, None]) / UNIT)
        parts = [self._outputs(features[:, at : at + AT_ONCE]) for at in range(0, number, AT_ONCE)]
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(self.base), 0))

    def _outputs(self, features: Matrix) -> Floats:
        leaf = self._paths(features)[-1]
        trees, size, outputs = self.leaves.shape
        flat = leaf + (np.arange(trees) * size)[:, None]
        found = self.leaves.reshape(-1, outputs).take(flat, axis=0)
        sums = found.sum(axis=0, dtype=np.int64) + np.array(self.base)
        return np.asarray(sums.T / UNIT)

    def _asked(self, features: Matrix) -> tuple[Matrix, Places, Matrix, int, int]:
        """What the compiled functions are given of the forest and of what it is asked."""
        return np.ascontiguousarray(features, np.float32), self.rows, self.edges, self.depth, features.shape[1]

    def _paths(self, features: Matrix) -> list[npt.NDArray[np.int16]]:
        """By level, the answers so far as a binary number, a row a tree and a column a paragraph."""
        answers = (features[self.rows] > self.edges[:, None]).reshape(len(self.leaves), self.depth, features.shape[1])
        path = np.zeros((len(answers), features.shape[1]), np.int16)  # small numbers take less time to move
        paths = []
        for level in range(self.depth):
            path = path * 2 + answers[:, level]
            paths.append(path)
        return paths

    def contributions(self, features: Matrix, groups: Floats) -> Floats:
        """How much each group of features moved the first output, a column a paragraph.

        ``groups`` has a row a group, a column a feature, 1 where it belongs.
        """
        number = features.shape[1]
        if number and (native := compiled.native):
            homes = _homes(self, groups.shape, groups.tobytes())
            sums = native.forest_moves(*self._asked(features), self.steps, homes, len(groups))
            return np.frombuffer(sums, np.int64).reshape(len(groups), number) / UNIT
        paths = np.stack(self._paths(features), axis=1).reshape(len(self.rows), number)
        first, order, present, starts = _by_group(self, groups.shape, groups.tobytes())
        added = self.steps.ravel().take(paths[order] + first)
        # Whole numbers, and no product of matrices: for that numpy's library would start threads.
        total = np.zeros((len(groups), number), np.int64)
        total[present] = np.add.reduceat(added, starts, axis=0, dtype=np.int64)
        return total / UNIT

    @classmethod
    def of(cls, record: Mapping[str, Any], row: Mapping[str, int]) -> Forest:
        """The forest of a record; ``row``: the number of each feature by name.

        Raises ``ValueError`` if its parts don't fit, or it asks for what there isn't.
        """
        names: Sequence[str] = record["features"]
        unknown = [name for name in names if name not in row]
        if unknown:
            raise ValueError(f"unknown feature {unknown[0]!r}: these weights belong to another version")
        depth = int(record["depth"])
        asked = np.array(record["asks"], np.int64)
        rows = np.array([row[name] for name in names], np.int64)[asked]
        edges = np.array(record["edges"], np.float32)
        base = tuple(int(number) for number in record["base"])
        trees = len(asked) // depth
        leaves = np.array(record["leaves"], np.int32).reshape(trees, 2**depth, len(base))
        steps = np.array(record["steps"], np.int32).reshape(trees, 2 ** (depth + 1) - 2)
        if len(edges) != trees * depth:
            raise ValueError("as many edges as questions are needed")
        return cls(depth, rows, edges, base, leaves, steps)


@lru_cache(maxsize=8)
def _homes(forest: Forest, shape: tuple[int, ...], groups: bytes) -> Places:
    """The group of what each question asks about."""
    return np.asarray(np.frombuffer(groups).reshape(shape).argmax(axis=0)[forest.rows])


@lru_cache(maxsize=8)
def _by_group(forest: Forest, shape: tuple[int, ...], groups: bytes) -> tuple[Places, Places, Places, Places]:
    """The questions of a forest sorted by the group of what they ask about, the same for all articles: where the steps
    of each begin, their order, the groups that there are, and where each begins."""
    first = np.arange(len(forest.leaves))[:, None] * forest.steps.shape[1] + 2 ** np.arange(1, forest.depth + 1) - 2
    homes = _homes(forest, shape, groups)
    order = np.argsort(homes, kind="stable")
    present, starts = np.unique(homes[order], return_index=True)
    return first.reshape(-1, 1)[order], order, present, starts
