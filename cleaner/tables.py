"""Files of many articles: which there are, how they are split into units, and how their results are put together.

The formats themselves are in ``adapters``, a module each, with these functions:

``parts(path, store, most)``                the ranges of a file, read once from the front to the end
``rows(part, columns, most)``               the articles of a range, in a worker
``save(path, part, pairs, name)``           the rows of a range with their clean texts, in a worker
``assemble(target, paths, source)``         the ranges put together to a file like the one that was read
``every(path, columns)``                    all articles of a file, for ``verify``

``STREAM`` says that the ranges are put together by writing one behind the other.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from cleaner import compressed, files, formats, intake, log
from cleaner.compressed import CompressionFault
from cleaner.formats import is_table
from cleaner.manifest import Journal
from cleaner.model import Cleaned
from cleaner.plan import Job
from cleaner.remote import is_remote
from cleaner.unit import FILES, Rows, Unit

if TYPE_CHECKING:
    from cleaner.work import Lines

SEGMENTS = "units"
"""The folder below ``.cleaner-partial/`` where units lie until they are added to the results."""

ROWS_TAIL = ".rows"

ROWS = 64
"""Rows of a unit."""

BYTES = 1_000_000
"""Bytes of a unit, from which on it takes no further row."""

SPOOL = "spool"
"""The folder below ``.cleaner-partial/`` where compressed files lie unpacked, a unit's worth at a time."""

FOLDERS: tuple[str, ...] = ("removed", "articles", "kept", "source")
"""Below these the logs of tables lie, a file for each; in ``source`` the texts of pages, which offsets point into."""


class TableFault(ValueError):
    """A file of articles, or a row of it, that can't be read. ``kind`` says how."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the fields, where the user has said them.

    With ``html``, ``text`` is where the clean text goes. ``result``: rows of a result are read, pages are clean texts.
    """

    text: str | None = None
    id: str | None = None
    url: str | None = None
    html: str | None = None
    result: bool = False


DEFAULTS = Columns()


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a table: its place, counted from 1, and what its fields say.

    ``whole`` belongs to the adapter. ``column``: the field that takes the clean text. ``label``: what names the article
    in a message, if its place is of no use.
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


class Store(Protocol):
    """What takes what an adapter finds while it splits a file."""

    def path(self) -> str:
        """A new file, to unpack the rows of a range to."""

    def leave_out(self, why: str) -> None:
        """Count a part of the file that is no article."""


class Adapter(Protocol):
    """What a module in ``adapters`` has."""

    STREAM: bool

    def parts(self, path: str, store: Store, most: int) -> Iterator[Rows]:
        """The ranges of a file."""

    def rows(self, part: Rows, columns: Columns, most: int) -> Iterator[Row]:
        """The articles of a range."""

    def every(self, path: str, columns: Columns) -> Iterator[Row]:
        """All rows of a file."""

    def save(self, path: str, part: Rows, pairs: Sequence[tuple[Row, Cleaned]], name: str) -> None:
        """Write a range with clean texts."""

    def assemble(self, target: str, paths: Sequence[str], source: str) -> None:
        """Put ranges together. ``source``: the file that was read."""


def adapter(path: str) -> Adapter | None:
    """The adapter for a file, by its name."""
    name = formats.adapter_name(path)
    if name is None:
        return None
    found: Any = import_module(f"cleaner.adapters.{name}")
    return found  # type: ignore[no-any-return]


def log_name(kind: str, clean: str) -> str:
    """The log of a table: ``removed/news.jsonl.gz.jsonl`` for ``clean/news.jsonl.gz``."""
    return f"{kind}/{clean}.jsonl"


