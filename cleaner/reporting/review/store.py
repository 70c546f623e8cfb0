"""The file of corrections. A line is on the disk before it is reported as saved.

Several processes may write to it: each line is appended in one piece, under a lock. The next writer cuts off the
incomplete line of a killed process.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cleaner.files import disk
from cleaner.reporting.review.corrections import FORMAT, Corrected, Correction, add, record_of, standing
from cleaner.results import log
from cleaner.results.by_article import Place


class Store:
    """A file of corrections, and what its lines say. Texts of articles are not held."""

    def __init__(self, path: str) -> None:
        """Open the file, or make it. Raises ``LogFault`` if it holds something else, and ``OSError``."""
        self.path = path
        self._read_to = 0
        self._number = 0
        self.articles: dict[Place, Corrected] = {}
        self.order: list[Correction] = []
        """All corrections, in the order of the file."""
        self._ids: set[str] = set()
        with self._locked() as handle:
            if not os.fstat(handle).st_size:
                self._write(handle, log.dump(log.header(FORMAT)) + "\n")
                folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
                try:
                    os.fsync(folder)  # its name, too, must be on the disk
                finally:
                    os.close(folder)
            self._mend(handle)
            self._catch_up()

    @contextmanager
    def _locked(self) -> Iterator[int]:
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def _mend(self, handle: int) -> None:
        """Cut off an incomplete last line."""
        size = end = os.fstat(handle).st_size
        while end > 0:
            start = max(0, end - 65536)
            found = os.pread(handle, end - start, start).rfind(b"\n")
            if found >= 0:
                end = start + found + 1
                break
            end = start
        if end < size:
            os.ftruncate(handle, end)

    @staticmethod
    def _write(handle: int, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(handle, data) :]
        os.fsync(handle)

    def refresh(self) -> None:
        """Read what others have added."""
        if os.path.getsize(self.path) > self._read_to:
            with self._locked() as handle:
                self._mend(handle)
                self._catch_up()

    def _catch_up(self) -> None:
        with disk.opened(self.path) as file:
            file.seek(self._read_to)
            for line in file:
                self._number += 1
                where = f"{self.path}:{self._number}"
                record = log.load(line, where)
                if self._number == 1:
                    log.check_header(record, FORMAT, where)
                else:
                    self._take(record, where)
                self._read_to += len(line)

    def _take(self, record: log.Record, where: str) -> None:
        if record.get("action") == "article" and isinstance(record.get("spans"), list):
            record = {**record, "text": "", "spans": []}
        add(self.articles, record, where)
        if record.get("action") != "article":
            one = self.articles[Place(record["clean"], record.get("row", 0))].corrections[-1]
            self.order.append(one)
            self._ids.add(one.id)

    def knows(self, place: Place, sha256: str) -> bool:
        """Return whether the file has the line with an article's text."""
        found = self.articles.get(place)
        return found is not None and found.record.get("sha256") == sha256

    def append(self, one: Correction, article: log.Record | None = None) -> None:
        """Append a correction, and before it the ``article`` it is about, if the file lacks that. Both are on the disk
        when this returns.

        A correction with a known id is not added again, so a client without an answer may repeat its request.
        """
        with self._locked() as handle:
            self._mend(handle)
            self._catch_up()
            if one.id in self._ids:
                return
            records = [record_of(one)]
            if article is not None and not self.knows(one.place, article["sha256"]):
                records.insert(0, article)
            self._write(handle, "".join(log.dump(record) + "\n" for record in records))
            self._catch_up()

    def of(self, place: Place) -> Sequence[Correction]:
        """Return the corrections that count for an article."""
        found = self.articles.get(place)
        return standing(found.corrections) if found else []

    def last(self, reviewer: str) -> Correction | None:
        """The last correction of a reviewer that counts, and is about an article as it is now."""
        undone = {one.of for one in self.order if one.action == "undo"}
        for one in reversed(self.order):
            if one.reviewer == reviewer and one.action != "undo" and one.id not in undone:
                return one
        return None
