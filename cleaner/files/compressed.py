"""Compressed files as streams of bytes that are whole or say that they are not.

gzip in one member or many, zstd in one frame or many, with a dictionary in front as web archives have it. Both
libraries read a file that was cut short without a word, so the end is looked for here. A file that unpacks to far more
than a text can is refused before it fills memory or disk.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from cleaner.errors import CompressionFault

SUFFIXES: tuple[str, ...] = (".gz", ".zst")

PIECE = 1 << 18
"""Bytes that are read at a time."""

MOST_RATIO = 250
"""How many times its size a file may unpack to, once it is over ``FREE``. Text comes to 10, logs of one line to 100."""

FREE = 64_000_000

DICTIONARY = b"\x5d\x2a\x4d\x18"
"""How a zstd file begins whose first frame is the dictionary of the others (the WARC specification for zstd)."""
LARGEST_DICTIONARY = 100_000_000

# A zstd block of 4 bytes can unpack to 128 KB: fed little at a time, what comes out fits into memory.
_SIP = 512


def suffix(path: str) -> str:
    """``.gz``, ``.zst`` or nothing, by the end of the name.

    >>> suffix("a.txt.GZ"), suffix("a.txt")
    ('.gz', '')
    """
    return next((end for end in SUFFIXES if path.lower().endswith(end)), "")


def bare(path: str) -> str:
    """The name without the suffix of compression.

    >>> bare("a.txt.gz"), bare("a.txt")
    ('a.txt', 'a.txt')
    """
    end = suffix(path)
    return path[: len(path) - len(end)] if end else path


def pieces(file: BinaryIO, compression: str) -> Iterator[bytes]:
    """The bytes of a file, unpacked if ``compression`` is ``.gz`` or ``.zst``. Raises ``CompressionFault``."""
    if not compression:
        while data := file.read(PIECE):
            yield data
        return
    unpacked = packed = 0
    for taken, data in _gzip(file) if compression == ".gz" else _zstd(file):
        packed += taken
        unpacked += len(data)
        if unpacked > FREE and unpacked > MOST_RATIO * packed:
            raise CompressionFault(
                "bomb", f"unpacks to more than {MOST_RATIO} times its size: no text does, so it was not read further"
            )
        if data:
            yield data


def _gzip(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    member, begun, any_member = zlib.decompressobj(31), False, False
    rest = b""
    while True:
        new = b"" if rest else file.read(PIECE)
        data = rest or new
        if not data:
            break
        if not begun:
            if any_member and not data.strip(b"\0"):  # tapes and some programs pad with zeros
                rest = b""
                yield len(new), b""
                continue
            if any_member and not data.startswith(b"\x1f"):
                raise CompressionFault("broken", "something that is not gzip follows the end of the gzip data")
        begun = True
        try:
            out = member.decompress(data, PIECE)
        except zlib.error as fault:
            raise CompressionFault("broken", f"the gzip data is broken: {fault}") from None
        rest = member.unconsumed_tail
        if member.eof:
            rest, member, begun, any_member = member.unused_data, zlib.decompressobj(31), False, True
        yield len(new), out
    if begun or not any_member:
        raise CompressionFault("truncated", "the gzip data ends too early: the file was cut short")


def _dictionary(zstandard: Any, file: BinaryIO, head: bytes) -> tuple[Any, bytes]:
    """The dictionary that stands in front of all frames, and what was read behind it."""
    size = int.from_bytes(head[4:8], "little")
    if size > LARGEST_DICTIONARY:
        raise CompressionFault("broken", f"the zstd data begins with a dictionary of {size:,} bytes: no dictionary is")
    while len(head) < 8 + size:
        more = file.read(8 + size - len(head))
        if not more:
            raise CompressionFault("truncated", "the zstd data ends within its dictionary: the file was cut short")
        head += more
    data, rest = head[8 : 8 + size], head[8 + size :]
    try:
        if data.startswith(b"\x28\xb5\x2f\xfd"):  # a dictionary may be packed itself
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        return zstandard.ZstdCompressionDict(data), rest
    except zstandard.ZstdError as fault:
        raise CompressionFault("broken", f"the dictionary of the zstd data is broken: {fault}") from None


def _zstd(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    zstandard = library()
    head = file.read(PIECE)
    words = None
    if head.startswith(DICTIONARY) and len(head) >= 8:
        words, head = _dictionary(zstandard, file, head)
    unpacker = zstandard.ZstdDecompressor(dict_data=words, max_window_size=1 << 27)
    frame, begun, any_frame = unpacker.decompressobj(), False, False
    while data := head or file.read(PIECE):
        head = b""
        for start in range(0, len(data), _SIP):
            rest = data[start : start + _SIP]
            size = len(rest)
            while rest:
                begun = True
                try:
                    out = frame.decompress(rest)
                except zstandard.ZstdError as fault:
                    raise CompressionFault("broken", f"the zstd data is broken: {fault}") from None
                rest = b""
                if frame.eof:
                    rest = frame.unused_data
                    frame = unpacker.decompressobj()
                    begun, any_frame = False, True
                yield size, out
                size = 0
    if begun or not any_frame:
        raise CompressionFault("truncated", "the zstd data ends too early: the file was cut short")


def library() -> Any:
    """The package ``zstandard``, or a ``CompressionFault`` that says how to get it."""
    try:
        import zstandard
    except ModuleNotFoundError:
        raise CompressionFault(
            "missing-package", "zstd files need the package zstandard: pip install 'article-cleaner[zstd]'"
        ) from None
    return zstandard


def whole(file: BinaryIO, compression: str, most: int) -> bytes:
    """All bytes of a file; raises ``CompressionFault`` if they are more than ``most``."""
    found: list[bytes] = []
    size = 0
    for data in pieces(file, compression):
        size += len(data)
        if size > most:
            raise CompressionFault("too-large", f"larger than {most:,} bytes; --max-bytes sets the limit")
        found.append(data)
    return b"".join(found)


def pack(data: bytes, compression: str) -> bytes:
    """``data`` as a gzip member or zstd frame of its own; such pieces in a row are a file. No time is in it."""
    if compression == ".gz":
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # zlib's own header: no name, no time
        return packer.compress(data) + packer.flush()
    if compression == ".zst":
        packed: bytes = library().ZstdCompressor(level=6, write_checksum=True).compress(data)
        return packed
    return data
