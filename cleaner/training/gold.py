"""Gold: articles with the spans that readers marked as boilerplate, and how to read it from JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from cleaner.article.model import CATEGORIES, Article, Span
from cleaner.errors import GoldFault, LogFault
from cleaner.results import log
from cleaner.text.view import View

NEUTRAL = ("unsure", "editorial-note")
"""Labels that don't count, because careful people disagree about them."""


@dataclass(frozen=True, slots=True)
class Label:
    """A marked span and its category."""

    span: Span
    category: str


@dataclass(frozen=True, slots=True)
class Gold:
    """An article with its labels. ``site``: articles of one site are never in both training and test data."""

    id: str
    text: str
    labels: tuple[Label, ...]
    site: str
    language: str | None = None
    url: str | None = None
    hard: bool = False
    """Whether its boilerplate is worded as little like boilerplate as it can be: a judge may learn less from it."""

    @property
    def scored(self) -> tuple[Label, ...]:
        """Return the labels that count."""
        return tuple(label for label in self.labels if label.category not in NEUTRAL)

    @property
    def neutral(self) -> tuple[Label, ...]:
        """Return the labels that don't count."""
        return tuple(label for label in self.labels if label.category in NEUTRAL)


def bare(gold: Gold) -> Gold:
    """Return the article without its marked spans, and without lines that this leaves empty.

    >>> bare(Gold("a", "News.\\nBuy now.\\nMore news.", (Label(Span(6, 14), "promotion"),), "a")).text
    'News.\\nMore news.'
    """
    left = bytearray(b"\1" * len(gold.text))
    for label in gold.labels:
        left[label.span.start : label.span.end] = bytes(label.span.end - label.span.start)
    text = "".join(c for c, stays in zip(gold.text, left, strict=True) if stays or c == "\n")
    return replace(gold, text="\n".join(line for line in text.split("\n") if line.strip()), labels=())


def seen(gold: Gold) -> Gold:
    """Return the article as detectors see it (see ``text.view``), with its labels. Models must learn from this form.

    >>> seen(Gold("a", "News.\\r\\n\\r\\n\\u00adBuy  now.", (Label(Span(9, 19), "promotion"),), "a"))
    Gold(id='a', text='News.\\nBuy now.', labels=(Label(span=Span(start=6, end=14), category='promotion'),), site='a', language=None, url=None, hard=False)
    """  # noqa: E501
    view = View.of(Article(gold.id, gold.text, ()))
    labels = tuple(replace(label, span=view.forth(label.span)) for label in gold.labels)
    return replace(
        gold, text=view.article.text, labels=tuple(each for each in labels if each.span.start < each.span.end)
    )


def lines_of(gold: Gold) -> Iterator[tuple[str, str | None]]:
    """The lines of the article of which it is certain what they are: a category, or ``None`` for article.

    >>> list(lines_of(Gold("a", "News.\\nBuy now.", (Label(Span(6, 14), "promotion"),), "a")))
    [('News.', None), ('Buy now.', 'promotion')]
    """
    start = 0
    for line in gold.text.split("\n"):
        span = Span(start, start + len(line))
        start += len(line) + 1
        letters = [place for place in range(span.start, span.end) if not gold.text[place].isspace()]
        over = [label for label in gold.labels if label.span.overlaps(span)]
        if letters and not over:
            yield line.strip(), None
        elif letters and len(over) == 1 and over[0].category not in NEUTRAL:
            whole = over[0].span.start <= letters[0] and letters[-1] < over[0].span.end
            yield from [(line.strip(), over[0].category)] if whole else []


def read_gold(lines: Iterable[str], where: str) -> list[Gold]:
    """Return the articles of a gold file: JSON lines with ``id``, ``text``, ``spans``, ``lang``, ``url``, ``site`` if
    known, and ``hard``.

    Raises ``GoldFault``.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            place = f"{where}:{number}"
            try:
                record = log.load(line, place)
            except LogFault as fault:
                raise GoldFault(str(fault)) from None
            found.append(_gold(record, place))
    if not found:
        raise GoldFault(f"{where}: no articles in it")
    return found


def read_corrected(lines: Iterable[str], texts: Mapping[str, str], where: str) -> list[Gold]:
    """Gold from a corrected ``removed.jsonl`` and the texts it is about, by id. A text without lines is all article."""
    spans: dict[str, list[Any]] = {name: [] for name in texts}
    try:
        for number, record in log.records(log.REMOVED, lines, where):
            if record.get("article") not in spans:
                raise GoldFault(f"{where}:{number}: the article {record.get('article')!r} is not among the articles")
            spans[record["article"]].append(record)
    except LogFault as fault:
        raise GoldFault(str(fault)) from None
    return [_gold({"id": name, "text": texts[name], "spans": marks}, where) for name, marks in spans.items()]


def _gold(record: Mapping[str, Any], where: str) -> Gold:
    text, spans = record.get("text"), record.get("spans")
    if not isinstance(text, str) or not isinstance(spans, Sequence) or isinstance(spans, str):
        raise GoldFault(f"{where}: an article needs a text and a list of spans")
    labels = []
    for span in spans:
        try:
            start, end, category = span["start"], span["end"], span["category"]
        except (KeyError, TypeError):
            raise GoldFault(f"{where}: a span needs start, end and category") from None
        if category not in CATEGORIES and category not in NEUTRAL:
            raise GoldFault(f"{where}: there is no category {category!r}")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
            raise GoldFault(f"{where}: the span {start}-{end} is not in a text of {len(text)} characters")
        labels.append(Label(Span(start, end), category))
    name = str(record.get("id", where))
    url = record.get("url") or None
    site = record.get("site") or (urlsplit(url).hostname if url else None) or name
    return Gold(name, text, tuple(labels), str(site), record.get("lang") or None, url, record.get("hard") is True)
