"""Finds hidden elements that are parts of the article and open at a touch: an answer, or the rest behind "read more".

A page hides menus, dialogs, terms of use, and copies for narrow screens. Hidden text that reads like text and is in the
midst of the article was written for readers. Names decide the rest: ``groups`` returns the groups of the words of a
class or id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lxml import html

from cleaner.reading.elements import BLOCK, UNSEEN
from cleaner.text.words import count_words, ends_in_stop

HIDERS = ("style", "hidden", "aria-hidden")
"""The attributes that may hide an element."""
Groups = Callable[[str], frozenset[str]]

NOT_ARTICLE = frozenset((
    "promotion", "legal", "newsletter", "subscription", "share", "comments", "donation", "player", "sidebar", "footer",
))  # fmt: skip
"""Groups of names whose hidden elements never belong to an article."""
FOLDED = "folded"
"""The group of names for parts that open at a touch."""
_TAGS = frozenset(("div", "section", "p", "li", "dd", "dl", "ul", "ol", "article", "blockquote", "details", "table"))
_NO_ROLES = frozenset(("dialog", "alertdialog", "alert", "status", "tooltip", "menu", "navigation", "search", "banner"))
_FORMS = ("input", "select", "textarea", "form")
_HOMES = frozenset(("article", "main"))
_WHOLE = frozenset(("html", "body", "main", "article"))
"""Elements that a page's script hides only for effect (fade-in, AMP), not to keep them from readers."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
INNER, OUTER, BESIDE = 3, 6, 3
"""The number of elements inwards and outwards whose names are examined, and of those outwards in which text beside the
part is sought."""
SENTENCE, SHORT = 8, 3
"""The number of words from which a sentence is text and not a label, and the same if the names say that the part
opens."""
PROSE = 12
"""The number of words from which a paragraph beside the part is text of an article."""


def never_shown(element: html.HtmlElement, groups: Groups) -> bool:
    """Return whether the names or the role of a hidden element make it a dialog or the like, which is no part of an
    article."""
    if (element.get("role") or "").lower() in _NO_ROLES or element.tag in ("dialog", "nav", "menu", "form"):
        return True
    return not NOT_ARTICLE.isdisjoint(_names(_inwards(element), groups))


def opens(element: html.HtmlElement, groups: Groups) -> bool:
    """Return whether a hidden element is a part of the article that opens at a touch."""
    if element.tag not in _TAGS or never_shown(element, groups) or next(element.iter(*_FORMS), None) is not None:
        return False
    around = list(_outwards(element))
    names = _names((element, *around), groups)
    if not NOT_ARTICLE.isdisjoint(names):
        return False
    pieces, linked = _pieces(element)
    if 3 * linked > sum(map(len, pieces)):
        return False
    least = SHORT if FOLDED in names else SENTENCE
    if not any(ends_in_stop(piece) and count_words(piece) >= least for piece in pieces):
        return False
    return (
        not _HOMES.isdisjoint(each.tag for each in around)
        or "body" in names
        or any(_has_text(each) for each in around[:BESIDE])
    )


def show(element: html.HtmlElement) -> None:
    """Remove from an element in its tree what hides it."""
    for name in HIDERS:
        element.attrib.pop(name, None)


def _has_text(element: html.HtmlElement) -> bool:
    """Return whether an element has a visible paragraph of text as its child."""
    return any(
        not child.get("style") and not child.get("hidden") and count_words(text) >= PROSE and ends_in_stop(text)
        for child in element.iterchildren("p")
        if (text := "".join(child.itertext()))
    )


def _inwards(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for _ in range(INNER):
        yield element
        inner = next(element.iterchildren(), None)
        if inner is None:
            return
        element = inner


def _outwards(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for number, each in enumerate(element.iterancestors()):
        if number == OUTER or each.tag in ("body", "html"):
            return
        yield each


def _names(elements: Iterable[html.HtmlElement], groups: Groups) -> set[str]:
    names: set[str] = set()
    for element in elements:
        for attribute in ("class", "id"):
            value = element.get(attribute)
            if value:
                names |= groups(value[:300])
    return names


def _pieces(element: html.HtmlElement) -> tuple[list[str], int]:
    """Return the texts in an element, each including inline elements, and the number of characters in links."""
    pieces: list[str] = []
    linked = 0
    for each in element.iter():
        if each.tag in UNSEEN:
            continue
        if each.tag == "a" and each.get("href"):
            linked += len("".join(each.itertext()))
        text = (each.text or "").strip()
        if text:
            pieces.append(" ".join("".join(each.itertext()).split()) if each is not element else text)
    return pieces, linked


def hides(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute hides an element on purpose."""
    if tag in _WHOLE:
        return False
    if name == "style":
        return _HIDING.search(value) is not None
    if name == "hidden":
        return value != "until-found"
    # Screen readers pass over decoration: of words that is counters and doubles, mostly in elements of their own.
    return value == "true" and tag in BLOCK and tag != "p"
