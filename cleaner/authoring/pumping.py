"""Whether a pattern is harmless: attack strings are made of its own parts, and its time at growing sizes is measured.

A backtracking matcher may take quadratic or exponential time where a repeat can match one text in several ways, or
where each of many starts is read to the end. Such texts hold the repeated part again and again and then fail, so they
can be derived from the pattern: what leads up to a repeat, its body many times ("pumped"), and a tail that doesn't fit.
"""

from __future__ import annotations

import re
import re._constants as op
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from time import perf_counter, thread_time
from typing import Any

from cleaner.authoring.samples import sample, samples
from cleaner.errors import Fault
from cleaner.rulebook.patterns import REPEATS, compiled, sampled_tree
from cleaner.rulebook.values import Rule
from cleaner.rulebook.yaml_tree import Source

SMALL, MIDDLE, LARGE = 2_000, 8_000, 32_000
"""Characters at which the time is measured. Bounded repeats are exhausted well before the first."""
QUICK = 3e-8
"""Seconds per character. Below this the matcher only scans, and nothing grows."""
AT_MOST = 2.5e-5
"""Seconds per character. Above this the longest paragraph would take half of the time limit."""
EXPONENT = 1.4
"""How the time grows with the size, as an exponent: 1 is linear, 2 quadratic; what lies between is noise."""
SURE = 3
"""How often an attack must be slow to count."""
MOST_PUMPS = 24
"""The number of texts that are pumped for one repeat."""
WIDE = 4
"""How far a repeat may exceed its minimum and still count as fixed."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A text that may be slow: ``pump`` many times between a head and a tail. ``part``: the repeat in the pattern."""

    part: str
    head: str
    pump: str
    tail: str

    def text(self, size: int) -> str:
        """About ``size`` characters of it."""
        return self.head + self.pump * (size // len(self.pump) + 1) + self.tail


@dataclass(frozen=True, slots=True)
class Slow:
    """A pattern that takes too long on an attack. ``growth`` is the exponent, or infinite if it can't be measured."""

    attack: Attack
    growth: float

    def __str__(self) -> str:
        part = f" at `{_short(self.attack.part)}`" if self.attack.part else ""
        if self.growth == float("inf"):
            how = "takes far too long"
        elif self.growth < EXPONENT:
            how = "takes too long, though no more than in proportion,"
        else:
            how = f"takes {2**self.growth:.1f} times as long for twice the text"
        return (
            f"the pattern {how}{part}, tried with {_short(self.attack.pump)!r} again and again: write `.{{0,100}}` for "
            "`.*`, put `\\b` before a word of any length, and repeat nothing that can match one text in two ways"
        )


def faults(
    rules: Iterable[Rule], sources: Iterable[Source] = (), tell: Callable[[Rule], object] = lambda rule: None
) -> tuple[Fault, ...]:
    """A fault for each pattern of the rules that could hang, at its line in ``sources`` or else at that of its rule.
    ``tell`` hears of every rule."""
    texts = {source.path: source.text.split("\n") for source in sources}
    known: dict[str, Slow | None] = {}
    found: list[Fault] = []
    for rule in rules:
        for pattern in patterns_of(rule):
            if pattern not in known:
                known[pattern] = slow(pattern)
            if (why := known[pattern]) is not None:
                line = _line(texts.get(rule.path, ()), rule.line, pattern)
                found.append(Fault(rule.path, line, f"{rule.id}: {why}"))
        tell(rule)
    return tuple(sorted(found))


def patterns_of(rule: Rule) -> tuple[str, ...]:
    """All patterns of a rule, wherever they are in it."""
    within = (rule.while_.any, rule.while_.unless) if rule.while_ else ()
    groups = (rule.any, rule.all, rule.unless, rule.until, rule.when.after, rule.when.before, *within)
    return tuple(dict.fromkeys(pattern for group in groups for pattern in group))


def _line(lines: Sequence[str], first: int, pattern: str) -> int:
    """The line that a pattern stands in, at or after its rule's first; that one, if it is written in another way."""
    quoted = pattern.replace("'", "''")
    for number in range(max(0, first - 1), len(lines)):
        if pattern in lines[number] or quoted in lines[number]:
            return number + 1
    return first


def slow(pattern: str) -> Slow | None:
    """The attack that makes a pattern's time grow faster than the text, or ``None`` if there is none."""
    search = compiled(pattern).search

    def took(attack: Attack, size: int, clock: Callable[[], float] = thread_time) -> float:
        text = attack.text(size)
        began = clock()
        try:
            search(text, timeout=max(0.05, AT_MOST * size))
        except TimeoutError:
            return float("inf")
        return clock() - began

    for attack in attacks(pattern):
        if took(attack, SMALL, perf_counter) < QUICK * SMALL:  # cheap to read, and never less than the processor time
            continue
        growths = (_growth(lambda size, attack=attack: took(attack, size)) for _ in range(SURE))  # type: ignore[misc]
        found = [growth for growth in takewhile(lambda growth: growth is not None, growths) if growth is not None]
        if len(found) == SURE:  # on a busy machine one measurement alone may be noise
            return Slow(attack, min(found))
    return None


def _growth(took: Callable[[int], float]) -> float | None:
    """The exponent, if it or the time itself is too large."""
    small, middle = took(SMALL), took(MIDDLE)
    if max(small, middle) < float("inf") and middle < 4**EXPONENT * small and middle < AT_MOST * MIDDLE:
        return None
    if max(small, middle) == float("inf"):
        return float("inf")
    small, middle = (min(took(size) for _ in range(2)) for size in (SMALL, MIDDLE))
    if middle < min(4**EXPONENT * small, AT_MOST * MIDDLE) or middle < 0.0005:
        return None
    if middle == float("inf"):
        return middle
    large = min(took(LARGE) for _ in range(2))
    if large == float("inf"):
        return 2.0
    growth = _exponent(large / middle)
    return growth if growth >= EXPONENT or large > AT_MOST * LARGE else None


def _exponent(ratio: float) -> float:
    from math import log

    return log(max(ratio, 1.0)) / log(LARGE / MIDDLE)


def attacks(pattern: str) -> Iterator[Attack]:
    """The texts that a pattern is tried with; none for one without wide repeats."""
    try:
        root = sampled_tree(pattern)
    except (re.error, RecursionError, OverflowError):
        return
    parts = _parts(pattern)
    places = {id(argument): number for number, argument in enumerate(_repeats(root))}
    known: set[tuple[str, str, str]] = set()
    for argument, head, tail, pumps in _wide(root, "", ""):
        number = places[id(argument)]
        part = parts[number] if len(parts) == len(places) else ""
        for pump in dict.fromkeys(pump for pump in pumps[:MOST_PUMPS] if pump):
            for before, after in _ends(head, tail):
                if (before, pump, after) not in known:
                    known.add((before, pump, after))
                    yield Attack(part, before, pump, after)


def _ends(head: str, tail: str) -> Iterator[tuple[str, str]]:
    """What stands around the pumped text: the match fails at its end, or just before, with and without what a matcher
    looks for first."""
    yield head, "\u00a7!"
    if tail:
        yield head, f"{tail}\u00a7!"
        yield head, f"x{tail}x"
        yield head, f"\u00a7{tail}"
    if head:
        yield "", "\u00a7!"


def _repeats(items: Any) -> Iterator[Any]:
    """The arguments of all repeats, inner ones first: in the order in which their signs stand in the pattern."""
    for code, argument in items:
        for inner in _inner(code, argument):
            yield from _repeats(inner)
        if code in REPEATS:
            yield argument


def _inner(code: Any, argument: Any) -> Sequence[Any]:
    if code in REPEATS:
        return (argument[2],)
    if code is op.SUBPATTERN:
        return (argument[3],)
    if code is op.BRANCH:
        return tuple(argument[1])
    if code is op.ATOMIC_GROUP:
        return (argument,)
    return (argument[1],) if code in (op.ASSERT, op.ASSERT_NOT) else ()


def _wide(items: Any, head: str, tail: str) -> Iterator[tuple[Any, str, str, list[str]]]:
    """Each wide repeat with what leads up to it, what follows it, and the texts to be pumped for it."""
    items = list(items)
    for place, (code, argument) in enumerate(items):
        before, after = head + sample(items[:place]), sample(items[place + 1 :]) + tail
        if code in REPEATS and argument[1] - argument[0] >= WIDE:
            yield argument, before, after, _pumps(argument[2], items[place + 1 :], before)
        for inner in _inner(code, argument):
            yield from _wide(inner, before, after)


def _pumps(body: Any, rest: Sequence[Any], before: str) -> list[str]:
    """Texts to pump: what the repeat holds, what follows it up to the next one, all that leads up to it, and these
    together."""
    inside = samples(body, 10)
    middle = _up_to_repeat(rest)
    found = [
        *inside,
        *samples(middle, 4),
        sample(body) + sample(middle),
        before,
        f"{before} ",
        f"{before}{sample(body)}",
    ]
    found += [a + b for a, b in pairwise(inside)]
    return [*found, "".join(inside), "1", "A", "a", " ", ". "]


def _up_to_repeat(items: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for code, argument in items:
        if code in REPEATS and argument[1] - argument[0] >= WIDE and found:
            break
        found.append((code, argument))
    return found


# -- the repeats in the source of a pattern -------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\\[pPN]\{[^}]*\}|\\x[0-9a-f]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<[=!]|\(\?P<\w+>|\(\?[\w-]*[:=!>]|\(\?[\w-]+\)"
    r"|\(|\)|\||(?:[*+?]|\{\d*,?\d*\})[?+]?|.",
    re.DOTALL | re.IGNORECASE,
)


def _parts(pattern: str) -> list[str]:
    """The repeats of a pattern as they are written, in the order of their signs.

    >>> _parts("a(b+|c)*[d*]?")
    ['b+', '(b+|c)*', '[d*]?']
    """
    found: list[str] = []
    opened: list[int] = []
    start = 0  # of the last element
    for token in _TOKEN.finditer(pattern):
        sign = token[0]
        if sign[0] in "*+?" or re.fullmatch(r"\{\d*,?\d*\}[?+]?", sign):
            found.append(pattern[start : token.end()])
        elif sign == ")":
            start = opened.pop() if opened else start
        else:
            if sign[0] == "(" and not (sign.endswith(")")):
                opened.append(token.start())
            start = token.start()
    return found


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:40]}\u2026{text[-19:]}"
