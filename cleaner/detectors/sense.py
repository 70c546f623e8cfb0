"""What the words of a paragraph are about: a linear model on hashed n-grams, a score for each category.

The n-grams are words, pairs of words, and runs of three to five characters (as in fastText, Joulin et al. 2017,
https://arxiv.org/abs/1607.01759), and runs of one to five words with names and numbers masked (``word_shapes``); each
is hashed to one of some ten thousand rows of small whole numbers. A paragraph's score for a category is the sum of its
n-grams' numbers over the square root of how many n-grams it has. Sums of whole numbers are the same on every machine
and in every order.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.article.model import CATEGORIES
from cleaner.detectors import compiled
from cleaner.detectors.ngrams import Codes, Places, buckets, letters, ngrams, sums
from cleaner.detectors.word_shapes import tokens
from cleaner.errors import WeightsFault

Floats = npt.NDArray[np.float32]
Read = tuple[Codes, npt.NDArray[np.bool_]]
"""Paragraphs as ``ngrams.ngrams`` takes them."""

FORMAT = "cleaner-sense"
VERSION = 2
"""The version of the file format. It rises when a reader of the old version would go wrong."""
LABELS: tuple[str, ...] = ("boilerplate", *(name for name in CATEGORIES if name != "headline"))
"""The columns of a score: boilerplate of any kind, then each category."""
TABLES = ("words", "named", "shaped")
"""What a paragraph is read as: its characters and words; its words with names masked; the shapes of its words."""
HEAD, TAIL = 300, 120
"""Characters read at the start and at the end of a paragraph: the middle of a long one tells nothing new."""
LEAST = 4
"""The least weight of 127 that is kept: without lesser ones the file is smaller by a third, and the log-odds of a
paragraph differ by .05 in the mean, a sixtieth of how far they differ from one another."""
ABSENT = -9.0
"""The score of a neighbour that there is none of."""

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_][\w'-]*")
_START, _STOP = "\x02", "\x03"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What n-grams say. ``weights``: (rows, labels) int8; ``scale``: (labels,) float32, what one of them is worth."""

    weights: npt.NDArray[np.int8]
    scale: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """The model, ready to run: a table for each of ``TABLES``, and ``bias``: (labels,) float32."""

    tables: tuple[Table, ...]
    bias: Floats

    def scores(self, paragraphs: Sequence[str]) -> Floats:
        """(paragraphs, labels): the log-odds of each label for each paragraph, rounded to three decimals."""
        number = len(paragraphs)
        if not number:
            return np.zeros((0, len(LABELS)), np.float32)
        total = np.tile(self.bias.astype(np.float64), (number, 1))
        for table, (codes, known) in zip(self.tables, readings(paragraphs), strict=True):
            added, counts = sums(codes, known, table.weights, number)
            size = np.sqrt(np.maximum(counts, 1)).astype(np.float64)
            total += added.astype(np.int32) * table.scale / size[:, None]
        return np.asarray(total.round(3), np.float32)

    def _said(self, words: Sequence[str], labels: Places) -> Places:
        """(words,): the sums of the weights of the n-grams inside of each word, of its label alone. ``words``: those of
        folded texts."""
        said = np.zeros(len(words), np.int64)
        if not len(words):
            return said
        weights = self.tables[0].weights
        read = _read(_joined(map(_cut, words), bounds=False))
        if native := compiled.native:
            return np.frombuffer(native.sense_said(*read, weights, len(LABELS), labels), np.int64)
        for homes, hashes in ngrams(*read):
            told = weights[buckets(hashes, len(weights)), labels[homes]]
            said += np.bincount(homes, told, len(words)).astype(np.int64)
        return said

    def words(self, paragraphs: Sequence[str], labels: Sequence[int], most: int = 3) -> list[list[str]]:
        """For each paragraph the words that spoke most for its label, with all n-grams inside them, strongest first."""
        found = [_WORD.findall(text) for text in map(folded_text, paragraphs)]
        every = [word for words in found for word in words]
        said = self._said(every, np.repeat(np.array(labels, np.int64), [len(words) for words in found])).tolist()
        told, at = [], 0
        for words in found:
            spoke = [(-by, word) for by, word in zip(said[at : at + len(words)], words, strict=True) if by > 0]
            told.append(list(dict.fromkeys(word for _, word in sorted(spoke, key=itemgetter(0))))[:most])
            at += len(words)
        return told


