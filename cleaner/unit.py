"""Units of work: a few files, or a range of the rows of a table. Small values that travel to a worker.

How articles are grouped depends on nothing but them, never on the number of workers: the results of a unit are the
same bytes in every run.
"""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.plan import Job

FILES = 16
"""Files of a unit: few enough that workers end together, many enough that the way to and fro costs nothing."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A range of a table: where it begins and ends, in what the format counts (bytes, rows), and its first row.

    ``path`` is the file to read, which is not that of the job where compressed lines were unpacked for the workers.
    ``digest`` stands for the content.
    """

    path: str
    start: int
    stop: int
    first: int
    count: int
    digest: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """What is done at once: files (``rows`` is ``None``), or rows of the one file in ``jobs``.

    ``begin``: the number of the first unit of its table. ``last``: it ends its table. ``fault``: the table can't be
    read from here on, kind and message. ``before``: where the articles stand in the logs of earlier results.
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
        """How many articles are in it."""
        return self.rows.count if self.rows else len(self.jobs)
