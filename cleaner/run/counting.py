"""The pass before a run: it counts what the articles of each site share, so that the run recognises what a site always
says.

The workers read the articles and send back sketches (``sites.sample``). For each site, those with the smallest digests
are kept. Then the workers count each site. The result depends on the articles alone, not on their order or on the
number of workers. A run that resumes counts again.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cleaner.files import disk, kept_counts, sites_store, sniff
from cleaner.files.compressed import bare
from cleaner.files.sites_store import Packed
from cleaner.reading.decoding import decode
from cleaner.reading.plain_text import segment
from cleaner.run.naming import Job
from cleaner.run.options import RunOptions
from cleaner.run.pool import Attempt, Pool
from cleaner.run.units import Spool, Unit
from cleaner.sites.counts import ENOUGH, count
from cleaner.sites.sample import Sketch, Wanted, digest, sketch
from cleaner.tables.base import adapter
from cleaner.tables.formats import PAGES
from cleaner.text import days, hosts

SKETCHES, COUNTS = "sketches.sqlite", "counts.sqlite"
"""The folder for the files of this pass, below the folder of the unfinished run."""
SPOOL = "counting"
"""The folder in it for unpacked files."""
PROBE = 1_000_000
"""Bytes written to find out whether the disk is full."""
SITES = 4
"""The number of sites in one task of a worker."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The result of a pass: the file of the counts, and for each site the digest of its counts."""

    path: str
    digests: dict[str, str]

    def digest(self) -> str:
        """The digest of all counts together."""
        return sha256(repr(sorted(self.digests.items())).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Sites:
    """Sites to be counted: a task for a worker."""

    number: int
    names: tuple[str, ...]

    @property
    def items(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class SketchWork:
    """What a worker does in the pass. ``folder`` holds the sketches from which sites are counted."""

    folder: str
    options: RunOptions
    wanted: Wanted

    def __call__(self, attempt: Attempt, mark: Callable[[int], None]) -> list[Any] | None:
        """Return the sketches of the articles of a unit, or the counts of sites."""
        task = attempt.task
        found: list[Any] = []
        if isinstance(task, _Sites):
            for number, name in enumerate(task.names):
                if number in attempt.skip or attempt.only not in (None, number):
                    continue
                mark(number)
                counts = count(name, sites_store.sketches(os.path.join(self.folder, SKETCHES), name))
                found.append((name, sites_store.packed_counts(counts)))
        else:
            for number, read in _readers(task, self.options):
                if number in attempt.skip or attempt.only not in (None, number):
                    continue
                mark(number)
                found += self._sketched(read)
        return None if attempt.only is not None else found

    def _sketched(self, read: Callable[[], _Read]) -> Iterator[Packed]:
        """Yield the sketch of an article, or nothing if its site has enough others. The run itself reports articles
        that can't be read."""
        try:
            article = read()
            name = digest(article.content, page=article.page)
            (article.host or "").encode()  # a lone surrogate can't be stored
            if article.host and not self.wanted(article.host, name):
                return
            found = _sketch(article, name)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a panic in a Rust library is no `Exception`
            return
        if found is not None:
            yield sites_store.packed(*found)


@dataclass(frozen=True, slots=True)
class _Read:
    """An article as read: its content, whether it is a page, its site, and its date of publication."""

    content: str | bytes
    page: bool
    host: str | None
    day: int | None


def _sketch(given: _Read, name: str) -> tuple[str, Sketch] | None:
    host = given.host
    if not given.page:
        if host is None:
            return None
        text = decode(given.content).text if isinstance(given.content, bytes) else given.content
        return host, sketch(segment(text, language="und"), name, given.day)
    from cleaner.reading.html import parse, read  # texts alone need no lxml
    from cleaner.reading.names import Names

    tree = parse(given.content)
    article = read(tree, language="und", url=f"//{host}/" if host else None)
    host = host or hosts.host_of(article.url)
    day = given.day or days.day(article.page.date if article.page else None)
    return (host, sketch(article, name, day, Names.of(tree.root).selectors)) if host else None


def _readers(unit: Unit, options: RunOptions) -> Iterator[tuple[int, Callable[[], _Read]]]:
    """Yield a function for each article of a unit that reads it."""
    if unit.rows is None:
        for number, job in enumerate(unit.jobs):
            yield number, lambda job=job: _file(job, options)  # type: ignore[misc]
        return
    job = unit.jobs[0]
    found = adapter(job.path) if unit.rows.count and not unit.fault else None
    if found is None:
        return
    rows = found.rows(unit.rows, options.columns, options.most)
    while True:
        try:
            row = next(rows, None)
        except Exception:  # a broken file: the run will say so
            return
        if row is None:
            return
        content = row.html if row.html is not None else row.text
        if row.fault is None and content is not None and len(content) <= options.most:
            host = row.site or hosts.host_of(row.url) or job.site(options.site)
            answer = _Read(content, row.html is not None, host, row.day or days.day_in(row.url))
            yield row.number - unit.rows.first, lambda answer=answer: answer  # type: ignore[misc]


def _file(job: Job, options: RunOptions) -> _Read:
    data = disk.read_article(job.path, options.most)
    page = bare(job.source).lower().endswith(PAGES) or sniff.is_page(data)
    return _Read(data, page, job.site(options.site), days.day_in(job.source))


def sketch_all(
    folder: str,
    jobs: Iterable[Job],
    options: RunOptions,
    tell: Callable[[int], None] = lambda articles: None,
) -> Counted:
    """Count what the articles of each site share and write the counts into ``folder``. ``tell`` is called with the
    number of articles read so far."""
    spool = Spool(os.path.join(folder, SPOOL), options.most)
    try:
        return _counted(folder, spool.units(jobs), spool.done, options, tell)
    except sqlite3.Error as error:
        raise _disk_error(folder, error) from error
    finally:
        disk.delete(os.path.join(folder, SPOOL))


def _counted(
    folder: str,
    units: Iterable[Unit],
    done: Callable[[Unit], None],
    options: RunOptions,
    tell: Callable[[int], None],
) -> Counted:
    with ExitStack() as stack:
        store = stack.enter_context(closing(sites_store.Sketches(os.path.join(folder, SKETCHES))))
        pool = stack.enter_context(Pool(SketchWork(folder, options, Wanted()), options.limits))
        number = sketch_units(store, pool, units, done, tell)
        return count_sites(folder, store, pool, number)


def sketch_units(
    store: sites_store.Sketches,
    pool: Pool,
    units: Iterable[Unit],
    done: Callable[[Unit], None],
    tell: Callable[[int], None] = lambda articles: None,
) -> int:
    """Append the sketches of all units to a file. Returns the number of the next task."""
    wanted = Wanted()
    number = 0
    for unit, found in pool.ordered(units):
        store.add(one for one in found if wanted(one[0], one[1]))
        done(unit)
        number = unit.number + 1
        tell(unit.items)
    return number


def count_sites(folder: str, store: sites_store.Sketches, pool: Pool, number: int = 0) -> Counted:
    """Count the sites whose sketches are in the file ``SKETCHES`` in ``folder``. ``number``: the number of the next
    task."""
    with closing(sites_store.Written(os.path.join(folder, COUNTS))) as written:
        parts = sites_store.in_parts(store.sites(ENOUGH), SITES)
        for _, counted in pool.ordered((_Sites(number + at, part) for at, part in enumerate(parts)), number):
            for name, data in counted:
                written.add(name, data)
        written.end()
        return Counted(os.path.join(folder, COUNTS), written.digests)


def _disk_error(folder: str, error: sqlite3.Error) -> OSError:
    """Return the error that writing to the disk gives, which SQLite hides, by writing a file of our own."""
    path = os.path.join(folder, SPOOL, "probe")
    try:
        disk.write(path, bytes(PROBE))
    except OSError as fault:
        return fault
    return OSError(errno.EIO, str(error), folder)


def keep(folder: str, jobs: Iterable[Job], out: str, options: RunOptions) -> int:
    """Count what the articles of each site share and merge it into the counts in ``out``. Returns the number of sites
    in ``out``.

    ``folder``: for temporary files. Raises ``CountsFault``, ``PoolFault`` or ``OSError``.
    """
    entries = kept_counts.index(out) if os.path.exists(os.path.join(out, kept_counts.INDEX)) else {}
    sketch_all(folder, jobs, options)
    path = os.path.join(folder, SKETCHES)
    for site in sites_store.sites(path):
        there = kept_counts.read(out, site) if site in entries else ()
        entries[site] = kept_counts.write(out, site, [*sites_store.sketches(path, site), *there])
    kept_counts.write_index(out, entries)
    return len(entries)
