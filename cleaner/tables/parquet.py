"""Parquet: one article per row. The other columns, their types and the metadata stay."""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.errors import TableFault
from cleaner.files import compressed, disk
from cleaner.files.remote import is_remote
from cleaner.tables import record_batches
from cleaner.tables.base import Columns, Cut, Row, Rows, Store
from cleaner.tables.record_batches import save

__all__ = ["STREAM", "assemble", "cuts", "every", "group_sizes", "parts", "rows", "save", "within"]

STREAM = False

LARGEST = 500_000_000
"""The number of bytes held before they are written. A larger row group becomes several; all others stay."""


def parts(path: str, store: Store, most: int) -> Iterator[Rows]:
    """Ranges of row groups."""
    if compressed.suffix(path):
        raise TableFault("not-taken", "Parquet is compressed in itself; unpack the file")
    if not os.path.getsize(path):
        raise TableFault("truncated", "the file is empty")
    return record_batches.ranges(path, group_sizes(path))


def group_sizes(path: str) -> list[int]:
    """Return the number of rows in each row group. Raises ``TableFault`` or ``OSError``."""
    meta: Any = record_batches.broken(path, lambda: pq.read_metadata(path))
    return [meta.row_group(number).num_rows for number in range(meta.num_row_groups)]


FOOT = 8
"""The number of bytes at the end of a file that hold the length of its description, and the signature."""


def described(path: str) -> tuple[int, int]:
    """Return the place of the description at the end of a file. Raises ``TableFault``."""
    with disk.opened(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - FOOT))
        tail = file.read(FOOT)
        length = int.from_bytes(tail[:4], "little")
    if tail[4:] != b"PAR1" or length + FOOT > size:
        raise TableFault("broken", "can't be read: it doesn't end as a Parquet file does")
    return size - FOOT - length, size


def cuts(path: str, size: int) -> Iterator[Cut]:
    """Yield ranges of row groups of about ``size`` bytes each. Only the description is read; for the digests of a local
    file, also the row groups."""
    if compressed.suffix(path):
        return
    foot = described(path)
    with disk.opened(path) as file:
        meta: Any = record_batches.broken(path, lambda: pq.read_metadata(file))
        begin, first, count, held = 0, 1, 0, 0
        for number in range(meta.num_row_groups):
            group = meta.row_group(number)
            count += group.num_rows
            held += sum(group.column(at).total_compressed_size for at in range(group.num_columns))
            if held >= size or number + 1 == meta.num_row_groups:
                spans = (_place(meta, begin, number + 1), foot)
                yield Cut(begin, number + 1, first, count, _digest(path, spans), spans)
                begin, first, count, held = number + 1, first + count, 0, 0


def _place(meta: Any, begin: int, end: int) -> tuple[int, int]:
    """Return the byte ranges of some row groups."""
    starts, stops = [], []
    for number in range(begin, end):
        group = meta.row_group(number)
        for at in range(group.num_columns):
            column = group.column(at)
            start = min(place for place in (column.dictionary_page_offset, column.data_page_offset) if place)
            starts.append(start)
            stops.append(start + column.total_compressed_size)
    return (min(starts), max(stops)) if starts else (0, 0)


def _digest(path: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the digest of parts of a local file; empty for a remote one, for which the digest of its store is used."""
    if is_remote(path):
        return ""
    digest = hashlib.sha256()
    for start, stop in spans:
        for at in range(start, stop, disk.PIECE):
            digest.update(disk.read_part(path, at, min(disk.PIECE, stop - at)))
    return digest.hexdigest()


def within(path: str, cut: Cut) -> Iterator[Rows]:
    """Yield the ranges of a cut. Raises ``TableFault`` if the file has changed."""
    if cut.digest and _digest(path, cut.bytes) != cut.digest:
        raise TableFault("changed", "the file has changed since the plan")
    meta: Any = record_batches.broken(path, lambda: pq.read_metadata(path))
    sizes = [meta.row_group(number).num_rows for number in range(cut.start, cut.stop)]
    return record_batches.ranges(path, sizes, cut.digest or "elsewhere", cut.start, cut.first)


def rows(part: Rows, columns: Columns, most: int) -> Iterator[Row]:
    """Yield the articles of a range."""
    file = record_batches.broken(part.path, lambda: pq.ParquetFile(part.path))
    with file:
        at, first = 0, part.first
        source = file.iter_batches(batch_size=256, row_groups=[part.start])
        while (batch := record_batches.broken(part.path, lambda: next(source, None))) is not None:
            begin, end = max(part.stop - at, 0), min(part.stop + part.count - at, batch.num_rows)
            if end <= 0:
                return
            if begin < end:
                yield from record_batches.rows_of(batch.slice(begin, end - begin), first, columns)
                first += end - begin
            at += batch.num_rows


def every(path: str, columns: Columns) -> Iterator[Row]:
    """Yield all rows of a file."""
    first = 1
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=256):
            yield from record_batches.rows_of(batch, first, columns)
            first += batch.num_rows


def assemble(target: str, paths: Sequence[str], source: str) -> None:
    """Write one Parquet file with the schema and the compression of the source."""
    with pq.ParquetFile(source) as file:
        schema = file.schema_arrow
        meta: Any = file.metadata
        codec = (
            meta.row_group(0).column(0).compression.lower() if meta.num_row_groups and meta.num_columns else "snappy"
        )
    schema = record_batches.schema_of(paths, schema)
    codec = {"uncompressed": "none", "lz4_raw": "lz4"}.get(codec, codec)
    with disk.new_file(target) as out, pq.ParquetWriter(out, schema, compression=codec) as writer:
        for _, batches in itertools.groupby(record_batches.grouped(paths), key=itemgetter(0)):
            held: list[pa.RecordBatch] = []
            size = 0
            for _, batch in batches:
                if size + batch.nbytes > LARGEST and held:
                    writer.write_table(pa.Table.from_batches(held, schema), row_group_size=sys.maxsize)
                    held, size = [], 0
                held.append(batch)
                size += batch.nbytes
            writer.write_table(pa.Table.from_batches(held, schema), row_group_size=sys.maxsize)
