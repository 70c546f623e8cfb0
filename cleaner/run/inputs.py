"""Finds the files of a run: folders, files and globs become a sorted list of articles.

Nothing is skipped silently: every file that isn't taken is listed with the reason. A single folder, the usual input, is
walked again each time its files are needed, because a list of millions would fill the memory.
"""

from __future__ import annotations

import fnmatch
import glob
import itertools
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from cleaner.errors import InputFault, RemoteFault
from cleaner.files import compressed, disk, remote, sniff
from cleaner.files.disk import why
from cleaner.files.intake import beginning
from cleaner.tables import formats
from cleaner.tables.formats import SUFFIXES


@dataclass(frozen=True, slots=True)
class Found:
    """A file to clean: its path, its path inside the input, and the number of its root."""

    path: str
    source: str
    root: int
    beside: Beside | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """The contents of one folder that are taken: files and subfolders, by their paths inside the input."""

    files: tuple[str, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file or folder that is left out: its path inside the input, and the reason."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A folder that can't be listed."""

    source: str
    kind: str
    message: str


@dataclass(slots=True)
class Listing:
    """All inputs of a run. ``roots``: the folders to which the paths of the articles are relative."""

    roots: list[str] = field(default_factory=list)
    found: Collection[Found] = ()
    tables: bool = False
    """Whether there are tables: if so, there are more articles than files."""
    not_taken: list[NotTaken] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    closed: int = 0
    """The permission bits that some input file or folder withholds. The results withhold them, too."""

    def root(self, path: str) -> int:
        """Return the number of a root. A new one is added."""
        if path not in self.roots:
            self.roots.append(path)
        return self.roots.index(path)


def walk(inputs: Sequence[str], out: str | None = None) -> Listing:
    """Return the articles in ``inputs``, sorted, each once. The folder ``out`` is left out."""
    listing = Listing()
    found: list[Collection[Found]] = []
    for given in map(remote.local, inputs):
        if remote.is_remote(given):
            found.append(_walk_remote(listing, given))
        elif os.path.isdir(given):
            found.append(_walk_folder(listing, given, out))
        elif os.path.lexists(given):
            found.append(_take_named_file(listing, given))
        elif glob.has_magic(given):
            found.append(_walk_glob(listing, given, out))
        else:
            raise InputFault(f"{given}: no such file or folder")
    if len(found) == 1:
        listing.found = found[0]
    else:
        once: dict[str, Found] = {}
        for entry in itertools.chain.from_iterable(found):
            once.setdefault(entry.path if remote.is_remote(entry.path) else os.path.abspath(entry.path), entry)
        listing.found = sorted(once.values(), key=lambda entry: (entry.source, entry.root))
    listing.not_taken = sorted(set(listing.not_taken), key=lambda entry: (entry.source, entry.why))
    return listing


@dataclass(frozen=True, slots=True)
class Tree(Collection[Found]):
    """The files below a folder, sorted by path. ``pattern``: the parts of a glob. Every iteration walks the folder
    again."""

    top: str
    root: int
    out: str | None
    pattern: tuple[str, ...]
    count: int

    def __len__(self) -> int:
        return self.count

    def __contains__(self, entry: object) -> bool:
        return any(found == entry for found in self)

    def __iter__(self) -> Iterator[Found]:
        # What can't be read or isn't taken was named when the files were counted.
        return _files(Listing(), self.top, self.root, self.out, self.pattern)


def _walk_remote(listing: Listing, given: str) -> Collection[Found]:
    """Add a remote file, folder or glob. On the web only files can be named."""
    plain = given
    if glob.has_magic(given) and not remote.is_web(given):
        parts = given.split("/")
        plain = "/".join(parts[: next(number for number, part in enumerate(parts) if glob.has_magic(part))])
    try:
        found = remote.find(plain)
    except RemoteFault as fault:
        raise InputFault(str(fault)) from None
    except OSError as error:
        raise InputFault(f"{given}: {error.strerror}") from None
    if found is None:
        folder, _, name = given.partition("?")[0].rpartition("/") if remote.is_web(given) else given.rpartition("/")
        return _named(listing, given, name, listing.root(folder))
    pattern = given[len(plain) :].strip("/").split("/") if plain != given else []
    fitting = {source: path for source, path in found.items() if _fits(source.split("/"), pattern)}
    if pattern and not fitting:
        raise InputFault(f"{given}: nothing has such a name")
    number = listing.root(plain.rstrip("/"))
    return tuple(entry for source, path in sorted(fitting.items()) for entry in _named(listing, path, source, number))


def _walk_glob(listing: Listing, pattern: str, out: str | None) -> Tree:
    """The files whose path, or a folder above them, fits the pattern; relative to its part without wildcards.

    The folder is walked as any other: Python's own ``glob`` follows links to folders, in loops too.
    """
    parts = pattern.split(os.sep)
    plain = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    top = os.sep.join(parts[:plain]) or (os.sep if pattern.startswith(os.sep) else ".")
    if not os.path.isdir(top):
        raise InputFault(f"{pattern}: there is no folder {top}")
    before = len(listing.not_taken)
    found = _walk_folder(listing, top, out, tuple(parts[plain:]))
    if not found and len(listing.not_taken) == before:
        raise InputFault(f"{pattern}: nothing has such a name")
    return found


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether a path or a folder above it matches a pattern; both are lists of their parts.

    >>> _fits(["a", "b", "c.txt"], ["**", "*.txt"]), _fits(["a", "b", "c.txt"], ["*.txt"]), _fits(["a", "b"], ["a"])
    (True, False, True)
    """
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_fits(path[number:], pattern[1:]) for number in range(len(path) + 1))
    return bool(path) and fnmatch.fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])


def _take_named_file(listing: Listing, path: str) -> Collection[Found]:
    root = os.path.dirname(path) or "."
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise InputFault(f"{path}: {'a link to nothing' if os.path.islink(path) else why(error)[1]}") from None
    listing.closed |= disk.closed(mode)
    if not stat.S_ISREG(mode):
        raise InputFault(f"{path}: not a file; to read from a pipe, use - and send the text to standard input")
    return _named(listing, path, os.path.basename(path), listing.root(root))


def _named(listing: Listing, path: str, source: str, root: int) -> tuple[Found, ...]:
    """A file, if it is taken."""
    reason = _not_an_article(path, source)
    if reason:
        listing.not_taken.append(NotTaken(source, reason))
        return ()
    listing.tables = listing.tables or formats.is_table(source)
    return (Found(path, source, root),)


def _not_an_article(path: str, source: str) -> str:
    """Return why a file with this name isn't read, or an empty text if it is."""
    if os.path.basename(source) in formats.SIDECARS:
        return "description of a Hugging Face dataset, copied with it"
    if formats.end(source) == ".json" and not sniff.is_json_line(beginning(path)):
        # So are many things that are no articles; lines of JSON under this name are common, too.
        return ".json file that doesn't hold a JSON object a line"
    if compressed.bare(source).lower().endswith((*SUFFIXES, *formats.FORMATS)):
        return ""
    suffix = os.path.splitext(source)[1]
    return f"{suffix.lower()} file" if suffix else "file without a suffix"


def _walk_folder(listing: Listing, top: str, out: str | None, pattern: tuple[str, ...] = ()) -> Tree:
    number = listing.root(top)
    count = sum(1 for _ in _files(listing, top, number, out, pattern))
    return Tree(top, number, out, pattern, count)


def _files(listing: Listing, top: str, number: int, out: str | None, pattern: tuple[str, ...]) -> Iterator[Found]:
    """Yield the files below a folder, sorted by path. Everything that is left out is added to ``listing``.

    A folder's name is sorted with its slash: ``a-b/c`` comes before ``a/c``.
    """
    inside = os.path.realpath(top)
    left_out = _identity(out) if out else None  # asked each time: a run makes the folder in between
    stack: list[Iterator[Found | str]] = [iter((top,))]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
        elif isinstance(entry, Found):
            yield entry
        elif not (left_out and entry != top and _identity(entry) == left_out):
            stack.append(_folder(listing, entry, top, inside, number, pattern))


def _folder(
    listing: Listing, folder: str, top: str, inside: str, number: int, pattern: tuple[str, ...]
) -> Iterator[Found | str]:
    """Files and folders of one folder, in order."""
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
        listing.closed |= disk.closed(os.stat(folder).st_mode)
    except OSError as error:
        if folder == top:
            raise InputFault(f"{folder}: this folder can't be listed: {why(error)[1]}") from None
        kind, message = why(error)
        listing.troubles.append(Trouble(_inside(folder, top), kind, f"the folder can't be listed: {message}"))
        return
    taken: list[tuple[str, str, str]] = []
    for entry in listed:
        source = _inside(entry.path, top)
        reason = _not_taken(entry, inside)
        if not reason and entry.is_dir(follow_symlinks=False):
            taken.append((source + "/", entry.path, ""))
        elif _fits(source.split("/"), pattern):
            reason = reason or _not_an_article(entry.path, source)
            if reason:
                listing.not_taken.append(NotTaken(source, reason))
            else:
                taken.append((source, entry.path, source))
                with suppress(OSError):  # one that is gone is named when its turn comes
                    listing.closed |= disk.closed(entry.stat().st_mode)
                listing.tables = listing.tables or formats.is_table(source)
    taken.sort()
    beside = Beside(
        tuple(source for _, _, source in taken if source),
        tuple(key[:-1] for key, _, source in taken if not source),
    )
    for _, path, source in taken:
        yield Found(path, source, number, beside) if source else path


def _inside(path: str, top: str) -> str:
    return os.path.relpath(path, top).replace(os.sep, "/")


def _not_taken(entry: os.DirEntry[str], inside: str) -> str:
    """Return why an entry is neither read nor entered, or an empty text.

    A link to a file inside the input is read: it is an article under that name, too. Links to folders are never
    followed: their files are read in their own place, and links between folders may form loops.
    """
    try:
        if not entry.is_symlink():
            if entry.is_dir() or entry.is_file():
                return ""
            return "neither a file nor a folder"
        target = os.path.realpath(entry.path)
        mode = os.stat(entry.path).st_mode
    except OSError as error:
        kind, message = why(error)
        return {"vanished": "link to nothing", "link": "link in a loop"}.get(kind, message)
    if os.path.commonpath([inside, target]) != inside:
        return "link that leads out of the input"
    if stat.S_ISDIR(mode):
        here = os.path.realpath(os.path.dirname(entry.path))
        if os.path.commonpath([here, target]) == target:
            return "link in a loop"
        return "link to a folder that is taken at its own place"
    return "" if stat.S_ISREG(mode) else "neither a file nor a folder"


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


NAMED = 3
"""The number of other files that are named when a run finds no articles."""


def nothing_found(inputs: Sequence[str], not_taken: Sequence[NotTaken]) -> str:
    """Return a message that says why a run over these inputs has nothing to do."""
    ends = " ".join((*SUFFIXES, *formats.FORMATS))
    found = f"{', '.join(inputs)}: no articles here: they are files that end in {ends}"
    if 0 < len(not_taken) <= NAMED:
        return f"{found}; not {', '.join(f'{entry.source} ({entry.why})' for entry in not_taken)}"
    return found + (f"; {len(not_taken):,} other files or links are there" if not_taken else "")
