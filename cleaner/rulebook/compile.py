"""YAML sources -> a rulebook, with every fault of every file at once, each with path and line.

Rules are data: what a rule may hold is said in ``rulefile``, and everything else is refused. No file is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import cast

from cleaner.article.model import CATEGORIES, Action, Wish
from cleaner.errors import Fault, RuleFaults, unknown
from cleaner.rulebook.profiles import Profile
from cleaner.rulebook.rule_file import read_file
from cleaner.rulebook.values import Conditions, Example, Range, Rule, Rulebook
from cleaner.rulebook.wishes import KEYS, read_site_wishes, read_wishes
from cleaner.rulebook.yaml_tree import Node, Source, parse

__all__ = [
    "Conditions",
    "Example",
    "Fault",
    "Profile",
    "Range",
    "Rule",
    "RuleFaults",
    "Rulebook",
    "Source",
    "compile_rules",
]


def compile_rules(sources: Iterable[Source], known: Mapping[bool, Iterable[Rule]] = MappingProxyType({})) -> Rulebook:
    """The rules and profiles in ``sources``. A source below a folder named ``profiles`` is a profile.

    A rule of the user's takes the place of a shipped one of the same id. ``known``: all rules of the shipped sources
    (``False``) or the user's (``True``), where they were read before and need not be again.

    Raises ``RuleFaults`` with all faults of all sources.
    """
    sources = tuple(sources)
    faults: list[Fault] = []
    rules = [rule for ones in known.values() for rule in ones]
    drafts: dict[str, tuple[Node, Source]] = {}
    rules += read_rules((s for s in sources if not (s.own in known or is_profile(s.path))), faults)
    for source in sources:
        node = parse(source, faults) if is_profile(source.path) else None
        if node is None:
            continue
        name = PurePath(source.path).stem
        if name in drafts:
            node.fault(f"profile {name!r} stands in {drafts[name][1].path} already; name one of them otherwise")
        drafts[name] = (node, source)
    mine = {rule.id for rule in rules if rule.own}
    rules = [rule for rule in rules if rule.own or rule.id not in mine]
    _same_ids(rules, faults)
    wishes = _of_sites(sources, faults)
    profiles = {name: profile for name in drafts if (profile := _profile(name, drafts, ())) is not None}
    if faults:
        raise RuleFaults(tuple(sorted(faults)))
    return Rulebook(tuple(sorted(rules, key=lambda rule: rule.id)), profiles, sources, wishes)


def read_rules(sources: Iterable[Source], faults: list[Fault]) -> list[Rule]:
    """The rules of files that are no profiles; what is wrong with them is added to ``faults``."""
    nodes = [(source, parse(source, faults)) for source in sources]
    return [rule for source, node in nodes if node is not None for rule in read_file(node, source)]


def _of_sites(sources: Iterable[Source], faults: list[Fault]) -> tuple[Wish, ...]:
    """What the files of sites wish; these are few, and are read again where their rules are known."""
    found: list[Wish] = []
    for source in sources:
        own: list[Fault] = []
        if "-css" in source.text and not is_profile(source.path) and (node := parse(source, own)):
            found += read_site_wishes(node)
            faults += own
    return tuple(found)


def is_profile(path: str) -> bool:
    """Whether a rule file is a profile: it lies in a folder named ``profiles``."""
    return PurePath(path).parent.name == "profiles"


def _same_ids(rules: Iterable[Rule], faults: list[Fault]) -> None:
    first: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in first:
            other = first[rule.id]
            faults.append(
                Fault(
                    rule.path, rule.line, f"id {rule.id!r} stands at {other.path}:{other.line} already; ids are unique"
                )
            )
        first.setdefault(rule.id, rule)


BLOCKS = ("claimed", "weighed")
"""What goes of a page's blocks: what a rule claims, or what rules and markup together speak against."""
_PLAIN = Profile(
    "",
    "",
    dict.fromkeys(CATEGORIES, "keep"),
    dict.fromkeys(CATEGORIES, 0.5),
    most=0.8,
)
"""What a profile is that extends no other and says nothing."""


def _profile(name: str, drafts: Mapping[str, tuple[Node, Source]], path: Sequence[str]) -> Profile | None:
    node = drafts[name][0]
    known = {"about", "extends", "threshold", "most", "categories", "fields", "judge", "alone", "blocks", *KEYS}
    keys = node.mapping(known, needed={"about"})
    if keys is None:
        return None
    base = _extended(name, keys, drafts, path)
    if base is None:
        return None
    actions, thresholds = dict(base.actions), dict(base.thresholds)
    if "threshold" in keys and (number := keys["threshold"].number(0.0, 1.0)) is not None:
        thresholds = dict.fromkeys(CATEGORIES, number)
    if "categories" in keys:
        _read_categories(keys["categories"], actions, thresholds)
    weighed, fields = base.weighed, base.fields
    if "blocks" in keys:
        weighed = keys["blocks"].choice(BLOCKS, "way with blocks") == BLOCKS[1]
    if "fields" in keys:
        fields = tuple(filter(None, (item.choice(CATEGORIES, "category") for item in keys["fields"].items())))
    about = keys["about"].string() if "about" in keys else ""
    most = _share(keys, "most", base.most)
    judge, alone = _share(keys, "judge", base.judge), _share(keys, "alone", base.alone)
    wishes = (*base.wishes, *read_wishes(keys))
    return Profile(name, about or "", actions, thresholds, most, fields, judge, weighed, alone, wishes)


def _extended(
    name: str, keys: Mapping[str, Node], drafts: Mapping[str, tuple[Node, Source]], path: Sequence[str]
) -> Profile | None:
    """The profile that a profile builds on: the one it names, or ``_PLAIN``; ``None`` if the one named can't be had."""
    if "extends" not in keys or (base := keys["extends"].string()) is None:
        return _PLAIN
    if base in (name, *path):
        keys["extends"].fault(f"profile {name!r} extends itself")
        return None
    if base not in drafts:
        keys["extends"].fault(unknown("profile", base, sorted(drafts)))
        return None
    return _profile(base, drafts, (name, *path))


def _read_categories(node: Node, actions: dict[str, Action], thresholds: dict[str, float]) -> None:
    """Enters what a profile says of categories into ``actions`` and ``thresholds``; of all of them first."""
    entries = node.mapping({*CATEGORIES, "all"}) or {}
    for category, item in sorted(entries.items(), key=lambda entry: entry[0] != "all"):
        text = item.string() or ""
        form = re.fullmatch(r"(remove|keep)(?: (0(?:\.\d+)?|1(?:\.0+)?))?", text)
        if not form:
            item.fault(f"{text!r} must be `remove` or `keep`, with or without a threshold, as in `remove 0.7`")
            continue
        for each in CATEGORIES if category == "all" else (category,):
            actions[each] = cast(Action, form[1])
            if form[2]:
                thresholds[each] = float(form[2])


def _share(keys: Mapping[str, Node], key: str, otherwise: float) -> float:
    """The number from 0 to 1 at ``key``; ``otherwise`` if there is none."""
    number = keys[key].number(0.0, 1.0) if key in keys else None
    return otherwise if number is None else number
