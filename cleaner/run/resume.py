"""Resumes a run that was stopped: counts what is done, and deletes files that no log names.

A file may have been cleaned and then changed or deleted before the run went on.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from cleaner.files import disk
from cleaner.files.name_set import NameSet
from cleaner.results import journal, log, out_folder
from cleaner.results.out_folder import FOLDERS, SEGMENTS
from cleaner.results.summary import Tally
from cleaner.run import table_worker, worker
from cleaner.run.counting import COUNTS, SKETCHES
from cleaner.run.naming import Job
from cleaner.run.news import News
from cleaner.run.options import RunOptions
from cleaner.run.unit_log import Lines
from cleaner.run.units import Spool, Unit

Line = str | bytes


def folders(folder: str) -> list[str]:
    """Return the existing folders of logs of tables."""
    return [name for name in FOLDERS if os.path.isdir(os.path.join(folder, name))]


def names(folder: str, kind: str) -> list[str]:
    """Return the logs of tables, sorted by their names below ``articles/``, ``removed/`` or ``kept/``."""
    return sorted(out_folder.below(os.path.join(folder, kind)))


def tables_but(folder: str, known: set[str]) -> None:
    """Delete the logs of tables that are not in ``begun``."""
    for kind in FOLDERS:
        for name in names(folder, kind):
            if name.removesuffix(".jsonl") not in known:
                disk.delete(os.path.join(folder, kind, name))


def units_after(folder: str, last: int) -> None:
    """Delete what workers left of units after the last one in the results: their numbers may now mean other units."""
    top = os.path.join(folder, SEGMENTS)
    for name in os.listdir(top):
        number = name.partition(".")[0]
        if not number.isdigit() or int(number) > last:
            disk.delete(os.path.join(top, name))


def sweep(folder: str) -> None:
    """Delete clean files that no log names."""
    known = NameSet(_named(folder))
    for part in (out_folder.CLEAN, out_folder.SOURCE, out_folder.MARKDOWN):
        for name in out_folder.below(os.path.join(folder, part)):
            if (name if part != out_folder.MARKDOWN else out_folder.clean_name(name)) not in known:
                disk.delete(os.path.join(folder, part, name))


def _named(folder: str) -> Iterator[str]:
    for line in disk.read_lines(os.path.join(folder, out_folder.ARTICLES)):
        yield str(log.load(line).get("clean"))
    for name in names(folder, "articles"):
        yield name.removesuffix(".jsonl")
        yield name  # the texts of its pages, below source/


def resumed(
    folder: str, identity: str, spool: Spool, jobs: Iterable[Job], options: RunOptions
) -> tuple[Iterator[Unit], journal.Entry | None, set[str]]:
    """Return the units still to be done, the last one that is done, and the tables that are begun."""
    units = spool.units(jobs)
    last = None
    done: set[str] = set()
    for entry in journal.entries(folder, identity):
        unit = next(units, None)
        if unit is None:
            # There was more input then: what came of it is cut off.
            break
        if unit.rows is None:
            key = worker.key(unit.jobs, (worker.content(job, options.most) for job in unit.jobs))
        else:
            key = table_worker.key(unit)
        if key != entry.key or not journal.fits(folder, entry):
            return itertools.chain([unit], units), last, done
        if unit.rows is not None:
            done.add(unit.jobs[0].clean)
        spool.done(unit)
        last = entry
    return units, last, done


def clear(folder: str) -> None:
    """Start over: delete what a stopped run has left, except the counts for this one."""
    for name in os.listdir(folder):
        if name not in (SKETCHES, COUNTS):
            disk.delete(os.path.join(folder, name))
    os.mkdir(os.path.join(folder, out_folder.CLEAN))
    os.mkdir(os.path.join(folder, SEGMENTS))


def recount(folder: str, last: journal.Entry, tally: Tally, tell: Callable[[News], None]) -> None:
    """Count from the logs what is already done."""
    pairs = [(out_folder.ARTICLES, out_folder.REMOVED)]
    pairs += [(f"articles/{name}", f"removed/{name}") for name in names(folder, "articles")]
    for articles, removed in pairs:
        spans = _part(folder, removed, last)
        for line in _part(folder, articles, last):
            record = log.load(line)
            mine = list(itertools.islice(spans, record["removed_spans"]))
            count(tally, [line], mine, [])
    errors = [log.load(line) for line in _part(folder, out_folder.ERRORS, last)]
    # Folders that can't be listed stand in the log and are counted again when they are met.
    before = tally.failures.total()
    for record in errors[before:]:
        tally.failures[record["kind"]] += 1
    tell(News(tally.done + tally.failed, 0, tally.done + tally.failed, [], tally, Lines(b"", b"", b"", b""), folder))


def _part(folder: str, name: str, last: journal.Entry) -> Iterator[str]:
    """Yield the lines of a log up to its last good byte, without the first line."""
    left = last.ends.get(name)
    try:
        for number, line in enumerate(disk.read_lines(os.path.join(folder, name))):
            if left is not None:
                left -= len(line.encode())
                if left < 0:
                    return
            if number:
                yield line
    except FileNotFoundError:
        return


def count(tally: Tally, articles: Sequence[Line], removed: Iterable[Line], errors: Sequence[Line]) -> list[log.Record]:
    """Count articles from their lines in the logs. Returns the failures."""
    spans = iter(removed)
    for line in articles:
        record = log.load(line)
        tally.add_record(record, [log.load(line) for line in itertools.islice(spans, record["removed_spans"])])
    failures = [log.load(line) for line in errors]
    tally.failures.update(record["kind"] for record in failures)
    return failures
