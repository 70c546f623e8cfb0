"""The only module that opens files: bytes in, bytes out, and the rules.

A file that this program writes is either whole or not there: it is written under another name, flushed to the disk and
renamed. Names that are not UTF-8 pass through as they are (``surrogateescape``, as Python gives them).
"""

from __future__ import annotations

import errno
import fcntl
import io
import itertools
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import BinaryIO

from cleaner import compressed, remote, sniff
from cleaner.compressed import CompressionFault
from cleaner.nodes import Fault, RuleFaults, Source

TEMPORARY = ".cleaner-"
"""What the names of files begin with while they are being written."""

PATIENCE = 5.0
"""Seconds to wait for a folder that another process holds."""

MARKUP = "markup"
"""The folder among the rules that is about pages: words of class names, weights of signs."""

_numbers = itertools.count(1)

HELD: set[int] = set()
"""The open folders that this process holds (see ``held``). Programs that it starts to write there hold them too."""


# -- reading --------------------------------------------------------------------------------------------------------


def read(path: str) -> bytes:
    """The bytes of a file."""
    with opened(path) as file:
        return file.read()


def read_article(path: str, most: int) -> bytes:
    """The bytes of a file, unpacked; raises ``CompressionFault`` for one that is broken, or over ``most`` bytes."""
    with opened(path) as file:
        compression = compressed.suffix(path)
        if compression:
            return compressed.whole(file, compression, most)
        if not remote.is_remote(path):
            data = file.read() if os.fstat(file.fileno()).st_size <= most else None
        else:
            data = file.read(min(most, sys.maxsize - 1) + 1)
    if data is None or len(data) > most:
        raise CompressionFault("too-large", f"larger than {most:,} bytes; --max-bytes sets the limit")
    compression = sniff.compression(data)
    if compression:  # in spite of its name
        return compressed.whole(io.BytesIO(data), compression, most)
    return data


def opened(path: str) -> BinaryIO:
    """A file to read from."""
    return remote.opened(path) if remote.is_remote(path) else open(path, "rb")


def read_part(path: str, start: int, length: int) -> bytes:
    """Some bytes of a file."""
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(length)


def read_lines(path: str) -> Iterator[str]:
    """The lines of a log; only LF ends a line. Where it is not there, that of the same name with .zst is read."""
    if not os.path.exists(path) and os.path.exists(path + ".zst"):
        with open(path + ".zst", "rb") as packed:
            rest = b""
            for piece in compressed.pieces(packed, ".zst"):
                *lines, rest = (rest + piece).split(b"\n")
                yield from (line.decode() + "\n" for line in lines)
            if rest:
                yield rest.decode()
        return
    with open(path, encoding="utf-8", newline="\n") as file:
        yield from file


def why(error: OSError) -> tuple[str, str]:
    """The kind and the message for a file that could not be read or written, in plain words.

    >>> why(FileNotFoundError(2, "No such file or directory"))
    ('vanished', 'the file was gone when its turn came')
    """
    match error.errno:
        case errno.ENOENT:
            return "vanished", "the file was gone when its turn came"
        case errno.EACCES | errno.EPERM:
            return "unreadable", "no permission to read it"
        case errno.ENAMETOOLONG:
            return "name-too-long", "the path is too long for this file system"
        case errno.ELOOP:
            return "link", "a link in a loop"
    return "unreadable", error.strerror or str(error)


# -- writing --------------------------------------------------------------------------------------------------------


@contextmanager
def new_file(path: str, *, flush: bool = True) -> Iterator[BinaryIO]:
    """A file to write to. It takes its name when the block ends well, and is gone when it doesn't.

    ``flush=False`` leaves the flushing to ``settle``, which does it for many files at once.
    """
    temporary = os.path.join(os.path.dirname(path), f"{TEMPORARY}{os.getpid()}-{next(_numbers)}")
    # No `with`: on a full disk closing fails once more, since it writes what is left.
    file = open(temporary, "xb")  # noqa: SIM115
    try:
        yield file
        file.flush()
        if flush:
            os.fsync(file.fileno())
        file.close()
        os.replace(temporary, path)
    except BaseException:  # ^C too must leave no half file
        with suppress(OSError):
            file.close()
        with suppress(OSError):
            os.unlink(temporary)
        raise


def write(path: str, data: bytes, *, flush: bool = True) -> None:
    """Write a whole file at once, making the folders it needs."""
    try:
        with new_file(path, flush=flush) as file:
            file.write(data)
    except FileNotFoundError:
        # Trying first saves a look at the folder for every file but the first in it.
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with new_file(path, flush=flush) as file:
            file.write(data)


def appended(path: str, end: int) -> BinaryIO:
    """A file to write to from the byte ``end`` on; what was behind it is cut off."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    file = open(path, "r+b" if end else "wb")  # noqa: SIM115
    try:
        if end > os.fstat(file.fileno()).st_size:
            raise OSError(errno.EIO, "shorter than it was", path)
        file.truncate(end)
        file.seek(end)
    except BaseException:
        file.close()
        raise
    return file


def settle() -> None:
    """Flush all that was written without flushing. One call for a million files; each alone costs a disk's seek."""
    if hasattr(os, "sync"):
        os.sync()


