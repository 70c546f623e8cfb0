"""What a worker does with a unit: it cleans the articles, writes them, and leaves their log lines in one file.

The parent process appends that file to the logs in order, and deletes it. Only the file's name and a few numbers pass
between the processes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cleaner.files import disk
from cleaner.run import incremental, one_article, table_worker
from cleaner.run.naming import Job
from cleaner.run.one_article import Cleans, Done, Failed
from cleaner.run.pool import Attempt
from cleaner.run.unit_log import Reply, Sheet, Workplace
from cleaner.run.units import Unit


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a run, for a pool."""

    cleaner: Cleans
    place: Workplace

    def __call__(self, attempt: Attempt, mark: Callable[[int], None]) -> Reply | None:
        """Do a unit and return the reply, ``None`` for a trial of one item. Raises ``WriteFault`` if nothing more can
        be written."""
        unit: Unit = attempt.task
        if unit.rows is not None:
            return table_worker.do(self.cleaner, self.place, unit, attempt, mark)
        if attempt.only is not None:
            mark(attempt.only)
            one_article.clean_one(
                self.cleaner, unit.jobs[attempt.only], self.place.options.most, self.place.options.site
            )
            return None
        sheet = Sheet(self.place)
        contents: list[str] = []
        size = reused = other = 0
        for number, job in enumerate(unit.jobs):
            if number in attempt.skip:
                ended = attempt.skip[number]
                sheet.failed(job.id, ended.kind, ended.message)
                contents.append(content(job, self.place.options.most))
                continue
            mark(number)
            again = incremental.article(self.place, unit, number) if self.place.old else None
            if again is not None:
                sheet.take(again.lines)
                contents.append(again.content)
                size += again.size
                reused += 1
                continue
            outcome = one_article.clean_one(self.cleaner, job, self.place.options.most, self.place.options.site)
            contents.append(outcome.content)
            if isinstance(outcome, Done):
                size += outcome.size
                other += incremental.differs(self.place, unit, number, outcome) if self.place.old else 0
                outcome = sheet.done(outcome)
            if isinstance(outcome, Failed):
                sheet.failed(job.id, outcome.kind, outcome.message)
        sheet.save(unit.number)
        return Reply(key(unit.jobs, contents), size, reused, other)


def key(jobs: Iterable[Job], contents: Iterable[str]) -> str:
    """Return the key of a unit: a digest of the names and contents of its articles."""
    digest = hashlib.sha256()
    for job, read in zip(jobs, contents, strict=True):
        digest.update(
            f"{job.id}\0{job.source}\0{job.root}\0{job.clean}\0{job.home}\0{read}\0".encode("utf-8", "surrogatepass")
        )
    return digest.hexdigest()


def content(job: Job, most: int) -> str:
    """Return the digest of an article's file, or an empty text if it can't be read."""
    try:
        return hashlib.sha256(disk.read_article(job.path, most)).hexdigest()
    except (OSError, ValueError):
        return ""
