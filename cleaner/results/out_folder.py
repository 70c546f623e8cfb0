"""The folder of results: its names, who may write to it, and how new results replace old ones.

::

    clean/<path as in the input>.txt   the clean articles
    source/<the same>                  of a web page the text of its blocks, which the offsets point into
    markdown/<path as in the input>.md of a web page the clean article with its marks (with --format markdown)
    removed.jsonl                      a line a removed span
    kept.jsonl                         what was claimed and stays (with --kept)
    articles.jsonl                     a line an article
    errors.jsonl                       what failed, and why
    summary.json                       counts, digests, versions; written last
    report.html                        what ``cleaner report`` made of it; gone with the next run
    audit-sample.jsonl, audit.json     what ``cleaner audit`` drew, and its figures; gone with the next run
    corrections.jsonl                  what people corrected in ``cleaner review``; stays

Everything is first written below ``.cleaner-partial/``, see ``journal``. When all is there it is moved into place,
summary last: whoever stops the program in between finds the old results, or none, but never half of the new ones that
look whole; and the same command goes on where it was stopped.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from cleaner.errors import OutFault, Taken, WriteFault
from cleaner.files import disk
from cleaner.files.name_set import NameSet
from cleaner.files.remote import is_remote
from cleaner.results import journal, log
from cleaner.tables import formats

CLEAN = "clean"
SOURCE = "source"
MARKDOWN = "markdown"
REMOVED = "removed.jsonl"
KEPT = "kept.jsonl"
ARTICLES = "articles.jsonl"
ERRORS = "errors.jsonl"
SUMMARY = "summary.json"
REPORT = "report.html"
PLAN, DONE, PARTS, REPEATS = "plan.jsonl", "done", "parts", "repeats"
"""Files beside the results of a run in shards: see ``cleaner.engines.shards``."""
SAMPLE = "audit-sample.jsonl"
AUDIT = "audit.json"
CORRECTIONS = "corrections.jsonl"
INDEX = ".cleaner-index.npz"
"""The index of the logs that ``cleaner review`` keeps."""
NAMES: tuple[str, ...] = (
    *(REPORT, SAMPLE, AUDIT, INDEX, SUMMARY, REMOVED, KEPT, ARTICLES, ERRORS),
    *(name + ".zst" for name in (REMOVED, KEPT, ARTICLES)),
    *(name.removesuffix(".jsonl") + ".parquet" for name in (REMOVED, KEPT, ARTICLES)),
    *("removed", "kept", "articles", "attributes", MARKDOWN, SOURCE, CLEAN),
    *(DONE, PARTS, REPEATS, PLAN),
)
"""All names that a run and its report write, in the order in which old ones are removed."""

PARTIAL = ".cleaner-partial"
OLD = ".cleaner-old"
FINISHED = "finished.json"


# Errors of one name rather than of the disk: the next article may well be written.
_OF_ONE_NAME = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL})


def put(folder: str, name: str, data: bytes, part: str = CLEAN) -> None:
    """Write a clean article below ``folder``. Raises ``WriteFault`` if the disk fails, and another ``OSError`` if only
    this name does."""
    try:
        disk.write(os.path.join(folder, part, name), data, flush=False)
    except OSError as error:
        if error.errno in _OF_ONE_NAME:
            raise
        raise _write_fault(folder, error) from error


def markdown_name(clean: str) -> str:
    """Return the name below ``markdown/`` for the name ``clean`` below ``clean/``.

    >>> markdown_name("news/a.html.txt")
    'news/a.html.md'
    """
    return clean.removesuffix(".txt") + ".md"


def clean_name(markdown: str) -> str:
    """Return the name below ``clean/`` for a name below ``markdown/``.

    >>> clean_name("news/a.html.md")
    'news/a.html.txt'
    """
    return markdown.removesuffix(".md") + ".txt"


def _write_fault(folder: str, error: OSError) -> WriteFault:
    out = os.path.dirname(folder) if os.path.basename(folder) == PARTIAL else folder
    return WriteFault(f"{out}: can't be written to: {error.strerror}. {STAYS}")


STAYS = "Older results are as they were; the same command goes on where this one stopped"


@contextmanager
def writing(folder: str) -> Iterator[None]:
    """Turn an error of the disk into a ``WriteFault``."""
    try:
        yield
    except OSError as error:
        if isinstance(error, WriteFault):
            raise
        raise _write_fault(folder, error) from error


def read_summary(out: str) -> dict[str, Any]:
    """Return the summary of a folder of results. Raises ``OutFault`` if there is none that this program can read."""
    path = os.path.join(out, SUMMARY)
    try:
        summary = log.load(disk.read(path).decode(), path)
        log.check_header(summary, log.SUMMARY, path)
    except FileNotFoundError:
        if disk.exists(os.path.join(out, PLAN)):
            raise OutFault(f"{out}: its units are not gathered yet: cleaner gather {out}") from None
        what = "no such folder" if not disk.exists(out) else f"this folder holds no {SUMMARY}"
        raise OutFault(f"{out}: {what}; name the folder that cleaner run has written") from None
    except NotADirectoryError:
        raise OutFault(f"{out}: not a folder; name the folder that cleaner run has written") from None
    except OSError as error:
        raise OutFault(f"{path}: {disk.why(error)[1]}") from None
    except ValueError as error:  # LogFault and UnicodeDecodeError
        raise OutFault(str(error)) from None
    return summary


def check(out: str, inputs: list[str], *, force: bool = False) -> None:
    """Raise ``OutFault`` unless ``out`` may be written to: it is absent, empty, or holds results of an earlier run.

    ``force`` allows a folder that holds other things. Files with the names of results are replaced, nothing else.
    """
    if is_remote(out):
        raise OutFault(f"{out}: results go to a folder of this machine; name one, and copy it there afterwards")
    here = os.path.realpath(out)
    for given in inputs:
        if is_remote(given):
            continue
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
        raise OutFault(f"{out}: {disk.why(error)[1]}") from None
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
    """Return the files that others have put into ``clean/``. They would be lost when it is replaced."""
    try:
        known = NameSet(str(record["clean"]) for _, record in read_log(out, ARTICLES, log.ARTICLES))
    except (OSError, ValueError, KeyError):
        known = NameSet()
    return list(foreign(out, known))


def foreign(out: str, known: NameSet) -> Iterator[str]:
    """Yield the text files that belong neither to the ``known`` clean articles nor to tables."""
    for log_name in table_logs(out):
        for name in (log_name.removesuffix(".jsonl"), *page_logs(log_name)):
            known.add(name)
    for part in (CLEAN, SOURCE, MARKDOWN):
        for name in clean_files(out, part):
            of = name if part != MARKDOWN else clean_name(name)
            if of not in known and os.path.basename(name) not in formats.SIDECARS:
                yield f"{part}/{name}"


def clean_files(out: str, part: str = CLEAN) -> Iterator[str]:
    """Yield the names of all files below ``clean/`` (or ``source/``), sorted folder by folder."""
    return below(os.path.join(out, part))


def below(top: str) -> Iterator[str]:
    """Yield the names of all files below a folder, sorted folder by folder."""
    return disk.below(top)


def table_logs(out: str) -> list[str]:
    """Return the names of the logs of tables below ``articles/`` and ``removed/``."""
    names = {name.removesuffix(".zst") for name in below(os.path.join(out, "articles"))}
    return sorted(name for name in names if name.endswith(".jsonl"))


def page_logs(name: str) -> set[str]:
    """Return the possible names below ``source/`` of the texts of a table's pages, from the name of its log."""
    return {name, f"{name}.zst"}