class Taken(OSError):
    """Another process holds the folder."""


@contextmanager
def held(folder: str) -> Iterator[None]:
    """Keep other runs out of a folder; raises ``Taken`` if one is at work there. A dead process holds nothing."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        patience = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # The workers of a run that was killed a moment ago hold it, too, for as long as they take to die.
                if time.monotonic() > patience:
                    raise Taken from None
                time.sleep(0.05)
                continue
            except OSError:
                pass  # some network file systems know no locks; then it is up to the user
            break
        HELD.add(handle)
        yield
    finally:
        HELD.discard(handle)
        os.close(handle)


def delete(path: str) -> None:
    """Delete a file or a folder with all that is in it; links are deleted, not followed."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            os.unlink(path)


# -- rules ----------------------------------------------------------------------------------------------------------


def read_rules(folder: Path | None = None) -> tuple[Source, ...]:
    """The rule files of a folder or a single file, or (None) those that came with the package.

    A folder of one's own replaces the rules. Profiles that it doesn't have come from the package, and so do the rules
    if it holds nothing but profiles: to weigh the categories otherwise is no reason to copy all rules.
    """
    if folder is None:
        return _texts(_walk(shipped(), "rules"))
    if not folder.exists():
        raise ValueError(f"{folder}: no such file or folder of rules")
    own = read_own(folder)
    if not own and not (folder / WEIGHTS).is_file():
        raise ValueError(f"{folder}: no rules in this folder: they are in files that end in .yaml")
    profiles = {Path(source.path).stem for source in own if is_profile(source.path)}
    only_profiles = len(profiles) == len(own)
    rest = tuple(
        source
        for source in read_rules()
        if (Path(source.path).stem not in profiles if is_profile(source.path) else only_profiles)
    )
    return own + rest


def read_markup(folder: Path | None = None) -> tuple[Source, ...]:
    """The files about markup: of a folder of one's own if it has a folder ``markup``, else those of the package."""
    if folder is not None and (folder / MARKUP).is_dir():
        return _texts(_walk(folder / MARKUP, f"{folder}/{MARKUP}", (".yaml", ".yml", ".json")))
    return _texts(_walk(shipped() / MARKUP, f"rules/{MARKUP}", (".yaml", ".yml", ".json")))


def read_own(path: Path) -> tuple[Source, ...]:
    """The rule files of a folder, or a single one, and none besides."""
    return _texts([(str(path), path)] if path.is_file() else _walk(path, str(path)))


WEIGHTS = "judge/weights.json"
"""Where in a folder of rules the judge's weights lie."""


def read_weights(folder: Path | None = None) -> Source | None:
    """The judge's weights of a folder of rules, or (None) those that came with the package; ``None`` if it has none.

    Weights belong to the rules that they were fitted with. So a folder of one's own rules brings its own, or does
    without; a folder that takes its rules from the package takes the weights, too, if it has none.
    """
    if folder is not None and folder.is_file():
        return None
    if folder is not None:
        own = folder / WEIGHTS
        if own.is_file():
            return Source(str(own), own.read_bytes().decode("utf-8", "replace"))
        if any(not is_profile(source.path) for source in _texts(_walk(folder, str(folder)))):
            return None
    entry = shipped() / WEIGHTS
    return Source(f"rules/{WEIGHTS}", entry.read_bytes().decode()) if entry.is_file() else None


def is_profile(path: str) -> bool:
    """Whether a rule file is a profile: it lies in a folder named ``profiles``."""
    return Path(path).parent.name == "profiles"


def shipped() -> Traversable:
    """The folder of rules that came with the package: inside it in a wheel, beside it in a checkout."""
    package = resources.files(__package__)
    inside = package / "rules"
    return inside if inside.is_dir() else Path(str(package)).parent / "rules"


def _walk(
    folder: Traversable, name: str, suffixes: tuple[str, ...] = (".yaml", ".yml")
) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != MARKUP:  # words and weights, not rules: read_markup
                yield from _walk(entry, path, suffixes)
        elif entry.name.endswith(suffixes):
            yield path, entry


def _texts(entries: Iterator[tuple[str, Traversable]] | list[tuple[str, Path]]) -> tuple[Source, ...]:
    """The texts of rule files; all that are not UTF-8 are named together."""
    sources, faults = [], []
    for path, entry in entries:
        try:
            sources.append(Source(path, entry.read_bytes().decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            faults.append(Fault(path, line, "not UTF-8: rule files must be"))
        except OSError as error:
            faults.append(Fault(path, 1, why(error)[1]))
    if faults:
        raise RuleFaults(tuple(faults))
    return tuple(sources)
