"""Short texts that a pattern, or a part of it, matches, for attack strings. Look-arounds are ignored."""

from __future__ import annotations

import re._constants as op
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from cleaner.rulebook.patterns import REPEATS

_CATEGORIES = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_WORD: ".",
}
_OTHERS = "a 1.A,-\u00e9\u6f22"
"""The characters to try for a negated class, and where anything matches."""


def sample(items: Iterable[Any]) -> str:
    """The plainest text that the elements match.

    >>> from cleaner.rulebook.patterns import sampled_tree
    >>> sample(sampled_tree(r"\\b(follow|like) us( now)? on \\p{Lu}\\w+"))
    'follow us on Aa'
    """
    return "".join(next(iter(_element(code, argument, 1)), "") for code, argument in items)


def samples(items: Iterable[Any], most: int) -> list[str]:
    """At most ``most`` texts that the elements match: the plainest, and those that differ from it in one element.

    >>> from cleaner.rulebook.patterns import sampled_tree
    >>> samples(sampled_tree("(a|b) c?"), 9)
    ['a ', 'b ', 'a c']
    """
    items = list(items)
    plain = [next(iter(_element(code, argument, 1)), "") for code, argument in items]
    found = ["".join(plain)]
    for place, (code, argument) in enumerate(items):
        for other in _element(code, argument, most)[1:]:
            found.append("".join([*plain[:place], other, *plain[place + 1 :]]))
    return list(islice(dict.fromkeys(found), most))


def _element(code: Any, argument: Any, most: int) -> Sequence[str]:
    kind = _KINDS.get(code)
    if kind is not None:
        return kind(argument, most)
    if code in REPEATS:
        least, widest, body = argument
        if not widest:
            return [""]
        once = samples(body, most)
        texts = [text * max(least, 1) for text in once]
        return texts if least else ["", *texts]
    return [""]


def _branch(argument: Any, most: int) -> list[str]:
    found: list[str] = []
    for number, alternative in enumerate(argument[1]):
        if len(found) >= most:
            break
        found += samples(alternative, max(1, most // 4) if number else max(1, most // 2))
    return found[:most]


def _members(members: Any, most: int) -> list[str]:
    if members[0][0] is op.NEGATE:
        held = _members(members[1:], 99)
        return [sign for sign in _OTHERS if sign not in held][:most] or ["\u00a7"]
    found: list[str] = []
    for code, argument in members:
        if code is op.LITERAL:
            found.append(chr(argument))
        elif code is op.RANGE:
            found.append(chr(argument[0]))
        elif code is op.CATEGORY:
            found.append(_CATEGORIES.get(argument, "a"))
    return sorted(dict.fromkeys(found), key=lambda sign: not sign.isalnum())[:most]


_KINDS: dict[Any, Callable[[Any, int], Sequence[str]]] = {
    op.LITERAL: lambda argument, most: [chr(argument)],
    op.NOT_LITERAL: lambda argument, most: [sign for sign in _OTHERS if sign != chr(argument)][:most],
    op.ANY: lambda argument, most: list(_OTHERS[:most]),
    op.IN: _members,
    op.BRANCH: _branch,
    op.SUBPATTERN: lambda argument, most: samples(argument[3], most),
    op.ATOMIC_GROUP: samples,
    op.CATEGORY: lambda argument, most: [_CATEGORIES.get(argument, "a")],
}
