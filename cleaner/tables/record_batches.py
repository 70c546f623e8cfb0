"""The common part of Parquet and Arrow files: rows in record batches, whose text column is replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from cleaner.article.model import Cleaned
from cleaner.errors import TableFault
from cleaner.files import disk
from cleaner.tables.base import ROWS, Columns, Row, Rows
from cleaner.tables.fields import row_of
from cleaner.tables.formats import DATE_FIELD, HTML_FIELD, TEXT_FIELDS


def ranges(
    path: str, batches: Iterable[int], content: str | None = None, begin: int = 0, first: int = 1
) -> Iterator[Rows]:
    """Yield ranges of a file whose batches have these numbers of rows. ``start`` is the batch, ``stop`` the first row
    in it.

    A range lies within one batch, so that a worker unpacks only that. ``content``: the digest of the file, if known.
    ``begin``: the number of the first of these batches. ``first``: its first row.
    """
    content = content or digest(path)
    for number, length in enumerate(batches, begin):
        # A range is found by unpacking its batch from the front: not too many ranges for a large one.
        step = max(ROWS, -(-length // 64))
        for at in range(0, length, step):
            count = min(step, length - at)
            yield Rows(path, number, at, first, count, f"{content} {number} {at}")
            first += count


def digest(path: str) -> str:
    """Return the digest of a file."""
    with disk.opened(path) as file:
        found = hashlib.sha256()
        while data := file.read(1 << 20):
            found.update(data)
        return found.hexdigest()


def rows_of(batch: pa.RecordBatch, first: int, columns: Columns) -> Iterator[Row]:
    """Yield the articles of a batch. ``whole`` is the batch and the place in it."""
    texts = [name for name in (columns.text, columns.html) if name] or [*TEXT_FIELDS]
    wanted = [*texts, columns.id or "id", columns.url or "url", *filter(None, (columns.site,))]
    present = [name for name in dict.fromkeys(wanted) if name in batch.schema.names]
    _check_names(batch.schema.names, present, columns)
    values = {name: batch.column(name) for name in present}
    date = columns.date or DATE_FIELD
    dates = batch.column(date) if date not in values and batch.schema.names.count(date) == 1 else None
    # A page is only unpacked if there is no text, and other columns of texts not at all.
    guess = not columns.text and not columns.html
    pages = batch.column(HTML_FIELD) if guess and HTML_FIELD in batch.schema.names else None
    unread = {name: None for name in TEXT_FIELDS if name in batch.schema.names}
    for at in range(batch.num_rows):
        try:
            record = {name: column[at].as_py() for name, column in values.items()}
        except UnicodeDecodeError:
            yield Row(first + at, (batch, at), fault=_undecodable(values, at))
            continue
        if pages is not None and all(record.get(name) is None for name in TEXT_FIELDS):
            record[HTML_FIELD] = pages[at].as_py()
        record = unread | record
        if dates is not None:
            record[date] = _told(dates, at)
        yield row_of(first + at, (batch, at), record, columns)


def _told(column: Any, at: int) -> Any:
    """Return a date, or ``None`` if it can't be read: the column may have another meaning."""
    try:
        return column[at].as_py()
    except (ValueError, ArithmeticError, ImportError):  # no text, no day of a calendar, or too exact for Python
        return None


def _check_names(names: Sequence[str], needed: Sequence[str], columns: Columns) -> None:
    """Raise ``TableFault`` if two columns that are needed share a name. Other columns may."""
    options = {columns.id or "id": "--id-field", columns.url or "url": "--url-field", columns.html: "--html-field"}
    for name in needed:
        if (count := names.count(name)) > 1:
            option = options.get(name, "--text-field")
            raise TableFault(
                "two-columns", f"has {count} columns named {name}: rename them, or name another with {option}"
            )


def _undecodable(values: Mapping[str, Any], at: int) -> tuple[str, str]:
    """Return what is wrong with a row that holds bytes in place of a text."""
    for name, column in values.items():
        try:
            column[at].as_py()
        except UnicodeDecodeError as error:
            return "undecodable", f"the field {name} is not UTF-8 at byte {error.start}"
    return "undecodable", "a field is not UTF-8"


GROUP = b"cleaner.group"
"""The metadata key of a batch: the number of the row group or batch of the source from which its rows come."""