def readings(paragraphs: Sequence[str]) -> tuple[Read, ...]:
    """The paragraphs as each of ``TABLES`` reads them."""
    texts = [" ".join(paragraph.split()) for paragraph in paragraphs]
    named, shaped = tokens(_joined([_cut(text) for text in texts]))
    return (
        _read(_joined([_cut(text.casefold()) for text in texts])),
        (named, np.zeros(len(named), bool)),
        (shaped, np.zeros(len(shaped), bool)),
    )


def folded_text(paragraph: str) -> str:
    """What the model reads of a paragraph: case folded, digits as 0, white space as one space, start and end alone.

    >>> folded_text("Give  £25 today")
    'give £00 today'
    """
    return _DIGIT.sub("0", _shortened(paragraph))


def _shortened(paragraph: str) -> str:
    """The same with the digits as they are."""
    return _cut(" ".join(paragraph.split()).casefold())


def _cut(text: str) -> str:
    return f"{text[:HEAD]}\N{HORIZONTAL ELLIPSIS}{text[-TAIL:]}" if len(text) > HEAD + TAIL else text


def _joined(texts: Iterable[str], bounds: bool = True) -> str:
    """The texts with a line end after each; ``bounds``: with a sign at the start and the end of each, which n-grams may
    hold."""
    text = (f"{_STOP}\n{_START}" if bounds else "\n").join(texts)
    return f"{_START}{text}{_STOP}\n" if bounds else f"{text}\n"


def _read(joined: str) -> Read:
    """The characters of a text, digits as 0, and which of them are letters, digits or apostrophes."""
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    known = letters(joined, codes)
    zeros = _zeros()
    read = zeros.take(codes, mode="clip")
    if not joined.isascii():
        for place in np.flatnonzero(codes >= len(zeros)).tolist():
            read[place] = ord("0") if joined[place].isdecimal() else codes[place]
    return read, known


@lru_cache(maxsize=1)
def _zeros() -> Codes:
    """Each character of the basic plane, or 0 for a digit."""
    return np.array([ord("0") if chr(code).isdecimal() else code for code in range(0x10000)], np.uint32)


def read_sense(text: str) -> Sense:
    """The model of a file: JSON with format, version, labels, bias, trained_on, and tables, each with rows, scale and
    the weights, a label after another, packed.

    Raises ``WeightsFault``.
    """
    try:
        record = json.loads(text)
        known = (record["format"], record["version"], tuple(record["labels"])) == (FORMAT, VERSION, LABELS)
        tables = tuple(_table(record["tables"][name]) for name in TABLES) if known else ()
        bias = np.array(record["bias"], np.float32)
    except (ValueError, KeyError, TypeError, zlib.error):
        raise WeightsFault("not a file of word scores; `cleaner fit text` writes one") from None
    if not known or len(bias) != len(LABELS):
        raise WeightsFault("word scores of another version; fit them again with `cleaner fit text`")
    return Sense(tables, bias)


def _table(record: Mapping[str, Any]) -> Table:
    """Raises ``ValueError`` and others for a record that is none."""
    rows, scale = int(record["rows"]), np.array(record["scale"], np.float32)
    body = zlib.decompress(base64.b64decode(record["weights"], validate=True))
    if rows < 1 or rows & (rows - 1) or len(scale) != len(LABELS):
        raise ValueError("a table of this shape can't be read")
    return Table(np.ascontiguousarray(np.frombuffer(body, np.int8).reshape(len(LABELS), rows).T), scale)


def pack(tables: Sequence[Floats], bias: Floats) -> dict[str, Any]:
    """The record, for ``read_sense``, of a model: the weights (rows, labels) of each of ``TABLES``, and ``bias``
    (labels,)."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "labels": list(LABELS),
        "bias": [float(f"{value:.6g}") for value in bias],
        "tables": {name: _packed(weights) for name, weights in zip(TABLES, tables, strict=True)},
    }


def _packed(weights: Floats) -> dict[str, Any]:
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
    whole = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    whole[np.abs(whole) < LEAST] = 0
    return {
        "rows": len(weights),
        "scale": [float(f"{value:.6g}") for value in scale],
        "weights": base64.b64encode(zlib.compress(np.ascontiguousarray(whole.T).tobytes(), 9)).decode("ascii"),
    }
