"""The rules of a run and what it takes long to find out about them, kept from one run to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from cleaner.detectors.phrases.tables import Table, group, table
from cleaner.errors import Fault, RuleFaults
from cleaner.files.kept import Kept
from cleaner.rulebook.compile import compile_rules, is_profile, read_rules
from cleaner.rulebook.plain import Plain, plain, rules
from cleaner.rulebook.values import Rule, Rulebook
from cleaner.rulebook.yaml_tree import Source


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of the shipped rules and of the user's, by group. Picklable. ``rules``: all, replaced ones too."""

    rules: tuple[Rule, ...]
    shipped: Kept | None
    own: Kept | None

    def __call__(self, own: bool, name: str) -> Table:
        """The table of a group: kept, or built now and kept; an empty one where nothing can be kept."""
        kept = self.own if own else self.shipped
        return (kept.get(name, partial(self.build, own, name)) if kept else None) or {}

    def build(self, own: bool, name: str) -> Table:
        """The table of a group, built now."""
        beside = [rule for rule in self.rules if rule.own is own]
        return table((rule for rule in beside if group(rule) == (own, name)), beside)

    def names(self, own: bool) -> list[str]:
        """The names of all groups of the user's rules, or the shipped ones."""
        return sorted({group(rule)[1] for rule in self.rules if rule.own is own})


def rulebook(sources: tuple[Source, ...]) -> tuple[Rulebook, Tables]:
    """The rules and profiles in ``sources``, and the tables of the rules. Raises ``RuleFaults``."""
    known: dict[bool, list[Rule]] = {}
    kept: dict[bool, Kept | None] = {}
    for own in (False, True):
        files = tuple(source for source in sources if source.own is own and not is_profile(source.path))
        place = kept[own] = Kept.of(files) if files else None
        try:
            known[own] = rules((place and place.get("rules", partial(_plain, files))) or _plain(files) if files else ())
        except RuleFaults:
            return compile_rules(sources), Tables((), None, None)  # which raises it, with the faults of all files
    return compile_rules(sources, known), Tables((*known[True], *known[False]), kept[False], kept[True])


def build(sources: Iterable[Source], folder: str) -> None:
    """Write all that is kept about the shipped rules into a folder: what a wheel brings. What the user's folder has
    already, for the same rules and code, is taken from there."""
    files = tuple(source for source in sources if not is_profile(source.path))
    kept = Kept.of(files)
    assert kept is not None, "the code can be read where a wheel is built"
    read = kept.get("rules", partial(_plain, files)) or _plain(files)
    kept.put(folder, "rules", read)
    tables = Tables(tuple(rules(read)), kept, None)
    for name in tables.names(False):
        kept.put(folder, name, tables(False, name) or tables.build(False, name))


def _plain(files: Iterable[Source]) -> tuple[Plain, ...]:
    """The rules of files as plain values. Raises ``RuleFaults``."""
    faults: list[Fault] = []
    found = tuple(map(plain, read_rules(files, faults)))
    if faults:
        raise RuleFaults(tuple(sorted(faults)))
    return found
