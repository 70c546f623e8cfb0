"""WARC: every fetched page is an article. The result is JSONL, one article per line.

These records are taken: successful ``response`` and ``resource`` records with HTML, and ``conversion`` (as in WET
files), ``response`` and ``resource`` records with plain text. All others are counted and reported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from cleaner.article.model import Cleaned
from cleaner.errors import BodyFault, CompressionFault, DecodeFault, TableFault
from cleaner.files import disk, intake, sniff
from cleaner.files.salvage import salvaged
from cleaner.reading.decoding import decode
from cleaner.reading.html_decoding import page_text
from cleaner.tables import http_message
from cleaner.tables.base import BYTES, ROWS, Columns, Row, Rows, Store
from cleaner.tables.warc_records import BEGINS, Broken, Record, records

STREAM = True

PAGES: tuple[str, ...] = ("text/html", "application/xhtml+xml")
KINDS: tuple[str, ...] = ("response", "resource", "conversion")
SILENT: tuple[str, ...] = ("warcinfo", "request", "metadata")
"""Records about other records. They are not reported."""

ANY_SIZE = 1 << 62
"""A size limit that no article reaches."""

APART = 32
"""The number of articles between two whose places are remembered."""

Meta = dict[str, Any]


def parts(path: str, store: Store, most: int) -> Iterator[Rows]:
    """Yield ranges of articles in this module's own format: their unpacked records and metadata."""
    held: list[bytes] = []
    first, size = 1, 0
    for meta, body, _ in _articles(path, most, store):
        held.append(_packed(meta, body))
        size += len(held[-1])
        if len(held) >= ROWS or size >= BYTES:
            yield _stored(held, first, store)
            first += len(held)
            held, size = [], 0
    if held:
        yield _stored(held, first, store)


def _stored(held: list[bytes], first: int, store: Store) -> Rows:
    data = b"".join(held)
    path = store.path()
    disk.write(path, data, flush=False)
    return Rows(path, 0, len(data), first, len(held), hashlib.sha256(data).hexdigest(), len(data))


def _packed(meta: Meta, body: bytes) -> bytes:
    line = json.dumps(meta).encode()
    return b"%d %d\n%b%b" % (len(line), len(body), line, body)


def rows(part: Rows, columns: Columns, most: int) -> Iterator[Row]:
    """Yield the articles of a range."""
    with disk.opened(part.path) as file:
        for number in range(part.first, part.first + part.count):
            yield _row(number, *_next(file), most)


def _next(file: BinaryIO) -> tuple[Meta, bytes]:
    line, _, body = file.readline().partition(b" ")
    meta: Meta = json.loads(file.read(int(line)))
    return meta, file.read(int(body))


def every(path: str, columns: Columns) -> Iterator[Row]:
    """Yield all articles of a file."""
    for number, (meta, body, _) in enumerate(_articles(path, ANY_SIZE), 1):
        yield _row(number, meta, body, ANY_SIZE)


