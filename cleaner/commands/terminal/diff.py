"""What a clean text lacks, as a unified diff: built from the removed spans, so in one pass whatever the length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from cleaner.article.model import Span

CONTEXT = 2
"""Lines that are shown before and after a change."""


Change = tuple[int, int, list[str]]


def unified(text: str, removed: Sequence[Span], name: str) -> Iterator[str]:
    """The lines of a diff from ``text`` to itself without ``removed`` (sorted, disjoint), without their line ends.

    >>> list(unified("A.\\nAd.\\nB.\\n", [Span(3, 7)], "a.txt"))
    ['--- a.txt', '+++ a.txt (clean)', '@@ -1,3 +1,2 @@', ' A.', '-Ad.', ' B.']
    """
    lines = text.split("\n")
    ends = list(accumulate(len(line) + 1 for line in lines))
    if lines[-1] == "":
        lines.pop()
    starts = [0, *ends]
    changes = _changes(text, lines, removed, starts)
    if not changes:
        return
    yield f"--- {name}"
    yield f"+++ {name} (clean)"
    shift = 0
    for hunk in _hunks(changes):
        first = max(0, hunk[0][0] - CONTEXT)
        last = min(len(lines), hunk[-1][1] + CONTEXT)
        body: list[str] = []
        at = first
        added = taken = 0
        for start, end, new in hunk:
            body += (f" {line}" for line in lines[at:start])
            body += (f"-{line}" for line in lines[start:end])
            body += (f"+{line}" for line in new)
            taken += end - start
            added += len(new)
            at = end
        body += (f" {line}" for line in lines[at:last])
        old, fresh = last - first, last - first - taken + added
        yield f"@@ -{_range(first, old)} +{_range(first + shift, fresh)} @@"
        yield from body
        shift += added - taken


def _range(start: int, length: int) -> str:
    return f"{start + 1 if length else start},{length}"


def _changes(text: str, lines: Sequence[str], removed: Sequence[Span], starts: Sequence[int]) -> list[Change]:
    """The changed lines as ranges, each with the lines that take their place."""
    changes: list[Change] = []
    line = taken = 0
    for number, span in enumerate(removed):
        while starts[line + 1] <= span.start:
            line += 1
        start, cut_from = line, number
        if number < taken:
            continue  # together with the span before
        end = number
        while True:
            # Whole lines only; a removed line end joins the next line to this one.
            while starts[line + 1] < removed[end].end:
                line += 1
            if end + 1 < len(removed) and removed[end + 1].start < starts[line + 1]:
                end += 1
                continue
            new = _without(text, starts[start], min(starts[line + 1], len(text)), removed[cut_from : end + 1])
            if not new or new.endswith("\n") or line + 1 >= len(lines):
                break
            line += 1
        taken = end + 1
        changes.append(_trimmed(lines, start, line + 1, new.removesuffix("\n").split("\n") if new else []))
    return changes


def _trimmed(lines: Sequence[str], start: int, end: int, new: list[str]) -> Change:
    """The change without the lines that only lost or kept their line end."""
    while start < end and new and lines[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and lines[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return start, end, new


def _without(text: str, start: int, end: int, removed: Sequence[Span]) -> str:
    edges = [start, *(edge for span in removed for edge in (span.start, span.end)), end]
    return "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


def _hunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
    hunk = [changes[0]]
    for before, after in pairwise(changes):
        if after[0] - before[1] > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(after)
    yield hunk
