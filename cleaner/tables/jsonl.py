"""JSONL: one article per line. Only the value of the text is replaced; every other byte of the line stays."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol

from cleaner.article.model import Cleaned
from cleaner.errors import CompressionFault, TableFault
from cleaner.files import compressed, disk, intake, sniff
from cleaner.files.remote import is_remote
from cleaner.tables.base import BYTES, ROWS, Columns, Cut, Row, Rows, Store
from cleaner.tables.fields import row_of

STREAM = True
MARK = b"\xef\xbb\xbf"


class Readable(Protocol):
    """A source of lines."""

    def readline(self, most: int, /) -> bytes:
        """Return the next line, or its first ``most`` bytes."""


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_OBJECT = re.compile(rb'\{[ \t\r]*\n\s*"')
_SURROGATE = re.compile("[\ud800-\udfff]")


def parts(path: str, store: Store, most: int) -> Iterator[Rows]:
    """Yield ranges of lines: of the file itself, or of unpacked copies if it is compressed."""
    compression = intake.compression(path)
    with disk.opened(path) as file:
        encoding, pieces = _narrow(compressed.pieces(file, compression))
        if encoding:
            store.leave_out(f"{encoding.upper()}, written as UTF-8")
        pieces = _checked(pieces)
        if compression or encoding or is_remote(path):
            yield from _spooled(pieces, store)
        else:
            yield from _ranges(path, pieces)


def _narrow(pieces: Iterator[bytes]) -> tuple[str, Iterator[bytes]]:
    """Return the encoding of a file in UTF-16 or UTF-32, and its pieces as UTF-8."""
    first = next(pieces, b"")
    encoding = sniff.wide(first)
    pieces = itertools.chain([first] if first else [], pieces)
    return encoding, _decoded(pieces, encoding) if encoding else pieces


def _decoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", True).encode()
    except UnicodeError as error:
        raise TableFault("undecodable", f"begins as {encoding.upper()} and is not: {error}") from None


def _checked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a file unchanged. Raises ``TableFault`` if it plainly holds JSON of another kind."""
    first = next(pieces, b"")
    begin = first.removeprefix(MARK).lstrip()
    if begin.startswith(b"["):
        what = "one JSON array, not an object a line: jq -c '.[]' FILE > FILE.jsonl makes such lines of it"
        raise TableFault("not-lines", f"holds {what}")
    if _OBJECT.match(begin):
        what = "JSON objects over several lines, not an object a line: jq -c . FILE > FILE.jsonl makes such lines of it"
        raise TableFault("not-lines", f"holds {what}")
    if first:
        yield first
    yield from pieces


