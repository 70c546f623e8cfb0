"""A new rule to fill in: its text, at the end of a file that is there or in a new one."""

from __future__ import annotations

import re
from pathlib import PurePath

from cleaner.article.model import CATEGORIES
from cleaner.errors import Fault, NoPlace
from cleaner.rulebook.yaml_tree import Node, Source, parse

TO_DO = "TODO"
"""Stands where something is to be written; ``cleaner rules check`` names rules that still hold it."""

_ITEM = re.compile(r"^( *)- +id:", re.MULTILINE)


def full_id(name: str, category: str | None, language: str) -> tuple[str, str]:
    """The id and category of a new rule, from what was asked for; raises ``NoPlace``.

    >>> full_id("inbox", "newsletter-prompt", "de")
    ('newsletter-prompt/de-inbox', 'newsletter-prompt')
    >>> full_id("byline/by-name", None, "en")
    ('byline/by-name', 'byline')
    """
    own, slash, short = name.partition("/")
    if not slash:
        own, short = "", name
    if own and category and own != category:
        raise NoPlace(f"the id {name!r} says {own}, --category says {category}: choose one")
    category = category or own
    if not category:
        raise NoPlace(f"say which category the rule is of: category/{short}, or --category")
    if category not in CATEGORIES:
        raise NoPlace(f"there is no category {category!r}; there are: {', '.join(CATEGORIES)}")
    if not re.fullmatch(r"[a-z0-9]+([-./][a-z0-9]+)*", short):
        raise NoPlace(f"the id {name!r} must look like category/name: small letters, digits and hyphens")
    if language not in ("en", "any") and not short.startswith(f"{language}-"):
        if own:
            raise NoPlace(f"ids of rules for {language} begin with {own}/{language}-: say {own}/{language}-{short}")
        short = f"{language}-{short}"
    return f"{category}/{short}", category


def item(rule: str, category: str | None = None, indent: int = 2) -> str:
    """The rule to fill in. ``category``: only where the file does not say it."""
    lines = [
        f"- id: {rule}",
        *([f"  category: {category}"] if category else []),
        f"  about: {TO_DO}, in one line what it finds.",
        "  unit: paragraph # match, sentence, paragraph or block",
        "  any:",
        f"    - '^{TO_DO} a pattern$'",
        "  score: 0.9 # of a hundred finds, how many are boilerplate",
        "  removes:",
        "    - |-",
        "      The bridge opened on Monday.",
        f"      [[{TO_DO} what must go, all of it between the marks]]",
        "  keeps:",
        f"    - '{TO_DO} what looks like it and is news.'",
    ]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def added(source: Source | None, path: str, rule: str, category: str, language: str) -> str:
    """The text of a file with the rule at its end; ``source`` is what is there now. Raises ``NoPlace``."""
    if source is None:
        return _head(path, category, language) + item(rule)
    faults: list[Fault] = []
    node = parse(source, faults)
    keys = node.mapping({"category", "language", "host", "rules"}, needed={"rules"}) if node else None
    if faults or keys is None:
        raise NoPlace("\n".join(map(str, faults)) + f"\n{path} has faults; fix them first")
    _same_language(keys, path, language)
    own = keys["category"].string() if "category" in keys else None
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    if list(keys)[-1] != "rules":
        raise NoPlace(f"{path}: `rules:` must be the last key of the file for a rule to be added at its end")
    found = _ITEM.search(text)
    if found is None:
        raise NoPlace(f"{path}: the rules are not a list with `- id:` on lines of their own; add the rule by hand")
    between = "" if text.endswith("\n\n") else "\n"
    return text + between + item(rule, None if own == category else category, len(found[1]))


def _same_language(keys: dict[str, Node], path: str, language: str) -> None:
    languages = keys["language"].strings() if "language" in keys else ()
    if languages and language not in languages:
        raise NoPlace(f"{path} is for {' '.join(languages)}, not for {language}; say --language {languages[0]}")


def _head(path: str, category: str, language: str) -> str:
    if PurePath(path).parent.name == "sites":
        host = PurePath(path).stem
        return f"# Wording of {host}.\nhost: {host}\nlanguage: {language}\ncategory: {category}\nrules:\n"
    return f"category: {category}\nlanguage: {language}\nrules:\n"
