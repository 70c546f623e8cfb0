"""Divides jobs into units of a plan: some files, a table, or a range of a large table.

The grouping of files depends on their names, not on their number. A new file changes only its own unit, so most units
of an earlier plan need not be done again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from cleaner.engines.shards import contents
from cleaner.engines.shards.plan import PlanUnit, name
from cleaner.errors import CompressionFault, TableFault
from cleaner.run.naming import Job
from cleaner.tables.base import Cut, adapter
from cleaner.tables.formats import is_table

FILES = 256
"""The approximate number of files in a unit; at most twice as many."""

SIZE = 32_000_000
"""The approximate size of a unit in bytes. A table of twice that size is cut, if its format allows it."""


def units(identity: str, jobs: Iterable[Job], most: int, size: int = SIZE) -> Iterator[PlanUnit]:
    """Yield the units of all jobs in order. Local files are read once; for remote ones the store is asked."""
    number = 0
    for group in _groups(jobs, size):
        for unit in _table(identity, group[0], size) if is_table(group[0].path) else [_files(identity, group, most)]:
            yield PlanUnit(unit.name, number, unit.jobs, unit.digest, unit.size, unit.cut)
            number += 1


def _groups(jobs: Iterable[Job], size: int) -> Iterator[tuple[Job, ...]]:
    """Files in groups; tables alone."""
    held: list[Job] = []
    bytes = 0
    for job in jobs:
        if is_table(job.path):
            if held:
                yield tuple(held)
            yield (job,)
            held, bytes = [], 0
            continue
        held.append(job)
        bytes += contents.length(job.path)
        if len(held) >= 2 * FILES or bytes >= size or not zlib.crc32(job.id.encode("utf-8", "surrogatepass")) % FILES:
            yield tuple(held)
            held, bytes = [], 0
    if held:
        yield tuple(held)


def _files(identity: str, jobs: tuple[Job, ...], most: int) -> PlanUnit:
    digest = contents.of_files(jobs, most)
    return PlanUnit(name(identity, jobs, digest, None), 0, jobs, digest, sum(contents.length(job.path) for job in jobs))


def _table(identity: str, job: Job, size: int) -> Iterator[PlanUnit]:
    cuts = _cuts(job, size)
    digest = contents.of_table(job.path) if len(cuts) < 2 or not cuts[0].digest else ""
    if len(cuts) < 2:
        yield PlanUnit(name(identity, (job,), digest, None), 0, (job,), digest, contents.length(job.path))
        return
    for cut in cuts:
        known = cut.digest or digest
        yield PlanUnit(name(identity, (job,), known, cut), 0, (job,), known, cut.size, cut)


def _cuts(job: Job, size: int) -> list[Cut]:
    """Return the ranges of a large table whose format can be cut. Errors in the table are left to its unit."""
    if contents.length(job.path) < 2 * size:
        return []
    try:
        found = adapter(job.path)
        cuts = getattr(found, "cuts", None)
        return list(cuts(job.path, size)) if cuts else []
    except (CompressionFault, TableFault, OSError, ModuleNotFoundError):
        return []
