"""One YAML file of rules -> rules, with every fault that it holds."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any, cast

import regex

from cleaner.article.model import CATEGORIES
from cleaner.rulebook.patterns import UNTOLD, compiled, read
from cleaner.rulebook.phrase_lists import Lists, read_lists
from cleaner.rulebook.phrase_lists import patterns as phrase_patterns
from cleaner.rulebook.values import (
    JOINS,
    NO_CONDITIONS,
    PLACES,
    REPEATS,
    UNITS,
    Conditions,
    Example,
    Range,
    Rule,
    Unit,
    Where,
)
from cleaner.rulebook.wishes import KEYS
from cleaner.rulebook.yaml_tree import Node, Source
from cleaner.text.folding import fold


def read_file(node: Node, source: Source) -> list[Rule]:
    """The rules of a file; what is wrong with it is reported to the node."""
    needed = set() if any(map(node.has, KEYS)) else {"rules"}
    keys = node.mapping({"category", "language", "host", "phrases", "rules", *KEYS}, needed=needed)
    if keys is None:
        return []
    hosts = keys["host"].strings() if "host" in keys else ()
    languages = tuple(filter(None, map(_language, keys["language"].items()))) if "language" in keys else ()
    if not hosts and PurePath(source.path).parent.name == "sites":
        node.fault("a file in sites/ needs `host:`, the host or hosts that its rules are for")
    elif not hosts and "language" not in keys:
        node.fault("`language:` is missing; write a code such as `en`, a list of codes, or `any`")
    category = keys["category"].choice(CATEGORIES, "category") if "category" in keys else None
    lists = read_lists(keys["phrases"]) if "phrases" in keys else {}
    found = []
    for item in keys["rules"].sequence() if "rules" in keys else ():
        if category is None and "category" not in keys and not item.has("category"):
            item.fault("`category:` is missing, here and at the head of the file")
        rule = _rule(item, source, category, languages or ("any",), hosts, lists)
        if rule is not None:
            found.append(rule)
    return found


def _language(node: Node) -> str | None:
    code = node.string()
    if code is not None and not re.fullmatch(r"any|[a-z]{2,3}", code):
        node.fault(f"{code!r} is not a language code; write two or three small letters such as `en`, or `any`")
        return None
    return code


_RULE_KEYS = {
    *(
        "id",
        "about",
        "category",
        "unit",
        "where",
        "lines",
        "phrases",
        "any",
        "all",
        "unless",
        "when",
        "while",
        "until",
        "least",
        "most",
        "score",
    ),
    *("removes", "keeps", "misses"),
}

_ASKS = {"lines", "phrases", "any", "all", "when"}
"""The keys of which a rule needs one."""


def _rule(
    node: Node, source: Source, category: str | None, languages: tuple[str, ...], hosts: tuple[str, ...], lists: Lists
) -> Rule | None:
    keys = node.mapping(_RULE_KEYS, needed={"id", "about", "removes", "keeps"})
    if keys is None:
        return None
    if "category" in keys:
        category = keys["category"].choice(CATEGORIES, "category")
    name = keys["id"].string() if "id" in keys else None
    if name is not None and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+([-.][a-z0-9]+)*)+", name):
        keys["id"].fault(f"id {name!r} must look like `category/name`: small letters, digits and hyphens")
    elif name is not None and category is not None and not name.startswith(category + "/"):
        keys["id"].fault(f"id {name!r} must begin with its category, `{category}/`")
    unit = cast(Unit, keys["unit"].choice(UNITS, "unit") if "unit" in keys else "paragraph")
    where = cast(Where, keys["where"].choice(PLACES, "place") if "where" in keys else "anywhere")
    patterns = {key: _patterns(keys[key]) if key in keys else () for key in ("any", "all", "unless", "until")}
    for key in ("lines", "phrases"):
        if key in keys:
            keyed = phrase_patterns(keys[key], lists, key == "lines", languages)
            patterns["any"] = (*patterns["any"], *keyed)
    when = _conditions(keys["when"], _WHEN) if "when" in keys else NO_CONDITIONS
    while_ = _conditions(keys["while"], _WHILE) if "while" in keys else None
    least = keys["least"].integer(1, 1000) if "least" in keys else None
    most = keys["most"].integer(1, 1000) if "most" in keys else None
    if unit != "block":
        for key in ("while", "until", "least", "most"):
            if key in keys:
                keys[key].fault(f"`{key}:` is for `unit: block` only")
    elif while_ is None and not patterns["until"]:
        node.fault("a block needs `while:` or `until:`, or it would take one paragraph only")
    if not (patterns["any"] or patterns["all"] or when != NO_CONDITIONS) and not _ASKS & set(keys):
        node.fault("a rule needs `any:`, `all:` or `when:`, or lists of phrases under `lines:` or `phrases:`")
    wording = patterns["any"] or patterns["all"] or (_ASKS - {"when"}) & set(keys)
    if unit in ("match", "sentence") and not wording:
        node.fault(f"`unit: {unit}` needs a pattern that says which {unit} is meant")
    score = keys["score"].number(0.0, 1.0) if "score" in keys else None
    examples = {key: _examples(keys[key], key) if key in keys else () for key in ("removes", "keeps", "misses")}
    if node.faulty or name is None or category is None:
        return None
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
        least=least or 0,
        most=12 if most is None else most,
        score=0.9 if score is None else score,
        removes=examples["removes"],
        keeps=examples["keeps"],
        misses=examples["misses"],
        path=source.path,
        line=node.line,
        own=source.own,
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
        if pattern is not None and not item.proven and (message := _pattern_fault(pattern)):
            item.fault(message)
    return tuple(pattern for _, pattern in found if pattern is not None)


_CONTROL = re.compile("[\\x00-\\x1f\\x7f]")


def _pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in words that tell what to do; ``None`` if nothing is."""
    if control := _CONTROL.search(pattern):
        return (
            f"the pattern holds the control character {control[0]!r}; "
            "write patterns in single quotes, where \\b stays \\b"
        )
    if not pattern.strip():
        return "the pattern is empty"
    folded = fold(pattern)
    if folded != pattern:
        odd = next(a for a, b in zip(pattern, folded, strict=True) if a != b)
        return f"{odd!r} is folded to {fold(odd)!r} before matching, so this matches nothing: write the plain form"
    told = read(pattern)
    empty = told.empty
    if told is UNTOLD:
        try:
            empty = compiled(pattern).search("") is not None
        except regex.error as error:
            return f"the pattern is broken: {error}"
    if told.impossible:
        return "the pattern can match nothing: something must stand before its `^` or after its `$`"
    if empty:
        return "the pattern matches the empty text, so it says nothing; make a part of it needed"
    return None


