"""What a worker does with a range of a table: a row in, a row out; a row that fails is named and left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cleaner.errors import failure
from cleaner.files import disk
from cleaner.model import Cleaned
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
from cleaner.tables.base import Row, adapter
from cleaner.text import hosts


def do(cleaner: Cleans, place: Workplace, unit: Unit, attempt: Attempt, mark: Callable[[int], None]) -> Reply | None:
    """Clean a range."""
    job, part = unit.jobs[0], unit.rows
    assert part is not None
    sheet = Sheet(place)
    if unit.fault:
        sheet.failed(job.id, *unit.fault)
    found = adapter(job.path) if part.count else None
    pairs: list[tuple[Row, Cleaned]] = []
    new: list[tuple[str, Lines]] = []
    at = part.first
    if found is not None:
        try:
            for row in found.rows(part, place.options.columns, place.options.most):
                item, at = row.number - part.first, row.number + 1
                name = row.id if row.id is not None else f"{job.id}:{row.number}"
                if attempt.only is not None:
                    if item == attempt.only:
                        mark(item)
                        _clean(cleaner, job, row, name, place.options)
                    continue
                label = f"{job.id}:{row.label or row.number}"
                if item in attempt.skip:
                    sheet.failed(label, attempt.skip[item].kind, attempt.skip[item].message)
                    continue
                mark(item)
                outcome = _clean(cleaner, job, row, name, place.options)
                if isinstance(outcome, Done):
                    record = one_article.article_record(outcome)
                    record |= {"article": name, "row": row.number, "url": row.url or record["url"]}
                    made = sheet.lines(outcome, record)
                    if isinstance(made, Failed):
                        outcome = made
                    else:
                        new.append((label, made))
                        pairs.append((row, outcome.cleaned))
                if isinstance(outcome, Failed):
                    sheet.failed(label, outcome.kind, outcome.message)
        except Exception as error:  # of a file that turns out to be broken, say
            kind, message = _fault(error)
            sheet.failed(f"{job.id}:{at}", kind, f"{message} (rows {at:,} to {part.first + part.count - 1:,})")
    if attempt.only is not None:
        return None
    if found is not None:
        path = segment(place.folder, unit.number, ROWS_TAIL)
        try:
            with out_folder.writing(place.folder):
                found.save(path, part, pairs, job.clean)
        except OSError:
            raise
        except Exception as error:  # a type of column that a library can't write must not end the run
            kind, message = _fault(error)
            for label, _ in new:
                sheet.failed(label, kind, message)
            new = []
        for _, made in new:
            sheet.take(made)
    sheet.save(unit.number)
    return Reply(key(unit), part.size)


def _fault(error: Exception) -> tuple[str, str]:
    return disk.why(error) if isinstance(error, OSError) else failure(error)


def _clean(cleaner: Cleans, job: Job, row: Row, name: str, options: RunOptions) -> Done | Failed:
    host = hosts.host_of(row.url) or hosts.site(job.source) or options.site
    made = cleaned(cleaner, row, name, options.most, host)
    if isinstance(made, tuple):
        return Failed(job, *made)
    return Done(job, Decoded(made.article.text, "utf-8"), made, host)


def cleaned(cleaner: Cleans, row: Row, name: str, most: int, host: str | None = None) -> Cleaned | tuple[str, str]:
    """A row cleaned; or the kind of what went wrong, and the message. ``host``: where it is from, if no field says."""
    if row.fault:
        return row.fault
    text = row.text or ""
    if len(row.html if row.html is not None else text) > most:
        return "too-large", f"longer than {most:,} characters; --max-bytes sets the limit"
    url = row.url or (f"//{host}/" if host else None)
    try:
        if row.html is not None:
            return cleaner.clean_html(row.html, id=name, url=url)
        return cleaner.clean(text, id=name, url=url)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a Rust library is no `Exception`
        return failure(error)


def key(unit: Unit) -> str:
    """What a range is known by."""
    job, part = unit.jobs[0], unit.rows
    assert part is not None
    parts = (job.id, job.source, job.root, job.clean, part.start, part.first, part.count, part.digest, unit.fault)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
