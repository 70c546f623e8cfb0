"""Cut and restore: the clean text without the removed spans, and the text back from both.

``tidy`` chooses which white space goes with a removed span, so that the clean text reads well; nothing is ever
inserted, so the clean text and the removed spans are the input, character for character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.model import Article, Cleaned, Decision, Removed, Span

_ENDS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def cut(article: Article, decisions: Iterable[Decision]) -> Cleaned:
    """The article without the spans decided to be removed, which must be sorted and disjoint."""
    decisions = tuple(decisions)
    text = article.text
    removed = tuple(
        Removed(d.start, d.end, d.category, d.rule, d.detector, d.score, d.reason, text[d.start : d.end])
        for d in decisions
        if d.action == "remove"
    )
    kept = tuple(d for d in decisions if d.action == "keep")
    pieces: list[str] = []
    position = 0
    for span in removed:
        pieces.append(text[position : span.start])
        position = span.end
    pieces.append(text[position:])
    return Cleaned(article, "".join(pieces), removed, kept)


def restore(text: str, removed: Iterable[Removed]) -> str:
    """The input again, from a clean text and what was removed from it (in any order).

    Raises ``ValueError`` when the two don't belong together.

    >>> restore("A. C.", [Removed(3, 6, "other", "r", "phrases", 0.9, "", "B. ")])
    'A. B. C.'
    """
    pieces: list[str] = []
    used = 0
    length = 0
    for span in sorted(removed, key=lambda span: span.start):
        before = span.start - length
        if before < 0 or used + before > len(text) or span.end - span.start != len(span.text):
            raise ValueError(
                f"the removed span {span.start}-{span.end} does not fit this text of {len(text)} characters"
            )
        pieces += (text[used : used + before], span.text)
        used += before
        length = span.end
    pieces.append(text[used:])
    return "".join(pieces)


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
