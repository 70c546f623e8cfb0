"""How many of a paragraph's rarer words stand elsewhere in the article, or together in one other paragraph."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, chain

from cleaner.text.words import STEM, UNSPACED, stems

COMMON = 64
"""A word in at least so many paragraphs is common in an article: it ties no two of them together."""

MANY = 256
"""In at most so many paragraphs it costs less to look for single stems than to find all."""


class Shared:
    """The stems of one article's folded paragraphs.

    Few paragraphs are asked about, so a stem is looked for in the text, and the stems of a paragraph are told when it
    matters. That works where case folding keeps lengths (``ß`` aside) and words have spaces between; elsewhere, and in
    articles of many paragraphs, all stems are told first.
    """

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs
        self._plain = [paragraph.casefold() for paragraph in paragraphs]
        self._text = "\n".join(self._plain) + "\n"
        self._starts = list(accumulate((len(plain) + 1 for plain in self._plain), initial=0))
        text = "\n".join(paragraphs)
        longer = len(self._text) - 1 - len(text)
        self._simple = (
            len(paragraphs) <= MANY
            and longer == text.count("\u00df") + text.count("\u1e9e")
            and (text.isascii() or not UNSPACED.search(text))
        )
        self._known: dict[int, frozenset[str]] = {}

    def cohesion(self, number: int) -> float:
        """The share of a paragraph's stems that stand in another one."""
        found = self._stems(number)
        if not found:
            return 0.0
        if self._simple:
            return sum([self._elsewhere(stem, number) for stem in found]) / len(found)
        return sum([self._counts[stem] > 1 for stem in found]) / len(found)

    def restates(self, number: int, least: float) -> float:
        """The share of a paragraph's rarer stems that stand together in one other paragraph, if it is ``least``."""
        found = self._stems(number)
        common = len(self._paragraphs) > COMMON and any(self._text.count(stem) > COMMON for stem in found)
        if common or not self._simple:
            return self._together(number)
        most = 0
        for other, plain in enumerate(self._plain):
            # A stem is a part of its word, so the parts that are found are never fewer than the stems.
            upper = sum([stem in plain for stem in found]) if other != number else 0
            if upper > most and upper / len(found) >= least:
                most = max(most, len(found & self._stems(other)))
        return most / len(found) if found else 0.0

    def _elsewhere(self, stem: str, number: int) -> bool:
        text, size = self._text, len(stem)
        first, last = self._starts[number], self._starts[number + 1]
        place = text.find(stem)
        while place >= 0:
            if first <= place < last:
                place = text.find(stem, last)
                continue
            if (not place or not text[place - 1].isalnum()) and (size == STEM or not text[place + size].isalnum()):
                # A short word counts by its case, and so does one that folding made longer.
                if size > 3 and "ss" not in stem:
                    return True
                if stem in self._stems(bisect_right(self._starts, place) - 1):
                    return True
            place = text.find(stem, place + 1)
        return False

    def _together(self, number: int) -> float:
        rare = [stem for stem in self._stems(number) if self._counts[stem] <= COMMON]
        shared: Counter[int] = Counter()
        for stem in rare:
            shared.update(self._holders[stem])
        del shared[number]
        return max(shared.values(), default=0) / len(rare) if rare else 0.0

    def _stems(self, number: int) -> frozenset[str]:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = stems(self._paragraphs[number])
        return known

    @cached_property
    def _counts(self) -> Counter[str]:
        """In how many paragraphs each stem stands."""
        return Counter(chain.from_iterable(map(self._stems, range(len(self._paragraphs)))))

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        """The paragraphs of the rarer stems that stand in several."""
        rare = {stem for stem, count in self._counts.items() if 1 < count <= COMMON}
        holders: dict[str, list[int]] = defaultdict(list)
        for number in range(len(self._paragraphs)):
            for stem in self._stems(number) & rare:
                holders[stem].append(number)
        return holders
