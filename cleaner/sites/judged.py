"""Combines what people said about the texts of a site with its counts: texts of the article give no rule, marked texts
do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cleaner.sites import keys
from cleaner.sites.counts import Repeat
from cleaner.sites.listing import Listed
from cleaner.sites.says import Verdict

AGAIN = 2
"""The number of articles in which people must have marked a text before a rule is proposed for it."""

MARKED = 0.9
"""The score of a rule for a text that people marked."""


@dataclass(slots=True)
class Judged:
    """Texts by their keys: how often people called each of them article, or boilerplate of a category."""

    article: Counter[int] = field(default_factory=Counter)
    boilerplate: dict[int, Counter[str]] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    def add(self, lines: Iterable[tuple[str, str | None]]) -> None:
        """Add the lines of an article: folded texts, each with its category, or ``None`` for the article's own text."""
        seen = set()
        for line, category in lines:
            text = keys.shortened(line)
            key = keys.exact(text)
            if key is None or key in seen:
                continue
            seen.add(key)
            self.texts.setdefault(key, text)
            if category is None:
                self.article[key] += 1
            else:
                self.boilerplate.setdefault(key, Counter())[category] += 1

    def category(self, text: str) -> str | None:
        """Return the category that people gave to a text, if they called it boilerplate."""
        key = keys.exact(text)
        found = self.boilerplate.get(key) if key is not None else None
        return max(sorted(found), key=lambda name: found[name]) if found else None

    def over(self, listed: Iterable[Listed]) -> list[Listed]:
        """Return the listed texts of a site without those that people call article, and with those they marked."""
        found = []
        known = set()
        for one in listed:
            key = keys.exact(one.text)
            marks, against = self._votes(key)
            known.add(key)
            if against >= marks and against:
                continue
            found.append(replace(one, said=Verdict(MARKED), near=False) if marks else one)
        for key in sorted(self.boilerplate.keys() - known, key=self.texts.__getitem__):
            marks, against = self._votes(key)
            if marks >= AGAIN and marks > against:
                found.append(Listed(self.texts[key], Repeat(marks), Verdict(MARKED), near=False, part=False))
        return found

    def _votes(self, key: int | None) -> tuple[int, int]:
        if key is None:
            return 0, 0
        return self.boilerplate.get(key, Counter()).total(), self.article[key]
