"""A span in its context, as a record and as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cleaner.article.model import Article, Span
from cleaner.commands.terminal.text import BOLD, DIM, cells, paint, visible
from cleaner.results.log import Record

MOST_LINES = 6
"""Lines of a long span that are shown."""
UNWRAPPED = 160
"""Columns of a line where nobody looks on."""
_MARKS = (("[[", "]]"), ("\u27e6", "\u27e7"))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A span of an article: the text of its first to its last line, the lines around it, and what in it is marked.

    ``span`` and ``match`` (what a pattern matched, if that is known) are offsets into ``text``.
    """

    article: str
    line: int
    before: str
    text: str
    after: str
    place: Span
    span: Span
    match: Span | None

    def record(self) -> Record:
        """The excerpt for ``--json``."""
        return {
            "article": self.article,
            "line": self.line,
            "start": self.place.start,
            "end": self.place.end,
            "text": self.span.of(self.text),
            "left": self.text[: self.span.start],
            "right": self.text[self.span.end :],
            "before": self.before,
            "after": self.after,
        }


def excerpt(article: Article, span: Span, match: Span | None = None) -> Excerpt:
    """The excerpt of an article around ``span``, white space at its ends aside."""
    text = article.text
    start, end = _trimmed(text, span)
    first = text.rfind("\n", 0, start) + 1
    last = _end_of_line(text, end)
    return Excerpt(
        article=article.id,
        line=text.count("\n", 0, start) + 1,
        before=_last_line(text[:first]),
        text=text[first:last],
        after=_first_line(text[last:]),
        place=Span(start, end),
        span=Span(start - first, end - first),
        match=Span(match.start - first, match.end - first) if match else None,
    )


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    body = span.of(text)
    if not body.strip():
        return span.start, span.end
    return span.start + len(body) - len(body.lstrip()), span.end - len(body) + len(body.rstrip())


def _end_of_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _last_line(text: str) -> str:
    text = text.rstrip()
    return text[text.rfind("\n") + 1 :]


def _first_line(text: str) -> str:
    return text.lstrip().split("\n", 1)[0]


def rows(shown: Excerpt, width: int, color: str, notes: str = "") -> Iterator[str]:
    """The lines to show: where it is, the line before, the span with its marks, the line after.

    ``color`` is the code for the span; where it is empty there are no colours: ``[[ ]]`` stand around the span, and
    ⟦ ⟧ around what the pattern matched if that is less.
    """
    wide = width or UNWRAPPED
    head = visible(f"{shown.article}:{shown.line}")
    yield paint(head, [BOLD], bool(color)) + (f"  {visible(notes)}" if notes else "")
    if shown.before:
        yield "    " + paint(shortened(visible(shown.before), len(shown.before), wide - 4), [DIM], bool(color))
    start = 0
    lines = shown.text.split("\n")
    hidden = 0
    for number, line in enumerate(lines):
        if MOST_LINES <= number < len(lines) - 1:
            hidden += 1
        elif line.strip():
            if hidden:
                yield f"    … {hidden:,} more …"
                hidden = 0
            yield "  > " + _line(shown, line, start, wide - 4, color)
        start += len(line) + 1
    if shown.after:
        yield "    " + paint(shortened(visible(shown.after), 0, wide - 4), [DIM], bool(color))


def _line(shown: Excerpt, line: str, start: int, width: int, color: str) -> str:
    """One line of the span, shortened to ``width`` around what matters in it, with its marks."""
    spans = [_within(shown.span, start, len(line))]
    if shown.match and (color or shown.match != shown.span):
        spans.append(_within(shown.match, start, len(line)))
    focus = next((span for span in reversed(spans) if span), Span(0, 0))
    room = width if color else width - 4 * len(spans)
    left, right = window(line, focus, room)
    body = visible(line)
    edges = sorted({left, right, *(edge for span in spans if span for edge in (span.start, span.end))})
    edges = [edge for edge in edges if left <= edge <= right]
    parts = []
    for a, b in pairwise(edges):
        inside = [span is not None and span.start <= a and b <= span.end for span in spans]
        codes = ([color] if inside[0] else []) + ([BOLD, "7"] if inside[1:] == [True] and spans[0] != spans[1] else [])
        piece = paint(body[a:b], codes, bool(color))
        if not color:
            for span, (opening, closing) in reversed(list(zip(spans, _MARKS, strict=False))):
                if span:
                    piece = opening * (span.start == a) + piece + closing * (span.end == b)
        parts.append(piece)
    return "…" * (left > 0) + "".join(parts) + "…" * (right < len(line))


def _within(span: Span, start: int, length: int) -> Span | None:
    """The part of ``span`` that lies in a line, as offsets into the line."""
    a, b = max(span.start - start, 0), min(span.end - start, length)
    return Span(a, b) if a < b else None


def window(line: str, focus: Span, width: int) -> tuple[int, int]:
    """The part of a line to show in ``width`` columns: all of it, or what is around ``focus``, from its start on.

    >>> window("a long line of words", Span(7, 11), 10)
    (5, 13)
    """
    if cells(line) <= width:
        return 0, len(line)
    room = max(8, width - 2)  # for the signs that more is there
    left = min(focus.start, len(line))
    right = left
    used = 0
    while right < min(focus.end, len(line)) and used < room:
        used += cells(line[right])
        right += 1
    while used < room and (left > 0 or right < len(line)):
        if left > 0:
            left -= 1
            used += cells(line[left])
        if used < room and right < len(line):
            used += cells(line[right])
            right += 1
    return left, right


def shortened(line: str, at: int, width: int) -> str:
    """A line in ``width`` columns, its part around ``at``.

    >>> shortened("a long line of words", 0, 10), shortened("a long line of words", 20, 10)
    ('a long l…', '…of words')
    """
    at = min(at, len(line))
    left, right = window(line, Span(at, at), width)
    return "…" * (left > 0) + line[left:right] + "…" * (right < len(line))
