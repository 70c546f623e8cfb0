"""Names articles in the results. Pure: the same files get the same names in any order."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.files import compressed
from cleaner.files.remote import is_web
from cleaner.run.inputs import Beside, Found, Tree
from cleaner.tables import formats
from cleaner.text import hosts

LONGEST = 255
"""Bytes that a file name may have on the usual file systems."""


@dataclass(frozen=True, slots=True)
class Job:
    """An article to clean: its id, the file, the path inside its root, the number of the root, the name of the result.

    ``clean`` is relative to the folder ``clean/``. ``home``: the host that the root itself is named after.
    """

    id: str
    path: str
    source: str
    root: int
    clean: str
    home: str | None = None

    def site(self, named: str | None = None) -> str | None:
        """The site that the folders on the way to the article tell, else the one that the user has ``named``, else the
        one that the input is called after: what holds many sites may well be called ``news.old``."""
        return hosts.site(self.source) or named or self.home


def home_of(root: str) -> str | None:
    """The host that an input folder is named after.

    >>> home_of("crawl/www.example.org/"), home_of("crawl"), home_of("https://example.org")
    ('example.org', None, None)
    """
    return None if is_web(root) else hosts.site(f"{os.path.basename(os.path.abspath(root))}/")


def plan(found: Collection[Found], roots: Sequence[str]) -> Collection[Job]:
    """Give every file a unique id and a unique result name. Returns the jobs sorted by id.

    The id is the path inside the input. If two inputs have the same path, the id begins with the name of the input's
    folder.
    """
    if isinstance(found, Tree):
        return Jobs(found, home_of(found.top))
    files = sorted(found, key=lambda entry: (entry.source, entry.root))
    often = Counter(entry.source for entry in files)
    ids: dict[str, Found] = {}
    for entry in files:
        name = entry.source
        if often[name] > 1:
            name = posixpath.join(os.path.basename(os.path.abspath(roots[entry.root])), name)
        ids[_free(name, "", ids)] = entry
    names = _clean_names(sorted(ids))
    homes = [home_of(root) for root in roots]
    return tuple(
        Job(key, ids[key].path, ids[key].source, ids[key].root, names[key], homes[ids[key].root]) for key in sorted(ids)
    )


@dataclass(frozen=True, slots=True)
class Jobs(Collection[Job]):
    """Do the same for the files of one folder without holding them all: only neighbours can have the same result
    name."""

    tree: Tree
    home: str | None = None

    def __len__(self) -> int:
        return len(self.tree)

    def __contains__(self, job: object) -> bool:
        return any(found == job for found in self)

    def __iter__(self) -> Iterator[Job]:
        # A folder's files come before and behind those of the folders in it: names are kept as long as they may be.
        held: list[tuple[Beside, dict[str, str]]] = []
        for entry in self.tree:
            beside = entry.beside or Beside((entry.source,), ())
            while held and held[-1][0] is not beside and not _above(held[-1][0], entry.source):
                held.pop()
            if not held or held[-1][0] is not beside:
                held.append((beside, _clean_names(beside.files, beside.folders)))
            yield Job(entry.source, entry.path, entry.source, entry.root, held[-1][1][entry.source], self.home)


def _above(beside: Beside, source: str) -> bool:
    """Return whether a file lies anywhere below the folder that contains these files and folders."""
    here = posixpath.dirname((*beside.files, *beside.folders)[0])
    return not here or source.startswith(here + "/")


def _clean_names(ids: Sequence[str], folders: Sequence[str] = ()) -> dict[str, str]:
    """``a.txt`` stays ``a.txt``, ``a.md`` becomes ``a.md.txt``; a name that is taken gets a number.

    ``a.txt.gz`` becomes ``a.txt``. Tables keep their names, but a WARC file becomes ``a.warc.jsonl``.
    """
    taken: set[str] = set(folders)
    for key in ids:  # folders have their names already
        while key := posixpath.dirname(key):
            taken.add(key)
    names = {}
    # Those that keep their names come first: a.md gives way to a.md.txt, not the other way round.
    for key in sorted(ids, key=lambda key: (not _keeps(key), key)):
        stem, tail = _parts(key)
        names[key] = _free(_fit(stem, tail), tail, taken)
        taken.add(names[key])
    return names


def _keeps(key: str) -> bool:
    """Return whether the result has the same name as the input."""
    return "".join(_parts(key)) == key


def _parts(key: str) -> tuple[str, str]:
    """Split the name of a result in two where a number may be inserted."""
    bare = compressed.bare(key)
    end = posixpath.splitext(bare)[1]
    if end.lower() in formats.MADE:
        return bare, formats.MADE[end.lower()]
    if end.lower() in formats.FORMATS:
        return bare[: -len(end)], key[len(bare) - len(end) :]
    if end == ".txt":
        return bare[: -len(end)], end
    return bare, ".txt"


def _free(name: str, tail: str, taken: Iterable[str]) -> str:
    """Return ``name``, with ``~2``, ``~3`` … before its tail if it is taken."""
    stem = name[: len(name) - len(tail)]
    number = 1
    while name in taken:
        number += 1
        name = _fit(stem, f"~{number}{tail}")
    return name


def _fit(stem: str, tail: str) -> str:
    """Return the path ``stem`` + ``tail``. A file name that is too long is cut, and a digest replaces the rest.

    >>> len(_fit("a" * 255, ".txt"))
    255
    """
    folder, name = posixpath.split(stem)
    if len(os.fsencode(name + tail)) > LONGEST:
        tail = "~" + hashlib.sha256(os.fsencode(name)).hexdigest()[:8] + tail
        while len(os.fsencode(name + tail)) > LONGEST:
            name = name[:-1]
    return posixpath.join(folder, name + tail)
