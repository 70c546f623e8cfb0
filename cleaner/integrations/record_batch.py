"""``clean_batch``: a record batch in, a record batch out, for Polars, DuckDB, ``datasets``, Spark and others.

A row comes out for every row that goes in, in the same order, with all its columns, and with the same schema whatever
is in it. If a row fails, its ``error`` says why.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cleaner.article.model import Cleaned, status
from cleaner.errors import OptionFault, failure
from cleaner.reading.decoding import decode
from cleaner.tables.formats import HTML_FIELD, TEXT_FIELDS

if TYPE_CHECKING:
    import pyarrow as pa

    from cleaner.api import Cleaner

ROWS = 1000
"""Rows of a chunk of what comes out for a table: Arrow counts the bytes of a chunk of texts in 31 bits."""
SPAN = ("start", "end", "category", "rule", "detector", "score", "reason", "text")
PAGE = ("title", "author", "date", "sitename", "description", "language", "url")


@lru_cache(maxsize=1)
def _results() -> pa.Schema:
    """The columns that are added."""
    import pyarrow as pa

    types = {"start": pa.int64(), "end": pa.int64(), "score": pa.float64()}
    span = pa.struct([(name, types.get(name, pa.string())) for name in SPAN])
    return pa.schema(
        [
            ("text", pa.string()),
            ("removed", pa.list_(span)),
            ("language", pa.string()),
            ("status", pa.string()),
            ("error", pa.string()),
            ("page", pa.struct([(name, pa.string()) for name in PAGE])),
        ]
    )


def batch_schema(given: pa.Schema | None = None, *, prefix: str = "") -> pa.Schema:
    """The schema of what ``clean_batch`` returns for batches of the schema ``given``; without one, only the columns it
    adds.

    It depends on nothing else, so you can pass it to engines that would otherwise guess a schema from the first rows.
    Raises ``OptionFault`` if a column that is there already has the name of a result other than ``text``.
    """
    import pyarrow as pa

    results = [field.with_name(prefix + field.name) for field in _results()]
    if given is None:
        return pa.schema(results)
    taken = sorted({field.name for field in results[1:]} & {*given.names})
    if taken:
        raise OptionFault(
            f"there is a column {taken[0]} already, and a result has that name: "
            f"give the results another with prefix={(prefix or 'clean') + '_'!r}"
        )
    _unique(given.names, prefix + "text")
    new = {field.name: field for field in results}
    kept = [new.pop(field.name, field) for field in given]
    return pa.schema([*kept, *new.values()], given.metadata)


def built(options: Mapping[str, Any] | None) -> Cleaner:
    """The cleaner with these options, built once a process. Raises what ``Cleaner`` raises."""
    given = sorted((options or {}).items())
    return _cleaner(tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in given))


@lru_cache(maxsize=4)
def _cleaner(options: tuple[tuple[str, Any], ...]) -> Cleaner:
    from cleaner.api import Cleaner

    return Cleaner(**dict(options))


def clean_batch(
    batch: pa.RecordBatch | pa.Table,
    *,
    text: str | None = None,
    html: str | None = None,
    url: str = "url",
    site: str | None = None,
    prefix: str = "",
    cleaner: Cleaner | None = None,
    options: Mapping[str, Any] | None = None,
    timeout: float | None = None,
    memory: int | None = None,
) -> pa.RecordBatch | pa.Table:
    """Clean each row of a batch, and return all its columns with the results added (``batch_schema(batch.schema)``). A
    table gives a table.

    The results are ``text`` (the clean text, which replaces a column ``text``), ``removed``, ``language``, ``status``,
    ``error``, and ``page`` (what a page says about itself). ``prefix`` is put before all these names, so that with
    ``prefix="clean_"`` the column ``text`` stays as it was.

    ``text``, ``html`` and ``url`` name the columns to read; by default the text is in ``text``, ``content`` or
    ``body``, and if there is none, a page in ``html``. ``site`` names the column with the outlet, if that is not the
    host of the address. Texts may be of any string type that Arrow has, or bytes. For a page, ``removed`` points into
    the text of its blocks, which ``restore`` gives back. ``cleaner`` does the cleaning; without one, ``options`` are
    the arguments of a ``Cleaner`` that is built once per process. Where ``error`` is not null, the clean text is null.

    ``timeout`` (in seconds of processor time) and ``memory`` (in bytes for the whole process, at least 500 million)
    limit what one article may take. With either of them the work is done in a separate process, which is kept for the
    next batch. A row that takes more is tried once more by itself; if it fails again, its ``error`` says so.

    Raises ``TypeError`` if the batch is none of pyarrow, ``KeyError`` if a column is missing or there are several of
    that name, ``OptionFault`` if both a cleaner and options are given or a column has the name of a result, and
    whatever ``Cleaner`` raises.
    """
    import pyarrow as pa

    if not isinstance(batch, (pa.RecordBatch, pa.Table)):
        raise TypeError(
            f"clean_batch takes a RecordBatch or Table of pyarrow, not {type(batch).__name__}: "
            "pyarrow.table makes one of a data frame, or of a dict of columns"
        )
    if cleaner is not None and options:
        raise OptionFault("give a cleaner or options for one, not both")
    schema = batch_schema(batch.schema, prefix=prefix)
    columns = _columns(batch.schema.names, text, html)
    for name in filter(None, (url, site)):
        _unique(batch.schema.names, name)
    if site is not None and site not in batch.schema.names:
        raise KeyError(f"there is no column {site}; there are: {', '.join(batch.schema.names)}")
    pages = html or (None if text else HTML_FIELD)
    cleaner = cleaner or built(options)
    table = isinstance(batch, pa.Table)
    done = []
    for part in batch.to_batches(max_chunksize=ROWS) if table else [batch]:
        given = [
            (value, address, outlet, name, name == pages)
            for (name, value), address, outlet in zip(
                _values(part, columns), _addresses(part, url), _addresses(part, site), strict=True
            )
        ]
        if timeout is None and memory is None:
            rows = [_row(cleaner, *each) for each in given]
        else:
            rows = _limited(cleaner, given, timeout, memory)
        done.append(_joined(part, rows, schema, prefix))
    return pa.Table.from_batches(done, schema) if table else done[0]


def _limited(cleaner: Cleaner, given: list[Any], timeout: float | None, memory: int | None) -> list[dict[str, Any]]:
    """The same as ``_row`` for each, within limits."""
    from cleaner.run.limited import Ended, each
    from cleaner.run.pool import Limits

    limits = Limits(timeout=timeout or UNLIMITED, memory=memory or sys.maxsize)
    kinds = {page: (FIRST, None, None, name, page) for *_, name, page in given}
    found = each(cleaner, _Row(cleaner), given, limits, list(kinds.values()))
    empty: dict[str, Any] = dict.fromkeys(_results().names) | {"removed": []}
    return [
        empty | {"error": f"{row.kind}: {row.message.partition(';')[0]}"} if isinstance(row, Ended) else row
        for row in found
    ]


FIRST = "It rained."
"""What a new process cleans first: rules and models are loaded then."""

UNLIMITED = 1e9
"""Seconds that no article takes."""


@dataclass(frozen=True)
class _Row:
    """``_row`` with its cleaner, as it travels to the process that does it."""

    cleaner: Cleaner

    def __call__(self, given: tuple[object, str | None, str | None, str, bool]) -> dict[str, Any]:
        return _row(self.cleaner, *given)


def _columns(names: Sequence[str], text: str | None, html: str | None) -> list[str]:
    """The columns that a text may be in, the first that holds one counts."""
    wanted = [html] if html else [text] if text else [*TEXT_FIELDS, HTML_FIELD]
    columns = [name for name in wanted if name in names]
    if not columns:
        raise KeyError(f"there is no column {' or '.join(wanted)}; there are: {', '.join(names)}")
    for name in columns:
        _unique(names, name)
    return columns


def _unique(names: Sequence[str], name: str) -> None:
    if names.count(name) > 1:
        raise KeyError(f"there are {names.count(name)} columns named {name}: rename them, or name another")


def _values(batch: pa.RecordBatch, columns: Iterable[str]) -> Iterator[tuple[str, object]]:
    """For each row the column that holds something, and what; an exception where it can't be read."""
    held = {name: batch.column(name) for name in columns}
    for at in range(batch.num_rows):
        found: tuple[str, object] = (next(iter(held)), None)
        for name, column in held.items():
            try:
                value = column[at].as_py()
            except UnicodeDecodeError as error:
                value = error
            if value is not None:
                found = name, value
                break
        yield found


