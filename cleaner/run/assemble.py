"""Puts the units of each table together: its logs, and a table of clean texts in the format of the input."""

from __future__ import annotations

import os
from typing import Protocol

from cleaner.files import compressed, disk
from cleaner.results import log
from cleaner.results.out_folder import FOLDERS, ROWS_TAIL, log_name, segment
from cleaner.run.unit_log import Lines
from cleaner.run.units import Unit
from cleaner.tables.base import Adapter, adapter


class Appends(Protocol):
    """Something that appends to the files of a run by name, such as ``journal.Journal``."""

    def append(self, name: str, data: bytes, head: bytes = b"") -> int:
        """Append data to a file and return its new length in bytes. A new file begins with ``head``."""

    def close_log(self, name: str) -> None:
        """Close a file: nothing more will be appended to it."""

    def flush(self) -> None:
        """Flush all files to the disk."""


class Assembly:
    """Puts the units of tables together, table by table."""

    def __init__(self, folder: str, journal: Appends) -> None:
        self._folder = folder
        self._journal = journal

    def add(self, unit: Unit, lines: Lines, *, kept: bool) -> None:
        """Append the results of a unit to the logs of its table and to the table itself."""
        job = unit.jobs[0]
        for kind, format, data in (
            ("articles", log.ARTICLES, lines.articles),
            ("removed", log.REMOVED, lines.removed),
            ("kept", log.KEPT, lines.kept),
            ("source", log.SOURCE, lines.source),
        ):
            begun = unit.fault is None and (kept if kind == "kept" else kind != "source")
            if data or begun:  # a table that can't be read has none
                self._journal.append(log_name(kind, job.clean), data, (log.dump(log.header(format)) + "\n").encode())
        try:
            found = adapter(job.path)
        except ModuleNotFoundError:
            return
        path = segment(self._folder, unit.number, ROWS_TAIL)
        if found is not None and found.STREAM:
            name = f"clean/{job.clean}"
            if os.path.exists(path):
                self._journal.append(name, disk.read(path))
                disk.delete(path)
            elif unit.last and unit.fault is None and not self._journal.append(name, b""):
                self._journal.append(name, compressed.pack(b"", compressed.suffix(job.clean)))
        elif unit.last:
            self._assemble(unit, found)

    def end(self, unit: Unit) -> None:
        """Close the files of a table, after its last unit has been entered in the journal."""
        clean = unit.jobs[0].clean
        for name in (f"clean/{clean}", *(log_name(kind, clean) for kind in FOLDERS)):
            self._journal.close_log(name)
        ranges = [segment(self._folder, number, ROWS_TAIL) for number in range(unit.begin, unit.number)]
        present = [path for path in ranges if os.path.exists(path)]
        if present:
            self._journal.flush()  # after a power cut a run goes on from the last flush, and may need them before it
        for path in present:
            disk.delete(path)

    def _assemble(self, unit: Unit, found: Adapter | None) -> None:
        paths = [segment(self._folder, number, ROWS_TAIL) for number in range(unit.begin, unit.number)]
        present = [path for path in paths if os.path.exists(path)]
        target = os.path.join(self._folder, "clean", unit.jobs[0].clean)
        if found is not None and (present or unit.fault is None):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            found.assemble(target, present, unit.rows.path if unit.rows else unit.jobs[0].path)
