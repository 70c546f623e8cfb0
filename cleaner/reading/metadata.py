"""Reads a page's metadata: its head and its JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import html

from cleaner.article.model import Page

_TITLES = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title", "title")
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
_DATES = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate", "publishdate",
    "parsely-pub-date", "sailthru.date", "og:published_time", "article:modified_time",
)  # fmt: skip
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Recipe)$")
_TAG = re.compile(r"<[^<>]{0,500}>")
_PARTS = ("recipeIngredient", "recipeInstructions", "acceptedAnswer", "suggestedAnswer", "liveBlogUpdate", "step")
_TEXTS = ("text", "name", "headline", "articleBody", "itemListElement", "step")
"""The keys of parts of the text that the page names, and of the texts in them."""
MOST_PARTS = 3000
MOST = 400_000
"""The size in characters up to which a JSON-LD block is read. A larger one is a catalogue."""


def read_page(root: html.HtmlElement, headings: tuple[str, ...] = ()) -> Page:
    """Return the metadata of a page from its head and JSON-LD. ``headings``: the texts of its headings, in order."""
    metas: dict[str, str] = {}
    window = canonical = None
    scripts: list[str] = []
    for element in root.iter("meta", "title", "link", "script"):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop")
            value = element.get("content")
            if name and value and value.strip():
                metas.setdefault(name.strip().lower(), _line(value))
        elif tag == "link":
            if element.get("rel") == "canonical":
                canonical = element.get("href")
        elif tag == "script":
            if (element.get("type") or "").strip().lower() == "application/ld+json":
                scripts.append(element.text or "")
        elif window is None:
            window = _line(element.text or "")
    objects = list(_all(scripts))
    article: dict[str, Any] = next(iter(_articles(objects)), {})
    headline = _text(article.get("headline")) or _text(article.get("name"))
    titles = [*(metas[name] for name in _TITLES if name in metas), headline, window]
    known = tuple(dict.fromkeys(title for title in titles if title))
    author = _names(article.get("author")) or _first(metas, _AUTHORS)
    return Page(
        title=metas.get("og:title") or headline or (headings[0] if headings else None) or window or None,
        author=author if author and not author.startswith("http") else None,
        date=_text(article.get("datePublished")) or _first(metas, _DATES),
        sitename=metas.get("og:site_name") or _names(article.get("publisher")),
        description=_first(metas, _DESCRIPTIONS) or _text(article.get("description")),
        language=root.get("lang") or root.get("xml:lang") or metas.get("og:locale"),
        url=_url(canonical) or _url(metas.get("og:url")),
        titles=known,
        body=_body(article),
        types=tuple(dict.fromkeys([*(each for one in objects for each in _types(one)), *_one(metas.get("og:type"))])),
        free=_free(article),
        parts=tuple(_parts(objects)),
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _url(value: str | None) -> str | None:
    return value if value and value.startswith(("http://", "https://")) else None


def _text(value: Any) -> str | None:
    return (_line(value) or None) if isinstance(value, str) else None


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _names(value: Any) -> str | None:
    found = value if isinstance(value, list) else [value]
    names = [_text(each.get("name") if isinstance(each, dict) else each) for each in found[:20]]
    return ", ".join(name for name in names if name) or None


def _body(article: dict[str, Any]) -> str | None:
    body = article.get("articleBody")
    if not isinstance(body, str):
        return None
    return _TAG.sub(" ", body) if "<" in body else body


def _parts(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines that the page names as parts of its text: steps, answers, entries."""
    waiting: list[Any] = [one[key] for one in objects for key in _PARTS if key in one]
    waiting += [one["text"] for one in objects if "text" in one and "Question" in _types(one)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, str):
            text = _TAG.sub("\n", value) if "<" in value else value
            yield from (line for each in text.split("\n") if (line := _line(each)))
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += [value[key] for key in _TEXTS if key in value]


def _all(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of a page."""
    for text in scripts:
        if not text or len(text) > MOST:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _objects(data)


def _articles(objects: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return the articles among the objects, those with a body first."""
    return iter(sorted(filter(_is_article, objects), key=lambda each: "articleBody" not in each))


def _types(value: dict[str, Any]) -> list[str]:
    kind = value.get("@type")
    return [each for each in (kind if isinstance(kind, list) else [kind]) if isinstance(each, str)]


def _free(article: dict[str, Any]) -> bool | None:
    """Return whether an article declares itself free to read."""
    return {"true": True, "false": False}.get(str(article.get("isAccessibleForFree")).lower())


def _is_article(value: dict[str, Any]) -> bool:
    return any(map(_ARTICLE.search, _types(value)))


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects on the outer levels: in a list, under @graph, as the main entity."""
    waiting, seen = [data], 0
    while waiting and seen < 500:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [
                value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "liveBlogUpdate") if key in value
            ]
