"""YAML rules and profiles -> values, with every fault of every file at once, each with path and line.

Rules are data: this module says what a rule may hold and refuses everything else. It opens no files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Literal, cast

import regex
import yaml

from cleaner import prefilter
from cleaner.fold import fold
from cleaner.model import CATEGORIES, Action
from cleaner.nodes import Fault, Node, RuleFaults, Source, parse

__all__ = ["Conditions", "Example", "Fault", "Profile", "Range", "Rule", "RuleFaults", "Rulebook", "Source", "compile_rules"]

Unit = Literal["match", "sentence", "paragraph", "block"]
Where = Literal["anywhere", "start", "end", "outer"]
UNITS = ("match", "sentence", "paragraph", "block")
PLACES = ("anywhere", "start", "end", "outer")
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
    most: int
    score: float
    removes: tuple[Example, ...]
    keeps: tuple[Example, ...]
    misses: tuple[Example, ...]
    path: str
    line: int

    @property
    def always(self) -> tuple[str, ...]:
        """The patterns that the prefilter can't look for, so that they are tried on every paragraph."""
        return tuple(pattern for pattern in self.keys if literals(pattern) == ((), 0))

    @property
    def keys(self) -> tuple[str, ...]:
        """The patterns of which one must match before anything else is asked: ``any``, or else the first of ``all``."""
        return self.any or self.all[:1]


@dataclass(frozen=True, slots=True)
class Profile:
    """What becomes of each category: an action, and the score from which on it is taken."""

    name: str
    about: str
    actions: Mapping[str, Action]
    thresholds: Mapping[str, float]
    most: float
    """The share of an article's letters that weak evidence may remove; beyond it only strong evidence counts."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules and profiles of a run."""

    rules: tuple[Rule, ...]
    profiles: Mapping[str, Profile]
    sources: tuple[Source, ...] = ()


@lru_cache(maxsize=None)  # bounded by the rules of the process
def compiled(pattern: str) -> regex.Pattern[str]:
    """The matcher of a pattern: case does not matter, `^` and `$` are the ends of the unit."""
    return regex.compile(pattern, prefilter.FLAGS)


@lru_cache(maxsize=None)
def read(pattern: str) -> prefilter.Syntax:
    """What the pattern's syntax tells of it, as far as the parser of ``re`` knows it."""
    try:
        return prefilter.read(pattern)
    except (re.error, RecursionError, OverflowError):
        return prefilter.UNTOLD


@lru_cache(maxsize=None)
def literals(pattern: str) -> tuple[tuple[prefilter.Group, ...], int]:
    """The groups of literals that the pattern needs, and its gate; none where it must always be tried."""
    return ((), 0) if read(pattern) is prefilter.UNTOLD else (prefilter.groups(pattern), prefilter.gate(pattern))


