"""What the articles of a site share: counted from their sketches. Pure, and the same in any order."""

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
"""Articles that a site must have, each counted once, for what they share to mean anything."""
LEAST = 3
"""Articles that must share a text for it to repeat."""
PROSE_WORDS, LONG_WORDS = 12, 16
"""Words from which a paragraph that ends in a final mark is prose, and one that doesn't."""
RARE = 0.6
"""The most of a site's articles that may have a text for it to be asked whether they are about the same thing: no story
is in more."""
OFTEN = 0.15
"""The share of a site's articles that must have a text for it to be passed over where it is asked what comes next."""
BEHIND = 0.3
"""The share of an article's own paragraphs that must stand behind a text for the article to go on there."""
BOUND = 0.6
"""How often two texts must stand beside each other, of the times that either is there, to be parts of one block."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A text that repeats. ``articles``: how many have it, of ``Counts.articles``. Of these articles, how many have it

    ``inside`` their own text, behind it (``end``), in a paragraph of more than it (``glued``), and ``several`` times.
    ``block``: the texts of the block that it is a part of; ``widest``: how many articles have the block's commonest.
    ``together``: of pairs of its articles, the share that is about the same thing, beyond what is usual on the site.
    ``followed``: in how many a line that hardly repeats comes behind it; ``on``: in how many of these the article goes
    on there: that line is prose, and a good part of the article's own text stands behind.
    ``time``: when its articles came out.
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
    """The repeats of a site by their keys, of ``articles`` that were looked at. ``more``: the site has others."""

    site: str
    articles: int
    more: bool
    repeats: Mapping[int, Repeat]
    near: Mapping[int, Repeat] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)
    """The places of its pages, by their keys."""
    named: bool = True
    """Whether names are a part of places: on some sites elements have other names on each page."""

    def place(self, place: str) -> Place | None:
        """What is known of a place, as ``sample.place`` gives it."""
        return self.places.get(key_of(place if self.named else path_of(place))) if self.places else None

    def of(self, text: str) -> tuple[Repeat, bool] | None:
        """What is known of a text, as ``shortened`` gives it, and whether only texts nearly the same repeat."""
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
    """Where the counts of sites are looked up."""

    def of_site(self, site: str) -> Counts | None:
        """What is known of a site."""


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
    """The key, exact or near, by which it repeats."""

    def is_prose(self) -> bool:
        """Whether it reads like a paragraph of an article."""
        return self.words >= (PROSE_WORDS if ends_in_stop(self.text) else LONG_WORDS)

    def seen(self) -> Seen:
        """The line at its place; one of a text has none."""
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
    """What the articles share. ``sketches`` may be in any order."""
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
    """The keys that enough articles have, whole or as a sentence; and near keys, with how many articles have them."""
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
    """For each line the next one behind it that is in fewer than ``least`` articles."""
    found: list[_Line | None] = []
    next_own: _Line | None = None
    for line in reversed(article):
        found.append(next_own)
        if line.repeats is None or often[line.repeats] < least:
            next_own = line
    return found[::-1]


def _blocks(articles: Sequence[Sequence[_Line]]) -> dict[int, tuple[int, ...]]:
    """The keys of each block of several texts that stand together, by each key of it."""
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
