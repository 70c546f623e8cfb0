"""Jobs to units of a plan: some files, a table, or a range of a large one.

How files are grouped hangs on their names, not on their number: a new file changes the unit that it falls into, not all
that come after, so that most of an earlier plan's units need not be done again.
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
"""Files of a unit, about; twice as many at most."""

SIZE = 32_000_000
"""Bytes of a unit, about: a table of twice as many is cut, where its format allows."""


def units(identity: str, jobs: Iterable[Job], most: int, size: int = SIZE) -> Iterator[PlanUnit]:
    """The units of all jobs, in their order. Local files are read once; of others what their store says is taken."""
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
    """The ranges of a table that is large, and of a format that can be cut. What is wrong with it, its unit says."""
    if contents.length(job.path) < 2 * size:
        return []
    try:
        found = adapter(job.path)
        cuts = getattr(found, "cuts", None)
        return list(cuts(job.path, size)) if cuts else []
    except (CompressionFault, TableFault, OSError, ModuleNotFoundError):
        return []
