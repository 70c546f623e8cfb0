"""Tags with thousands of attributes, which the parser compares each with all others: the first of them are kept."""

from __future__ import annotations

import re
from itertools import islice

import numpy as np

MOST = 1000
"""Attributes that a tag may have. Real ones have a dozen."""
NOTE = f"a tag has more than {MOST:,} attributes: those beyond are left out"

_IS, _OPEN, _CLOSE, _QUOTE, _APOSTROPHE, _LETTER, _LOWER = np.frombuffer(b"=<>\"'A\x20", np.uint8)
_TAG = re.compile(r"<[a-z][^\s>/]*+(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)(?:>|\Z)", re.IGNORECASE)
_VALUE = re.compile(r"=\s*+(?:\"[^\"<>]*+[<>]?[^\"]{0,80}\"|'[^'<>]*+[<>]?[^']{0,80}')")
_ATTRIBUTE = re.compile(r"[^\s>/=][^\s>/=]*+\s*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+))?")


def may_be_full(page: bytes) -> bool:
    """Whether a page, in UTF-8, may have a tag for ``capped`` to cut: one is full as far as the next sign at which a
    tag seems to end, or many values begin with such signs.

    >>> may_be_full(b"<p " + b"a=1 " * 999 + b">Hello"), may_be_full(b"<p " + b"a=1 " * 1000 + b">Hello")
    (False, True)
    """
    signs = np.frombuffer(page + b"   ", np.uint8)
    ends = np.flatnonzero((signs == _OPEN) | (signs == _CLOSE))
    lengths = np.diff(ends, append=len(page))
    for number in np.flatnonzero(lengths > 2 * MOST).tolist():
        start = int(ends[number])
        if signs[start] == _OPEN and signs[start + 1] | _LOWER > _LETTER:  # more than letters, and none less
            tag = page[start + 1 : start + int(lengths[number])].decode("utf-8", "replace")
            if sum(1 for _ in islice(_ATTRIBUTE.finditer(tag), MOST + 1)) > MOST:
                return True
    values = np.flatnonzero(signs == _IS)
    first, second = signs[values + 1], signs[values + 2]
    quoted = (first == _QUOTE) | (first == _APOSTROPHE)
    return int((quoted & ((second == _OPEN) | (second == _CLOSE))).sum()) >= MOST // 2


def capped(text: str) -> tuple[str, bool]:
    """The source of a page with at most ``MOST`` attributes in each tag, and whether any were left out.

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