def closed(out: str) -> int:
    """Return the permission bits that results withhold (see ``disk.closed``): those that the inputs withhold."""
    with suppress(OSError):
        return disk.closed(os.stat(out).st_mode) | disk.closed(os.stat(os.path.join(out, SUMMARY)).st_mode)
    return 0


def read_log(out: str, name: str, kind: str) -> Iterator[tuple[int, log.Record]]:
    """Yield the records of a log with their line numbers."""
    return log.records(kind, disk.read_lines(os.path.join(out, name)), name)


@contextmanager
def staging(out: str) -> Iterator[str]:
    """Lock the folder to write results to, for a ``with`` block. It may hold those of a stopped run.

    When the block succeeds, the folder is gone, because ``put_in_place`` has moved its contents. After an error it
    stays, so that a run can resume.
    """
    created = not os.path.isdir(out)
    new = os.path.join(out, PARTIAL)
    with ExitStack() as hold:
        try:
            os.makedirs(out, exist_ok=True)
            hold.enter_context(disk.held(out))
            _roll_back(out)
            os.makedirs(os.path.join(new, CLEAN), exist_ok=True)
        except Taken:
            raise OutFault(f"{out}: another run is writing there; wait for it, or choose another --out") from None
        except OSError as error:
            raise OutFault(f"{out}: can't be written to: {error.strerror}") from None
        try:
            yield new
        except BaseException:
            # A run that has come to nothing leaves nothing.
            if not journal.begun(new):
                with suppress(OSError):
                    disk.delete(new)
                    if created:
                        os.rmdir(out)
            raise


