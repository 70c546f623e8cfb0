"""Reads the logs of a run as one stream: every article with its removed spans, and the clean texts of some articles.

This is for counting: it skips the checks of ``verify``, and reads only the texts that are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from cleaner.errors import LogFault
from cleaner.files import disk
from cleaner.results import log, out_folder
from cleaner.results.verify import inside
from cleaner.results.verify_tables import columns_of
from cleaner.tables import formats
from cleaner.tables.base import DEFAULTS, Columns
from cleaner.tables.by_number import Numbered


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The place of an article's clean text: a file below ``clean/``, or the ``number``-th row of a table (from 1).

    ``number`` is 0 for a file with one article.
    """

    clean: str
    number: int = 0


def articles(out: str) -> Iterator[tuple[Place, log.Record]]:
    """Yield the records of all articles. Raises ``LogFault`` or ``OSError`` if a log can't be read."""
    for place, record, _ in _read(out, spans=False):
        yield place, record


def with_spans(out: str) -> Iterator[tuple[Place, log.Record, list[log.Record]]]:
    """Yield each article with its removed spans, in order.

    Raises ``LogFault`` if a span belongs to a different article than its place in the log implies.
    """
    yield from _read(out, spans=True)


def _read(out: str, *, spans: bool) -> Iterator[tuple[Place, log.Record, list[log.Record]]]:
    tables = [
        (f"articles/{name}", f"removed/{name}", name.removesuffix(".jsonl")) for name in out_folder.table_logs(out)
    ]
    for articles_log, removed_log, table in [(out_folder.ARTICLES, out_folder.REMOVED, ""), *tables]:
        removed = out_folder.read_log(out, removed_log, log.REMOVED) if spans else iter(())
        records = out_folder.read_log(out, articles_log, log.ARTICLES)
        for number, (line, record) in enumerate(records, 1):
            if not isinstance(record.get("removed_spans"), int) or not isinstance(record.get("clean"), str):
                raise LogFault(f"{articles_log}:{line}: no record of an article")
            mine = [span for _, span in islice(removed, record["removed_spans"])] if spans else []
            if spans and (wrong := _strangers(record, mine)):
                raise LogFault(f"{removed_log}: {wrong}; cleaner verify says more")
            yield Place(table, number) if table else Place(record["clean"]), record, mine


def _strangers(record: log.Record, spans: list[log.Record]) -> str | None:
    """Return what is wrong if these are not the spans of an article."""
    if len(spans) < record["removed_spans"]:
        return f"ends before the spans of {record['article']!r} do"
    # Logs are in one order: where the first and the last are its own, all between them are.
    other = next((span["article"] for span in (spans[:1] + spans[-1:]) if span["article"] != record["article"]), None)
    return None if other is None else f"spans of {other!r} where those of {record['article']!r} should be"


def clean_texts(out: str, places: set[Place], summary: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield the clean texts of some articles. Missing ones are left out."""
    tables: dict[str, set[int]] = {}
    for place in sorted(places):
        if place.number:
            tables.setdefault(place.clean, set()).add(place.number)
            continue
        try:
            yield place, disk.read(inside(os.path.join(out, out_folder.CLEAN), place.clean)).decode("utf-8", "replace")
        except (OSError, ValueError):
            continue
    for table, numbers in tables.items():
        rows = Numbered(os.path.join(out, out_folder.CLEAN, table), clean_columns(table, summary))
        with suppress(OSError, ValueError):
            for number, row in rows.rows(numbers):
                if row.text is not None:
                    yield Place(table, number), row.text


def clean_columns(table: str, summary: Mapping[str, Any]) -> Columns:
    """Return the field names of a table below ``clean/``."""
    # What a WARC file becomes has our fields, whatever those of other inputs are.
    made = table.endswith(tuple(old + new for old, new in formats.MADE.items()))
    return DEFAULTS if made else replace(columns_of(summary), result=True)


def errors(out: str) -> Iterator[log.Record]:
    """Yield the records of ``errors.jsonl``."""
    for _, record in out_folder.read_log(out, out_folder.ERRORS, log.ERRORS):
        yield record


def source_text(out: str, place: Place) -> str | None:
    """Return the text of a page's blocks, into which its spans point, from its own file; ``None`` if that is
    missing."""
    try:
        return disk.read(inside(os.path.join(out, out_folder.SOURCE), place.clean)).decode("utf-8", "surrogatepass")
    except (OSError, ValueError):
        return None
