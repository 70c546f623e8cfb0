"""Which hidden elements are parts of the article that open at a touch: an answer, a rest behind "read more".

A page hides a great deal: menus, dialogs, terms of use, copies for narrow screens. What it hides amid the text of its
article, and what reads like text, was written for readers. Names decide about the rest: ``groups`` tells what the words
of a class or id stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lxml import html

from cleaner.reading.elements import BLOCK, UNSEEN
from cleaner.text.words import count_words, ends_in_stop

HIDERS = ("style", "hidden", "aria-hidden")
"""The attributes that hide an element."""
Groups = Callable[[str], frozenset[str]]

NOT_ARTICLE = frozenset((
    "promotion", "legal", "newsletter", "subscription", "share", "comments", "donation", "player", "sidebar", "footer",
))  # fmt: skip
"""Groups of names of which nothing that is hidden belongs to an article."""
FOLDED = "folded"
"""The group of names that say a part opens at a touch."""
_TAGS = frozenset(("div", "section", "p", "li", "dd", "dl", "ul", "ol", "article", "blockquote", "details", "table"))
_NO_ROLES = frozenset(("dialog", "alertdialog", "alert", "status", "tooltip", "menu", "navigation", "search", "banner"))
_FORMS = ("input", "select", "textarea", "form")
_HOMES = frozenset(("article", "main"))
_WHOLE = frozenset(("html", "body", "main", "article"))
"""Elements whose hiding is a trick of the page's script (fade in, AMP), not a wish that nobody reads them."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
INNER, OUTER, BESIDE = 3, 6, 3
"""How many elements inwards and outwards are asked for their names, and how many outwards for text beside the part."""
SENTENCE, SHORT = 8, 3
"""Words of a sentence that tells text from labels, and where the names say that the part opens."""
PROSE = 12
"""Words of the shortest paragraph beside the part that is text of an article."""


def never_shown(element: html.HtmlElement, groups: Groups) -> bool:
    """Whether a hidden element is, by its names or its role, a dialog or the like: no part of any article."""
    if (element.get("role") or "").lower() in _NO_ROLES or element.tag in ("dialog", "nav", "menu", "form"):
        return True
    return not NOT_ARTICLE.isdisjoint(_names(_inwards(element), groups))


def opens(element: html.HtmlElement, groups: Groups) -> bool:
    """Whether a hidden element is a part of the article that is shown at a touch."""
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
    """Takes from an element, in its tree, what hides it."""
    for name in HIDERS:
        element.attrib.pop(name, None)


def _has_text(element: html.HtmlElement) -> bool:
    """Whether a paragraph of text stands directly in an element, and is shown."""
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
    """The texts in an element, each with what stands in elements within it, and the characters in links."""
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
    """Whether an attribute hides an element, on purpose."""
    if tag in _WHOLE:
        return False
    if name == "style":
        return _HIDING.search(value) is not None
    if name == "hidden":
        return value != "until-found"
    # Screen readers pass over decoration: of words that is counters and doubles, mostly in elements of their own.
    return value == "true" and tag in BLOCK and tag != "p"
