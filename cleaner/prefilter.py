"""Which patterns may match a text: one pass of a linear-time automaton over all of them at once.

Each pattern is relaxed to a necessary condition: a piece of it, in RE2's syntax, that every match contains. RE2's own
``\\b``, ``\\w``, ``\\s`` and ``\\d`` know only ASCII and it has no lookaround, so the piece does without them: classes
are widened, assertions dropped, gaps cut. RE2's ``Set`` then tells which pieces occur (R. Cox, "Regular Expression
Matching in the Wild", 2010); only those patterns are tried exactly. A text may hold more pieces than matches, never
fewer.
"""

from __future__ import annotations

import re._constants as op  # the parser of `re`; CPython offers its syntax tree under no public name
import re._parser as syntax
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import re2
import regex

FLAGS = regex.IGNORECASE | regex.V0
MEMORY = 96 << 20
"""Bytes that an automaton may use for its program and its cache of states."""

_PROPERTY = regex.compile(r"(?<!\\)((?:\\\\)*)\\([pP])(?:\{\^?[\w ]+\}|[A-Z])")
_STAND_IN = "\U0010fffd"  # a private-use character: read as "any one character" below
_ATOM = regex.compile(r"\w|\[[^\]]*\]|\(\?:\w*\)|\\x\{\w+\}")
_DOTTED_I = "iI\u0130\u0131"  # `regex` takes all four for one letter when case does not matter


@dataclass(frozen=True, slots=True)
class _Piece:
    """A relaxed run of a pattern: its text, and how much it says (about: how many characters it fixes)."""

    text: str
    weight: float
    whole: bool = True  # it stands for all of its part of the pattern, so what comes next must follow directly


_ANY_ONE = _Piece("(?s:.)", 0.0)
_GAP = _Piece("", 0.0, whole=False)


def relax(pattern: str) -> str | None:
    """A piece in RE2 syntax that each match of ``pattern`` contains, case aside; ``None`` where none says enough.

    >>> relax(r'\\b(support|fund) our (?-i:News)\\b.{0,40}(?!x)\\w+')
    '(?:(?:support)|(?:fund)) our (?:News)'
    >>> relax(r'\\w+ \\w+') is None
    True

    Raises ``re.error`` for a pattern that the parser of ``re`` does not know.
    """
    tree = syntax.parse(_PROPERTY.sub(lambda found: found[1] + _STAND_IN, pattern), int(regex.IGNORECASE))
    piece = _best(_runs(tree))
    return piece.text if piece.weight >= 0.8 else None


def _best(runs: Sequence[_Piece]) -> _Piece:
    return max(runs, key=lambda piece: piece.weight, default=_GAP)


def _runs(items: Iterable[Any]) -> list[_Piece]:
    """The unbroken runs of a sequence of syntax nodes, each as one piece."""
    runs: list[_Piece] = []
    current: list[_Piece] = []

    def close() -> None:
        # What may be anything or nothing says nothing at the ends of a piece, and costs states.
        while current and current[0].weight == 0:
            current.pop(0)
        while current and current[-1].weight == 0:
            current.pop()
        if current:
            runs.append(_Piece("".join(p.text for p in current), sum(p.weight for p in current)))
            current.clear()

    for code, argument in items:
        piece = _relaxed(code, argument)
        if piece.whole:
            current.append(piece)
            continue
        close()
        if piece.text:
            runs.append(piece)
    close()
    return runs


def _relaxed(code: Any, argument: Any) -> _Piece:
    """One syntax node as a piece."""
    if code is op.LITERAL:
        return _literal(argument)
    if code is op.AT:
        if argument in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            return _Piece(r"\A", 0.5)
        if argument in (op.AT_END, op.AT_END_STRING):
            return _Piece(r"\z", 0.5)
        return _Piece("", 0.0)
    if code in (op.ASSERT, op.ASSERT_NOT):
        return _Piece("", 0.0)
    if code is op.IN:
        return _class(argument)
    if code in (op.ANY, op.NOT_LITERAL):
        return _ANY_ONE
    if code is op.BRANCH:
        return _branch(argument[1])
    if code is op.SUBPATTERN:
        return _sequence(argument[3])
    if code is op.ATOMIC_GROUP:
        return _sequence(argument)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _repeat(*argument)
    return _GAP