class Places:
    """The articles of a file by number, from 1. The place of every ``APART``-th is remembered once it has been passed.

    A file with a single gzip member, or of zstd, has no such places and is read from the start.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._marks = [(1, 0)]

    def row(self, number: int) -> Row | None:
        """Return an article, or ``None`` if there are fewer."""
        first, begin = max(mark for mark in self._marks if mark[0] <= number)
        for each, (meta, body, at) in enumerate(_articles(self._path, ANY_SIZE, begin=begin), first):
            if at is not None and each >= self._marks[-1][0] + APART:
                self._marks.append((each, at))
            if each == number:
                return _row(number, meta, body, ANY_SIZE)
        return None


def _articles(
    path: str, most: int, store: Store | None = None, begin: int | None = None
) -> Iterator[tuple[Meta, bytes, int | None]]:
    """Yield the articles of a file as they are stored. The metadata of one that can't be read holds a fault.

    The third value is the place in bytes from which to ``begin`` to read this article and all later ones; ``None`` if
    there is none, or no ``begin`` was given.
    """
    compression = intake.compression(path)
    with disk.opened(path) as file:
        any_record = False
        members: dict[int, int] | None = {} if begin is not None and compression == ".gz" else None
        file.seek(begin or 0)
        for record in records(salvaged(file, compression, BEGINS, members), most):
            if isinstance(record, Broken):
                yield {**_named(record.headers), "fault": [record.kind, record.message]}, b"", None
                continue
            any_record = True
            found = _taken(record, most)
            if isinstance(found, str):
                if found and store is not None:
                    store.leave_out(found)
            else:
                at = None
                if begin is not None and compression in ("", ".gz"):
                    at = begin + record.at if members is None else members.get(record.at)
                yield *found, at
        if not any_record and not file.tell():
            raise TableFault("truncated", "the file is empty")


def _named(headers: dict[str, str]) -> Meta:
    url = headers.get("warc-target-uri", "").strip("<>")
    return {
        "id": headers.get("warc-record-id", "").strip("<>") or None,
        "url": url or None,
        "crawled": headers.get("warc-date"),
    }


def _taken(record: Record, most: int) -> tuple[Meta, bytes] | str:
    """Return an article, or why it is none; ``None`` for a record that nobody would take for an article."""
    headers = record.headers
    kind = headers.get("warc-type", "").lower()
    if kind not in KINDS:
        return "" if kind in SILENT else f"records {kind[:40] or 'of no type'}"
    block, type = record.block, headers.get("content-type", "")
    meta = _named(headers)
    if kind == "response":
        if (meta["url"] or "").startswith("dns:") or http_message.bare_type(type) == "text/dns":
            return ""
        head = http_message.head(block)
        if head is None:
            return {**meta, "fault": ["bad-record", "what the server sent doesn't begin as HTTP does"]}, b""
        if not 200 <= head.status < 300:
            return f"HTTP status {head.status}"
        type, block = head.headers.get("content-type", ""), block[head.body :]
        meta["encoding"] = head.headers.get("content-encoding", "")
        meta["chunked"] = "chunked" in head.headers.get("transfer-encoding", "").lower()
    bare = http_message.bare_type(headers.get("warc-identified-payload-type", "") or type)
    if not bare:
        bare = "text/html" if sniff.is_page(block) else "no content type"
    if bare not in PAGES and bare != "text/plain":
        return f"{bare[:60]}"
    if record.length > most:
        return {**meta, "fault": ["too-large", f"larger than {most:,} bytes; --max-bytes sets the limit"]}, b""
    meta["html"] = bare in PAGES
    meta["charset"] = http_message.charset(type)
    return meta, block


def _row(number: int, meta: Meta, data: bytes, most: int) -> Row:
    text = html = None
    fault = tuple(meta["fault"]) if "fault" in meta else None
    if fault is None:
        try:
            data = http_message.body(data, meta.get("chunked", False), meta.get("encoding", ""), most)
            if meta["html"]:
                html = page_text(data, meta["charset"])
            else:
                text = _text(data, meta["charset"])
        except (BodyFault, CompressionFault, DecodeFault) as error:
            fault = error.kind, str(error)
    label = meta["id"] or str(number)
    return Row(number, meta, text, html, meta["id"], meta["url"], "text", fault, label)


def _text(data: bytes, charset: str | None) -> str:
    if charset:
        try:
            return data.removeprefix(b"\xef\xbb\xbf").decode(charset)
        except (LookupError, ValueError):
            pass
    return decode(data).text


def save(path: str, part: Rows, pairs: Sequence[tuple[Row, Cleaned]], name: str) -> None:
    """Write the articles as lines of JSON: the metadata of each, and its clean text."""
    disk.write(path, "".join(_line(row, cleaned) for row, cleaned in pairs).encode(), flush=False)


def _line(row: Row, cleaned: Cleaned) -> str:
    page = cleaned.article.page
    record = {
        "id": row.id,
        "url": row.url,
        "crawled": row.whole["crawled"],
        "title": page.title if page else None,
        "author": page.author if page else None,
        "date": page.date if page else None,
        "sitename": page.sitename if page else None,
        "language": cleaned.article.language,
        "text": cleaned.text,
    }
    # Escaped where a lone surrogate is in it, as JSON can hold and UTF-8 can't.
    line = json.dumps(record, ensure_ascii=False)
    return (line if _encodes(line) else json.dumps(record)) + "\n"


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def assemble(target: str, paths: Sequence[str], source: str) -> None:
    """Not called: the parts of a file of lines are concatenated."""
    raise TableFault("internal", "lines are a stream")