_WHEN = {"words", "stop", "around", "after", "before", "beside", "between", "joined", "repeats", "restates", "cohesion"}
_WHILE = {"words", "stop", "repeats", "restates", "cohesion", "any", "unless"}


def _conditions(node: Node, allowed: set[str]) -> Conditions:
    keys = node.mapping(allowed) or {}
    if not keys and not node.faulty:
        node.fault(f"a condition is missing here; there are: {', '.join(sorted(allowed))}")
    values: dict[str, Any] = {}
    for key, item in keys.items():
        if key in ("words", "restates", "cohesion"):
            values[key] = _range(item)
        elif key == "stop":
            answer = item.choice(("yes", "no"), "answer")
            values[key] = None if answer is None else answer == "yes"
        elif key == "around":
            values[key] = item.choice(("prose",), "surrounding")
        elif key == "joined":
            values[key] = item.choice(JOINS, "side")
        elif key == "repeats":
            values[key] = item.choice(REPEATS, "repetition")
        elif key in ("beside", "between"):
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
        node.fault(f"{text!r} is not a range; write `3..12`, `..12` or `40..`")
        return None
    least, most = float(form[1] or 0), float(form[2] or "inf")
    if least > most:
        node.fault(f"the range {text!r} is empty: its first number is the larger one")
    return Range(least, most)
