"""Columns set among their neighbours."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.detectors.neighbours import window_max


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=12), st.integers(1, 14), st.sampled_from([-20.0, -1.0, 3.0]))
def test_the_largest_of_the_neighbours(row: list[int], width: int, fill: float) -> None:
    padded = [*[fill] * width, *row, *[fill] * width]
    wanted = [
        max([*padded[place : place + width], *padded[place + width + 1 : place + 2 * width + 1]])
        for place in range(len(row))
    ]
    assert window_max(np.array(row, float), width, fill).tolist() == wanted
