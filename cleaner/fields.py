"""Which field of a row is the text, and which its id and address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.formats import TEXT_FIELDS
from cleaner.tables import Columns, Row


def row_of(number: int, whole: Any, record: Mapping[str, Any], columns: Columns) -> Row:
    """An article from the fields of a row; what is wrong with it is its ``fault``.

    >>> row_of(1, None, {"content": "A.", "id": 7}, Columns()).text
    'A.'
    >>> row_of(1, None, {"text": 7}, Columns()).fault
    ('wrong-field', 'the field text holds a number, not a text')
    """
    id = record.get(columns.id or "id")
    id = str(id) if isinstance(id, (str, int)) and not isinstance(id, bool) else None
    url = record.get(columns.url or "url")
    url = url if isinstance(url, str) and url else None
    if columns.html is not None:
        name, value = columns.html, record.get(columns.html)
    else:
        names = (columns.text,) if columns.text else TEXT_FIELDS
        name = next((name for name in names if name in record), "")
        value = record.get(name)
        if not name:
            wanted = columns.text or "text, content or body (--text-field names another)"
            return Row(number, whole, id=id, url=url, fault=("no-text", f"no field {wanted}"))
    if columns.html is not None and value is None:
        return Row(number, whole, id=id, url=url, fault=("no-text", f"no field {name}"))
    if not isinstance(value, str) and not (columns.html is not None and isinstance(value, bytes)):
        return Row(
            number, whole, id=id, url=url, fault=("wrong-field", f"the field {name} {_holds(value)}, not a text")
        )
    if columns.html is not None:
        return Row(number, whole, html=value, id=id, url=url, column=name)
    return Row(number, whole, text=str(value), id=id, url=url, column=name)


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
