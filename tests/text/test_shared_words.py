"""Looking for single stems gives what telling all of them gives."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.text.shared_words import COMMON, Shared
from cleaner.text.words import stems

WORDS = [
    "Mass",
    "Maß",
    "maß",
    "mass",
    "Straße",
    "strasse",
    "US",
    "us",
    "66",
    "Bridges",
    "bridge",
    "footbridge",
    "a_b",
    "İx",
    "橋の上",
]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6))
@example(["Maß", "maß"])
@example(["footbridges", "Bridges of"])
def test_shares_are_those_of_the_stems(paragraphs: list[str]) -> None:
    shared, told = Shared(paragraphs), [stems(paragraph) for paragraph in paragraphs]
    for number, found in enumerate(told):
        others = told[:number] + told[number + 1 :]
        most = max((len(found & other) for other in others), default=0) / max(1, len(found))
        assert shared.restates(number, 0.0) == most
        assert (shared.restates(number, 0.6) >= 0.6) is (most >= 0.6)
        assert shared.cohesion(number) == len(found.intersection(set().union(*others))) / max(1, len(found))


def test_many_paragraphs() -> None:
    paragraphs = ["common words"] * (COMMON + 1) + ["common words tarn bridge", "tarn bridge"] + ["x"] * 300
    shared = Shared(paragraphs)
    assert shared.restates(COMMON + 1, 0.5) == 1.0
    assert shared.cohesion(COMMON + 1) == 1.0
