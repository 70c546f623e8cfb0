"""Named lists of phrases in a rule file, and the patterns that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from cleaner.rulebook.yaml_tree import Node
from cleaner.text.folding import fold

HOLES = {
    "name": r"(?-i:\p{Lu}[\w.'-]*(?: \p{Lu}[\w.'-]*){0,3})",
    "number": r"\d[\d.,]*",
    "few": r"\S+(?: \S+){0,3}",
}
"""What may stand in a phrase in braces: up to four capitalised words, a number, up to four words of any kind."""
UNSPACED = frozenset(("ja", "zh", "th"))
"""Languages in which a phrase may begin and end within a run of letters."""

Lists = Mapping[str, tuple[str, ...]]


def read_lists(node: Node) -> dict[str, tuple[str, ...]]:
    """The lists of a file by name; empty lists, doubles and holes that there aren't are faults."""
    lists: dict[str, tuple[str, ...]] = {}
    for name, item in node.entries():
        seen: set[str] = set()
        for each in item.sequence():
            text = each.string()
            if text is None:
                continue
            if not text.strip():
                each.fault("the phrase is empty")
            if text.casefold() in seen:
                each.fault(f"the phrase {text!r} is in this list twice")
            for hole in re.findall(r"\{(.*?)\}", text):
                if hole not in HOLES:
                    each.fault(f"unknown hole {{{hole}}}; there are: {', '.join(f'{{{h}}}' for h in HOLES)}")
            seen.add(text.casefold())
        lists[name] = item.strings()
        if not lists[name]:
            item.fault(f"the list {name!r} needs at least one phrase")
    return lists


def patterns(node: Node, lists: Lists, whole: bool, languages: Sequence[str]) -> tuple[str, ...]:
    """The patterns for the lists that a rule names. ``whole``: the unit must be one of the phrases."""
    found = []
    for item in node.items():
        name = item.string()
        if name is not None and name not in lists:
            item.fault(f"there is no list {name!r} under `phrases:` in this file; there are: {', '.join(lists)}")
        elif name is not None and lists[name]:
            found.append(pattern(lists[name], whole, bool(UNSPACED & set(languages))))
    return tuple(found)


def pattern(phrases: Iterable[str], whole: bool, unspaced: bool = False) -> str:
    """One pattern for all phrases. Case doesn't count; of a whole unit neither do the signs around it.

    >>> pattern(["most read", "more from {name}"], True) == rf"^\\W*(?:most read|more from {HOLES['name']})\\W*$"
    True
    >>> pattern(["sign up (free)"], False)
    '(?<!\\\\w)(?:sign up \\\\(free\\\\))(?!\\\\w)'
    """
    body = "(?:" + "|".join(map(_escaped, phrases)) + ")"
    if whole:
        return rf"^\W*{body}\W*$"
    return body if unspaced else rf"(?<!\w){body}(?!\w)"


def _escaped(phrase: str) -> str:
    parts = re.split(r"\{(\w+)\}", " ".join(fold(phrase).split()))
    return "".join(
        HOLES.get(part, "") if number % 2 else re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", part)
        for number, part in enumerate(parts)
    )