def compile_rules(sources: Iterable[Source]) -> Rulebook:
    """The rules and profiles in ``sources``. A source below a folder named ``profiles`` is a profile.

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
            rules.extend(_file(node, source))
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
            faults.append(Fault(rule.path, rule.line, f"id {rule.id!r} stands at {other.path}:{other.line} already; ids are unique"))
        first.setdefault(rule.id, rule)


def _file(node: Node, source: Source) -> list[Rule]:
    keys = node.mapping({"category", "language", "host", "rules"}, needed={"rules"})
    if keys is None:
        return []
    hosts = keys["host"].strings() if "host" in keys else ()
    in_sites = "sites" in PurePath(source.path).parts
    if in_sites and not hosts:
        node.fault("a file in sites/ needs `host:`, the host or hosts that its rules are for")
    languages = tuple(_language(item) for item in keys["language"].items()) if "language" in keys else ("any",) if hosts else ()
    if not languages:
        node.fault("`language:` is missing; write a code such as `en`, a list of codes, or `any`")
    category = keys["category"].choice(CATEGORIES, "category") if "category" in keys else None
    found = []
    for item in keys["rules"].sequence():
        rule = _rule(item, source.path, category, tuple(filter(None, languages)), hosts)
        if rule is not None:
            found.append(rule)
    return found


def _language(node: Node) -> str | None:
    code = node.string()
    if code is not None and not re.fullmatch(r"any|[a-z]{2,3}", code):
        node.fault(f"{code!r} is no language code; write two or three small letters such as `en`, or `any`")
        return None
    return code


_RULE_KEYS = {
    *("id", "about", "category", "unit", "where", "any", "all", "unless", "when", "while", "until", "most", "score"),
    *("removes", "keeps", "misses"),
}


def _rule(node: Node, path: str, category: str | None, languages: tuple[str, ...], hosts: tuple[str, ...]) -> Rule | None:
    keys = node.mapping(_RULE_KEYS, needed={"id", "about", "removes", "keeps"})
    if keys is None:
        return None
    if "category" in keys:
        category = keys["category"].choice(CATEGORIES, "category")
    elif category is None:
        node.fault("`category:` is missing, here and at the head of the file")
    name = keys["id"].string() if "id" in keys else None
    if name is not None and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+([-.][a-z0-9]+)*)+", name):
        keys["id"].fault(f"id {name!r} must look like `category/name`: small letters, digits and hyphens")
    elif name is not None and category is not None and not name.startswith(category + "/"):
        keys["id"].fault(f"id {name!r} must begin with its category, `{category}/`")
    unit = cast(Unit, keys["unit"].choice(UNITS, "unit") if "unit" in keys else "paragraph")
    where = cast(Where, keys["where"].choice(PLACES, "place") if "where" in keys else "anywhere")
    patterns = {key: _patterns(keys[key]) if key in keys else () for key in ("any", "all", "unless", "until")}
    when = _conditions(keys["when"], _WHEN) if "when" in keys else NO_CONDITIONS
    while_ = _conditions(keys["while"], _WHILE) if "while" in keys else None
    most = keys["most"].integer(1, 1000) if "most" in keys else None
    if unit != "block":
        for key in ("while", "until", "most"):
            if key in keys:
                keys[key].fault(f"`{key}:` is for `unit: block` only")
    elif while_ is None and not patterns["until"]:
        node.fault("a block needs `while:` or `until:`, or it would take one paragraph only")
    if not (patterns["any"] or patterns["all"] or when != NO_CONDITIONS) and not {"any", "all", "when"} & set(keys):
        node.fault("a rule needs `any:`, `all:` or `when:`")
    if unit in ("match", "sentence") and not (patterns["any"] or patterns["all"]) and not {"any", "all"} & set(keys):
        node.fault(f"`unit: {unit}` needs a pattern that says which {unit} is meant")
    score = keys["score"].number(0.0, 1.0) if "score" in keys else None
    examples = {key: _examples(keys[key], key) if key in keys else () for key in ("removes", "keeps", "misses")}
    if node.faulty:
        return None
    assert name is not None and category is not None
    return Rule(
        id=name,
        about=keys["about"].string() or "",
        category=category,
        languages=languages,
        hosts=hosts,
        unit=unit,
        where=where,
        any=patterns["any"],
        all=patterns["all"],
        unless=patterns["unless"],
        when=when,
        while_=while_,
        until=patterns["until"],
        most=12 if most is None else most,
        score=0.9 if score is None else score,
        removes=examples["removes"],
        keeps=examples["keeps"],
        misses=examples["misses"],
        path=path,
        line=node.line,
    )


def _examples(node: Node, key: str) -> tuple[Example, ...]:
    found = []
    items = node.sequence()
    for item in items:
        text = item.string()
        if text is None:
            continue
        example = Example(text.strip("\n"), item.line)
        if text.count("[[") != text.count("]]") or len(example.marks) != text.count("[["):
            item.fault("the marks [[ ]] of this example don't pair")
        elif key == "keeps" and example.marks:
            item.fault("an example under `keeps` stays whole, so it takes no marks [[ ]]")
        elif key != "keeps" and not example.marks:
            item.fault(f"an example under `{key}` needs marks [[ ]] around what must go")
        found.append(example)
    if key != "misses" and not items:
        node.fault(f"`{key}` needs at least one example")
    return tuple(found)


def _patterns(node: Node) -> tuple[str, ...]:
    found = [(item, item.string()) for item in node.items()]
    if not found:
        node.fault("a pattern is missing here")
    for item, pattern in found:
        if pattern is not None and (message := _pattern_fault(pattern)):
            item.fault(message)
    return tuple(pattern for _, pattern in found if pattern is not None)


def _pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in words that tell what to do; ``None`` if nothing is."""
    control = next((c for c in pattern if ord(c) < 32 or ord(c) == 127), None)
    if control is not None:
        return f"the pattern holds the control character {control!r}; write patterns in single quotes, where \\b stays \\b"
    if not pattern.strip():
        return "the pattern is empty"
    folded = fold(pattern)
    if folded != pattern:
        odd = next(a for a, b in zip(pattern, folded, strict=True) if a != b)
        return f"{odd!r} is folded to {fold(odd)!r} before matching, so this matches nothing: write the plain form"
    told = read(pattern)
    empty = told.empty
    if told is prefilter.UNTOLD:
        try:
            empty = compiled(pattern).search("") is not None
        except regex.error as error:
            return f"the pattern is broken: {error}"
    if told.impossible:
        return "the pattern can match nothing: something must stand before its `^` or after its `$`"
    if empty:
        return "the pattern matches the empty text, so it says nothing; make a part of it needed"
    return None