def save(path: str, part: Rows, pairs: Sequence[tuple[Row, Cleaned]], name: str) -> None:
    """Write the rows with their clean texts as an Arrow stream."""
    with disk.new_file(path, flush=False) as file:
        writer: Any = None
        for batch, chosen in _by_batch(pairs):
            new = replaced(batch, chosen)
            if writer is None:
                writer = pa.ipc.new_stream(file, new.schema)
            writer.write_batch(new, custom_metadata={GROUP: b"%d" % part.start})
        if writer is not None:
            writer.close()


def _by_batch(pairs: Sequence[tuple[Row, Cleaned]]) -> Iterator[tuple[pa.RecordBatch, list[tuple[Row, Cleaned]]]]:
    chosen: list[tuple[Row, Cleaned]] = []
    for pair in pairs:
        if chosen and pair[0].whole[0] is not chosen[0][0].whole[0]:
            yield chosen[0][0].whole[0], chosen
            chosen = []
        chosen.append(pair)
    if chosen:
        yield chosen[0][0].whole[0], chosen


def replaced(batch: pa.RecordBatch, pairs: Sequence[tuple[Row, Cleaned]]) -> pa.RecordBatch:
    """Return the rows of ``pairs`` with their clean texts. The schema stays, except for a new column if the table has
    none for them.
    """
    result = _taken(batch, [row.whole[1] for row, _ in pairs])
    for name in {row.column for row, _ in pairs}:
        at = batch.schema.get_field_index(name)
        if at < 0:
            texts = pa.array([cleaned.text for _, cleaned in pairs], pa.string())
            result = result.append_column(pa.field(name, pa.string()), texts)
            continue
        field = batch.schema.field(at)
        if pa.types.is_null(field.type):
            field = pa.field(name, pa.string())
        old = result.column(at).to_pylist() if any(row.column != name for row, _ in pairs) else [None] * len(pairs)
        values = [cleaned.text if row.column == name else old[n] for n, (row, cleaned) in enumerate(pairs)]
        result = result.set_column(at, field, typed(values, field.type))
    return result.replace_schema_metadata(batch.schema.metadata)


def _taken(batch: pa.RecordBatch, places: list[int]) -> pa.RecordBatch:
    """Return the rows at these places, in rising order. ``take`` and ``filter`` don't support all types (string
    views)."""
    slices = []
    while places:
        count = next((n for n, at in enumerate(places) if at != places[0] + n), len(places))
        slices.append(batch.slice(places[0], count))
        places = places[count:]
    if len(slices) == 1:
        return slices[0]
    # Column by column: before pyarrow 19 there is no way to join whole batches.
    columns = [pa.concat_arrays([part.column(at) for part in slices]) for at in range(batch.num_columns)]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def typed(values: list[str | None], type: pa.DataType) -> pa.Array:
    """Return texts as an array of a type that can hold them, built directly or cast: no version of pyarrow supports all
    casts."""
    if pa.types.is_dictionary(type):
        return pa.array(values, pa.string()).dictionary_encode().cast(type)
    return pa.array(values, type)


def schema_of(paths: Sequence[str], schema: pa.Schema) -> pa.Schema:
    """Return the schema of the ranges: that of the source, perhaps with an additional column."""
    first = next(streams(paths), None)
    if first is None:
        return schema
    if len({*schema.names}) < len(schema.names):  # which pyarrow takes for a fault
        return first.schema.with_metadata(schema.metadata)
    return pa.unify_schemas([schema, first.schema]).with_metadata(schema.metadata)


def streams(paths: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the batches of all ranges in order."""
    for _, batch in grouped(paths):
        yield batch


def grouped(paths: Sequence[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the batches of all ranges, each with the number of its source batch. A range whose rows have all failed is
    an empty file."""
    for path in paths:
        with disk.opened(path) as file:
            if file.read(1):
                file.seek(0)
                with pa.ipc.open_stream(file) as reader:
                    for batch, carried in reader.iter_batches_with_custom_metadata():
                        yield int(carried[GROUP]), batch


def broken(path: str, action: Callable[[], Any]) -> Any:
    """Return the result of ``action``. pyarrow's errors about a broken file become a ``TableFault``."""
    try:
        return action()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None and error.filename is not None:
            raise
        raise TableFault("broken", f"can't be read: {str(error).splitlines()[0]}") from None
