"""Spans of a text, and offsets in both directions: where a character of the clean text was in the source, and vice
versa.

Only the removed spans are needed, so it works the same from a result, from ``removed.jsonl`` and from the column
``removed`` of a record batch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.errors import ResultFault


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points.

    >>> Span(2, 5).of("abcdefg")
    'cde'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Offsets:
    """The removed spans of one article, ready for look-ups, each of which takes time logarithmic in their number.

    Source offsets count code points of the text as it was read, clean offsets those of the clean text. Spans are
    half-open. ``starts`` and ``ends`` are the removed spans, ``gaps`` where each was in the clean text, and ``before``
    how many characters were removed before each, and at the end in all.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    gaps: tuple[int, ...]
    before: tuple[int, ...]

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Offsets:
        """Build it from the starts and ends of removed spans, in any order. Raises ``ResultFault`` if they overlap.

        >>> Offsets.of([(3, 6)]).source_offset(3)  # "A. C.", of "A. B. C."
        6
        """
        starts, ends, gaps, before = [], [], [], [0]
        last = 0
        for start, end in sorted(spans):
            if start < last or end < start:
                raise ResultFault(f"the removed span {start}-{end} overlaps another, or ends before it begins")
            starts.append(start)
            ends.append(end)
            gaps.append(start - before[-1])
            before.append(before[-1] + end - start)
            last = end
        return cls(tuple(starts), tuple(ends), tuple(gaps), tuple(before))

    def source_offset(self, clean_offset: int) -> int:
        """Where the character at this offset of the clean text is in the source. The end of one maps to the end of the
        other.

        Raises ``IndexError`` below 0.
        """
        _check(clean_offset)
        return clean_offset + self.before[bisect_right(self.gaps, clean_offset)]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The shortest span of the source that holds all characters of a span of the clean text.

        It includes what was removed between them, but not what was removed before or after them. Raises ``IndexError``
        below 0, and if ``end`` is before ``start``.

        >>> Offsets.of([(3, 6)]).source_span(0, 3), Offsets.of([(3, 6)]).source_span(0, 4)
        ((0, 3), (0, 7))
        """
        _check(start, end)
        first = self.source_offset(start)
        return first, self.source_offset(end - 1) + 1 if end > start else first

    def clean_offset(self, source_offset: int) -> int | None:
        """Where a character of the source is in the clean text, or ``None`` if it was removed.

        Raises ``IndexError`` below 0.

        >>> [Offsets.of([(3, 6)]).clean_offset(at) for at in (2, 3, 6)]
        [2, None, 3]
        """
        _check(source_offset)
        number = bisect_right(self.starts, source_offset)
        if number and source_offset < self.ends[number - 1]:
            return None
        return source_offset - self.before[number]

    def clean_span(self, start: int, end: int) -> tuple[int, int] | None:
        """The span of the clean text that holds what stayed of a span of the source, or ``None`` if nothing did.

        Raises ``IndexError`` below 0, and if ``end`` is before ``start``.

        >>> Offsets.of([(3, 6)]).clean_span(0, 5), Offsets.of([(3, 6)]).clean_span(4, 6)
        ((0, 3), None)
        """
        _check(start, end)
        if start == end:
            at = self.clean_offset(start)
            return None if at is None else (at, at)
        first, last = self._kept_before(start), self._kept_before(end)
        return (first, last) if first < last else None

    def _kept_before(self, source_offset: int) -> int:
        """How many characters before this offset of the source stayed."""
        number = bisect_right(self.starts, source_offset)
        if number and source_offset < self.ends[number - 1]:
            return self.gaps[number - 1]
        return source_offset - self.before[number]


def _check(start: int, end: int | None = None) -> None:
    if start < 0:
        raise IndexError(f"an offset counts characters from 0; {start} is not an offset")
    if end is not None and end < start:
        raise IndexError(f"a span ends where it begins or later, not at {end} when it begins at {start}")
