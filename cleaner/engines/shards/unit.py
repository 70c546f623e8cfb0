"""Does a unit of a plan: works in a hidden folder, moves the files into place, and writes the mark last."""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from cleaner.engines.shards import contents, marks
from cleaner.engines.shards.marks import Mark
from cleaner.engines.shards.plan import Plan, PlanUnit
from cleaner.errors import ArticleFault, TableFault
from cleaner.files import disk, intake, remote
from cleaner.files.remote import is_remote
from cleaner.results import export, out_folder
from cleaner.results.summary import Tally
from cleaner.run import unit_log, worker
from cleaner.run.assemble import Assembly
from cleaner.run.one_article import Cleans
from cleaner.run.options import RunOptions
from cleaner.run.pool import Attempt, Pool
from cleaner.run.resume import count, folders
from cleaner.run.unit_log import Lines, Reply, Workplace
from cleaner.run.units import SPOOL, Spool, Unit
from cleaner.tables.base import adapter
from cleaner.tables.formats import is_table

SCRATCH = ".cleaner-scratch"
"""The folder beside local results in which units are done."""

PIECES = ("articles", "removed", "kept", "errors", "source")
"""The names below ``parts/<unit>/`` of lines that are gathered later. ``rows``: the rows of a range."""
ROWS = "rows"
_SIZE = struct.Struct("<Q")


class Changed(ArticleFault, ValueError):
    """The files of a unit have changed since the plan was made. The unit is not done: plan again."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Articles for a worker, and the folder for their results."""

    unit: Unit
    folder: str

    @property
    def number(self) -> int:
        """The place in the order of replies."""
        return self.unit.number

    @property
    def items(self) -> int:
        """The number of articles."""
        return self.unit.items


@dataclass(frozen=True)
class PlacedWork:
    """What workers do for any unit of the plan."""

    cleaner: Cleans
    options: RunOptions

    def __call__(self, attempt: Attempt, mark: Callable[[int], None]) -> Reply | None:
        """Clean some articles: see ``worker.Work``."""
        task: Placed = attempt.task
        work = worker.Work(self.cleaner, Workplace(task.folder, self.options))
        return work(replace(attempt, task=task.unit), mark)


