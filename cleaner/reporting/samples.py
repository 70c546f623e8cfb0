"""Samples of a stream in bounded memory, the same for the same stream: drawn by digests, never by chance."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Generic, TypeVar
from zlib import crc32

T = TypeVar("T")


def digest(text: str) -> int:
    """A number for a text, 0 to 2³² - 1, that is the same on every machine."""
    return crc32(text.encode("utf-8", "surrogatepass"))


@dataclass(slots=True)
class Lowest(Generic[T]):
    """The ``most`` items with the lowest keys, one for each ``same``: equal texts are shown once.

    >>> lowest = Lowest(2)
    >>> for score, text in ((0.9, "a"), (0.5, "b"), (0.5, "b"), (0.7, "c")):
    ...     lowest.add((score, digest(text)), digest(text), text)
    >>> [text for _, text in lowest.items()]
    ['b', 'c']
    """

    most: int
    limit: float = inf
    """An item whose key begins with a higher number is not among the lowest."""
    _heap: list[tuple[float, int, int, T]] = field(default_factory=list)
    _same: set[int] = field(default_factory=set)

    def wants(self, key: tuple[float, int]) -> bool:
        """Whether an item with this key would be among the lowest: asked first, since making an item takes longer."""
        return len(self._heap) < self.most or (-key[0], -key[1]) > self._heap[0][:2]

    def add(self, key: tuple[float, int], same: int, item: T) -> None:
        """Take an item in, if its key is among the lowest and its like is not there yet."""
        if same in self._same or not self.wants(key):
            return
        self._same.add(same)
        entry = (-key[0], -key[1], same, item)
        if len(self._heap) < self.most:
            heapq.heappush(self._heap, entry)
        else:
            self._same.discard(heapq.heappushpop(self._heap, entry)[2])
        if len(self._heap) == self.most:
            self.limit = -self._heap[0][0]

    def items(self) -> Iterator[tuple[float, T]]:
        """The items with the first number of their keys, lowest first."""
        for negative, _, _, item in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1], entry[2])):
            yield -negative, item
