"""Finds the places on a site's pages, by path and names, that hold the site's template, and those with its articles'
text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cleaner.sites.keys import hashed
from cleaner.sites.sample import Where

PAGES = 6
"""The number of pages that must have a place before it counts."""
KINDS = 8
"""The number of different texts of a place that are distinguished."""
OFTEN = 0.6
"""The share of a site's pages that must have the place of its articles' text."""
PURE = 0.3
"""The largest share of a place's texts that may repeat or be links if it is that place."""
TEXT_WORDS = 8
"""The number of words from which a text that does not repeat is an article's own."""

_HEADINGS = (".h1", ".h2", ".h3", ".h4", ".h5", ".h6")


@dataclass(frozen=True, slots=True)
class Place:
    """A place: the number of its ``pages``, of its ``texts``, of ``repeating`` ones, and of the ``kinds`` of these.

    ``body``: whether it holds most of the text of the site's articles.
    """

    pages: int
    texts: int
    repeating: int
    kinds: int
    body: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A line at its place. ``repeats``: the key by which it repeats on the site, if it does."""

    where: Where
    repeats: int | None
    words: int


def key_of(place: str) -> int:
    """Return the key of a place, or of a path."""
    return hashed(f"at {place}")


def path_of(place: str) -> str:
    """Return a place without its names.

    >>> path_of("html.body.div x1 y2")
    'html.body.div'
    """
    return place.partition(" ")[0]


def names_hold(pages: Sequence[Sequence[Seen]]) -> bool:
    """Return whether elements have the same names on all pages of a site. If so, most blocks are at a place that enough
    pages have."""
    often = Counter(place for page in pages for place in {seen.where.place for seen in page})
    here = sum(often[seen.where.place] >= min(PAGES, len(pages)) for page in pages for seen in page)
    return 2 * here >= sum(map(len, pages))


def without_names(pages: Sequence[Sequence[Seen]]) -> list[list[Seen]]:
    """Return the lines with paths in place of their places."""
    return [
        [replace(seen, where=seen.where._replace(place=path_of(seen.where.place))) for seen in page] for page in pages
    ]


def is_heading(path: str) -> bool:
    """Return whether a path, or a place, is that of a heading."""
    return path_of(path).endswith(_HEADINGS)


def body_of(pages: Sequence[Sequence[Seen]]) -> str | None:
    """Return the place of most of the text of a site's articles, if they share one. It is on most pages, holds more
    text that is neither a repeat nor a link than any other place, and little else.
    """
    blocks = Counter(seen.where.place for page in pages for seen in page)
    words: Counter[str] = Counter()
    often: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for page in pages:
        own = [seen for seen in page if _is_own(seen)]
        others.update(seen.where.place for seen in page if seen.repeats is not None or seen.where.linked)
        often.update({seen.where.place for seen in own})
        for seen in own:
            words[seen.where.place] += seen.words
    common = [place for place in words if often[place] >= max(PAGES, OFTEN * len(pages))]
    best = max(common, key=lambda place: (words[place], place), default=None)
    return best if best is not None and others[best] <= PURE * blocks[best] else None


def places_of(pages: Sequence[Sequence[Seen]], body: str | None) -> Mapping[int, Place]:
    """Return the places that enough pages have, by their keys."""
    texts: Counter[int] = Counter()
    repeating: Counter[int] = Counter()
    often: Counter[int] = Counter()
    kinds: dict[int, set[int]] = defaultdict(set)
    for page in pages:
        here = set()
        for seen in page:
            at = key_of(seen.where.place)
            here.add(at)
            texts[at] += 1
            if seen.repeats is not None:
                repeating[at] += 1
                if len(kinds[at]) < KINDS:
                    kinds[at].add(seen.repeats)
        often.update(here)
    main = key_of(body) if body is not None else None
    return {
        at: Place(often[at], texts[at], repeating[at], len(kinds[at]), at == main)
        for at in sorted(often)
        if often[at] >= PAGES
    }


def own_lines(page: Sequence[Seen], body: str | None, *, named: bool) -> Iterator[int]:
    """Yield the numbers of the lines that are an article's own text: those at the place of such text, if the page has
    it, otherwise all that do not repeat. ``named``: whether names are a part of places."""
    found = [at for at, seen in enumerate(page) if seen.repeats is None and seen.words >= TEXT_WORDS]
    if body is not None:
        at_body = [
            at for at in found if (where := page[at].where.place) == body or (not named and path_of(where) == body)
        ]
        found = at_body or found
    yield from found


def _is_own(seen: Seen) -> bool:
    return seen.repeats is None and seen.words >= TEXT_WORDS and not seen.where.linked