_WHEN = {"words", "stop", "around", "after", "before", "beside", "repeats", "restates", "cohesion"}
_WHILE = {"words", "stop", "repeats", "restates", "cohesion", "any", "unless"}


def _conditions(node: Node, allowed: set[str]) -> Conditions:
    keys = node.mapping(allowed) or {}
    values: dict[str, Any] = {}
    for key, item in keys.items():
        if key in ("words", "restates", "cohesion"):
            values[key] = _range(item)
        elif key == "stop":
            answer = item.choice(("yes", "no"), "answer")
            values[key] = None if answer is None else answer == "yes"
        elif key == "around":
            values[key] = item.choice(("prose",), "surrounding")
        elif key == "repeats":
            values[key] = item.choice(REPEATS, "repetition")
        elif key == "beside":
            values[key] = tuple(filter(None, (part.choice(("any", *CATEGORIES), "category") for part in item.items())))
        else:
            values[key] = _patterns(item)
    return Conditions(**values)


def _range(node: Node) -> Range | None:
    text = node.string()
    if text is None:
        return None
    form = re.fullmatch(r"(\d+(?:\.\d+)?)?\.\.(\d+(?:\.\d+)?)?", text)
    if not form or not (form[1] or form[2]):
        node.fault(f"{text!r} is no range; write `3..12`, `..12` or `40..`")
        return None
    least, most = float(form[1] or 0), float(form[2] or "inf")
    if least > most:
        node.fault(f"the range {text!r} is empty: its first number is the larger one")
    return Range(least, most)


def _profile(name: str, drafts: Mapping[str, tuple[Node, Source]], path: Sequence[str]) -> Profile | None:
    node = drafts[name][0]
    keys = node.mapping({"about", "extends", "threshold", "most", "categories"}, needed={"about"})
    if keys is None:
        return None
    actions: dict[str, Action] = dict.fromkeys(CATEGORIES, "keep")
    threshold = 0.5
    thresholds: dict[str, float] = {}
    most = 0.8
    if "extends" in keys and (base := keys["extends"].string()) is not None:
        if base in (name, *path):
            keys["extends"].fault(f"profile {name!r} extends itself")
            return None
        if base not in drafts:
            keys["extends"].fault(f"there is no profile {base!r}; there are: {', '.join(sorted(drafts))}")
            return None
        parent = _profile(base, drafts, (name, *path))
        if parent is None:
            return None
        actions, thresholds, most = dict(parent.actions), dict(parent.thresholds), parent.most
    if "threshold" in keys and (number := keys["threshold"].number(0.0, 1.0)) is not None:
        thresholds = dict.fromkeys(CATEGORIES, number)
        threshold = number
    if "most" in keys and (number := keys["most"].number(0.0, 1.0)) is not None:
        most = number
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
    about = keys["about"].string() if "about" in keys else ""
    return Profile(name, about or "", actions, {c: thresholds.get(c, threshold) for c in CATEGORIES}, most)
