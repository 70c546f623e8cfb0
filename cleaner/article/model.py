"""The values that pass from step to step: frozen, without I/O, and independent of files and formats.

Every offset counts code points of ``Article.text``; every span is half-open. A score is always "how sure are we that
this is boilerplate", from 0 to 1.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from cleaner.article.markup import Cell, Emphasis, Image, Link
from cleaner.article.offsets import Offsets
from cleaner.article.offsets import Span as Span

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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a plain text that is not blank, or a block of a page.

    ``span`` leaves out the white space at both ends; ``segment.sentences`` splits it where somebody asks. The rest is
    known for HTML only: the DOM path (``html.body.article.p``), the class and id words of the elements around it that
    have any (a text an element, outermost first), the characters that stand inside links, the numbers of the
    elements around it (the last is the one that holds it; lines of one element share it), and what is emphasised.
    """

    span: Span
    path: str = ""
    classes: tuple[str, ...] = ()
    link_chars: int = 0
    within: tuple[int, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()
    links: tuple[Link, ...] = ()
    cells: tuple[Cell, ...] = ()
    """Of a table's row, where its text alone doesn't tell: some cell is empty, or takes more than one place."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The user's wish about the elements of pages that a CSS selector matches: keep them, or drop them.

    ``category``: what they are logged as; ``None``: as what the page's markup says. ``hosts``: the sites whose pages it
    is for; none: all.
    """

    selector: str
    action: Action
    category: str | None = None
    hosts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the logs, like the id of a rule."""
        return f"{'keep' if self.action == 'keep' else 'drop'}-css/{self.selector}"


@dataclass(frozen=True, slots=True)
class Wished:
    """What a wish matched on a page: how many elements, and where their text is, except for what another wish
    claims."""

    wish: Wish
    elements: int
    spans: tuple[Span, ...]


DATA = "data."
"""How the path of a block begins that stands in a page's data, for scripts and machines, and not in what it shows."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, in its head and for machines. ``body``: the article's text, where it carries it.

    ``types`` are what it says it is (schema.org, Open Graph), ``free`` whether all may read it, if it says so.
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
    types: tuple[str, ...] = ()
    free: bool | None = None
    parts: tuple[str, ...] = ()
    """Lines that the page's data names as parts of its text: ingredients, steps, answers, entries of a live blog."""
    wished: tuple[Wished, ...] = ()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article: a text that is never edited after reading, and offsets into it.

    ``site``: the outlet that it is from, where that is another than the host of ``url`` says.
    """

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    language: str = "und"
    url: str | None = None
    title: str | None = None
    page: Page | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a detector saw: its ``kind``, a description in words (``text``), and where it is, if it has a
    place."""

    kind: str
    text: str
    span: Span | None = None


Role = Literal["claim", "kind", "verdict"]
"""What a finding says: that a span is boilerplate (a claim); which kind it is if it is boilerplate; or how likely it
is, all claims considered (a verdict)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector says about a span. It is not a decision.

    ``category`` is ``None`` where it says nothing about the kind, which is not the same as the kind ``other``. ``own``:
    whether the rule is one of the user's, which are obeyed; ``None`` if the finding is not from a rule.
    """

    span: Span
    category: str | None
    detector: str
    rule: str
    score: float
    evidence: tuple[Evidence, ...] = ()
    role: Role = "claim"
    own: bool | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a claimed span, and why. ``findings`` is never empty."""

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
class Place:
    """Where a character of the clean text was in the source: what a citation points at.

    ``offset``: in ``Article.text``. ``paragraph``: the number of its paragraph or block in ``Article.paragraphs``, from
    0. ``path``: of a page the DOM path of the block, else empty. ``character``: the place in that paragraph or block.
    """

    offset: int
    paragraph: int
    path: str
    character: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The result for one article. ``removed`` is sorted and disjoint; ``kept`` is what was claimed and stays.

    ``fields`` holds removed texts by category, if the profile keeps them: the author's name is not part of the text,
    but an index may want it. ``notes`` say what could not be done as it should: rules that took too long on a
    paragraph, and were left out of it. ``kind``: of a page, what it is.
    """

    article: Article
    text: str
    removed: tuple[Removed, ...]
    kept: tuple[Decision, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    kind: PageKind | None = None
    _offsets: Offsets | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def offsets(self) -> Offsets:
        """The removed spans, ready for look-ups; built on first use."""
        if self._offsets is None:
            object.__setattr__(self, "_offsets", Offsets.of((span.start, span.end) for span in self.removed))
        assert self._offsets is not None
        return self._offsets

    def source_offset(self, clean_offset: int) -> int:
        """Where the character at this place of ``text`` is in ``article.text``. End leads to end.

        Raises ``IndexError`` for an offset outside of ``text``.
        """
        _check(clean_offset, len(self.text), "clean text")
        return self.offsets.source_offset(clean_offset)

    def source_span(self, start: int, end: int) -> Span:
        """The shortest span of ``article.text`` that holds all characters of ``text[start:end]``.

        It includes what was removed between them. Raises ``IndexError`` for a span outside of ``text``.
        """
        _check(end, len(self.text), "clean text")
        return Span(*self.offsets.source_span(start, end))

    def clean_offset(self, source_offset: int) -> int | None:
        """Where a character of ``article.text`` is in ``text``, or ``None`` if it was removed.

        Raises ``IndexError`` for an offset outside of ``article.text``.
        """
        _check(source_offset, len(self.article.text), "source")
        return self.offsets.clean_offset(source_offset)

    def clean_span(self, start: int, end: int) -> Span | None:
        """The span of ``text`` that holds what stayed of ``article.text[start:end]``, or ``None`` if nothing did.

        Raises ``IndexError`` for a span outside of ``article.text``.
        """
        _check(end, len(self.article.text), "source")
        span = self.offsets.clean_span(start, end)
        return None if span is None else Span(*span)

    def place(self, clean_offset: int) -> Place | None:
        """The paragraph or block that a character of ``text`` comes from, or ``None`` for white space between two of
        them.

        Raises ``IndexError`` for an offset outside of ``text``.
        """
        offset = self.source_offset(clean_offset)
        number = bisect_right(self.article.paragraphs, offset, key=lambda paragraph: paragraph.span.start) - 1
        if number < 0 or offset >= self.article.paragraphs[number].span.end:
            return None
        paragraph = self.article.paragraphs[number]
        return Place(offset, number, paragraph.path, offset - paragraph.span.start)


def _check(offset: int, length: int, what: str) -> None:
    if not 0 <= offset <= length:
        raise IndexError(f"the {what} has {length} characters; there is no place {offset} in it")


NO_ARTICLE = frozenset(("links", "consent", "error", "paywalled", "product"))
"""Kinds of pages that are not articles."""


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page is (one of ``page_kind.KINDS``), how sure that is, from 0 to 1, and what says so."""

    name: str
    confidence: float
    reason: str

    @property
    def article(self) -> bool:
        """Whether the page is an article, or could be one."""
        return self.name not in NO_ARTICLE


OUTSIDE = "maincontent"
"""The detector that tells a page's article from the rest of the page."""

CERTAIN = 0.95
"""The least score at which claims of rules are certain: on a whole paragraph they outweigh a verdict, and what they
take from a part of one is judged apart from the rest. Of such claims on gold that the rules were not written with, 99
of 100 are boilerplate."""

STAYS, BODY = "repeats/stays", "repeats/body"
"""The rules of findings without a score: the counts of a site say that a text is likely its articles' own; and that it
stands where most of its articles' own text stands on their pages."""


STATUSES: tuple[str, ...] = ("ok", "unchanged", "empty", "nothing-left", "no-article")
"""What can happen to an article: something was cut; nothing was; it was empty; everything was cut; or the page is not
an article, whatever is left of it."""


def status(cleaned: Cleaned) -> str:
    """Which of ``STATUSES`` an article has."""
    if not cleaned.article.text.strip():
        return "empty"
    if cleaned.kind is not None and not cleaned.kind.article:
        return "no-article"
    if not cleaned.removed:
        return "unchanged"
    return "ok" if cleaned.text.strip() else "nothing-left"
