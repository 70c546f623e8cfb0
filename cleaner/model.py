"""The values that pass from step to step: frozen, without I/O, knowing nothing of files or formats.

Every offset counts code points of ``Article.text``; every span is half-open. A score is always "how sure are we that
this is boilerplate", from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CATEGORIES: tuple[str, ...] = (
    "donation-appeal",
    "subscription-prompt",
    "newsletter-prompt",
    "photo-caption",
    "related-links",
    "social-share",
    "comments",
    "promotion",
    "legal-notice",
    "byline",
    "source-credit",
    "media-player",
    "navigation",
    "editorial-note",
    "headline",
    "other",
)
"""The kinds of boilerplate, in the order in which they are listed everywhere."""

Action = Literal["remove", "keep"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points.

    >>> Span(2, 5).of("abcdefg")
    'cde'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line with something in it (plain text) or a block (HTML).

    ``span`` leaves out the white space at both ends; ``segment.sentences`` splits it where somebody asks. The rest is
    known for HTML only: the DOM path (``html.body.article.p``), the class and id words of the elements around it that
    have any (a text an element, outermost first), the characters that stand inside links, the numbers of the
    elements around it (the last is the one that holds it; lines of one element share it).
    """

    span: Span
    path: str = ""
    classes: tuple[str, ...] = ()
    link_chars: int = 0
    within: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, in its head and for machines. ``body``: the article's text, where it carries it.

    ``titles`` are all that may stand as the headline; ``notes`` say what about the page could not be read as it is.
    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    sitename: str | None = None
    description: str | None = None
    language: str | None = None
    url: str | None = None
    titles: tuple[str, ...] = ()
    body: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article: a text that is never edited after reading, and offsets into it."""

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    language: str = "und"
    url: str | None = None
    title: str | None = None
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen: what it is (``kind``), in words (``text``), and where, if it has a place."""

    kind: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A detector's claim that a span is boilerplate. Not a decision."""

    span: Span
    category: str
    detector: str
    rule: str
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a span that somebody claimed, and why. ``findings`` is never empty."""

    start: int
    end: int
    action: Action
    category: str
    rule: str
    detector: str
    score: float
    reason: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A removed span as users see it: a decision to remove, with the characters that went."""

    start: int
    end: int
    category: str
    rule: str
    detector: str
    score: float
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The result for one article. ``removed`` is sorted and disjoint; ``kept`` is what was claimed and stays.

    ``fields`` holds removed texts by category, as far as the profile keeps them: the author's name is no part of the
    text, but an index may want it.
    """

    article: Article
    text: str
    removed: tuple[Removed, ...]
    kept: tuple[Decision, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
