"""What takes long to work out and is the same in every run, kept in files: the rules as they were read, their tables.

Each file is known by a digest of all that it follows from: the rules, the code that reads them, the versions of Python
and `regex`. Those of the shipped rules come with the package, where it was installed from a wheel; others lie in the
user's folder for such files (``XDG_CACHE_HOME``, ``~/.cache``). A file there is believed only if nobody else may write
to it and its content agrees with the digest in it. What is broken, foreign or not there is worked out again, and where
nothing can be written nothing is kept.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import platform
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import regex

from cleaner.rulebook.yaml_tree import Source

T = TypeVar("T")

INSIDE = "kept"
"""The folder within the package that a wheel brings."""
OWN = "article-cleaner"
"""The folder among the user's."""
SETS = 8
"""Sets of rules whose files are kept; the one that was used longest ago goes first."""
MOST_BYTES = 1 << 26
"""A larger file is not read."""
LEAST_TEXT = 1 << 14
"""Characters of rules that are worth a file: fewer are read and worked out as fast as a file of them is found."""
_HEAD = b"cleaner kept 1\n"
_CODE = ("article", "rulebook", "text", "detectors/phrases")
"""What of the code decides what is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The files of one set of rules. Picklable. ``folders``: where they may be, and whether a folder came with the
    package, which is believed as the package is; what is new goes to the last."""

    digest: str
    folders: tuple[tuple[str, bool], ...]

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Kept | None:
        """The files about the rules in ``sources``; ``None`` if the rules are few, or the code can't be read."""
        sources = tuple(sources)
        if sum(len(source.text) for source in sources) < LEAST_TEXT:
            return None
        digest = hashlib.sha256()
        try:
            digest.update(repr((platform.python_implementation(), sys.version_info, regex.__version__)).encode())
            for each in _code():
                digest.update(each)
        except OSError:
            return None
        for source in sources:
            digest.update(repr((source.path, source.own, source.proven, len(source.text))).encode())
            digest.update(source.text.encode("utf-8", "surrogatepass"))
        user = _of_user()
        inside = Path(str(resources.files("cleaner"))) / INSIDE
        return cls(digest.hexdigest()[:32], ((str(inside), True), *(((user, False),) if user else ())))

    def get(self, name: str, build: Callable[[], T]) -> T | None:
        """What was kept under a name, or what ``build`` gives, which is then kept: texts, bytes, numbers, tuples and
        dictionaries of these. ``None`` if there is nothing and nothing can be kept."""
        for folder, shipped in self.folders:
            path = os.path.join(folder, self._file(name))
            data = _read(path, believed=shipped)
            if data is not None:
                with suppress(ValueError, EOFError, TypeError):
                    found: T = marshal.loads(data)
                    if not shipped:
                        with suppress(OSError):
                            os.utime(path)  # for _only_newest
                    return found
        folder, shipped = self.folders[-1]
        if shipped or not _writable(folder):
            return None
        built = build()
        self.put(folder, name, built)
        return built

    def put(self, folder: str, name: str, value: Any) -> None:
        """Keep a value in a folder, for ``get``; nothing happens where it can't be written."""
        data = marshal.dumps(value)
        path = os.path.join(folder, self._file(name))
        written = f"{path}.{os.urandom(6).hex()}"
        with suppress(OSError):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            file = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(file, "wb") as out:
                    out.write(_HEAD + _checked(path, data) + data)
                os.replace(written, path)
            except BaseException:
                os.unlink(written)
                raise
            _only_newest(folder)

    def _file(self, name: str) -> str:
        return f"{self.digest}-{name}"


def _code() -> list[bytes]:
    root = Path(str(resources.files("cleaner")))
    paths = [path for part in _CODE for path in ([root / part] if part.endswith(".py") else (root / part).glob("*.py"))]
    return [path.read_bytes() for path in sorted(paths)]


def _of_user() -> str | None:
    """The user's folder for what can be worked out again."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.expanduser("~/Library/Caches" if sys.platform == "darwin" else "~/.cache")
    return os.path.join(base, OWN) if os.path.isabs(base) else None


def _read(path: str, *, believed: bool) -> bytes | None:
    """What a file holds, if it is one of ours and whole."""
    try:
        if not believed and not _mine(os.lstat(os.path.dirname(path))):
            return None
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(file, "rb") as opened:
            held = os.fstat(opened.fileno())
            if not stat.S_ISREG(held.st_mode) or held.st_size > MOST_BYTES or not (believed or _mine(held)):
                return None
            data = opened.read()
    except OSError:
        return None
    size = len(_HEAD) + hashlib.sha256().digest_size
    head, body = data[:size], data[size:]
    return body if head == _HEAD + _checked(path, body) else None


def _checked(path: str, data: bytes) -> bytes:
    """The digest of a file's name and content."""
    return hashlib.sha256(os.path.basename(path).encode() + b"\0" + data).digest()


def _mine(held: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and nobody else may write to it."""
    return (
        held.st_uid == os.geteuid()
        and not held.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        and not stat.S_ISLNK(held.st_mode)
    )


def _writable(folder: str) -> bool:
    """Whether files of a folder would be ours and could be read again; it need not be there yet."""
    if os.path.lexists(folder):
        return _mine(os.lstat(folder)) and os.access(folder, os.W_OK | os.X_OK)
    above = os.path.dirname(folder)
    while above != os.path.dirname(above) and not os.path.lexists(above):
        above = os.path.dirname(above)
    return os.path.isdir(above) and os.access(above, os.W_OK | os.X_OK)


def _only_newest(folder: str) -> None:
    """Delete the files of all but the newest sets."""
    newest: dict[str, float] = {}
    entries = list(os.scandir(folder))
    for entry in entries:
        with suppress(OSError):
            name = entry.name.split("-")[0]
            newest[name] = max(newest.get(name, 0.0), entry.stat(follow_symlinks=False).st_mtime)
    old = set(sorted(newest, key=lambda name: -newest[name])[SETS:])
    for entry in entries:
        if entry.name.split("-")[0] in old:
            with suppress(OSError):
                os.unlink(entry.path)
