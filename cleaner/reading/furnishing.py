"""Finds what lines of a page contain beside their text: links, cells of tables, and images between lines."""

from __future__ import annotations

from lxml import html

from cleaner.article.markup import Cell, Image, Link
from cleaner.article.model import Span
from cleaner.reading.elements import BLOCK, UNSEEN
from cleaner.reading.emphasis import emphases

_RAISED = frozenset(("sup", "sub", "a"))
IMAGES = frozenset(("img", "amp-img"))
MOST_CELLS = 50
"""The most columns or rows that a cell may span here."""
ROW = 600
"""The length in characters up to which a table row is one line. In longer rows each cell is a line."""
_SPECK = frozenset(("0", "1"))
_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
"""The attributes with an image's address. Those that a script would put in place of a blank one come first."""


def image_of(element: html.HtmlElement, after: int, path: str, within: tuple[int, ...]) -> Image | None:
    """Return an image, unless it has no address. ``after``: the number of blocks before it. ``path``, ``within``: the
    elements around it."""
    asked = (element.get(name) for name in _SOURCES)
    source = next((each for each in asked if each and not each.startswith("data:")), None)
    if not source or element.get("width") in _SPECK or element.get("height") in _SPECK:
        return None
    text = " ".join((element.get("alt") or "").split())
    return Image(after, source.strip(), text, within, ".figure" in f".{path}")


def links_of(parts: list[str], leading: list[tuple[int, str]], line: Span, linked: int) -> tuple[Link, ...]:
    """Return the places of the links in a line. ``linked``: the number of characters in links."""
    target = leading[0][1]
    if linked == line.end - line.start and (len(leading) == 1 or all(each == target for _, each in leading)):
        return (Link(line, target),)
    return tuple(Link(each.span, each.mark) for each in emphases(parts, leading, line.start))


def cells_of(cells: list[list[int]]) -> tuple[Cell, ...]:
    """Return the cells of a row, if its text alone doesn't show them."""
    if all(cell == [1, 1, 1] for cell in cells):
        return ()
    return tuple(Cell(columns, rows, filled > 0) for columns, rows, filled in cells)


def size(cell: html.HtmlElement, name: str) -> int:
    """Return the number of columns or rows that a cell spans."""
    value = cell.get(name) or ""
    return max(1, min(int(value), MOST_CELLS)) if value.isascii() and value.isdigit() else 1


def is_row(row: html.HtmlElement) -> int:
    """Return whether a table row has two or more cells of data and is therefore read as one line."""
    cells = 0
    for element in row.iter():
        tag = element.tag
        if tag in ("td", "th"):
            cells += 1
        elif (tag in BLOCK and tag not in ("tr", "div", "p", "center")) or tag in UNSEEN:
            return 0
    return int(cells > 1 and len(row.xpath("string()")) <= ROW)


def run_together(before: str, after: str, tag: str) -> bool:
    """Return whether two adjacent texts without a space between them are two words. The second begins an element.

    Pages separate such words by style. "The" after "by" is a new word, "rchive" after "A" is not; "05" after "reporter"
    is one, a raised number or the number of a note is not.
    """
    last = before[-1]
    if after[:2].isdigit() and tag not in _RAISED:
        return last.islower()
    return after[0].isupper() and (last.islower() or last.isdigit() or last in ".:!?")
