"""Boosted trees asked all at once: the same leaves as a walk from the root, and what moved them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.detectors.ensemble import UNIT, Ensemble

NAMES = ("a", "b", "c")
ROW = {name: number for number, name in enumerate(NAMES)}
EDGES = st.integers(-3, 3).map(float)


def grown(
    draw: st.DrawFn, depth: int, asks: list[int], edges: list[float], ranges: list[Any], values: list[int]
) -> None:
    if depth == 0 or (asks and len(values) + depth > 10) or (asks and draw(st.booleans())):
        values.append(draw(st.integers(-UNIT, UNIT)))
        return
    number, first = len(asks), len(values)
    asks.append(draw(st.integers(0, 2)))
    edges.append(draw(EDGES))
    ranges.append(None)
    grown(draw, depth - 1, asks, edges, ranges, values)
    middle = len(values)
    grown(draw, depth - 1, asks, edges, ranges, values)
    ranges[number] = (first, middle, len(values))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    trees = []
    for _ in range(draw(st.integers(1, 4))):
        asks: list[int] = []
        edges: list[float] = []
        ranges: list[Any] = []
        values: list[int] = []
        grown(draw, 3, asks, edges, ranges, values)
        means = [draw(st.integers(-UNIT, UNIT)) for _ in asks]
        output = draw(st.integers(0, 1))
        trees.append(
            {"output": output, "asks": asks, "edges": edges, "ranges": ranges, "means": means, "values": values}
        )
    return {"features": list(NAMES), "base": [7, -9], "trees": trees}


def walked(tree: dict[str, Any], features: np.ndarray[Any, Any]) -> int:
    """The value of the leaf that a walk from the root comes to."""
    first, last = 0, len(tree["values"])
    while last - first > 1:
        number = next(n for n, (a, _, z) in enumerate(tree["ranges"]) if (a, z) == (first, last))
        middle = tree["ranges"][number][1]
        yes = features[tree["asks"][number]] <= tree["edges"][number]
        first, last = (first, middle) if yes else (middle, last)
    return int(tree["values"][first])


@given(records(), st.lists(st.tuples(EDGES, EDGES, EDGES), min_size=1, max_size=5))
def test_the_leaf_of_every_tree_is_that_of_a_walk(record: dict[str, Any], columns: list[tuple[float, ...]]) -> None:
    features = np.array(columns, np.float32).T
    ensemble = Ensemble.of(json.loads(json.dumps(record)), ROW, ("one", "two", "one"))
    outputs = ensemble.outputs(features)
    for column in range(features.shape[1]):
        for output in (0, 1):
            trees = [tree for tree in record["trees"] if tree["output"] == output]
            wanted = record["base"][output] + sum(walked(tree, features[:, column]) for tree in trees)
            assert round(outputs[output, column] * UNIT) == wanted


@given(records(), st.tuples(EDGES, EDGES, EDGES))
def test_what_moved_it_adds_up(record: dict[str, Any], column: tuple[float, ...]) -> None:
    features = np.array([column], np.float32).T
    ensemble = Ensemble.of(record, ROW, ("one", "two", "one"))
    trees = [tree for tree in record["trees"] if tree["output"] == 0]
    wanted = sum(walked(tree, features[:, 0]) - tree["means"][0] for tree in trees if tree["asks"])
    assert round(ensemble.contributions(features).sum() * UNIT) == wanted


def test_no_paragraphs_no_outputs() -> None:
    record = {"features": [], "base": [0], "trees": []}
    assert Ensemble.of(record, ROW, ("one",) * 3).outputs(np.zeros((3, 0), np.float32)).shape == (1, 0)


def test_what_does_not_fit_is_refused() -> None:
    tree = {"output": 0, "asks": [0], "edges": [1.0], "ranges": [[0, 1, 2]], "means": [0], "values": [1, 2]}
    record = {"features": ["a"], "base": [0], "trees": [tree]}
    Ensemble.of(record, ROW, ("one",) * 3)
    changes: tuple[dict[str, object], ...] = ({"values": [1]}, {"means": []}, {"output": 1}, {"edges": []})
    for change in changes:
        with pytest.raises(ValueError, match="tree 0 does not fit"):
            Ensemble.of({**record, "trees": [{**tree, **change}]}, ROW, ("one",) * 3)
    with pytest.raises(ValueError, match="'z'"):
        Ensemble.of({**record, "features": ["z"]}, ROW, ("one",) * 3)
