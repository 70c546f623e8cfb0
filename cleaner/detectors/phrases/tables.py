"""What it takes long to find out about patterns, as plain values: made once, kept by whoever can keep files.

To tell a pattern's literals and to compile it takes a millisecond; to take both from a table, some ten microseconds.
Rules stand in groups, one for a language, so that an English article needs no Polish tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple
from typing import Any

from cleaner.detectors.phrases.literals import needs, worth
from cleaner.detectors.phrases.prefilter import Choice, choices
from cleaner.rulebook.patterns import Made, Syntax, made, read, remember
from cleaner.rulebook.values import Rule

Row = tuple[tuple[Any, ...], Made, tuple[Any, ...], bool]
"""A pattern's syntax, its compiled form, its ``Choice``, and whether it is worth looking for as a neighbour's."""
Table = Mapping[str, Row]
Keep = Callable[[bool, str], Table]
"""What keeps tables, by group: whether the rules are the user's, and the name."""

SOUGHT = 3
"""How rare the literals of a neighbour's pattern must be (``worth``) for it to be looked for in all paragraphs."""


def group(rule: Rule) -> tuple[bool, str]:
    """The group of a rule: whether it is the user's, and its languages."""
    return rule.own, "sites" if rule.hosts else "-".join(rule.languages)


def own_patterns(rule: Rule) -> tuple[str, ...]:
    """All patterns of a rule."""
    inside = (*rule.while_.any, *rule.while_.unless) if rule.while_ else ()
    return (*rule.any, *rule.all, *rule.unless, *rule.until, *rule.when.after, *rule.when.before, *inside)


def table(rules: Iterable[Rule], all_rules: Iterable[Rule]) -> Table:
    """The table of a group's rules. ``all_rules``: those whose examples tell which literals are rare, as far as they
    may stand beside the group's in one article."""
    rules = tuple(rules)
    patterns = tuple(sorted({pattern for rule in rules for pattern in own_patterns(rule)}))
    spoken = {language for rule in rules for language in rule.languages if not rule.hosts}
    near = (rule for rule in all_rules if not spoken or spoken & {*rule.languages} or "any" in rule.languages)
    needed = [needs(pattern) for pattern in patterns]
    return {
        pattern: (astuple(read(pattern)), made(pattern), tuple(choice), is_sought(pattern))
        for pattern, choice in zip(patterns, choices(needed, _examples(near)), strict=True)
    }


def is_sought(pattern: str) -> bool:
    """Whether a neighbour's pattern is rare enough to be looked for in all paragraphs at once."""
    return max(map(worth, needs(pattern).groups), default=0) >= SOUGHT


def ready(rules: Iterable[Rule], known: Table) -> dict[str, tuple[Choice, bool]]:
    """What to look for of each pattern that the rules look for in every paragraph, and whether it is sought as a
    neighbour's. Those that are not ``known`` are told now, by the examples of the rules."""
    rules = tuple(rules)
    patterns = {pattern for rule in rules for pattern in (*rule.keys, *rule.when.after, *rule.when.before)}
    found = {pattern: (Choice(*known[pattern][2]), known[pattern][3]) for pattern in patterns if pattern in known}
    rest = sorted(patterns - found.keys())
    if rest:
        chosen = choices([needs(pattern) for pattern in rest], _examples(rules))
        found |= {pattern: (choice, is_sought(pattern)) for pattern, choice in zip(rest, chosen, strict=True)}
    return found


def tables(rules: Iterable[Rule], keep: Keep | None) -> Table:
    """The tables of all groups that ``rules`` stand in, remembered for this process; none without ``keep``."""
    found: dict[str, Row] = {}
    for own, name in sorted({group(rule) for rule in rules}) if keep else ():
        kept = keep(own, name) if keep else {}
        for pattern, (syntax, values, _, _) in kept.items():
            remember(pattern, Syntax(*syntax), values)
        found.update(kept)
    return found


def _examples(rules: Iterable[Rule]) -> Iterable[str]:
    return (example.folded for rule in rules for example in (*rule.removes, *rule.keeps))
