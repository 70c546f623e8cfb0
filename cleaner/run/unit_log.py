"""The lines that a unit adds to the logs: made in a worker, read by the process above."""

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
    """What a worker must know besides the cleaner: where the results go, and how the run is done.

    ``old``: the folder of earlier results, whose articles need not be done again, but for those of sites that repeat
    other things than then (``changed``; ``None``: all).
    """

    folder: str
    options: RunOptions
    old: str | None = None
    changed: frozenset[str] | None = frozenset()


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
    """What a worker says of a unit: its key, the bytes that were read, how many articles were not done again, and how
    many come out otherwise than before though they are the same."""

    key: str
    size: int = 0
    reused: int = 0
    other: int = 0


class Sheet:
    """The lines that a unit comes to."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._parts: tuple[list[bytes], ...] = ([], [], [], [], [])

    def done(self, done: Done) -> Outcome:
        """Write an article that is done and add its lines: all of them, or none."""
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
        """The lines of an article, whose own is ``article``."""
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
        with out_folder.writing(self._place.folder):
            disk.write(segment(self._place.folder, number), data, flush=False)


def load(folder: str, number: int) -> Lines:
    """The lines of a unit."""
    data = disk.read(segment(folder, number))
    sizes = _SIZES.unpack_from(data)
    parts, at = [], _SIZES.size
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return Lines(*parts)


def lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as lines."""
    return "".join(log.dump(record) + "\n" for record in records).encode()


def encoded(text: str) -> bytes:
    """A clean text as it is written."""
    return text.encode("utf-8", "surrogatepass")
