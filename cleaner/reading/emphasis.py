"""Finds the emphasised parts of a line."""

from __future__ import annotations

from cleaner.article.markup import Emphasis
from cleaner.article.model import Span


def emphases(parts: list[str], marks: list[tuple[int, str]], base: int) -> list[Emphasis]:
    """Return the places of the emphasised parts in the line, whose white space is folded. ``base``: the offset of the
    line."""
    by_part = dict(marks)
    result: list[Emphasis] = []
    length = 0
    space = False
    for number, part in enumerate(parts):
        folded = " ".join(part.split())
        if not folded:
            space = space or bool(part)
            continue
        start = length + (1 if length and (space or part[0].isspace()) else 0)
        length = start + len(folded)
        space = part[-1].isspace()
        mark = by_part.get(number)
        if mark is None:
            continue
        last = result[-1] if result else None
        if last and last.mark == mark and base + start - last.span.end <= 1 and by_part.get(number - 1, mark) == mark:
            result[-1] = Emphasis(Span(last.span.start, base + length), mark)
        else:
            result.append(Emphasis(Span(base + start, base + length), mark))
    return result
