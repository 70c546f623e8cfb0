"""Compressed files whose parts stand alone, such as WARC: what can't be unpacked is named, and reading goes on behind.

``compressed`` ends at the first fault, since nothing that follows could be trusted. In a file of many gzip members each
is whole in itself, so behind a broken one the next is looked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cleaner.errors import CompressionFault
from cleaner.files.compressed import FREE, MOST_RATIO, PIECE, pieces

MAGIC = b"\x1f\x8b\x08"
_TRIAL = 4096
"""Bytes of what may be a member that are unpacked to see whether it is one."""

_FIRST = 1024
"""Bytes of a member that are unpacked before the rest."""


def salvaged(
    file: BinaryIO, compression: str, begins: bytes, members: dict[int, int] | None = None
) -> Iterator[bytes | CompressionFault]:
    """The bytes of a file, unpacked, with a fault in the place of what can't be.

    ``begins``: how the text of every member begins; it tells a member from bytes that look like one. ``members`` hears
    where each gzip member begins: how many bytes were unpacked before it, and its place in the file.
    """
    if compression == ".gz":
        yield from _gzip(file, begins, members)
        return
    try:
        yield from pieces(file, compression)
    except CompressionFault as fault:
        yield fault


def _gzip(file: BinaryIO, begins: bytes, members: dict[int, int] | None) -> Iterator[bytes | CompressionFault]:
    held, member, lost, any_member = b"", None, False, False
    packed = unpacked = before = 0
    while held or (held := file.read(PIECE)):
        if member is None:
            if any_member and not held.strip(b"\0"):  # padding
                held = b""
                continue
            if len(held) < _TRIAL:
                held += file.read(PIECE)
            if lost:
                held = _next_member(held, file, begins)
                if not held:
                    break
            elif not held.startswith(MAGIC):
                yield CompressionFault("broken", "there is something that is not gzip between the gzip data")
                lost = True
                continue
            if members is not None:
                members[before] = file.tell() - len(held)
            member, lost, any_member, packed, unpacked = zlib.decompressobj(31), False, True, 0, 0
        try:
            # Little at first, so that what comes before a fault comes out: it says what is lost.
            out = member.decompress(held, PIECE if unpacked else _FIRST)
        except zlib.error as error:
            yield CompressionFault("broken", f"the gzip data is broken: {error}")
            held, member, lost = held[1:], None, True
            continue
        packed += len(held) - len(member.unconsumed_tail) - len(member.unused_data)
        unpacked += len(out)
        held = member.unconsumed_tail
        if unpacked > FREE and unpacked > MOST_RATIO * packed:
            yield CompressionFault("bomb", f"unpacks to more than {MOST_RATIO} times its size: it was not read further")
            member, lost = None, True
            continue
        if out:
            before += len(out)
            yield out
        if member.eof:
            held, member = member.unused_data, None
    if member is not None or not any_member:
        yield CompressionFault("truncated", "the gzip data ends too early: the file was cut short")


def _next_member(held: bytes, file: BinaryIO, begins: bytes) -> bytes:
    """``held`` and what follows from the next member on; nothing if there is none."""
    while True:
        at = held.find(MAGIC)
        if at < 0:
            more = file.read(PIECE)
            if not more:
                return b""
            held = held[1 - len(MAGIC) :] + more
            continue
        held = held[at:]
        if len(held) < _TRIAL:
            held += file.read(PIECE)
        try:
            if zlib.decompressobj(31).decompress(held[:_TRIAL], len(begins)) == begins:
                return held
        except zlib.error:
            pass
        held = held[1:]
