"""Which files a run takes: folders, files and globs become a sorted list of articles.

Nothing is passed over in silence: what isn't taken is listed with the reason.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaner import compressed, formats, remote, sniff
from cleaner.files import why
from cleaner.intake import beginning

PAGES: tuple[str, ...] = (".html", ".htm")
"""The files that are read as web pages."""
SUFFIXES: tuple[str, ...] = (".txt", ".md", ".text", *PAGES)
"""The files that are taken for articles, by the end of their names in any case."""


class InputFault(ValueError):
    """An input that a run can't start with."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to clean: where it is, its path inside the input, and which root that is (a number)."""

    path: str
    source: str
    root: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file or folder that is left out, by its path inside the input, and why."""

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
    """All inputs together. ``roots`` are the folders that the paths of the articles are relative to."""

    roots: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def root(self, path: str) -> int:
        """The number of a root, which is added if it is new."""
        if path not in self.roots:
            self.roots.append(path)
        return self.roots.index(path)


def walk(inputs: Sequence[str], out: str | None = None) -> Listing:
    """The articles below ``inputs``, each once, sorted; ``out`` and what is in it is left out."""
    listing = Listing()
    left_out = _identity(out) if out else None
    for given in map(remote.local, inputs):
        if remote.is_remote(given):
            _walk_remote(listing, given)
        elif os.path.isdir(given):
            _walk_folder(listing, given, left_out)
        elif os.path.lexists(given):
            _take_named_file(listing, given)
        elif glob.has_magic(given):
            _walk_glob(listing, given, left_out)
        else:
            raise InputFault(f"{given}: no such file or folder")
    once: dict[str, Found] = {}
    for found in listing.found:
        once.setdefault(found.path if remote.is_remote(found.path) else os.path.abspath(found.path), found)
    listing.found = sorted(once.values(), key=lambda found: (found.source, found.root))
    listing.not_taken = sorted(set(listing.not_taken), key=lambda entry: (entry.source, entry.why))
    return listing


def _walk_remote(listing: Listing, given: str) -> None:
    """A file, a folder or a glob that lies elsewhere. On the web only files can be named."""
    plain = given
    if glob.has_magic(given) and not remote.is_web(given):
        parts = given.split("/")
        plain = "/".join(parts[: next(number for number, part in enumerate(parts) if glob.has_magic(part))])
    try:
        found = remote.find(plain)
    except remote.RemoteFault as fault:
        raise InputFault(str(fault)) from None
    except OSError as error:
        raise InputFault(f"{given}: {error.strerror}") from None
    if found is None:
        folder, _, name = given.partition("?")[0].rpartition("/") if remote.is_web(given) else given.rpartition("/")
        _take(listing, given, name, listing.root(folder))
        return
    pattern = given[len(plain) :].strip("/").split("/") if plain != given else []
    fitting = {source: path for source, path in found.items() if _fits(source.split("/"), pattern)}
    if pattern and not fitting:
        raise InputFault(f"{given}: nothing has such a name")
    number = listing.root(plain.rstrip("/"))
    for source, path in sorted(fitting.items()):
        _take(listing, path, source, number)


def _walk_glob(listing: Listing, pattern: str, left_out: tuple[int, int] | None) -> None:
    """The files whose path, or a folder above them, fits the pattern; relative to its part without wildcards.

    The folder is walked as any other: Python's own ``glob`` follows links to folders, in loops too.
    """
    parts = pattern.split(os.sep)
    plain = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    top = os.sep.join(parts[:plain]) or (os.sep if pattern.startswith(os.sep) else ".")
    if not os.path.isdir(top):
        raise InputFault(f"{pattern}: there is no folder {top}")
    whole = Listing()
    _walk_folder(whole, top, left_out)
    found = [entry for entry in whole.found if _fits(entry.source.split("/"), parts[plain:])]
    not_taken = [entry for entry in whole.not_taken if _fits(entry.source.split("/"), parts[plain:])]
    if not found and not not_taken:
        raise InputFault(f"{pattern}: nothing has such a name")
    number = listing.root(top)
    listing.found += [Found(entry.path, entry.source, number) for entry in found]
    listing.not_taken += not_taken
    listing.troubles += whole.troubles


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path, or those of a folder above it, fit the parts of a pattern.

    >>> _fits(["a", "b", "c.txt"], ["**", "*.txt"]), _fits(["a", "b", "c.txt"], ["*.txt"]), _fits(["a", "b"], ["a"])
    (True, False, True)
    """
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_fits(path[number:], pattern[1:]) for number in range(len(path) + 1))
    return bool(path) and fnmatch.fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])


def _take_named_file(listing: Listing, path: str) -> None:
    root = os.path.dirname(path) or "."
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise InputFault(f"{path}: {'a link to nothing' if os.path.islink(path) else why(error)[1]}") from None
    if not stat.S_ISREG(mode):
        raise InputFault(f"{path}: not a file; to read from a pipe, use - and send the text to standard input")
    _take(listing, path, os.path.basename(path), listing.root(root))


def _take(listing: Listing, path: str, source: str, root: int) -> None:
    if os.path.basename(source) in formats.SIDECARS:
        listing.not_taken.append(NotTaken(source, "description of a Hugging Face dataset, copied with it"))
    elif formats.end(source) == ".json" and not sniff.is_json_line(beginning(path)):
        # So are many things that are no articles; lines of JSON under this name are common, too.
        listing.not_taken.append(NotTaken(source, ".json file that doesn't hold a JSON object a line"))
    elif compressed.bare(source).lower().endswith((*SUFFIXES, *formats.FORMATS)):
        listing.found.append(Found(path, source, root))
    else:
        suffix = os.path.splitext(source)[1]
        listing.not_taken.append(NotTaken(source, f"{suffix.lower()} file" if suffix else "file without a suffix"))


def _walk_folder(listing: Listing, top: str, left_out: tuple[int, int] | None) -> None:
    number = listing.root(top)
    inside = os.path.realpath(top)
    stack = [top]
    while stack:
        folder = stack.pop()
        try:
            if left_out and folder != top and _identity(folder) == left_out:
                continue
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if folder == top:
                raise InputFault(f"{folder}: this folder can't be listed: {why(error)[1]}") from None
            kind, message = why(error)
            listing.troubles.append(Trouble(_inside(folder, top), kind, f"the folder can't be listed: {message}"))
            continue
        for entry in listed:
            reason = _not_taken(entry, inside)
            source = _inside(entry.path, top)
            if reason:
                listing.not_taken.append(NotTaken(source, reason))
            elif entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
            else:
                _take(listing, entry.path, source, number)


def _inside(path: str, top: str) -> str:
    return os.path.relpath(path, top).replace(os.sep, "/")


def _not_taken(entry: os.DirEntry[str], inside: str) -> str:
    """Why an entry is neither read nor entered, or nothing.

    A link to a file inside the input is read: it is an article under that name too. A link to a folder never is: its
    files are taken at their own place, and links among folders can multiply without end.
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
