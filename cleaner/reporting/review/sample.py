"""The sample of an audit: random characters of a run, each with the span or paragraph that contains it.

Removed text is drawn by category and score, remaining text by language, both spread evenly over the sites. The same
seed gives the same sample of the same run.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleaner.errors import LogFault
from cleaner.files import disk
from cleaner.reporting.review.columns import REMOVED, Column, Columns
from cleaner.reporting.review.texts import Shown, Texts
from cleaner.results import log, out_folder
from cleaner.results.by_article import Place

FORMAT = "cleaner-audit-sample"

BANDS = (0.6, 0.8, 0.95)
"""The scores between which the bands of the strata lie."""

EVEN = 0.7
"""How draws follow the size of a stratum: 1: in proportion, 0: as many for each."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A span that went, or a paragraph that stayed, with what it stands for. ``times``: how often it was drawn."""

    place: Place
    article: str
    number: int
    start: int
    end: int
    kept: bool
    stratum: str
    weight: float
    times: int
    category: str
    rule: str
    score: float
    language: str
    site: str

    def record(self) -> log.Record:
        """The line of the sample."""
        row = {"row": self.place.number} if self.place.number else {}
        names = ("number", "start", "end", "kept", "stratum", "weight", "times", "category", "rule", "score")
        told = {name: getattr(self, name) for name in (*names, "language", "site")}
        return {"article": self.article, "clean": self.place.clean, **row, **told}


def drawn(record: log.Record, where: str) -> Drawn:
    """A line of the sample; raises ``LogFault`` if it is none."""
    try:
        names = ("number", "start", "end", "kept", "stratum", "weight", "times", "category", "rule", "score")
        told: dict[str, Any] = {name: record[name] for name in (*names, "language", "site")}
        return Drawn(Place(record["clean"], record.get("row", 0)), record["article"], **told)
    except (KeyError, TypeError) as fault:
        raise LogFault(f"{where}: no line of a sample: {fault}") from None


def digest(out: str) -> str:
    """Return the key of a run: the digest of its summary."""
    return hashlib.sha256(disk.read(os.path.join(out, out_folder.SUMMARY))).hexdigest()


def read(out: str) -> tuple[log.Record, list[Drawn]]:
    """What the sample of a run says of itself, and its units. Raises ``LogFault`` or ``OSError``."""
    path = os.path.join(out, out_folder.SAMPLE)
    lines = log.records(FORMAT, disk.read_lines(path), path)
    _, about = next(lines, (0, {}))
    if about.get("summary") != digest(out):
        raise LogFault(f"{path}: drawn from another run; --again draws a new sample")
    return about, [drawn(record, f"{path}:{number}") for number, record in lines]


def draw(columns: Columns, texts: Texts, size: int, seed: int) -> Iterator[Drawn]:
    """Half of the draws among what went, half among what stayed. Raises ``LogFault`` if a text can't be read."""
    went, stayed = size - size // 2, size // 2
    if not columns.span_count:
        went, stayed = 0, size
    yield from _removed(columns, texts, went, seed)
    yield from _kept(columns, texts, stayed, seed)


def _all(columns: Columns, name: str, *, spans: bool) -> Column:
    parts = [(chunk.spans if spans else chunk.articles)[name] for chunk in columns.chunks]
    found: Column = np.concatenate(parts) if parts else np.zeros(0, "u4")
    return found


def _removed(columns: Columns, texts: Texts, size: int, seed: int) -> Iterator[Drawn]:
    went = np.flatnonzero(_all(columns, "kind", spans=True) == REMOVED)
    lengths = (_all(columns, "end", spans=True) - _all(columns, "start", spans=True)).astype("f8")[went]
    if not len(went) or not lengths.sum():
        return
    categories, scores = _all(columns, "category", spans=True)[went], _all(columns, "score", spans=True)[went]
    articles = _all(columns, "article", spans=True)[went]
    sites, digests = _all(columns, "site", spans=False)[articles], _all(columns, "digest", spans=False)[articles]
    strata = categories.astype("i8") * (len(BANDS) + 1) + np.digitize(scores, BANDS)
    numbers = np.unique(strata)
    sizes = np.array([lengths[strata == number].sum() for number in numbers])
    for number, share, draws in zip(numbers, sizes / lengths.sum(), allotted(sizes, size), strict=True):
        inside = np.flatnonzero(strata == number)
        inside = inside[np.lexsort((digests[inside], sites[inside]))]
        picked = spread(lengths[inside], draws, random.Random(f"{seed} went {number}").random())
        for at, times in _counted(inside[[place for place, _ in picked]]):
            chunk = columns.chunks[0]
            values = {name: column[went[at]] for name, column in chunk.spans.items()}
            article = int(values["article"])
            place, record = texts.where(article)
            category = columns.categories.names[int(values["category"])]
            band = int(number) % (len(BANDS) + 1)
            yield Drawn(
                *(place, record["article"], article, int(values["start"]), int(values["end"]), False),
                *(f"{category} {band}", float(share) / draws, times, category),
                *(columns.rules.names[int(values["rule"])], round(float(values["score"]), 4)),
                *(str(record.get("language") or "und"), str(record.get("site") or "")),
            )


