"""N-grams of paragraphs, hashed: what word scores (``detectors.sense``) are sums over.

A text is read as numbers, one a character, a line end after each paragraph; the n-grams are runs of three to five of
them, words, and pairs of words. Everything is worked out for all paragraphs at once, in whole numbers, which are the
same on every machine.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cleaner.detectors import compiled

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

CHARACTERS = (3, 4, 5)
"""Lengths of the runs of characters."""
END = 10
"""The number after each paragraph."""

_BASE = 0x9E3779B97F4A7C15


def ngrams(codes: Codes, letters: npt.NDArray[np.bool_]) -> list[tuple[Places, Hashes]]:
    """The n-grams of all paragraphs, by kind: for each its paragraph's number, ascending, and its hash.

    ``codes``: the paragraphs as numbers, ``END`` after each. ``letters``: which of them words are made of.
    """
    ends = codes == END
    homes = np.cumsum(ends) - ends
    number = len(codes)
    base = np.uint64(_BASE)
    signs = signs_of(codes)
    places = np.arange(number)
    room = np.minimum.accumulate(np.where(ends, places, number)[::-1])[::-1] - places
    found = []
    run = signs
    for length in range(2, max(CHARACTERS) + 1):
        run = run[:-1] * base + signs[length - 1 :]
        if length in CHARACTERS:
            inside = np.flatnonzero(room[: len(run)] >= length)
            found.append((homes[inside], mixed(run[inside] + np.uint64(length))))
    return [*found, *_words(codes, letters, signs, homes)]


def _words(codes: Codes, letters: npt.NDArray[np.bool_], signs: Hashes, homes: Places) -> list[tuple[Places, Hashes]]:
    """Words and pairs of words; a mark that is neither letter nor digit is a word of its own."""
    begins, ends = letters.copy(), letters.copy()
    begins[1:] &= ~letters[:-1]
    ends[:-1] &= ~letters[1:]
    first, last = np.flatnonzero(begins), np.flatnonzero(ends) + 1
    marks = np.flatnonzero(~letters & (codes != 32) & (codes != END))
    hashes = np.concatenate((stretches(signs, first, last), mixed(signs[marks] + np.uint64(77))))
    order = np.argsort(np.concatenate((first, marks)), kind="stable")
    hashes = hashes[order]
    home = homes[np.concatenate((first, marks))[order]]
    together = np.flatnonzero(home[1:] == home[:-1])
    pairs = hashes[:-1] * np.uint64(_BASE) + hashes[1:]
    return [
        (home, mixed(hashes + np.uint64(101))),
        (home[1:][together], mixed(pairs[together] + np.uint64(202))),
    ]


def stretches(signs: Hashes, first: Places, last: Places) -> Hashes:
    """A hash for each stretch of characters from ``first`` to before ``last``; ``signs``: of all characters."""
    rising, falling = powers(len(signs))
    total = np.concatenate(([np.uint64(0)], np.cumsum(signs * rising, dtype=np.uint64)))
    return mixed((total[last] - total[first]) * falling[first])


def sums(
    codes: Codes, letters: npt.NDArray[np.bool_], weights: npt.NDArray[np.int8], number: int
) -> tuple[Places, Places]:
    """(paragraphs, labels): the sums of the rows of ``weights`` that the n-grams of each paragraph are hashed to; and
    (paragraphs,): how many n-grams there are. ``codes``, ``letters``: as ``ngrams`` takes them, of ``number``
    paragraphs; the rows of ``weights`` are a power of two."""
    labels = weights.shape[1]
    if native := compiled.native:
        added, many = native.sense_sums(codes, letters, weights, labels)
        return np.frombuffer(added, np.int64).reshape(number, labels), np.frombuffer(many, np.int64)
    found = ngrams(codes, letters)
    counts = np.array([np.bincount(homes, minlength=number) for homes, _ in found])
    rows = buckets(np.concatenate([hashes for _, hashes in found]), len(weights))
    parts = _added(weights, rows, counts.ravel()).reshape(len(found), number, labels)
    return parts.sum(axis=0), counts.sum(axis=0)


_LANES = np.uint64(0x00FF00FF00FF00FF)
"""Every other byte of eight."""
_ROOM = 256
"""Bytes that may be added in a lane of 16 bits."""
_MIDDLE = np.uint64(0x8080808080808080)
"""Makes of -128 to 127 the whole numbers from 0 to 255."""


def _added(weights: npt.NDArray[np.int8], rows: Places, counts: Places) -> Places:
    """(runs, labels): the sums over runs of rows of ``weights``; the run n has ``counts[n]`` of ``rows``, in order.

    Four labels are added at once, in lanes of a word: the sums of numpy over columns of bytes take three times as long.
    """
    labels = weights.shape[1]
    if labels % 8:
        weights = np.pad(weights, ((0, 0), (0, -labels % 8)))
    words = weights.view("<u8").take(rows, axis=0) ^ _MIDDLE
    size = words.shape[1]
    lanes = np.empty((2 * size, len(rows)), np.uint64)
    lanes[:size] = words.T
    np.right_shift(lanes[:size], np.uint64(8), out=lanes[size:])
    np.bitwise_and(lanes, _LANES, out=lanes)
    total = np.zeros((len(counts), weights.shape[1]), np.int64)
    parts = -(-counts // _ROOM)
    run = np.repeat(np.arange(len(counts)), parts)
    if len(run):
        part = np.arange(len(run)) - np.repeat(np.cumsum(parts) - parts, parts)
        begins = (np.cumsum(counts) - counts)[run] + part * _ROOM
        added = np.ascontiguousarray(np.add.reduceat(lanes, begins, axis=1).T).astype("<u8").view("<u2")
        # Of each word the even labels come first, then the odd ones.
        np.add.at(total, run, added.reshape(len(run), 2, -1).transpose(0, 2, 1).reshape(len(run), -1))
    return total[:, :labels] - 128 * counts[:, None]


def letters(text: str, codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which characters of a text are letters, digits or apostrophes. ``codes``: the text as numbers."""
    table = _alphanumeric()
    if text.isascii():
        return table.take(codes)
    known = table.take(codes, mode="clip")
    for place in np.flatnonzero(codes >= len(table)).tolist():
        known[place] = text[place].isalnum()
    return known