def _sequence(items: Iterable[Any]) -> _Piece:
    """A group as one piece: all of it where it has no gap, else the run in it that says most."""
    pieces = [_relaxed(*item) for item in items]
    if all(piece.whole for piece in pieces):
        text = "".join(piece.text for piece in pieces)
        return _Piece(text if len(pieces) == 1 and _ATOM.fullmatch(text) else f"(?:{text})", sum(p.weight for p in pieces))
    best = _best(_runs(items))
    return _Piece(best.text, best.weight, whole=False)


def _branch(alternatives: Iterable[Any]) -> _Piece:
    pieces = [_sequence(alternative) for alternative in alternatives]
    whole = all(piece.whole for piece in pieces)
    if not whole and any(not piece.weight for piece in pieces):
        return _GAP
    return _Piece(f"(?:{'|'.join(piece.text for piece in pieces)})", min(piece.weight for piece in pieces), whole)


def _repeat(least: int, most: int, item: Any) -> _Piece:
    inner = _sequence(item)
    if not inner.whole:
        return _Piece(inner.text, inner.weight, whole=False) if least else _GAP
    if not inner.text or inner.text == "(?:)":
        return _Piece("", 0.0)
    if least == most and least <= 8:
        return _Piece(f"{inner.text}{{{least}}}", inner.weight * least)
    if inner.weight == 0:  # a gap: what follows it is free, what came before stands alone
        return _GAP
    if least == 0:
        return _Piece(inner.text + ("?" if most == 1 else "*"), 0.0)
    return _Piece(inner.text + (f"{{{least},}}" if least <= 8 else "+"), inner.weight * min(least, 8))


def _literal(code: int) -> _Piece:
    character = chr(code)
    if character == _STAND_IN or "\ud800" <= character <= "\udfff":
        return _ANY_ONE
    cases = {c for c in (character, character.lower(), character.upper(), character.title(), character.casefold()) if len(c) == 1}
    if character in _DOTTED_I:
        cases |= set(_DOTTED_I)
    if len(cases) == 1 or (character.isascii() and character not in _DOTTED_I):
        return _Piece(_quote(character), 0.3 if character == " " else 1.0 if character.isascii() else 1.5)
    return _Piece("[" + "".join(map(_quote, sorted(cases))) + "]", 1.0)


def _class(members: Iterable[Any]) -> _Piece:
    parts: list[str] = []
    size = 0
    for code, argument in members:
        if code is op.LITERAL:
            if chr(argument) == _STAND_IN:
                return _ANY_ONE
            parts.append(_literal(argument).text.removeprefix("[").removesuffix("]"))
            size += 1
        elif code is op.RANGE:
            low, high = argument
            parts.append(rf"\x{{{low:x}}}-\x{{{high:x}}}")
            if any(low <= ord(c) <= high for c in _DOTTED_I):
                parts.append("".join(_DOTTED_I))
            size += high - low + 1
        elif code is op.CATEGORY and argument is op.CATEGORY_DIGIT:
            parts.append(r"\p{Nd}")
            size += 10
        elif code is op.CATEGORY and argument is op.CATEGORY_SPACE:
            parts.append(r"\s\v\p{Z}\x{1c}-\x{1f}\x{85}")
            size += 30
        else:  # negated, \w, \W, \S, \D: nearly everything
            return _ANY_ONE
    return _Piece("[" + "".join(parts) + "]", 0.8 if size <= 6 else 0.4)


