"""The shapes of words: names and numbers masked, long words by their last letter."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.detectors.word_shapes import tokens

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=40), max_size=5)


def rows_of(*lines: str) -> tuple[list[list[int]], list[list[int]]]:
    """The tokens of each line."""
    named, shaped = tokens("".join(f"{line}\n" for line in lines))
    return split(named), split(shaped)


def split(row: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> list[list[int]]:
    ends = [-1, *np.flatnonzero(row == 10).tolist()]
    return [row[a + 1 : b].tolist() for a, b in pairwise(ends)]


def test_names_are_alike_and_words_are_not() -> None:
    (one, other, third), (short, other_short, _) = rows_of(
        "Anna holds the cup.", "Öztürk holds the cup.", "Anna sells the cup."
    )
    assert one == other != third
    assert short == other_short


def test_longer_words_are_kept_by_their_last_letter_and_short_ones_whole() -> None:
    (named, other_named), (shaped, other) = rows_of("Anna holds the trophies.", "Tom opens the gates.")
    assert named != other_named
    assert shaped == other
    assert rows_of("Tom opens the gates.")[1] != rows_of("Tom opens two gates.")[1]


def test_names_that_stand_together_are_one_in_shapes_alone() -> None:
    (one, more), (short, long) = rows_of("Anna holds it", "Anna Maria Berg holds it")
    assert len(more) == len(one) + 2
    assert short == long


def test_numbers_are_small_or_large_and_capitals_are_loud() -> None:
    (a, b, c, d, e), _ = rows_of("5 of it", "27 of it", "1987 of it", "NATO of it", "Nato of it")
    assert a == b and len({str(each) for each in (a, c, d, e)}) == 4


def test_letters_that_have_no_case_are_words_with_their_signs() -> None:
    (one,), _ = rows_of("नदी के पास")
    assert len(one) == 3


@given(LINES)
def test_a_paragraph_has_the_tokens_that_it_has_by_itself(lines: list[str]) -> None:
    together = rows_of(*lines)
    for number, line in enumerate(lines):
        for row, alone in zip(together, rows_of(line), strict=True):
            assert row[number] == alone[0]
    assert all(len(row) == len(lines) for row in together)
