"""Which patterns may match where: all their literals in one Aho-Corasick automaton, one pass over a text.

RE2's ``Set`` was tried first: it notes in each state which patterns have matched so far, so that every new combination
of phrases makes new states, and on 500 patterns and articles not seen before it ran at 0.2 MB/s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import Any

import ahocorasick_rs

from cleaner.asks import LETTERLESS, NEVER, told
from cleaner.literals import EDGE, END, Needs, caseless
from cleaner.rarity import chosen

_CUT = "\2"


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


_Owner = tuple[int, int, tuple[frozenset[int], ...]]
"""A pattern, its mask, and its other groups: of each of them a literal must be there, too."""


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The literals of many patterns, ready to be looked for in one pass."""

    automaton: Any
    owners: tuple[tuple[_Owner, ...], ...]  # literal -> the patterns of whose rarest group it is
    least: tuple[int, ...]  # literal -> what all of its owners ask; what nothing meets where there are none
    always: tuple[tuple[int, int], ...]  # the patterns that need no literal, with their masks
    asked: int  # what any of those asks
    _known: dict[int, list[int]] = field(default_factory=dict, compare=False)  # mask -> those of them that it allows

    @classmethod
    def of(cls, patterns: Sequence[Needs], examples: Iterable[str] = ()) -> Prefilter:
        """Builds the automaton; a pattern's number is its place in ``patterns``. ``examples``: folded texts that tell
        which literals are rare."""
        lines = [line for example in examples for line in _caseless(example.split(END)) if line]
        patterns = chosen(patterns, END + END.join(lines) + END)
        literals = sorted({literal for pattern in patterns for group in pattern.groups for literal in group})
        numbers = {literal: number for number, literal in enumerate(literals)}
        owners: list[list[_Owner]] = [[] for _ in literals]
        for number, pattern in enumerate(patterns):
            if pattern.groups:
                rarest, *others = (frozenset(map(numbers.__getitem__, group)) for group in pattern.groups)
                for literal in rarest:
                    owners[literal].append((number, pattern.mask, tuple(others)))
        always = tuple((number, pattern.mask) for number, pattern in enumerate(patterns) if not pattern.groups)
        return cls(
            ahocorasick_rs.AhoCorasick(literals, implementation=ahocorasick_rs.Implementation.ContiguousNFA),
            tuple(map(tuple, owners)),
            tuple(reduce(and_, (mask for _, mask, _ in found)) if found else NEVER for found in owners),
            always,
            reduce(or_, (mask for _, mask in always), 0),
        )

    def candidates(self, paragraphs: Sequence[str], masks: Sequence[int] = ()) -> list[list[int]]:
        """For each paragraph (folded) the numbers of the patterns that may match in it, in rising order. ``masks``:
        what else is known of each."""
        pieces = [
            _searched(text, mask | told(text, len(paragraph)))
            for text, paragraph, mask in zip(
                _caseless(paragraphs), paragraphs, masks or [0] * len(paragraphs), strict=True
            )
        ]
        hits: list[set[int]] = []
        here: set[int] = set()
        border = 0
        borders = accumulate([len(piece) for piece, _ in pieces])
        text = "".join([piece for piece, _ in pieces])
        for literal, _, end in self.automaton.find_matches_as_indexes(text, overlapping=True):
            while end > border:
                border = next(borders)
                here = set()
                hits.append(here)
            here.add(literal)
        hits += [set()] * (len(pieces) - len(hits))
        return [self._together(found, mask) for found, (_, mask) in zip(hits, pieces, strict=True)]

    def _together(self, hits: set[int], mask: int) -> list[int]:
        absent = ~mask
        asked = mask & self.asked
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = [number for number, asks in self.always if not asks & absent]
        if not hits:
            return known
        numbers = known.copy()
        for literal in hits:
            if self.least[literal] & absent:
                continue
            for number, asks, others in self.owners[literal]:
                if not asks & absent:
                    for group in others:
                        if hits.isdisjoint(group):
                            break
                    else:
                        numbers.append(number)
        return sorted(set(numbers)) if len(numbers) > len(known) else numbers
