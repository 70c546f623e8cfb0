"""The diff tells exactly what goes, whatever the text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cleaner.article.model import Span
from cleaner.commands.terminal.diff import unified


def without(text: str, spans: list[Span]) -> str:
    for span in reversed(spans):
        text = text[: span.start] + text[span.end :]
    return text


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text(st.sampled_from("ab\n\n c"), max_size=60))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


def lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


@given(cases())
def test_the_hunks_turn_one_text_into_the_other(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    clean = without(text, spans)
    old, new = lines(text), lines(clean)
    at = fresh = 0
    rebuilt: list[str] = []
    for line in list(unified(text, spans, "a"))[2:]:
        head = re.fullmatch(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@", line)
        if head:
            start = int(head[1]) - bool(int(head[2]))
            rebuilt += old[at:start]
            at = start
            fresh = int(head[3]) - bool(int(head[4]))
            assert fresh == len(rebuilt)
        elif line[0] in " -":
            assert old[at] == line[1:]
            at += 1
        if line[0] in " +" and not head:
            rebuilt.append(line[1:])
    assert rebuilt + old[at:] == new or (not clean and rebuilt + old[at:] == [])


def test_no_change_no_diff() -> None:
    assert list(unified("A.\n", [], "a.txt")) == []


def test_far_changes_stand_in_hunks_of_their_own() -> None:
    text = "".join(f"line {number}\n" for number in range(30))
    spans = [Span(text.index("line 3\n"), text.index("line 4\n")), Span(text.index("line 25"), text.index("line 26"))]
    assert [line for line in unified(text, spans, "a") if line.startswith("@@")] == [
        "@@ -2,5 +2,4 @@",
        "@@ -24,5 +23,4 @@",
    ]


def test_a_part_of_a_line() -> None:
    assert list(unified("A. Ad. B.\n", [Span(3, 7)], "a"))[3:] == ["-A. Ad. B.", "+A. B."]


def test_many_lines_in_no_time() -> None:
    text = "word\nad\n" * 100_000
    spans = [Span(at, at + 3) for at in range(5, len(text), 8)]
    assert sum(line == "-ad" for line in unified(text, spans, "a")) == 100_000
