"""Tags with thousands of attributes, which the parser compares each with all others: the first of them are kept."""

from __future__ import annotations

import re
from itertools import islice

MOST = 1000
"""Attributes that a tag may have. Real ones have a dozen."""
NOTE = f"a tag has more than {MOST:,} attributes: those beyond are left out"

# A tag so full is long, or its values hold the signs at which a tag seems to end.
_LONG = re.compile(rf"<[a-z][^<>]{{{2 * MOST}}}", re.IGNORECASE)
_SIGNS = ('="<', "='<", '=">', "='>")
_TAG = re.compile(r"<[a-z][^\s>/]*+(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)(?:>|\Z)", re.IGNORECASE)
_VALUE = re.compile(r"=\s*+(?:\"[^\"<>]*+[<>]?[^\"]{0,80}\"|'[^'<>]*+[<>]?[^']{0,80}')")
_ATTRIBUTE = re.compile(r"[^\s>/=][^\s>/=]*+\s*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+))?")


def capped(text: str) -> tuple[str, bool]:
    """The source of a page with at most ``MOST`` attributes in each tag, and whether any were left out.

    >>> capped("<p " + "a=1 " * 999 + "b=2>Hello")[1], capped("<p " + "a=1 " * 1000 + "b=2>Hello")[1]
    (False, True)
    >>> capped("<p " + "a=1 " * 5000 + ">Hello</p>")[0] == "<p " + " ".join(["a=1"] * 1000) + ">Hello</p>"
    True
    """
    if not _LONG.search(text) and sum(map(text.count, _SIGNS)) < MOST // 2:
        return text, False
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