def put_in_place(out: str, names: Iterable[str]) -> None:
    """Replace the old results with the new ones. ``names``: the names of the new results without the summary.

    If a run is stopped here, the next one rolls it back: see ``_roll_back``.
    """
    old, new = os.path.join(out, OLD), os.path.join(out, PARTIAL)
    names = [SUMMARY, *names]
    with writing(out):
        disk.settle()
        disk.write(os.path.join(new, FINISHED), log.dump({"names": names}).encode())
        os.makedirs(old, exist_ok=True)
        for name in NAMES:
            if os.path.lexists(os.path.join(out, name)):
                os.rename(os.path.join(out, name), os.path.join(old, name))
        for name in reversed(names):
            os.rename(os.path.join(new, name), os.path.join(out, name))
        disk.delete(old)
        disk.delete(new)


def _roll_back(out: str) -> None:
    """Undo a half-done ``put_in_place``, or finish it if only the clean-up was left."""
    old, new = os.path.join(out, OLD), os.path.join(out, PARTIAL)
    try:
        names = log.load(disk.read(os.path.join(new, FINISHED)).decode())["names"]
    except (OSError, ValueError, KeyError):
        names = []
    if names and not os.path.lexists(os.path.join(new, SUMMARY)):
        disk.delete(old)
        disk.delete(new)
    for name in names if os.path.isdir(new) else ():
        if not os.path.lexists(os.path.join(new, name)) and os.path.lexists(os.path.join(out, name)):
            os.rename(os.path.join(out, name), os.path.join(new, name))
    if os.path.isdir(old):
        for name in os.listdir(old):
            if not os.path.lexists(os.path.join(out, name)):
                os.rename(os.path.join(old, name), os.path.join(out, name))
        disk.delete(old)
    if os.path.isdir(new):
        disk.delete(os.path.join(new, FINISHED))


SEGMENTS = "units"
"""The folder below ``.cleaner-partial/`` that holds units until they are added to the results."""

ROWS_TAIL = ".rows"

FOLDERS: tuple[str, ...] = ("removed", "articles", "kept", "source")
"""The folders of the logs of tables, one file per table. ``source`` holds the texts of pages, into which offsets
point."""


def log_name(kind: str, clean: str) -> str:
    """Return the name of a table's log: ``removed/news.jsonl.gz.jsonl`` for ``clean/news.jsonl.gz``."""
    return f"{kind}/{clean}.jsonl"


def segment(folder: str, number: int, tail: str = "") -> str:
    """Return the name of the file that a worker leaves for a unit, below ``.cleaner-partial/``."""
    return os.path.join(folder, SEGMENTS, f"{number}{tail}")
