"""Cut and restore are each other's inverse."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.article.cut import cut, restore
from cleaner.article.model import Decision, Finding, Removed, Span
from cleaner.deciding.tidy import tidy
from cleaner.reading.plain_text import segment


def spans_of(text: str, edges: list[int]) -> list[Span]:
    places = sorted({min(edge, len(text)) for edge in edges})
    return [Span(a, b) for a, b in zip(places[::2], places[1::2], strict=False) if text[a:b].strip()]


def decisions(spans: list[Span]) -> list[Decision]:
    finding = Finding(Span(0, 1), "other", "test", "test/x", 0.9)
    return [Decision(s.start, s.end, "remove", "other", "test/x", "test", 0.9, "because", (finding,)) for s in spans]


@given(st.text(st.sampled_from("ab .\n\r\u2028\u00a0")), st.lists(st.integers(0, 30), max_size=8))
def test_restore_gives_the_input_back(text: str, edges: list[int]) -> None:
    spans = tidy(text, spans_of(text, edges))
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(span.start < span.end for span in spans)
    cleaned = cut(segment(text), decisions(spans))
    assert restore(cleaned.text, cleaned.removed) == text
    assert restore(cleaned.text, reversed(cleaned.removed)) == text


@given(st.text(st.sampled_from("ab .\n\r\u2028\u00a0")), st.lists(st.integers(0, 30), max_size=8))
def test_tidying_takes_nothing_but_white_space(text: str, edges: list[int]) -> None:
    before = spans_of(text, edges)
    after = tidy(text, before)
    inside = {place for span in before for place in range(span.start, span.end)}
    grown = {place for span in after for place in range(span.start, span.end)}
    assert inside <= grown
    assert all(text[place].isspace() for place in grown - inside)


@pytest.mark.parametrize(
    ("text", "remove", "left"),
    [
        ("A.\n\nB.\n\nC.\n", ["B."], "A.\n\nC.\n"),
        ("A.\nB.\n\nC.", ["B."], "A.\n\nC."),
        ("A.\n\nB.\nC.", ["B."], "A.\n\nC."),
        ("A.\r\nB.\r\nC.\r\n", ["B."], "A.\r\nC.\r\n"),
        ("A.\n\nB.\n", ["B."], "A.\n"),
        ("A.\nB.", ["A."], "B."),
        ("A. B. C.", ["B."], "A. C."),
        ("A.B.C.", ["B."], "A.C."),
        ("A. B.\nC.", ["B."], "A.\nC."),
        ("A.\nB. C.", ["B."], "A.\nC."),
        ("A.\nB.\nC.\nD.", ["B.", "C."], "A.\nD."),
        ("A.\nB.", ["A.", "B."], ""),
    ],
)
def test_what_is_left_reads_well(text: str, remove: list[str], left: str) -> None:
    spans = [Span(text.index(part), text.index(part) + len(part)) for part in remove]
    assert cut(segment(text), decisions(tidy(text, spans))).text == left


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        restore("short", [Removed(50, 52, "other", "r", "d", 1.0, "", "ab")])
    with pytest.raises(ValueError, match="does not fit"):
        restore("short", [Removed(0, 5, "other", "r", "d", 1.0, "", "ab")])
