"""Which blocks of a page an extractor has taken: its lines found again, in order, in the text of all blocks.

Mere containment would not do: a short line ("Sport") may stand in several places, and only one of them was taken.
Everything but letters and digits is left out on both sides, so that spaces, quotes and list marks can't part what
belongs together, and the search runs in C over one string.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from cleaner.text.words import bare

ANCHOR = 30
"""Letters of the shortest line that fixes a place where it is on the page once."""
SHORTEST_PIECE = 20
"""Letters of the shortest line that is looked for in halves where it isn't found whole."""


def taken(texts: Sequence[str], lines: Sequence[str]) -> list[float]:
    """For each block the share of its letters that the lines hold; both in order.

    ``texts`` are the blocks' letters and digits (``bare``), the lines are taken as they come.

    >>> taken(["Sport", "Thebridgeopened", "Sport"], ["The bridge opened.", "Sport"])
    [0.0, 1.0, 1.0]
    """
    page = "".join(texts)
    starts, total = [], 0
    for text in texts:
        starts.append(total)
        total += len(text)
    covered = [0] * len(texts)
    for start, end in _places(page, [bare(line) for line in lines]):
        number = bisect_right(starts, start) - 1
        while number < len(texts) and starts[number] < end:
            inside = min(end, starts[number] + len(texts[number])) - max(start, starts[number])
            if inside > 0:
                covered[number] += inside
            number += 1
    return [min(1.0, count / len(text)) if text else 0.0 for count, text in zip(covered, texts, strict=True)]


def _places(page: str, lines: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches of the page that the lines cover: anchors first, then what lies between them."""
    anchors: list[tuple[int, int]] = []  # line number, place
    for number, line in enumerate(lines):
        if len(line) >= ANCHOR:
            place = page.find(line)
            if place >= 0 and page.find(line, place + 1) < 0:
                anchors.append((number, place))
    chain = _increasing(anchors)
    result = []
    position, number = 0, 0
    for anchor, place in [*chain, (len(lines), len(page))]:
        result += _between(page, lines, number, anchor, position, place)
        if anchor < len(lines):
            result.append((place, place + len(lines[anchor])))
            position, number = place + len(lines[anchor]), anchor + 1
    # Anchors out of order: the extractor moved a part, but it did take it.
    kept = {number for number, _ in chain}
    result += [(place, place + len(lines[number])) for number, place in anchors if number not in kept]
    return result


def _increasing(anchors: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the anchors that is in the page's order too."""
    tails: list[int] = []
    tail_of: list[int] = []
    before: list[int] = [-1] * len(anchors)
    for at, (_, place) in enumerate(anchors):
        rank = bisect_left(tails, place)
        if rank:
            before[at] = tail_of[rank - 1]
        tails[rank : rank + 1] = [place]
        tail_of[rank : rank + 1] = [at]
    chain = []
    at = tail_of[-1] if tail_of else -1
    while at >= 0:
        chain.append(anchors[at])
        at = before[at]
    return chain[::-1]


def _between(page: str, lines: Sequence[str], first: int, last: int, start: int, end: int) -> list[tuple[int, int]]:
    result = []
    # Lines before the first anchor stand close to it more often than at the page's top: they are looked for backwards.
    if start == 0 and end < len(page):
        for line in reversed(lines[first:last]):
            place = page.rfind(line, start, end) if line else -1
            if place >= 0:
                result.append((place, place + len(line)))
                end = place
        return result
    for line in lines[first:last]:
        place = page.find(line, start, end) if line else -1
        if place >= 0:
            result.append((place, place + len(line)))
            start = place + len(line)
        elif len(line) >= 2 * SHORTEST_PIECE:
            pieces = _pieces(page, line, start, end)
            result += pieces
            start = max([start, *(piece_end for _, piece_end in pieces)])
    return result


def _pieces(page: str, line: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a line that stand in the page, found by halving it: something was dropped or changed within."""
    result = []
    waiting = [line]
    while waiting:
        piece = waiting.pop()
        place = page.find(piece, start, end)
        if place >= 0:
            result.append((place, place + len(piece)))
            start = place + len(piece)
        elif len(piece) >= 2 * SHORTEST_PIECE:
            middle = len(piece) // 2
            waiting += (piece[middle:], piece[:middle])
    return result
