"""What the sites of a run repeat, in an SQLite file: sketches while they are counted, then the counts of each site.

Memory stays small however many articles there are; what a worker needs of a site is read when it meets an article of
it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from hashlib import sha256
from urllib.parse import quote

from cleaner.sites.counts import Counts
from cleaner.sites.records import counts_from, counts_record, sketch_from, sketch_record
from cleaner.sites.sample import MOST, Sketch

READY = 32
"""Sites whose counts a worker holds in memory."""
CACHE = 20_000
"""Kilobytes that SQLite may hold in memory."""

Packed = tuple[str, str, int, bytes]
"""Site, digest, day and packed sketch of an article. A day that isn't known is the last of all."""
NO_DAY = 10_000_000

_ADD = (
    "INSERT INTO sketch VALUES (?, ?, ?, ?) ON CONFLICT (site, digest) DO UPDATE "
    "SET day = excluded.day, data = excluded.data WHERE excluded.day < day"
)


class Sketches:
    """The sketches of a run, by site and digest. A new file: what was there is gone."""

    def __init__(self, path: str) -> None:
        for name in (path, path + "-journal"):
            with suppress(FileNotFoundError):
                os.unlink(name)
        self.path = path
        self._base = sqlite3.connect(path, isolation_level=None)
        # A run that is stopped counts again: nothing of this must outlive it.
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE}"):
            self._base.execute(f"PRAGMA {setting}")
        self._base.execute(
            "CREATE TABLE sketch (site TEXT, digest TEXT, day INTEGER, data BLOB, PRIMARY KEY (site, digest)) "
            "WITHOUT ROWID"
        )
        self._base.execute("BEGIN")

    def add(self, packed: Iterable[Packed]) -> None:
        """Add articles; one that is there already is there once, with the earliest day that is known of it."""
        self._base.executemany(_ADD, packed)

    def sites(self, least: int) -> list[str]:
        """The sites that have at least so many articles, sorted."""
        self._base.execute("COMMIT")
        self._base.execute("BEGIN")
        found = self._base.execute("SELECT site FROM sketch GROUP BY site HAVING count(*) >= ? ORDER BY site", (least,))
        return [site for (site,) in found]

    def close(self) -> None:
        """Write all and close the file."""
        self._base.execute("COMMIT")
        self._base.close()


def sites(path: str) -> list[str]:
    """All sites that have an article, sorted."""
    with closing(_reading(path)) as base:
        return [site for (site,) in base.execute("SELECT DISTINCT site FROM sketch ORDER BY site")]


def sketches(path: str, site: str) -> list[Sketch]:
    """The sample of a site's articles."""
    with closing(_reading(path)) as base:
        rows = base.execute("SELECT digest, data FROM sketch WHERE site = ? ORDER BY digest LIMIT ?", (site, MOST))
        return [unpacked(digest, data) for digest, data in rows]


def all_packed(path: str) -> list[Packed]:
    """All articles of a file, as they are stored."""
    with closing(_reading(path)) as base:
        return list(base.execute("SELECT site, digest, day, data FROM sketch ORDER BY site, digest"))


def packed(site: str, sketch: Sketch) -> Packed:
    """A sketch as it is stored."""
    record = sketch_record(sketch)
    del record["article"]
    return site, sketch.digest, sketch.day or NO_DAY, zlib.compress(json.dumps(record, ensure_ascii=True).encode(), 1)


def unpacked(digest: str, data: bytes) -> Sketch:
    """A sketch that was stored."""
    return sketch_from({"article": digest, **json.loads(zlib.decompress(data))})


def packed_counts(counts: Counts) -> bytes:
    """Counts as they are stored: the same counts are the same bytes."""
    return json.dumps(counts_record(counts), ensure_ascii=True, separators=(",", ":")).encode()


class Written:
    """The counts of a run as they are written, site by site, and what they are known by."""

    def __init__(self, path: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(path)
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("CREATE TABLE counts (site TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID")
        self._base.execute("BEGIN")
        self.digests: dict[str, str] = {}
        """What the counts of each site are known by."""

    def add(self, site: str, data: bytes) -> None:
        """Add the counts of a site."""
        self._base.execute("INSERT INTO counts VALUES (?, ?)", (site, data))
        self.digests[site] = sha256(data).hexdigest()[:16]

    def end(self) -> None:
        """All is written: others may read."""
        self._base.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._base.close()


class Stored:
    """The counts of a run, read from its file site by site. Picklable; each process opens the file for itself."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._pid = 0
        self._ready: OrderedDict[str, Counts | None] = OrderedDict()

    def __reduce__(self) -> tuple[object, ...]:
        return Stored, (self.path,)

    def of_site(self, site: str) -> Counts | None:
        """What is known of a site."""
        if self._pid != os.getpid():  # a connection must not be taken along into another process
            self._pid = os.getpid()
            self._base = _reading(self.path)
        if site in self._ready:
            self._ready.move_to_end(site)
            return self._ready[site]
        row = self._base.execute("SELECT data FROM counts WHERE site = ?", (site,)).fetchone()
        counts = counts_from(json.loads(row[0])) if row else None
        self._ready[site] = counts
        if len(self._ready) > READY:
            self._ready.popitem(last=False)
        return counts


def in_parts(names: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """The names, so many at a time.

    >>> list(in_parts("abc", 2))
    [('a', 'b'), ('c',)]
    """
    for at in range(0, len(names), size):
        yield tuple(names[at : at + size])


def _reading(path: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True, isolation_level=None)
