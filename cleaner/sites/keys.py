"""What makes two paragraphs the same: folded, with numbers masked; and nearly the same: with names masked as well.

A key is a number that stands for a text. Texts of one key are one text to the counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from cleaner.article.model import Span

ENDS = 120
"""Characters that are kept of each end of a long paragraph; a digest stands for the middle."""
LONGEST = 2 * ENDS + 40
"""Characters of a paragraph that is kept whole."""
SPOKEN_FOR = 4
"""Words in small letters that a text must have for its names to be masked: "By @" is every byline."""
HOLE_WORDS = 10
"""Words from which two texts with the same beginning and end are nearly the same, whatever is between."""
HOLE_ENDS = 4
"""Words of that beginning, and of that end."""

TAIL = 400
"""Characters at the end of a text in which its last sentences are looked for."""

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME = re.compile(r"(?<=\S )[\"'(]*[A-Z\u00c0-\u00de]\w*(?:[-'. ]+[A-Z\u00c0-\u00de]\w*)*")
_SMALL = re.compile(r"\b[^\W\d_A-Z\u00c0-\u00de][^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]]*\s+|[\u3002\uff01\uff1f!?][\u300d\u300f]?")
_DIGITS = str.maketrans("0123456789", "ghijklmnop")


def shortened(text: str) -> str:
    """A folded text with white space as one space, and of a long one the two ends with a digest for the middle.

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
    """A folded text with its numbers masked.

    >>> masked("34 comments, 1,204 shares on 3/5/2024")
    '# comments, # shares on #'
    """
    return _NUMBER.sub("#", text)


def exact(text: str) -> int | None:
    """The key of a text as ``shortened`` gives it; none for one without a letter.

    >>> exact("34 comments") == exact("7 Comments"), exact("* * *")
    (True, None)
    """
    text = masked(text).casefold().strip("\"' .:!*\u2026>-")
    return hashed(text) if any(map(str.isalpha, text)) else None


def near(text: str) -> tuple[int, ...]:
    """The keys that a text shares with those nearly the same: names masked, and a hole in the middle.

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
    """The last sentence of a text that has several, and the one before it; of white space and marks alone none.

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
    """The key of a text as it is."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
