"""Parquet: an article a row; the other columns, their types and the metadata stay."""

from __future__ import annotations

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
from cleaner.tables import record_batches
from cleaner.tables.base import Columns, Row, Rows, Store
from cleaner.tables.record_batches import save

__all__ = ["STREAM", "assemble", "every", "parts", "rows", "save"]

STREAM = False

LARGEST = 500_000_000
"""Bytes that are held before they are written. A larger row group becomes several; all others stay as they are."""


def parts(path: str, store: Store, most: int) -> Iterator[Rows]:
    """Ranges of row groups."""
    if compressed.suffix(path):
        raise TableFault("not-taken", "Parquet is compressed in itself; unpack the file")
    if not os.path.getsize(path):
        raise TableFault("truncated", "the file is empty")
    meta = record_batches.broken(path, lambda: pq.read_metadata(path))
    return record_batches.ranges(path, [meta.row_group(number).num_rows for number in range(meta.num_row_groups)])


def rows(part: Rows, columns: Columns, most: int) -> Iterator[Row]:
    """The articles of a range."""
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
    """All rows of a file."""
    first = 1
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=256):
            yield from record_batches.rows_of(batch, first, columns)
            first += batch.num_rows


def assemble(target: str, paths: Sequence[str], source: str) -> None:
    """One Parquet file with the schema and the compression of the source."""
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
