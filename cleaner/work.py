"""What a worker does with a unit: it cleans the articles and writes them, and leaves the lines of the logs in one file.

The process above adds that file to the logs when its turn has come, and deletes it. Only its name and a few numbers
travel between the processes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner import batch, files, log, outfolder, reuse
from cleaner.batch import Cleans, Done, Failed, Outcome
from cleaner.markdown import markdown
from cleaner.plan import Job
from cleaner.pool import Attempt
from cleaner.protect import OUTSIDE
from cleaner.tables import DEFAULTS, Columns, segment
from cleaner.unit import Unit

_SIZES = struct.Struct("<5Q")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker must know besides the cleaner. ``old``: earlier results, whose articles need not be done again."""

    folder: str
    kept: bool = False
    residue: bool = False
    as_markdown: bool = False
    most: int = batch.MOST_BYTES
    old: str | None = None
    columns: Columns = DEFAULTS


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines for the logs."""

    articles: bytes
    removed: bytes
    kept: bytes
    errors: bytes
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker says of a unit: its key, the bytes that were read, and how many articles were not done again."""

    key: str
    size: int = 0
    reused: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a run, for a pool."""

    cleaner: Cleans
    settings: Settings

    def __call__(self, attempt: Attempt, mark: Callable[[int], None]) -> Reply | None:
        """Do a unit. Raises ``WriteFault`` when nothing can be written any more."""
        unit: Unit = attempt.task
        if unit.rows is not None:
            from cleaner import tablework

            return tablework.do(self.cleaner, self.settings, unit, attempt, mark)
        if attempt.only is not None:
            mark(attempt.only)
            batch.clean_one(self.cleaner, unit.jobs[attempt.only], self.settings.most)
            return None
        sheet = Sheet(self.settings)
        contents: list[str] = []
        size = reused = 0
        for number, job in enumerate(unit.jobs):
            if number in attempt.skip:
                ended = attempt.skip[number]
                sheet.failed(job.id, ended.kind, ended.message)
                contents.append(content(job, self.settings.most))
                continue
            mark(number)
            again = reuse.article(self.settings, unit, number) if self.settings.old else None
            if again is not None:
                sheet.take(again.lines)
                contents.append(again.content)
                size += again.size
                reused += 1
                continue
            outcome = batch.clean_one(self.cleaner, job, self.settings.most)
            contents.append(outcome.content)
            if isinstance(outcome, Done):
                size += outcome.size
                outcome = sheet.done(outcome)
            if isinstance(outcome, Failed):
                sheet.failed(job.id, outcome.kind, outcome.message)
        sheet.save(unit.number)
        return Reply(key(unit.jobs, contents), size, reused)


class Sheet:
    """The lines that a unit comes to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts: tuple[list[bytes], ...] = ([], [], [], [], [])

    def done(self, done: Done) -> Outcome:
        """Write an article that is done and add its lines: all of them, or none."""
        new = self.lines(done, batch.article_record(done))
        if isinstance(new, Lines):
            marked = self._settings.as_markdown and done.cleaned.article.page is not None
            try:
                rendered = encoded(markdown(done.cleaned)) if marked else b""
            except Exception as error:
                return Failed(done.job, *batch.failure(error), done.content)
            try:
                outfolder.put(self._settings.folder, done.job.clean, encoded(done.cleaned.text))
                if done.cleaned.article.page is not None:
                    outfolder.put(self._settings.folder, done.job.clean, encoded(done.read.text), outfolder.SOURCE)
                if marked:
                    name = outfolder.markdown_name(done.job.clean)
                    outfolder.put(self._settings.folder, name, rendered, outfolder.MARKDOWN)
            except outfolder.WriteFault:
                raise
            except OSError as error:
                return Failed(done.job, *files.why(error), done.content)
            self.take(new)
            return done
        return new

    def lines(self, done: Done, article: log.Record) -> Lines | Failed:
        """The lines of an article, whose own is ``article``."""
        text = done.cleaned.article.text
        name = article["article"]
        by_offsets = self._settings.residue and done.cleaned.article.page is not None
        try:
            return Lines(
                lines([article]),
                lines(
                    log.removed_record(name, span, text=not (by_offsets and span.detector == OUTSIDE))
                    for span in done.cleaned.removed
                ),
                lines(log.kept_record(name, decision, text) for decision in done.cleaned.kept)
                if self._settings.kept
                else b"",
                b"",
                lines([log.source_record(name, article["row"], text)])
                if "row" in article and done.cleaned.article.page is not None
                else b"",
            )
        except log.LogFault as fault:
            return Failed(done.job, "internal", str(fault), done.content)

    def failed(self, article: str, kind: str, message: str) -> None:
        """Add an article that failed."""
        self.take(Lines(b"", b"", b"", lines([log.error_record(article, kind, message)])))

    def take(self, new: Lines) -> None:
        """Add lines as they are."""
        for part, data in zip(self._parts, (new.articles, new.removed, new.kept, new.errors, new.source), strict=True):
            part.append(data)

    def save(self, number: int) -> None:
        """Leave the lines for the process above."""
        parts = [b"".join(part) for part in self._parts]
        data = _SIZES.pack(*map(len, parts)) + b"".join(parts)
        with outfolder.writing(self._settings.folder):
            files.write(segment(self._settings.folder, number), data, flush=False)


def load(folder: str, number: int) -> Lines:
    """The lines of a unit."""
    data = files.read(segment(folder, number))
    sizes = _SIZES.unpack_from(data)
    parts, at = [], _SIZES.size
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return Lines(*parts)


def key(jobs: Iterable[Job], contents: Iterable[str]) -> str:
    """What a unit is known by: names and contents of its articles."""
    digest = hashlib.sha256()
    for job, read in zip(jobs, contents, strict=True):
        digest.update(f"{job.id}\0{job.source}\0{job.root}\0{job.clean}\0{read}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def content(job: Job, most: int) -> str:
    """The digest of an article's file, or nothing if it can't be read."""
    try:
        return hashlib.sha256(files.read_article(job.path, most)).hexdigest()
    except (OSError, ValueError):
        return ""


def lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as lines."""
    return "".join(log.dump(record) + "\n" for record in records).encode()


def encoded(text: str) -> bytes:
    """A clean text as it is written."""
    return text.encode("utf-8", "surrogatepass")
