"""What can be seen of a paragraph beside its words: length, final mark, surroundings, repetition, shared words.

Computed when asked for and kept for the time of one article; the same article always gives the same facts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from cleaner.fold import fold
from cleaner.model import Article
from cleaner.patterns import search

# Scripts written without spaces: Thai, Lao, Khmer, Myanmar, kana, Han.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_FINAL = tuple(".!?\u2026\u3002\u061f\u06d4\u0964\u0965\u0589\uff61")
_CLOSING = "\"')]} \u3009\u300d\u300f\u3011\u3015\u200b\u200c\u200d\u200e\u200f\ufeff"
_WORD = re.compile(r"[^\W_]+")
LONG = 12
"""Words from which on a paragraph counts as long: titles and captions of a few words say nothing about final marks."""
NEAR = 5
"""Long paragraphs looked at on either side."""
COMMON = 64
"""Paragraphs from which on a word is common in an article: it ties no two of them together."""


def count_words(text: str) -> int:
    """Words of ``text``; in scripts without spaces two characters count as one.

    >>> count_words("Read more news"), count_words("関連記事を読む")
    (3, 3)
    """
    if text.isascii():
        return len(text.split())
    unspaced = len(_UNSPACED.findall(text))
    if not unspaced:
        return len(text.split())
    return len(_UNSPACED.sub(" ", text).split()) + unspaced // 2


def ends_in_stop(text: str) -> bool:
    """Whether folded ``text`` ends in a sentence's final mark, closing quotes and brackets aside.

    >>> ends_in_stop('He said: "No."'), ends_in_stop("Grain shipments")
    (True, False)
    """
    return text.rstrip(_CLOSING).endswith(_FINAL)


class Facts:
    """The facts of one article's paragraphs, by paragraph number."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = fold(article.text)
        self.paragraphs = [self.text[p.span.start : p.span.end] for p in article.paragraphs]
        unspaced = not article.text.isascii() and _UNSPACED.search(self.text)
        self.words = [count_words(p) if unspaced else len(p.split()) for p in self.paragraphs]
        """How many words each paragraph has."""
        self.stops = [ends_in_stop(paragraph) for paragraph in self.paragraphs]
        """Whether each paragraph ends in a final mark."""
        self.may: dict[str, set[int]] = {}
        """Paragraphs in which a pattern may match, where that is known."""
        self._matches: dict[tuple[str, int], bool] = {}
        self._plain: dict[int, str] = {}
        self._restates: dict[int, float] = {}

    def any_matches(self, patterns: Iterable[str], number: int) -> bool:
        """Whether one of the patterns matches a paragraph; none does where there is no paragraph of that number."""
        if 0 <= number < len(self.paragraphs):
            for pattern in patterns:
                if self.matches(pattern, number):
                    return True
        return False

    def matches(self, pattern: str, number: int) -> bool:
        """Whether a pattern matches a paragraph."""
        may = self.may.get(pattern)
        if may is not None and number not in may:
            return False
        known = self._matches.get((pattern, number))
        if known is None:
            known = self._matches[pattern, number] = search(pattern)(self.paragraphs[number]) is not None
        return known

    @cached_property
    def _ranks(self) -> tuple[list[int], list[int]]:
        """For each paragraph, how many long ones stand before it; for each long one, how many before it end in a
        final mark."""
        ranks, finals = [], [0]
        for words, stop in zip(self.words, self.stops, strict=True):
            ranks.append(len(finals) - 1)
            if words > LONG:
                finals.append(finals[-1] + stop)
        return ranks, finals

    def in_prose(self, number: int) -> bool:
        """Whether of the nearest long paragraphs more than half end in a final mark (and there are two at least)."""
        ranks, finals = self._ranks
        before = ranks[number]
        after = before + (self.words[number] > LONG)
        first, last = max(0, before - NEAR), min(len(finals) - 1, after + NEAR)
        near = before - first + last - after
        return near >= 2 and 2 * (finals[before] - finals[first] + finals[last] - finals[after]) > near

    def _plain_of(self, number: int) -> str:
        plain = self._plain.get(number)
        if plain is None:
            plain = self._plain[number] = " ".join(_WORD.findall(self.paragraphs[number].casefold()))
        return plain

    @cached_property
    def _starts(self) -> list[str]:
        """The first letter or digit of each paragraph; nothing where it stands far from its start."""
        found = (_WORD.search(paragraph[:20].casefold()) for paragraph in self.paragraphs)
        return [match[0][0] if match else "" for match in found]

    def _may_repeat(self, number: int, other: int) -> bool:
        one, two = self._starts[number], self._starts[other]
        return one == two or not one or not two

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for number in range(len(self.paragraphs)):
            if plain := self._plain_of(number):
                places[plain].append(number)
        return places

    def repeats(self, number: int, what: str) -> bool:
        """Whether the paragraph's words are those of the ``headline``, a ``neighbour``, or any other (``article``)."""
        if what == "neighbour":
            return any(
                self._plain_of(number) == self._plain_of(other) != ""
                for other in (number - 1, number + 1)
                if 0 <= other < len(self.paragraphs) and self._may_repeat(number, other)
            )
        plain = self._plain_of(number)
        if not plain:
            return False
        if what == "article":
            return len(self._places[plain]) > 1
        titles = [self.article.title] if self.article.title else []
        headline = (
            " ".join(_WORD.findall(fold(titles[0]).casefold())) if titles else self._plain_of(0) if number else ""
        )
        return bool(headline) and plain == headline

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [_stems(paragraph) for paragraph in self.paragraphs]

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        holders: dict[str, list[int]] = defaultdict(list)
        for number, stems in enumerate(self._stems):
            for stem in stems:
                holders[stem].append(number)
        return holders

    def restates(self, number: int) -> float:
        """The share of the paragraph's rarer words that stand together in one other paragraph."""
        if number not in self._restates:
            shared: Counter[int] = Counter()
            rare = [stem for stem in self._stems[number] if len(self._holders[stem]) <= COMMON]
            for stem in rare:
                shared.update(self._holders[stem])
            del shared[number]
            self._restates[number] = max(shared.values(), default=0) / len(rare) if rare else 0.0
        return self._restates[number]

    def cohesion(self, number: int) -> float:
        """The share of the paragraph's rarer words that stand anywhere else in the article."""
        stems = self._stems[number]
        return sum(len(self._holders[stem]) > 1 for stem in stems) / len(stems) if stems else 0.0


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the longer words, names and numbers; pairs of characters in scripts without spaces."""
    words: Sequence[str] = _WORD.findall(text)
    stems = {word.casefold()[:6] for word in words if len(word) > 3 or (len(word) > 1 and not word.islower())}
    if not text.isascii() and _UNSPACED.search(text):
        stems = {stem for stem in stems if not _UNSPACED.search(stem)}
        for word in words:
            stems.update(word[at : at + 2] for at in range(len(word) - 1) if _UNSPACED.match(word[at]))
    return frozenset(stems)