@lru_cache(maxsize=1)
def _alphanumeric() -> npt.NDArray[np.bool_]:
    return np.array([chr(code).isalnum() or code == 39 for code in range(0x10000)])


def signs_of(codes: Codes) -> Hashes:
    """A hash for each character."""
    return mixed(codes.astype(np.uint64) + np.uint64(0x1234567))


def mixed(values: Hashes) -> Hashes:
    """The values with their bits mixed, as SplitMix64 does it (Steele et al. 2014), so that low bits are as good as
    any."""
    values = (values ^ (values >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(32))


def buckets(hashes: Hashes, rows: int) -> Places:
    """The row of each n-gram; ``rows`` is a power of two."""
    return (hashes & np.uint64(rows - 1)).astype(np.int64)


_TABLES: list[tuple[Hashes, Hashes]] = []


def powers(number: int) -> tuple[Hashes, Hashes]:
    """The powers of the base and of its inverse modulo 2**64; a table that only grows."""
    if not _TABLES or len(_TABLES[0][0]) < number:
        size = max(1 << 14, 1 << number.bit_length())
        table = []
        for factor in (_BASE, pow(_BASE, -1, 1 << 64)):
            powers = np.full(size, np.uint64(factor))
            powers[0] = 1
            table.append(np.multiply.accumulate(powers, dtype=np.uint64))
        _TABLES[:] = [(table[0], table[1])]
    powers, inverses = _TABLES[0]
    return powers[:number], inverses[:number]
