"""Plain text -> Article, and sentences within a paragraph. Offsets only: the text itself is never changed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import sentencex

from cleaner.language import detect
from cleaner.model import Article, Paragraph, Span

# The line ends of str.splitlines, which no paragraph may hold.
_ENDS = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(rf"\S(?:[^{_ENDS}]*\S)?")

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


def segment(
    text: str, *, id: str = "", language: str | None = None, url: str | None = None, title: str | None = None
) -> Article:
    """The article of a plain text: each line with something in it is a paragraph, its outer white space left out.

    ``language`` overrides detection. Every character that is not white space lies in exactly one paragraph.

    >>> [p.span.of("One.\\r\\n\\r\\n  Two. ") for p in segment("One.\\r\\n\\r\\n  Two. ").paragraphs]
    ['One.', 'Two.']
    """
    paragraphs = tuple(Paragraph(Span(*line.span())) for line in _LINE.finditer(text))
    return Article(id, text, paragraphs, language or detect(text), url, title)


# Two blocks that an extractor put on one line: "… said on Monday.Read more" has no space where it was joined.
_SEAM = re.compile(
    r"(?<=[^\W\d_A-Z]{2}[.!?\u2026])[\"')\u201d\u2019\u00bb]?(?=[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff][^\W\d_]*[ ,:])"
)
# What each seam begins with, found in a fraction of the time: a final mark and a letter with no space between.
_TIGHT = re.compile(r"[.!?\u2026][\"')\u201d\u2019\u00bb]?[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]")


def parted(article: Article) -> Article:
    """The article with a paragraph for each part of a line that was joined from several without a space.

    >>> text = "The ferry sailed at noon.Read more: Winds ahead"
    >>> [p.span.of(text) for p in parted(segment(text)).paragraphs]
    ['The ferry sailed at noon.', 'Read more: Winds ahead']
    """
    places = [tight.start() for tight in _TIGHT.finditer(article.text)]
    if not places:
        return article
    paragraphs: list[Paragraph] = []
    for paragraph in article.paragraphs:
        start, end = paragraph.span.start, paragraph.span.end
        if bisect_left(places, start) == bisect_left(places, end):
            paragraphs.append(paragraph)
            continue
        edges = [seam.end() for seam in _SEAM.finditer(article.text, start, end) if start < seam.end() < end]
        if edges:
            edges = [edge for edge in edges if _ends(article.text, start, edge)]
            parts = zip((start, *edges), (*edges, end), strict=True)
            paragraphs += (replace(paragraph, span=Span(a, b)) for a, b in parts)
        else:
            paragraphs.append(paragraph)
    return article if len(paragraphs) == len(article.paragraphs) else replace(article, paragraphs=tuple(paragraphs))


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
            if position < len(text) and _ends(text, start, position):
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


def _ends(text: str, start: int, end: int) -> bool:
    """Whether a sentence really ends at ``end``, where the splitter says so."""
    tail = text[max(start, end - 80) : end]
    if _SHORTENED.search(tail):
        return False
    if tail[-1].isspace() or tail[-1] != ".":
        return True
    word = tail.split()[-1]
    after = text[end : end + 12]
    if _DOTTED_NAME.search(word):
        return not _TOP_LEVEL.match(after) and after[:1].isupper() and "." in word[:-1] and "/" not in word
    if _TOP_LEVEL.match(after) or not after[:1].isupper():
        return not after[:1].isalnum()
    # "difference.US" but not "ASP.NET" or "Node.JS": a capitalised word before it needs a capitalised word after it.
    return word[0].islower() or after[1:2].islower() or not word[:-1].isalnum()
