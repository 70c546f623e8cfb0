"""Counts what the articles of a site share from their sketches. Pure; the order makes no difference."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cleaner.sites import keys
from cleaner.sites.duplicates import originals
from cleaner.sites.places import Place, Seen, body_of, key_of, names_hold, own_lines, path_of, places_of, without_names
from cleaner.sites.sample import MOST, Sketch, Where, smallest
from cleaner.sites.times import UNKNOWN, Time, time_of
from cleaner.sites.topics import Topics
from cleaner.text.words import count_words, ends_in_stop

ENOUGH = 6
"""The number of distinct articles below which the counts of a site are ignored."""
LEAST = 3
"""The number of articles that must share a text for it to count as repeating."""
PROSE_WORDS, LONG_WORDS = 12, 16
"""The number of words from which a paragraph is prose: with a final mark at its end, and without."""
RARE = 0.6
"""The largest share of a site's articles in which one story may appear. For a text in more, nobody asks whether these
articles are about the same thing."""
OFTEN = 0.15
"""The share of a site's articles from which a text is skipped when looking for what follows."""
BEHIND = 0.3
"""The share of an article's own paragraphs that must follow a text for the article to continue there."""
BOUND = 0.6
"""The share of the occurrences of two texts in which they must be adjacent to be parts of one block."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A text that repeats. ``articles``: the number of articles that have it, out of ``Counts.articles``. Of these, the
    number that have it ``inside`` their own text, after it (``end``), as part of a longer paragraph (``glued``), and
    ``several`` times. ``block``: the number of texts in its block. ``widest``: the number of articles that have the
    block's most frequent text. ``together``: the share of pairs of its articles that are about the same thing, beyond
    what is usual on the site. ``followed``: the number of articles in which a line that hardly repeats follows it.
    ``on``: the number of these in which the article continues there: that line is prose, and a good part of the
    article's own text follows. ``time``: when its articles were published.
    """

    articles: int
    inside: int = 0
    end: int = 0
    glued: int = 0
    several: int = 0
    block: int = 1
    widest: int = 0
    together: float = 0.0
    followed: int = 0
    on: int = 0
    time: Time = UNKNOWN


@dataclass(frozen=True, slots=True)
class Counts:
    """The repeats of a site by their keys, counted over ``articles`` articles. ``more``: whether the site has more
    articles than that."""

    site: str
    articles: int
    more: bool
    repeats: Mapping[int, Repeat]
    near: Mapping[int, Repeat] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)
    """The places on its pages, by their keys."""
    named: bool = True
    """Whether names are a part of places. On some sites elements have different names on each page."""

    def place(self, place: str) -> Place | None:
        """Return what is known about a place, as ``sample.place`` gives it."""
        return self.places.get(key_of(place if self.named else path_of(place))) if self.places else None

    def of(self, text: str) -> tuple[Repeat, bool] | None:
        """Return what is known about a text, as ``shortened`` gives it, and whether only nearly identical texts
        repeat."""
        key = keys.exact(text)
        if key is None:
            return None
        same = self.repeats.get(key)
        if not self.near or (same is not None and 2 * same.articles > self.articles):
            return (same, False) if same is not None else None
        alike = max(
            (self.near[each] for each in keys.near(text) if each in self.near),
            key=lambda repeat: repeat.articles,
            default=None,
        )
        if same is not None and (alike is None or alike.articles <= 1.5 * same.articles):
            return same, False
        return (alike, True) if alike is not None else None


class Known(Protocol):
    """A source of counts of sites."""

    def of_site(self, site: str) -> Counts | None:
        """Return the counts of a site, if there are any."""


@dataclass(slots=True)
class _Line:
    """A paragraph of a sketch, and its keys."""

    text: str
    words: int
    key: int | None
    near: tuple[int, ...]
    parts: tuple[int, ...]
    where: Where | None = None
    repeats: int | None = None
    """Return the key, exact or near, by which it repeats."""

    def is_prose(self) -> bool:
        """Return whether it reads like a paragraph of an article."""
        return self.words >= (PROSE_WORDS if ends_in_stop(self.text) else LONG_WORDS)

    def seen(self) -> Seen:
        """Return the line at its place. A line of a plain text has none."""
        return Seen(self.where or _NOWHERE, self.repeats, self.words)


_NOWHERE = Where("")


@dataclass(slots=True)
class _Sums:
    articles: int = 0
    inside: int = 0
    end: int = 0
    glued: int = 0
    several: int = 0
    followed: int = 0
    on: int = 0
    holders: list[int] = field(default_factory=list)


