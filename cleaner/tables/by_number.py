"""Reads a few rows of a table by their numbers, without reading the rest where the format allows it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import Any, cast

import numpy as np

from cleaner.files import compressed, disk
from cleaner.files.remote import is_remote
from cleaner.tables import formats
from cleaner.tables.base import Columns, Row, Rows, adapter

STEP = 256
"""The number of lines between two lines whose places are remembered."""

BLOCK = 1 << 22
"""The number of bytes that are searched for line ends at once."""


class Lines:
    """The lines of a large file by number, from 0. Places are found on demand."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._marks = [0]
        self._lines = self._scanned = 0
        self._ended = False

    def place(self, number: int) -> tuple[int, int]:
        """Return the start and end of a line in bytes. Raises ``IndexError`` if there are fewer lines."""
        with disk.opened(self.path) as file:
            while self._lines <= number and not self._ended:
                file.seek(self._scanned)
                block = file.read(BLOCK)
                ends = np.flatnonzero(np.frombuffer(block, "u1") == 10)
                first = (-self._lines - 1) % STEP  # of the ends in this block the first behind which a mark stands
                self._marks += [self._scanned + int(end) + 1 for end in ends[first::STEP]]
                self._lines += len(ends)
                self._scanned += len(block)
                self._ended = len(block) < BLOCK
            mark = min(number // STEP, len(self._marks) - 1)
            file.seek(self._marks[mark])
            for _ in range(number - STEP * mark):
                if not file.readline():
                    raise IndexError(f"{self.path}: there is no line {number + 1}")
            start = file.tell()
            line = file.readline()
            if not line:
                raise IndexError(f"{self.path}: there is no line {number + 1}")
            return start, start + len(line)


class Numbered:
    """The rows of a table by number, from 1. ``columns``: the names of the fields, as for the adapter."""

    def __init__(self, path: str, columns: Columns) -> None:
        self._path, self._columns = path, columns
        self._adapter = cast(Any, adapter(path))  # it is asked for what only some formats have
        plain = not compressed.suffix(path) and not is_remote(path)
        self._kind = formats.adapter_name(path) if plain else ""
        self._lines = Lines(path)
        self._places = self._adapter.Places(path) if formats.adapter_name(path) == "warc" else None

    def row(self, number: int) -> Row | None:
        """Return a row, or ``None`` if no row has this number. Raises ``OSError``, or a fault of the format."""
        if self._places is not None:
            found: Row | None = self._places.row(number)
            return found
        return next((row for _, row in self.rows((number,))), None)

    def rows(self, numbers: Collection[int]) -> Iterator[tuple[int, Row]]:
        """Yield the rows that exist, with their numbers, in order. Raises the same errors as ``row``."""
        if self._kind == "jsonl":
            yield from self._of_lines(sorted(numbers))
        elif self._kind == "parquet":
            yield from self._of_groups(sorted(numbers))
        elif self._adapter is not None and numbers:
            last = max(numbers)
            for row in self._adapter.every(self._path, self._columns):
                if row.number in numbers:
                    yield row.number, row
                if row.number >= last:
                    return

    def _of_lines(self, numbers: list[int]) -> Iterator[tuple[int, Row]]:
        for number in numbers:
            try:
                start, stop = self._lines.place(number - 1)
            except IndexError:
                return
            part = Rows(self._path, start, stop, number, 1, "")
            for row in self._adapter.rows(part, self._columns, sys.maxsize):
                yield number, row

    def _of_groups(self, numbers: list[int]) -> Iterator[tuple[int, Row]]:
        """Yield rows of Parquet. A row group with any of them is read once."""
        before = 0
        for group, size in enumerate(self._adapter.group_sizes(self._path)):
            mine = {number for number in numbers if before < number <= before + size}
            if mine:
                first, last = min(mine), max(mine)
                part = Rows(self._path, group, first - before - 1, first, last - first + 1, "")
                for row in self._adapter.rows(part, self._columns, sys.maxsize):
                    if row.number in mine:
                        yield row.number, row
            before += size
