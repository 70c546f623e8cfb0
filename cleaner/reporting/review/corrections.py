"""People's corrections to a run as lines of a file, and their combined effect on an article. Pure.

The first line names the format. Then, in the order in which they were made::

    {"action": "article", "article": …, "text": …, "spans": […], …}    the article as the run left it, before the first
                                                                      correction of it
    {"action": "restore", "id": …, "reviewer": …, "clean": …, "start": …, "end": …, "category": …}
    {"action": "undo", "id": …, "of": …, …}

So the file needs no other: it is gold as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.article.model import CATEGORIES
from cleaner.errors import LogFault
from cleaner.results import log
from cleaner.results.by_article import Place

FORMAT = "cleaner-corrections"

ABOUT_SPANS: Mapping[str, str] = {
    "accept": "a removed span is boilerplate, and of this category",
    "restore": "what was removed is article",
    "recategorise": "what was removed is boilerplate, but of this category",
    "mark": "what stayed is boilerplate of this category",
    "keep": "what stayed is article",
    "unsure": "it is hard to say",
}
"""The actions on a part of an article."""

ACTIONS = (*ABOUT_SPANS, "done", "undo")
"""``done``: the rest of the article is right as it is. ``undo``: an earlier line does not count."""

BOILERPLATE = ("accept", "recategorise", "mark")
"""The actions that say that something is boilerplate."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A line of the file. ``of``: the id of the line that ``undo`` takes back."""

    id: str
    place: Place
    article: str
    reviewer: str
    action: str
    start: int = 0
    end: int = 0
    category: str = ""
    of: str = ""


def record_of(one: Correction) -> log.Record:
    """Return a correction as a record."""
    record: log.Record = {
        **{"action": one.action, "id": one.id, "reviewer": one.reviewer},
        **{"article": one.article, "clean": one.place.clean},
    }
    if one.place.number:
        record["row"] = one.place.number
    if one.action in ABOUT_SPANS:
        record |= {"start": one.start, "end": one.end, "category": one.category}
    return record | ({"of": one.of} if one.of else {})


def correction(record: Mapping[str, Any], where: str) -> Correction:
    """Return the correction of a record. Raises ``LogFault`` if the record is none."""
    action, start, end = record.get("action"), record.get("start", 0), record.get("end", 0)
    texts = [record.get(key) for key in ("id", "article", "clean", "reviewer")]
    if action not in ACTIONS or not all(isinstance(text, str) for text in texts):
        actions = ", ".join(ACTIONS)
        raise LogFault(f"{where}: not a correction: it needs id, article, clean, reviewer and one of {actions}")
    row, category = record.get("row", 0), record.get("category", "")
    if action in ABOUT_SPANS:
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
            raise LogFault(f"{where}: {start!r} to {end!r} is not a part of a text")
        if action in BOILERPLATE and category not in CATEGORIES:
            raise LogFault(f"{where}: there is no category {category!r}")
    if not isinstance(row, int):
        raise LogFault(f"{where}: the row {row!r} is not a number")
    name, article, clean, reviewer = (str(text) for text in texts)
    return Correction(
        *(name, Place(clean, row), article, reviewer, str(action)),
        *(start, end, str(category), str(record.get("of", ""))),
    )


def article_record(
    record: Mapping[str, Any], place: Place, text: str, removed: Iterable[Mapping[str, Any]]
) -> log.Record:
    """Return the line about an article that comes before its first correction."""
    spans = [{key: span[key] for key in ("start", "end", "category", "rule", "score")} for span in removed]
    told = {key: record.get(key) for key in ("article", "sha256", "site", "language", "url", "title")}
    row = {"row": place.number} if place.number else {}
    return {"action": "article", **told, "clean": place.clean, **row, "text": text, "spans": spans}


def standing(corrections: Sequence[Correction]) -> list[Correction]:
    """Return the corrections that were not undone, in the same order.

    >>> place = Place("a.txt")
    >>> lines = [Correction("1", place, "a", "ann", "done"), Correction("2", place, "a", "ann", "undo", of="1")]
    >>> standing(lines)
    []
    """
    undone = {one.of for one in corrections if one.action == "undo"}
    return [one for one in corrections if one.action != "undo" and one.id not in undone]


def is_corrections(line: str) -> bool:
    """Return whether a file that begins with this line holds corrections."""
    return f'"{FORMAT}"' in line[:80]


@dataclass(slots=True)
class Corrected:
    """An article with all its corrections."""

    record: Mapping[str, Any]
    corrections: list[Correction]


def read(lines: Iterable[str], where: str) -> list[Corrected]:
    """Return the articles of a file of corrections. Raises ``LogFault``.

    An incomplete last line is ignored: its writer was stopped before it confirmed the correction.
    """
    found: dict[Place, Corrected] = {}
    ended = (line for line in lines if line.endswith("\n"))
    for number, record in log.records(FORMAT, ended, where):
        add(found, record, f"{where}:{number}")
    return list(found.values())


def add(found: dict[Place, Corrected], record: Mapping[str, Any], where: str) -> None:
    """Take a line in."""
    if record.get("action") == "article":
        text, spans, clean, row = (record.get(key) for key in ("text", "spans", "clean", "row"))
        if not (isinstance(text, str) and isinstance(spans, list) and isinstance(clean, str)):
            raise LogFault(f"{where}: an article needs text, spans and clean")
        place = Place(clean, row if isinstance(row, int) else 0)
        before = found.get(place)
        # After another run the article may be another: what was said of the old one says nothing of it.
        if before is None or before.record.get("sha256") != record.get("sha256"):
            found[place] = Corrected(record, [])
        else:
            before.record = record
        return
    one = correction(record, where)
    if one.place not in found:
        raise LogFault(f"{where}: a correction of {one.article!r} before the line that holds its text")
    found[one.place].corrections.append(one)
