"""What a worker does with a range of a table: a row in, a row out; a row that fails is named and left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cleaner import batch, outfolder
from cleaner.batch import Cleans, Done, Failed
from cleaner.compressed import CompressionFault
from cleaner.decode import Decoded
from cleaner.model import Cleaned
from cleaner.plan import Job
from cleaner.pool import Attempt
from cleaner.tables import ROWS_TAIL, Row, TableFault, adapter, segment
from cleaner.unit import Unit
from cleaner.work import Reply, Settings, Sheet


def do(cleaner: Cleans, settings: Settings, unit: Unit, attempt: Attempt, mark: Callable[[int], None]) -> Reply | None:
    """Clean a range."""
    job, part = unit.jobs[0], unit.rows
    assert part is not None
    sheet = Sheet(settings)
    if unit.fault:
        sheet.failed(job.id, *unit.fault)
    found = adapter(job.path) if part.count else None
    pairs: list[tuple[Row, Cleaned]] = []
    if found is not None:
        try:
            for row in found.rows(part, settings.columns, settings.most):
                item = row.number - part.first
                name = row.id if row.id is not None else f"{job.id}:{row.number}"
                if attempt.only is not None:
                    if item == attempt.only:
                        mark(item)
                        _clean(cleaner, job, row, name, settings.most)
                    continue
                label = f"{job.id}:{row.label or row.number}"
                if item in attempt.skip:
                    sheet.failed(label, attempt.skip[item].kind, attempt.skip[item].message)
                    continue
                mark(item)
                outcome = _clean(cleaner, job, row, name, settings.most)
                if isinstance(outcome, Done):
                    record = batch.article_record(outcome)
                    record |= {"article": name, "row": row.number, "url": row.url or record["url"]}
                    new = sheet.lines(outcome, record)
                    if isinstance(new, Failed):
                        outcome = new
                    else:
                        sheet.take(new)
                        pairs.append((row, outcome.cleaned))
                if isinstance(outcome, Failed):
                    sheet.failed(label, outcome.kind, outcome.message)
        except (TableFault, CompressionFault) as fault:
            sheet.failed(f"{job.id}:{part.first}", fault.kind, str(fault))
    if attempt.only is not None:
        return None
    if found is not None:
        with outfolder.writing(settings.folder):
            found.save(segment(settings.folder, unit.number, ROWS_TAIL), part, pairs, job.clean)
    sheet.save(unit.number)
    return Reply(key(unit), part.size)


def _clean(cleaner: Cleans, job: Job, row: Row, name: str, most: int) -> Done | Failed:
    if row.fault:
        return Failed(job, *row.fault)
    text = row.text or ""
    if len(row.html if row.html is not None else text) > most:
        return Failed(job, "too-large", f"longer than {most:,} characters; --max-bytes sets the limit")
    host = batch.host_of(row.url) or batch.site(job.source)
    url = row.url or (f"//{host}/" if host else None)
    try:
        if row.html is not None:
            cleaned = cleaner.clean_html(row.html, id=name, url=url)
            text = cleaned.article.text
        else:
            cleaned = cleaner.clean(text, id=name, url=url)
        return Done(job, Decoded(text, "utf-8"), cleaned, host)
    except Exception as error:
        return Failed(job, *batch.failure(error))


def key(unit: Unit) -> str:
    """What a range is known by."""
    job, part = unit.jobs[0], unit.rows
    assert part is not None
    parts = (job.id, job.source, job.root, job.clean, part.start, part.first, part.count, part.digest, unit.fault)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