class Pieces:
    """The files of a unit while they grow."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}

    def append(self, name: str, data: bytes, head: bytes = b"") -> int:
        """Append data to a file and return its new length in bytes. A new file begins with ``head``."""
        if name not in self._files:
            self._files[name] = disk.appended(os.path.join(self._folder, name), 0)
            self._files[name].write(head)
        self._files[name].write(data)
        return self._files[name].tell()

    def close_log(self, name: str) -> None:
        """Close a file: nothing more will be appended to it."""
        file = self._files.pop(name, None)
        if file is not None:
            file.close()

    def flush(self) -> None:
        """Do nothing: nobody reads the files before all are closed."""

    def close(self) -> None:
        """Close all files."""
        for name in list(self._files):
            self.close_log(name)


def do(plan: Plan, unit: PlanUnit, pool: Pool, repeats: str | None) -> Mark:
    """Do a unit, publish it, and return its mark. Raises ``Changed``, ``WriteFault``, ``PoolFault`` or ``OSError``;
    every file that is already in place then is one that a later try would write too."""
    with ExitStack() as stack:
        stack.enter_context(disk.no_more_open(plan.closed))
        folder = stack.enter_context(scratch(plan))
        with out_folder.writing(plan.out):
            tally, left_out = _clean(plan, unit, pool, folder)
            names = [name for name in disk.below(folder) if not name.startswith((f"{SPOOL}/", _SEGMENTS))]
            made = marks.mark(unit, repeats, folder, names, tally, left_out)
            publish(plan.out, folder, names)
            marks.write(plan, made)
    return made


_SEGMENTS = f"{out_folder.SEGMENTS}/"


@contextmanager
def scratch(plan: Plan) -> Iterator[str]:
    """Open a temporary folder for a ``with`` block. For local results it is on their disk, so that files can move."""
    top = None if is_remote(plan.out) else os.path.join(plan.out, SCRATCH)
    if top:
        os.makedirs(top, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cleaner-", dir=top, ignore_cleanup_errors=True) as folder:
        os.mkdir(os.path.join(folder, out_folder.SEGMENTS))
        yield folder


def publish(out: str, folder: str, names: Sequence[str]) -> None:
    """Move complete files to their final names. Raises ``OSError``."""
    if is_remote(out):
        remote.put({os.path.join(folder, name): f"{out}/{name}" for name in names})
        return
    made: set[str] = set()
    for name in names:
        target = os.path.join(out, name)
        above = os.path.dirname(target)
        if above not in made:
            os.makedirs(above, exist_ok=True)
            made.add(above)
        os.replace(os.path.join(folder, name), target)
    disk.settle()


def _clean(plan: Plan, unit: PlanUnit, pool: Pool, folder: str) -> tuple[Tally, dict[str, Any]]:
    """Clean the articles of a unit into a folder."""
    tally = Tally()
    spool = Spool(folder, plan.options.most)
    pieces = Pieces(folder)
    assembly = Assembly(folder, pieces)
    keys = []
    try:
        for placed, reply in pool.ordered(Placed(each, folder) for each in inner(unit, spool, folder)):
            lines = unit_log.load(folder, placed.number)
            keys.append(reply.key)
            _add(unit, placed.unit, lines, pieces, assembly, folder, kept=plan.options.kept)
            spool.done(placed.unit)
            disk.delete(out_folder.segment(folder, placed.number))
            count(tally, lines.articles.splitlines(), lines.removed.splitlines(), lines.errors.splitlines())
    finally:
        pieces.close()
    _same(unit, keys)
    options = plan.options
    sources = {name: path for name, path in spool.sources.items() if not name.endswith(".arrow")}
    export.finish(folder, folders(folder), options.log_format, options.export, sources)
    export.tidy(folder)
    return tally, spool.left_out


def _same(unit: PlanUnit, keys: Sequence[str]) -> None:
    """Raise ``Changed`` if the files differ from those that the plan has seen."""
    if unit.cut is not None:
        return  # its digest was looked at when it was split
    paths = [job.path for job in unit.jobs]
    if is_table(paths[0]):
        digest = contents.of_table(paths[0])
    else:
        digest = contents.stamps(paths) if any(map(is_remote, paths)) else contents.joined(keys)
    if digest != unit.digest:
        raise Changed("changed", f"the files of {unit.shown()} have changed since the plan: plan again")


def inner(unit: PlanUnit, spool: Spool, folder: str) -> Iterator[Unit]:
    """Yield the units of a run that make up this unit."""
    if unit.cut is None:
        yield from spool.units(unit.jobs)
        return
    job, cut = unit.jobs[0], unit.cut
    found: Any = adapter(job.path)
    path = job.path
    if is_remote(path):
        if not cut.digest and contents.of_table(path) != unit.digest:
            raise Changed("changed", f"{unit.shown()} has changed since the plan: plan again")
        path = os.path.join(folder, out_folder.SEGMENTS, "copy")
        intake.fetch_parts(job.path, path, cut.bytes)
    try:
        for number, rows in enumerate(found.within(path, cut)):
            yield Unit(number, unit.jobs, rows)
    except TableFault as fault:
        raise Changed(fault.kind, f"{unit.shown()}: {fault}: plan again") from None


def _add(
    unit: PlanUnit, some: Unit, lines: Lines, pieces: Pieces, assembly: Assembly, folder: str, *, kept: bool
) -> None:
    """Add the results of some articles: whole tables in their final form, everything else as parts."""
    mine = f"{out_folder.PARTS}/{unit.name}"
    if lines.errors:
        pieces.append(f"{mine}/errors", lines.errors)
    if some.rows is not None and unit.cut is None:
        assembly.add(some, lines, kept=kept)
        if some.last:
            assembly.end(some)
        return
    for name in PIECES:
        if name != "errors" and (data := getattr(lines, name)) and (kept or name != "kept"):
            pieces.append(f"{mine}/{name}", data)
    path = out_folder.segment(folder, some.number, out_folder.ROWS_TAIL)
    if os.path.exists(path):
        data = disk.read(path)
        pieces.append(f"{mine}/{ROWS}", _SIZE.pack(len(data)) + data)
        disk.delete(path)


def unpacked(path: str, folder: str) -> Iterator[str]:
    """Yield the ranges in a file of rows, each as a file in ``folder``. Raises ``OSError``."""
    with disk.opened(path) as file:
        number = 0
        while head := file.read(_SIZE.size):
            target = os.path.join(folder, str(number))
            with disk.new_file(target, flush=False) as copy:
                left = _SIZE.unpack(head)[0]
                while left > 0 and (data := file.read(min(left, disk.PIECE))):
                    left -= copy.write(data)
            yield target
            number += 1


def clear(plan: Plan) -> None:
    """Delete what killed units have left."""
    if not is_remote(plan.out):
        shutil.rmtree(os.path.join(plan.out, SCRATCH), ignore_errors=True)
