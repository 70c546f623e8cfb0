"""Reads the article that a page carries only as data: in JSON-LD, in its script, in <noscript> or <template>.

Many pages are drawn by their script: the markup is a frame, and the article is data. It is read only if the frame shows
no article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from cleaner.article.model import DATA, Paragraph, Span
from cleaner.text.words import count_words, ends_in_stop

ENOUGH = 60
"""The number of words of text from which a page's data is an article."""
SENTENCE = 5
"""The number of words from which a string with a final mark is a paragraph of text."""
MOST, VALUES = 5_000_000, 200_000
"""The number of characters of a script, and of values in it, that are read."""
MUCH, NAMED = 1000, 3
"""The number of characters from which data is worth a note, and the most entries in that note."""
_STATE = re.compile(r"^[\s;]*(?:(?:window|self|globalThis)\.|var |let |const )?[\w.$\[\]\"']{1,80}\s*=\s*(?=[{\[])")
_BREAKS = re.compile(r"</(?:p|div|li|h[1-6]|blockquote|tr|section)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Carried:
    """The paragraphs of an article, and their place on the page in words."""

    paragraphs: tuple[str, ...]
    source: str

    def words(self) -> int:
        """Return the number of words in paragraphs that read like text."""
        return sum(count_words(each) for each in self.paragraphs if _is_text(each))


def carried(root: html.HtmlElement, body: str | None) -> Carried | None:
    """Return the article in the data of a page, if there is one. ``body``: the ``articleBody`` of its JSON-LD.

    JSON-LD comes first, because it declares what it is. Of the rest, the place with the most words of text counts.
    """
    if body:
        named = Carried(tuple(_paragraphs(body)), "the articleBody of its JSON-LD")
        if named.words() >= ENOUGH:
            return named
    found = [*_of_scripts(root), *_of_inert(root)]
    best = max(found, key=Carried.words, default=None)
    return best if best and best.words() >= ENOUGH else None


def unread(root: html.HtmlElement, body: str | None) -> str | None:
    """Return a note on the data of a page that was not read, or ``None`` if there is little. The data may repeat the
    article; that is not checked."""
    found = [f"the articleBody of its JSON-LD, {len(body):,} characters"] if body else []
    for script in root.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if len(text) > MUCH and "ld+json" not in kind and ("json" in kind or _STATE.match(text)):
            found.append(f"the data of its script {_named(script)}".rstrip() + f", {len(text):,} characters")
    if not found:
        return None
    more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"data beside the text, not read: {'; '.join(found[:NAMED])}{more}"


def blocks(start: int, first: int, article: Carried) -> tuple[str, tuple[Paragraph, ...]]:
    """Return the text of the paragraphs, one per line, and their blocks. ``start``: the offset at which the text will
    begin.

    ``first``: the number of the element that is named as theirs.
    """
    result = []
    for number, text in enumerate(article.paragraphs):
        span = Span(start, start + len(text))
        result.append(Paragraph(span, f"{DATA}p", within=(first, first + 1 + number)))
        start = span.end + 1
    return "\n".join(article.paragraphs), tuple(result)


def _is_text(text: str) -> bool:
    return ends_in_stop(text) and count_words(text) >= SENTENCE


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of a text that may be HTML."""
    if "<" in text and _TAG.search(text):
        try:
            root = html.document_fromstring(_BREAKS.sub(lambda found: found[0] + "\n", text))
            etree.strip_elements(root, "script", "style", with_tail=False)
            text = "".join(root.itertext())
        except (etree.ParserError, ValueError):
            text = _TAG.sub(" ", text)
    for line in _LINES.split(text):
        folded = " ".join(line.split())
        if folded:
            yield folded


def _of_scripts(root: html.HtmlElement) -> Iterator[Carried]:
    for script in root.iter("script"):
        text = script.text or ""
        if not ENOUGH < len(text) <= MOST:
            continue
        kind = (script.get("type") or "").lower()
        if "json" not in kind:
            state = _STATE.match(text)
            if state is None:
                continue
            text = text[state.end() :]
        try:
            data, _ = json.JSONDecoder(strict=False).raw_decode(text.strip())
        except (ValueError, RecursionError):
            continue
        best = max(_stories(data), key=Carried.words, default=None)
        if best is not None:
            yield Carried(best.paragraphs, f"the data of its script {_named(script)}".rstrip())


def _named(script: html.HtmlElement) -> str:
    name = script.get("id") or script.get("type") or ""
    return name[:40]


def _stories(data: Any) -> Iterator[Carried]:
    """Yield the strings of a tree of values that have the same place in their objects, joined into one text each."""
    places: dict[tuple[str, ...], list[str]] = {}
    waiting: list[tuple[tuple[str, ...], Any]] = [((), data)]
    seen = 0
    while waiting and seen < VALUES:
        place, value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            waiting += [((*place, str(key)), each) for key, each in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(place, each) for each in reversed(value)]
        elif isinstance(value, str) and " " in value:
            places.setdefault(place, []).append(value)
    for texts in places.values():
        paragraphs = tuple(line for text in texts for line in _paragraphs(text))
        if any(map(_is_text, paragraphs)):
            yield Carried(paragraphs, "")


def _of_inert(root: html.HtmlElement) -> Iterator[Carried]:
    for element in root.iter("noscript", "template"):
        paragraphs = tuple(_lines_of(element))
        if any(map(_is_text, paragraphs)):
            yield Carried(paragraphs, f"its <{element.tag}>")


def _lines_of(element: html.HtmlElement) -> Iterable[str]:
    return _paragraphs(etree.tostring(element, encoding="unicode", with_tail=False))
