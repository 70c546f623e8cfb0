"""Word scores: hashed n-grams, sums that are the same everywhere, and files that can't be used."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.detectors.ngrams import _added, buckets, ngrams
from cleaner.detectors.sense import LABELS, TABLES, Sense, folded_text, pack, read_sense, readings
from cleaner.errors import WeightsFault

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=40), max_size=6)


def scores_of(rows: int = 256) -> Sense:
    choice = np.random.RandomState(3)
    tables = [choice.normal(size=(rows, len(LABELS))).astype(np.float32) for _ in TABLES]
    return read_sense(json.dumps(pack(tables, np.zeros(len(LABELS), np.float32))))


def empty(rows: int) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    return [np.zeros((rows, len(LABELS)), np.float32) for _ in TABLES]


def slow(sense: Sense, paragraph: str) -> list[float]:
    """The same by plain Python: the n-grams of one paragraph by itself, one by one."""
    total = sense.bias.astype(float)
    for table, read in zip(sense.tables, readings([paragraph]), strict=True):
        found = [int(row) for _, hashes in ngrams(*read) for row in buckets(hashes, len(table.weights))]
        added = sum((table.weights[row].astype(int) for row in found), np.zeros(len(LABELS), int))
        total = total + added * table.scale / np.sqrt(max(1, len(found)))
    return list(total)


@given(LINES)
def test_a_paragraph_has_the_scores_that_it_has_by_itself(lines: list[str]) -> None:
    sense = scores_of()
    together = sense.scores(lines)
    assert together.shape == (len(lines), len(LABELS))
    for row, line in zip(together, lines, strict=True):
        assert np.allclose(row, slow(sense, line), atol=1e-3)


def test_numbers_of_a_size_are_the_same() -> None:
    sense = scores_of()
    one, other, third = sense.scores(["Give £25 today", "Give  £40 today ", "Give us peace"])
    assert (one == other).all()
    assert not (one == third).all()


def test_a_long_paragraph_is_read_at_its_start_and_its_end() -> None:
    text = "a" * 300 + "middle" * 50 + "z" * 120
    assert folded_text(text) == "a" * 300 + "…" + "z" * 120
    sense = scores_of()
    assert (sense.scores([text])[0] == sense.scores(["a" * 300 + "else" * 60 + "z" * 120])[0]).all()


def test_the_words_that_spoke_most_are_told() -> None:
    tables = empty(256)
    for _, hashes in ngrams(np.array([*map(ord, "donate\n")], np.uint32), np.array([True] * 6 + [False])):
        tables[0][buckets(hashes, 256), 1] = 1.0
    sense = read_sense(json.dumps(pack(tables, np.zeros(len(LABELS), np.float32))))
    (first, none, other) = sense.words(["Please donate: we need it.", "", "We donate"], [1, 1, 2])
    assert first[0] == "donate" and none == [] and other == []


@pytest.mark.parametrize("change", [{"version": 99}, {"labels": ["a"]}, {"bias": [1.0]}, {"tables": {}}])
@pytest.mark.parametrize("inner", [{}, {"rows": 100}, {"weights": "???"}, {"weights": ""}, {"scale": [1.0]}])
def test_what_can_not_be_used_says_what_to_do(change: dict[str, object], inner: dict[str, object]) -> None:
    record = pack(empty(4), np.zeros(len(LABELS), np.float32))
    read_sense(json.dumps(record))
    tables = {**record["tables"], "named": {**record["tables"]["named"], **inner}}
    broken = {**record, "tables": tables} if inner else {**record, **change}
    with pytest.raises(WeightsFault, match="cleaner fit text"):
        read_sense(json.dumps(broken))
    with pytest.raises(WeightsFault, match="cleaner fit text"):
        read_sense("not JSON")


@pytest.mark.parametrize("labels", [3, 8, 16, 17])
def test_sums_in_lanes_are_sums(labels: int) -> None:
    dice = np.random.default_rng(labels)
    weights = dice.integers(-128, 128, (64, labels)).astype(np.int8)
    weights[0], weights[1] = -128, 127  # as far out as they go
    for most in (0, 3, 300, 1000):
        counts = dice.integers(0, most + 1, 7)
        rows = dice.integers(0, 2 if most == 1000 else 64, counts.sum())
        ends = np.cumsum(counts)
        wanted = [weights[rows[end - count : end]].sum(axis=0) for count, end in zip(counts, ends, strict=True)]
        assert _added(weights, rows, counts).tolist() == np.array(wanted).tolist()
