"""Whether articles are about the same thing: background belongs to a running story, a notice appears with any
article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from cleaner.text.words import stems

RARE = 0.15
"""A word in at most this share of a site's articles indicates a topic."""
COMMON = 3
"""The number of such words that two articles about the same thing have in common."""
LINES = 12
"""The number of paragraphs at the head of an article that indicate its topic."""
PAIRS = 60
"""The number of pairs of articles that are compared."""


class Topics:
    """The rarer words of each article, found on demand."""

    def __init__(self, articles: Sequence[Sequence[str]]) -> None:
        self._articles = articles

    @cached_property
    def _words(self) -> list[frozenset[str]]:
        words = [stems("\n".join(lines[:LINES])) for lines in self._articles]
        often = Counter(word for each in words for word in each)
        most = max(2, RARE * len(words))
        return [frozenset(word for word in each if 1 < often[word] <= most) for each in words]

    @cached_property
    def _usual(self) -> float:
        return self._share(range(len(self._articles)))

    def _share(self, numbers: Sequence[int]) -> float:
        """Return the share of pairs of these articles that have enough rarer words in common."""
        pairs: list[tuple[int, int]] = []
        for step in range(1, len(numbers)):
            pairs += zip(numbers, numbers[step:], strict=False)
            if len(pairs) >= PAIRS:
                break
        return sum(len(self._words[a] & self._words[b]) >= COMMON for a, b in pairs) / max(1, len(pairs))

    def together(self, numbers: Sequence[int]) -> float:
        """Return the share of pairs of these articles that are about the same thing, beyond what is usual; 0 to 1.

        >>> story = ["The Lowell bridge inquiry heard engineer Parkes on girders."]
        >>> other = [[f"A{n}x B{n}x C{n}x D{n}x"] for n in range(40)]
        >>> Topics([story, story, story, *other]).together([0, 1, 2])
        1.0
        """
        usual = self._usual
        return round(max(0.0, self._share(numbers) - usual) / (1 - usual), 3) if usual < 1 else 0.0
