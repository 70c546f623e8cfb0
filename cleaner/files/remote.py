"""Files that lie elsewhere (``s3://…``, ``https://…``, ``memory://…``), through fsspec where that is installed.

What goes wrong over there comes as ``OSError``, whatever the library of the protocol raises.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import unquote, urlsplit

from cleaner.errors import RemoteFault

T = TypeVar("T")

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


def told(path: str, action: Callable[[], T]) -> T:
    """What ``action`` gives; what goes wrong is an ``OSError`` that names the path."""
    try:
        return action()
    except FileNotFoundError:
        raise OSError(errno.ENOENT, "no such file", path) from None
    except PermissionError:
        raise OSError(errno.EACCES, "no permission", path) from None
    except Exception as error:
        raise OSError(errno.EIO, f"{type(error).__name__}: {error}"[:300], path) from None


class _File:
    """A file whose faults are ``OSError``."""

    def __init__(self, path: str, file: Any) -> None:
        self._path = path
        self._file = file

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        """Some bytes, or all."""
        data: bytes = told(self._path, lambda: self._file.read(size))
        return data

    def readline(self, size: int = -1) -> bytes:
        """The next line, or a part of it."""
        data: bytes = told(self._path, lambda: self._file.readline(size))
        return data

    def seek(self, at: int) -> int:
        """Go to a place."""
        place: int = told(self._path, lambda: self._file.seek(at))
        return place

    def tell(self) -> int:
        """The place at hand."""
        place: int = told(self._path, self._file.tell)
        return place

    def close(self) -> None:
        """End reading."""
        self._file.close()
