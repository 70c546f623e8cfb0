"""Word scores: hashed n-grams, sums that are the same everywhere, and files that can't be used."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.detectors.sense import (
    LABELS,
    Sense,
    _sums,
    buckets,
    folded_text,
    ngrams,
    pack,
    read_sense,
)
from cleaner.errors import WeightsFault

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=40), max_size=6)


def scores_of(rows: int = 256) -> Sense:
    choice = np.random.RandomState(3)
    record = pack(choice.normal(size=(rows, len(LABELS))).astype(np.float32), np.zeros(len(LABELS), np.float32))
    return read_sense(json.dumps(record))


def slow(sense: Sense, paragraph: str) -> list[float]:
    """The same by plain Python: the n-grams of one paragraph by itself, one by one."""
    found = [int(row) for _, hashes in ngrams([paragraph]) for row in buckets(hashes, len(sense.weights))]
    total = sum((sense.weights[row].astype(int) for row in found), np.zeros(len(LABELS), int))
    return list(total * sense.scale / np.sqrt(max(1, len(found))) + sense.bias)


@given(LINES)
def test_a_paragraph_has_the_scores_that_it_has_by_itself(lines: list[str]) -> None:
    sense = scores_of()
    together = sense.scores(lines)
    assert together.shape == (len(lines), len(LABELS))
    for row, line in zip(together, lines, strict=True):
        assert np.allclose(row, slow(sense, line), atol=1e-3)


def test_words_of_any_case_and_any_number_are_the_same() -> None:
    sense = scores_of()
    one, other, third = sense.scores(["Give £25 today", "GIVE  £40 today ", "Give us peace"])
    assert (one == other).all()
    assert not (one == third).all()


def test_a_long_paragraph_is_read_at_its_start_and_its_end() -> None:
    text = "a" * 300 + "middle" * 50 + "z" * 120
    assert folded_text(text) == "a" * 300 + "…" + "z" * 120
    sense = scores_of()
    assert (sense.scores([text])[0] == sense.scores(["a" * 300 + "else" * 60 + "z" * 120])[0]).all()


def test_the_words_that_spoke_most_are_told() -> None:
    record = pack(np.zeros((256, len(LABELS)), np.float32), np.zeros(len(LABELS), np.float32))
    weights = np.zeros((256, len(LABELS)), np.float32)
    for _, hashes in ngrams(["donate"], bounds=False):
        weights[buckets(hashes, 256), 1] = 1.0
    sense = read_sense(json.dumps({**record, **pack(weights, np.zeros(len(LABELS), np.float32))}))
    (first, none, other) = sense.words(["Please donate: we need it.", "", "We donate"], [1, 1, 2])
    assert first[0] == "donate" and none == [] and other == []


@pytest.mark.parametrize(
    "change",
    [{"version": 99}, {"labels": ["a"]}, {"rows": 100}, {"weights": "???"}, {"weights": ""}, {"scale": [1.0]}],
)
def test_what_can_not_be_used_says_what_to_do(change: dict[str, object]) -> None:
    record = pack(np.zeros((4, len(LABELS)), np.float32), np.zeros(len(LABELS), np.float32))
    read_sense(json.dumps(record))
    with pytest.raises(WeightsFault, match="cleaner fit text"):
        read_sense(json.dumps({**record, **change}))
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
        assert _sums(weights, rows, counts).tolist() == np.array(wanted).tolist()
