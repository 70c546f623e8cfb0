"""Records of the log, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.article.model import Decision, Removed
from cleaner.errors import LogFault
from cleaner.results import log

CHARACTERS = st.text(st.characters(codec=None, categories=None))


@given(CHARACTERS, CHARACTERS, st.floats(0, 1))
def test_a_removed_span_comes_back(name: str, text: str, score: float) -> None:
    assume(not log._SPLIT_PAIR.search(name) and not log._SPLIT_PAIR.search(text))
    span = Removed(3, 3 + len(text), "other", "other/x", "phrases", score, "why", text)
    line = log.dump(log.removed_record(name, span))
    assert line.encode()  # no lone surrogate is left in it
    assert line.splitlines() == [line]
    record = log.load(line)
    assert record["article"] == name
    assert log.removed_from(record) == span


def test_lone_surrogates_are_escaped() -> None:
    assert log.dump({"a": "\udce9é"}) == '{"a": "\\udce9é"}'


def test_a_split_pair_is_refused() -> None:
    with pytest.raises(LogFault, match="two surrogates"):
        log.dump({"a": "\ud83d\ude00"})


def test_the_format_comes_first() -> None:
    first, second = log.lines(log.ERRORS, [log.error_record("a.txt", "binary", "a ZIP archive")])
    assert json.loads(first) == {"format": "cleaner-errors", "version": 1}
    assert json.loads(second) == {"article": "a.txt", "kind": "binary", "message": "a ZIP archive"}
    assert [record["article"] for _, record in log.records(log.ERRORS, [first, second], "errors.jsonl")] == ["a.txt"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "x.jsonl: empty"),
        (['{"format": "cleaner-kept", "version": 1}'], "x.jsonl:1: not a cleaner-removed log"),
        (['{"format": "cleaner-removed", "version": 2}'], "version 2 of the format"),
        (['{"format": "cleaner-removed", "version": 1}', "{"], "x.jsonl:2: not JSON"),
        (['{"format": "cleaner-removed", "version": 1}', "[1]"], "x.jsonl:2: not a JSON object"),
    ],
)
def test_broken_logs(lines: list[str], message: str) -> None:
    with pytest.raises(LogFault, match=message):
        list(log.records(log.REMOVED, lines, "x.jsonl"))


@pytest.mark.parametrize(("key", "value"), [("start", "1"), ("end", None), ("text", 3), ("score", True), ("rule", ...)])
def test_broken_records(key: str, value: object) -> None:
    record = log.removed_record("a", Removed(0, 1, "other", "r", "phrases", 1, "", "x"))
    if value is ...:
        del record[key]
    else:
        record[key] = value
    with pytest.raises(LogFault, match=f"here: {key} is missing or not"):
        log.removed_from(record, "here")


def test_what_stays_is_logged_with_its_text() -> None:
    decision = Decision(2, 4, "keep", "other", "r", "prose", 0.2, "under the threshold 0.5", ())
    record = log.kept_record("a", decision, "abcdef")
    assert (record["text"], record["reason"]) == ("cd", "under the threshold 0.5")
