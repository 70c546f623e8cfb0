"""What a paragraph is without its names and most of its words: the build of its sentences.

"Anna Berg holds the cup." and "Tom Ode opens the gate." share no word but one; as ``N ~s the ~p`` and ``N ~s the ~e``
they are alike, and so are most captions, bylines and author notes of a language. Names and numbers are masked, as is
usual where a model must not learn them by heart (word shapes: Collins 2002, https://aclanthology.org/P02-1062). Long
words are kept in one row of tokens, and only by their last letter in the other.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from cleaner.detectors import compiled
from cleaner.detectors.ngrams import END, Codes, Places, mixed, signs_of, stretches

SHORT = 3
"""Letters of the longest word that is kept as it is: articles, prepositions, pronouns."""
FEW_DIGITS = 2
"""Digits up to which a number is a small one."""

_SPACE, _LETTER, _CAPITAL, _DIGIT, _MARK, _END = range(6)
_PLANE = 0x10000
_WORD = np.uint32(1 << 31)
"""Set in the number of every token, so that none is that of a line end or a space."""
_SMALL, _LARGE, _LOUD, _NAME = (np.uint32((1 << 31) + number) for number in range(1, 5))
_ENDING = np.uint64(555)


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """The kind of each character of the basic plane."""
    kinds = np.array([_kind(chr(code)) for code in range(_PLANE)], np.uint8)
    kinds[END] = _END
    return kinds


def _kind(character: str) -> int:
    if character.isupper() or character.istitle():
        return _CAPITAL
    if character.isdecimal():
        return _DIGIT
    if character.isalpha() or unicodedata.category(character)[0] == "M":
        return _LETTER
    return _SPACE if character.isspace() else _MARK


def tokens(joined: str) -> tuple[Codes, Codes]:
    """Two rows of tokens, a number each, with ``END`` after each paragraph: names and numbers are masked in both.

    In the first every other word is kept; in the second longer words are kept by their last letter, and names that
    stand together are one. ``joined``: the paragraphs as they are typed, a line end after each, which none holds
    itself.
    """
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds().take(codes, mode="clip")
    if not joined.isascii():
        for place in np.flatnonzero(codes >= _PLANE).tolist():
            kinds[place] = _kind(joined[place])
    if native := compiled.native:
        named_tokens, shaped_tokens = native.word_tokens(codes, kinds)
        return np.frombuffer(named_tokens, np.uint32), np.frombuffer(shaped_tokens, np.uint32)
    return _tokens(codes, kinds)


def _tokens(codes: Codes, kinds: npt.NDArray[np.uint8]) -> tuple[Codes, Codes]:
    capital = kinds == _CAPITAL
    runs = np.where(capital, _LETTER, kinds)
    alone = runs >= _MARK
    breaks = (runs[1:] != runs[:-1]) | alone[1:]
    first = np.flatnonzero(np.concatenate(([True], breaks)) & (runs != _SPACE))
    last = np.flatnonzero(np.concatenate((breaks, [True])) & (runs != _SPACE)) + 1
    signs = signs_of(codes)
    named = _token(stretches(signs, first, last))
    shaped = named.copy()
    begun, length = kinds[first], last - first
    long = np.flatnonzero((begun == _LETTER) & (length > SHORT))
    shaped[long] = _token(mixed(signs[last[long] - 1] + _ENDING))
    masked = _masked(begun, length, np.concatenate(([0], np.cumsum(capital))), first, last)
    for row in (named, shaped):
        np.copyto(row, masked, where=masked > 0)
        row[begun == _END] = END
    repeated = (shaped == _NAME) & np.concatenate(([False], shaped[:-1] == _NAME))
    return named, shaped[~repeated]


def _masked(begun: npt.NDArray[np.uint8], length: Places, capitals: Places, first: Places, last: Places) -> Codes:
    """The token of each name, number and word in capitals, else 0. ``capitals``: how many stand before a place."""
    masked = np.zeros(len(begun), np.uint32)
    masked[begun == _DIGIT] = _LARGE
    masked[(begun == _DIGIT) & (length <= FEW_DIGITS)] = _SMALL
    masked[begun == _CAPITAL] = _NAME
    masked[(begun == _CAPITAL) & (length > 1) & (capitals[last] - capitals[first] == length)] = _LOUD
    return masked


def _token(hashes: npt.NDArray[np.uint64]) -> Codes:
    return (hashes >> np.uint64(32)).astype(np.uint32) | _WORD
