"""Which white space goes with a removed span, so that the clean text reads well.

What has no width (soft hyphens, zero-width spaces, byte order and direction marks) goes as white space does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

from cleaner.article.model import Span
from cleaner.text.view import LINE_ENDS, UNSEEN

_BLANK = re.compile(rf"[\s{UNSEEN}]*")
_UNSEEN = re.compile(f"[{UNSEEN}]")
_MARKS = regex.compile(r"[\p{M}\u1160-\u11ff]+")
_LETTER_BEFORE = regex.compile(r"[^\p{M}\u1160-\u11ff]?[\p{M}\u1160-\u11ff]*\Z")
FAR = 64
"""Characters in which a letter is looked for before its marks."""


def whole_characters(text: str, span: Span) -> Span:
    """The span without letters at its ends whose marks are not in it, and without marks whose letters are not.

    >>> whole_characters("x\\u0302y\\u0302", Span(1, 3)), whole_characters("x\\u0302y", Span(0, 2))
    (Span(start=2, end=2), Span(start=0, end=2))
    """
    start, end = span.start, span.end
    if start and (marks := _MARKS.match(text, start, end)):
        start = marks.end()
    if _MARKS.match(text, end):
        letter = _LETTER_BEFORE.search(text, max(start, end - FAR), end)
        end = letter.start() if letter else end
    return Span(start, max(start, end))


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
        while last + 1 < len(spans) and _BLANK.fullmatch(text, spans[last].end, spans[last + 1].start):
            last += 1
        start, end = _grown(text, spans[at].start, spans[last].end)
        starts = [start, *(spans[number].start for number in range(at + 1, last + 1))]
        result += [Span(a, b) for a, b in zip(starts, [*starts[1:], end], strict=True)]
        at = last + 1
    return result


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _unseen(text[start - 1]):
        start -= 1
    while end < len(text) and _unseen(text[end]):
        end += 1
    left, right = start, end
    while left > 0 and _blank(text[left - 1]):
        left -= 1
    while right < len(text) and _blank(text[right]):
        right += 1
    before, after = text[left:start], text[end:right]
    line_starts = left == 0 or not LINE_ENDS.isdisjoint(before)
    line_ends = right == len(text) or not LINE_ENDS.isdisjoint(after)
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


def _unseen(character: str) -> bool:
    return character > "\x7f" and _UNSEEN.match(character) is not None


def _blank(character: str) -> bool:
    return character.isspace() or _unseen(character)


def _lines(gap: str) -> int:
    """Line ends in a gap; CRLF is one."""
    return sum(gap.count(end) for end in LINE_ENDS) - gap.count("\r\n")
