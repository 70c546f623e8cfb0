"""What can be seen of a paragraph beside its words: length, final mark, surroundings, repetition, shared words.

Computed when asked for and kept for the time of one article; the same article always gives the same facts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from cleaner.fold import fold
from cleaner.model import Article

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
        self._restates: dict[int, float] = {}

    @cached_property
    def _long(self) -> list[int]:
        return [number for number, words in enumerate(self.words) if words > LONG]

    @cached_property
    def _long_rank(self) -> list[int]:
        """For each paragraph, how many long ones stand before it."""
        ranks, rank = [], 0
        long = set(self._long)
        for number in range(len(self.paragraphs)):
            ranks.append(rank)
            rank += number in long
        return ranks

    def in_prose(self, number: int) -> bool:
        """Whether of the nearest long paragraphs more than half end in a final mark (and there are two at least)."""
        rank = self._long_rank[number]
        after = rank + (rank < len(self._long) and self._long[rank] == number)
        near = self._long[max(0, rank - NEAR) : rank] + self._long[after : after + NEAR]
        return len(near) >= 2 and 2 * sum(self.stops[each] for each in near) > len(near)

    @cached_property
    def _plain(self) -> list[str]:
        return [" ".join(_WORD.findall(paragraph.casefold())) for paragraph in self.paragraphs]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for number, plain in enumerate(self._plain):
            if plain:
                places[plain].append(number)
        return places

    def repeats(self, number: int, what: str) -> bool:
        """Whether the paragraph's words are those of the ``headline``, a ``neighbour``, or any other (``article``)."""
        plain = self._plain[number]
        if not plain:
            return False
        if what == "article":
            return len(self._places[plain]) > 1
        if what == "neighbour":
            return plain in self._plain[max(0, number - 1) : number] + self._plain[number + 1 : number + 2]
        titles = [self.article.title] if self.article.title else []
        headline = " ".join(_WORD.findall(fold(titles[0]).casefold())) if titles else self._plain[0] if number else ""
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
