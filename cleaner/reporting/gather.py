"""A run counted in two looks over its logs, in memory that does not grow with its articles.

The first look knows articles: what each site and language lost. It says which sites are worth samples; the second look
takes those, and samples of categories, rules and languages, from the removed spans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cleaner.reporting.outliers import FEWEST, outliers
from cleaner.reporting.samples import Lowest, digest
from cleaner.text.words import count_words

P = TypeVar("P")

SCATTER = 2654435761
"""A digest times this, modulo 2³², draws other texts than the digest itself does (Knuth's multiplicative hash)."""

BINS = 20
"""Bars of a histogram of shares or scores."""

DOUBTFUL, DRAWN = 6, 4
"""Samples of a category: those with the lowest scores, and some drawn from all."""

OF_RULE, OF_LANGUAGE, OF_SITE = 2, 4, 3
"""Samples of a rule, a language and a site."""

RULES, LANGUAGES, SITES = 150, 30, 20
"""Rules and languages with samples, by what they removed; sites, by how far they are out, and as many by size."""

ARTICLES = 50
"""Articles that lost most."""

COUNTED = 2000
"""Articles whose words are counted; of a larger run the words are estimated from as many."""

HEAD, TAIL = 320, 120
"""Characters of a longer span that are shown from its beginning and its end."""


@dataclass(slots=True)
class Loss:
    """What articles lost: how many there are, how many lost anything, and their characters before and gone."""

    articles: int = 0
    touched: int = 0
    spans: int = 0
    characters: int = 0
    removed: int = 0

    def add(self, spans: int, characters: int, removed: int) -> None:
        """Count an article."""
        self.articles += 1
        self.touched += removed > 0
        self.spans += spans
        self.characters += characters
        self.removed += removed

    @property
    def share(self) -> float:
        """Removed characters of all, 0 to 1."""
        return self.removed / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class Loser(Generic[P]):
    """An article that lost much."""

    article: str
    place: P
    language: str
    site: str
    characters: int
    removed: int
    status: str


@dataclass(frozen=True, slots=True)
class Sample(Generic[P]):
    """A removed span. ``at``: where it was, as an offset into the clean text at ``place``; ``text`` may be cut short.

    ``text`` is ``None`` where the log holds offsets alone.
    """

    article: str
    place: P
    at: int
    language: str
    site: str
    start: int
    end: int
    category: str
    rule: str
    detector: str
    score: float
    reason: str
    text: str | None


@dataclass(slots=True)
class FirstLook(Generic[P]):
    """What the lines of ``articles.jsonl`` come to."""

    total: Loss = field(default_factory=Loss)
    sites: dict[str, Loss] = field(default_factory=dict)
    languages: dict[str, Loss] = field(default_factory=dict)
    shares: list[int] = field(default_factory=lambda: [0] * BINS)
    losers: Lowest[Loser[P]] = field(default_factory=lambda: Lowest(ARTICLES))
    counted: Lowest[P] = field(default_factory=lambda: Lowest(COUNTED))

    def add(self, place: P, record: Mapping[str, Any], site: str) -> None:
        """Count an article. ``site``: its name, or what stands for none."""
        article, characters, removed = record["article"], record["characters"], record["removed_characters"]
        language = record.get("language") or "und"
        spans = record["removed_spans"]
        of_site, of_language = self.sites.get(site), self.languages.get(language)
        if of_site is None:
            of_site = self.sites[site] = Loss()
        if of_language is None:
            of_language = self.languages[language] = Loss()
        for loss in (self.total, of_site, of_language):
            loss.add(spans, characters, removed)
        share = removed / characters if characters else 0.0
        self.shares[min(int(share * BINS), BINS - 1)] += 1
        key = digest(article)
        if key <= self.counted.limit:
            self.counted.add((key, 0), hash_of_place(article, place), place)
        if removed and -share * removed <= self.losers.limit:
            loser = Loser(article, place, language, site, characters, removed, record["status"])
            self.losers.add((-share * removed, key), hash_of_place(article, place), loser)

    def site_outliers(self, no_site: str) -> tuple[float, dict[str, float]]:
        """The median share of the sites with enough articles, and those far from it (see ``outliers``)."""
        shares = {n: s.share for n, s in self.sites.items() if s.articles >= FEWEST and n != no_site and s.characters}
        return outliers(shares)


def hash_of_place(article: str, place: object) -> int:
    """What tells articles from one another: two may have one id, in two tables."""
    return digest(f"{article}\0{place!r}")


def largest(groups: Mapping[str, Any], size: str, most: int) -> list[str]:
    """The names of the ``most`` groups with the highest ``size``, largest first."""
    return sorted(groups, key=lambda name: (-_size(groups[name], size), name))[:most]


def _size(group: Any, size: str) -> int:
    value = group.get(size, 0) if isinstance(group, Mapping) else getattr(group, size)
    return value if isinstance(value, int) else 0


@dataclass(slots=True)
class SecondLook(Generic[P]):
    """What the removed spans come to: their scores, their words, and samples."""

    rules: Mapping[str, Lowest[Sample[P]]]
    languages: Mapping[str, Lowest[Sample[P]]]
    sites: Mapping[str, Lowest[Sample[P]]]
    doubtful: dict[str, Lowest[Sample[P]]] = field(default_factory=dict)
    drawn: dict[str, Lowest[Sample[P]]] = field(default_factory=dict)
    scores: list[int] = field(default_factory=lambda: [0] * BINS)
    words: int = 0
    wordless: int = 0
    """Characters of spans that were logged without their text."""
    tokens: Callable[[str], int] | None = None
    """Counts tokens, in the spans of the articles at ``measured`` alone: it takes too long for all."""
    measured: frozenset[P] = frozenset()
    token_sum: int = 0
    token_characters: int = 0

    @classmethod
    def of(cls, rules: Iterable[str], languages: Iterable[str], sites: Iterable[str]) -> SecondLook[P]:
        """A look that takes samples of these rules, languages and sites, and of every category."""
        return cls(
            {name: Lowest(OF_RULE) for name in rules},
            {name: Lowest(OF_LANGUAGE) for name in languages},
            {name: Lowest(OF_SITE) for name in sites},
        )

    def add(self, place: P, record: Mapping[str, Any], site: str, spans: Sequence[Mapping[str, Any]]) -> None:
        """Take the spans of an article."""
        gone = 0
        measured = self.tokens is not None and place in self.measured
        of_article = [self.languages.get(record.get("language") or "und"), self.sites.get(site)]
        for span in spans:
            start, end, score, text, category = (
                *(span["start"], span["end"], span["score"]),
                *(span["text"], span["category"]),
            )
            self.scores[max(0, min(int(score * BINS), BINS - 1))] += 1
            if text is None:
                self.wordless += end - start
                same = digest(f"{record['article']} {start}")
            else:
                self.words += count_words(text)
                same = digest(text)
                if measured:
                    self._measure(text)
            doubtful, drawn = self.doubtful.get(category), self.drawn.get(category)
            if doubtful is None or drawn is None:
                doubtful, drawn = self.doubtful[category], self.drawn[category] = Lowest(DOUBTFUL), Lowest(DRAWN)
            takers = [
                one
                for one in (doubtful, self.rules.get(span["rule"] or span["detector"]), *of_article)
                if one is not None and score <= one.limit and one.wants((score, same))
            ]
            chance = same * SCATTER % 2**32
            if takers or chance <= drawn.limit:
                sample = self._sample(place, record, site, span, start - gone)
                for one in takers:
                    one.add((score, same), same, sample)
                drawn.add((chance, 0), same, sample)
            gone += end - start

    def _measure(self, text: str) -> None:
        if self.tokens is not None:
            self.token_sum += self.tokens(text)
            self.token_characters += len(text)

    def _sample(self, place: P, record: Mapping[str, Any], site: str, span: Mapping[str, Any], at: int) -> Sample[P]:
        return Sample(
            article=record["article"],
            place=place,
            at=at,
            language=record.get("language") or "und",
            site=site,
            start=span["start"],
            end=span["end"],
            category=span["category"],
            rule=span["rule"] or span["detector"],
            detector=span["detector"],
            score=span["score"],
            reason=span["reason"],
            text=None if span["text"] is None else shortened(span["text"]),
        )

    def samples(self) -> Iterator[Sample[P]]:
        """All samples, some of them several times."""
        every = [*self.rules.values(), *self.languages.values(), *self.sites.values()]
        for lowest in [*every, *self.doubtful.values(), *self.drawn.values()]:
            yield from (sample for _, sample in lowest.items())


def shortened(text: str, head: int = HEAD, tail: int = TAIL) -> str:
    """A long text without its middle.

    >>> shortened("a" * 9 + "b" * 9, 3, 2)
    'aaa […] bb'
    """
    return text if len(text) <= head + tail + 5 else f"{text[:head]} […] {text[-tail:]}"


def around(clean: str, at: int, size: int) -> tuple[str, str]:
    """What stays before and after a place of a clean text, at most ``size`` characters of each, whole words.

    >>> around("It rained all day. It was cold.", 19, 12)
    ('… all day. ', 'It was cold.')
    """
    before, after = clean[max(0, at - size) : at], clean[at : at + size]
    if at > size:
        before = "… " + before.partition(" ")[2]
    if at + size < len(clean):
        after = after.rpartition(" ")[0] + " …"
    return before, after
