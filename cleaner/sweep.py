"""After a run that went on where another was stopped: files that nobody names are taken away.

A file may have been cleaned and then changed or deleted before the run went on.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterator

from cleaner import files, log, outfolder, tables


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


def sweep(folder: str) -> None:
    """Delete clean files that no log names."""
    known = array("Q", sorted(_mark(name) for name in _named(folder)))
    for part in (outfolder.CLEAN, outfolder.SOURCE, outfolder.MARKDOWN):
        for name in outfolder.below(os.path.join(folder, part)):
            mark = _mark(name if part != outfolder.MARKDOWN else outfolder.clean_name(name))
            at = bisect_left(known, mark)
            if at == len(known) or known[at] != mark:
                files.delete(os.path.join(folder, part, name))


def _named(folder: str) -> Iterator[str]:
    for line in files.read_lines(os.path.join(folder, outfolder.ARTICLES)):
        yield str(log.load(line).get("clean"))
    for name in names(folder, "articles"):
        yield name.removesuffix(".jsonl")
        yield name  # the texts of its pages, below source/


def _mark(name: str) -> int:
    """64 bits that stand for a name: a million of them fit into 8 MB."""
    return int.from_bytes(hashlib.blake2b(os.fsencode(name), digest_size=8).digest(), "big")
