"""``clean_batch``: a record batch in, a record batch out, for Polars, DuckDB, ``datasets``, Spark and others.

A row comes out for every row that goes in, in the same order and with the same schema whatever is in it. What goes
wrong with a row stands in its ``error``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cleaner import batch as one
from cleaner.formats import TEXT_FIELDS
from cleaner.summary import status

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
    url: str = "url",
    options: Mapping[str, Any] | None = None,
) -> pa.RecordBatch | pa.Table:
    """The clean texts of a batch: ``text``, ``removed``, ``language``, ``status`` and ``error``, a row for each row.

    ``text`` and ``url`` name the columns; without, the text is in ``text``, ``content`` or ``body``. ``options`` are
    those of ``Cleaner``, which is built once a process. Where ``error`` is not null, ``text`` is null. For a table, a
    table comes out.

    Raises ``KeyError`` if there is no such column, and what ``Cleaner`` raises.
    """
    import pyarrow as pa

    names = batch.schema.names
    wanted = [text] if text else list(TEXT_FIELDS)
    column = next((name for name in wanted if name in names), None)
    if column is None:
        raise KeyError(f"there is no column {' or '.join(wanted)}; there are: {', '.join(names)}")
    cleaner = _cleaner(
        tuple(
            (key, tuple(value) if isinstance(value, list) else value) for key, value in sorted((options or {}).items())
        )
    )
    texts = batch.column(column).to_pylist()
    urls = batch.column(url).to_pylist() if url in names else [None] * len(texts)
    rows = [_row(cleaner, value, where, column) for value, where in zip(texts, urls, strict=True)]
    # ``datasets`` hands in tables, and wants tables back.
    kind = pa.Table if isinstance(batch, pa.Table) else pa.RecordBatch
    return kind.from_pylist(rows, schema=schema())


def _row(cleaner: Cleaner, text: object, url: object, column: str) -> dict[str, Any]:
    row: dict[str, Any] = {"text": None, "removed": [], "language": None, "status": None, "error": None}
    if not isinstance(text, str):
        return row | {"error": f"wrong-field: the column {column} holds {'nothing' if text is None else 'no text'}"}
    try:
        cleaned = cleaner.clean(text, url=url if isinstance(url, str) and url else None)
        cleaned.text.encode()  # Arrow holds UTF-8, and so no lone surrogates
    except Exception as error:
        kind, message = one.failure(error)
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
