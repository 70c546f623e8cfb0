"""The literals that a pattern needs, so that all patterns can be looked for in one pass.

Each pattern is reduced to a necessary condition: groups of literals, of each of which one must be in the paragraph
(R. Cox, "Regular Expression Matching with a Trigram Index", 2012, and RE2's FilteredRE2), and a mask of what else the
paragraph must be. A paragraph may meet both without a match, never hold a match without meeting them.
"""

from __future__ import annotations

import re
import re._constants as op
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from cleaner.detectors.phrases.gates import gate, letterless
from cleaner.rulebook.patterns import ANY_ONE, UNTOLD, read, tree

END = "\n"
"""Stands for both ends of a paragraph, in literals and in the text that is searched."""
_ENDS = END + END
EDGE = 40
"""Letters from either end of a paragraph, signs and digits outside them aside, that are searched once more: so
`^\\W*share` and `share\\W*$` are found as what a paragraph begins and ends with."""
MOST_LITERALS = 200
"""Literals of one group; alternatives beyond that are cut into two groups that must both be met."""
SMALL_CLASS = 12
"""Members of the largest class of characters that is spelled out."""

_ANY_ONE = re.compile(f"[{ANY_ONE}\ud800-\udfff]")
# `regex` takes the four i's of Turkish for one letter when case does not matter; case folding alone does not.
_DOTTED = str.maketrans("\u0130\u0131", "ii")

_COMMON = tuple(".,-'\"")
"""Signs that stand in most paragraphs."""

Group = frozenset[str]


def caseless(text: str) -> str:
    """``text`` with case folded as widely as `regex` folds it. Its length may change.

    >>> caseless("\\u0130STANBUL \\u017folo \\u1e9e")
    'istanbul solo ss'
    """
    if text.isascii():
        return text.lower()
    return (text.translate(_DOTTED) if "\u0130" in text or "\u0131" in text else text).casefold()


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known about a part of a pattern: the literals it can be (``exact``), or else those it can begin and end
    with, and the groups that it needs. ``last``: the literals before the signs and digits at its end."""

    exact: Group | None
    head: Group = frozenset(("",))
    tail: Group = frozenset(("",))
    groups: tuple[Group, ...] = ()
    last: Group | None = None


_Element = tuple[Group | None, Group | None, tuple[Group, ...], Group | None]
_END: Group = frozenset((END,))
_NOTHING = _Part(frozenset(("",)))
_UNKNOWN = _Part(None)


def groups(root: Any) -> tuple[Group, ...]:
    """The groups of literals of each of which every match of a tree needs one; none if none is worth a search.

    >>> [sorted(group) for group in groups(tree(r'\\b(support|fund) our (?-i:News)\\b.{0,40}(?!x)\\w+'))]
    [['fund our news', 'support our news']]
    >>> groups(tree(r'\\w+ \\w+'))
    ()
    """
    part = _sequence(root)
    found = part.groups if part.exact is None else _closed(part.exact)
    return tuple([group for group in dict.fromkeys(found) if worth(group) > 0])


def _order(group: Group) -> tuple[float, int, str]:
    return -worth(group), len(group), min(group)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a paragraph must have for a pattern to match in it: one literal of each group, and a mask (``asks``)."""

    groups: tuple[Group, ...]
    mask: int


ALL = Needs((), 0)
"""The needs of a pattern that any paragraph may match."""


@cache
def needs(pattern: str) -> Needs:
    """What ``pattern`` needs; nothing where its syntax does not tell."""
    if read(pattern) is UNTOLD:
        return ALL
    root = tree(pattern)
    return Needs(groups(root), gate(root))


def worth(group: Group) -> float:
    """How rare the group's commonest literal is, about: letters and digits count most, an end of the paragraph more."""
    return min(map(rarity, group))


def rarity(literal: str) -> float:
    """How rare a literal is, about."""
    if literal in _COMMON or not literal.strip(END + " "):
        return 0.5 * len(literal) - 0.5 * (literal in (" ", END))
    return (len(literal) if literal.isascii() else 1.5 * len(literal)) - literal.count(" ") + literal.count(END)


