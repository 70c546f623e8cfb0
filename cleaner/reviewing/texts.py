"""The text of one article of a run, its spans with their reasons, and the page it was: read when it is looked at."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from cleaner.cut import restore
from cleaner.errors import ResultFault
from cleaner.files import compressed, disk
from cleaner.files.remote import is_remote
from cleaner.results import by_article, log, out_folder
from cleaner.results.by_article import Place
from cleaner.results.verify import inside
from cleaner.results.verify_tables import columns_of
from cleaner.reviewing.columns import Columns
from cleaner.reviewing.index import Logs
from cleaner.tables import formats
from cleaner.tables.base import DEFAULTS, Row, Rows, adapter

STEP = 256
"""Lines between two whose places are held."""

BLOCK = 1 << 22
"""Bytes that are looked through for line ends at once."""


class Lines:
    """The lines of a large file by number, from 0. Their places are found as far as somebody has asked."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._marks = [0]
        self._lines = self._scanned = 0
        self._ended = False

    def place(self, number: int) -> tuple[int, int]:
        """Where a line begins and ends, in bytes. Raises ``IndexError`` if there are not so many."""
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
            file.seek(self._marks[min(number // STEP, len(self._marks) - 1)])
            for _ in range(number - STEP * min(number // STEP, len(self._marks) - 1)):
                if not file.readline():
                    raise IndexError(f"{self.path}: there is no line {number + 1}")
            start = file.tell()
            line = file.readline()
            if not line:
                raise IndexError(f"{self.path}: there is no line {number + 1}")
            return start, start + len(line)


@dataclass(frozen=True, slots=True)
class Shown:
    """An article to look at. ``text`` is ``None``, with the reason in ``trouble``, if it can't be put together."""

    place: Place
    record: log.Record
    removed: tuple[log.Record, ...]
    kept: tuple[log.Record, ...]
    text: str | None
    trouble: str = ""


class Texts:
    """The articles of a run."""

    def __init__(self, out: str, summary: Mapping[str, Any], found: list[Logs], columns: Columns) -> None:
        self.out, self._summary, self._logs, self._columns = out, summary, found, columns
        self._lines: dict[str, Lines] = {}
        here = os.path.realpath(out)
        self._roots = [r if is_remote(r) else os.path.join(here, r) for r in summary.get("inputs", [])]

    def where(self, number: int) -> tuple[Place, log.Record]:
        """The place of an article and its line. Raises ``IndexError``, ``OSError`` or ``LogFault``."""
        chunk = self._columns.chunk_of(number)
        at = number - chunk.start
        logs = self._logs[int(chunk.articles["table"][at])]
        (record,) = _records(logs.articles, int(chunk.articles["at"][at]), 1)
        place = Place(logs.table, int(chunk.articles["number"][at])) if logs.table else Place(record["clean"])
        return place, record

    def shown(self, number: int) -> Shown:
        """An article with its spans and its text. Raises as ``where`` does."""
        place, record = self.where(number)
        chunk = self._columns.chunk_of(number)
        values = {name: int(column[number - chunk.start]) for name, column in chunk.articles.items()}
        logs = self._logs[values["table"]]
        removed = tuple(_records(logs.removed, values["removed_at"], values["removed_count"]))
        kept = tuple(_records(logs.kept, values["kept_at"], values["kept_count"])) if logs.kept else ()
        try:
            text, trouble = self._text(place, record, removed), ""
        except (OSError, ValueError, IndexError) as fault:
            text, trouble = None, str(fault)
        return Shown(place, record, removed, kept, text, trouble)

    def _text(self, place: Place, record: log.Record, removed: tuple[log.Record, ...]) -> str:
        if isinstance(record.get("page"), dict) and not place.number:
            source = by_article.source_text(self.out, place)
            if source is not None:
                return source
        if any(span["text"] is None for span in removed):
            return self._source_row(place)
        return restore(self._clean(place), [log.removed_from(span, "removed") for span in removed])

    def _source_row(self, place: Place) -> str:
        row = self._row_of(place)
        for _, record in out_folder.read_log(self.out, f"{out_folder.SOURCE}/{place.clean}.jsonl", log.SOURCE):
            if record.get("row") == row:
                return str(record["text"])
        raise ResultFault(f"{out_folder.SOURCE}/{place.clean}.jsonl has no row for it")

    def _row_of(self, place: Place) -> int:
        for logs in self._logs:
            if logs.table == place.clean:
                lines = self._lines_of(logs.articles)
                (record,) = _records(logs.articles, lines.place(place.number)[0], 1)
                return int(record["row"])
        raise ResultFault(f"{place.clean}: no such table")

    def _lines_of(self, path: str) -> Lines:
        return self._lines.setdefault(path, Lines(path))

    def _clean(self, place: Place) -> str:
        path = inside(os.path.join(self.out, out_folder.CLEAN), place.clean)
        if not place.number:
            return disk.read(path).decode("utf-8", "surrogatepass")
        made = place.clean.endswith(tuple(old + new for old, new in formats.MADE.items()))
        columns = columns_of(dict(self._summary))
        columns = DEFAULTS if made else type(columns)(columns.text, columns.id, columns.url, columns.html, True)
        row = self._row(path, place.number, columns)
        if row is None or row.text is None:
            raise ResultFault(f"{out_folder.CLEAN}/{place.clean} has no row {place.number}")
        return row.text

    def _row(self, path: str, number: int, columns: Any, *, by_number: bool = False) -> Row | None:
        """The ``number``-th row of a table (``by_number``: the row that has it), found at once where that can be."""
        found: Any = adapter(path)
        if found is None:
            return None
        kind = formats.adapter_name(path)
        if kind == "jsonl" and not compressed.suffix(path) and not is_remote(path):
            start, stop = self._lines_of(path).place(number - 1)
            return next(iter(found.rows(Rows(path, start, stop, number, 1, ""), columns, sys.maxsize)), None)
        if kind == "parquet":
            return next(_of_parquet(found, path, number, columns), None)
        rows: Iterator[Row] = found.every(path, columns)
        if by_number:
            return next((row for row in rows if row.number == number), None)
        return next(islice(rows, number - 1, None), None)

    def page(self, place: Place, record: log.Record) -> bytes | str | None:
        """The page that an article was, from the input; ``None`` if it was none, or is no longer there."""
        if not isinstance(record.get("page"), dict):
            return None
        number = record["input"]
        root = self._roots[number] if number < len(self._roots) else self._roots[0] if self._roots else None
        if root is None:
            return None
        try:
            path = inside(root, record["source"])
            if not place.number:
                return disk.read_article(path, sys.maxsize)
            row = self._row(path, record["row"], columns_of(dict(self._summary)), by_number=True)
            return row.html if row is not None else None
        except (OSError, ValueError, IndexError):
            return None


def _records(path: str, at: int, count: int) -> Iterator[log.Record]:
    if not count:
        return
    with disk.opened(path) as file:
        file.seek(at)
        for _ in range(count):
            yield log.load(file.readline().decode(), os.path.basename(path))


def _of_parquet(found: Any, path: str, number: int, columns: Any) -> Iterator[Row]:
    import pyarrow.parquet as pq

    meta = pq.read_metadata(path)
    before = 0
    for group in range(meta.num_row_groups):
        count = meta.row_group(group).num_rows
        if number <= before + count:
            yield from found.rows(Rows(path, group, number - before - 1, number, 1, ""), columns, sys.maxsize)
            return
        before += count
