"""Tells the kind of a cleaned page: an article, a list of links, a live blog, an error page and so on.

The evidence is the types that the page declares (schema.org and Open Graph), phrases in its text
(rules/markup/pages.yaml), and the shape of its text. Without evidence the kind is ``unknown``. The kind is never a
reason to remove anything, unless the user asks for articles only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import ahocorasick_rs

from cleaner.article.model import Article, Cleaned, PageKind, Paragraph
from cleaner.text.folding import fold
from cleaner.text.words import count_words, counter, ends_in_stop

KINDS = (
    *("article", "live-blog", "gallery", "forum", "product", "links", "paywalled", "consent", "error", "nothing"),
    "unknown",
)
"""``links``: an index of other pages. ``paywalled``: the page says that its text is not free, and shows little of it.
``consent``: a wall that asks for consent. ``nothing``: no text is left."""
_BY_TYPE = (
    ("live-blog", re.compile(r"^LiveBlogPosting$")),
    ("gallery", re.compile(r"^(?:ImageGallery|MediaGallery)$")),
    ("forum", re.compile(r"^(?:DiscussionForumPosting|QAPage)$")),
    ("article", re.compile(r"(?:Article|Posting|Report|Review|Recipe)$|^article$")),
    ("product", re.compile(r"^(?:Product|ProductGroup|product|og:product|product\.item)$")),
    ("links", re.compile(r"^(?:CollectionPage|SearchResultsPage)$")),
)
_CLOCK = re.compile(r"^\d{1,2}[:.h]\d\d\b.{0,12}$")
SAID, SEEN, GUESSED = 0.9, 0.8, 0.6
"""The confidence in a kind that the page declares and its text confirms, in one from its text, and in a weak one."""
TEXT, STUB = 60, 120
"""The number of words of prose from which a page is an article, and below which a paywalled page is a stub."""
ENTRIES, TEASERS = 3, 5
"""The number of entries from which a page is a live blog, and of linked headlines from which it is a list of
teasers."""
SUMMARY = 40
"""The most adjacent words under a headline in a list of teasers."""
LINKED = 0.5
SENTENCE = 8
"""The number of words from which a line reads like text."""
HEADLINE = 3
"""The number of words from which a link is the headline of another page."""
TITLE = 12
"""The most words in the title of an error page."""
WALL = 900
"""The most words in a wall that asks for consent."""
MOST = 0.5
"""The share of a wall's prose that must speak of consent."""


@dataclass(frozen=True, slots=True)
class PageCues:
    """Phrases on pages that are no articles, from rules/markup/pages.yaml. Case makes no difference."""

    consent: tuple[str, ...] = ()
    buttons: frozenset[str] = frozenset()
    error: tuple[str, ...] = ()
    paywall: tuple[str, ...] = ()


NO_CUES = PageCues()


def page_kind(cleaned: Cleaned, cues: PageCues = NO_CUES) -> PageKind:
    """Return the kind of a cleaned page, the confidence in it, and the reason."""
    article, page = cleaned.article, cleaned.article.page
    words = _prose(cleaned.text)
    if page is not None and page.free is False and words < STUB:
        return PageKind("paywalled", SAID, f"the page says that it is not free, and shows {words} words of text")
    whole = fold(article.text).casefold()
    told = _error(article, cues, words) or _wall(article, cues, whole) or _stub(article, cues, words, whole)
    if told:
        return told
    types = page.types if page else ()
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
    teasers, longest, near = _runs(cleaned)
    if longest < SUMMARY and teasers >= TEASERS and near > LINKED:
        front = urlsplit(article.url or "").path in ("", "/") and bool(article.url)
        sure = SAID if front else SEEN
        return PageKind(
            "links", sure, f"{teasers} headlines lead elsewhere, and at most {longest} words stand together"
        )
    if not cleaned.text.strip():
        return PageKind("nothing", SAID, "no text is left")
    if words < TEXT:
        return PageKind("unknown", GUESSED, f"only {words} words are text")
    return PageKind("article", SEEN, f"{words} words are text")


def _error(article: Article, cues: PageCues, words: int) -> PageKind | None:
    """Return the kind of an error page: it is short, and its title or first heading names an error."""
    if words >= STUB:
        return None
    page = article.page
    for title in (article.title, *(page.titles if page else ())):
        text = fold(title or "").casefold().strip(" .!|-:")
        if text and count_words(text) <= TITLE:
            for cue in cues.error:
                if _at_an_end(text, cue):
                    return PageKind("error", SEEN, f"its title has {cue!r}, and {words} words are text")
    return None


