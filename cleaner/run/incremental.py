"""Reuses articles of earlier results (``--incremental``).

An article is reused if the clean text and the log of the earlier run restore its text exactly, and it was read in the
same way. The caller has checked that rules, options and versions are the same. The results are therefore byte for byte
those of a full run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from cleaner.article.cut import restore
from cleaner.errors import WriteFault
from cleaner.files import disk, sniff
from cleaner.reading.decoding import decode
from cleaner.results import log, out_folder
from cleaner.run.naming import Job
from cleaner.run.one_article import Done
from cleaner.run.unit_log import Lines, Workplace
from cleaner.run.units import Unit
from cleaner.text.hosts import host_of

LOGS: tuple[str, ...] = (out_folder.ARTICLES, out_folder.REMOVED, out_folder.KEPT)


@dataclass(frozen=True, slots=True)
class Again:
    """A reused article: its log lines, and the digest and size of what was read."""

    lines: Lines
    content: str
    size: int


def located(out: str, units: Iterable[Unit], *, kept: bool) -> Iterator[Unit]:
    """Yield the units with the places of their articles in the logs of ``out``. Both are sorted by id."""
    logs = [_Places(os.path.join(out, name)) for name in (LOGS if kept else LOGS[:2])]
    try:
        for unit in units:
            yield (
                unit
                if unit.rows
                else replace(unit, before=tuple(_all(tuple(places.of(job.id) for places in logs)) for job in unit.jobs))
            )
    finally:
        for places in logs:
            places.close()


def _all(places: tuple[tuple[int, int], ...]) -> tuple[int, ...] | None:
    return tuple(number for place in places for number in place) if places[0][1] else None


class _Places:
    """The places of each article's lines in a log."""

    def __init__(self, path: str) -> None:
        self._lines = self._read(path)
        self._next: tuple[str, int, int] | None = next(self._lines, None)

    @staticmethod
    def _read(path: str) -> Iterator[tuple[str, int, int]]:
        at = 0
        name, begin = "", 0
        with suppress(OSError, ValueError, KeyError):
            for number, line in enumerate(disk.read_lines(path)):
                if number:
                    article = log.load(line)["article"]
                    if article != name:
                        if name:
                            yield name, begin, at
                        name, begin = article, at
                at += len(line.encode("utf-8", "surrogatepass"))
            if name:
                yield name, begin, at

    def of(self, article: str) -> tuple[int, int]:
        """Return the start and length in bytes of an article's lines. Articles must be asked for in order."""
        while self._next and self._next[0] < article:
            self._next = next(self._lines, None)
        if self._next and self._next[0] == article:
            return self._next[1], self._next[2] - self._next[1]
        return 0, 0

    def close(self) -> None:
        """Close the log."""
        self._lines.close()  # type: ignore[attr-defined]


def article(place: Workplace, unit: Unit, number: int) -> Again | None:
    """Reuse an article in the new results. Returns ``None`` if it must be cleaned again."""
    places = unit.before[number] if unit.before else None
    if places is None or place.old is None:
        return None
    job = unit.jobs[number]
    try:
        found = [
            disk.read_part(os.path.join(place.old, name), *places[2 * at : 2 * at + 2])
            for at, name in enumerate(LOGS[: len(places) // 2])
        ]
        record = log.load(found[0].decode())
        if (record["article"], record["source"], record["input"], record["clean"], record["site"]) != (
            *(job.id, job.source, job.root, job.clean, job.site(place.options.site)),
        ):
            return None
        if _site_changed(place, record):
            return None
        data = disk.read_article(job.path, place.options.most)
        content = hashlib.sha256(data).hexdigest()
        clean = disk.read(os.path.join(place.old, out_folder.CLEAN, job.clean))
        removed = [log.load(line) for line in found[1].decode().splitlines()]
        source = _page(place, job, record, content) if record["page"] is not None else _text(record, data)
        if source is None or not _fits(clean.decode("utf-8", "surrogatepass"), removed, source):
            return None
        out_folder.put(place.folder, job.clean, clean)
        if record["page"] is not None:
            out_folder.put(place.folder, job.clean, source.encode("utf-8", "surrogatepass"), out_folder.SOURCE)
    except WriteFault:
        raise
    except (OSError, ValueError, KeyError, TypeError):
        return None
    lines = Lines(found[0], found[1], found[2] if len(found) > 2 else b"", b"")
    return Again(lines, content, len(data))


def differs(place: Workplace, unit: Unit, number: int, done: Done) -> bool:
    """Return whether an unchanged article has a different result, because its site repeats other things now."""
    places = unit.before[number] if unit.before else None
    if places is None or place.old is None:
        return False
    try:
        record = log.load(disk.read_part(os.path.join(place.old, out_folder.ARTICLES), *places[:2]).decode())
        clean = disk.read(os.path.join(place.old, out_folder.CLEAN, done.job.clean))
        same = record["article"] == done.job.id and record["sha256"] == log.sha256(done.read.text)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(same) and clean != done.cleaned.text.encode("utf-8", "surrogatepass")


def _site_changed(place: Workplace, record: log.Record) -> bool:
    """Return whether the site of an article repeats other things than when the article was cleaned."""
    return place.changed is None or (record["site"] or host_of(record["url"])) in place.changed


def _text(record: log.Record, data: bytes) -> str | None:
    """Return the text of a file if it is unchanged and still read in the same way."""
    if sniff.is_page(data):
        return None
    read = decode(data)
    same = (record["encoding"], record["bom"]) == (read.encoding, read.bom)
    return read.text if same and record["sha256"] == log.sha256(read.text) else None


def _page(place: Workplace, job: Job, record: log.Record, content: str) -> str | None:
    """Return the text of a page's blocks if its file is unchanged."""
    if place.options.as_markdown or record["page"].get("file") != content:
        return None  # whether the Markdown is what it was, nothing tells
    source = disk.read(os.path.join(place.old or "", out_folder.SOURCE, job.clean))
    same = hashlib.sha256(source).hexdigest() == record["sha256"]
    return source.decode("utf-8", "surrogatepass") if same else None


def _fits(clean: str, removed: list[log.Record], source: str) -> bool:
    """Return whether the clean text and the log restore the text."""
    spans = []
    for record in removed:
        if record.get("text", "") is None:  # it stands in the source
            record = {**record, "text": source[record["start"] : record["end"]]}
        spans.append(log.removed_from(record))
    return restore(clean, spans) == source
