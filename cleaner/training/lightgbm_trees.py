"""Trains trees with LightGBM and turns them into the record that ``Ensemble.of`` reads.

One thread, fixed seeds and ``deterministic``: the same data gives the same record. LightGBM is asked for here alone and
is in the extra ``train``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleaner.detectors.ensemble import LEAVES, UNIT, Floats, Matrix, Places


@dataclass(frozen=True, slots=True)
class Settings:
    """How trees are grown; the names are LightGBM's."""

    rounds: int
    learning_rate: float = 0.05
    lambda_l2: float = 5.0
    feature_fraction: float = 0.3
    bagging_fraction: float = 0.7
    min_data_in_leaf: int = 20
    seed: int = 7


def train(
    names: Sequence[str],
    features: Matrix,
    labels: Places,
    weights: Floats,
    outputs: int,
    settings: Settings,
    begun: Floats | None = None,
) -> dict[str, Any]:
    """The record of an ensemble. ``features``: (features, rows) float32, in the order of ``names``; ``labels``: (rows,)
    0 and 1 for one output, else the number of the right output; ``weights``: (rows,). ``begun``: (outputs, rows) what
    trees that are there say, where these are added to them.

    Raises ``ImportError`` where LightGBM is not installed.
    """
    try:
        import lightgbm
    except ImportError:
        raise ImportError("fitting needs LightGBM and scikit-learn: pip install 'article-cleaner[train]'") from None

    options = {
        "objective": "binary" if outputs == 1 else "multiclass",
        "num_leaves": LEAVES,
        "learning_rate": settings.learning_rate,
        "lambda_l2": settings.lambda_l2,
        "feature_fraction": settings.feature_fraction,
        "bagging_fraction": settings.bagging_fraction,
        "bagging_freq": 1,
        "min_data_in_leaf": settings.min_data_in_leaf,
        "boost_from_average": False,
        "seed": settings.seed,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
        **({"num_class": outputs} if outputs > 1 else {}),
    }
    share = np.bincount(labels, weights, max(2, outputs)) / weights.sum()
    base = [np.log(share[1] / share[0])] if outputs == 1 else np.log(np.maximum(share[:outputs], 1e-6)).tolist()
    start = np.tile(np.array(base)[:, None], (1, len(labels))).ravel() if begun is None else begun.ravel()
    data = lightgbm.Dataset(features.T, labels, weight=weights, init_score=start)
    model = lightgbm.train(options, data, settings.rounds).dump_model()
    used: dict[int, int] = {}
    trees = [_tree(each["tree_structure"], number % outputs, used) for number, each in enumerate(model["tree_info"])]
    return {
        "features": [names[number] for number in used],
        "base": [round(value * UNIT) for value in base],
        "trees": [tree for tree in trees if tree["asks"]],
    }


def _tree(root: Mapping[str, Any], output: int, used: dict[int, int]) -> dict[str, Any]:
    """A tree as lists. Leaves are numbered from left to right, questions from the root down, left before right.

    ``ranges``: for each question its first leaf, the first leaf of its "no" side, and the leaf after its last.
    ``means``: for each question what its leaves add on average.
    """
    asks: list[int] = []
    edges: list[float] = []
    ranges: list[tuple[int, int, int]] = []
    means: list[int] = []
    values: list[int] = []

    def walk(node: Mapping[str, Any]) -> None:
        if "left_child" not in node:
            values.append(round(float(node["leaf_value"]) * UNIT))
            return
        number, first = len(asks), len(values)
        asks.append(used.setdefault(int(node["split_feature"]), len(used)))
        edges.append(_down(float(node["threshold"])))
        means.append(round(float(node["internal_value"]) * UNIT))
        ranges.append((0, 0, 0))
        walk(node["left_child"])
        middle = len(values)
        walk(node["right_child"])
        ranges[number] = (first, middle, len(values))

    walk(root)
    return {"output": output, "asks": asks, "edges": edges, "ranges": ranges, "means": means, "values": values}


def _down(threshold: float) -> float:
    """The largest float32 that is not above the threshold: the same float32 values are at most it."""
    near = np.float32(threshold)
    return float(np.nextafter(near, np.float32(-np.inf)) if float(near) > threshold else near)
