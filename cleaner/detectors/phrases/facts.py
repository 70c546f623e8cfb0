"""What can be seen of a paragraph beside its words: length, final mark, surroundings, repetition, shared words.

Computed when asked for and kept for the time of one article; the same article always gives the same facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from cleaner.rulebook.patterns import search
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.shared_words import Shared
from cleaner.text.words import WORD

LONG = 12
"""Words of the shortest paragraph that counts as long: shorter ones say nothing about final marks."""
PATIENCE = 2
"""Paragraphs on which a rule may take too long before it is left out of the rest of the article."""
NEAR = 5
"""Long paragraphs looked at on either side."""


def _first(paragraph: str) -> str:
    start = paragraph[:1]
    if start.isascii() and start.isalnum():
        return start.lower()
    match = WORD.search(paragraph[:20].casefold())
    return match[0][0] if match else ""


class Facts:
    """The facts of one article's paragraphs, by paragraph number."""

    def __init__(self, seen: ArticleFacts) -> None:
        self.article, self.text = seen.article, seen.article.text
        self.paragraphs, self.words, self.stops = seen.texts, seen.words, seen.stops
        self.may: dict[str, set[int]] = {}
        """Paragraphs in which a pattern may match, where that is known."""
        self.left_out: dict[str, dict[int, str]] = {}
        """Rules that took too long, with the paragraphs that they were left out of, and why."""
        self.block_ends: dict[str, int] = {}
        """The last paragraph that a block of each rule covers so far."""
        self._matches: dict[tuple[str, int], bool] = {}
        self._plain: dict[int, str] = {}
        self._restates: dict[tuple[int, float], float] = {}

    def give_up(self, rule: str, number: int, reason: str) -> None:
        """Leave a rule out of a paragraph."""
        self.left_out.setdefault(rule, {})[number] = reason

    def gave_up(self, rule: str, number: int) -> bool:
        """Whether a rule is left out of a paragraph: it took too long there, or in several before it."""
        where = self.left_out.get(rule, ())
        return number in where or len(where) >= PATIENCE

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
    def prose(self) -> list[bool]:
        """For each paragraph, whether of the nearest long ones more than half end in a final mark (and there are two at
        least)."""
        finals = [0]  # for each long paragraph, how many before it end in a final mark
        for words, stop in zip(self.words, self.stops, strict=True):
            if words > LONG:
                finals.append(finals[-1] + stop)
        found, before, most = [], 0, len(finals) - 1
        for words in self.words:
            after = before + (words > LONG)
            first, last = max(0, before - NEAR), min(most, after + NEAR)
            near = before - first + last - after
            found.append(near >= 2 and 2 * (finals[before] - finals[first] + finals[last] - finals[after]) > near)
            before = after
        return found

    def in_prose(self, number: int) -> bool:
        """Whether the long paragraphs around one end in final marks."""
        return self.prose[number]

    def _plain_of(self, number: int) -> str:
        plain = self._plain.get(number)
        if plain is None:
            plain = self._plain[number] = " ".join(WORD.findall(self.paragraphs[number].casefold()))
        return plain

    @cached_property
    def _starts(self) -> list[str]:
        """The first letter or digit of each paragraph; nothing where it stands far from its start."""
        return [_first(paragraph) for paragraph in self.paragraphs]

    @cached_property
    def twins(self) -> list[bool]:
        """For each paragraph, whether it may repeat a neighbour: whether it begins with the same letter as one."""
        starts = self._starts
        like = [one == other or not one or not other for one, other in pairwise(starts)]
        return [before or after for before, after in zip([False, *like], [*like, False], strict=True)] if starts else []

    def _same(self, number: int, other: int) -> bool:
        """Whether two neighbours have the same words, and have any."""
        starts = self._starts
        if not 0 <= other < len(starts) or starts[number] != starts[other] != "" != starts[number]:
            return False
        return self._plain_of(number) == self._plain_of(other) != ""

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for number in range(len(self.paragraphs)):
            if plain := self._plain_of(number):
                places[plain].append(number)
        return places

    def joined(self, one: int, other: int) -> bool:
        """Whether two neighbours stand in one line with nothing between them."""
        first, second = sorted((one, other))
        if first < 0 or second >= len(self.paragraphs):
            return False
        return self.article.paragraphs[first].span.end == self.article.paragraphs[second].span.start

    def repeats(self, number: int, what: str) -> bool:
        """Whether the paragraph's words are those of the ``headline``, a ``neighbour``, or any other (``article``)."""
        if what == "neighbour":
            return self._same(number, number - 1) or self._same(number, number + 1)
        plain = self._plain_of(number)
        if not plain:
            return False
        if what == "article":
            return len(self._places[plain]) > 1
        title = self.article.title
        headline = " ".join(WORD.findall(title.casefold())) if title else self._plain_of(0) if number else ""
        return bool(headline) and plain == headline

    def restates(self, number: int, least: float = 0.0) -> float:
        """The share of the paragraph's rarer words that stand together in one other paragraph; nothing where it is
        sure to be under ``least``."""
        if (number, least) not in self._restates:
            self._restates[number, least] = self._words_of_all.restates(number, least)
        return self._restates[number, least]

    def cohesion(self, number: int) -> float:
        """The share of the paragraph's rarer words that stand anywhere else in the article."""
        return self._words_of_all.cohesion(number)

    @cached_property
    def _words_of_all(self) -> Shared:
        return Shared(self.paragraphs)
