"""What a run has done so far, so that one that was stopped at any moment can go on.

::

    .cleaner-partial/clean/, *.jsonl   the results as far as they go
    .cleaner-partial/units/            units that are done and wait for their turn
    .cleaner-partial/journal.jsonl     a line a unit that is in the results: its key, and where each log ended then

The key of a unit is made of the names and contents of its articles; the first line names the digest of rules, options
and versions. A run goes on behind the last unit whose key is still that of the input, and cuts the logs there.

Lines of the journal are written at once, and the disk is flushed now and then. After a power cut only what was flushed
counts: the machine has another boot id then.
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
    """A unit that is in the results: its key, where each log ended, bytes it read; and where its line ends."""

    unit: int
    key: str
    ends: Mapping[str, int]
    size: int
    at: int


def begun(folder: str) -> bool:
    """Whether there is anything to go on from."""
    return any("unit" in line for line, _ in _lines(folder))


def entries(folder: str, run: str) -> Iterator[Entry]:
    """The units that are done, if the run that did them was the same: same rules, options and versions."""
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
    """Whether the logs still reach as far as they did when the unit was done."""
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
    """What names this run of the machine; empty where the system has no such name."""
    try:
        return disk.read("/proc/sys/kernel/random/boot_id").decode().strip()
    except OSError:
        return ""


class Journal:
    """The journal and the logs of a run, open to go on behind ``done``."""

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
        """Add data to a file, which is begun with ``head`` if it is new; its length now."""
        if name not in self._files:
            self._open(name, 0, head)
        self._files[name].write(data)
        return self._files[name].tell()

    def close_log(self, name: str) -> None:
        """A log to which nothing more will be added."""
        file = self._files.pop(name, None)
        if file is not None:
            file.flush()
            os.fsync(file.fileno())
            file.close()

    def done(self, unit: int, key: str, size: int) -> None:
        """Say that a unit is in the results."""
        for file in self._files.values():
            file.flush()
        ends = {name: file.tell() for name, file in self._files.items()}
        self._put({"unit": unit, "key": key, "ends": ends, "size": size})
        self._count += 1
        if time.monotonic() >= self._flush_at:
            self.flush()

    def flush(self) -> None:
        """Bring everything to the disk, and say so."""
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
        """Close all files; nothing is written that was not before."""
        for file in [*self._files.values(), self._journal]:
            with suppress(OSError):  # on a full disk closing fails once more
                file.close()

    def _put(self, record: Mapping[str, Any]) -> None:
        self._journal.write((log.dump(record) + "\n").encode())
        self._journal.flush()
