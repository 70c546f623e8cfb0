"""The words in class names and ids, and the groups that they belong to (rules/markup/words.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_WORD = re.compile(r"[a-z]+[0-9]?")


class Groups:
    """The groups of words in class names and ids, ready to be looked up."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self.of_word = {word: name for name, group in words.items() for word in group}
        self._longest: dict[str, int] = {}  # a name's first word -> of how many words such a name is at most
        for name in self.of_word:
            first, *rest = name.split("-")
            self._longest[first] = max(1 + len(rest), self._longest.get(first, 1))
        self.of = lru_cache(maxsize=20_000)(self._of)

    def _of(self, classes: str) -> frozenset[str]:
        """The groups that a text of class and id words belongs to.

        >>> sorted(Groups({"share": ["share"], "related": ["read-more"]}).of("postShareBar read_more"))
        ['related', 'share']
        """
        words = _NAME_WORD.findall(_HUMP.sub(" ", classes).lower())
        found, at = set(), 0
        while at < len(words):
            taken = 1
            for many in range(self._longest.get(words[at], 0), 0, -1):  # the longest name counts
                group = self.of_word.get("-".join(words[at : at + many]))
                if group is not None:
                    found.add(group)
                    taken = min(many, len(words) - at)
                    break
            at += taken
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The category of each group of names and of each element, from rules/markup/words.yaml."""

    groups: Groups
    of_group: Mapping[str, str] = field(default_factory=dict)
    of_tag: Mapping[str, str] = field(default_factory=dict)
