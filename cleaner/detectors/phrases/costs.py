"""Which of the groups of literals that a pattern needs are worth looking for.

The rules' own examples tell which literals are rare: news and boilerplate in the languages of the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import ahocorasick_rs

from cleaner.detectors.phrases.gates import LENGTHS, LETTERLESS
from cleaner.detectors.phrases.literals import Group, Needs, rarity

PARAGRAPH = 135
"""The number of characters in a typical paragraph."""
DOUBT = 3
"""The guess from a literal's length counts as much as this many sample paragraphs."""
HIT, CANDIDATE, LITERAL, LOOK = 0.4, 8.0, 2e-5, 0.06
"""Costs in microseconds: of one hit of a literal, of searching with a pattern, of keeping a literal in the automaton,
and of looking for one literal in a text."""
MOST_GROUPS = 3


def chosen(patterns: Sequence[Needs], sample: str) -> list[Needs]:
    """The patterns with those of their groups that make them cheapest to look for, the rarest first, by what
    ``sample`` holds: caseless paragraphs between ends."""
    literals = sorted({literal for pattern in patterns for group in pattern.groups for literal in group})
    found = ahocorasick_rs.AhoCorasick(literals).find_matches_as_indexes(sample, overlapping=True)
    counts = Counter([number for number, _, _ in found])
    paragraphs = len(sample) / PARAGRAPH + DOUBT
    rates = {
        literal: (counts[number] + DOUBT * 4.0 ** -rarity(literal)) / paragraphs
        for number, literal in enumerate(literals)
    }
    return [Needs(_cheapest(pattern, rates), pattern.mask) for pattern in patterns]


def _cheapest(pattern: Needs, rates: dict[str, float]) -> tuple[Group, ...]:
    rate = {group: sum(map(rates.__getitem__, group)) for group in pattern.groups}
    rarest = sorted(rate, key=lambda group: (rate[group], len(group)))[: MOST_GROUPS + 2]
    choices: Iterable[tuple[Group, ...]] = (
        choice for size in range(MOST_GROUPS + 1) for choice in combinations(rarest, size)
    )
    share = _share(pattern.mask)

    def cost(choice: tuple[Group, ...]) -> float:
        # The first is looked for in every paragraph, the others where all before them were found.
        total, found = 0.0, share
        for place, group in enumerate(choice):
            total += found * LOOK * len(group) if place else HIT * rate[group] + LITERAL * len(group)
            found *= min(1.0, rate[group])
        return total + CANDIDATE * found

    return min(choices, key=cost)


def _share(mask: int) -> float:
    """The share of paragraphs that meet a mask, about."""
    if mask & LETTERLESS:
        return 0.03
    shortest = next((most for place, most in enumerate(LENGTHS) if mask >> 2 + place & 1), 400)
    return shortest / 400 * (0.4 if mask & 2 else 1.0)
