"""Finds the fields of a row: text, id, address, outlet and date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from cleaner.tables.base import Columns, Row
from cleaner.tables.formats import DATE_FIELD, HTML_FIELD, TEXT_FIELDS
from cleaner.text.days import day
from cleaner.text.hosts import named


def row_of(number: int, whole: Any, record: Mapping[str, Any], columns: Columns) -> Row:
    """Return the article of a row's fields. If something is wrong with it, its ``fault`` says what.

    >>> row_of(1, None, {"content": "A.", "id": 7}, Columns()).text
    'A.'
    >>> row_of(1, None, {"text": None, "html": "<p>A."}, Columns()).html
    '<p>A.'
    >>> row_of(1, None, {"text": 7}, Columns()).fault
    ('wrong-field', 'the field text holds a number, not a text')
    """
    id = record.get(columns.id or "id")
    id = str(id) if isinstance(id, (str, int)) and not isinstance(id, bool) else None
    url = record.get(columns.url or "url")
    url = url if isinstance(url, str) and url else None
    site = named(record.get(columns.site)) if columns.site else None
    row = Row(number, whole, id=id, url=url, site=site, day=day(record.get(columns.date or DATE_FIELD)))
    name = target(record, columns) if columns.html and columns.result else _field(record, columns)
    if name not in record:
        wanted = columns.html or columns.text or "text, content, body or html (--text-field, --html-field name others)"
        return replace(row, fault=("no-text", f"no field {wanted}"))
    value = record[name]
    page = name == columns.html or (name == HTML_FIELD and not columns.text and not columns.html)
    if not isinstance(value, str) and not (page and isinstance(value, bytes)):
        fault = "wrong-field", f"the field {name} {_holds(value)}, not a {'page' if page else 'text'}"
        return replace(row, fault=fault)
    if page:
        return replace(row, html=value, column=target(record, columns))
    return replace(row, text=str(value), column=name)


def _field(record: Mapping[str, Any], columns: Columns) -> str:
    """Return the field to clean: the first that is not empty, otherwise the first that exists."""
    names = (columns.html,) if columns.html else (columns.text,) if columns.text else (*TEXT_FIELDS, HTML_FIELD)
    there = [name for name in names if name in record]
    return next((name for name in there if record[name] is not None), there[0] if there else "")


def target(names: Collection[str], columns: Columns) -> str:
    """Return the field that takes the clean text of a page, from the names of the existing fields.

    >>> target(["html", "content"], Columns()), target(["html"], Columns())
    ('content', 'text')
    """
    free = [name for name in TEXT_FIELDS if name != columns.html]
    return columns.text or next((name for name in free if name in names), free[0])


def _holds(value: Any) -> str:
    if value is None:
        return "is empty (null)"
    if isinstance(value, bool):
        return "holds true or false"
    if isinstance(value, (int, float)):
        return "holds a number"
    if isinstance(value, bytes):
        return "holds bytes"
    return "holds a list" if isinstance(value, (list, tuple)) else "holds an object"
