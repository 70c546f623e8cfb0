"""Reads one article of a run on demand: its text, its spans with their reasons, and its original page."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.article.cut import restore
from cleaner.errors import ResultFault
from cleaner.files import disk
from cleaner.files.remote import is_remote
from cleaner.reporting.review.columns import Columns
from cleaner.reporting.review.index import Logs
from cleaner.results import by_article, log, out_folder
from cleaner.results.by_article import Place
from cleaner.results.verify import inside
from cleaner.results.verify_tables import columns_of
from cleaner.tables import base
from cleaner.tables.by_number import Lines, Numbered


@dataclass(frozen=True, slots=True)
class Shown:
    """An article to show. If its text can't be restored, ``text`` is ``None`` and ``trouble`` says why."""

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
        self._tables: dict[str, Numbered] = {}
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
        row = self._table(path, by_article.clean_columns(place.clean, self._summary)).row(place.number)
        if row is None or row.text is None:
            raise ResultFault(f"{out_folder.CLEAN}/{place.clean} has no row {place.number}")
        return row.text

    def _table(self, path: str, columns: base.Columns) -> Numbered:
        return self._tables.setdefault(path, Numbered(path, columns))

    def page(self, place: Place, record: log.Record) -> bytes | str | None:
        """Return the original page of an article from the input; ``None`` if it was no page, or the page is missing."""
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
            row = self._table(path, columns_of(self._summary)).row(record["row"])
            return row.html if row is not None else None
        except (OSError, ValueError, IndexError):
            return None


def _records(path: str, at: int, count: int) -> Iterator[log.Record]:
    if not count:
        return
    with disk.opened(path) as file:
        file.seek(at)
        for _ in range(count):
            yield log.load(file.readline(), os.path.basename(path))
