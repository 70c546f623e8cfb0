"""What the characters of each paragraph show, counted for a whole article at once: a row a fact, a column a paragraph.

Every character has one of a few kinds (small letter, digit, final mark …), looked up in a table made once.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from cleaner.detectors import compiled
from cleaner.detectors.neighbours import Floats

(LETTER, SMALL, CAPITAL, DIGIT, SPACE, FINAL, COMMA, COLON, QUOTE, OPENING, CLOSING, BULLET, MARK, RIGHTS, MONEY, DASH,
 PICTURE, END) = range(18)  # fmt: skip
KINDS = 18
_PLANE = 0x10000
_NAMED = {
    FINAL: ".!?…。！？।॥؟۔",
    COMMA: ",;、，،؛",
    COLON: ":：",
    QUOTE: "\"'“”‘’„«»「」『』`",
    BULLET: "|›‹>•·*#▶►→←↑↓▼▲■◆●○★☆+✓✔",
    RIGHTS: "©®™℗",
    DASH: "-–—−",
}
_BY_CATEGORY = {
    "Lu": CAPITAL, "Lt": CAPITAL, "Ll": SMALL, "Nd": DIGIT, "Zs": SPACE, "Zl": SPACE, "Zp": SPACE, "Ps": OPENING,
    "Pi": QUOTE, "Pf": QUOTE, "Pe": CLOSING, "Sc": MONEY, "Pd": DASH, "So": PICTURE,
}  # fmt: skip

NAMES = (
    "characters", "digits", "capitals", "marks", "spaces", "uncased", "capital words", "word length", "final marks",
    "commas", "colons", "bullets", "quotes", "brackets", "rights", "money", "pictures", "first kind", "last kind",
    "question", "exclamation", "clock times", "years", "addresses", "slashes",
)  # fmt: skip
"""The rows that ``count`` gives, in order."""


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The kind of each character of the basic plane."""
    kinds = np.empty(_PLANE, np.uint8)
    for code in range(_PLANE):
        category = unicodedata.category(chr(code))
        kinds[code] = _BY_CATEGORY.get(category, LETTER if category[0] in "LM" else MARK)
    for kind, characters in _NAMED.items():
        for character in characters:
            kinds[ord(character)] = kind
    kinds[ord("\n")] = END
    kinds[[ord("\t"), 0x1F]] = SPACE
    return kinds


def count(joined: str, words: npt.NDArray[np.float64]) -> Floats:
    """The facts of each paragraph. ``joined`` is the paragraphs with a line end after each, which none holds itself."""
    number = len(words)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table().take(codes, mode="clip")
    if not joined.isascii() and codes.max() >= _PLANE:
        kinds = np.where(codes >= 0x1F000, np.uint8(PICTURE), np.where(codes >= _PLANE, np.uint8(LETTER), kinds))
    if native := compiled.native:
        return np.frombuffer(native.characters(codes, kinds, words)).reshape(len(NAMES), number)
    ends = np.flatnonzero(kinds == END)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    home = np.repeat(np.arange(number), lengths + 1)
    counts = np.bincount(home * KINDS + kinds, minlength=number * KINDS).reshape(number, KINDS)

    def places(found: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        return np.bincount(home[: len(found)][found], minlength=number).astype(float)

    wordy = kinds <= DIGIT
    begins = wordy.copy()
    begins[1:] &= ~wordy[:-1]
    many = np.maximum(words, 1)
    letters = counts[:, LETTER] + counts[:, SMALL] + counts[:, CAPITAL]
    digit = kinds == DIGIT
    year = digit[:-3] & digit[1:-2] & digit[2:-1] & digit[3:] & (codes[:-3] <= ord("2")) & (codes[:-3] >= ord("1"))
    site = (codes[:-3] == ord("w")) & (codes[1:-2] == ord("w")) & (codes[3:] == ord("."))  # www.
    last = codes[ends - 1]
    size = np.maximum(lengths, 1)
    return np.stack(
        [
            np.minimum(lengths, 3000),
            counts[:, DIGIT] / size,
            counts[:, CAPITAL] / np.maximum(letters, 1),
            (lengths - letters - counts[:, DIGIT] - counts[:, SPACE]) / size,
            counts[:, SPACE] / size,
            counts[:, LETTER] / size,
            places(begins & (kinds == CAPITAL)) / many,
            (letters + counts[:, DIGIT]) / many,
            places((kinds[:-1] == FINAL) & (kinds[1:] == SPACE)),
            counts[:, COMMA] / many,
            counts[:, COLON],
            counts[:, BULLET],
            counts[:, QUOTE],
            counts[:, OPENING],
            counts[:, RIGHTS],
            counts[:, MONEY],
            counts[:, PICTURE],
            kinds[starts],
            kinds[ends - 1],
            (last == ord("?")) | (last == ord("？")),
            (last == ord("!")) | (last == ord("！")),
            places(digit[:-2] & digit[2:] & ((kinds[1:-1] == COLON) | (codes[1:-1] == ord(".")))),
            places(year),
            places(codes == ord("@")) + places(site),
            places(codes == ord("/")),
        ]
    )