def _kept(columns: Columns, texts: Texts, size: int, seed: int) -> Iterator[Drawn]:
    lengths = (_all(columns, "characters", spans=False) - _all(columns, "gone", spans=False)).astype("f8")
    if not size or not lengths.sum():
        return
    names = ("digest", "site", "language")
    order = np.lexsort(tuple(_all(columns, name, spans=False) for name in names))
    found: dict[tuple[int, int, int], tuple[Shown, int]] = {}
    for place, at in spread(lengths[order], size, random.Random(f"{seed} stayed").random()):
        number = int(order[place])
        shown = texts.shown(number)
        if shown.text is None:
            raise LogFault(f"the text of {shown.record['article']} can't be read: {shown.trouble}")
        start, end = paragraph(shown.text, shown.removed, int(at))
        found[number, start, end] = shown, found.get((number, start, end), (shown, 0))[1] + 1
    for (number, start, end), (shown, times) in found.items():
        record = shown.record
        yield Drawn(
            *(shown.place, record["article"], number, start, end, True, "stayed", 1 / size, times, "", "", 0.0),
            *(str(record.get("language") or "und"), str(record.get("site") or "")),
        )


def _counted(places: Column) -> Iterator[tuple[int, int]]:
    numbers, counts = np.unique(places, return_counts=True)
    yield from zip(numbers.tolist(), counts.tolist(), strict=True)


def allotted(sizes: Column, draws: int) -> list[int]:
    """How many draws each stratum gets: at least one, larger ones more, all together ``draws`` (or one each).

    >>> allotted(np.array([1000.0, 10.0, 1.0]), 10)
    [8, 1, 1]
    """
    wanted = np.asarray(sizes) ** EVEN
    wanted = wanted / wanted.sum() * draws
    found = np.maximum(1, np.floor(wanted)).astype(int)
    while found.sum() < draws:
        found[int(np.argmax(wanted - found))] += 1
    while found.sum() > draws and found.max() > 1:
        found[int(np.argmax(np.where(found > 1, found - wanted, -np.inf)))] -= 1
    return [int(each) for each in found]


def spread(lengths: Column, draws: int, start: float) -> list[tuple[int, float]]:
    """Places evenly spread over all characters: which part each is in, and where in it. ``start``: 0 to 1.

    >>> spread(np.array([10.0, 30.0]), 4, 0.5)
    [(0, 5.0), (1, 5.0), (1, 15.0), (1, 25.0)]
    """
    ends = np.cumsum(lengths)
    points = (np.arange(draws) + start) * ends[-1] / draws
    parts = np.minimum(np.searchsorted(ends, points, side="right"), len(lengths) - 1)
    inside = points - (ends[parts] - np.asarray(lengths)[parts])
    return [(int(part), float(at)) for part, at in zip(parts, inside, strict=True)]


def paragraph(text: str, removed: Sequence[log.Record], at: int) -> tuple[int, int]:
    """The paragraph that holds a character of the clean text, as a part of the whole text.

    >>> paragraph("By Ann\\nIt rained.\\nIt was cold.", [{"start": 0, "end": 7}], 3)
    (7, 17)
    """
    place, gone = at, 0
    for span in removed:
        if span["start"] > place:
            break
        place += span["end"] - span["start"]
        gone = span["end"]
    place = min(place, max(len(text) - 1, 0))
    while place > gone and text[place].isspace():
        place -= 1
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    return start, max(end if end >= 0 else len(text), start + 1)
