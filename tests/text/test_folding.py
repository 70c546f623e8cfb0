"""Folding keeps lengths, so offsets hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.folding import fold


@given(st.text())
def test_length_stays(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_no_white_space_but_space_and_line_feed_is_left() -> None:
    every = "".join(map(chr, range(0x110000)))
    assert {c for c in fold(every) if c.isspace()} <= {" ", "\n"}


def test_plain_text_is_left_as_it_is() -> None:
    plain = "Plain: 'quotes', \"marks\" - and signs!?\n"
    assert fold(plain) is plain
