"""Reads the logs of a run into columns of byte offsets, and keeps the columns beside the logs for the next time.

No log is held in memory: an article's lines are read again when it is shown.
"""

from __future__ import annotations

import io
import json
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from cleaner.errors import LogFault
from cleaner.files import compressed, disk
from cleaner.reporting.review.columns import ARTICLE, KEPT, REMOVED, SPAN, Chunk, Column, Columns, Names, joined
from cleaner.results import log, out_folder
from cleaner.results.summary import NO_SITE

FIRST, FURTHER = 200, 20_000
"""Articles of the first chunk, so that there is something to see at once, and of each further one."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class Logs:
    """The three logs of a table (``""``: of the articles in files of their own), as files of plain lines."""

    table: str
    articles: str
    removed: str
    kept: str | None


def logs(out: str, unpacked: str) -> list[Logs]:
    """The logs of a run; packed ones are unpacked below the folder ``unpacked``."""
    tables = [(name, name.removesuffix(".jsonl")) for name in out_folder.table_logs(out)]
    found = [
        Logs(
            "",
            _plain(out, out_folder.ARTICLES, unpacked),
            _plain(out, out_folder.REMOVED, unpacked),
            _kept(out, out_folder.KEPT, unpacked),
        )
    ]
    for name, table in tables:
        articles, removed = (_plain(out, f"{part}/{name}", unpacked) for part in ("articles", "removed"))
        found.append(Logs(table, articles, removed, _kept(out, f"kept/{name}", unpacked)))
    return found


def _kept(out: str, name: str, unpacked: str) -> str | None:
    there = any(os.path.exists(os.path.join(out, name + end)) for end in ("", ".zst"))
    return _plain(out, name, unpacked) if there else None


def _plain(out: str, name: str, unpacked: str) -> str:
    path = os.path.join(out, name)
    if os.path.exists(path) or not os.path.exists(path + ".zst"):
        return path
    target = os.path.join(unpacked, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with disk.opened(path + ".zst") as packed, disk.new_file(target, flush=False) as file:
        for piece in compressed.pieces(packed, ".zst"):
            file.write(piece)
    return target


@dataclass(slots=True)
class _Lines:
    """The lines of a log with the place of each in bytes; the one that comes next can be looked at."""

    file: BinaryIO
    name: str
    kind: str
    at: int = 0
    record: log.Record | None = None
    _next: int = 0
    _number: int = 0

    def __post_init__(self) -> None:
        self.step()
        log.check_header(self.record or {}, self.kind, self.name)
        self.step()

    def step(self) -> None:
        """Go on to the next line; ``record`` is ``None`` after the last."""
        line = self.file.readline()
        self._number += 1
        self.at, self._next = self._next, self._next + len(line)
        self.record = log.load(line, f"{self.name}:{self._number}") if line else None


@dataclass(slots=True)
class _Rows:
    """The columns of a chunk while they are filled."""

    start: int
    span_start: int
    articles: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in ARTICLE})
    spans: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in SPAN})

    def chunk(self) -> Chunk:
        """The columns as arrays."""
        return Chunk(
            self.start,
            self.span_start,
            {name: np.array(self.articles[name], kind) for name, kind in ARTICLE.items()},
            {name: np.array(self.spans[name], kind) for name, kind in SPAN.items()},
        )


def read(found: list[Logs], columns: Columns) -> Iterator[int]:
    """Fill the columns, chunk by chunk; yields how many articles there are after each. Raises ``LogFault``."""
    rows = _Rows(0, 0)
    size = FIRST
    for number, one in enumerate(found):
        columns.tables.append(one.table)
        with ExitStack() as stack:
            opened = [
                _Lines(stack.enter_context(disk.opened(path)), os.path.basename(path), kind) if path else None
                for path, kind in ((one.articles, log.ARTICLES), (one.removed, log.REMOVED), (one.kept, log.KEPT))
            ]
            articles, removed, kept = opened
            assert articles is not None and removed is not None
            place = 0
            while articles.record is not None:
                place += 1
                _take(rows, columns, (number, place), articles, removed, kept)
                articles.step()
                if len(rows.articles["at"]) >= size:
                    columns.chunks.append(rows.chunk())
                    yield columns.count
                    rows, size = _Rows(columns.count, columns.span_count), FURTHER
    if rows.articles["at"]:
        columns.chunks.append(rows.chunk())
    columns.chunks = joined(columns.chunks)
    columns.complete = True
    yield columns.count


def _take(
    rows: _Rows, columns: Columns, place: tuple[int, int], articles: _Lines, removed: _Lines, kept: _Lines | None
) -> None:
    record: Any = articles.record
    try:
        name, spans = record["article"], record["removed_spans"]
        values = {
            **{"table": place[0], "number": place[1], "at": articles.at, "removed_at": removed.at},
            **{"kept_at": kept.at if kept else 0, "removed_count": spans, "first": len(rows.spans["start"])},
            **{"characters": record["characters"], "gone": record["removed_characters"]},
            "site": columns.sites.number(record.get("site") or NO_SITE),
            "language": columns.languages.number(record.get("language") or "und"),
            "digest": digest(name),
        }
        number = len(rows.articles["at"])
        for _ in range(spans):
            if removed.record is None or removed.record["article"] != name:
                raise LogFault(f"{removed.name}: the spans of {name!r} are not where they should be; cleaner verify")
            _span(rows, columns, number, REMOVED, removed.record)
            removed.step()
        near = 0
        while kept is not None and kept.record is not None and kept.record["article"] == name:
            _span(rows, columns, number, KEPT, kept.record)
            near += 1
            kept.step()
    except (KeyError, TypeError) as fault:
        raise LogFault(f"{articles.name}: no record of an article: {fault}") from None
    values["kept_count"] = near
    for column, value in values.items():
        rows.articles[column].append(value)


def _span(rows: _Rows, columns: Columns, article: int, kind: int, record: Mapping[str, Any]) -> None:
    spans = rows.spans
    spans["article"].append(article)
    spans["kind"].append(kind)
    spans["start"].append(record["start"])
    spans["end"].append(record["end"])
    spans["category"].append(columns.categories.number(record["category"]))
    spans["rule"].append(columns.rules.number(record["rule"] or record["detector"]))
    spans["score"].append(record["score"])


def digest(article: str) -> int:
    """Return a number for an article's id that is the same on every machine. Shares are drawn by it."""
    return zlib.crc32(article.encode("utf-8", "surrogatepass"))


