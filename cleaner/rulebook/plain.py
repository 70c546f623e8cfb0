"""Rules as plain values (texts, numbers and tuples), and back: what can be kept between two runs.

Reading the rules as YAML takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cleaner.rulebook.values import Conditions, Example, Range, Rule

Plain = tuple[Any, ...]

_RANGES = ("words", "restates", "cohesion")
_EXAMPLES = ("removes", "keeps", "misses")
_FIELDS = tuple(Rule.__dataclass_fields__)
_ASKED = tuple(Conditions.__dataclass_fields__)


def plain(rule: Rule) -> Plain:
    """The values of a rule, in the order of its fields."""
    values = {name: getattr(rule, name) for name in _FIELDS}
    values["when"] = _plain_conditions(rule.when)
    values["while_"] = rule.while_ and _plain_conditions(rule.while_)
    for name in _EXAMPLES:
        values[name] = tuple((example.marked, example.line) for example in values[name])
    return tuple(values.values())


def rules(values: Iterable[Plain]) -> list[Rule]:
    """The rules of what ``plain`` gave of each.

    >>> from cleaner.rulebook.compile import compile_rules
    >>> from cleaner.rulebook.yaml_tree import Source
    >>> text = "category: byline\\nlanguage: en\\nrules: [{id: byline/a, about: x, any: by, when: {words: ..9},"
    >>> book = compile_rules([Source("a.yaml", text + " removes: ['[[by]]'], keeps: ['no']}]")])
    >>> rules(map(plain, book.rules)) == list(book.rules) != []
    True
    """
    when, while_ = _FIELDS.index("when"), _FIELDS.index("while_")
    first, last = _FIELDS.index(_EXAMPLES[0]), _FIELDS.index(_EXAMPLES[-1]) + 1
    found = []
    for row in values:
        fields = list(row)
        fields[when] = _conditions(row[when])
        fields[while_] = row[while_] and _conditions(row[while_])
        fields[first:last] = [tuple([Example(*example) for example in examples]) for examples in row[first:last]]
        found.append(Rule(*fields))
    return found


def _plain_conditions(when: Conditions) -> Plain:
    values = {name: getattr(when, name) for name in _ASKED}
    for name in _RANGES:
        values[name] = values[name] and (values[name].least, values[name].most)
    return tuple(values.values())


def _conditions(row: Plain) -> Conditions:
    values = dict(zip(_ASKED, row, strict=True))
    for name in _RANGES:
        values[name] = values[name] and Range(*values[name])
    return Conditions(**values)
