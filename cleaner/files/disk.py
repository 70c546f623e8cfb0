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
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, TextIO

from cleaner.errors import CompressionFault, Taken
from cleaner.files import compressed, remote, sniff

TEMPORARY = ".cleaner-"
"""What the names of files begin with while they are being written."""

PIECE = 1 << 20
"""Bytes that are read at a time where a whole file would fill memory."""

PATIENCE = 5.0
"""Seconds to wait for a folder that another process holds."""

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
    """The lines of a file, ``.gz`` and ``.zst`` unpacked; only LF ends a line. Where it is not there, that of the same
    name with ``.zst`` is read."""
    if not exists(path) and exists(path + ".zst"):
        path += ".zst"
    if path.endswith((".gz", ".zst")) or remote.is_remote(path):
        with opened(path) as packed:
            rest = b""
            for piece in compressed.pieces(packed, compressed.suffix(path)):
                *lines, rest = (rest + piece).split(b"\n")
                yield from (line.decode() + "\n" for line in lines)
            if rest:
                yield rest.decode()
        return
    with open(path, encoding="utf-8", newline="\n") as file:
        yield from file


def exists(path: str) -> bool:
    """Whether there is a file or a folder, here or elsewhere."""
    return remote.exists(path) if remote.is_remote(path) else os.path.exists(path)


def below(top: str) -> Iterator[str]:
    """The names of all files below a folder, here or elsewhere, sorted folder by folder."""
    if remote.is_remote(top):
        yield from remote.below(top)
        return
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), top).replace(os.sep, "/")


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
    """A file to write to, renamed to its final name if the block succeeds and deleted if it fails.

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
    """Write a whole file at once, here or elsewhere, making the folders it needs."""
    if remote.is_remote(path):
        remote.write(path, data)
        return
    try:
        with new_file(path, flush=flush) as file:
            file.write(data)
    except FileNotFoundError:
        # Trying first saves a look at the folder for every file but the first in it.
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with new_file(path, flush=flush) as file:
            file.write(data)


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """A file to write to, here or elsewhere, which is there when the block ends well. Folders are made."""
    if not remote.is_remote(path):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with new_file(path) as file:
            yield file
        return
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        copy = os.path.join(folder, "copy")
        with new_file(copy, flush=False) as file:
            yield file
        remote.put({copy: path})


def closed(mode: int) -> int:
    """The permissions, as bits of a umask, that a file or folder of this mode doesn't give to group or others.

    >>> oct(closed(0o100600)), oct(closed(0o100640)), oct(closed(0o100644)), oct(closed(0o040750))
    ('0o77', '0o27', '0o22', '0o27')
    """
    bits = 0
    for shift in (3, 0):
        given = (mode >> shift) & 0o7
        enough = given & 0o4 and (given & 0o1 or not stat.S_ISDIR(mode))
        bits |= (~given & 0o2 if enough else 0o7) << shift
    return bits


@contextmanager
def no_more_open(bits: int) -> Iterator[None]:
    """Whatever this process and those that it starts write is not open to group and others in these ways."""
    before = os.umask(0o077)
    os.umask(before | bits)
    try:
        yield
    finally:
        os.umask(before)


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


def log_lines(path: str) -> TextIO:
    """A file of lines to add to; each line is there for others to read when it is written."""
    return open(path, "a", encoding="utf-8", errors="replace", buffering=1)


def settle() -> None:
    """Flush all that was written without flushing. One call for a million files; each alone costs a disk's seek."""
    if hasattr(os, "sync"):
        os.sync()


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
    """Delete a file or a folder with all that is in it (elsewhere: a file); links are deleted, not followed."""
    if remote.is_remote(path):
        remote.delete([path])
        return
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            os.unlink(path)


# -- rules ----------------------------------------------------------------------------------------------------------
