"""Where the sentences of a paragraph end. Offsets only: the text itself is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import sentencex

from cleaner.article.model import Span

# A full stop with no space after it. It ends a sentence that lost its space ("a difference.US troops") or stands in a
# name ("ASP.NET", "www.BBC.co.uk", "example.com.Now").
_DOTTED_NAME = re.compile(r"(?i)^(?:https?:|www\b)|^\W*(?:[\w-]+\.)+[a-z]{2,}\.$|[@/]")
_TOP_LEVEL = re.compile(
    r"^(?:[Cc]om|[Nn]et|[Oo]rg|[Ee]du|[Gg]ov|[Ii]nfo|[Cc]o|[Ii]o|[Jj]s|[Uu]k|[Dd]e|[Ff]r|[Ee]u|[Tt]v)\b"
)
# What a full stop shortens rather than ends: an initial, a day's number, a title before a name.
_SHORTENED = re.compile(
    r"(?:^|[\s(\[\"'“‘«„])(?:\w|\d{1,2}|(?i:mr|mrs|ms|dr|prof|sen|rep|gov|gen|col|lt|sgt|capt|hon|rev|st|vs|no|nr|bzw|ca|hr|fr|sr|sra|mme|mlle|jan|feb|aug|sept|oct|nov|dec))\.\s*$"
)
_REFUSED = re.compile("[\ud800-\udfff\u00a0\u2000-\u200a\u202f\u205f\u3000]")  # lone surrogates, odd spaces
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")
LONGEST = 100_000
"""Characters given to the sentence splitter at once; a longer paragraph is cut at white space near this length."""


def sentences(text: str, span: Span, language: str = "en") -> tuple[Span, ...]:
    """The sentences of ``text`` within ``span``, which they cover without gap or overlap, white space after included.

    >>> text = "Support makes the difference.US officials spoke to Paul N. Whelan at ASP.NET. He left."
    >>> [s.of(text).strip() for s in sentences(text, Span(0, len(text)))]
    ['Support makes the difference.', 'US officials spoke to Paul N. Whelan at ASP.NET.', 'He left.']
    """
    return _sentences(text[span.start : span.end], span.start, language)


@lru_cache(maxsize=8)  # several rules ask about one paragraph in a row
def _sentences(text: str, offset: int, language: str) -> tuple[Span, ...]:
    language = language if _LANGUAGE.match(language) and language != "und" else "en"
    found: list[Span] = []
    start = 0
    for chunk_start, chunk in _chunks(text):
        position = chunk_start
        for piece in _split(language, chunk):
            position += len(piece)
            if position < len(text) and ends_here(text, start, position):
                found.append(Span(offset + start, offset + position))
                start = position
    found.append(Span(offset + start, offset + len(text)))
    return tuple(found)


def _split(language: str, text: str) -> list[str]:
    """The splitter's sentences, or all as one where the splitter fails: it counts bytes, and panics when its count
    ends within a character, as it can beside a no-break space."""
    try:
        return list(sentencex.segment(language, _REFUSED.sub(lambda odd: " " if odd[0].isspace() else "?", text)))
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        return [text]


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def ends_here(text: str, start: int, end: int) -> bool:
    """Whether a sentence really ends at ``end``, where the splitter says so."""
    tail = text[max(start, end - 80) : end]
    if _SHORTENED.search(tail):
        return False
    if tail[-1].isspace() or tail[-1] != ".":
        return True
    word = tail.split()[-1]
    after = text[end : end + 12]
    if after[:1].isalpha() and after[0].lower() == after[0].upper():
        return True  # a script without capitals
    if _DOTTED_NAME.search(word):
        return not _TOP_LEVEL.match(after) and after[:1].isupper() and "." in word[:-1] and "/" not in word
    if _TOP_LEVEL.match(after) or not after[:1].isupper():
        return not after[:1].isalnum()
    # "difference.US" but not "ASP.NET" or "Node.JS": a capitalised word before it needs a capitalised word after it.
    return word[0].islower() or after[1:2].islower() or not word[:-1].isalnum()
