"""Cuts tags with thousands of attributes, because the parser compares each attribute with all others."""

from __future__ import annotations

import re
from itertools import islice

import numpy as np

MOST = 1000
"""The most attributes that a tag may have. Real tags have a dozen."""
NOTE = f"a tag has more than {MOST:,} attributes: those beyond are left out"

AT_ONCE = 60 * MOST
"""The number of bytes of a page that are examined together. The system allocates larger arrays one by one, which costs
more."""
_UP_TO_A_SIGN = re.compile(rb"[^<>]*+")
_IS, _OPEN, _CLOSE, _QUOTE, _APOSTROPHE = np.frombuffer(b"=<>\"'", np.uint8)
_TAG = re.compile(r"<[a-z][^\s>/]*+(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)(?:>|\Z)", re.IGNORECASE)
_VALUE = re.compile(r"=\s*+(?:\"[^\"<>]*+[<>]?[^\"]{0,80}\"|'[^'<>]*+[<>]?[^']{0,80}')")
_ATTRIBUTE = re.compile(r"[^\s>/=][^\s>/=]*+\s*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+))?")


def may_be_full(page: bytes) -> bool:
    """Return whether a page in UTF-8 may have a tag for ``capped`` to cut: a tag that is full up to the next character
    at which it seems to end, or many values that begin with such characters.

    >>> may_be_full(b"<p " + b"a=1 " * 999 + b">Hello"), may_be_full(b"<p " + b"a=1 " * 1000 + b">Hello")
    (False, True)
    """
    values = 0
    filled = []
    for at in range(0, len(page), AT_ONCE):
        signs = np.frombuffer(page[at : at + AT_ONCE + 2].ljust(AT_ONCE + 2, b"\0"), np.uint8)
        ends = (signs == _OPEN) | (signs == _CLOSE)
        quoted = (signs == _QUOTE) | (signs == _APOSTROPHE)
        values += int(np.count_nonzero((signs[:-2] == _IS) & quoted[1:-1] & ends[2:]))
        filled.append(ends[:AT_ONCE].reshape(-1, MOST).any(axis=1))
    if values >= MOST // 2:
        return True
    if not filled:
        return False
    places = np.flatnonzero(np.concatenate(filled))
    for gap in np.flatnonzero(np.diff(places, append=-(-len(page) // MOST)) > 1).tolist():
        # At least one part without such a sign is in each long tag.
        before = int(places[gap]) * MOST
        start = max(page.rfind(b"<", before, before + MOST), page.rfind(b">", before, before + MOST))
        if page[start : start + 1] == b"<" and page[start + 1 : start + 2].isalpha():
            tag = _UP_TO_A_SIGN.match(page, start + 1)[0].decode("utf-8", "replace")  # type: ignore[index]
            if sum(1 for _ in islice(_ATTRIBUTE.finditer(tag), MOST + 1)) > MOST:
                return True
    return False


def capped(text: str) -> tuple[str, bool]:
    """Return the source of a page with at most ``MOST`` attributes per tag, and whether any were left out.

    >>> capped("<p " + "a=1 " * 999 + "b=2>Hello")[1], capped("<p " + "a=1 " * 1000 + "b=2>Hello")[1]
    (False, True)
    >>> capped("<p " + "a=1 " * 5000 + ">Hello</p>")[0] == "<p " + " ".join(["a=1"] * 1000) + ">Hello</p>"
    True
    """
    parts: list[str] = []
    done = 0
    for tag in _TAG.finditer(text):
        start, end = tag.span("attributes")
        # A quote that nothing closes would run on through the page: from another tag on it is no list of attributes.
        if end - start >= 2 * MOST:
            other = _VALUE.sub(lambda value: " " * len(value[0]), text[start:end]).find("<")
            end = end if other < 0 else start + other
        if end - start < 2 * MOST:
            continue
        last = list(islice(_ATTRIBUTE.finditer(text, start, end), MOST + 1))
        if len(last) > MOST:
            parts.append(text[done : last[MOST - 1].end()])
            done = end
    if not parts:
        return text, False
    return "".join((*parts, text[done:])), True
