"""Reads the records of a WARC file (ISO 28500), past anything broken between them.

Other readers of WARC stop at the first broken record, or read a truncated file without an error. Here a ``Broken``
takes the place of what can't be read, and reading continues at the next record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaner.errors import CompressionFault

BEGINS = b"WARC/"
HEAD = 1 << 16
"""The number of bytes of a record in which HTTP headers are sought."""
_MOST_HEADER = 1 << 20
_VERSION = re.compile(rb"WARC/\d")
_NEXT = re.compile(rb"\n\r?\n(?=WARC/\d)")


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its headers by lower-case name, and its block, or the beginning of a large one. ``at``: its offset in
    the unpacked file in bytes.
    """

    headers: dict[str, str]
    block: bytes
    length: int
    at: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that can't be read, with the known headers of its record."""

    kind: str
    message: str
    headers: dict[str, str]


class _Source:
    """Reads the bytes of a file in order. A fault stops reading until it has been reported."""

    def __init__(self, items: Iterable[bytes | CompressionFault]) -> None:
        self._items = iter(items)
        self._held = bytearray()
        self._at = self._before = 0
        self.fault: CompressionFault | None = None

    def _fill(self) -> bool:
        if self.fault is not None:
            return False
        item = next(self._items, None)
        if isinstance(item, CompressionFault):
            self.fault = item
        if not isinstance(item, bytes):
            return False
        if self._at:
            del self._held[: self._at]
            self._before += self._at
            self._at = 0
        self._held += item
        return True

    @property
    def place(self) -> int:
        """The number of bytes read so far."""
        return self._before + self._at

    def line(self) -> bytes:
        """Return a line with its line end; without one before a fault, at the end of the file, or if it is very
        long."""
        seen = self._at
        while (end := self._held.find(b"\n", seen)) < 0:
            left = len(self._held) - self._at
            if left > HEAD or not self._fill():
                return self.take(left)
            seen = left
        return self.take(end + 1 - self._at)

    def take(self, length: int) -> bytes:
        """Return ``length`` bytes, or all before a fault or the end."""
        while len(self._held) - self._at < length and self._fill():
            pass
        data = bytes(self._held[self._at : self._at + length])
        self._at += len(data)
        return data

    def skip(self, length: int) -> int:
        """Skip ``length`` bytes. Returns the number of bytes skipped."""
        left = length
        while left and (data := self.take(min(left, 1 << 20))):
            left -= len(data)
        return length - left

    def give_back(self, data: bytes) -> None:
        """Put bytes back to the front."""
        self._before += self._at - len(data)
        self._held[: self._at] = data
        self._at = 0


def records(items: Iterable[bytes | CompressionFault], most: int) -> Iterator[Record | Broken]:
    """Yield the records of a file. A record of more than ``most`` bytes is cut to its first ``HEAD`` bytes."""
    source = _Source(items)
    lost = False
    while True:
        at = source.place
        line = source.line()
        if not line:
            if source.fault is None:
                return
            yield Broken(source.fault.kind, str(source.fault), {})
            source.fault = None
            lost = True  # named already; a gzip member that follows begins with a record
            continue
        if not line.strip():
            continue
        if not _VERSION.match(line):
            if not lost:
                yield Broken("bad-record", "there is something that is not a WARC record between the records", {})
            lost = True
            continue
        lost = False
        headers = _headers(source)
        said = (headers or {}).get("content-length", "")
        if headers is None or not re.fullmatch(r"\d{1,15}", said):
            if source.fault is None:  # else it is what is named
                what = "its headers don't end" if headers is None else "it doesn't say its length"
                yield Broken("bad-record", f"a broken WARC record: {what}", headers or {})
            lost = True
            continue
        found = _block(source, headers, int(said), most, at)
        lost = isinstance(found, Broken)
        yield found


def _headers(source: _Source) -> dict[str, str] | None:
    found: dict[str, str] = {}
    size, last = 0, ""
    while (line := source.line()).strip():
        size += len(line)
        if not line.endswith(b"\n") or size > _MOST_HEADER:
            return None
        text = line.decode("utf-8", "replace")
        if text[0] in " \t" and last:
            found[last] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        last = name.strip().lower()
        found.setdefault(last, value.strip())
    return found if line else None


def _block(source: _Source, headers: dict[str, str], length: int, most: int, at: int) -> Record | Broken:
    block = source.take(min(length, most if length <= most else HEAD))
    there = len(block)
    if length > most and there == HEAD:
        there += source.skip(length - HEAD)
    if there < length and source.fault is not None:
        fault, source.fault = source.fault, None
        return Broken(fault.kind, str(fault), headers)
    if there == length:
        end, more = source.line(), source.line()
        source.give_back(more)
        if not end.strip() and (not more.strip() or _VERSION.match(more)):
            return Record(headers, block, length, at)
        source.give_back(end)
    # Its length is wrong, or the file ends too early. If another record begins inside, that is where this one ends.
    match = _NEXT.search(block)
    if match:
        source.give_back(block[match.end() :])
    elif there < length:
        return Broken("truncated", "the record ends too early: the file was cut short", headers)
    return Broken("bad-record", "a broken WARC record: it is not as long as it says", headers)
