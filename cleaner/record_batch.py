"""``clean_batch``: a record batch in, a record batch out, for Polars, DuckDB, ``datasets``, Spark and others.

A row comes out for every row that goes in, in the same order and with the same schema whatever is in it. What goes
wrong with a row stands in its ``error``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cleaner.errors import failure
from cleaner.model import status
from cleaner.tables.formats import HTML_FIELD, TEXT_FIELDS

if TYPE_CHECKING:
    import pyarrow as pa

    from cleaner.api import Cleaner


@lru_cache(maxsize=1)
def schema() -> pa.Schema:
    """The schema of what comes out."""
    import pyarrow as pa

    span = [
        *(("start", pa.int64()), ("end", pa.int64()), ("category", pa.string()), ("rule", pa.string())),
        *(("detector", pa.string()), ("score", pa.float64()), ("reason", pa.string()), ("text", pa.string())),
    ]
    return pa.schema(
        [
            ("text", pa.string()),
            ("removed", pa.list_(pa.struct(span))),
            ("language", pa.string()),
            ("status", pa.string()),
            ("error", pa.string()),
        ]
    )


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
    options: Mapping[str, Any] | None = None,
) -> pa.RecordBatch | pa.Table:
    """The clean texts of a batch: ``text``, ``removed``, ``language``, ``status`` and ``error``, a row for each row.

    ``text``, ``html`` and ``url`` name the columns; without, the text is in ``text``, ``content`` or ``body``, and
    where there is none, a page is in ``html``. Of a page, ``removed`` points into the text of its blocks, which
    ``restore`` gives. ``options`` are those of ``Cleaner``, which is built once a process. Where ``error`` is not null,
    ``text`` is null. For a table, a table comes out.

    Raises ``KeyError`` if there is no such column, and what ``Cleaner`` raises.
    """
    import pyarrow as pa

    names = batch.schema.names
    wanted = [html] if html else [text] if text else [*TEXT_FIELDS, HTML_FIELD]
    columns = [name for name in wanted if name in names]
    if not columns:
        raise KeyError(f"there is no column {' or '.join(wanted)}; there are: {', '.join(names)}")
    pages = html or (None if text else HTML_FIELD)
    cleaner = _cleaner(
        tuple(
            (key, tuple(value) if isinstance(value, list) else value) for key, value in sorted((options or {}).items())
        )
    )
    rows = []
    urls = batch.column(url) if url in names else None
    held = {name: batch.column(name) for name in columns}
    for at in range(batch.num_rows):
        value, column = None, columns[0]
        for name in columns:
            value = held[name][at].as_py()
            if value is not None:
                column = name
                break
        rows.append(_row(cleaner, value, None if urls is None else urls[at].as_py(), column, page=column == pages))
    # ``datasets`` hands in tables, and wants tables back.
    kind = pa.Table if isinstance(batch, pa.Table) else pa.RecordBatch
    return kind.from_pylist(rows, schema=schema())


def _row(cleaner: Cleaner, text: object, url: object, column: str, *, page: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"text": None, "removed": [], "language": None, "status": None, "error": None}
    address = url if isinstance(url, str) and url else None
    if not isinstance(text, str) and not (page and isinstance(text, bytes)):
        return row | {"error": f"wrong-field: the column {column} holds {'nothing' if text is None else 'no text'}"}
    try:
        cleaned = cleaner.clean_html(text, url=address) if page else cleaner.clean(str(text), url=address)
        cleaned.text.encode()  # Arrow holds UTF-8, and so no lone surrogates
    except Exception as error:
        kind, message = failure(error)
        return row | {"error": f"{kind}: {message}"}
    removed = [
        {
            **{name: getattr(span, name) for name in ("start", "end", "category", "rule", "detector", "score")},
            "reason": span.reason,
            "text": span.text,
        }
        for span in cleaned.removed
    ]
    return row | {
        "text": cleaned.text,
        "removed": removed,
        "language": cleaned.article.language,
        "status": status(cleaned),
    }