class Spool:
    """Splits jobs into units. What is compressed is unpacked once, here, a unit's worth at a time into ``folder``."""

    def __init__(self, folder: str, most: int) -> None:
        self._folder = os.path.join(folder, SPOOL)
        self._most = most
        self._number = 0
        self.sources: dict[str, str] = {}
        """The file of each table so far, by the name of the result."""
        self.left_out: dict[str, Counter[str]] = {}
        """What is no article, of each table by the path inside the input: how often, by kind."""
        self._source = ""
        self._copies: set[str] = set()

    def units(self, jobs: Iterable[Job]) -> Iterator[Unit]:
        """The units of all jobs, numbered."""
        number = 0
        waiting: list[Job] = []
        for job in jobs:
            if not is_table(job.path):
                waiting.append(job)
            if waiting and (len(waiting) == FILES or is_table(job.path)):
                yield Unit(number, tuple(waiting))
                number, waiting = number + 1, []
            if is_table(job.path):
                for unit in self._table(number, job):
                    yield unit
                    number = unit.number + 1
        if waiting:
            yield Unit(number, tuple(waiting))

    def _table(self, number: int, job: Job) -> Iterator[Unit]:
        """The units of a table; the last one, of no rows, says how it ended."""
        fault = None
        first, begin = 1, number
        self.sources[job.clean] = job.path
        self._source = job.source
        path = job.path
        try:
            found = adapter(job.path)
            assert found is not None
            if not found.STREAM and is_remote(path):
                path = self.path()  # these formats are read here and there, by all workers
                self._copies.add(path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                intake.fetch(job.path, path)
            for part in found.parts(path, self, self._most):
                yield Unit(number, (job,), part, begin)
                number += 1
                first = part.first + part.count
        except (CompressionFault, TableFault) as error:
            fault = error.kind, str(error)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise  # of the disk that is written to, not of the table
            fault = files.why(error)
        except ModuleNotFoundError as error:
            fault = "missing-package", f"needs the package {error.name}: pip install 'article-cleaner[all]'"
        yield Unit(number, (job,), Rows(path, 0, 0, first, 0, str(fault or "")), begin, last=True, fault=fault)

    def leave_out(self, why: str) -> None:
        """Count a part of the table at hand that is no article."""
        self.left_out.setdefault(self._source, Counter())[why] += 1

    def path(self) -> str:
        """A new file in the spool."""
        self._number += 1
        return os.path.join(self._folder, str(self._number))

    def done(self, unit: Unit) -> None:
        """Delete what was unpacked for a unit."""
        if unit.rows and unit.rows.path.startswith(self._folder + os.sep):
            if unit.last:
                self._copies.discard(unit.rows.path)
            if unit.rows.path not in self._copies:
                files.delete(unit.rows.path)


class Assembly:
    """Puts the units of tables together, table by table."""

    def __init__(self, folder: str, journal: Journal) -> None:
        self._folder = folder
        self._journal = journal

    def add(self, unit: Unit, lines: Lines, *, kept: bool) -> None:
        """Add what a unit came to, to the logs of its table and to the table itself."""
        job = unit.jobs[0]
        for kind, format, data in (
            ("articles", log.ARTICLES, lines.articles),
            ("removed", log.REMOVED, lines.removed),
            ("kept", log.KEPT, lines.kept),
            ("source", log.SOURCE, lines.source),
        ):
            if data or (kept if kind == "kept" else kind != "source"):
                self._journal.append(log_name(kind, job.clean), data, (log.dump(log.header(format)) + "\n").encode())
        try:
            found = adapter(job.path)
        except ModuleNotFoundError:
            return
        path = segment(self._folder, unit.number, ROWS_TAIL)
        if found is not None and found.STREAM:
            name = f"clean/{job.clean}"
            if os.path.exists(path):
                self._journal.append(name, files.read(path))
                files.delete(path)
            elif unit.last and unit.fault is None and not self._journal.append(name, b""):
                self._journal.append(name, compressed.pack(b"", compressed.suffix(job.clean)))
        elif unit.last:
            self._assemble(unit, found)

    def end(self, unit: Unit) -> None:
        """Close the files of a table, after its last unit has been entered in the journal."""
        clean = unit.jobs[0].clean
        for name in (f"clean/{clean}", *(log_name(kind, clean) for kind in FOLDERS)):
            self._journal.close_log(name)
        ranges = [segment(self._folder, number, ROWS_TAIL) for number in range(unit.begin, unit.number)]
        present = [path for path in ranges if os.path.exists(path)]
        if present:
            self._journal.flush()  # after a power cut a run goes on from the last flush, and may need them before it
        for path in present:
            files.delete(path)

    def _assemble(self, unit: Unit, found: Adapter | None) -> None:
        paths = [segment(self._folder, number, ROWS_TAIL) for number in range(unit.begin, unit.number)]
        present = [path for path in paths if os.path.exists(path)]
        target = os.path.join(self._folder, "clean", unit.jobs[0].clean)
        if found is not None and (present or unit.fault is None):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            found.assemble(target, present, unit.rows.path if unit.rows else unit.jobs[0].path)


def segment(folder: str, number: int, tail: str = "") -> str:
    """The file that a worker leaves for a unit, below the folder ``.cleaner-partial/``."""
    return os.path.join(folder, SEGMENTS, f"{number}{tail}")
