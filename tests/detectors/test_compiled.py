"""What is compiled does what Python does, to the last digit; and what doesn't fit is refused."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from detectors.test_ensemble import NAMES, ROW, records
from detectors.test_sense import scores_of
from hypothesis import given, settings
from hypothesis import strategies as st
from sample import ROOT

from cleaner.detectors import compiled
from cleaner.detectors.ensemble import Ensemble
from cleaner.detectors.sense import LABELS
from cleaner.detectors.text_judge import characters, shared_words
from cleaner.detectors.trees import UNIT, Forest
from cleaner.detectors.word_shapes import tokens

native: Any = compiled.native
needs_native = pytest.mark.skipif(native is None, reason="nothing was compiled: make native")

SIGNS = (
    "ab xyz.,?!'\u2019\u201c0123:/@w\u00c4\u00df\u0130\u0661\u4e00\u3042\u0e01\U0001d7ce\U0001f600\U00020000-_\u00a9$"
)
LINES = st.lists(st.text(SIGNS, min_size=1, max_size=60), min_size=1, max_size=8)


def by_python(asked: Callable[[], Any]) -> Any:
    """What Python says without the compiled module."""
    compiled.native = None
    try:
        return asked()
    finally:
        compiled.native = native


@needs_native
@settings(deadline=None)
@given(LINES)
def test_word_scores_are_those_of_python(lines: list[str]) -> None:
    sense = scores_of()
    labels = [number % len(LABELS) for number in range(len(lines))]
    assert (sense.scores(lines) == by_python(lambda: sense.scores(lines))).all()
    assert sense.words(lines, labels) == by_python(lambda: sense.words(lines, labels))


@needs_native
@settings(deadline=None)
@given(records(), st.lists(st.tuples(*[st.integers(-4, 4)] * 3), min_size=1, max_size=40))
def test_trees_are_those_of_python(record: dict[str, Any], seen: list[tuple[int, ...]]) -> None:
    trees = Ensemble.of(record, ROW, NAMES)
    features = np.array(seen, np.float32).T
    assert (trees.outputs(features) == by_python(lambda: trees.outputs(features))).all()
    assert (trees.contributions(features) == by_python(lambda: trees.contributions(features))).all()


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    depth, trees, outputs = draw(st.integers(1, 4)), draw(st.integers(1, 5)), draw(st.integers(1, 2))
    questions = st.lists(
        st.tuples(st.integers(0, 2), st.integers(-3, 3)), min_size=trees * depth, max_size=trees * depth
    )
    asked = draw(questions)
    chance = np.random.default_rng(draw(st.integers(0, 99)))
    record = {
        "depth": depth,
        "features": list(NAMES),
        "asks": [feature for feature, _ in asked],
        "edges": [edge for _, edge in asked],
        "base": [7, -9][:outputs],
        "leaves": chance.integers(-UNIT, UNIT, trees * 2**depth * outputs).tolist(),
        "steps": chance.integers(-UNIT, UNIT, trees * (2 ** (depth + 1) - 2)).tolist(),
    }
    return Forest.of(record, ROW)


@needs_native
@settings(deadline=None)
@given(forests(), st.lists(st.tuples(*[st.integers(-4, 4)] * 3), min_size=1, max_size=80))
def test_a_forest_is_that_of_python(forest: Forest, seen: list[tuple[int, ...]]) -> None:
    features = np.array(seen, np.float32).T
    groups = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert (forest.outputs(features) == by_python(lambda: forest.outputs(features))).all()
    moved = forest.contributions(features, groups)
    assert (moved == by_python(lambda: forest.contributions(features, groups))).all()


@needs_native
@settings(deadline=None)
@given(LINES)
def test_the_shapes_of_words_are_those_of_python(lines: list[str]) -> None:
    joined = "\n".join(lines) + "\n"
    for row, by_hand in zip(tokens(joined), by_python(lambda: tokens(joined)), strict=True):
        assert row.tolist() == by_hand.tolist()


@needs_native
@settings(deadline=None)
@given(LINES)
def test_characters_are_counted_as_by_python(lines: list[str]) -> None:
    joined = "\n".join(lines) + "\n"
    words = np.array([len(line.split()) for line in lines], float)
    counted = characters.count(joined, words)
    assert (counted == by_python(lambda: characters.count(joined, words))).all()


@needs_native
@settings(deadline=None)
@given(LINES)
def test_the_beginnings_of_words_are_those_of_python(lines: list[str]) -> None:
    text = "\n".join(lines).casefold() + "\n"
    numbers, kinds = shared_words._numbered(text)
    by_hand, as_many = by_python(lambda: shared_words._numbered(text))
    assert numbers.tolist() == by_hand.tolist() and kinds == as_many


@needs_native
@settings(deadline=None)
@given(LINES, st.text(SIGNS, max_size=20), st.lists(st.booleans(), min_size=8, max_size=8), st.integers(1, 40))
def test_words_are_shared_as_by_python(lines: list[str], headline: str, marks: list[bool], times: int) -> None:
    lines = [*(lines * times), "the same long words again " * 6]
    joined = "\n".join(lines) + "\n"
    words = np.array([len(line.split()) for line in lines], float)
    claimed = np.array([marks[number % 8] for number in range(len(lines))])
    rows = shared_words.shared(joined, words, claimed, headline)
    assert (rows == by_python(lambda: shared_words.shared(joined, words, claimed, headline))).all()


@needs_native
@pytest.mark.parametrize(
    "wrong",
    [
        lambda: native.sense_sums(b"abc", b"", b"", 1),
        lambda: native.sense_sums(b"\n\0\0\0", b"\0", bytes(48), 16),
        lambda: native.sense_said(b"\n\0\0\0", b"\0", bytes(16), 16, np.array([16])),
        lambda: native.sense_said(b"\n\0\0\0", b"\0", bytes(16), 16, b""),
        lambda: native.trees_outputs(bytes(8), np.array([2]), bytes(4), bytes(2), bytes(8), 1, bytes(64), 1),
        lambda: native.trees_outputs(bytes(8), np.array([1]), bytes(4), bytes(2), bytes(8), 1, bytes(60), 1),
        lambda: native.trees_outputs(bytes(8), np.array([1]), bytes(4), bytes(2), np.array([1]), 1, bytes(64), 1),
        lambda: native.trees_moves(bytes(8), np.array([1]), bytes(4), bytes(2), bytes(8), 0, bytes(128), 1),
        lambda: native.forest_outputs(bytes(8), np.array([2]), bytes(4), 1, 1, bytes(8), 1),
        lambda: native.forest_outputs(bytes(8), np.array([1]), bytes(4), 1, 1, bytes(4), 1),
        lambda: native.forest_outputs(bytes(8), np.array([1]), bytes(4), 0, 1, bytes(8), 1),
        lambda: native.forest_outputs(bytes(8), np.array([1]), bytes(4), 1, 0, bytes(8), 1),
        lambda: native.forest_moves(bytes(8), np.array([1]), bytes(4), 1, 1, bytes(4), np.array([0]), 1),
        lambda: native.forest_moves(bytes(8), np.array([1]), bytes(4), 1, 1, bytes(8), np.array([1]), 1),
        lambda: native.forest_moves(bytes(8), np.array([1]), bytes(4), 1, 1, bytes(8), b"", 1),
        lambda: native.stems(b"\n\0\0\0", b""),
        lambda: native.word_tokens(b"\n\0\0\0", b""),
        lambda: native.characters(b"\n\0\0\0", b"\x12", bytes(8)),
        lambda: native.shared(np.array([2, 0]), 2, bytes(8), bytes(1), bytes(16)),
        lambda: native.shared(np.array([1, 0]), 2, bytes(16), bytes(2), bytes(24)),
        lambda: native.shared(np.array([1, 0]), 2, bytes(8), bytes(1), bytes(8)),
        lambda: native.characters(b"\n\0\0\0", b"\x11", bytes(16)),
    ],
)
def test_what_does_not_fit_is_refused(wrong: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"fit|other numbers"):
        wrong()


def test_what_was_compiled_from_other_sources_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    header = (ROOT / "native" / "native.h").read_text(encoding="utf-8")
    assert f"#define VERSION {compiled.VERSION}\n" in header
    with monkeypatch.context() as changed:
        changed.setitem(sys.modules, "cleaner._native", type("Other", (), {"VERSION": 0}))
        changed.setattr("cleaner._native", sys.modules["cleaner._native"], raising=False)
        assert importlib.reload(compiled).native is None
    importlib.reload(compiled)


def test_without_a_compiler_the_wheel_goes_without(tmp_path: Path) -> None:
    words = ("wheel", "-qq", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT)
    command = [sys.executable, "-m", "pip", *map(str, words)]
    subprocess.run(command, check=True, env=os.environ | {"CC": "there-is-none"}, timeout=280)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    assert not any("_native.abi3" in name for name in zipfile.ZipFile(wheel).namelist())
