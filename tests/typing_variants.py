"""Ways of typing one text that a reader can't tell apart, and what must not depend on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_MARKS = re.compile(r"[.,;:!?]")


def _within_words(text: str, odd: str) -> str:
    return re.sub(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})", odd, text)


def _curly(text: str) -> str:
    text = re.sub(r'(?<![^\s(\[])"', "\u201c", text).replace('"', "\u201d")
    return re.sub(r"(?<![^\s(\[])'", "\u2018", text).replace("'", "\u2019")


def _straight(text: str) -> str:
    return re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))


VARIANTS: dict[str, Callable[[str], str]] = {
    "double spaces": lambda text: text.replace(" ", "  "),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "zero-width spaces at line ends": lambda text: text.replace("\n", "\u200b\n") + "\u200b",
    "zero-width joiners within words": lambda text: _within_words(text, "\u2060"),
    "soft hyphens": lambda text: _within_words(text, "\u00ad"),
    "byte order mark": lambda text: "\ufeff" + text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "spaces around lines": lambda text: "  " + text.replace("\n", " \t\n   ") + "  ",
    "blank lines added": lambda text: "\n\n" + text.replace("\n", "\n \n\n") + "\n\n",
    "blank lines gone": lambda text: re.sub(r"\s*\n\s*", "\n", text.strip()),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "curly quotes": _curly,
    "straight quotes": _straight,
}


def letters(text: str) -> str:
    """What a reader sees of a text, without white space: composed, quotes plain."""
    seen = (
        c
        for c in unicodedata.normalize(
            "NFC", "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
        )
    )
    return _straight("".join(seen))
