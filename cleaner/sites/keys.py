"""Defines when two paragraphs are the same (folded, with numbers masked) and nearly the same (with names masked as
well).

A key is a number that stands for a text. Texts with the same key count as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from cleaner.article.model import Span

ENDS = 120
"""The number of characters kept at each end of a long paragraph. A digest replaces the middle."""
LONGEST = 2 * ENDS + 40
"""The length in characters up to which a paragraph is kept whole."""
SPOKEN_FOR = 4
"""The number of lower-case words that a text needs before its names are masked: "By @" would be every byline."""
HOLE_WORDS = 10
"""The number of words from which two texts with the same beginning and end are nearly the same, whatever is between."""
HOLE_ENDS = 4
"""The number of words in that beginning, and in that end."""

TAIL = 400
"""The number of characters at the end of a text in which its last sentences are sought."""

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME = re.compile(r"(?<=\S )[\"'(]*[A-Z\u00c0-\u00de]\w*(?:[-'. ]+[A-Z\u00c0-\u00de]\w*)*")
_SMALL = re.compile(r"\b[^\W\d_A-Z\u00c0-\u00de][^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]]*\s+|[\u3002\uff01\uff1f!?][\u300d\u300f]?")
_DIGITS = str.maketrans("0123456789", "ghijklmnop")


def shortened(text: str) -> str:
    """Return a folded text with white space as single spaces. A digest replaces the middle of a long text.

    >>> shortened("Read more\\n  now")
    'Read more now'
    """
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    # In letters alone: digits would be masked.
    middle = blake2b(masked(text[ENDS:-ENDS]).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{text[:ENDS]} \u2026{middle.translate(_DIGITS)}\u2026 {text[-ENDS:]}"


def masked(text: str) -> str:
    """Return a folded text with its numbers masked.

    >>> masked("34 comments, 1,204 shares on 3/5/2024")
    '# comments, # shares on #'
    """
    return _NUMBER.sub("#", text)


def exact(text: str) -> int | None:
    """Return the key of a text as ``shortened`` gives it; ``None`` for a text without a letter.

    >>> exact("34 comments") == exact("7 Comments"), exact("* * *")
    (True, None)
    """
    text = masked(text).casefold().strip("\"' .:!*\u2026>-")
    return hashed(text) if any(map(str.isalpha, text)) else None


def near(text: str) -> tuple[int, ...]:
    """Return the keys that a text shares with nearly identical ones: with names masked, and without the middle.

    >>> bool(set(near("Sign up for Ann Lee's daily letter now")) & set(near("Sign up for Max's daily letter now")))
    True
    >>> near("By Ann Lee")
    ()
    """
    if len(text) > LONGEST:
        return ()
    text = masked(text)
    found = []
    names = _NAME.sub("@", text)
    if names != text and len(_SMALL.findall(names)) >= SPOKEN_FOR:
        found.append(hashed("@" + names.casefold()))
    words = text.casefold().split()
    if len(words) >= HOLE_WORDS:
        found.append(hashed("_" + " ".join((*words[:HOLE_ENDS], "_", *words[-HOLE_ENDS:]))))
    return tuple(found)


def sentences(text: str) -> Iterator[Span]:
    """Yield the last sentence of a text that has several, and the one before it. White space and punctuation alone are
    no sentence.

    >>> [span.of("It rained. It was cold. Sign up!") for span in sentences("It rained. It was cold. Sign up!")]
    ['Sign up!', 'It was cold.']
    """
    end = len(text)
    edges = [edge.end() for edge in _SENTENCE_END.finditer(text, max(0, end - TAIL)) if edge.end() < end]
    for start in reversed(edges[-2:]):
        part = text[start:end]
        yield Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))
        end = start


def hashed(text: str) -> int:
    """Return the key of a text as it is."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