def _quote(character: str) -> str:
    return character if character.isalnum() or character in " \"'<>:;,=!@#%&/_~`" else rf"\x{{{ord(character):x}}}"


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The relaxed pieces of many patterns, ready to be looked for in one pass.

    ``always`` are the numbers of the patterns that have no piece; they must be tried on every text.
    """

    automaton: Any
    numbers: tuple[tuple[int, ...], ...]
    canary: int
    always: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Sequence[str | None]) -> Prefilter:
        """Builds the automaton; a pattern's number is its place in ``pieces``.

        Raises ``ValueError`` when the patterns together are too large for it.
        """
        options = re2.Options()
        options.max_mem = MEMORY
        options.case_sensitive = False
        options.log_errors = False
        options.never_capture = True
        automaton = re2.Set.SearchSet(options)
        owners: dict[str, list[int]] = {}
        always: list[int] = []
        for number, piece in enumerate(pieces):
            if piece is None:
                always.append(number)
            else:
                owners.setdefault(piece, []).append(number)
        numbers: list[tuple[int, ...]] = []
        for piece, group in owners.items():
            try:
                automaton.Add(piece)
                numbers.append(tuple(group))
            except re2.error:  # e.g. a script that RE2's tables lack
                always.extend(group)
        # Matches every text: an answer without it means that the automaton ran out of memory and knows nothing.
        canary = automaton.Add("")
        automaton.Compile()
        if list(automaton.Match(b"")).count(canary) != 1:
            raise ValueError(f"{len(pieces)} patterns are too many for one prefilter of {MEMORY >> 20} MB")
        return cls(automaton, tuple(numbers), canary, tuple(sorted(always)))

    def candidates(self, text: str) -> tuple[int, ...]:
        """The numbers of the patterns that may match ``text`` (folded), in rising order."""
        found = self.automaton.Match(text)
        if len(found) == 1 and found[0] == self.canary:
            return self.always
        if self.canary not in found:
            return tuple(sorted({*self.always, *(n for group in self.numbers for n in group)}))
        return tuple(sorted([*self.always, *(n for index in found if index != self.canary for n in self.numbers[index])]))


def impossible(pattern: str) -> bool:
    """Whether ``pattern`` asks for something before its start or after its end, and so matches nothing.

    >>> impossible("a$b"), impossible("^a|b$")
    (True, False)
    """
    return _impossible(syntax.parse(_PROPERTY.sub(lambda found: found[1] + _STAND_IN, pattern)))


def _impossible(items: Any) -> bool:
    width, ended = 0, False
    for code, argument in items:
        least = _least(code, argument)
        if ended and least:
            return True
        if code is op.AT:
            if argument is op.AT_BEGINNING and width:
                return True
            ended = ended or argument is op.AT_END
        elif code is op.BRANCH and all(_impossible(alternative) for alternative in argument[1]):
            return True
        elif code is op.SUBPATTERN and _impossible(argument[3]):
            return True
        elif code is op.ASSERT_NOT and not len(argument[1]):
            return True
        width += least
    return False


def _least(code: Any, argument: Any) -> int:
    """The fewest characters that a syntax node matches."""
    if code is op.BRANCH:
        return min((alternative.getwidth()[0] for alternative in argument[1]), default=0)
    if code is op.SUBPATTERN:
        return int(argument[3].getwidth()[0])
    if code is op.ATOMIC_GROUP:
        return int(argument.getwidth()[0])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return int(argument[0]) * int(argument[2].getwidth()[0])
    return 0 if code in (op.AT, op.ASSERT, op.ASSERT_NOT, op.GROUPREF, op.GROUPREF_EXISTS) else 1


def matches_empty(pattern: str) -> bool:
    """Whether ``pattern`` can match without using up a character.

    >>> matches_empty("(ab)?"), matches_empty("ab?")
    (True, False)
    """
    return bool(syntax.parse(_PROPERTY.sub(lambda found: found[1] + _STAND_IN, pattern)).getwidth()[0] == 0)