# -- kept for the next time -----------------------------------------------------------------------------------------


def key(out: str, found: list[Logs]) -> str:
    """Return the key that kept columns must have to belong to these logs: their sizes, and the summary."""
    paths = [path for one in found for path in (one.articles, one.removed, one.kept)]
    sizes = [os.path.getsize(path) if path else 0 for path in paths]
    summary = zlib.crc32(disk.read(os.path.join(out, out_folder.SUMMARY)))
    return json.dumps([VERSION, summary, [one.table for one in found], sizes])


def keep(out: str, name: str, columns: Columns) -> None:
    """Keep complete columns beside the logs, if that is possible."""
    arrays: dict[str, Any] = {}
    for chunk in columns.chunks:
        arrays |= {f"a_{column}": values for column, values in chunk.articles.items()}
        arrays |= {f"s_{column}": values for column, values in chunk.spans.items()}
    parts = (columns.categories, columns.rules, columns.sites, columns.languages)
    told = json.dumps([name, columns.tables, *(part.names for part in parts)])
    data = io.BytesIO()
    np.savez(data, told=np.frombuffer(told.encode(), "u1"), **arrays)
    with suppress(OSError), disk.no_more_open(out_folder.closed(out)):
        disk.write(os.path.join(out, out_folder.INDEX), data.getvalue(), flush=False)


def kept(out: str, name: str) -> Columns | None:
    """Return the kept columns, if they belong to the logs with the key ``name``."""
    try:
        arrays = _mapped(os.path.join(out, out_folder.INDEX))
        said, tables, *lists = json.loads(arrays["told"].tobytes())
        if said != name:
            return None
        categories, rules, sites, languages = (
            Names(each, {name: number for number, name in enumerate(each)}) for each in lists
        )
        chunks = []
        if "a_at" in arrays:
            parts = ({column: arrays[f"{mark}_{column}"] for column in kinds} for mark, kinds in _MARKS)
            chunks.append(Chunk(0, 0, *parts))
        return Columns(chunks, categories, rules, sites, languages, tables, complete=True)
    except (OSError, ValueError, KeyError, TypeError, struct.error, zipfile.BadZipFile):
        return None


def _mapped(path: str) -> dict[str, Column]:
    """The arrays of an ``.npz`` file that is not packed, as they lie on the disk: what nobody asks for is not read."""
    found: dict[str, Column] = {}
    with zipfile.ZipFile(path) as members, disk.opened(path) as file:
        for one in members.infolist():
            file.seek(one.header_offset + 26)  # in the header of the member: the lengths of its name and what follows
            file.seek(sum(struct.unpack("<HH", file.read(4))), os.SEEK_CUR)
            np.lib.format.read_magic(file)
            shape, _, kind = np.lib.format.read_array_header_1_0(file)
            column = np.memmap(path, kind, "r", file.tell(), shape) if shape[0] else np.zeros(0, kind)
            found[one.filename.removesuffix(".npy")] = column
    return found


_MARKS = (("a", ARTICLE), ("s", SPAN))


def whole(out: str, tell: Callable[[int], object] = bool) -> Columns:
    """Return all columns of a run: kept ones, or newly read. ``tell`` is called with the number of articles read so
    far.

    Raises ``LogFault`` or ``OSError``.
    """
    with tempfile.TemporaryDirectory(prefix="cleaner-") as unpacked:
        found = logs(out, unpacked)
        name = key(out, found)
        columns = kept(out, name)
        if columns is None:
            columns = Columns()
            for articles in read(found, columns):
                tell(articles)
            keep(out, name, columns)
        return columns
