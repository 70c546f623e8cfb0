"""Reads plain text as an Article. It only sets offsets and never changes the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from cleaner.article.model import Article, Paragraph, Span
from cleaner.text.language import detect
from cleaner.text.sentences import ends_here
from cleaner.text.view import plain_article

# The line ends of str.splitlines, which no paragraph may hold.
_ENDS = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(rf"\S(?:[^{_ENDS}]*\S)?")


def segment(
    text: str,
    *,
    id: str = "",
    language: str | None = None,
    url: str | None = None,
    title: str | None = None,
    site: str | None = None,
) -> Article:
    """Return the article of a plain text. Each line that is not blank is a paragraph, without the white space around
    it.

    ``language`` overrides detection. Every character that is not white space lies in exactly one paragraph.

    >>> [p.span.of("One.\\r\\n\\r\\n  Two. ") for p in segment("One.\\r\\n\\r\\n  Two. ").paragraphs]
    ['One.', 'Two.']
    """
    paragraphs = tuple(Paragraph(Span(*line.span())) for line in _LINE.finditer(text))
    return Article(id, text, paragraphs, language or detect(plain_article(text)), url, title, site=site)


# Two blocks that an extractor put on one line: "… said on Monday.Read more" has no space where it was joined.
_SEAM = re.compile(
    r"(?<=[^\W\d_A-Z]{2}[.!?\u2026])[\"')\u201d\u2019\u00bb]?(?=[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff][^\W\d_]*[ ,:])"
)
# What each seam begins with, found in a fraction of the time: a final mark and a letter with no space between.
_TIGHT = re.compile(r"[.!?\u2026][\"')\u201d\u2019\u00bb]?[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]")


def parted(article: Article) -> Article:
    """Return the article with a separate paragraph for each part of a line that was joined from several without a
    space.

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
            edges = [edge for edge in edges if ends_here(article.text, start, edge)]
            parts = zip((start, *edges), (*edges, end), strict=True)
            paragraphs += (replace(paragraph, span=Span(a, b)) for a, b in parts)
        else:
            paragraphs.append(paragraph)
    return article if len(paragraphs) == len(article.paragraphs) else replace(article, paragraphs=tuple(paragraphs))
