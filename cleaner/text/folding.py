"""Folding for matching: the same length, fewer spellings.

Typographic variants of one sign become that sign, so that a rule is written once. Every character is replaced by one
character: an offset into the folded text is an offset into the text.
"""

from __future__ import annotations

import re

_SAME = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\u2039\u203a",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300a\u300b",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63",
    " ": "\t\x1f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    "?": "".join(map(chr, range(0xD800, 0xE000))),  # a lone surrogate can't be encoded, so no linear engine takes it
}
_TABLE = {odd: plain for plain, odds in _SAME.items() for odd in odds}
# Full-width ASCII (U+FF01 to U+FF5E), as Chinese and Japanese texts write punctuation, digits and Latin letters.
_TABLE.update({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})

_ODD = re.compile(
    "[" + "".join(sorted({re.escape(odd) for odd in _TABLE if not "\ud800" <= odd <= "\udfff"})) + "\ud800-\udfff]"
)


def fold(text: str) -> str:
    """``text`` with quotes, dashes, spaces, line ends and full-width signs in their plain form; same length.

    >>> fold("\\u201cRead\\u00a0more\\u201d \\u2014 now\\uff01")
    '"Read more" - now!'
    """
    if text.isascii() and not any(odd in text for odd in "`\t\r\x0b\x0c\x1c\x1d\x1e\x1f"):
        return text
    return _ODD.sub(lambda found: _TABLE[found[0]], text)
