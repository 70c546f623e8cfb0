"""What kind of page a page is, beside what is left of it: an article, or a list of links, a live blog, a product.

What the page says of itself for machines (schema.org and Open Graph types) is asked first, then what its text looks
like. Where neither tells, the kind is ``unknown``; an answer is never a reason to remove anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaner.model import Article, Cleaned
from cleaner.text.words import count_words, ends_in_stop

KINDS = ("article", "live-blog", "gallery", "forum", "product", "links", "paywalled", "nothing", "unknown")
"""``links``: an index of other pages. ``paywalled``: the page says that its text is not free, and shows little of it.
``nothing``: no text is left."""
_BY_TYPE = (
    ("live-blog", re.compile(r"^LiveBlogPosting$")),
    ("gallery", re.compile(r"^(?:ImageGallery|MediaGallery)$")),
    ("forum", re.compile(r"^(?:DiscussionForumPosting|QAPage)$")),
    ("product", re.compile(r"^(?:Product|ProductGroup|product|og:product|product\.item)$")),
    ("links", re.compile(r"^(?:CollectionPage|SearchResultsPage)$")),
    ("article", re.compile(r"(?:Article|Posting|Report|Review|Recipe)$|^article$")),
)
_CLOCK = re.compile(r"^\d{1,2}[:.h]\d\d\b.{0,12}$")
SAID, SEEN, GUESSED = 0.9, 0.8, 0.6
"""How sure an answer is that the page gives itself and its text bears out, that its text gives, and a weak one."""
TEXT, STUB = 60, 120
"""Words of prose that make an article, and below which what is not free is a stub."""
ENTRIES = 3
LINKED = 0.5


@dataclass(frozen=True, slots=True)
class PageKind:
    """One of ``KINDS``, how sure (0 to 1), and what says so."""

    name: str
    confidence: float
    reason: str


def page_kind(cleaned: Cleaned) -> PageKind:
    """The kind of a cleaned page."""
    article, page = cleaned.article, cleaned.article.page
    words = _prose(cleaned.text)
    types = page.types if page else ()
    if page is not None and page.free is False and words < STUB:
        return PageKind("paywalled", SAID, f"the page says that it is not free, and shows {words} words of text")
    for name, pattern in _BY_TYPE:
        said = next((each for each in types if pattern.search(each)), None)
        if said and (name != "article" or words >= TEXT):
            return PageKind(name, SAID, f"the page says that it is {said!r}")
    clocks = sum(_CLOCK.match(p.span.of(article.text)) is not None and not p.link_chars for p in article.paragraphs)
    if clocks >= ENTRIES and words >= TEXT:
        return PageKind("live-blog", GUESSED, f"{clocks} blocks are times of day")
    share = _linked(article)
    if words < TEXT and share > LINKED:
        return PageKind("links", SEEN, f"{share:.0%} of its text stands in links, {words} words are text")
    if not cleaned.text.strip():
        return PageKind("nothing", SAID, "no text is left")
    if words < TEXT:
        return PageKind("unknown", GUESSED, f"only {words} words are text")
    return PageKind("article", SEEN, f"{words} words are text")


def _prose(text: str) -> int:
    """Words in lines that read like text."""
    lines = [(line, count_words(line)) for line in text.split("\n")]
    return sum(words for line, words in lines if words > 7 and ends_in_stop(line))


def _linked(article: Article) -> float:
    """The share of a page's characters that stand in links."""
    total = sum(p.span.end - p.span.start for p in article.paragraphs)
    return sum(p.link_chars for p in article.paragraphs) / total if total else 0.0
