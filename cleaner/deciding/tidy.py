"""Which white space goes with a removed span, so that the clean text reads well."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.model import Span

_ENDS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def tidy(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, sorted and disjoint as they come in, grown over the white space that goes with them.

    Of a removed line the wider of the two gaps around it stays; of a removed part of a line, one space.

    >>> tidy("A.\\n\\nB.\\nC.", [Span(4, 6)])
    [Span(start=4, end=7)]
    >>> tidy("A. B. C.", [Span(3, 5)])
    [Span(start=3, end=6)]
    """
    result: list[Span] = []
    at = 0
    while at < len(spans):
        last = at
        while last + 1 < len(spans) and not text[spans[last].end : spans[last + 1].start].strip():
            last += 1
        start, end = _grown(text, spans[at].start, spans[last].end)
        starts = [start, *(spans[number].start for number in range(at + 1, last + 1))]
        result += [Span(a, b) for a, b in zip(starts, [*starts[1:], end], strict=True)]
        at = last + 1
    return result


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    left, right = start, end
    while left > 0 and text[left - 1].isspace():
        left -= 1
    while right < len(text) and text[right].isspace():
        right += 1
    before, after = text[left:start], text[end:right]
    line_starts = left == 0 or not _ENDS.isdisjoint(before)
    line_ends = right == len(text) or not _ENDS.isdisjoint(after)
    if left == 0:
        return (0, right)
    if right == len(text):
        return (left, end)
    if line_starts and line_ends:
        return (start, right) if _lines(before) >= _lines(after) else (left, end)
    if line_ends:
        return (left, end)
    if line_starts or before:
        return (start, right)
    return (start, end)


def _lines(gap: str) -> int:
    """Line ends in a gap; CRLF is one."""
    return sum(gap.count(end) for end in _ENDS) - gap.count("\r\n")
