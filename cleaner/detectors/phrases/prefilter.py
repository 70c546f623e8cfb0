"""Which patterns may match where: their literals in an Aho-Corasick automaton, one pass over each paragraph.

What costs time is each literal that is found. So of the groups of literals that a pattern needs only the rarest is
looked for, and the others when that one is found.

RE2's ``Set`` was tried first: it notes in each state which patterns have matched so far, so that every new combination
of phrases makes new states, and on 500 patterns and articles not seen before it ran at 0.2 MB/s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import ahocorasick_rs

from cleaner.detectors.phrases.costs import chosen
from cleaner.detectors.phrases.gates import LETTERLESS, told
from cleaner.detectors.phrases.literals import EDGE, END, Needs, caseless

_CUT = "\2"
LOOKED_FOR = 10
"""Characters of a literal that are looked for: more would seldom tell more, and a large automaton is a slow one."""


def _searched(text: str, mask: int) -> tuple[str, int]:
    """What is searched for a caseless paragraph: its text between two ends, and once more its edges from letter to
    letter; and its mask, in which the lack of letters is noted."""
    start, end = 0, len(text)
    if text[0].isalpha() and text[-1].isalpha():
        return f"{END}{text}{END}", mask
    while start < end and not text[start].isalpha():
        start += 1
    if start == end:
        return f"{END}{text}{END}", mask | LETTERLESS
    while not text[end - 1].isalpha():
        end -= 1
    if end - start <= 2 * EDGE:
        return f"{END}{text}{END}{text[start:end]}{END}", mask
    head = text[start : start + EDGE] if start else ""
    tail = text[end - EDGE : end] if end < len(text) else ""
    return f"{END}{text}{END}{head}{_CUT}{tail}{END}", mask


def _caseless(paragraphs: Sequence[str]) -> list[str]:
    together = caseless(END.join(paragraphs)).split(END)
    return together if len(together) == len(paragraphs) else [caseless(paragraph) for paragraph in paragraphs]


class Choice(NamedTuple):
    """What is looked for of a pattern: ``keys``, of which one must be there (none: it is always tried), the mask, and
    ``others``, of each of which a literal must be there, too. Plain values, so that they can be kept."""

    keys: tuple[str, ...]
    mask: int
    others: tuple[tuple[str, ...], ...]


ANYWHERE = Choice((), 0, ())
"""Of a pattern that any paragraph may match."""


def choices(patterns: Sequence[Needs], examples: Iterable[str] = ()) -> list[Choice]:
    """What to look for of each pattern. ``examples``: folded texts that tell which literals are rare."""
    lines = [line for example in examples for line in _caseless(example.split(END)) if line]
    found = []
    for pattern in chosen(patterns, END + END.join(lines) + END):
        keys = {literal[:LOOKED_FOR] for literal in pattern.groups[0]} if pattern.groups else ()
        others = (tuple(sorted(group, key=lambda literal: (len(literal), literal))) for group in pattern.groups[1:])
        found.append(Choice(tuple(sorted(keys)), pattern.mask, tuple(others)))
    return found


_Owner = tuple[int, int, tuple[tuple[str, ...], ...]]
"""A pattern, its mask, and its other groups: of each of them a literal must be there, too."""

MOST_KNOWN = 4096
"""Masks whose patterns are remembered."""


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The literals of many patterns, ready to be looked for."""

    find: Callable[[str, bool], list[tuple[int, int, int]]]  # (text, overlapping) -> literal and place of each hit
    owners: tuple[tuple[_Owner, ...], ...]  # literal -> the patterns of whose rarest group it is
    least: tuple[int, ...]  # literal -> what all of its owners ask
    always: tuple[tuple[int, int], ...]  # the patterns that need no literal, with their masks
    asked: int  # what any of those asks
    _known: dict[int, list[int]] = field(default_factory=dict, compare=False)  # mask -> those of them that it allows

    @classmethod
    def of(cls, patterns: Sequence[Choice]) -> Prefilter:
        """Builds the automaton; a pattern's number is its place in ``patterns``."""
        owners: dict[str, tuple[_Owner, ...]] = {}
        always = []
        for number, (keys, mask, others) in enumerate(patterns):
            owner = ((number, mask, others),)
            for literal in keys:
                owners[literal] = owners[literal] + owner if literal in owners else owner  # most have one
            if not keys:
                always.append((number, mask))
        literals = sorted(owners)
        automaton = ahocorasick_rs.AhoCorasick(literals, implementation=ahocorasick_rs.Implementation.ContiguousNFA)
        found = [owners[literal] for literal in literals]
        return cls(
            automaton.find_matches_as_indexes,
            tuple(found),
            tuple([of[0][1] if len(of) == 1 else reduce(and_, [mask for _, mask, _ in of]) for of in found]),
            tuple(always),
            reduce(or_, [mask for _, mask in always], 0),
        )

    def candidates(self, paragraphs: Sequence[str], masks: Sequence[int] = ()) -> list[list[int]]:
        """For each paragraph (folded) the numbers of the patterns that may match in it, in rising order. ``masks``:
        what else is known of each."""
        found = []
        for text, paragraph, mask in zip(
            _caseless(paragraphs), paragraphs, masks or [0] * len(paragraphs), strict=True
        ):
            found.append(self._candidates(*_searched(text, mask | told(text, len(paragraph)))))
        return found

    def _candidates(self, text: str, mask: int) -> list[int]:
        absent = ~mask
        asked = mask & self.asked
        known = self._known.get(asked)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            known = self._known[asked] = [number for number, asks in self.always if not asks & absent]
        hits = self.find(text, True)
        if not hits:
            return known
        owners, least = self.owners, self.least
        numbers = set()
        for literal in {hit[0] for hit in hits}:
            if not least[literal] & absent:
                for number, asks, others in owners[literal]:
                    if not asks & absent and (not others or _meets(text, others)):
                        numbers.add(number)
        return sorted(numbers.union(known)) if numbers else known


def _meets(text: str, groups: Iterable[Iterable[str]]) -> bool:
    """Whether of each group a literal stands in the text."""
    for group in groups:
        for literal in group:
            if literal in text:
                break
        else:
            return False
    return True