def _cuts(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield the pieces of a file, cut after every line that ends a unit, each with the number of lines that end in
    it."""
    lines = size = 0
    for piece in pieces:
        at = 0
        while (end := piece.find(b"\n", at)) >= 0:
            lines += 1
            size += end + 1 - at
            at = end + 1
            if lines >= ROWS or size >= BYTES:
                yield piece[:at], lines
                piece, at, lines, size = piece[at:], 0, 0, 0
        size += len(piece) - at
        if piece:
            yield piece, 0


def cuts(path: str, size: int) -> Iterator[Cut]:
    """Yield ranges of about ``size`` bytes each; a single one for a file that is compressed or not UTF-8.

    The whole file is read, to find the line ends. Raises ``TableFault`` for JSON of another kind.
    """
    compression = intake.compression(path)
    with disk.opened(path) as file:
        encoding, pieces = _narrow(compressed.pieces(file, compression))
        if compression or encoding:
            return
        begin = at = 0
        first, count, digest = 1, 0, hashlib.sha256()
        for data, lines in _cuts(_checked(pieces)):
            digest.update(data)
            at += len(data)
            count += data.count(b"\n")
            if lines and at - begin >= size:
                yield Cut(begin, at, first, count, digest.hexdigest(), ((begin, at),))
                begin, first, count, digest = at, first + count, 0, hashlib.sha256()
        if at > begin:
            yield Cut(begin, at, first, count, digest.hexdigest(), ((begin, at),))


def within(path: str, cut: Cut) -> Iterator[Rows]:
    """Yield the ranges of a cut. Raises ``TableFault`` if the file has changed."""
    digest = hashlib.sha256()
    for data in _bytes(path, cut.start, cut.stop):
        digest.update(data)
    if digest.hexdigest() != cut.digest:
        raise TableFault("changed", "the file has changed since the plan")
    yield from _ranges(path, _bytes(path, cut.start, cut.stop), cut.start, cut.first)


def _bytes(path: str, start: int, stop: int) -> Iterator[bytes]:
    """Yield some bytes of a file, piece by piece."""
    with disk.opened(path) as file:
        file.seek(start)
        while start < stop and (data := file.read(min(stop - start, compressed.PIECE))):
            start += len(data)
            yield data


def _ranges(path: str, pieces: Iterator[bytes], begin: int = 0, first: int = 1) -> Iterator[Rows]:
    at = begin
    digest, ended = hashlib.sha256(), b"\n"
    lines = 0
    for data, count in _cuts(pieces):
        digest.update(data)
        at += len(data)
        if count:
            yield Rows(path, begin, at, first, count, digest.hexdigest(), at - begin)
            begin, first, digest, lines = at, first + count, hashlib.sha256(), 0
        else:
            lines += data.count(b"\n")
        ended = data[-1:]
    if at > begin:
        yield Rows(path, begin, at, first, lines + (ended != b"\n"), digest.hexdigest(), at - begin)


def _spooled(pieces: Iterator[bytes], store: Store) -> Iterator[Rows]:
    first = 1
    held: list[bytes] = []
    fault: CompressionFault | None = None
    cuts = _cuts(pieces)
    lines = 0
    while True:
        try:
            data, count = next(cuts, (b"", -1))
        except CompressionFault as error:
            # What was unpacked so far is good, but for the line that is cut.
            fault, data, count = error, b"", -1
        held.append(data)
        lines += data.count(b"\n")
        if count < 0 and fault is not None:
            whole = b"".join(held)
            held = [whole[: whole.rfind(b"\n") + 1]]
        if (count and any(held)) or sum(map(len, held)) > 50 * BYTES:
            whole = b"".join(held)
            if whole:
                path = store.path()
                disk.write(path, whole, flush=False)
                number = lines + (not whole.endswith(b"\n"))
                yield Rows(path, 0, len(whole), first, number, hashlib.sha256(whole).hexdigest(), len(whole))
                first += number
            held, lines = [], 0
        if fault is not None:
            raise fault
        if count < 0:
            return


def rows(part: Rows, columns: Columns, most: int) -> Iterator[Row]:
    """Yield the articles of a range of lines. Empty lines are skipped."""
    with disk.opened(part.path) as file:
        file.seek(part.start)
        yield from read(file, columns, most, part.first, part.stop - part.start)


def read(file: Readable, columns: Columns, most: int, number: int = 1, left: int = sys.maxsize) -> Iterator[Row]:
    """Yield the articles in the next ``left`` bytes of ``file``. ``number``: the number of the first line."""
    while left > 0 and (line := file.readline(min(left, most + 2))):
        left -= len(line)
        whole = line.endswith(b"\n") or not left or len(line) <= most
        rest = line
        while left > 0 and not rest.endswith(b"\n") and (rest := file.readline(min(left, most + 2))):
            left -= len(rest)
        if not whole:
            yield Row(number, None, fault=("too-large", f"a line of more than {most:,} bytes; see --max-bytes"))
        elif line.strip():
            yield _row(number, line, columns)
        number += 1


def _row(number: int, data: bytes, columns: Columns) -> Row:
    if number == 1:
        data = data.removeprefix(MARK)
    try:
        line = data.decode("utf-8").rstrip("\r\n")
        record, spans = fields(line)
    except UnicodeDecodeError as error:
        return Row(number, None, fault=("undecodable", f"not UTF-8 at byte {error.start} of the line"))
    except (ValueError, RecursionError) as error:
        return Row(number, None, fault=("bad-row", f"not a JSON object: {error}"))
    return row_of(number, (line, spans), record, columns)


def fields(line: str) -> tuple[dict[str, Any], dict[str, tuple[int, int]]]:
    """Parse a JSON object. Returns it and the place of each value.

    >>> fields('{"id": 7, "text": "A."}')
    ({'id': 7, 'text': 'A.'}, {'id': (7, 8), 'text': (18, 22)})
    """
    json_value = _DECODER.raw_decode
    at = _skip(line, 0)
    if line[at : at + 1] != "{":
        json.loads(line)  # says what is wrong, if it is no JSON at all
        raise ValueError("another kind of value")
    record: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    at = _skip(line, at + 1)
    while line[at : at + 1] == '"':
        name, at = json_value(line, at)
        at = _skip(line, at)
        if line[at : at + 1] != ":":
            break
        start = _skip(line, at + 1)
        record[name], at = json_value(line, start)
        spans[name] = start, at
        at = _skip(line, at)
        if line[at : at + 1] != ",":
            break
        at = _skip(line, at + 1)
        if line[at : at + 1] != '"':
            json.loads(line)
            raise ValueError("a comma before its end")
    if line[at : at + 1] != "}" or line[at + 1 :].strip(" \t\r\n"):
        json.loads(line)
        raise ValueError("something is wrong with its commas")
    return record, spans


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def save(path: str, part: Rows, pairs: Sequence[tuple[Row, Cleaned]], name: str) -> None:
    """Write the lines with their clean texts, compressed as the file ``name``."""
    lines = "".join(replaced(row, cleaned.text) + "\n" for row, cleaned in pairs)
    disk.write(path, compressed.pack(lines.encode(), compressed.suffix(name)), flush=False)


def replaced(row: Row, text: str) -> str:
    """Return the line of a row with its clean text in its field, which is added if it is missing."""
    line, spans = row.whole
    written = json.dumps(text, ensure_ascii=line.isascii() or _SURROGATE.search(text) is not None)
    if row.column in spans:
        start, end = spans[row.column]
        return f"{line[:start]}{written}{line[end:]}"
    end = line.rindex("}")
    return f"{line[:end].rstrip()}, {json.dumps(row.column, ensure_ascii=line.isascii())}: {written}{line[end:]}"


def assemble(target: str, paths: Sequence[str], source: str) -> None:
    """Not called: the parts of a file of lines are concatenated."""
    raise TableFault("internal", "lines are a stream")


def every(path: str, columns: Columns) -> Iterator[Row]:
    """Yield all rows of a file in order."""
    compression = intake.compression(path)
    with disk.opened(path) as file:
        rest = b""
        number = 1
        for piece in _narrow(compressed.pieces(file, compression))[1]:
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if line.strip():
                    yield _row(number, line, columns)
                number += 1
        if rest.strip():
            yield _row(number, rest, columns)


def documents(path: str) -> Iterator[tuple[int, Any]]:
    """Yield the number of every line that isn't empty, and the id of the document in it, if there is one."""
    with suppress(CompressionFault):  # what was read before the fault has been cleaned
        for row in every(path, Columns()):
            record = json.loads(row.whole[0]) if row.whole else {}
            yield row.number, record.get("id")
