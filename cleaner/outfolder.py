"""The folder of results: its names, whose it is, and how a new one takes the place of an old one.

::

    clean/<path as in the input>.txt   the clean articles
    source/<the same>                  of a web page the text of its blocks, which the offsets point into
    markdown/<path as in the input>.md of a web page the clean article with its marks (with --format markdown)
    removed.jsonl                      a line a removed span
    kept.jsonl                         what was claimed and stays (with --kept)
    articles.jsonl                     a line an article
    errors.jsonl                       what failed, and why
    summary.json                       counts, digests, versions; written last

Everything is first written below ``.cleaner-partial/``. When all is there it is moved into place, summary last: whoever
stops the program in between finds the old results, or none, but never half of the new ones that look whole.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from cleaner import files, log

CLEAN = "clean"
SOURCE = "source"
MARKDOWN = "markdown"
REMOVED = "removed.jsonl"
KEPT = "kept.jsonl"
ARTICLES = "articles.jsonl"
ERRORS = "errors.jsonl"
SUMMARY = "summary.json"
NAMES: tuple[str, ...] = (SUMMARY, REMOVED, KEPT, ARTICLES, ERRORS, MARKDOWN, SOURCE, CLEAN)
"""All that a run writes, in the order in which the old ones are taken away."""

PARTIAL = ".cleaner-partial"
OLD = ".cleaner-old"


class OutFault(ValueError):
    """The folder can't take the results."""


class WriteFault(OSError):
    """The results can't be written: the disk is full, or gone. The folder is as it was before."""


# Errors of one name rather than of the disk: the next article may well be written.
_OF_ONE_NAME = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL})


@dataclass(frozen=True, slots=True)
class Writer:
    """Where a run puts its results, all below ``.cleaner-partial/``. ``kept`` is ``None`` where nobody asked for it."""

    folder: str
    removed: BinaryIO
    articles: BinaryIO
    errors: BinaryIO
    kept: BinaryIO | None

    def clean(self, name: str, data: bytes) -> None:
        """Write a clean article. An ``OSError`` that is no ``WriteFault`` is about this name only."""
        self._write(CLEAN, name, data)

    def source(self, name: str, data: bytes) -> None:
        """Write the text of a page's blocks."""
        self._write(SOURCE, name, data)

    def markdown(self, name: str, data: bytes) -> None:
        """Write a page as Markdown; ``name`` is that of its clean text."""
        self._write(MARKDOWN, markdown_name(name), data)

    def _write(self, folder: str, name: str, data: bytes) -> None:
        try:
            files.write(os.path.join(self.folder, PARTIAL, folder, name), data, flush=False)
        except OSError as error:
            if error.errno in _OF_ONE_NAME:
                raise
            raise _write_fault(self.folder, error) from error

    def append(self, file: BinaryIO, data: bytes) -> None:
        """Write lines to one of the logs."""
        with _writing(self.folder):
            file.write(data)

    def summary(self, summary: Mapping[str, Any]) -> None:
        """Write the summary, and so say that the results are whole."""
        with _writing(self.folder):
            files.write(os.path.join(self.folder, PARTIAL, SUMMARY), log.dump(summary, indent=2).encode() + b"\n")


def markdown_name(clean: str) -> str:
    """The name below ``markdown/`` of what is ``clean`` below ``clean/``.

    >>> markdown_name("news/a.html.txt")
    'news/a.html.md'
    """
    return clean.removesuffix(".txt") + ".md"


def _write_fault(folder: str, error: OSError) -> WriteFault:
    return WriteFault(f"{folder}: can't be written to: {error.strerror}. The folder is as it was before")


