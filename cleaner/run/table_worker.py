"""Cleans a range of a table in a worker. Each row gives one row; a row that fails is reported and left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from cleaner.article.model import Cleaned
from cleaner.errors import failure
from cleaner.files import disk
from cleaner.reading.decoding import Decoded
from cleaner.results import out_folder
from cleaner.results.out_folder import ROWS_TAIL, segment
from cleaner.run import one_article
from cleaner.run.naming import Job
from cleaner.run.one_article import Cleans, Done, Failed
from cleaner.run.options import RunOptions
from cleaner.run.pool import Attempt
from cleaner.run.unit_log import Lines, Reply, Sheet, Workplace
from cleaner.run.units import Unit
from cleaner.tables.base import Adapter, Row, Rows, adapter
from cleaner.text import hosts


def do(cleaner: Cleans, place: Workplace, unit: Unit, attempt: Attempt, mark: Callable[[int], None]) -> Reply | None:
    """Clean a range."""
    part = unit.rows
    assert part is not None
    found = adapter(unit.jobs[0].path) if part.count else None
    if attempt.only is not None:
        if found is not None:
            _try_alone(cleaner, place.options, unit, part, found, attempt.only, mark)
        return None
    sheet = Sheet(place)
    if unit.fault:
        sheet.failed(unit.jobs[0].id, *unit.fault)
    if found is not None:
        made = _rows(cleaner, place.options, unit, part, found, attempt, mark, sheet)
        _save(place.folder, unit, part, found, made, sheet)
    sheet.save(unit.number)
    return Reply(key(unit), part.size)


class _Made(NamedTuple):
    """A cleaned row."""

    label: str
    row: Row
    cleaned: Cleaned
    lines: Lines


def _try_alone(
    cleaner: Cleans, options: RunOptions, unit: Unit, part: Rows, found: Adapter, only: int, mark: Callable[[int], None]
) -> None:
    """Clean the one row that may have killed a worker, to see whether it does so again. Nothing is kept."""
    with suppress(Exception):
        for row in found.rows(part, options.columns, options.most):
            if row.number - part.first == only:
                mark(only)
                _clean(cleaner, unit.jobs[0], row, _name(unit, row), options)


def _rows(
    cleaner: Cleans,
    options: RunOptions,
    unit: Unit,
    part: Rows,
    found: Adapter,
    attempt: Attempt,
    mark: Callable[[int], None],
    sheet: Sheet,
) -> list[_Made]:
    """Return the rows that can be cleaned. The reasons for the others go to ``sheet``."""
    made: list[_Made] = []
    job, at = unit.jobs[0], part.first
    try:
        for row in found.rows(part, options.columns, options.most):
            item, at = row.number - part.first, row.number + 1
            label = f"{job.id}:{row.label or row.number}"
            if item in attempt.skip:
                sheet.failed(label, attempt.skip[item].kind, attempt.skip[item].message)
                continue
            mark(item)
            outcome = _row(cleaner, options, unit, row, label, sheet)
            if isinstance(outcome, Failed):
                sheet.failed(label, outcome.kind, outcome.message)
            else:
                made.append(outcome)
    except Exception as error:  # of a file that turns out to be broken, say
        kind, message = _fault(error)
        sheet.failed(f"{job.id}:{at}", kind, f"{message} (rows {at:,} to {part.first + part.count - 1:,})")
    return made


def _row(cleaner: Cleans, options: RunOptions, unit: Unit, row: Row, label: str, sheet: Sheet) -> _Made | Failed:
    """Clean a row. Returns it with its lines for the logs."""
    name = _name(unit, row)
    outcome = _clean(cleaner, unit.jobs[0], row, name, options)
    if isinstance(outcome, Failed):
        return outcome
    record = one_article.article_record(outcome)
    record |= {"article": name, "row": row.number, "url": row.url or record["url"]}
    lines = sheet.lines(outcome, record)
    return lines if isinstance(lines, Failed) else _Made(label, row, outcome.cleaned, lines)


def _save(folder: str, unit: Unit, part: Rows, found: Adapter, made: list[_Made], sheet: Sheet) -> None:
    """Write the cleaned rows as a part of the new table, and add their log lines: all of them, or none."""
    path = segment(folder, unit.number, ROWS_TAIL)
    try:
        with out_folder.writing(folder):
            found.save(path, part, [(each.row, each.cleaned) for each in made], unit.jobs[0].clean)
    except OSError:
        raise
    except Exception as error:  # a type of column that a library can't write must not end the run
        kind, message = _fault(error)
        for each in made:
            sheet.failed(each.label, kind, message)
        return
    for each in made:
        sheet.take(each.lines)


def _name(unit: Unit, row: Row) -> str:
    return row.id if row.id is not None else f"{unit.jobs[0].id}:{row.number}"


def _fault(error: Exception) -> tuple[str, str]:
    return disk.why(error) if isinstance(error, OSError) else failure(error)


def _clean(cleaner: Cleans, job: Job, row: Row, name: str, options: RunOptions) -> Done | Failed:
    host = row.site or hosts.host_of(row.url) or job.site(options.site)
    made = cleaned(cleaner, row, name, options.most, host)
    if isinstance(made, tuple):
        return Failed(job, *made)
    return Done(job, Decoded(made.article.text, "utf-8"), made, host)


def cleaned(cleaner: Cleans, row: Row, name: str, most: int, host: str | None = None) -> Cleaned | tuple[str, str]:
    """Clean a row. Returns the result, or the kind of failure and its message. ``host``: the site of the row, if no
    field names it."""
    if row.fault:
        return row.fault
    text = row.text or ""
    if len(row.html if row.html is not None else text) > most:
        return "too-large", f"longer than {most:,} characters; --max-bytes sets the limit"
    url = row.url or (f"//{host}/" if host else None)
    try:
        if row.html is not None:
            return cleaner.clean_html(row.html, id=name, url=url, site=row.site)
        return cleaner.clean(text, id=name, url=url, site=row.site)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a Rust library is no `Exception`
        return failure(error)


def key(unit: Unit) -> str:
    """Return the key of a range."""
    job, part = unit.jobs[0], unit.rows
    assert part is not None
    names = (job.id, job.source, job.root, job.clean, job.home)
    parts = (*names, part.start, part.first, part.count, part.digest, unit.fault)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