def _closed(exact: Group) -> tuple[Group, ...]:
    """The literals as a group, without those that hold another; nothing if they may be empty."""
    if "" in exact or not exact:
        return ()
    if len(exact) > 60:  # a long list of names or endings; the few that could go are not worth the comparison
        return (exact,)
    least: list[str] = []
    for literal in sorted(exact, key=len):
        if not any(short in literal for short in least):
            least.append(literal)
    return (frozenset(least),)


def _sequence(items: Iterable[Any]) -> _Part:
    current: Group = frozenset(("",))
    head: Group | None = None  # what stood before the first gap
    groups: list[Group] = []
    loose = False  # since the paragraph's start there were only signs and digits
    tail: Group | None = None  # what stood before them
    for code, argument in _in_runs(items):
        if _is_letterless_gap(code, argument):
            if current == _END and head is None:
                head, loose = frozenset(("",)), True
                continue
            tail = current if not loose else None
            groups += _closed(_edged(current, loose))
            head = current if head is None else head
            current, loose = frozenset(("",)), False
            continue
        before, after, inner, last = _element(code, argument)
        if tail is not None and before == _END:
            groups += _closed(frozenset(map(_ended, tail)))
        if before != _NOTHING.exact or after is not None:
            tail = last
        groups += inner
        if before is not None:
            joined = _joined(current, before)
            if joined is None:  # too many: what stood before must be met, and what follows too
                groups += _closed(_edged(current, loose))
                head = current if head is None else head
                loose, joined = False, before
            current = joined
        if after is not None or before is None:
            groups += _closed(_edged(current, loose))
            head = current if head is None else head
            loose = False
            current = after if after is not None else frozenset(("",))
    if head is None:
        return _Part(current)
    groups += _closed(_edged(current, loose))
    return _Part(None, head, frozenset(("",)) if loose else current, tuple(groups), tail)


def _ended(literal: str) -> str:
    """A literal up to its last letter, where the paragraph's searched edge ends; nothing if it has none."""
    end = len(literal)
    while end and not literal[end - 1].isalpha():
        end -= 1
    return (literal[:end] + END)[-EDGE:] if end else ""


def _edged(exact: Group, loose: bool) -> Group:
    """Literals from the paragraph's first letter on, if signs may stand before them: as its searched edges are."""
    if not loose:
        return exact
    found = set()
    for literal in exact:
        inner = literal[1:]
        if not inner[:1].isalpha():
            found.add(inner.strip(END))
        elif len(literal) <= EDGE:
            found.add(literal)
        else:
            found.add(END + inner.rstrip(END)[: EDGE - 1])
    return frozenset(found)


def _is_letterless_gap(code: Any, argument: Any) -> bool:
    """Whether an element is a run of signs and digits of any length."""
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, item = argument
        return letterless(item) and not (least == most <= 8) and _sequence(item).exact is None
    return False


def _in_runs(items: Iterable[Any]) -> Iterator[Any]:
    """The elements, with literals that follow one another as one: ``(LITERAL, (code, code, …))``."""
    run: list[int] = []
    for code, argument in items:
        if code is op.LITERAL:
            run.append(argument)
            continue
        if run:
            yield op.LITERAL, tuple(run)
            run = []
        yield code, argument
    if run:
        yield op.LITERAL, tuple(run)


def _joined(left: Group, right: Group) -> Group | None:
    if len(left) * len(right) > MOST_LITERALS:
        return None
    if len(left) == 1 == len(right):
        return frozenset((_one_end(next(iter(left)) + next(iter(right))),))
    return frozenset(_one_end(a + b) for a, b in product(left, right))


def _one_end(literal: str) -> str:
    """A literal whose ends, where a pattern asks twice for the same one, are one."""
    return literal.replace(_ENDS, END) if _ENDS in literal else literal


