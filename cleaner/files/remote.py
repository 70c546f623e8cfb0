"""Files that lie elsewhere (``s3://…``, ``https://…``, ``memory://…``), through fsspec where that is installed.

What goes wrong over there comes as ``OSError``, whatever the library of the protocol raises. What may go better a
moment later, of the network or of a server, is tried again before that.
"""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import unquote, urlsplit

from cleaner.errors import RemoteFault

T = TypeVar("T")

PAUSES = (0.2, 1.0, 4.0, 10.0)
"""Seconds to wait before each further try."""

_LIBRARIES = ("aiohttp", "aiobotocore", "botocore", "urllib3", "requests", "httpx", "gcsfs", "azure")
"""Whose exceptions are about the network, though they are no ``OSError``."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def is_remote(path: str) -> bool:
    """Whether a path names a protocol.

    >>> is_remote("s3://bucket/a.txt"), is_remote("a/b.txt")
    (True, False)
    """
    return _SCHEME.match(path) is not None


def local(path: str) -> str:
    """``file://`` as the path that it is; others as they are.

    >>> local("file:///data/a%20b.txt"), local("s3://b/a.txt")
    ('/data/a b.txt', 's3://b/a.txt')
    """
    parts = urlsplit(path) if path.lower().startswith("file://") else None
    return unquote(parts.path) if parts and parts.netloc in ("", "localhost") else path


def is_web(path: str) -> bool:
    """Whether a path is an address of the web, where there are no folders."""
    return path.lower().startswith(("http://", "https://"))


def filesystem(path: str) -> tuple[Any, str]:
    """The file system of a path, and the path in it. Raises ``RemoteFault``."""
    scheme = path.partition("://")[0]
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError:
        raise RemoteFault(f"{path}: paths of {scheme}:// need fsspec: pip install 'article-cleaner[remote]'") from None
    try:
        found, inner = url_to_fs(path)
    except ImportError as error:
        raise RemoteFault(f"{path}: paths of {scheme}:// need another package: {error}") from None
    except Exception as error:  # of a wrong name, or of credentials
        raise RemoteFault(f"{path}: can't be reached: {error}") from None
    return found, cast(str, inner)


def find(path: str) -> dict[str, str] | None:
    """The files below a folder, by their paths in it; nothing if it is a file. Raises ``RemoteFault``, ``OSError``."""
    found, inner = filesystem(path)
    if is_web(path) or told(path, lambda: found.isfile(inner)):
        return None
    top = inner.rstrip("/") + "/"
    if not told(path, lambda: found.isdir(inner)):
        raise OSError(errno.ENOENT, "no such file or folder", path)
    names = told(path, lambda: found.find(inner))
    return {name.removeprefix(top): found.unstrip_protocol(name) for name in names if name.startswith(top)}


def opened(path: str) -> BinaryIO:
    """A file to read from."""
    try:
        found, inner = filesystem(path)
    except RemoteFault as fault:
        raise OSError(errno.EIO, str(fault), path) from None
    return cast(BinaryIO, _File(path, told(path, lambda: found.open(inner, "rb"))))


def told(path: str, action: Callable[[], T], again: Callable[[], object] = lambda: None) -> T:
    """What ``action`` gives; what goes wrong is an ``OSError`` that names the path.

    What is the network's fault is tried again; ``again`` is called before.
    """
    for number in range(len(PAUSES) + 1):
        try:
            if number:
                again()
            return action()
        except FileNotFoundError:
            raise OSError(errno.ENOENT, "no such file", path) from None
        except PermissionError:
            raise OSError(errno.EACCES, "no permission", path) from None
        except Exception as error:
            if number == len(PAUSES) or not _passing(error):
                tries = f" ({number + 1} tries)" if number else ""
                raise OSError(errno.EIO, f"{type(error).__name__}: {error}"[:300] + tries, path) from None
            time.sleep(PAUSES[number])
    raise AssertionError  # not reached


def _passing(error: Exception) -> bool:
    """Whether the same may go well a moment later."""
    return isinstance(error, OSError | TimeoutError) or type(error).__module__.partition(".")[0] in _LIBRARIES


class _File:
    """A file whose faults are ``OSError``; a read that the network breaks off is tried again from the same place."""

    def __init__(self, path: str, file: Any) -> None:
        self._path = path
        self._file = file

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        """Some bytes, or all."""
        return self._again(lambda: self._file.read(size))

    def readline(self, size: int = -1) -> bytes:
        """The next line, or a part of it."""
        return self._again(lambda: self._file.readline(size))

    def _again(self, action: Callable[[], bytes]) -> bytes:
        at = self.tell()
        return told(self._path, action, lambda: self._file.seek(at))

    def seek(self, at: int, whence: int = 0) -> int:
        """Go to a place."""
        place: int = told(self._path, lambda: self._file.seek(at, whence))
        return place

    def tell(self) -> int:
        """The place at hand."""
        place: int = self._file.tell()
        return place

    def readable(self) -> bool:
        """It is: pyarrow asks."""
        return True

    def seekable(self) -> bool:
        """Whether one can go to a place in it."""
        return bool(self._file.seekable())

    @property
    def closed(self) -> bool:
        """Whether reading has ended."""
        return bool(self._file.closed)

    def close(self) -> None:
        """End reading."""
        self._file.close()


# -- writing --------------------------------------------------------------------------------------------------------


def write(path: str, data: bytes) -> None:
    """Write a whole file: object stores show it when it is there to the last byte."""
    found, inner = filesystem(path)
    _written(path, lambda: found.pipe_file(inner, data))


def put(files: Mapping[str, str]) -> None:
    """Copy files of this machine, by their paths, to where each is to go: to one file system, many at once."""
    if not files:
        return
    first = next(iter(files.values()))
    found, _ = filesystem(first)
    there = [_inner(found, path) for path in files.values()]
    _written(first, lambda: found.put(list(files), there))


def _written(path: str, action: Callable[[], object]) -> None:
    """Write, and say so if there is no place to write to."""
    try:
        told(path, action)
    except FileNotFoundError:  # stores make folders by themselves, but nothing above them
        raise OSError(errno.ENOENT, "there is no such bucket (or folder) to write to", path) from None


def get(files: Mapping[str, str]) -> None:
    """Copy files to this machine; ``files`` are paths there and where each is to go."""
    if not files:
        return
    found, _ = filesystem(next(iter(files)))
    told(next(iter(files)), lambda: found.get([_inner(found, path) for path in files], list(files.values())))


def exists(path: str) -> bool:
    """Whether there is a file or a folder."""
    found, inner = filesystem(path)
    return bool(told(path, lambda: found.exists(inner)))


def below(path: str) -> Iterator[str]:
    """The names of all files below a folder, sorted folder by folder as ``out_folder.below`` does; none if it isn't."""
    found, inner = filesystem(path)
    top = inner.rstrip("/") + "/"
    found.invalidate_cache()
    try:
        names = told(path, lambda: found.find(inner))
    except FileNotFoundError:
        return
    inside = [name.removeprefix(top) for name in names if name.startswith(top)]
    yield from sorted(inside, key=lambda name: (name.split("/")[:-1], name))


def delete(paths: Iterable[str]) -> None:
    """Delete files; those that are not there stay so."""
    paths = list(paths)
    if not paths:
        return
    found, _ = filesystem(paths[0])
    there = [_inner(found, path) for path in paths]
    there = [path for path in there if told(path, lambda path=path: found.exists(path))]  # type: ignore[misc]
    if there:
        told(paths[0], lambda: found.rm(there))


def size(path: str) -> int:
    """The bytes of a file."""
    found, inner = filesystem(path)
    return int(told(path, lambda: found.size(inner)) or 0)


_MARKS = ("ETag", "etag", "md5Hash", "content_md5", "mtime", "LastModified", "created")
"""What stores say of a file that changes with it, the best first."""


def stamp(path: str) -> str:
    """What tells whether a file is still the same, without reading it: what the store knows it by, and its size."""
    found, inner = filesystem(path)
    info = told(path, lambda: found.info(inner))
    mark = next((info[key] for key in _MARKS if info.get(key)), "")
    return f"{info.get('size')} {mark}"


def _inner(found: Any, path: str) -> str:
    return cast(str, found._strip_protocol(path))
