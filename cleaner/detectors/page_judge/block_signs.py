"""The signs of one block by itself: its element, length, links, final mark, words and marks, each with its name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
# Looked for in a few characters at either end or in all of the text: none can take time that grows faster than it.
_FIRST = re.compile(r"\w")
_ASKS, _DOTS = re.compile(r"\?\W*$"), re.compile(r"(?:…|\.\.\.)\W*$")
_RIGHTS, _BULLETS = re.compile("[©®™]"), re.compile("[•·»›→▶]")
_ADDRESS = re.compile(r"@\w|www\.|https?:")
_DIGIT = re.compile("[0-9]")
_QUOTES = ('"', "'")
_EDGE = 30
_TAGS = {
    "h3": "h3", "h4": "h4-h6", "h5": "h4-h6", "h6": "h4-h6", "th": "td", "body": "div", "main": "div", "html": "div",
    "center": "div", "article": "div", "section": "section", "ol": "ul", "tbody": "td", "table": "td",
}  # fmt: skip
KNOWN_TAGS = frozenset((
    "p", "li", "h1", "h2", "h3", "h4-h6", "td", "tr", "div", "section", "blockquote", "figcaption", "pre", "dd", "dt",
    "button", "label", "ul", "header", "footer", "nav", "aside", "a", "figure", "address", "form", "summary", "legend",
))  # fmt: skip
STEPS = (1, 2, 4, 7, 12, 20, 35, 60)
WORD_NAMES = tuple(
    f"words {low}-{high}" if high else f"words {low} or more"
    for low, high in zip((1, 2, 3, 5, 8, 13, 21, 36, 61), (*STEPS, 0), strict=True)
)
COARSE = ("1-4", "1-4", "1-4", "5-12", "5-12", "13-35", "13-35", "36 or more", "36 or more")
_SHARES = (0.0, 0.2, 0.5, 0.95)
LINK_NAMES = ("links none", "links under 20 %", "links 20-50 %", "links 50-95 %", "links all")
STOPWORD_NAMES = tuple(f"stopwords {number}0 %" for number in range(6))
TAG_NAMES = {tag: "tag " + tag for tag in KNOWN_TAGS}


def signs_of(
    text: str, words: int, links: float, stop: bool, tag: str, stopwords: frozenset[str] | None, author: str
) -> list[str]:
    """The signs of a block. ``links``: the share of it inside links; ``tag``: its element as ``tag_of`` names it.

    >>> signs_of("read more …", 2, 1.0, True, "p", None, "")
    ['tag p', 'words 2-2', 'links all', "short, a sentence's end", 'begins with a small letter', 'ends in three dots']
    """
    found = [TAG_NAMES[tag], WORD_NAMES[rank(words, STEPS)], LINK_NAMES[rank(links, _SHARES)]]
    if words > 12:
        found.append("a sentence's end" if stop else "no sentence's end")
    elif stop:
        found.append("short, a sentence's end")
    if words >= 5 and stopwords is not None:
        share = sum(map(stopwords.__contains__, text.lower().split())) / words
        found.append(STOPWORD_NAMES[min(5, int(10 * share))])
    plain = text.isascii()
    _marks(text, plain, found)
    _ends(text, found)
    _dates_and_capitals(text, words, author, plain, found)
    return found


def _marks(text: str, plain: bool, found: list[str]) -> None:
    """Adds the signs of the marks anywhere in a text. ``plain``: it is all ASCII."""
    if "(c)" in text or (not plain and _RIGHTS.search(text)):
        found.append("a © sign")
    if "|" in text or (not plain and _BULLETS.search(text)):
        found.append("a | or • or » in it")
    if ("@" in text or "www." in text or "http" in text) and _ADDRESS.search(text):
        found.append("an address of the web or of e-mail")


def _ends(text: str, found: list[str]) -> None:
    """Adds the signs of how a text begins and ends."""
    start, end = text[:_EDGE], text[-_EDGE:]
    word = _FIRST.search(start)
    first = word[0] if word else ""
    if "a" <= first <= "z":
        found.append("begins with a small letter")
    if start.lstrip()[:1] in _QUOTES:
        found.append("begins with a quotation mark")
    if first.isdecimal():
        found.append("a number at its start")
    if end.rstrip()[-1:] == ":":
        found.append("ends in a colon")
    if "?" in end and _ASKS.search(end):
        found.append("ends in a question mark")
    if ("..." in end or "…" in end) and _DOTS.search(end):
        found.append("ends in three dots")
    if text[0] in "([" and end.rstrip(" .,;:!?")[-1:] in (")", "]"):
        found.append("all in brackets")


def _dates_and_capitals(text: str, words: int, author: str, plain: bool, found: list[str]) -> None:
    """Adds the signs of short texts, a name, a date, capitals, and of many digits."""
    digits = _DIGIT.search(text) is not None
    if words <= 20:
        if author and author in text.casefold():
            found.append("short, with the author's name")
        if (not plain or digits) and _DATE.search(text):
            found.append("a date or time")
        if text.isupper():
            found.append("all capitals")
        elif words > 2 and text.istitle():
            found.append("every word with a capital")
    if words > 1 and (not plain or digits) and sum(map(str.isdigit, text)) > 0.2 * len(text):
        found.append("many digits")


def tag_of(path: str) -> str:
    """The element that a path ends in, rare ones by the name of a common one like it.

    >>> tag_of("html.body.h5"), tag_of("html.body.x-teaser")
    ('h4-h6', 'div')
    """
    tag = path.rpartition(".")[2]
    tag = _TAGS.get(tag, tag)
    return tag if tag in KNOWN_TAGS else "div"


def rank(value: float, steps: Sequence[float]) -> int:
    """The number of the first step that ``value`` doesn't exceed."""
    return bisect_left(steps, value)
