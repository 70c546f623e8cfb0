"""A run: units go to the workers, their results come back in order and are added up, what was stopped goes on."""

from __future__ import annotations

import hashlib
import itertools
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from cleaner import batch, files, finish, log, manifest, outfolder, reuse, sweep, tables, tablework, work
from cleaner.batch import Cleans
from cleaner.manifest import Journal
from cleaner.plan import Job
from cleaner.pool import Limits, Pool, PoolFault
from cleaner.remote import is_remote
from cleaner.summary import Tally, summary
from cleaner.unit import Unit
from cleaner.walk import Listing
from cleaner.work import Lines, Reply, Settings, Work

__all__ = ["Choices", "News", "PoolFault", "run"]

LOGS: Mapping[str, str] = {
    outfolder.REMOVED: log.REMOVED,
    outfolder.ARTICLES: log.ARTICLES,
    outfolder.ERRORS: log.ERRORS,
    outfolder.KEPT: log.KEPT,
}


@dataclass(frozen=True, slots=True)
class News:
    """What has just been done, for whoever shows it: articles, bytes read, failures, and the results so far."""

    articles: int
    size: int
    reused: int
    failures: Sequence[log.Record]
    tally: Tally
    lines: Lines
    folder: str


@dataclass(frozen=True, slots=True)
class Choices:
    """How a run is done, and what of the results is written.

    ``residue``: what stands outside of a page's article is logged by its offsets, without its text, which is in
    ``source/``. ``as_markdown``: clean pages are written as Markdown, too. ``most``: bytes of an article.
    """

    limits: Limits = field(default_factory=Limits)
    kept: bool = False
    residue: bool = False
    as_markdown: bool = False
    most: int = batch.MOST_BYTES
    incremental: bool = False
    columns: tables.Columns = tables.DEFAULTS
    log_format: str = "jsonl"
    export: tuple[str, ...] = ()


def run(
    cleaner: Cleans,
    jobs: Iterable[Job],
    listing: Listing,
    *,
    out: str | None,
    rules: str,
    options: dict[str, Any],
    choices: Choices = Choices(),
    tell: Callable[[News], None] = lambda news: None,
) -> dict[str, Any]:
    """Clean all ``jobs`` into the folder ``out`` (``None``: nowhere) and give back the summary.

    Raises ``WriteFault``, ``OutFault``, ``PoolFault`` or what ``tell`` raises. The results are then what they were,
    and what is done so far is kept for the next run.
    """
    identity = _identity(rules, options, choices, listing)
    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="cleaner-") if out is None else outfolder.staging(out)
        )
        old = out if out is not None and choices.incremental and _same_run(out, rules, options) else None
        settings = Settings(
            folder, choices.kept, choices.residue, choices.as_markdown, choices.most, old, choices.columns
        )
        pool = stack.enter_context(Pool(Work(cleaner, settings), choices.limits))
        with outfolder.writing(folder):
            tally, names, left_out = _all(pool, settings, jobs, listing, identity, choices, tell)
        result = summary(
            tally,
            inputs=[_from(out, root) for root in listing.roots],
            not_taken=_not_taken(listing),
            rules=rules,
            options=options,
            versions=batch.versions(),
            left_out=left_out,
        )
        if out is not None:
            with outfolder.writing(folder):
                files.write(os.path.join(folder, outfolder.SUMMARY), (log.dump(result, indent=2) + "\n").encode())
            outfolder.put_in_place(out, names)
            finish.tidy(out)
    return result


def _all(
    pool: Pool,
    settings: Settings,
    jobs: Iterable[Job],
    listing: Listing,
    identity: str,
    choices: Choices,
    tell: Callable[[News], None],
) -> tuple[Tally, list[str], Mapping[str, Mapping[str, int]]]:
    """Do all units; the sums, the names of what is there now, and what of the tables is no article."""
    folder = settings.folder
    troubles = [log.error_record(trouble.source, trouble.kind, trouble.message) for trouble in listing.troubles]
    heads = {
        name: work.lines([log.header(kind), *(troubles if name == outfolder.ERRORS else [])])
        for name, kind in LOGS.items()
        if choices.kept or name != outfolder.KEPT
    }
    tally = Tally()
    tally.failures.update(trouble.kind for trouble in listing.troubles)
    spool = tables.Spool(folder, choices.most)
    sources = spool.sources
    files.delete(os.path.join(folder, tables.SPOOL))
    units, last, done = _resumed(folder, identity, spool, jobs, choices)
    if last is None:
        _clear(folder)
    else:
        sweep.tables_but(folder, done)
        sweep.units_after(folder, last.unit)
        _recount(folder, last, tally, tell)
    with closing(Journal(folder, identity, heads, last)) as journal:
        if settings.old:
            units = reuse.located(settings.old, units, kept=choices.kept)
        assembly = tables.Assembly(folder, journal)
        for unit, reply in pool.ordered(units, last.unit + 1 if last else 0):
            lines = work.load(folder, unit.number)
            _add(journal, assembly, unit, lines, reply, kept=choices.kept)
            spool.done(unit)
            failures = _count(tally, lines.articles.splitlines(), lines.removed.splitlines(), lines.errors.splitlines())
            tell(News(unit.items, reply.size, reply.reused, failures, tally, lines, folder))
    if last is not None:
        sweep.sweep(folder)
    names = finish.finish(folder, [*heads, *sweep.folders(folder)], choices.log_format, choices.export, sources)
    return tally, names, spool.left_out


