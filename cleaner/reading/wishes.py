"""The user's wishes about elements by CSS selector: marks them in the tree, for the walk to find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from lxml import etree, html

from cleaner.article.model import Span, Wish, Wished
from cleaner.text.selectors import xpath

MARK = "cleaner-wish"
"""The attribute that marks an element: ``k`` or ``d``, for keep and drop, and the number of the wish."""


def mark(root: html.HtmlElement, wishes: Sequence[Wish]) -> list[int]:
    """Mark the elements that wishes match. Returns their number for each wish. On one element the later wish counts."""
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
    """Return whether the user wishes to keep an element."""
    return (element.get(MARK) or "").startswith("k")


def met(wishes: Sequence[Wish], elements: Iterable[int], places: Iterable[tuple[Span, str]]) -> tuple[Wished, ...]:
    """Return what each wish has matched on the page. ``places``: the spans of the matched texts, with their marks."""
    spans: list[list[Span]] = [[] for _ in wishes]
    for span, marked in places:
        spans[int(marked[1:])].append(span)
    return tuple(Wished(*each) for each in zip(wishes, elements, map(tuple, spans), strict=True))


@lru_cache(maxsize=1000)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(xpath(selector))
