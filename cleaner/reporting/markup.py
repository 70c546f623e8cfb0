"""Pieces of HTML: escaped text, tables that a screen reader can read, parts that open at a touch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

# What HTML can't hold, and marks that would turn the direction of the text around them.
_NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def safe(text: object) -> str:
    """A text of somebody else's as HTML that shows it and does nothing, also inside of an attribute in quotes.

    >>> safe('<b onclick="x">\\x00')
    '&lt;b onclick=&quot;x&quot;&gt;�'
    """
    return escape(_NOT_SHOWN.sub("\ufffd", str(text)))


def clipped(text: str, most: int = 120) -> str:
    """A name that is too long, without its middle, escaped."""
    half = most // 2
    return safe(text if len(text) <= most else f"{text[:half]}…{text[-half:]}")


def number(value: int) -> str:
    """A whole number with separators.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{value:,}"


def percent(share: float) -> str:
    """A share for people; what is not nothing is not shown as nothing.

    >>> percent(0.1234), percent(0.00001), percent(0)
    ('12.3 %', '&lt; 0.1 %', '0 %')
    """
    if share == 0:
        return "0 %"
    return f"{100 * share:.1f} %" if abs(share) >= 0.0005 else "&lt; 0.1 %"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and whether it holds figures."""

    head: str
    figures: bool = True


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; the first cell of a row is its heading.

    On narrow screens it scrolls sideways in a region of its own, which the keyboard reaches.
    """
    head = "".join(f'<th scope="col"{_kind(column)}>{column.head}</th>' for column in columns)
    body = []
    for row in rows:
        first, *others = row
        cells = "".join(f"<td{_kind(c)}>{cell}</td>" for c, cell in zip(columns[1:], others, strict=True))
        body.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    label = re.sub("<[^>]*>", "", caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _kind(column: Column) -> str:
    return ' class="n"' if column.figures else ""


def details(summary: str, content: str, *, opened: bool = False) -> str:
    """A part that opens at a touch, or by the keyboard."""
    return f"<details{' open' if opened else ''}><summary>{summary}</summary>{content}</details>"


def section(anchor: str, title: str, content: str) -> str:
    """A part of the page with a heading that names it."""
    return f'<section id="{anchor}" aria-labelledby="{anchor}-h"><h2 id="{anchor}-h">{title}</h2>{content}</section>'
