"""CSS selectors, as users write them, checked and as XPath."""

from __future__ import annotations

from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError, parse

TAGS = frozenset((
    "a", "abbr", "address", "article", "aside", "audio", "b", "blockquote", "body", "br", "button", "caption", "cite",
    "code", "dd", "del", "details", "dialog", "div", "dl", "dt", "em", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "iframe", "img", "label", "li", "main", "mark",
    "menu", "nav", "ol", "p", "pre", "q", "s", "section", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "video",
))  # fmt: skip
"""Elements that pages are made of: a word that is none of them is likely a class whose stop was forgotten."""


@lru_cache(maxsize=1000)
def xpath(selector: str) -> str:
    """The XPath of a selector. Raises ``ValueError`` that says what is wrong with it.

    >>> xpath("nav")
    'descendant-or-self::nav'
    """
    try:
        parsed = parse(selector)
        translated = HTMLTranslator().selector_to_xpath
        found = " | ".join(translated(each) for each in parsed)
        if any(each.pseudo_element for each in parsed):
            raise ValueError("a pseudo-element such as ::before is not an element of the page")
        _tried(found)
    except SelectorError as error:
        raise ValueError(str(error) or "it can't be read") from None
    return found


def fault(selector: str) -> str | None:
    """What is wrong with a selector, in a sentence; ``None`` if nothing is.

    >>> fault(".promo"), str(fault("div["))[:24]
    (None, "'div[' is not a CSS sele")
    """
    try:
        xpath(selector)
    except ValueError as error:
        return f"{selector!r} is not a CSS selector: {error}"
    return None


def parts(selectors: str) -> tuple[str, ...]:
    """The selectors of a list with commas. Raises ``ValueError`` that says what is wrong with it.

    >>> parts(".promo, [title='a, b']")
    ('.promo', "[title='a, b']")
    """
    if message := fault(selectors):
        raise ValueError(message)
    found = tuple(each.canonical() for each in parse(selectors))
    return found if len(found) > 1 else (selectors.strip(),)


def hint(selector: str) -> str:
    """What may be meant by a selector that matches nothing; empty if nothing comes to mind.

    >>> hint("promo"), hint("nav")
    ("; for elements of that class write '.promo'", '')
    """
    plain = selector.replace("-", "").replace("_", "").isalnum()
    return f"; for elements of that class write '.{selector}'" if plain and selector.lower() not in TAGS else ""


def _tried(found: str) -> None:
    """Raises ``ValueError`` for an XPath that can't be asked: of a namespace that nobody knows."""
    from lxml import etree  # here, because runs over text need no lxml

    try:
        etree.XPath(found)(etree.Element("html"))
    except etree.XPathError as error:
        raise ValueError(str(error)) from None
