"""Removed spans as attributes for dolma's mixer: ``attributes/cleaner/<file>`` beside ``documents/<file>``.

The mixer takes ``[start, end, score]`` in code points, replaces each span and copies the rest; it expects a row for
every document in the order of the documents, and spans that are sorted, disjoint and not empty: on others it lets text
through.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from cleaner.files import compressed, disk
from cleaner.results import log

FOLDER = "attributes/cleaner"
NAME = "cleaner__cleaner__removed"


def merged(spans: Iterable[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Merge spans that touch into one with the highest score, and drop empty ones.

    >>> merged([(0, 3, 0.9), (3, 5, 0.8), (7, 7, 1.0)])
    [(0, 5, 0.9)]
    """
    result: list[tuple[int, int, float]] = []
    for start, end, score in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            first, last, best = result[-1]
            result[-1] = (first, max(last, end), max(best, score))
        else:
            result.append((start, end, score))
    return result


def mixed(text: str, spans: Iterable[tuple[int, int, float]], replacement: str = "") -> str:
    """Return what dolma's mixer makes of a text: its rule for ``span_replacement``, in Python.

    >>> mixed("A. Ad. B.", [(3, 7, 0.9)])
    'A. B.'
    """
    pieces: list[str] = []
    at = 0
    for start, end, _ in spans:
        if start < at:
            continue  # the mixer passes over a span that overlaps the one before
        pieces += [text[at:start], replacement]
        at = end
    return "".join([*pieces, text[at:]])


def export(folder: str, source: str, name: str) -> str:
    """Write the attributes of the table ``name``, whose documents are in ``source``. Returns the name of the new file.

    A document that failed also has a row, with nothing removed.
    """
    target = f"{FOLDER}/{name}"
    compression = compressed.suffix(name)
    with disk.new_file(_made(os.path.join(folder, target))) as file:
        held: list[str] = []
        for line in _rows(folder, source, name):
            held.append(line)
            if len(held) == 1000:
                file.write(compressed.pack("".join(held).encode(), compression))
                held = []
        file.write(compressed.pack("".join(held).encode(), compression))
    return target


def _made(path: str) -> str:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def _rows(folder: str, source: str, name: str) -> Iterator[str]:
    from cleaner.tables.jsonl import documents

    records = _records(folder, name)
    number, spans = next(records, (0, []))
    for at, identity in documents(source):
        found: list[tuple[int, int, float]] = []
        if at == number:
            found = spans
            number, spans = next(records, (0, []))
        yield log.dump({"id": identity, "attributes": {NAME: [list(span) for span in merged(found)]}}) + "\n"


def _records(folder: str, name: str) -> Iterator[tuple[int, list[tuple[int, int, float]]]]:
    """Yield every cleaned row with its removed spans."""
    removed = log.records(log.REMOVED, disk.read_lines(os.path.join(folder, "removed", f"{name}.jsonl")), name)
    articles = log.records(log.ARTICLES, disk.read_lines(os.path.join(folder, "articles", f"{name}.jsonl")), name)
    for _, record in articles:
        spans = []
        for _ in range(record["removed_spans"]):
            _, span = next(removed)
            spans.append((span["start"], span["end"], span["score"]))
        # The spans of a page point into the text of its blocks, not into a field that the mixer knows.
        yield record["row"], [] if record["page"] else spans
