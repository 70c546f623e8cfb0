"""Which of a paragraph's words the rest of the article has: what belongs together shares its rarer words.

A caption shares much, most of it with one paragraph near by; the teaser of another story shares little.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count

import numpy as np
import numpy.typing as npt

from cleaner.detectors import compiled
from cleaner.detectors.neighbours import Floats
from cleaner.detectors.ngrams import letters

Marks = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
# The beginning of each word, so that most endings count for nothing; line ends keep the paragraphs apart.
_STEM = re.compile(r"(?<![^\W_])[^\W_]{3,6}|\n")
# In scripts without spaces, every pair of characters.
_PAIR = re.compile(rf"(?=([{_UNSPACED}]{{2}}))[{_UNSPACED}]|((?<![^\W_])[^\W_{_UNSPACED}]{{3,6}}|\n)")
COMMON = 40
"""A word in at least so many paragraphs is common in an article: it ties no two of them together."""
BODY = 20
"""Words of the shortest paragraph that counts as part of the body."""
NEAR = 3
FAR = 99
BLOCK = 256
"""Paragraphs compared with one another at once; in a longer article, each with those of its block."""
MOST = 4096
"""Words compared in a block, so that the tables stay small whatever the text."""

NAMES = (
    "shared words", "shared rarity", "rarer words", "own repeats", "shared with the body", "shared with the headline",
    "share of the nearest", "distance of the nearest", "share with the one before", "share with the one after",
    "share of one near by", "share of a long one", "share of a claimed one",
)  # fmt: skip
"""The rows that ``shared`` gives, in order."""


def shared(joined: str, words: Floats, claimed: Marks, headline: str) -> Floats:
    """The facts of each paragraph. ``joined`` is the paragraphs with a line end after each, which none holds itself.

    ``claimed``: which of them a rule claims.

    >>> text = "Otters swim.\\nThe otters of Lindell swim.\\nBuy shoes.\\n"
    >>> rows = shared(text, np.array([2, 5, 2]), np.zeros(3, bool), "Otters")
    >>> rows[NAMES.index("shared words")].round(2).tolist()
    [1.0, 0.5, 0.0]
    """
    number = len(words)
    numbers, kinds = _numbered(f"{joined}{headline}\n".casefold())
    if native := compiled.native:
        logs = np.log((number + 1) / np.maximum(np.arange(number + 1), 1))
        return np.frombuffer(native.shared(numbers, kinds, words, claimed, logs)).reshape(len(NAMES), number)
    rows = np.zeros((len(NAMES), number))
    rows[7] = FAR
    homes, stems, often = _stems(numbers, kinds)
    in_headline = np.zeros(kinds, bool)
    in_headline[stems[homes == number]] = True
    inside = homes < number
    homes, stems, often = homes[inside], stems[inside], often[inside]
    if not len(stems):
        return rows
    held = np.bincount(stems, minlength=kinds)
    rarity = np.log((number + 1) / np.maximum(held, 1))
    weights = rarity[stems]
    size = np.maximum(np.bincount(homes, minlength=number), 1)
    weight = np.bincount(homes, weights, number) + 1e-6
    elsewhere = held[stems] > 1
    long = words >= BODY
    others = np.bincount(stems, long[homes], kinds)[stems] - long[homes]
    rows[0] = np.bincount(homes, elsewhere, number) / size
    rows[1] = np.bincount(homes, weights * elsewhere, number) / weight
    rows[2] = size
    rows[3] = np.bincount(homes, often, number) / size
    rows[4] = np.bincount(homes, weights * (others > 0), number) / weight
    rows[5] = np.bincount(homes, in_headline[stems], number) / size
    for first in range(0, number, BLOCK):
        last = min(number, first + BLOCK)
        chosen = slice(*np.searchsorted(homes, (first, last)))
        marks = np.stack((long[first:last], claimed[first:last]))
        part = np.asarray(weight[first:last], float)
        _compare(rows[:, first:last], homes[chosen] - first, stems[chosen], np.asarray(rarity, float), part, marks)
    return rows


def _stems(numbers: Whole, kinds: int) -> tuple[Whole, Whole, Whole]:
    """Paragraph and number of each stem in each paragraph, sorted, and how often it stands there again."""
    ends = numbers == 0
    homes = np.cumsum(ends)[~ends]
    keys, times = np.unique(homes * kinds + numbers[~ends], return_counts=True)
    return keys // kinds, keys % kinds, times - 1


def _numbered(text: str) -> tuple[Whole, int]:
    """The stems of a caseless text as numbers, in the order in which they are first seen, and how many kinds there are.
    A line end is 0."""
    spaced = text.isascii() or not _ANY_UNSPACED.search(text)
    if spaced and (native := compiled.native):
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        numbers, many, kinds = native.stems(codes, letters(text, codes) & (codes != ord("'")))
        return np.frombuffer(numbers, np.int64, many), kinds
    found: list[str]
    found = _STEM.findall(text) if spaced else [pair or word for pair, word in _PAIR.findall(text)]
    number: defaultdict[str, int] = defaultdict(count().__next__)
    number["\n"]
    return np.array([number[stem] for stem in found], np.int64), len(number)


def _compare(rows: Floats, homes: Whole, stems: Whole, rarity: Floats, weight: Floats, marks: Marks) -> None:
    """Fill in, for the paragraphs of one block, how much of each stands in each other."""
    number = rows.shape[1]
    held = np.bincount(stems, minlength=len(rarity))
    ties = np.flatnonzero((held > 1) & (held <= COMMON))[:MOST]
    if not len(ties):
        return
    place = np.full(len(rarity), -1)
    place[ties] = np.arange(len(ties))
    column = place[stems]
    share = _ties(homes[column >= 0], column[column >= 0], rarity[ties], number) / weight[:, None]
    np.fill_diagonal(share, 0.0)
    away = np.abs(np.subtract.outer(np.arange(number), np.arange(number)))
    nearest = np.argmax(share - 1e-6 * away, axis=1)
    every = np.arange(number)
    rows[6] = share[every, nearest]
    rows[7] = np.where(rows[6] > 0, away[every, nearest], FAR)
    rows[8, 1:] = np.diagonal(share, -1)
    rows[9, :-1] = np.diagonal(share, 1)
    rows[10] = np.where(away <= NEAR, share, 0.0).max(axis=1)
    for row, marked in enumerate(marks, 11):
        if marked.any():
            rows[row] = share[:, marked].max(axis=1)


def _ties(homes: Whole, columns: Whole, rarity: Floats, number: int) -> Floats:
    """For each two paragraphs, the rarity of the words that both have. ``homes`` and ``columns``: which has which.

    Pairs are counted one by one, for few words stand in many paragraphs; a product of matrices would take longer, start
    threads of its own, and differ in its last digits from machine to machine.
    """
    order = np.argsort(columns, kind="stable")
    homes, columns = homes[order], columns[order]
    counts = np.bincount(columns, minlength=len(rarity))
    sizes = counts[columns]
    firsts = (np.cumsum(counts) - counts)[columns] - (np.cumsum(sizes) - sizes)
    others = homes[np.arange(sizes.sum()) + np.repeat(firsts, sizes)]
    pairs = np.repeat(homes * number, sizes) + others
    found = np.bincount(pairs, np.repeat(rarity[columns], sizes), number * number)
    return np.asarray(found, np.float64).reshape(number, number)
