"""Which patterns may match where: all their literals in one Aho-Corasick automaton, one pass over a text.

RE2's ``Set`` was tried first: it notes in each state which patterns have matched so far, so that every new combination
of phrases makes new states, and on 500 patterns and articles not seen before it ran at 0.2 MB/s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick_rs

from cleaner.literals import DIGIT, EDGE, END, LETTERLESS, UP_TO_40, UP_TO_160, Needs, caseless

_CUT = "\2"
_DIGIT = re.compile(r"\d")


def _searched(text: str, length: int) -> tuple[str, int]:
    """What is searched for a caseless paragraph, its text between two ends and once more its edges from letter to
    letter, and its mask. ``length`` is that of the paragraph before its case was folded."""
    mask = DIGIT if _DIGIT.search(text) else 0
    if length <= 160:
        mask |= UP_TO_160 if length > 40 else UP_TO_160 | UP_TO_40
    first, last = text[0].isalpha(), text[-1].isalpha()
    if first and last:
        return f"{END}{text}{END}", mask
    start = next((place for place, character in enumerate(text) if character.isalpha()), -1)
    if start < 0:
        return f"{END}{text}{END}", mask | LETTERLESS
    end = len(text)
    while not text[end - 1].isalpha():
        end -= 1
    if end - start <= 2 * EDGE:
        return f"{END}{text}{END}{text[start:end]}{END}", mask
    head = "" if first else text[start : start + EDGE]
    tail = "" if last else text[end - EDGE : end]
    return f"{END}{text}{END}{head}{_CUT}{tail}{END}", mask


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The literals of many patterns, ready to be looked for in one pass."""

    automaton: Any
    alone: tuple[tuple[int, ...], ...]  # literal -> the patterns for which it is enough
    joint: tuple[tuple[tuple[int, int], ...], ...]  # literal -> patterns that need other groups too, and which this is
    needs: tuple[int, ...]  # pattern -> a bit for each group
    gates: tuple[int, ...]  # pattern -> what it asks of the paragraph beside
    always: tuple[int, ...]  # the patterns that need no literal

    @classmethod
    def of(cls, patterns: Sequence[Needs]) -> Prefilter:
        """Builds the automaton; a pattern's number is its place in ``patterns``."""
        owners: dict[str, list[tuple[int, int]]] = {}
        for number, pattern in enumerate(patterns):
            for bit, group in enumerate(pattern.groups):
                for literal in group:
                    owners.setdefault(literal, []).append((number, 1 << bit))
        needs = tuple((1 << len(pattern.groups)) - 1 for pattern in patterns)
        words = sorted(owners)
        return cls(
            ahocorasick_rs.AhoCorasick(words),
            tuple(tuple(number for number, _ in owners[word] if needs[number] == 1) for word in words),
            tuple(tuple(owner for owner in owners[word] if needs[owner[0]] > 1) for word in words),
            needs,
            tuple(pattern.mask for pattern in patterns),
            tuple(number for number, need in enumerate(needs) if not need),
        )

    def candidates(self, paragraphs: Sequence[str]) -> list[list[int]]:
        """For each paragraph (folded) the numbers of the patterns that may match in it, in rising order."""
        pieces = [_searched(caseless(paragraph), len(paragraph)) for paragraph in paragraphs]
        text = "".join([piece for piece, _ in pieces])
        hits: list[set[int]] = [set() for _ in pieces]
        place, border = -1, 0
        here: set[int] = set()
        for literal, _, end in self.automaton.find_matches_as_indexes(text, overlapping=True):
            while end > border:
                place += 1
                border += len(pieces[place][0])
                here = hits[place]
            here.add(literal)
        return [self._together(found, mask) for found, (_, mask) in zip(hits, pieces, strict=True)]

    def _together(self, hits: Iterable[int], mask: int) -> list[int]:
        absent = ~mask
        gates, needs = self.gates, self.needs
        numbers = [number for number in self.always if not gates[number] & absent]
        met: dict[int, int] = {}
        for literal in hits:
            for number in self.alone[literal]:
                if not gates[number] & absent:
                    numbers.append(number)
            for number, bit in self.joint[literal]:
                met[number] = met.get(number, 0) | bit
        for number, bits in met.items():
            if bits == needs[number] and not gates[number] & absent:
                numbers.append(number)
        return sorted(set(numbers)) if len(numbers) > 1 else numbers
