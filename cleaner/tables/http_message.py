"""Reads HTTP responses as crawlers store them: status, media type and body, joined from chunks and unpacked."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any

from cleaner.errors import BodyFault
from cleaner.files import sniff
from cleaner.files.compressed import library

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_SIP = 512
_BEGINS = (b"<", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
"""What a body after the size of its first chunk begins with: a page, gzip or zstd. A plain text may itself begin with a
number on a line."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a message: its status, its headers by lower-case name, and the start of the body."""

    status: int
    headers: dict[str, str]
    body: int


def head(message: bytes) -> Head | None:
    """Return the head of a message, or ``None`` if it has none."""
    status = _STATUS.match(message)
    end = _END.search(message)
    if not status or not end:
        return None
    found: dict[str, str] = {}
    last = ""
    for line in message[: end.start()].decode("latin-1").split("\n")[1:]:
        if line[:1] in (" ", "\t") and last:
            found[last] += " " + line.strip()
            continue
        name, _, value = line.partition(":")
        last = name.strip().lower()
        found.setdefault(last, value.strip())
    return Head(int(status[1]), found, end.end())


def bare_type(value: str) -> str:
    """Return a media type without its parameters.

    >>> bare_type("Text/HTML; charset=utf-8")
    'text/html'
    """
    return value.partition(";")[0].strip().lower()


def charset(value: str) -> str | None:
    """Return the charset of a media type.

    >>> charset("text/html; charset='koi8-r'")
    'koi8-r'
    """
    match = _CHARSET.search(value)
    return match[1] if match else None


def body(data: bytes, chunked: bool, encoding: str, most: int) -> bytes:
    """Return the body joined from its chunks and unpacked.

    A body that plainly contradicts its headers is taken as it is: many crawlers store the body unpacked and leave the
    headers unchanged. Raises ``BodyFault`` if it is cut short, broken or longer than ``most`` bytes.
    """
    if chunked:
        data = _joined(data)
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        data = _unpacked(data, name, most)
    return data


def _joined(data: bytes) -> bytes:
    """Join the chunks. The last, empty one may be missing: many servers forget it."""
    found: list[bytes] = []
    at = 0
    while match := _CHUNK.match(data, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(found)
        at = match.end() + size
        if at > len(data):
            break
        found.append(data[match.end() : at])
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    first = _CHUNK.match(data)
    if not found and not (first and data[first.end() :].lstrip().startswith(_BEGINS)):
        return data  # stored joined
    if at < len(data) or match:
        raise BodyFault("truncated", "the page was cut off while it was sent")
    return b"".join(found)


def _unpacked(data: bytes, name: str, most: int) -> bytes:
    """Undo one encoding of a body."""
    if name in ("", "identity", "none", "utf-8") or not data or sniff.is_page(data):
        return data
    if name in ("gzip", "x-gzip"):
        return _limited(zlib.decompressobj(31), data, most) if data.startswith(b"\x1f\x8b") else data
    if name == "deflate":
        for bits in (15, -15):  # with the header that the standard asks for, or without, as some servers send it
            try:
                return _limited(zlib.decompressobj(bits), data, most)
            except BodyFault as fault:
                if fault.kind != "broken":
                    raise
        return data
    if name == "br":
        return _brotli(data, most)
    if name == "zstd":
        packed = data.startswith(b"\x28\xb5\x2f\xfd")
        return (
            _limited(library().ZstdDecompressor(max_window_size=1 << 27).decompressobj(), data, most)
            if packed
            else data
        )
    raise BodyFault("not-taken", f"the page was sent packed with {name[:40]!r}, which is not known here")


def _limited(unpacker: Any, data: bytes, most: int) -> bytes:
    """Unpack in small pieces, so that a decompression bomb is noticed before it fills the memory."""
    found: list[bytes] = []
    size = 0
    for at in range(0, len(data), _SIP):
        try:
            found.append(unpacker.decompress(data[at : at + _SIP]))
        except Exception as error:  # zlib and zstandard have their own
            raise BodyFault("broken", f"the page was sent packed, and that is broken: {error}") from None
        size += len(found[-1])
        if size > most:
            raise BodyFault("too-large", f"larger than {most:,} bytes; --max-bytes sets the limit")
        if unpacker.eof:
            return b"".join(found)
    raise BodyFault("truncated", "the page was cut off while it was sent")


def _brotli(data: bytes, most: int) -> bytes:
    try:
        import brotli
    except ModuleNotFoundError:
        raise BodyFault(
            "missing-package", "the page was sent packed with brotli: pip install 'article-cleaner[warc]'"
        ) from None
    unpacker = brotli.Decompressor()
    found: list[bytes] = []
    size = 0
    try:
        for at in range(0, len(data), _SIP):
            found.append(unpacker.process(data[at : at + _SIP]))
            size += len(found[-1])
            if size > most:
                raise BodyFault("too-large", f"larger than {most:,} bytes; --max-bytes sets the limit")
    except brotli.error as error:
        if _is_text(data):
            return data  # stored unpacked
        raise BodyFault("broken", f"the page was sent packed, and that is broken: {error}") from None
    if not unpacker.is_finished():
        if _is_text(data):
            return data
        raise BodyFault("truncated", "the page was cut off while it was sent")
    return b"".join(found)


def _is_text(data: bytes) -> bool:
    """Return whether bytes that should be packed are plain text. Brotli has no signature to recognise it by."""
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False
