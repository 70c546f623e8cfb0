"""The articles of a site that are looked at: those with the smallest digests, so that any order gives the same.

A sample of a sample is a sample: samples are merged by taking the smallest digests of all. That is associative, and
the same article counted twice counts once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cleaner.model import Article
from cleaner.sites.keys import shortened
from cleaner.text.folding import fold

MOST = 256
"""Articles of a site that are looked at."""
LINES = 400
"""Paragraphs of an article that are looked at: this half from the front, as many from the back."""


@dataclass(frozen=True, slots=True, order=True)
class Sketch:
    """What is kept of an article: a digest of its text, its paragraphs ``shortened``, and on a page their places."""

    digest: str
    lines: tuple[str, ...]
    places: tuple[str, ...] = ()


def digest(text: str | bytes) -> str:
    """What an article is known by."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return sha256(data).hexdigest()[:24]


def sketch(article: Article, name: str) -> Sketch:
    """What is kept of an article, which is known by ``name`` (see ``digest``)."""
    paragraphs = article.paragraphs
    if len(paragraphs) > LINES:
        paragraphs = paragraphs[: LINES // 2] + paragraphs[-LINES // 2 :]
    text = fold(article.text)
    lines = tuple(shortened(paragraph.span.of(text)) for paragraph in paragraphs)
    if article.page is None:
        return Sketch(name, lines)
    return Sketch(name, lines, tuple(place(paragraph.path, paragraph.classes) for paragraph in paragraphs))


def place(path: str, classes: tuple[str, ...]) -> str:
    """Where a block stands on its page: the path, and the nearest names."""
    return f"{path} {classes[-1]}" if classes else path


def smallest(sketches: Iterable[Sketch]) -> tuple[Sketch, ...]:
    """The sample of all these articles, sorted by digest."""
    return tuple(sorted({one.digest: one for one in sorted(sketches)}.values())[:MOST])


class Wanted:
    """Which articles can still be in the sample of their site: those whose digest is among the smallest so far."""

    def __init__(self) -> None:
        self._digests: dict[str, array[int]] = {}

    def __call__(self, site: str, name: str) -> bool:
        """Whether an article can be in the sample; it is then counted among the articles so far."""
        known = self._digests.setdefault(site, array("Q"))
        number = int(name[:16], 16)
        at = bisect_left(known, number)
        if at == MOST:
            return False
        if at == len(known) or known[at] != number:
            known.insert(at, number)
            del known[MOST:]
        return True
