"""Patterns: how they are compiled, and what their syntax tells of them before they are."""

from __future__ import annotations

import copyreg
import re
import re._constants as op  # the parser of `re`; CPython offers its syntax tree under no public name
import re._parser as parser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from time import thread_time
from typing import Any, TypeVar

import regex

from cleaner.errors import PatternTimeout

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
FLAGS = regex.IGNORECASE | regex.V0

_PROPERTY = regex.compile(r"(?<!\\)((?:\\\\)*)\\([pP])(?:\{\^?[\w ]+\}|[A-Z])")
ANY_ONE = "\U0010fffd"
"""A private-use character that stands in a tree for what the parser of ``re`` does not know: any one character."""


_GROUP = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?!\?)", re.DOTALL)
_BACK = re.compile(r"\\[1-9g]|\(\?P=|\(\?\(|\(\?\||\(\?[a-zA-Z]*x|\(\?[R0-9&]")


Made = tuple[Any, ...]
"""A compiled pattern as plain values, which the same version of `regex` makes the pattern of again."""

_reduced = copyreg.dispatch_table[regex.Pattern]
_again: Callable[..., regex.Pattern[str]] = _reduced(regex.compile(""))[0]  # type: ignore[assignment]
_MADE: dict[str, Made] = {}
_TOLD: dict[str, Syntax] = {}


def made(pattern: str) -> Made:
    """The compiled pattern as plain values, for ``remember``: what pickle saves of it."""
    return tuple(_reduced(compiled(pattern))[1])


def remember(pattern: str, syntax: Syntax, values: Made) -> None:
    """Spare ``read`` and ``compiled`` their work on a pattern: what they gave, in this process or one before it.

    ``values`` must come from this version of `regex`, which takes them as they are.
    """
    _TOLD[pattern], _MADE[pattern] = syntax, values


@cache  # bounded by the rules of the process
def compiled(pattern: str) -> regex.Pattern[str]:
    """The matcher of a pattern: case does not matter, `^` and `$` are the ends of the unit.

    Groups without a name capture nothing: `regex` keeps all that a group in a repeat has held, and copies it at each
    step, which makes the time quadratic.

    >>> compiled(r"(a|[(])*\\((?P<cut>b)").pattern
    '(?:a|[(])*\\\\((?P<cut>b)'
    """
    if values := _MADE.get(pattern):
        return _again(*values)
    if not _BACK.search(pattern):
        pattern = _GROUP.sub(lambda found: "(?:" if found[0] == "(" else found[0], pattern)
    return regex.compile(pattern, FLAGS)


TIMEOUT = 0.5
"""Seconds of the thread's processor time that one pattern may take on one unit. A pattern that `cleaner rules check`
finds harmless never comes near."""
SHORT = 500
"""Characters of the longest pattern without nested repeats that needs no time limit: its clock costs 2 µs a search."""


Search = Callable[[str], "regex.Match[str] | None"]
T = TypeVar("T")


def limited(pattern: str, call: Callable[[float], T]) -> T:
    """What ``call`` gives, which matches ``pattern`` and takes a timeout for it. Raises ``PatternTimeout``.

    `regex` counts the processor time of the whole process. Where that runs out, the call is made again and the thread's
    own time is measured, so that neither other threads nor a busy machine decide. Not at once: to ask that clock takes
    longer than most searches.
    """
    try:
        return call(TIMEOUT / 2)
    except TimeoutError:
        most = TIMEOUT
    while True:
        began = thread_time()
        try:
            return call(most)
        except TimeoutError:
            if thread_time() - began >= 0.9 * TIMEOUT:
                raise PatternTimeout(
                    f"the pattern {shown(pattern)} took over {TIMEOUT:g} s; `cleaner rules check` names the slow part"
                ) from None
            most *= 2


def shown(pattern: str) -> str:
    """A pattern as a message quotes it: its beginning, where it is long."""
    return repr(pattern if len(pattern) <= 80 else pattern[:79] + "\u2026")


@cache
def search(pattern: str) -> Search:
    """The search for a pattern in a folded unit; it raises ``PatternTimeout``."""
    told = read(pattern)
    widest, limit = told.widest, 0 if told.risky else SHORT
    plain: Callable[..., regex.Match[str] | None] | None = None

    def searched(text: str) -> regex.Match[str] | None:
        nonlocal plain
        if len(text) > widest:
            return None
        if plain is None:  # most rules of a run are never tried
            plain = compiled(pattern).search
        if len(text) <= limit:
            return plain(text)
        return limited(pattern, lambda most: plain(text, timeout=most))

    return searched


@lru_cache(maxsize=1)  # what reads it and what it needs are asked in a row
def tree(pattern: str) -> Any:
    """The syntax tree of a pattern, to read. Raises ``re.error`` where the parser of ``re`` doesn't know the syntax."""
    return parser.parse(_PROPERTY.sub(lambda found: found[1] + ANY_ONE, pattern), int(re.IGNORECASE))


def sampled_tree(pattern: str) -> Any:
    """The syntax tree of a pattern in which one character stands for each property, such as ``a`` for ``\\p{L}``.
    Raises as ``tree`` does."""
    return parser.parse(
        _PROPERTY.sub(lambda found: _of_property(found[1], found[2], found[0]), pattern), int(re.IGNORECASE)
    )


