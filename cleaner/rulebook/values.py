"""Rules and profiles as values, checked and ready to use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cleaner.article.model import Wish
from cleaner.rulebook.profiles import Profile
from cleaner.rulebook.yaml_tree import Source
from cleaner.text.folding import fold

Unit = Literal["match", "sentence", "paragraph", "block"]
Where = Literal["anywhere", "start", "end", "outer"]
UNITS = ("match", "sentence", "paragraph", "block")
PLACES = ("anywhere", "start", "end", "outer")
JOINS = ("next", "previous")
REPEATS = ("headline", "neighbour", "article")


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends included; an open end is infinite.

    >>> 3 in Range(3, 12), 13 in Range(3, 12)
    (True, False)
    """

    least: float
    most: float

    def __contains__(self, value: float) -> bool:
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold of a unit and its surroundings; ``None`` and empty ask nothing. See rules/README.md."""

    words: Range | None = None
    stop: bool | None = None
    around: Literal["prose"] | None = None
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    joined: str | None = None
    repeats: str | None = None
    restates: Range | None = None
    cohesion: Range | None = None
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


NO_CONDITIONS = Conditions()


@dataclass(frozen=True, slots=True)
class Example:
    """A text with ``[[ ]]`` around what must go, and the line it stands on.

    >>> Example("A. [[B.]] C.", 1).plain, Example("A. [[B.]] C.", 1).marks
    ('A. B. C.', ((3, 5),))
    """

    marked: str
    line: int

    @property
    def plain(self) -> str:
        """The text without the marks."""
        return self.marked.replace("[[", "").replace("]]", "")

    @property
    def folded(self) -> str:
        """The text without the marks as patterns see it."""
        return fold(self.plain)

    @property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """The marked spans, as offsets into ``plain``."""
        found = []
        for number, mark in enumerate(re.finditer(r"\[\[(.*?)\]\]", self.marked, re.DOTALL)):
            start = mark.start() - 4 * number
            found.append((start, start + len(mark[1])))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, checked. Patterns are sources; ``compiled`` gives the matcher."""

    id: str
    about: str
    category: str
    languages: tuple[str, ...]
    hosts: tuple[str, ...]
    unit: Unit
    where: Where
    any: tuple[str, ...]
    all: tuple[str, ...]
    unless: tuple[str, ...]
    when: Conditions
    while_: Conditions | None
    until: tuple[str, ...]
    least: int
    most: int
    score: float
    removes: tuple[Example, ...]
    keeps: tuple[Example, ...]
    misses: tuple[Example, ...]
    path: str
    line: int
    own: bool = False
    """Whether it is the user's, who is obeyed, and did not come with the package."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The patterns of which one must match before anything else is asked: ``any``, or else the first of ``all``."""
        return self.any or self.all[:1]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules and profiles of a run."""

    rules: tuple[Rule, ...]
    profiles: Mapping[str, Profile]
    sources: tuple[Source, ...] = ()
    wishes: tuple[Wish, ...] = ()
    """What stays and what goes of the pages of some sites, by CSS selectors."""