def _addresses(batch: pa.RecordBatch, url: str | None) -> Iterator[str | None]:
    if url is None or url not in batch.schema.names:
        yield from [None] * batch.num_rows
        return
    for _, value in _values(batch, [url]):
        yield value if isinstance(value, str) and value else None


def _joined(batch: pa.RecordBatch, rows: list[dict[str, Any]], schema: pa.Schema, prefix: str) -> pa.RecordBatch:
    """The columns of a batch with those of the results, as the schema has them."""
    import pyarrow as pa

    results = {prefix + field.name: pa.array([row[field.name] for row in rows], field.type) for field in _results()}
    # By their places: columns that nobody asks for may share a name.
    arrays = [results[name] if name in results else batch.column(at) for at, name in enumerate(schema.names)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _row(cleaner: Cleaner, value: object, url: str | None, site: str | None, column: str, page: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(_results().names) | {"removed": []}
    try:
        if isinstance(value, UnicodeDecodeError):
            return row | {"error": f"undecodable: the column {column} is not UTF-8 at byte {value.start}"}
        if not isinstance(value, (str, bytes)):
            return row | {
                "error": f"wrong-field: the column {column} holds {'nothing' if value is None else 'no text'}"
            }
        outlet = {} if site is None else {"site": site}
        if page:
            cleaned = cleaner.clean_html(value, url=url, **outlet)
        else:
            text = decode(value).text if isinstance(value, bytes) else value
            cleaned = cleaner.clean(text, url=url, **outlet)
        cleaned.article.text.encode()  # Arrow holds UTF-8, and so no lone surrogates
    except BaseException as error:  # a panic in a Rust library is no `Exception`
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        kind, message = failure(error)
        return row | {"error": f"{kind}: {message.encode(errors='replace').decode()}"}
    return row | {
        "text": cleaned.text,
        "removed": [{name: getattr(span, name) for name in SPAN} for span in cleaned.removed],
        "language": cleaned.article.language,
        "status": status(cleaned),
        "page": _facts(cleaned),
    }


def _facts(cleaned: Cleaned) -> dict[str, str | None] | None:
    """What a page says of itself."""
    page = cleaned.article.page
    if page is None:
        return None
    said = {name: getattr(page, name) for name in PAGE}
    return {name: text and text.encode(errors="replace").decode() for name, text in said.items()}