def _at_an_end(text: str, cue: str) -> bool:
    """Return whether a cue is all of a text, or its start or end at the edge of a word."""
    if text.startswith(cue):
        return len(text) == len(cue) or not text[len(cue)].isalnum()
    return text.endswith(cue) and not text[-len(cue) - 1].isalnum()


def _wall(article: Article, cues: PageCues, whole: str) -> PageKind | None:
    """Return the kind of a wall that asks for consent: most of the prose on the whole page speaks of it, and so do
    buttons."""
    if not _says(whole, cues.consent):
        return None
    total = of_it = pressed = 0
    for text, words in _texts(article):
        if words > WALL:
            return None
        if words >= SENTENCE:
            total += words
            if total > WALL:
                return None
            of_it += words if any(cue in text for cue in cues.consent) else 0
        elif words <= 4:
            pressed += text.strip(" .!-") in cues.buttons
    if pressed and of_it > MOST * total:
        return PageKind("consent", SEEN, f"{of_it} of its {total} words of text ask for consent")
    return None


def _stub(article: Article, cues: PageCues, words: int, whole: str) -> PageKind | None:
    """Return the kind of the beginning of a text for subscribers: it is short, and the page says where it breaks
    off."""
    if words >= STUB or not _says(whole, cues.paywall):
        return None
    for text, _ in _texts(article):
        cue = next((cue for cue in cues.paywall if cue in text), None)
        if cue:
            return PageKind("paywalled", SEEN, f"it says {cue!r}, and shows {words} words of text")
    return None


def _says(whole: str, cues: tuple[str, ...]) -> bool:
    """Return whether any cue appears on a page. On most pages none does, and single blocks need not be searched."""
    return bool(cues and _ready(cues).find_matches_as_indexes(whole))


@lru_cache(maxsize=8)
def _ready(cues: tuple[str, ...]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(cues)


def _texts(article: Article) -> Iterator[tuple[str, int]]:
    """Yield the blocks that are not all links, folded, each with its number of words."""
    count = counter(article.text)
    for paragraph in article.paragraphs:
        text = fold(paragraph.span.of(article.text)).casefold().removeprefix("- ")
        if 2 * paragraph.link_chars < len(text) or len(text) < 40:
            yield text, count(text)


def _runs(cleaned: Cleaned) -> tuple[int, int, float]:
    """Return the number of headlines of other pages; the largest number of remaining words with none of these between;
    and the share of the remaining words that are beside one."""
    longest = run = 0
    starts = [span.start for span in cleaned.removed]
    count = counter(cleaned.article.text)
    heads: list[int] = []
    left: list[tuple[int, int]] = []
    for number, paragraph in enumerate(cleaned.article.paragraphs):
        text = paragraph.span.of(cleaned.article.text)
        words = count(text)
        if 2 * paragraph.link_chars > len(text):
            if words > HEADLINE:
                heads.append(number)
                run = 0
        elif not _gone(cleaned, starts, paragraph):
            left.append((number, words))
            if words >= SENTENCE and ends_in_stop(text):
                run += words
                longest = max(longest, run)
    beside = {head + step for head in heads for step in (-2, -1, 1, 2)}
    total = sum(words for _, words in left)
    near = sum(words for number, words in left if number in beside)
    return len(heads), longest, near / total if total else 1.0


def _gone(cleaned: Cleaned, starts: list[int], paragraph: Paragraph) -> bool:
    """Return whether a block was removed as a whole."""
    number = bisect_right(starts, paragraph.span.start) - 1
    return number >= 0 and cleaned.removed[number].end >= paragraph.span.end


def _prose(text: str) -> int:
    """Return the number of words in lines that read like text."""
    count = counter(text)
    words = (count(line) for line in text.split("\n") if ends_in_stop(line))
    return sum(each for each in words if each >= SENTENCE)


def _linked(article: Article) -> float:
    """Return the share of a page's characters that are in links."""
    total = sum(p.span.end - p.span.start for p in article.paragraphs)
    return sum(p.link_chars for p in article.paragraphs) / total if total else 0.0
