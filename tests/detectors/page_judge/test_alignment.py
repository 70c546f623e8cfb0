"""Lines found again in the blocks of a page, in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.detectors.page_judge.alignment import taken
from cleaner.text.words import bare


def shares(blocks: list[str], lines: list[str]) -> list[float]:
    return taken([bare(block) for block in blocks], lines)


LONG = "The council voted on Monday to close the old bridge for repairs."


def test_a_short_line_is_found_where_its_neighbours_are() -> None:
    assert shares(["Sport", "Home", LONG, "Sport", "Home"], [LONG, "Sport"]) == [0, 0, 1, 1, 0]


def test_a_line_above_the_first_long_one_is_the_nearest_above_it() -> None:
    assert shares(["Old bridge", "Home", "Old bridge", LONG], ["Old bridge", LONG]) == [0, 0, 1, 1]


def test_lines_that_join_blocks_cover_them_all() -> None:
    assert shares(["- One two three", "four five", LONG], ["One two three four five", LONG]) == [1, 1, 1]


def test_lines_with_a_gap_are_found_in_parts() -> None:
    other = "Drivers will have to take the road along the river, which adds ten minutes."
    assert shares([LONG, "Advertisement", other], [LONG + " " + other])[1] == 0
    assert min(shares([LONG, "Advertisement", other], [LONG + " " + other])[::2]) > 0.5


def test_blocks_without_letters_are_not_taken() -> None:
    assert shares(["***", LONG], [LONG, "***"]) == [0, 1]


@given(st.lists(st.text(alphabet="ab .", max_size=12), max_size=12), st.data())
def test_what_is_taken_in_order_is_found(blocks: list[str], data: st.DataObject) -> None:
    lines = [block for block in blocks if data.draw(st.booleans())]
    found = shares(blocks, lines)
    assert len(found) == len(blocks)
    assert all(0 <= share <= 1 for share in found)
    if lines == blocks:
        assert all(share == 1 for share, block in zip(found, blocks, strict=True) if bare(block))