def count(site: str, sketches: Iterable[Sketch]) -> Counts:
    """Return what the articles share. ``sketches`` may be in any order."""
    sample = smallest(sketches)
    lines = [_lines(one) for one in sample]
    kept = originals([{line.key: line.words for line in each if line.key is not None} for each in lines])
    articles = [lines[number] for number in kept]
    if len(articles) < ENOUGH:
        return Counts(site, len(articles), False, {})
    exact, near = _repeating(articles)
    for article in articles:
        for line in article:
            if line.key in exact:
                line.repeats = line.key
            else:
                line.repeats = max((k for k in line.near if k in near), key=lambda k: (near[k], k), default=None)
    pages = [[line.seen() for line in article] for article, number in zip(articles, kept, strict=True)
             if sample[number].where]  # fmt: skip
    named = names_hold(pages)
    pages = pages if named else without_names(pages)
    body = body_of(pages) if pages else None
    sums = _summed(articles, exact, near, body, named)
    days = [sample[number].day for number in kept]
    all_days = sorted(day for day in days if day)
    blocks = _blocks(articles)
    topics = Topics([[line.text for line in article if line.repeats is None] for article in articles])
    repeats = {
        key: Repeat(
            one.articles,
            one.inside,
            one.end,
            one.glued,
            one.several,
            len(blocks.get(key, (key,))),
            max(sums[each].articles for each in blocks.get(key, (key,))),
            topics.together(one.holders) if one.articles <= RARE * len(articles) else 0.0,
            one.followed,
            one.on,
            time_of(sorted(days[holder] for holder in one.holders if days[holder]), all_days),
        )
        for key, one in sorted(sums.items())
    }
    return Counts(
        site,
        len(articles),
        len(sample) == MOST,
        {key: repeats[key] for key in sorted(exact) if key in repeats},
        {key: repeats[key] for key in sorted(near) if key in repeats},
        places_of(pages, body),
        named,
    )


def _lines(one: Sketch) -> list[_Line]:
    return [
        _Line(
            text,
            count_words(text),
            keys.exact(text),
            keys.near(text),
            tuple(key for span in keys.sentences(text) if (key := keys.exact(span.of(text))) is not None),
            where,
        )
        for text, where in itertools.zip_longest(one.lines, one.where)
    ]


def _repeating(articles: Sequence[Sequence[_Line]]) -> tuple[set[int], dict[int, int]]:
    """Return the keys that enough articles have, as a whole or as a sentence; and near keys, with their numbers of
    articles."""
    often: Counter[int] = Counter()
    for article in articles:
        often.update({key for line in article for key in (line.key, *line.parts) if key is not None})
    exact = {key for key, number in often.items() if number >= LEAST}
    alike: Counter[int] = Counter()
    kinds: dict[int, set[int]] = defaultdict(set)
    for article in articles:
        alike.update({key for line in article for key in line.near})
        for line in article:
            for key in line.near:
                if line.key is not None and len(kinds[key]) < 2:
                    kinds[key].add(line.key)
    near = {key: number for key, number in alike.items() if number >= LEAST and len(kinds[key]) > 1}
    return exact, near


def _summed(
    articles: Sequence[Sequence[_Line]], exact: set[int], near: Mapping[int, int], body: str | None, named: bool
) -> dict[int, _Sums]:
    sums: dict[int, _Sums] = defaultdict(_Sums)
    often = Counter(key for article in articles for key in {line.repeats for line in article} if key is not None)
    for number, article in enumerate(articles):
        own = [*own_lines([line.seen() for line in article], body, named=named)]
        begin, end = (own[0], own[-1]) if own else (len(article), -1)
        behind = _behind(article, often, OFTEN * len(articles))
        seen: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for at, line in enumerate(article):
            for key in {line.key, *line.near} - {None}:
                if key in exact or key in near:
                    seen[key].append((at, False))  # type: ignore[index]
            if line.repeats is None:
                for key in set(line.parts):
                    if key in exact:
                        seen[key].append((at, True))
        for key, places in seen.items():
            one = sums[key]
            one.articles += 1
            one.inside += any(begin < at < end for at, _ in places)
            one.end += all(at > end for at, _ in places)
            one.glued += all(glued for _, glued in places)
            one.several += len(places) > 1
            at = places[-1][0]
            if (after := behind[at]) is not None:
                one.followed += 1
                one.on += after.is_prose() and len(own) - bisect_right(own, at) >= BEHIND * len(own)
            one.holders.append(number)
    return sums


def _behind(article: Sequence[_Line], often: Mapping[int, int], least: float) -> list[_Line | None]:
    """Return for each line the next line that is in fewer than ``least`` articles."""
    found: list[_Line | None] = []
    next_own: _Line | None = None
    for line in reversed(article):
        found.append(next_own)
        if line.repeats is None or often[line.repeats] < least:
            next_own = line
    return found[::-1]


def _blocks(articles: Sequence[Sequence[_Line]]) -> dict[int, tuple[int, ...]]:
    """Return the keys of each block of several adjacent texts, by each of its keys."""
    alone: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    for article in articles:
        alone.update({line.repeats for line in article if line.repeats is not None})
        beside = {
            (min(one.repeats, other.repeats), max(one.repeats, other.repeats))
            for one, other in itertools.pairwise(article)
            if one.repeats is not None and other.repeats is not None and one.repeats != other.repeats
        }
        pairs.update(beside)
    root: dict[int, int] = {}

    def find(key: int) -> int:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for (one, other), number in sorted(pairs.items()):
        if number >= LEAST and number >= BOUND * max(alone[one], alone[other]):
            low, high = sorted((find(one), find(other)))
            root[high] = low
    blocks: dict[int, list[int]] = defaultdict(list)
    for key in sorted(root):
        blocks[find(key)].append(key)
    return {key: tuple(keys) for keys in blocks.values() if len(keys) > 1 for key in keys}
