"""After a run that went on where another was stopped: files that nobody names are taken away.

A file may have been cleaned and then changed or deleted before the run went on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from cleaner import files, log, outfolder, tables
from cleaner.nameset import NameSet


def folders(folder: str) -> list[str]:
    """The folders of logs of tables that are there."""
    return [name for name in tables.FOLDERS if os.path.isdir(os.path.join(folder, name))]


def names(folder: str, kind: str) -> list[str]:
    """The logs of tables, by their names below ``articles/``, ``removed/`` or ``kept/``, sorted."""
    return sorted(outfolder.below(os.path.join(folder, kind)))


def tables_but(folder: str, known: set[str]) -> None:
    """Delete the logs of tables that are not among those begun."""
    for kind in tables.FOLDERS:
        for name in names(folder, kind):
            if name.removesuffix(".jsonl") not in known:
                files.delete(os.path.join(folder, kind, name))


def units_after(folder: str, last: int) -> None:
    """Delete what workers left of units behind the last that is in the results: the same number may now mean others."""
    top = os.path.join(folder, tables.SEGMENTS)
    for name in os.listdir(top):
        number = name.partition(".")[0]
        if not number.isdigit() or int(number) > last:
            files.delete(os.path.join(top, name))


def sweep(folder: str) -> None:
    """Delete clean files that no log names."""
    known = NameSet(_named(folder))
    for part in (outfolder.CLEAN, outfolder.SOURCE, outfolder.MARKDOWN):
        for name in outfolder.below(os.path.join(folder, part)):
            if (name if part != outfolder.MARKDOWN else outfolder.clean_name(name)) not in known:
                files.delete(os.path.join(folder, part, name))


def _named(folder: str) -> Iterator[str]:
    for line in files.read_lines(os.path.join(folder, outfolder.ARTICLES)):
        yield str(log.load(line).get("clean"))
    for name in names(folder, "articles"):
        yield name.removesuffix(".jsonl")
        yield name  # the texts of its pages, below source/