def _add(journal: Journal, assembly: tables.Assembly, unit: Unit, lines: Lines, reply: Reply, *, kept: bool) -> None:
    """Add a unit to the results, and enter it in the journal."""
    if unit.rows is None:
        journal.append(outfolder.ARTICLES, lines.articles)
        journal.append(outfolder.REMOVED, lines.removed)
        if kept:
            journal.append(outfolder.KEPT, lines.kept)
    else:
        assembly.add(unit, lines, kept=kept)
    journal.append(outfolder.ERRORS, lines.errors)
    journal.done(unit.number, reply.key, reply.size)
    if unit.last:
        assembly.end(unit)
    files.delete(tables.segment(journal.folder, unit.number))


def _resumed(
    folder: str, identity: str, spool: tables.Spool, jobs: Iterable[Job], choices: Choices
) -> tuple[Iterator[Unit], manifest.Entry | None, set[str]]:
    """The units that are still to be done, the last one that is done, and the tables that are begun."""
    units = spool.units(jobs)
    last = None
    done: set[str] = set()
    for entry in manifest.entries(folder, identity):
        unit = next(units, None)
        if unit is None:
            # There was more input then: what came of it is cut off.
            break
        if unit.rows is None:
            key = work.key(unit.jobs, (work.content(job, choices.most) for job in unit.jobs))
        else:
            key = tablework.key(unit)
        if key != entry.key or not manifest.fits(folder, entry):
            return itertools.chain([unit], units), last, done
        if unit.rows is not None:
            done.add(unit.jobs[0].clean)
        spool.done(unit)
        last = entry
    return units, last, done


def _clear(folder: str) -> None:
    for name in os.listdir(folder):
        files.delete(os.path.join(folder, name))
    os.mkdir(os.path.join(folder, outfolder.CLEAN))
    os.mkdir(os.path.join(folder, tables.SEGMENTS))


def _recount(folder: str, last: manifest.Entry, tally: Tally, tell: Callable[[News], None]) -> None:
    """Add up what is done already, from the logs."""
    pairs = [(outfolder.ARTICLES, outfolder.REMOVED)]
    pairs += [(f"articles/{name}", f"removed/{name}") for name in sweep.names(folder, "articles")]
    for articles, removed in pairs:
        spans = _part(folder, removed, last)
        for line in _part(folder, articles, last):
            record = log.load(line)
            mine = list(itertools.islice(spans, record["removed_spans"]))
            _count(tally, [line], mine, [])
    errors = [log.load(line) for line in _part(folder, outfolder.ERRORS, last)]
    # Folders that can't be listed stand in the log and are counted again when they are met.
    before = tally.failures.total()
    for record in errors[before:]:
        tally.failures[record["kind"]] += 1
    tell(News(tally.done + tally.failed, 0, tally.done + tally.failed, [], tally, Lines(b"", b"", b"", b""), folder))


def _part(folder: str, name: str, last: manifest.Entry) -> Iterator[str]:
    """The lines of a log up to where it was good, without the first."""
    left = last.ends.get(name)
    try:
        for number, line in enumerate(files.read_lines(os.path.join(folder, name))):
            if left is not None:
                left -= len(line.encode())
                if left < 0:
                    return
            if number:
                yield line
    except FileNotFoundError:
        return


def _count(tally: Tally, articles: Sequence[Any], removed: Iterable[Any], errors: Sequence[Any]) -> list[log.Record]:
    """Add articles to the sums, by their lines in the logs; the failures."""
    spans = iter(removed)
    for line in articles:
        record = log.load(line)
        tally.add_record(record, [log.load(line) for line in itertools.islice(spans, record["removed_spans"])])
    failures = [log.load(line) for line in errors]
    tally.failures.update(record["kind"] for record in failures)
    return failures


def _identity(rules: str, options: Mapping[str, Any], choices: Choices, listing: Listing) -> str:
    """What must be the same for a run to go on, besides the articles. Folders that can't be listed head a log."""
    columns = [choices.columns.text, choices.columns.id, choices.columns.url, choices.columns.html]
    what = {
        "rules": rules,
        "options": options,
        "versions": batch.versions(),
        "most": choices.most,
        "columns": columns,
        "troubles": [[trouble.source, trouble.kind, trouble.message] for trouble in listing.troubles],
    }
    return hashlib.sha256(log.dump(what).encode()).hexdigest()


def _same_run(out: str, rules: str, options: Mapping[str, Any]) -> bool:
    """Whether the results in ``out`` were made in the same way."""
    try:
        found = outfolder.read_summary(out)
    except outfolder.OutFault:
        return False
    made = (found.get("digests", {}).get("rules"), found.get("options"), found.get("versions"))
    return made == (rules, dict(options), batch.versions())


def _from(out: str | None, root: str) -> str:
    """Where an input lies, seen from the results: it stays true when both are moved, and names no machine."""
    if out is None or is_remote(root):
        return root
    return os.path.relpath(os.path.realpath(root), os.path.realpath(out))


def _not_taken(listing: Listing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in listing.not_taken:
        found.setdefault(entry.why, []).append(entry.source)
    return dict(sorted(found.items()))
