"""A run: units go to the workers, and their results come back in order and are added up. A stopped run resumes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from typing import Any

from cleaner.errors import OutFault
from cleaner.files import disk
from cleaner.files.remote import is_remote
from cleaner.files.sites_store import Stored
from cleaner.results import export, log, out_folder
from cleaner.results.journal import Journal
from cleaner.results.out_folder import segment
from cleaner.results.summary import Tally, summary
from cleaner.run import incremental, one_article, resume, unit_log
from cleaner.run.assemble import Assembly
from cleaner.run.counting import Counted, sketch_all
from cleaner.run.inputs import Listing
from cleaner.run.naming import Job
from cleaner.run.news import News
from cleaner.run.one_article import Cleans
from cleaner.run.options import RunOptions
from cleaner.run.pool import Pool
from cleaner.run.resume import clear, count, recount, resumed
from cleaner.run.unit_log import Lines, Reply, Workplace
from cleaner.run.units import SPOOL, Spool, Unit
from cleaner.run.worker import Work
from cleaner.sites.counts import ENOUGH

LOGS: Mapping[str, str] = {
    out_folder.REMOVED: log.REMOVED,
    out_folder.ARTICLES: log.ARTICLES,
    out_folder.ERRORS: log.ERRORS,
    out_folder.KEPT: log.KEPT,
}


def run(
    cleaner: Cleans,
    jobs: Iterable[Job],
    listing: Listing,
    *,
    out: str | None,
    rules: str,
    options: RunOptions,
    tell: Callable[[News], None] = lambda news: None,
    counting: Callable[[int], None] = lambda articles: None,
    kept_counts: str | None = None,
    changes: Callable[[frozenset[str] | None], None] = lambda sites: None,
) -> dict[str, Any]:
    """Clean all ``jobs`` into the folder ``out`` (``None``: write nothing) and return the summary.

    ``counting`` is called with the number of articles read so far by the pass that counts what each site repeats.
    ``kept_counts``: the digest of the counts that the cleaner already has. ``changes`` is called with the sites that
    repeat other things than in the earlier results (``None``: any site may).

    Raises ``WriteFault``, ``OutFault``, ``PoolFault`` or whatever ``tell`` raises. The earlier results then stay
    unchanged, and the next run continues where this one stopped.
    """
    with ExitStack() as stack:
        stack.enter_context(disk.no_more_open(listing.closed))
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="cleaner-") if out is None else out_folder.staging(out)
        )
        old = out if out is not None and options.incremental and _same_run(out, rules, options) else None
        counted = _counted(folder, jobs, listing, options, counting)
        repeats = counted.digest() if counted else kept_counts
        sites = counted.digests if counted else {}
        if counted is not None:
            cleaner = cleaner.with_repeats(Stored(counted.path))
        known = identity(rules, options, listing, repeats)
        changed = _changed(old, repeats, sites)
        if changed is None or changed:
            changes(changed)
        place = Workplace(folder, options, old, changed)
        pool = stack.enter_context(Pool(Work(cleaner, place), options.limits))
        with out_folder.writing(folder):
            tally, names, left_out = _all(pool, place, jobs, listing, known, tell)
        result = summary(
            tally,
            inputs=[seen_from(out, root) for root in listing.roots],
            not_taken=not_taken(listing),
            rules=rules,
            options=options.record(),
            versions=one_article.versions(),
            left_out=left_out,
            repeats=repeats,
            sites=sites,
        )
        if out is not None:
            with out_folder.writing(folder):
                disk.write(os.path.join(folder, out_folder.SUMMARY), (log.dump(result, indent=2) + "\n").encode())
            out_folder.put_in_place(out, names)
            export.tidy(out)
    return result


def _all(
    pool: Pool,
    place: Workplace,
    jobs: Iterable[Job],
    listing: Listing,
    identity: str,
    tell: Callable[[News], None],
) -> tuple[Tally, list[str], Mapping[str, Mapping[str, int]]]:
    """Do all units. Returns the sums, the names of the results, and how many entries of each table are no articles."""
    folder, options = place.folder, place.options
    troubles = [log.error_record(trouble.source, trouble.kind, trouble.message) for trouble in listing.troubles]
    heads = {
        name: unit_log.lines([log.header(kind), *(troubles if name == out_folder.ERRORS else [])])
        for name, kind in LOGS.items()
        if options.kept or name != out_folder.KEPT
    }
    tally = Tally()
    tally.failures.update(trouble.kind for trouble in listing.troubles)
    spool = Spool(folder, options.most)
    sources = spool.sources
    disk.delete(os.path.join(folder, SPOOL))
    units, last, done = resumed(folder, identity, spool, jobs, options)
    if last is None:
        clear(folder)
    else:
        resume.tables_but(folder, done)
        resume.units_after(folder, last.unit)
        recount(folder, last, tally, tell)
    with closing(Journal(folder, identity, heads, last)) as journal:
        if place.old:
            units = incremental.located(place.old, units, kept=options.kept)
        assembly = Assembly(folder, journal)
        for unit, reply in pool.ordered(units, last.unit + 1 if last else 0):
            lines = unit_log.load(folder, unit.number)
            _add(journal, assembly, unit, lines, reply, kept=options.kept)
            spool.done(unit)
            failures = count(tally, lines.articles.splitlines(), lines.removed.splitlines(), lines.errors.splitlines())
            tell(News(unit.items, reply.size, reply.reused, failures, tally, lines, folder, reply.other))
    if last is not None:
        resume.sweep(folder)
    names = export.finish(folder, [*heads, *resume.folders(folder)], options.log_format, options.export, sources)
    return tally, names, spool.left_out


def _add(journal: Journal, assembly: Assembly, unit: Unit, lines: Lines, reply: Reply, *, kept: bool) -> None:
    """Add a unit to the results, and record it in the journal."""
    if unit.rows is None:
        journal.append(out_folder.ARTICLES, lines.articles)
        journal.append(out_folder.REMOVED, lines.removed)
        if kept:
            journal.append(out_folder.KEPT, lines.kept)
    else:
        assembly.add(unit, lines, kept=kept)
    journal.append(out_folder.ERRORS, lines.errors)
    journal.done(unit.number, reply.key, reply.size)
    if unit.last:
        assembly.end(unit)
    disk.delete(segment(journal.folder, unit.number))


def _counted(
    folder: str, jobs: Iterable[Job], listing: Listing, options: RunOptions, tell: Callable[[int], None]
) -> Counted | None:
    """Count what the sites of the articles repeat, if there are enough articles."""
    if options.repeats != "on" or (len(listing.found) < ENOUGH and not listing.tables):
        return None
    with out_folder.writing(folder):
        return sketch_all(folder, jobs, options, tell)


def _changed(old: str | None, repeats: str | None, sites: Mapping[str, str]) -> frozenset[str] | None:
    """Return the sites that repeat other things than when the results in ``old`` were made; ``None`` if any site
    may."""
    if old is None:
        return frozenset()
    before = out_folder.read_summary(old)
    if before["digests"].get("repeats") == repeats:
        return frozenset()
    known = before.get("repeats", {})
    if not known or not sites:
        return None
    return frozenset(site for site in {*known, *sites} if known.get(site) != sites.get(site))


def identity(rules: str, options: RunOptions, listing: Listing, repeats: str | None) -> str:
    """Return what must be the same for a run to resume, apart from the articles. Folders that can't be listed are part
    of it, because they come first in a log."""
    columns = [getattr(options.columns, name) for name in ("text", "id", "url", "html", "site", "date")]
    what = {
        "rules": rules,
        "options": options.record(),
        "versions": one_article.versions(),
        "most": options.most,
        "repeats": repeats,
        "columns": columns,
        "troubles": [[trouble.source, trouble.kind, trouble.message] for trouble in listing.troubles],
    }
    return hashlib.sha256(log.dump(what).encode()).hexdigest()


def _same_run(out: str, rules: str, options: RunOptions) -> bool:
    """Return whether the results in ``out`` were made in the same way."""
    try:
        found = out_folder.read_summary(out)
    except OutFault:
        return False
    made = (found.get("digests", {}).get("rules"), found.get("options"), found.get("versions"))
    return made == (rules, options.record(), one_article.versions())


def seen_from(out: str | None, root: str) -> str:
    """Return the path of an input relative to the results: it stays valid when both are moved together, and names no
    machine."""
    if out is None or is_remote(root):
        return root
    if is_remote(out):
        return os.path.abspath(root)
    return os.path.relpath(os.path.realpath(root), os.path.realpath(out))


def not_taken(listing: Listing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in listing.not_taken:
        found.setdefault(entry.why, []).append(entry.source)
    return dict(sorted(found.items()))