_MEMBERS = {
    "Lu": "A",
    "Lt": "A",
    "N": "1",
    "Nd": "1",
    "P": ".",
    "Z": " ",
    "S": "+",
    "Han": "\u6f22",
    "Hiragana": "\u3042",
}
_MEMBERS |= {"Katakana": "\u30ab", "Hangul": "\uac00", "Cyrillic": "\u0434", "Arabic": "\u0628", "Greek": "\u03bb"}


def _of_property(before: str, sign: str, whole: str) -> str:
    name = whole[len(before) + 2 :].strip("{}")
    if (sign == "P") != name.startswith("^"):
        return before + ("1" if name.strip("^").startswith("L") else "a")
    return before + re.escape(_MEMBERS.get(name) or _MEMBERS.get(name[:1], "a"))


def is_bound(items: Sequence[Any]) -> bool:
    """Whether a tree asks for both ends of the text."""
    return len(items) > 1 and items[0] == (op.AT, op.AT_BEGINNING) and items[-1] == (op.AT, op.AT_END)


@dataclass(frozen=True, slots=True)
class Syntax:
    """What a pattern's syntax tells of it.

    ``widest``: the most characters a paragraph can have in which it matches. ``risky``: it repeats what can be matched
    in several ways, or has three wide repeats, so matching may take long even on a short text. ``empty``: it matches
    without using up a character. ``impossible``: it asks for something before its start or after its end, and so
    matches nothing.
    """

    widest: int
    risky: bool
    empty: bool
    impossible: bool


UNTOLD = Syntax(1 << 31, True, False, False)
"""Of a pattern whose syntax only `regex` knows."""


@cache
def read(pattern: str) -> Syntax:
    """What the pattern's syntax tells, or ``UNTOLD``.

    >>> read("^ab?$").widest, read("(a+ ?)+b").risky, read("(a b)?").empty, read("a$b").impossible
    (2, True, True, True)
    """
    if known := _TOLD.get(pattern):
        return known
    try:
        root = tree(pattern)
    except (re.error, RecursionError, OverflowError):
        return UNTOLD
    narrow, wide = root.getwidth()
    items = list(root)
    repeats, nested = _repeats(items)
    return Syntax(
        widest=min(int(wide), 1 << 31) if is_bound(items) else 1 << 31,
        risky=nested or repeats > 2,
        empty=int(narrow) == 0,
        impossible=_impossible(items),
    )


def _impossible(items: Any) -> bool:
    width, ended = 0, False
    for code, argument in items:
        fewest = least(code, argument)
        if ended and fewest:
            return True
        if code is op.AT:
            if argument is op.AT_BEGINNING and width:
                return True
            ended = ended or argument is op.AT_END
        if code is op.BRANCH and all(_impossible(alternative) for alternative in argument[1]):
            return True
        if code is op.SUBPATTERN and _impossible(argument[3]):
            return True
        if code is op.ASSERT_NOT and not len(argument[1]):
            return True
        width += fewest
    return False


def least(code: Any, argument: Any) -> int:
    """The fewest characters that a syntax node matches."""
    if code is op.BRANCH:
        return min((alternative.getwidth()[0] for alternative in argument[1]), default=0)
    if code is op.SUBPATTERN:
        return int(argument[3].getwidth()[0])
    if code is op.ATOMIC_GROUP:
        return int(argument.getwidth()[0])
    if code in REPEATS:
        return int(argument[0]) * int(argument[2].getwidth()[0])
    return 0 if code in (op.AT, op.ASSERT, op.ASSERT_NOT, op.GROUPREF, op.GROUPREF_EXISTS) else 1


def _repeats(items: Any) -> tuple[int, bool]:
    """The wide repeats among the elements, and whether one of them can match one text in several ways."""
    wide, nested = 0, False
    for code, argument in getattr(items, "data", items):  # a tree's own iteration is slow
        if code in REPEATS:
            parts = (argument[2],)
        elif code is op.SUBPATTERN:
            parts = (argument[3],)
        elif code is op.BRANCH:
            parts = argument[1]
        elif code is op.ATOMIC_GROUP:
            parts = (argument,)
        elif code is op.ASSERT or code is op.ASSERT_NOT:
            parts = (argument[1],)
        else:
            continue
        most = 0
        for part in parts:
            count, deep = _repeats(part)
            most = max(most, count)
            nested = nested or deep
        if code in REPEATS and argument[1] - argument[0] > 3:
            nested = nested or most > 0 or _ways(argument[2]) > 1
            wide += 1
        wide += most
    return wide, nested


def _ways(items: Any) -> int:
    """In how many ways elements may be met, about: 1 where there are no alternatives in them."""
    ways = 1
    for code, argument in getattr(items, "data", items):
        if code is op.BRANCH:
            ways *= len(argument[1])
        elif code is op.SUBPATTERN:
            ways *= _ways(argument[3])
        elif code is op.ATOMIC_GROUP:
            ways *= _ways(argument)
        elif code in REPEATS:
            ways *= (2 if argument[0] != argument[1] else 1) * _ways(argument[2])
    return ways
