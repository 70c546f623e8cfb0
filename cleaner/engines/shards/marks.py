"""``done/<unit>.json``: the outcome of a unit. It is written last: once it exists, everything that it names is
complete."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from cleaner.engines.shards.plan import Plan, PlanUnit
from cleaner.errors import LogFault
from cleaner.files import disk
from cleaner.files.remote import is_remote
from cleaner.files.threads import threads
from cleaner.results import log, out_folder
from cleaner.results.summary import Tally

FORMAT = "cleaner-done"

TOGETHER = 16
"""The number of marks that are requested from a store at once."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a unit wrote (``files``: the size and digest of each, by its name in the results), and its counts.

    ``repeats``: the digest of the counts of the sites. ``digest``: the digest of the articles. ``left_out``: entries of
    its tables that are no articles.
    """

    unit: str
    repeats: str | None
    files: Mapping[str, tuple[int, str]]
    counts: Mapping[str, Any]
    digest: str
    left_out: Mapping[str, Mapping[str, int]]

    @property
    def articles(self) -> int:
        """The number of cleaned articles."""
        return int(self.counts["articles"])

    @property
    def failed(self) -> int:
        """The number of articles that failed."""
        return int(self.counts["failed"])


def place(plan: Plan, unit: str) -> str:
    """Return the path of a mark."""
    return os.path.join(plan.out, out_folder.DONE, f"{unit}.json")


def mark(
    unit: PlanUnit, repeats: str | None, folder: str, names: list[str], tally: Tally, left_out: Mapping[str, Any]
) -> Mark:
    """Make the mark of a unit whose results are in ``folder`` under these names."""
    files = {}
    for name in names:
        data = disk.read(os.path.join(folder, name))
        files[name] = len(data), hashlib.sha256(data).hexdigest()
    return Mark(unit.name, repeats, files, tally.counts(), tally.digest.hexdigest(), left_out)


def write(plan: Plan, made: Mark) -> None:
    """Write the mark of a unit: it is done. Raises ``OSError``."""
    record = {
        **log.header(FORMAT),
        **{name: getattr(made, name) for name in _KEYS},
        "files": {name: list(entry) for name, entry in sorted(made.files.items())},
        "left_out": {name: dict(sorted(counts.items())) for name, counts in sorted(made.left_out.items())},
    }
    disk.write(place(plan, made.unit), (log.dump(record, indent=1) + "\n").encode())


_KEYS = ("unit", "repeats", "counts", "digest")


def read(plan: Plan, unit: str) -> Mark | None:
    """Return the mark of a unit, or ``None`` if it is not done. Raises ``OSError`` if the mark can't be read."""
    path = place(plan, unit)
    try:
        record = log.load(disk.read(path).decode(), path)
        log.check_header(record, FORMAT, path)
        files = {name: (size, digest) for name, (size, digest) in record["files"].items()}
        return Mark(files=files, left_out=record["left_out"], **{name: record[name] for name in _KEYS})
    except FileNotFoundError:
        return None
    except (LogFault, KeyError, ValueError, TypeError):
        return None  # of another version, or tampered with: it is done again


def of_all(plan: Plan, repeats: str | None) -> Iterator[tuple[PlanUnit, Mark | None]]:
    """Yield all units in order with their marks: ``None`` if a unit is not done, or was done with other counts of the
    sites.

    Marks in a store are requested several at a time, because each takes some milliseconds. Raises ``OutFault`` or
    ``OSError``.
    """
    ahead = TOGETHER if is_remote(plan.out) else 0
    waiting: deque[tuple[PlanUnit, Future[Mark | None]]] = deque()
    with threads(TOGETHER) as some:
        for unit in plan.units():
            if not ahead:
                yield unit, _made(read(plan, unit.name), repeats)
                continue
            waiting.append((unit, some.submit(read, plan, unit.name)))
            if len(waiting) > ahead:
                unit, asked = waiting.popleft()
                yield unit, _made(asked.result(), repeats)
        for unit, asked in waiting:
            yield unit, _made(asked.result(), repeats)


def _made(mark: Mark | None, repeats: str | None) -> Mark | None:
    return mark if mark is not None and mark.repeats == repeats else None


def fits(plan: Plan, unit: PlanUnit, repeats: str | None) -> Mark | None:
    """Return the mark of a unit that need not be done again: everything it wrote exists and was made in the same way.

    For remote results only the mark is checked; ``cleaner verify`` checks everything.
    """
    made = _made(read(plan, unit.name), repeats)
    if made is None:
        return None
    return made if is_remote(plan.out) or all(_there(plan.out, made)) else None


def _there(out: str, made: Mark) -> Iterator[bool]:
    for name, (size, _) in made.files.items():
        try:
            yield os.path.getsize(os.path.join(out, name)) == size
        except OSError:
            yield False
