"""The lines that a unit adds to the logs. A worker makes them, and the parent process reads them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.article.model import OUTSIDE, Cleaned
from cleaner.errors import LogFault, WriteFault, failure
from cleaner.files import disk
from cleaner.markdown import markdown
from cleaner.results import log, out_folder
from cleaner.results.out_folder import segment
from cleaner.run import one_article
from cleaner.run.one_article import Done, Failed, Outcome
from cleaner.run.options import RunOptions

_SIZES = struct.Struct("<5Q")


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a worker needs besides the cleaner: where the results go, and the options of the run. ``old``: the folder of
    earlier results, whose articles are reused, except those of the sites in ``changed``, which repeat other things now
    (``None``: of all sites).
    """

    folder: str
    options: RunOptions
    old: str | None = None
    changed: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Lines:
    """The log lines of one article."""

    articles: bytes
    removed: bytes
    kept: bytes
    errors: bytes
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """A worker's reply about a unit: its key, the number of bytes read, of articles reused, and of unchanged articles
    whose results differ from before."""

    key: str
    size: int = 0
    reused: int = 0
    other: int = 0


class Sheet:
    """The log lines of a unit."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._parts: tuple[list[bytes], ...] = ([], [], [], [], [])

    def done(self, done: Done) -> Outcome:
        """Write a cleaned article and add its log lines: all of them, or none."""
        new = self.lines(done, one_article.article_record(done))
        if isinstance(new, Lines):
            marked = self._place.options.as_markdown and done.cleaned.article.page is not None
            try:
                rendered = encoded(self._markdown(done.cleaned)) if marked else b""
            except Exception as error:
                return Failed(done.job, *failure(error), done.content)
            try:
                out_folder.put(self._place.folder, done.job.clean, encoded(done.cleaned.text))
                if done.cleaned.article.page is not None:
                    out_folder.put(self._place.folder, done.job.clean, encoded(done.read.text), out_folder.SOURCE)
                if marked:
                    name = out_folder.markdown_name(done.job.clean)
                    out_folder.put(self._place.folder, name, rendered, out_folder.MARKDOWN)
            except WriteFault:
                raise
            except OSError as error:
                return Failed(done.job, *disk.why(error), done.content)
            self.take(new)
            return done
        return new

    def _markdown(self, cleaned: Cleaned) -> str:
        options = self._place.options
        return markdown(cleaned, links=options.links, figures=options.figures)

    def lines(self, done: Done, article: log.Record) -> Lines | Failed:
        """Return the log lines of an article. ``article``: its record in ``articles.jsonl``."""
        text = done.cleaned.article.text
        name = article["article"]
        by_offsets = self._place.options.residue and done.cleaned.article.page is not None
        try:
            return Lines(
                lines([article]),
                lines(
                    log.removed_record(name, span, text=not (by_offsets and span.detector == OUTSIDE))
                    for span in done.cleaned.removed
                ),
                lines(log.kept_record(name, decision, text) for decision in done.cleaned.kept)
                if self._place.options.kept
                else b"",
                b"",
                lines([log.source_record(name, article["row"], text)])
                if "row" in article and done.cleaned.article.page is not None
                else b"",
            )
        except LogFault as fault:
            return Failed(done.job, "internal", str(fault), done.content)

    def failed(self, article: str, kind: str, message: str) -> None:
        """Add the line of an article that failed."""
        self.take(Lines(b"", b"", b"", lines([log.error_record(article, kind, message)])))

    def take(self, new: Lines) -> None:
        """Add ready-made lines."""
        for part, data in zip(self._parts, (new.articles, new.removed, new.kept, new.errors, new.source), strict=True):
            part.append(data)

    def save(self, number: int) -> None:
        """Write the lines to the file that the parent process reads."""
        parts = [b"".join(part) for part in self._parts]
        data = _SIZES.pack(*map(len, parts)) + b"".join(parts)
        with out_folder.writing(self._place.folder):
            disk.write(segment(self._place.folder, number), data, flush=False)


def load(folder: str, number: int) -> Lines:
    """Read the lines of a unit."""
    data = disk.read(segment(folder, number))
    sizes = _SIZES.unpack_from(data)
    parts, at = [], _SIZES.size
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return Lines(*parts)


def lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Return records as lines."""
    return "".join(log.dump(record) + "\n" for record in records).encode()


def encoded(text: str) -> bytes:
    """Return a clean text in UTF-8. Lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass")
