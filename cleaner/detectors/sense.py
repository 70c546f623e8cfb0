"""What the words of a paragraph are about: a linear model on hashed n-grams, a score for each category.

The n-grams are words, pairs of words, and runs of three to five characters (as in fastText, Joulin et al. 2017,
https://arxiv.org/abs/1607.01759), each hashed to one of some ten thousand rows of small whole numbers. A paragraph's
score for a category is the sum of its n-grams' numbers over the square root of how many n-grams it has. Sums of whole
numbers are the same on every machine and in every order.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner import compiled
from cleaner.errors import WeightsFault
from cleaner.model import CATEGORIES

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

FORMAT = "cleaner-sense"
VERSION = 1
"""The version of the file format. It rises when a reader of the old version would go wrong."""
LABELS: tuple[str, ...] = ("boilerplate", *(name for name in CATEGORIES if name != "headline"))
"""The columns of a score: boilerplate of any kind, then each category."""
HEAD, TAIL = 300, 120
"""Characters read at the start and at the end of a paragraph: the middle of a long one tells nothing new."""
CHARACTERS = (3, 4, 5)
"""Lengths of the runs of characters."""
ABSENT = -9.0
"""The score of a neighbour that there is none of."""

_BASE = 0x9E3779B97F4A7C15
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_][\w'-]*")
_START, _STOP = "\x02", "\x03"


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """The model, ready to run.

    ``weights``: (rows, labels) int8; ``scale`` and ``bias``: (labels,) float32.
    """

    weights: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats

    def scores(self, paragraphs: Sequence[str]) -> Floats:
        """(paragraphs, labels): the log-odds of each label for each paragraph, rounded to three decimals."""
        number = len(paragraphs)
        if not number:
            return np.zeros((0, len(LABELS)), np.float32)
        sums, counts = self._sums(paragraphs)
        total = sums.astype(np.int32)
        size = np.sqrt(np.maximum(counts, 1)).astype(np.float64)
        return np.asarray((total * self.scale / size[:, None] + self.bias).round(3), np.float32)

    def _sums(self, paragraphs: Sequence[str]) -> tuple[Places, Places]:
        """(paragraphs, labels): the sums of the weights of all n-grams; and (paragraphs,): how many there are."""
        number, labels = len(paragraphs), len(LABELS)
        if native := compiled.native:
            sums, many = native.sense_sums(*_read(_joined(paragraphs)), self.weights, labels)
            return np.frombuffer(sums, np.int64).reshape(number, labels), np.frombuffer(many, np.int64)
        found = ngrams(paragraphs)
        counts = np.array([np.bincount(homes, minlength=number) for homes, _ in found])
        rows = buckets(np.concatenate([hashes for _, hashes in found]), len(self.weights))
        parts = _sums(self.weights, rows, counts.ravel()).reshape(len(found), number, labels)
        return parts.sum(axis=0), counts.sum(axis=0)

    def _said(self, words: Sequence[str], labels: Places) -> Places:
        """(words,): the sums of the weights of the n-grams inside of each word, of its label alone."""
        said = np.zeros(len(words), np.int64)
        if not len(words):
            return said
        if native := compiled.native:
            read = _read(_joined(words, bounds=False))
            return np.frombuffer(native.sense_said(*read, self.weights, len(LABELS), labels), np.int64)
        for homes, hashes in ngrams(words, bounds=False):
            weights = self.weights[buckets(hashes, len(self.weights)), labels[homes]]
            said += np.bincount(homes, weights, len(words)).astype(np.int64)
        return said

    def words(self, paragraphs: Sequence[str], labels: Sequence[int], most: int = 3) -> list[list[str]]:
        """For each paragraph the words that spoke most for its label, with all n-grams inside them, strongest first."""
        found = [_WORD.findall(text) for text in map(folded_text, paragraphs)]
        every = [word for words in found for word in words]
        said = self._said(every, np.repeat(np.array(labels, np.int64), [len(words) for words in found]))
        told, at = [], 0
        for words in found:
            own = said[at : at + len(words)]
            order = np.argsort(-own, kind="stable").tolist()
            told.append(list(dict.fromkeys(words[number] for number in order if own[number] > 0))[:most])
            at += len(words)
        return told


def folded_text(paragraph: str) -> str:
    """What the model reads of a paragraph: case folded, digits as 0, white space as one space, start and end alone.

    >>> folded_text("Give  £25 today")
    'give £00 today'
    """
    return _DIGIT.sub("0", _shortened(paragraph))


def _shortened(paragraph: str) -> str:
    """The same with the digits as they are."""
    text = " ".join(paragraph.split()).casefold()
    return f"{text[:HEAD]}\N{HORIZONTAL ELLIPSIS}{text[-TAIL:]}" if len(text) > HEAD + TAIL else text


def ngrams(paragraphs: Sequence[str], bounds: bool = True) -> list[tuple[Places, Hashes]]:
    """The n-grams of all paragraphs, by kind: for each its paragraph's number, ascending, and its hash.

    ``bounds``: with a sign at the start and the end of each paragraph, which n-grams may hold.
    """
    codes, letters = _read(_joined(paragraphs, bounds))
    ends = codes == 10
    homes = np.cumsum(ends) - ends
    number = len(codes)
    base = np.uint64(_BASE)
    signs = _mixed(codes.astype(np.uint64) + np.uint64(0x1234567))
    places = np.arange(number)
    room = np.minimum.accumulate(np.where(ends, places, number)[::-1])[::-1] - places
    found = []
    run = signs
    for length in range(2, max(CHARACTERS) + 1):
        run = run[:-1] * base + signs[length - 1 :]
        if length in CHARACTERS:
            inside = np.flatnonzero(room[: len(run)] >= length)
            found.append((homes[inside], _mixed(run[inside] + np.uint64(length))))
    return [*found, *_words(codes, letters, signs, homes)]


def _joined(paragraphs: Sequence[str], bounds: bool = True) -> str:
    """What is read of all paragraphs, a line end after each; the digits are as they were."""
    between = f"{_STOP}\n{_START}" if bounds else "\n"
    text = between.join(map(_shortened, paragraphs))
    return f"{_START}{text}{_STOP}\n" if bounds else f"{text}\n"


def _read(joined: str) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """The characters of a text, digits as 0, and which of them are letters, digits or apostrophes."""
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    known = letters(joined, codes)
    zeros = _zeros()
    read = zeros.take(codes, mode="clip")
    if not joined.isascii():
        for place in np.flatnonzero(codes >= len(zeros)).tolist():
            read[place] = ord("0") if joined[place].isdecimal() else codes[place]
    return read, known


def _words(
    codes: npt.NDArray[np.uint32], letters: npt.NDArray[np.bool_], signs: Hashes, homes: Places
) -> list[tuple[Places, Hashes]]:
    """Words and pairs of words; a mark that is neither letter nor digit is a word of its own."""
    powers, inverses = _powers(len(codes))
    begins, ends = letters.copy(), letters.copy()
    begins[1:] &= ~letters[:-1]
    ends[:-1] &= ~letters[1:]
    first, last = np.flatnonzero(begins), np.flatnonzero(ends) + 1
    marks = np.flatnonzero(~letters & (codes != 32) & (codes != 10))
    sums = np.concatenate(([np.uint64(0)], np.cumsum(signs * powers, dtype=np.uint64)))
    hashes = np.concatenate(
        (_mixed((sums[last] - sums[first]) * inverses[first]), _mixed(signs[marks] + np.uint64(77)))
    )
    order = np.argsort(np.concatenate((first, marks)), kind="stable")
    hashes = hashes[order]
    home = homes[np.concatenate((first, marks))[order]]
    together = np.flatnonzero(home[1:] == home[:-1])
    pairs = hashes[:-1] * np.uint64(_BASE) + hashes[1:]
    return [
        (home, _mixed(hashes + np.uint64(101))),
        (home[1:][together], _mixed(pairs[together] + np.uint64(202))),
    ]


_LANES = np.uint64(0x00FF00FF00FF00FF)
"""Every other byte of eight."""
_ROOM = 256
"""Bytes that may be added in a lane of 16 bits."""
_MIDDLE = np.uint64(0x8080808080808080)
"""Makes of -128 to 127 the whole numbers from 0 to 255."""


def _sums(weights: npt.NDArray[np.int8], rows: Places, counts: Places) -> Places:
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


@lru_cache(maxsize=1)
def _zeros() -> npt.NDArray[np.uint32]:
    """Each character of the basic plane, or 0 for a digit."""
    return np.array([ord("0") if chr(code).isdecimal() else code for code in range(0x10000)], np.uint32)


def _mixed(values: Hashes) -> Hashes:
    """The values with their bits mixed, as SplitMix64 does it (Steele et al. 2014), so that low bits are as good as
    any."""
    values = (values ^ (values >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(32))


def buckets(hashes: Hashes, rows: int) -> Places:
    """The row of each n-gram; ``rows`` is a power of two."""
    return (hashes & np.uint64(rows - 1)).astype(np.int64)


_TABLES: list[tuple[Hashes, Hashes]] = []


def _powers(number: int) -> tuple[Hashes, Hashes]:
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


def read_sense(text: str) -> Sense:
    """The model of a file: JSON with format, version, rows, labels, scale, bias, trained_on, and the weights, packed.

    Raises ``WeightsFault``.
    """
    try:
        record = json.loads(text)
        known = (record["format"], record["version"]) == (FORMAT, VERSION)
        rows, labels = int(record["rows"]), tuple(record["labels"])
        body = zlib.decompress(base64.b64decode(record["weights"], validate=True))
        scale, bias = np.array(record["scale"], np.float32), np.array(record["bias"], np.float32)
    except (ValueError, KeyError, TypeError, zlib.error):
        raise WeightsFault("not a file of word scores; `cleaner fit text` writes one") from None
    fits = len(scale) == len(bias) == len(LABELS) and len(body) == rows * len(LABELS)
    if not known or labels != LABELS or rows < 1 or rows & (rows - 1) or not fits:
        raise WeightsFault("word scores of another version; fit them again with `cleaner fit text`")
    return Sense(np.frombuffer(body, np.int8).reshape(rows, len(labels)), scale, bias)


def pack(weights: Floats, bias: Floats) -> dict[str, Any]:
    """The record, for ``read_sense``, of a model with ``weights`` (rows, labels) and ``bias`` (labels,)."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
    whole = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    return {
        "format": FORMAT,
        "version": VERSION,
        "rows": len(weights),
        "labels": list(LABELS),
        "scale": [float(f"{value:.6g}") for value in scale],
        "bias": [float(f"{value:.6g}") for value in bias],
        "weights": base64.b64encode(zlib.compress(whole.tobytes(), 9)).decode("ascii"),
    }