@contextmanager
def _writing(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _write_fault(folder, error) from error


def read_summary(out: str) -> dict[str, Any]:
    """The summary of a folder of results; raises ``OutFault`` if there is none that this program can read."""
    path = os.path.join(out, SUMMARY)
    try:
        summary = log.load(files.read(path).decode(), path)
        log.check_header(summary, log.SUMMARY, path)
    except FileNotFoundError:
        what = "no such folder" if not os.path.isdir(out) else f"this folder holds no {SUMMARY}"
        raise OutFault(f"{out}: {what}; name the folder that cleaner run has written") from None
    except NotADirectoryError:
        raise OutFault(f"{out}: not a folder; name the folder that cleaner run has written") from None
    except OSError as error:
        raise OutFault(f"{path}: {files.why(error)[1]}") from None
    except ValueError as error:  # LogFault and UnicodeDecodeError
        raise OutFault(str(error)) from None
    return summary


def check(out: str, inputs: list[str], *, force: bool = False) -> None:
    """Raise ``OutFault`` unless ``out`` may be written to: absent, empty, or results of an earlier run.

    ``force`` allows a folder that holds other things: what has the names of our results is replaced, nothing else.
    """
    here = os.path.realpath(out)
    for given in inputs:
        there = os.path.realpath(given)
        if here == there:
            raise OutFault(f"{out}: the results can't go into the folder that the articles come from; choose another")
        if os.path.commonpath([os.path.join(here, CLEAN), there]) == os.path.join(here, CLEAN):
            raise OutFault(f"{given}: these are the results in {out} that this run would replace; choose another --out")
    if os.path.lexists(out) and not os.path.isdir(out):
        raise OutFault(f"{out}: there is a file of this name; choose another --out")
    if force or not os.path.isdir(out):
        return
    try:
        names = sorted(os.listdir(out))
    except OSError as error:
        raise OutFault(f"{out}: {files.why(error)[1]}") from None
    if not names:
        return
    if SUMMARY in names:
        try:
            read_summary(out)
        except OutFault:
            raise OutFault(_refusal(out, [SUMMARY])) from None
        foreign = _added(out)
    else:
        # A run that was killed leaves .cleaner-partial/ behind: alone, or with some results if it was moving them.
        foreign = names if PARTIAL not in names else []
    if foreign:
        raise OutFault(_refusal(out, foreign))


def _refusal(out: str, foreign: list[str]) -> str:
    shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
    return (
        f"{out}: holds what no run of cleaner has put there ({shown}); "
        "choose another --out, or say --force to replace what has the names of our results"
    )


def _added(out: str) -> list[str]:
    """The files that somebody else has put into ``clean/``, which would be lost when it is replaced."""
    try:
        known = {str(record["clean"]) for _, record in read_log(out, ARTICLES, log.ARTICLES)}
    except (OSError, ValueError, KeyError):
        known = set()
    return [
        f"{part}/{name}"
        for part, names in ((CLEAN, known), (SOURCE, known), (MARKDOWN, {markdown_name(name) for name in known}))
        for name in clean_files(out, part)
        if name not in names
    ]


def clean_files(out: str, part: str = CLEAN) -> Iterator[str]:
    """The names of all files below ``clean/`` (or ``source/``), sorted folder by folder."""
    top = os.path.join(out, part)
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), top).replace(os.sep, "/")


def read_log(out: str, name: str, kind: str) -> Iterator[tuple[int, log.Record]]:
    """The records of one of the logs with their line numbers."""
    return log.records(kind, files.read_lines(os.path.join(out, name)), name)


@contextmanager
def staging(out: str, *, kept: bool) -> Iterator[Writer]:
    """Write results: moved into place when the block ends well, taken away without a trace when it doesn't."""
    created = not os.path.isdir(out)
    new = os.path.join(out, PARTIAL)
    with ExitStack() as hold:
        try:
            os.makedirs(out, exist_ok=True)
            hold.enter_context(files.held(out))
        except files.Taken:
            raise OutFault(f"{out}: another run is writing there; wait for it, or choose another --out") from None
        except OSError as error:
            raise OutFault(f"{out}: can't be written to: {error.strerror}") from None
        with _staged(out, new, created=created, kept=kept) as writer:
            yield writer


@contextmanager
def _staged(out: str, new: str, *, created: bool, kept: bool) -> Iterator[Writer]:
    try:
        try:
            for name in (PARTIAL, OLD):  # left by a run that was killed
                files.delete(os.path.join(out, name))
            os.makedirs(os.path.join(new, CLEAN))
        except OSError as error:
            raise OutFault(f"{out}: can't be written to: {error.strerror}") from None
        with ExitStack() as stack:
            yield Writer(
                out,
                _log(stack, out, REMOVED, log.REMOVED),
                _log(stack, out, ARTICLES, log.ARTICLES),
                _log(stack, out, ERRORS, log.ERRORS),
                _log(stack, out, KEPT, log.KEPT) if kept else None,
            )
            with _writing(out):
                stack.close()
        with _writing(out):
            _put_in_place(out)
    except BaseException:
        with suppress(OSError):
            files.delete(new)
            if created:
                os.rmdir(out)
        raise


def _log(stack: ExitStack, out: str, name: str, kind: str) -> BinaryIO:
    with _writing(out):
        file = stack.enter_context(files.new_file(os.path.join(out, PARTIAL, name)))
        file.write((log.dump(log.header(kind)) + "\n").encode())
    return file


def _put_in_place(out: str) -> None:
    files.settle()
    old, new = os.path.join(out, OLD), os.path.join(out, PARTIAL)
    os.mkdir(old)
    for name in NAMES:
        if os.path.lexists(os.path.join(out, name)):
            os.rename(os.path.join(out, name), os.path.join(old, name))
    for name in reversed(NAMES):
        if os.path.lexists(os.path.join(new, name)):
            os.rename(os.path.join(new, name), os.path.join(out, name))
    files.delete(old)
    files.delete(new)
