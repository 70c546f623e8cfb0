"""Reads HTML as an Article: one fixed text of everything that the page shows, one block per line, in document order.

Nothing is judged here. Only what no reader sees is left out: scripts, styles, templates, comments, form choices, and
what the page itself hides. Everything else is in the text, menus and footers included, so that everything removed later
is a logged span of this text.

``parse`` gives the tree and ``read`` the article; both the tree and the article go to the detectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from lxml import etree, html

from cleaner.article.model import Article, Paragraph, Wish
from cleaner.reading import attributes, embedded, wishes
from cleaner.reading.blocks import AN_ARTICLE, Blocks, prose
from cleaner.reading.hidden import Groups
from cleaner.reading.html_decoding import checked, page_text
from cleaner.reading.metadata import read_page
from cleaner.text.language import UNKNOWN, detect
from cleaner.text.view import View

LONG = 60
"""The length in characters from which a block counts for the language. Menus name many languages."""
WIDEST = 1000
"""The most columns that a cell may span in HTML. Extractors multiply cells by this number."""
HUGE = 5_000_000
"""The size in bytes from which the parser's limits are lifted."""
# lxml.html chooses a class for each element by its name, in Python; for what we and trafilatura ask, one will do.
_CLASSES = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_TOO_DEEP = "Excessive depth in document"
"""The beginning of the parser's message. The type of the error differs between versions."""
# The tags that only nest; without them a page loses no word. Their ends become line breaks, so words stay apart.
_NESTING = re.compile(
    r"</?(?:div|span|font|center|section|b|i|u|em|strong|small|big|blockquote|table|tbody|tr|td|ul|li|dl|a|p)\b"
    r"[^<>]{0,2000}>",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.IGNORECASE)
_TAG = re.compile(rb"<[A-Za-z/!?][^>]*")
"""The parts of the source in which browsers read U+0000 as U+FFFD. In text they drop it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page. ``notes``: what had to be done to read it."""

    root: html.HtmlElement
    notes: tuple[str, ...] = ()


def parse(source: str | bytes, charset: str | None = None) -> Tree:
    """Parse a page. Raises ``DecodeFault`` for data that is no page.

    >>> parse("<p>Hello").root.tag
    'html'
    """
    text = page_text(source, charset) if isinstance(source, bytes) else checked(source)
    data = text.encode("utf-8", "replace")
    notes: tuple[str, ...] = ()
    if attributes.may_be_full(data):
        text, full = attributes.capped(text)
        if full:
            data, notes = text.encode("utf-8", "replace"), (attributes.NOTE,)
    root, deep = _parsed(data)
    if deep:
        root, _ = _parsed(_NESTING.sub("<br>", text).encode("utf-8", "replace"))
        notes += ("elements are nested deeper than the parser allows: read without them, as plain lines",)
    _narrow(root)
    return Tree(root, notes)


def _parsed(data: bytes) -> tuple[html.HtmlElement, bool]:
    """Return the root, and whether the parser silently gave up because the page is too deep."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=len(data) > HUGE)
    parser.set_element_class_lookup(_CLASSES)
    if b"\0" in data:  # to look for it in bytes takes less time than in text
        data = _TAG.sub(lambda tag: tag[0].replace(b"\0", "\ufffd".encode()), data).replace(b"\0", b"")
    root = None
    with suppress(etree.XMLSyntaxError):  # nothing in it
        root = etree.fromstring(data, parser)
    if root is None:
        root = html.document_fromstring("<html><body></body></html>")
    return root, any(entry.message.startswith(_TOO_DEEP) for entry in parser.error_log)


def _narrow(root: html.HtmlElement) -> None:
    for template in list(root.iter("template")):
        if template.get("shadowrootmode") or template.get("shadowroot"):
            template.tag = "div"  # its content is shown in place of the element around it
    for cell in root.iter("td", "th"):
        for name in ("colspan", "rowspan"):
            value = cell.get(name)
            if value is not None and not (value.isdigit() and len(value) < 4 and int(value) <= WIDEST):
                del cell.attrib[name]


def read(
    tree: Tree,
    *,
    id: str = "",
    language: str | None = None,
    url: str | None = None,
    groups: Groups | None = None,
    wished: Sequence[Wish] = (),
    site: str | None = None,
) -> Article:
    """Return the article of a parsed page. ``language`` overrides detection, and ``url`` the address that the page
    states.

    ``groups`` returns the groups of the words of a class or id, to tell folded parts of an article from dialogs.
    ``wished``: the user's wishes about elements; later ones count more. ``site``: see ``Article``.
    """
    elements = wishes.mark(tree.root, wished) if wished else ()
    blocks = Blocks.of(tree.root, groups) if groups else Blocks.of(tree.root)
    page = read_page(tree.root, blocks.headings)
    blocks = _with_data(tree.root, blocks, page.body)
    page = replace(page, notes=tree.notes + blocks.notes, images=blocks.images)
    if wished:
        page = replace(page, wished=wishes.met(wished, elements, blocks.wished))
    article = Article(id, blocks.text, blocks.paragraphs, language or UNKNOWN, url or page.url, page.title, page, site)
    if language:
        return article
    seen = View.of(article).article
    return replace(article, language=_language(seen.text, seen.paragraphs, page.language))


def _with_data(root: html.HtmlElement, blocks: Blocks, body: str | None) -> Blocks:
    """Return the blocks, followed by the article that the page carries as data, if its blocks hold none."""
    shown = prose(blocks.paragraphs, blocks.text)
    article = embedded.carried(root, body) if shown < AN_ARTICLE else None
    if article is None or article.words() < 2 * shown or _stands(article.paragraphs, blocks.text):
        unread = embedded.unread(root, body)
        return replace(blocks, notes=(*blocks.notes, unread)) if unread else blocks
    start = len(blocks.text) + 1 if blocks.text else 0
    first = 1 + max((number for p in blocks.paragraphs for number in p.within), default=0)
    text, more = embedded.blocks(start, first, article)
    note = f"the page shows no article: taken from {article.source}"
    joined = f"{blocks.text}\n{text}" if blocks.text else text
    return replace(blocks, text=joined, paragraphs=(*blocks.paragraphs, *more), notes=(*blocks.notes, note))


def _stands(paragraphs: Sequence[str], text: str) -> bool:
    """Return whether at least half of the paragraphs are lines of a text."""
    known = set(text.split("\n"))
    return 2 * sum(each in known for each in paragraphs) >= len(paragraphs)


def _language(text: str, paragraphs: tuple[Paragraph, ...], declared: str | None) -> str:
    found = detect("\n".join(_long(text, paragraphs)))
    if found == UNKNOWN:
        found = detect(text)
    if found == UNKNOWN and declared:
        named = _LANGUAGE.match(declared)
        found = named[0].lower() if named else UNKNOWN
    return found


def _long(text: str, paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    left = 6000
    for paragraph in paragraphs:
        length = paragraph.span.end - paragraph.span.start
        if length >= LONG and 3 * paragraph.link_chars < length:
            yield text[paragraph.span.start : paragraph.span.end]
            left -= length
            if left < 0:
                return
