"""Files of many articles: their rows, and the functions of the module of each format.

The modules of the formats have these functions:

``parts(path, store, most)``                the ranges of a file, read once from the front to the end
``rows(part, columns, most)``               the articles of a range, in a worker
``save(path, part, pairs, name)``           the rows of a range with their clean texts, in a worker
``assemble(target, paths, source)``         the ranges put together to a file like the one that was read
``every(path, columns)``                    all articles of a file, for ``verify``

``cuts(path, size)``, ``within(path, cut)``   ranges for machines apart, and those of a range, where it can be done

``STREAM`` says that the ranges are put together by writing one behind the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from cleaner.article.model import Cleaned
from cleaner.tables import formats

ROWS = 64
"""Rows of a unit."""

BYTES = 1_000_000
"""The number of bytes from which a unit is full and takes no further row."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the fields, where the user has given them.

    With ``html``, ``text`` takes the clean text. ``result``: whether rows of a result are read, whose pages are clean
    texts. ``site``: the field of the outlet. ``date``: the field of the day of publication.
    """

    text: str | None = None
    id: str | None = None
    url: str | None = None
    html: str | None = None
    result: bool = False
    site: str | None = None
    date: str | None = None


DEFAULTS = Columns()


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a table: its number, from 1, and its fields.

    ``whole`` belongs to the adapter. ``column``: the field that takes the clean text. ``label``: the name of the
    article in messages, if its number is of no use. ``site``: the outlet, if a field names it. ``day``: see
    ``text.days``.
    """

    number: int
    whole: Any
    text: str | None = None
    html: bytes | str | None = None
    id: str | None = None
    url: str | None = None
    column: str = ""
    fault: tuple[str, str] | None = None
    label: str = ""
    site: str | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A range of a table for one machine, as in ``Rows``. ``bytes``: the parts of the file that must be available."""

    start: int
    stop: int
    first: int
    count: int
    digest: str
    bytes: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """The number of bytes that must be available."""
        return sum(stop - start for start, stop in self.bytes)


class Store(Protocol):
    """Receives what an adapter finds while it splits a file."""

    def path(self) -> str:
        """Return the path of a new file for the unpacked rows of a range."""

    def leave_out(self, why: str) -> None:
        """Count an entry of the file that is no article, or its encoding, which is not kept."""


class Adapter(Protocol):
    """The functions of the module of a format."""

    STREAM: bool

    def parts(self, path: str, store: Store, most: int) -> Iterator[Rows]:
        """Yield the ranges of a file."""

    def rows(self, part: Rows, columns: Columns, most: int) -> Iterator[Row]:
        """Yield the articles of a range."""

    def every(self, path: str, columns: Columns) -> Iterator[Row]:
        """Yield all rows of a file."""

    def save(self, path: str, part: Rows, pairs: Sequence[tuple[Row, Cleaned]], name: str) -> None:
        """Write the rows of a range with their clean texts."""

    def assemble(self, target: str, paths: Sequence[str], source: str) -> None:
        """Put ranges together into ``target``. ``source``: the input file."""


def adapter(path: str) -> Adapter | None:
    """Return the adapter for a file, by its name."""
    name = formats.adapter_name(path)
    if name is None:
        return None
    found: Any = import_module(f"cleaner.tables.{name}")
    return found  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Rows:
    """A range of a table: its start and end in the unit of the format (bytes or rows), and its first row.

    ``path``: the file to read. It differs from that of the job if compressed lines were unpacked for the workers.
    ``digest``: the digest of the content.
    """

    path: str
    start: int
    stop: int
    first: int
    count: int
    digest: str
    size: int = 0
