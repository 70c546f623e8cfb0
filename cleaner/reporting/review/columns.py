"""The logs of a run as columns of numbers: the places of each article's lines, and its spans, without texts.

A million articles with three million spans take some 100 MB. Columns come in chunks, so that they can be searched while
the rest is still being read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]

REMOVED, KEPT = 0, 1
"""The outcome of a span: it was removed, or it was nearly removed and stays."""

ARTICLE: Mapping[str, str] = {
    "table": "u4",  # the number of its log
    "number": "u4",  # its place in the log, from 1
    "at": "u8",  # bytes: its line in the log of articles,
    "removed_at": "u8",  # its first line in that of removed spans,
    "kept_at": "u8",  # and in that of kept ones
    "removed_count": "u4",
    "kept_count": "u4",
    "first": "u4",  # the place of its first span among those of the chunk
    "characters": "u4",
    "gone": "u4",
    "site": "u4",
    "language": "u2",
    "digest": "u4",  # of its id
}
"""The columns of articles, and their types."""

SPAN: Mapping[str, str] = {
    "article": "u4",  # its place in the chunk
    "kind": "u1",
    "start": "u4",
    "end": "u4",
    "category": "u1",
    "rule": "u4",
    "score": "f4",
}
"""The columns of spans. Those of an article stand together: removed ones first, each kind by its start."""


@dataclass(slots=True)
class Names:
    """Numbers for names: a column holds the number of a name."""

    names: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return the number of a name. A new name gets the next one.

        >>> names = Names()
        >>> names.number("b"), names.number("a"), names.number("b")
        (0, 1, 0)
        """
        found = self.numbers.get(name)
        if found is None:
            found = self.numbers[name] = len(self.names)
            self.names.append(name)
        return found


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of consecutive articles. ``start``, ``span_start``: the number of articles and spans before it."""

    start: int
    span_start: int
    articles: Mapping[str, Column]
    spans: Mapping[str, Column]

    @property
    def count(self) -> int:
        """How many articles there are."""
        return len(self.articles["at"])

    @property
    def span_count(self) -> int:
        """How many spans there are."""
        return len(self.spans["start"])


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles or spans to show; ``None`` or an empty text: all of them.

    ``near``: kept spans in place of removed ones. ``doubtful``: those with a score below ``DOUBTFUL``. ``share``: the
    ``share[0]``-th (from 0) of ``share[1]`` parts of all articles.
    """

    category: str = ""
    rule: str = ""
    site: str = ""
    language: str = ""
    low: float | None = None
    high: float | None = None
    near: bool = False
    doubtful: bool = False
    share: tuple[int, int] = (0, 1)

    @property
    def about_spans(self) -> bool:
        """Return whether it selects by spans."""
        return bool(self.category or self.rule or self.near or self.doubtful or self.low is not None or self.high)


DOUBTFUL = 0.8
"""The score below which a removed span is doubtful."""


