"""A set of names that is small: a million of them take 8 MB."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable


class NameSet:
    """Names, each known by 64 bits of its digest: among a million, one in 18 million million others is taken for one.

    >>> "a.txt" in NameSet(["a.txt"]), "b.txt" in NameSet(["a.txt"])
    (True, False)
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._marks = array("Q", map(_mark, names))
        self._sorted = False

    def add(self, name: str) -> None:
        """Put a name in."""
        self._marks.append(_mark(name))
        self._sorted = False

    def __contains__(self, name: str) -> bool:
        if not self._sorted:
            self._marks = array("Q", sorted(self._marks))
            self._sorted = True
        mark = _mark(name)
        at = bisect_left(self._marks, mark)
        return at < len(self._marks) and self._marks[at] == mark


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
