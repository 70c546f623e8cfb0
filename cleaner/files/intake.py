"""Files as they come: packed in spite of their names, or lying elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.errors import CompressionFault
from cleaner.files import compressed, disk, sniff


def compression(path: str) -> str:
    """How a file is compressed: by its name, and where that doesn't say so, by how it begins."""
    found = compressed.suffix(path)
    if not found:
        with disk.opened(path) as file:
            found = sniff.compression(file.read(sniff.BEGIN))
    return found


def beginning(path: str) -> bytes:
    """The first bytes of a file, unpacked; none if it can't be read."""
    try:
        packed = compression(path)
        with disk.opened(path) as file:
            return next(compressed.pieces(file, packed), b"")
    except (OSError, CompressionFault):
        return b""


def fetch_parts(path: str, target: str, parts: Iterable[tuple[int, int]]) -> None:
    """Copy some bytes of a file that lies elsewhere to this machine, each to its place; what is between is not there,
    and takes no room."""
    with disk.opened(path) as source, disk.new_file(target, flush=False) as file:
        for start, stop in parts:
            source.seek(start)
            file.seek(start)
            while start < stop and (data := source.read(min(1 << 22, stop - start))):
                start += file.write(data)


def fetch(path: str, target: str) -> None:
    """Copy a file that lies elsewhere to this machine."""
    with disk.opened(path) as source, disk.new_file(target, flush=False) as file:
        while data := source.read(1 << 22):
            file.write(data)
