"""Decodes the bytes of a page as browsers do: by byte order mark, HTTP header, ``<meta charset>``, or a guess.

Unlike ``decode``, it never refuses a page for a broken byte, and neither does a browser. A page is read once and not
written back as bytes; from then on the text of its blocks counts.
"""

from __future__ import annotations

import codecs
import re

from cleaner.errors import DecodeFault
from cleaner.reading.decoding import MARKS, SIGNATURES, guessed

_PRESCAN = 4096
"""The number of bytes in which ``<meta charset>`` is sought. The standard says 1024; some pages put it later."""
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.-]{2,40})""")
_ROOT = re.compile(  # possessive: with backtracking this would take for ever
    r"\s*+(?>\s|<!--.*?-->|<!DOCTYPE(?:[^>\[]|\[.*?\])*+>|<\?[^>]*>)*+<([A-Za-z][\w:.-]*)", re.DOTALL | re.IGNORECASE
)
_HTML = re.compile(r"<(?:html|body|head|div|p|article|main|section|table)\b|<!doctype html", re.IGNORECASE)

# Names that browsers read as another encoding (WHATWG Encoding); Python would take them literally.
_READ_AS = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874", "utf-16": "utf-8",
    "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-32": "utf-8", "utf-7": "utf-8", "big5": "big5hkscs",
}  # fmt: skip


def page_text(data: bytes, charset: str | None = None) -> str:
    """Decode a page. ``charset``: the charset of the HTTP header, if known.

    Raises ``DecodeFault`` for data that is no page at all: a PDF, a picture, XML that isn't HTML.

    >>> page_text(b'<meta charset="iso-8859-1"><p>caf\\xe9 \\x80')
    '<meta charset="iso-8859-1"><p>café €'
    """
    return checked(_decoded(data, charset))


def checked(text: str) -> str:
    """Return ``text``. Raises ``DecodeFault`` for XML that is not HTML, and for PDF."""
    if text.startswith("%PDF-"):
        raise DecodeFault("binary", "this is a PDF file, not a page")
    head = text[:_PRESCAN]
    if "<?xml" in head[:200] or head.lstrip()[:5].lower() in ("<rss ", "<rss>", "<feed", "<svg ", "<svg>"):
        root = _ROOT.match(text[:20_000])
        if root and root[1].lower().rpartition(":")[2] != "html" and not _HTML.search(text[:200_000]):
            raise DecodeFault("not-html", f"this is XML (its root is <{root[1][:40]}>), not a page")
    return text


def _decoded(data: bytes, charset: str | None) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise DecodeFault("binary", f"this is {name}, not a page")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    try:
        # Valid UTF-8 beyond ASCII is UTF-8, whatever the page says: no other encoding looks like it by accident.
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken_at = error.start
    declared = _META.search(data[:_PRESCAN]) or _XML_DECLARATION.search(data[:_PRESCAN])
    for label in (charset, declared[1].decode("ascii") if declared else None):
        known = _encoding(label)
        if known == "utf-8" and not _mostly_utf8(data):
            continue
        if known:
            return data.decode(known, "replace")
    if _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    return _guess(data, broken_at)


def _wide(data: bytes) -> str | None:
    """Return the encoding of UTF-16 without a mark: every second byte of its markup is zero."""
    head = data[:512]
    if head[:20].count(0) < 4:
        return None
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > 0.6 * len(head) / 2 and even < 0.1 * len(head) / 2:
        return "utf-16-le"
    if even > 0.6 * len(head) / 2 and odd < 0.1 * len(head) / 2:
        return "utf-16-be"
    return None


def _encoding(label: str | None) -> str | None:
    if not label:
        return None
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _READ_AS.get(name, name)
    try:
        # Python also knows codecs that are no encodings of text (rot13, hex).
        "".encode(name)
        b"".decode(name)
    except (LookupError, ValueError, TypeError):
        return None
    return name


def _mostly_utf8(data: bytes) -> bool:
    """Return whether most of the non-ASCII bytes are valid UTF-8: the page may be cut within a character, or have one
    broken comment."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - bad - len(text.encode("ascii", "ignore"))
    return good >= 3 * bad


def _guess(data: bytes, broken_at: int) -> str:
    # Tags tell nothing about the encoding, and 50,000 bytes from the first odd one on are plenty.
    start = max(0, broken_at - 2000)
    sample = re.sub(rb"<[^<>]{0,2000}>", b" ", data[start : start + 50_000])
    return data.decode(guessed(sample) or "cp1252", "replace")
