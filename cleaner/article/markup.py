"""What the markup of a page says of a part of its text, or puts between its blocks: values, as those of ``model``."""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.article.offsets import Span


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A part of a page's block that is set off from the rest. ``mark`` is how it is written: ``*``, ``**``, ``***``, or
    a back tick."""

    span: Span
    mark: str


@dataclass(frozen=True, slots=True)
class Link:
    """A part of a page's block that leads elsewhere. ``target``: as the page writes it."""

    span: Span
    target: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's row: how many columns and rows it takes, and whether any text stands in it."""

    columns: int = 1
    rows: int = 1
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a page. ``after``: how many blocks stand before it; ``within``: the elements around, as of blocks."""

    after: int
    source: str
    text: str
    within: tuple[int, ...]
    figure: bool
