"""Arrow streams and files: what Hugging Face ``datasets`` saves to disk. What comes out loads again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from cleaner import compressed, files, formats
from cleaner.adapters import batches
from cleaner.adapters.batches import save
from cleaner.tables import Columns, Row, TableFault
from cleaner.unit import Rows

__all__ = ["STREAM", "assemble", "every", "parts", "rows", "save"]

STREAM = False

MAGIC = b"ARROW1"


def parts(path: str, spool: Callable[[], str], most: int) -> Iterator[Rows]:
    """Ranges of record batches."""
    if compressed.suffix(path):
        raise TableFault("not-taken", "Arrow files are read as they are; unpack the file")
    sizes = batches.broken(path, lambda: [batch.num_rows for batch in _batches(path)])
    return batches.ranges(path, sizes)


def rows(part: Rows, columns: Columns, most: int) -> Iterator[Row]:
    """The articles of a range."""
    for number, batch in enumerate(_batches(part.path)):
        if number == part.start:
            yield from batches.rows_of(batch.slice(part.stop, part.count), part.first, columns)
            return


def every(path: str, columns: Columns) -> Iterator[Row]:
    """All rows of a file."""
    first = 1
    for batch in _batches(path):
        yield from batches.rows_of(batch, first, columns)
        first += batch.num_rows


def assemble(target: str, paths: Sequence[str], source: str) -> None:
    """One file of the kind of the source."""
    with pa.memory_map(source) as file:
        reader: Any = _reader(file)
        schema = reader.schema
        whole = isinstance(reader, pa.ipc.RecordBatchFileReader)
    for name in formats.SIDECARS:
        beside = os.path.join(os.path.dirname(source), name)
        if os.path.exists(beside):
            files.write(os.path.join(os.path.dirname(target), name), files.read(beside))
    with files.new_file(target) as out:  # noqa: SIM117 - the kind of writer is an expression of its own
        with (pa.ipc.new_file if whole else pa.ipc.new_stream)(out, schema) as writer:
            for batch in batches.streams(paths):
                writer.write_batch(batch)


def _batches(path: str) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(path) as file:
        reader: Any = _reader(file)
        if isinstance(reader, pa.ipc.RecordBatchFileReader):
            yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
        else:
            yield from reader


def _reader(file: Any) -> Any:
    magic = file.read(len(MAGIC))
    file.seek(0)
    return pa.ipc.open_file(file) if magic == MAGIC else pa.ipc.open_stream(file)
