"""The rows of tables for ``verify`` and ``restore``: reads log, clean table and input table side by side."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any

from cleaner.errors import LogFault
from cleaner.files import disk, intake
from cleaner.files.remote import is_remote
from cleaner.results import log, out_folder
from cleaner.results.entries import Disagreement, Entry, RowTexts
from cleaner.tables import formats
from cleaner.tables.base import DEFAULTS, Columns, Row, adapter


def columns_of(summary: Mapping[str, Any]) -> Columns:
    """Return the field names that a run was given."""
    options = summary.get("options", {})
    return Columns(**{name: options.get(f"{name}_field") for name in ("text", "id", "url", "html", "site", "date")})


def entries(out: str, summary: log.Record, roots: list[str]) -> Iterator[Entry | Disagreement]:
    """Yield the rows of all tables in a folder of results."""
    columns = columns_of(summary)
    for name in out_folder.table_logs(out):
        yield from _table(out, name, columns, roots)


def _table(out: str, name: str, columns: Columns, roots: list[str]) -> Iterator[Entry | Disagreement]:
    where = f"articles/{name}"
    removed = out_folder.read_log(out, f"removed/{name}", log.REMOVED)
    path = os.path.join(out, out_folder.CLEAN, name.removesuffix(".jsonl"))
    clean: Iterator[Row] | None = None
    pages = _pages(out, name)
    page = next(pages, None)
    source: Iterator[Row] | None = None
    given: Row | None = None
    last = 0
    for number, record in out_folder.read_log(out, where, log.ARTICLES):
        row = record.get("row")
        if not isinstance(row, int) or not isinstance(record.get("removed_spans"), int) or "sha256" not in record:
            yield Disagreement(f"{where}:{number}", "no record of a row")
            return
        if row <= last:
            yield Disagreement(f"{where}:{number}", f"the row {row} is out of order, or there twice")
            return
        last = row
        if source is None or clean is None:
            made = formats.end(record["source"]) in formats.MADE
            clean = _rows(path, DEFAULTS if made else replace(columns, result=True))
            source = _rows(_source(record, roots), columns)
        while page is not None and page[0] < row:
            yield Disagreement(f"{out_folder.SOURCE}/{name}", f"the row {page[0]} is not a page")
            page = next(pages, None)
        shown = None
        if page is not None and page[0] == row:
            shown, page = page[1], next(pages, None)
        is_page = isinstance(record.get("page"), dict)
        while not is_page and (given is None or given.number < row):
            given = next(source, None)
            if given is None:
                break
        ours = next(clean, None)
        spans = tuple(itertools.islice(removed, record["removed_spans"]))
        text = shown if is_page else given.text if given is not None and given.number == row else None
        data = None if text is None else text.encode("utf-8", "surrogatepass")
        yield Entry(record, spans, RowTexts(None if ours is None else ours.text, data, shown))
    for number, record in removed:
        yield Disagreement(f"removed/{name}:{number}", f"a span of {record.get('article')!r} too many")
        return
    if clean is not None and next(clean, None) is not None:
        yield Disagreement(f"{out_folder.CLEAN}/{name.removesuffix('.jsonl')}", f"more rows than {where} names")


def _pages(out: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield the row number and text of every page of a table."""
    if not any(disk.exists(os.path.join(out, out_folder.SOURCE, name + end)) for end in ("", ".zst")):
        return
    for number, record in out_folder.read_log(out, f"{out_folder.SOURCE}/{name}", log.SOURCE):
        row, text = record.get("row"), record.get("text")
        if not isinstance(row, int) or not isinstance(text, str):
            raise LogFault(f"{out_folder.SOURCE}/{name}:{number}: no text of a page")
        yield row, text


def _source(record: log.Record, roots: list[str]) -> str:
    number = record["input"]
    root = roots[number] if number < len(roots) else roots[0] if len(roots) == 1 else ""
    return os.path.join(root, record["source"])


def _rows(path: str, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a file. A broken file ends early, and a missing one has no rows."""
    found: Any = adapter(path) if formats.is_table(path) else None
    if found is None:
        return
    with suppress(OSError, ValueError), ExitStack() as stack:
        if is_remote(path) and not found.STREAM:
            copy = os.path.join(stack.enter_context(tempfile.TemporaryDirectory(prefix="cleaner-")), "copy")
            intake.fetch(path, copy)
            path = copy
        yield from found.every(path, columns)
