"""The words in class names and ids, and the groups that they belong to (rules/markup/words.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_WORD = re.compile(r"[a-z]+[0-9]?")


class Groups:
    """The groups of words in class names and ids, compiled to one pattern."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._of_word = {word: name for name, group in words.items() for word in group}
        longest_first = sorted(self._of_word, key=len, reverse=True)
        self._pattern = re.compile("-(" + "|".join(map(re.escape, longest_first)) + ")(?=-)") if longest_first else None
        self.of = lru_cache(maxsize=20_000)(self._of)

    def _of(self, classes: str) -> frozenset[str]:
        """The groups that a text of class and id words belongs to.

        >>> sorted(Groups({"share": ["share"], "related": ["read-more"]}).of("postShareBar read_more"))
        ['related', 'share']
        """
        if self._pattern is None:
            return frozenset()
        name = "-" + "-".join(_NAME_WORD.findall(_HUMP.sub(" ", classes).lower())) + "-"
        return frozenset(self._of_word[found] for found in self._pattern.findall(name))
