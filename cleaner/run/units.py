"""Units of work: a few files, or a range of rows of a table. They are small values that are sent to workers.

The grouping depends on the articles alone, never on the number of workers: a unit gives the same bytes in every run.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaner.errors import CompressionFault, TableFault
from cleaner.files import disk, intake
from cleaner.files.remote import is_remote
from cleaner.run.naming import Job
from cleaner.tables.base import Rows, adapter
from cleaner.tables.formats import is_table

FILES = 16
"""Files in a unit: few enough that the workers finish together, many enough that communication costs nothing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: files (``rows`` is ``None``), or rows of the one file in ``jobs``.

    ``begin``: the number of the first unit of its table. ``last``: whether it is the last of its table. ``fault``: the
    kind and message of the error that ends the table here. ``before``: the places of the articles in the logs of
    earlier results.
    """

    number: int
    jobs: tuple[Job, ...]
    rows: Rows | None = None
    begin: int = 0
    last: bool = False
    fault: tuple[str, str] | None = None
    before: tuple[tuple[int, ...] | None, ...] = ()

    @property
    def items(self) -> int:
        """The number of articles in the unit."""
        return self.rows.count if self.rows else len(self.jobs)


SPOOL = "spool"
"""The folder below ``.cleaner-partial/`` for unpacked parts of compressed files, one unit at a time."""


class Spool:
    """Splits jobs into units. Compressed files are unpacked once, here, one unit at a time, into ``folder``."""

    def __init__(self, folder: str, most: int) -> None:
        self._folder = os.path.join(folder, SPOOL)
        self._most = most
        self._number = 0
        self.sources: dict[str, str] = {}
        """The input file of each table so far, by the name of its result."""
        self.left_out: dict[str, Counter[str]] = {}
        """Entries of tables that are no articles: for each table, by its path inside the input, how many of each
        kind."""
        self._source = ""
        self._copies: set[str] = set()

    def units(self, jobs: Iterable[Job]) -> Iterator[Unit]:
        """Yield the units of all jobs, numbered."""
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
        """Yield the units of a table. The last one has no rows and says how the table ended."""
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
            fault = disk.why(error)
        except ModuleNotFoundError as error:
            fault = "missing-package", f"needs the package {error.name}: pip install 'article-cleaner[all]'"
        yield Unit(number, (job,), Rows(path, 0, 0, first, 0, str(fault or "")), begin, last=True, fault=fault)

    def leave_out(self, why: str) -> None:
        """Count an entry of the current table that is no article, or its encoding, which is not kept."""
        self.left_out.setdefault(self._source, Counter())[why] += 1

    def path(self) -> str:
        """Return the path of a new file in ``folder``."""
        self._number += 1
        return os.path.join(self._folder, str(self._number))

    def done(self, unit: Unit) -> None:
        """Delete what was unpacked for a unit."""
        if unit.rows and unit.rows.path.startswith(self._folder + os.sep):
            if unit.last:
                self._copies.discard(unit.rows.path)
            if unit.rows.path not in self._copies:
                disk.delete(unit.rows.path)