@dataclass(slots=True)
class Columns:
    """Everything read so far. ``categories`` and the others hold the names behind the numbers in the columns."""

    chunks: list[Chunk] = field(default_factory=list)
    categories: Names = field(default_factory=Names)
    rules: Names = field(default_factory=Names)
    sites: Names = field(default_factory=Names)
    languages: Names = field(default_factory=Names)
    tables: list[str] = field(default_factory=list)
    """The names of the tables below ``clean/``; the first is empty and stands for articles in files of their own."""
    complete: bool = False

    @property
    def count(self) -> int:
        """How many articles are read."""
        last = self.chunks[-1] if self.chunks else None
        return last.start + last.count if last else 0

    @property
    def span_count(self) -> int:
        """How many spans are read."""
        last = self.chunks[-1] if self.chunks else None
        return last.span_start + last.span_count if last else 0

    def chunk_of(self, number: int) -> Chunk:
        """The chunk of an article. Raises ``IndexError`` if there is no such article (yet)."""
        chunks = tuple(self.chunks)  # another thread may be adding to them
        return _of(chunks, [chunk.start for chunk in chunks], number, self.count)

    def chunk_of_span(self, number: int) -> Chunk:
        """The chunk of a span. Raises ``IndexError`` if there is no such span (yet)."""
        chunks = tuple(self.chunks)
        return _of(chunks, [chunk.span_start for chunk in chunks], number, self.span_count)

    def article_of(self, span: int) -> int:
        """Return the number of a span's article."""
        chunk = self.chunk_of_span(span)
        return chunk.start + int(chunk.spans["article"][span - chunk.span_start])

    def articles(self, wanted: Filter) -> Column:
        """Return the numbers of the articles that pass a filter. If it selects by spans, those with such a span."""
        if wanted.about_spans:
            found = [
                chunk.start + np.unique(chunk.spans["article"][self._spans(chunk, wanted)]).astype("u8")
                for chunk in tuple(self.chunks)
            ]
        else:
            found = [
                chunk.start + np.flatnonzero(self._articles(chunk, wanted)).astype("u8") for chunk in tuple(self.chunks)
            ]
        return np.concatenate([np.zeros(0, "u8"), *found])

    def spans(self, wanted: Filter) -> Column:
        """Return the numbers of the spans that pass a filter; doubtful ones by rising score."""
        chunks = tuple(self.chunks)
        places = [np.flatnonzero(self._spans(chunk, wanted)) for chunk in chunks]
        numbers = [chunk.span_start + at.astype("u8") for chunk, at in zip(chunks, places, strict=True)]
        found: Column = np.concatenate([np.zeros(0, "u8"), *numbers])
        if wanted.doubtful or wanted.near:
            scores = [chunk.spans["score"][at] for chunk, at in zip(chunks, places, strict=True)]
            score: Column = np.concatenate([np.zeros(0, "f4"), *scores])
            found = found[np.argsort(-score if wanted.near else score, kind="stable")]
        return found

    def _articles(self, chunk: Chunk, wanted: Filter) -> Column:
        fits: Column = np.ones(chunk.count, bool)
        part, parts = wanted.share
        if parts > 1:
            fits &= chunk.articles["digest"] % parts == part
        for name, column, names in (
            (wanted.site, "site", self.sites),
            (wanted.language, "language", self.languages),
        ):
            if name:
                fits &= chunk.articles[column] == names.numbers.get(name, -1)
        return fits

    def _spans(self, chunk: Chunk, wanted: Filter) -> Column:
        spans = chunk.spans
        fits: Column = spans["kind"] == (KEPT if wanted.near else REMOVED)
        for name, column, names in ((wanted.category, "category", self.categories), (wanted.rule, "rule", self.rules)):
            if name:
                fits &= spans[column] == names.numbers.get(name, -1)
        if wanted.low is not None:
            fits &= spans["score"] >= np.float32(wanted.low) - np.float32(1e-6)
        if wanted.high is not None:
            fits &= spans["score"] <= np.float32(wanted.high) + np.float32(1e-6)
        if wanted.doubtful and not wanted.near:
            fits &= spans["score"] < DOUBTFUL
        if wanted.site or wanted.language or wanted.share[1] > 1:
            fits &= self._articles(chunk, wanted)[spans["article"]]
        return fits


def _of(chunks: Sequence[Chunk], starts: Sequence[int], number: int, count: int) -> Chunk:
    if not 0 <= number < count:
        raise IndexError(f"there is no number {number}")
    return chunks[int(np.searchsorted(starts, number, side="right")) - 1]


def joined(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Return all chunks as one, or none if there are none."""
    parts = list(chunks)
    if not parts:
        return []
    articles = {name: np.concatenate([part.articles[name] for part in parts]) for name in ARTICLE}
    spans = {name: np.concatenate([part.spans[name] for part in parts]) for name in SPAN}
    articles["first"] = np.concatenate([part.articles["first"] + part.span_start for part in parts]).astype("u4")
    spans["article"] = np.concatenate([part.spans["article"] + part.start for part in parts]).astype("u4")
    return [Chunk(0, 0, articles, spans)]
