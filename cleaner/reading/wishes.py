"""What the user says of elements by CSS selectors: marked in the tree, for the walk to say where they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from lxml import etree, html

from cleaner.article.model import Span, Wish, Wished
from cleaner.text.selectors import xpath

MARK = "cleaner-wish"
"""The attribute of an element that a wish is about: ``k`` or ``d``, for keep and drop, and the wish's number."""


def mark(root: html.HtmlElement, wishes: Sequence[Wish]) -> list[int]:
    """Marks the elements that wishes are about; how many there are, by wish. Of two on one element the later counts."""
    for element in root.xpath(f"//*[@{MARK}]"):
        del element.attrib[MARK]  # the page's own, should it have any
    counts = []
    for number, wish in enumerate(wishes):
        elements = _compiled(wish.selector)(root)
        for element in elements:
            element.set(MARK, f"{wish.action[0]}{number}")
        counts.append(len(elements))
    return counts


def keeps(element: html.HtmlElement) -> bool:
    """Whether the user wishes to keep an element."""
    return (element.get(MARK) or "").startswith("k")


def met(wishes: Sequence[Wish], elements: Iterable[int], places: Iterable[tuple[Span, str]]) -> tuple[Wished, ...]:
    """What each wish has met on the page. ``places``: where texts are that wishes are about, with their marks."""
    spans: list[list[Span]] = [[] for _ in wishes]
    for span, marked in places:
        spans[int(marked[1:])].append(span)
    return tuple(Wished(*each) for each in zip(wishes, elements, map(tuple, spans), strict=True))


@lru_cache(maxsize=1000)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(xpath(selector))
