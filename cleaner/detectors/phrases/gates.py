"""What a pattern asks of a paragraph beside literals, as bits of a mask: length, digits, letters.

The bits of a paragraph are told from it once; a pattern whose bits aren't all among them can't match in it.
"""

from __future__ import annotations

import re
import re._constants as op
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cleaner.rulebook.patterns import ANY_ONE, is_bound, least

LENGTHS = (10, 20, 40, 80, 160, 320)
"""Characters of the longest paragraph that is short: a bit for each length."""
LETTERLESS, DIGIT, UP_TO_40, UP_TO_160, SIGN_FIRST = 1, 2, 1 << 4, 1 << 6, 1 << 8
"""No letter, a digit, two of the lengths, a sign or digit at the start."""
FREE = 1 << 9
"""The first bit that is not used here."""

_BY_LENGTH = tuple(
    sum(1 << 2 + place for place, most in enumerate(LENGTHS) if length <= most) for length in range(LENGTHS[-1] + 2)
)
_DIGIT = re.compile(r"\d")


def told(text: str, length: int) -> int:
    """The bits of a caseless paragraph, letters aside. ``length`` is that of the paragraph before its case was folded.

    >>> told("route 66", 8) & (DIGIT | UP_TO_40) == DIGIT | UP_TO_40
    True
    """
    mask = _BY_LENGTH[length] if length <= LENGTHS[-1] else 0
    if not text[0].isalpha():
        mask |= SIGN_FIRST
    return mask | DIGIT if _DIGIT.search(text) else mask


def gate(root: Any) -> int:
    """The mask of what each match of a tree asks of its paragraph beside literals.

    >>> from cleaner.rulebook.patterns import tree
    >>> gate(tree(r"^\\d{1,3}$")) & (LETTERLESS | DIGIT | UP_TO_40) == LETTERLESS | DIGIT | UP_TO_40
    True
    """
    items = list(root)
    mask = 0
    if is_bound(items):
        wide = int(root.getwidth()[1])
        mask = sum(1 << 2 + place for place, most in enumerate(LENGTHS) if wide <= most)
        mask |= LETTERLESS if letterless(items) else 0
    if items[:1] == [(op.AT, op.AT_BEGINNING)] and _signs_first(items[1:]):
        mask |= SIGN_FIRST
    if any(code is op.IN and _is_digit(argument) for code, argument in _needed(items)):
        mask |= DIGIT
    return mask


def _signs_first(items: Iterable[Any]) -> bool:
    """Whether every match of the elements uses a character, and the first is no letter."""
    for code, argument in items:
        if code is op.SUBPATTERN:
            return _signs_first(argument[3])
        if code is op.BRANCH:
            return all(map(_signs_first, argument[1]))
        if not _letterless_element(code, argument):
            return False
        if least(code, argument):
            return True
    return False


def _needed(items: Iterable[Any]) -> Iterator[Any]:
    """The elements that every match uses, those in needed groups too; alternatives aside."""
    for code, argument in items:
        yield code, argument
        if code is op.SUBPATTERN:
            yield from _needed(argument[3])
        elif code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT) and argument[0]:
            yield from _needed(argument[2])


def _is_digit(members: Sequence[Any]) -> bool:
    return all(
        (code is op.CATEGORY and value is op.CATEGORY_DIGIT)
        or (code is op.RANGE and chr(value[0]).isdigit() and chr(value[1]).isdigit() and value[1] - value[0] < 10)
        for code, value in members
    )


def letterless(items: Iterable[Any]) -> bool:
    """Whether no match of the elements holds a letter."""
    return all(_letterless_element(code, argument) for code, argument in items)


def _letterless_element(code: Any, argument: Any) -> bool:
    if code is op.LITERAL:
        codes = argument if isinstance(argument, tuple) else (argument,)
        return not any(chr(value).casefold().isalpha() or chr(value) == ANY_ONE for value in codes)
    if code is op.IN:
        return all(
            (kind is op.LITERAL and _letterless_element(kind, value))
            or (
                kind is op.RANGE
                and value[1] - value[0] < 64
                and not any(chr(c).isalpha() for c in range(value[0], value[1] + 1))
            )
            or (kind is op.CATEGORY and value in (op.CATEGORY_DIGIT, op.CATEGORY_SPACE, op.CATEGORY_NOT_WORD))
            for kind, value in argument
        )
    if code is op.CATEGORY:
        return argument in (op.CATEGORY_DIGIT, op.CATEGORY_SPACE, op.CATEGORY_NOT_WORD)
    if code is op.BRANCH:
        return all(map(letterless, argument[1]))
    if code is op.SUBPATTERN:
        return letterless(argument[3])
    if code is op.ATOMIC_GROUP:
        return letterless(argument)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return letterless(argument[2])
    return code in (op.AT, op.ASSERT, op.ASSERT_NOT)
