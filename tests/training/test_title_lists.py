"""Lists of titles that the judge learns from."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from cleaner.training.title_lists import FEWEST, KIND, LONGEST, Stock, made

TITLES = tuple(f"Council of Marn votes on plan {number} for the old quay" for number in range(40))
TEXTS = ("The ferry had been late all week, and nobody on the quay could say why it was. " * 4,)


def chance(name: str) -> float:
    return zlib.crc32(name.encode()) % 1000 / 1000


def test_every_line_of_a_list_is_a_link_to_another_article() -> None:
    lists = made(Stock(TITLES, TEXTS, ("Sport", "Harbour")), 60, "en", chance)
    assert len(lists) == 60
    assert lists == made(Stock(TITLES, TEXTS, ("Sport", "Harbour")), 60, "en", chance)
    for gold in lists:
        lines = gold.text.splitlines()
        assert [label.span.of(gold.text) for label in gold.labels] == lines
        assert {label.category for label in gold.labels} == {KIND}
        assert len(lines) == len(set(lines)) <= 2 * LONGEST
        assert sum(any(title in line for title in TITLES) for line in lines) >= len(lines) / 3


def test_sites_print_titles_in_many_ways() -> None:
    lists = made(Stock(TITLES, TEXTS, ("Sport", "Harbour")), 200, "en", chance)
    firsts = [gold.text.splitlines()[0] for gold in lists]
    for sign in ("- ", "Sport: ", "1. ", "| ", " Harbour"):
        assert any(sign in first for first in firsts), sign
    assert any(gold.text.splitlines()[1].endswith("…") for gold in lists)
    lengths = [len(gold.labels) for gold in lists]
    assert min(lengths) <= 3 and max(lengths) > LONGEST / 2


@given(st.integers(0, FEWEST - 1), st.integers(0, 9))
def test_too_few_titles_make_no_list(titles: int, number: int) -> None:
    assert made(Stock(TITLES[:titles], TEXTS, ()), number, "en", chance) == ()


def test_lists_without_sections_or_texts() -> None:
    for gold in made(Stock(TITLES, (), ()), 80, "en", chance):
        assert all(any(title in line for title in TITLES) for line in gold.text.splitlines())
        assert ": " not in gold.text and "|" not in gold.text


def test_numbers_of_a_list_are_in_order() -> None:
    some = [gold.text.splitlines() for gold in made(Stock(TITLES, (), ()), 80, "en", chance)]
    numbered = [lines for lines in some if lines[0].startswith("1. ")]
    assert numbered and all(line.startswith(f"{n}. ") for lines in numbered for n, line in enumerate(lines[:2], 1))
