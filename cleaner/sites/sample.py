"""Chooses the articles of a site that are counted: those with the smallest digests, so that the order makes no
difference.

Samples are merged by taking the smallest digests of all. That is associative, and an article that appears twice counts
once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cleaner.article.model import Article
from cleaner.sites.keys import shortened
from cleaner.text.folding import fold

MOST = 256
"""The number of articles in the sample of a site."""
LINES = 400
"""Half the number of paragraphs kept of an article: so many from the front, and as many from the back."""


class Where(NamedTuple):
    """The position of a line on its page: its ``place``, the ``names`` around it as selectors, the outermost first, and
    whether most of it is links."""

    place: str
    names: str = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of an article: its digest, its paragraphs ``shortened``, for a page their positions, and its day of
    publication (``text.days``), 0 if unknown."""

    digest: str
    lines: tuple[str, ...]
    where: tuple[Where, ...] = ()
    day: int = 0

    def order(self) -> tuple[str, bool, int, tuple[str, ...], tuple[Where, ...]]:
        """Return the sort key of a sketch. Of several sketches of one article the first counts: one with a day, the
        earliest."""
        return self.digest, not self.day, self.day, self.lines, self.where


def digest(content: str | bytes, *, page: bool = False) -> str:
    """Return the digest of an article. The same content read as a ``page`` is a different article."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    found = sha256(b"page\0" if page else b"")
    found.update(data)
    return found.hexdigest()[:24]


def sketch(
    article: Article, name: str, day: int | None = None, named: Callable[[str], str] = lambda names: ""
) -> Sketch:
    """Return the sketch of an article. ``name``: its ``digest``.

    ``named`` returns the selectors for the names of an element of a page.
    """
    paragraphs = article.paragraphs
    if len(paragraphs) > LINES:
        paragraphs = paragraphs[: LINES // 2] + paragraphs[-LINES // 2 :]
    text = fold(article.text)
    lines = tuple(shortened(paragraph.span.of(text)) for paragraph in paragraphs)
    if article.page is None:
        return Sketch(name, lines, day=day or 0)
    where = tuple(
        Where(
            place(paragraph.path, paragraph.classes),
            " ".join(filter(None, (*_landmarks(paragraph.path), *map(named, paragraph.classes)))),
            2 * paragraph.link_chars >= paragraph.span.end - paragraph.span.start,
        )
        for paragraph in paragraphs
    )
    return Sketch(name, lines, where, day or 0)


_LANDMARKS = frozenset(("aside", "nav", "footer", "header", "form", "figure"))


def _landmarks(path: str) -> list[str]:
    return [tag for tag in dict.fromkeys(path.split(".")) if tag in _LANDMARKS]


def place(path: str, classes: tuple[str, ...]) -> str:
    """Return the place of a block on its page: the path, and the nearest names."""
    return f"{path} {classes[-1]}" if classes else path


def smallest(sketches: Iterable[Sketch]) -> tuple[Sketch, ...]:
    """Return the sample of all these articles, sorted by digest."""
    first: dict[str, Sketch] = {}
    for one in sorted(sketches, key=Sketch.order):
        first.setdefault(one.digest, one)
        if len(first) == MOST:
            break
    return tuple(first.values())


class Wanted:
    """Tells which articles can still be in the sample of their site: those whose digests are among the smallest so
    far."""

    def __init__(self) -> None:
        self._digests: dict[str, array[int]] = {}

    def __call__(self, site: str, name: str) -> bool:
        """Return whether an article can be in the sample. If so, remember it."""
        known = self._digests.setdefault(site, array("Q"))
        number = int(name[:16], 16)
        at = bisect_left(known, number)
        if at == MOST:
            return False
        if at == len(known) or known[at] != number:
            known.insert(at, number)
            del known[MOST:]
        return True
