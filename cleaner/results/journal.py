"""Records what a run has done, so that it can resume wherever it was stopped.

::

    .cleaner-partial/clean/, *.jsonl   the results as far as they go
    .cleaner-partial/units/            units that are done and wait for their turn
    .cleaner-partial/journal.jsonl     a line a unit that is in the results: its key, and where each log ended then

The key of a unit is a digest of the names and contents of its articles. The first line holds the digest of rules,
options and versions. A run resumes after the last unit whose key still matches the input, and cuts the logs there.

Lines of the journal are written at once, and the disk is flushed at intervals. After a power cut only flushed lines
count: the machine then has a new boot id.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from cleaner.files import disk
from cleaner.results import log

JOURNAL = "journal.jsonl"
FORMAT = "cleaner-journal"

FLUSH = 20.0
"""Seconds between two flushes of the disk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that is in the results: its key, the length of each log after it, the bytes it read, and the end of its
    line in the journal."""

    unit: int
    key: str
    ends: Mapping[str, int]
    size: int
    at: int


def begun(folder: str) -> bool:
    """Return whether there is anything to resume from."""
    return any("unit" in line for line, _ in _lines(folder))


def entries(folder: str, run: str) -> Iterator[Entry]:
    """Yield the units that are done, if the earlier run had the same rules, options and versions."""
    lines = _lines(folder)
    header, _ = next(lines, ({}, 0))
    if header.get("format") != FORMAT or header.get("version") != log.VERSION or header.get("run") != run:
        return
    trusted, booted, flushed = 0, "", 0
    for line, _ in lines:
        trusted += "unit" in line
        booted = line.get("boot", booted)
        flushed = line.get("flushed", flushed)
    if booted != boot():
        trusted = flushed
    for line, at in _lines(folder):
        if "unit" in line and line["unit"] < trusted:
            yield Entry(line["unit"], line["key"], line["ends"], line["size"], at)


def fits(folder: str, entry: Entry) -> bool:
    """Return whether every log is still at least as long as when the unit was done."""
    try:
        return all(os.path.getsize(os.path.join(folder, name)) >= end for name, end in entry.ends.items())
    except OSError:
        return False


def _lines(folder: str) -> Iterator[tuple[log.Record, int]]:
    at = 0
    with suppress(OSError, ValueError):  # there may be none, and the last line may be half
        for line in disk.read_lines(os.path.join(folder, JOURNAL)):
            if not line.endswith("\n"):
                return
            at += len(line.encode())
            yield log.load(line), at


def boot() -> str:
    """Return the boot id of the machine, or an empty text if the system has none."""
    try:
        return disk.read("/proc/sys/kernel/random/boot_id").decode().strip()
    except OSError:
        return ""


class Journal:
    """The journal and the logs of a run, open for appending after the unit ``done``."""

    def __init__(self, folder: str, run: str, logs: Mapping[str, bytes], done: Entry | None) -> None:
        self.folder = folder
        self._files: dict[str, BinaryIO] = {}
        ends = done.ends if done else {}
        self._journal = disk.appended(os.path.join(folder, JOURNAL), done.at if done else 0)
        if done is None:
            self._put({"format": FORMAT, "version": log.VERSION, "run": run})
        for name in {**logs, **ends}:
            self._open(name, ends.get(name, 0), logs.get(name, b""))
        self._count = done.unit + 1 if done else 0
        self._flush_at = 0.0
        self.flush()
        self._put({"boot": boot()})

    def _open(self, name: str, end: int, head: bytes) -> None:
        file = disk.appended(os.path.join(self.folder, name), end)
        self._files[name] = file
        if not end:
            file.write(head)

    def append(self, name: str, data: bytes, head: bytes = b"") -> int:
        """Append data to a file and return its new length in bytes. A new file begins with ``head``."""
        if name not in self._files:
            self._open(name, 0, head)
        self._files[name].write(data)
        return self._files[name].tell()

    def close_log(self, name: str) -> None:
        """Close a log: nothing more will be appended to it."""
        file = self._files.pop(name, None)
        if file is not None:
            file.flush()
            os.fsync(file.fileno())
            file.close()

    def done(self, unit: int, key: str, size: int) -> None:
        """Record that a unit is in the results."""
        for file in self._files.values():
            file.flush()
        ends = {name: file.tell() for name, file in self._files.items()}
        self._put({"unit": unit, "key": key, "ends": ends, "size": size})
        self._count += 1
        if time.monotonic() >= self._flush_at:
            self.flush()

    def flush(self) -> None:
        """Flush everything to the disk, and record it."""
        begin = time.monotonic()
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        if self._count:
            disk.settle()
        self._put({"flushed": self._count})
        os.fsync(self._journal.fileno())
        took = time.monotonic() - begin
        self._flush_at = begin + max(FLUSH, 20 * took)

    def close(self) -> None:
        """Close all files without writing anything more."""
        for file in [*self._files.values(), self._journal]:
            with suppress(OSError):  # on a full disk closing fails once more
                file.close()

    def _put(self, record: Mapping[str, Any]) -> None:
        self._journal.write((log.dump(record) + "\n").encode())
        self._journal.flush()
