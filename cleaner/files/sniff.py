"""What a file is, told by how it begins, where its name doesn't say it or says it wrongly."""

from __future__ import annotations

import json
import re

BEGIN = 4096
"""Bytes that are looked at."""

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<!--(?:[^-]|-(?!->))*-->|<\?xml[^>]{0,200}\?>)*+<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE,
)
_PACKED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b\x08", ".gz"),
    (b"\x28\xb5\x2f\xfd", ".zst"),
    (b"\x5d\x2a\x4d\x18", ".zst"),
)


def is_page(data: bytes) -> bool:
    """Whether bytes begin as a page does: with its doctype, or the tag of its root.

    >>> is_page(b"<!DOCTYPE html>"), is_page(b"<p>A note"), is_page(b"A bridge <html>")
    (True, False, False)
    """
    return _PAGE.match(data[:BEGIN]) is not None


def compression(data: bytes) -> str:
    """``.gz``, ``.zst`` or nothing.

    >>> compression(b"\\x1f\\x8b\\x08\\x00")
    '.gz'
    """
    return next((end for magic, end in _PACKED if data.startswith(magic)), "")


_WIDE: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    (b"{\x00\x00\x00", "utf-32-le"), (b"\x00\x00\x00{", "utf-32-be"), (b"{\x00", "utf-16-le"), (b"\x00{", "utf-16-be"),
)  # fmt: skip


def wide(data: bytes) -> str:
    """The encoding of a JSON object that is written with two or four bytes a character; nothing for any other.

    >>> wide('{"text": "A."}'.encode("utf-16")), wide(b'{"text": "A."}')
    ('utf-16', '')
    """
    return next((encoding for begin, encoding in _WIDE if data.startswith(begin)), "")


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object.

    >>> is_object(b'{"text": "A."}'), is_object(b'["A."]')
    (True, False)
    """
    line = line.removeprefix(b"\xef\xbb\xbf").strip()
    if not line.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def is_json_line(data: bytes) -> bool:
    """Whether bytes begin with a line that is a JSON object, or the beginning of one that is longer.

    >>> is_json_line(b'{"text": "A."}\\n'), is_json_line(b'{\\n  "text": "A."}'), is_json_line(b'[{"text": "A."}]')
    (True, False, False)
    """
    if encoding := wide(data):
        data = data[:BEGIN].decode(encoding, "replace").encode()
    begin = data[:BEGIN].removeprefix(b"\xef\xbb\xbf").lstrip()
    line, end, _ = begin.partition(b"\n")
    if not line.startswith(b"{"):
        return False
    if not end and len(data) >= BEGIN:
        return re.match(rb'\{\s*"', line) is not None
    return is_object(line)
