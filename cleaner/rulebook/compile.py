"""YAML sources -> a rulebook, with every fault of every file at once, each with path and line.

Rules are data: what a rule may hold is said in ``rulefile``, and everything else is refused. No file is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import cast

from cleaner.errors import Fault, RuleFaults, unknown
from cleaner.model import CATEGORIES, Action, Profile
from cleaner.rulebook.rule_file import read_file
from cleaner.rulebook.values import Conditions, Example, Range, Rule, Rulebook
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


def compile_rules(sources: Iterable[Source]) -> Rulebook:
    """The rules and profiles in ``sources``. A source below a folder named ``profiles`` is a profile.

    A rule of the user's takes the place of a shipped one of the same id.

    Raises ``RuleFaults`` with all faults of all sources.
    """
    sources = tuple(sources)
    faults: list[Fault] = []
    rules: list[Rule] = []
    drafts: dict[str, tuple[Node, Source]] = {}
    for source in sources:
        node = parse(source, faults)
        if node is None:
            continue
        if PurePath(source.path).parent.name == "profiles":
            name = PurePath(source.path).stem
            if name in drafts:
                node.fault(f"profile {name!r} stands in {drafts[name][1].path} already; name one of them otherwise")
            drafts[name] = (node, source)
        else:
            rules.extend(read_file(node, source))
    mine = {rule.id for rule in rules if rule.own}
    rules = [rule for rule in rules if rule.own or rule.id not in mine]
    _same_ids(rules, faults)
    profiles = {name: profile for name in drafts if (profile := _profile(name, drafts, ())) is not None}
    if faults:
        raise RuleFaults(tuple(sorted(faults)))
    return Rulebook(tuple(sorted(rules, key=lambda rule: rule.id)), profiles, sources)


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


def _profile(name: str, drafts: Mapping[str, tuple[Node, Source]], path: Sequence[str]) -> Profile | None:
    node = drafts[name][0]
    known = {"about", "extends", "threshold", "most", "categories", "fields", "judge", "alone", "blocks"}
    keys = node.mapping(known, needed={"about"})
    if keys is None:
        return None
    actions: dict[str, Action] = dict.fromkeys(CATEGORIES, "keep")
    threshold = 0.5
    thresholds: dict[str, float] = {}
    most = 0.8
    fields: tuple[str, ...] = ()
    judge, alone = 0.6, 0.84
    weighed = False
    if "extends" in keys and (base := keys["extends"].string()) is not None:
        if base in (name, *path):
            keys["extends"].fault(f"profile {name!r} extends itself")
            return None
        if base not in drafts:
            keys["extends"].fault(unknown("profile", base, sorted(drafts)))
            return None
        parent = _profile(base, drafts, (name, *path))
        if parent is None:
            return None
        actions, thresholds = dict(parent.actions), dict(parent.thresholds)
        most, fields, weighed = parent.most, parent.fields, parent.weighed
        judge, alone = parent.judge, parent.alone
    if "threshold" in keys and (number := keys["threshold"].number(0.0, 1.0)) is not None:
        thresholds = dict.fromkeys(CATEGORIES, number)
        threshold = number
    if "most" in keys and (number := keys["most"].number(0.0, 1.0)) is not None:
        most = number
    if "judge" in keys and (number := keys["judge"].number(0.0, 1.0)) is not None:
        judge = number
    if "blocks" in keys:
        weighed = keys["blocks"].choice(BLOCKS, "way with blocks") == BLOCKS[1]
    if "alone" in keys and (number := keys["alone"].number(0.0, 1.0)) is not None:
        alone = number
    entries = keys["categories"].mapping({*CATEGORIES, "all"}) or {} if "categories" in keys else {}
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
    if "fields" in keys:
        fields = tuple(filter(None, (item.choice(CATEGORIES, "category") for item in keys["fields"].items())))
    about = keys["about"].string() if "about" in keys else ""
    every = {c: thresholds.get(c, threshold) for c in CATEGORIES}
    return Profile(name, about or "", actions, every, most, fields, judge, weighed, alone)