def _element(code: Any, argument: Any) -> _Element:
    """What an element begins with for certain, what it ends with if there is a gap between, what it needs inside, and
    what stands before the signs and digits that it ends with.

    ``(exact, None, (), None)`` for an element that is one of a few literals; ``(None, None, …)`` for an unknown one.
    """
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _repeat(*argument)
    if code is op.LITERAL:
        return _word(argument)
    part = _part(code, argument)
    return (part.exact, None, (), None) if part.exact is not None else (part.head, part.tail, part.groups, part.last)


def _repeat(least: int, most: int, item: Any) -> _Element:
    part = _sequence(item)
    if part.exact is None:
        return (part.head, part.tail, part.groups, part.last) if least else (None, None, (), None)
    if part.exact == _NOTHING.exact:
        return part.exact, None, (), None
    exact: Group | None = _NOTHING.exact
    for _ in range(min(least, 8)):
        exact = None if exact is None else _joined(exact, part.exact)
    if exact is None:
        return part.exact, part.exact, (), None
    if least == most <= 8:
        return exact, None, (), None
    if least == 0 and most == 1:
        return part.exact | {""}, None, (), None
    return (exact, exact, (), None) if least else (None, None, (), None)


def _part(code: Any, argument: Any) -> _Part:
    if code is op.AT:
        ends = (op.AT_BEGINNING, op.AT_BEGINNING_STRING, op.AT_END, op.AT_END_STRING)
        return _Part(_END) if argument in ends else _NOTHING
    if code in (op.ASSERT, op.ASSERT_NOT):
        return _NOTHING
    if code is op.IN:
        return _class(argument)
    if code is op.BRANCH:
        return _branch([_sequence(alternative) for alternative in argument[1]])
    if code is op.SUBPATTERN:
        return _sequence(argument[3])
    if code is op.ATOMIC_GROUP:
        return _sequence(argument)
    return _UNKNOWN


def _branch(parts: Sequence[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts):
        together = frozenset().union(*exact)
        if len(together) <= MOST_LITERALS:
            return _Part(together)
    head, tail, best = set[str](), set[str](), set[str]()
    told = True
    for part in parts:
        head |= part.head if part.exact is None else part.exact
        tail |= part.tail if part.exact is None else part.exact
        groups: tuple[Group, ...] = part.groups if part.exact is None else _closed(part.exact)
        told = told and bool(groups)
        if groups:
            rarest: Group = min(groups, key=_order)
            best |= rarest
    nothing: Group = frozenset(("",))
    return _Part(
        None,
        frozenset(head) if len(head) <= MOST_LITERALS else nothing,
        frozenset(tail) if len(tail) <= MOST_LITERALS else nothing,
        _closed(frozenset(best)) if told else (),
        _last(parts),
    )


def _last(parts: Sequence[_Part]) -> Group | None:
    found: set[str] = set()
    for part in parts:
        found |= part.last or part.exact or part.tail
    return frozenset(found) if "" not in found and len(found) <= MOST_LITERALS else None


def _word(codes: Sequence[int]) -> _Element:
    """Literals that follow one another; a stand-in or a lone surrogate among them is any one character."""
    text = "".join(map(chr, codes))
    parts = [caseless(part) for part in _ANY_ONE.split(text)]
    if len(parts) == 1:
        return frozenset(parts), None, (), None
    middle = tuple(frozenset((part,)) for part in parts[1:-1] if part)
    return frozenset((parts[0],)), frozenset((parts[-1],)), middle, None


def _class(members: Sequence[Any]) -> _Part:
    characters: set[str] = set()
    for code, argument in members:
        if code is op.LITERAL and chr(argument) != ANY_ONE:
            characters.add(caseless(chr(argument)))
        elif code is op.RANGE and argument[1] - argument[0] < SMALL_CLASS:
            characters.update(caseless(chr(value)) for value in range(argument[0], argument[1] + 1))
        elif code is op.CATEGORY and argument is op.CATEGORY_SPACE:
            characters.add(" ")  # folding leaves no other white space within a paragraph
        else:
            return _UNKNOWN
    return _Part(frozenset(characters)) if len(characters) <= SMALL_CLASS else _UNKNOWN
