"""A reviewer's session: the articles or spans of a run that pass a filter, and the corrections to them.

Numbers of articles are those of the columns. All methods may be called from several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleaner.article.model import CATEGORIES
from cleaner.errors import LogFault
from cleaner.reporting.review import corrections, index
from cleaner.reporting.review.columns import KEPT, Column, Columns, Filter
from cleaner.reporting.review.corrections import Correction
from cleaner.reporting.review.store import Store
from cleaner.reporting.review.texts import Shown, Texts
from cleaner.results import log
from cleaner.results.by_article import Place

PAGE = 200
"""The number of items in an answer."""

LISTED = 300
"""Rules and sites that are offered to choose from; others can be typed."""

HELD = 8
"""The number of remembered lists of items. A remembered list keeps its order while a reviewer works through it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of an article to be judged: a removed span, or (``kept``) a paragraph that stayed."""

    number: int
    start: int
    end: int
    kept: bool = False


class Session:
    """A run, a file of corrections, and a reviewer. ``units``: to go through these, and nothing else."""

    def __init__(
        self,
        columns: Columns,
        texts: Texts,
        store: Store,
        reviewer: str,
        share: tuple[int, int] = (0, 1),
        units: Sequence[Unit] | None = None,
    ) -> None:
        self.columns, self.texts, self.store = columns, texts, store
        self.reviewer, self.share, self.units = reviewer, share, units
        self.trouble = ""
        """Return why the logs could not be read completely."""
        self._lock = threading.RLock()
        self._lists: dict[int, Column] = {}
        self._listed = 0
        self._numbers: dict[Place, int] = {}

    # -- what there is ----------------------------------------------------------------------------------------------

    def about(self) -> log.Record:
        """The run, for the page."""
        columns = self.columns
        with self._lock:
            mine = [one for one in self.store.order if one.reviewer == self.reviewer and one.action != "undo"]
            return {
                **{"articles": columns.count, "spans": columns.span_count, "complete": columns.complete},
                **{"trouble": self.trouble, "reviewer": self.reviewer, "audit": self.units is not None},
                **{"share": [self.share[0] + 1, self.share[1]], "corrections": len(mine)},
                "all_categories": list(CATEGORIES),
                "categories": [name for name in CATEGORIES if name in columns.categories.numbers],
                "rules": sorted(columns.rules.names[:LISTED]),
                "sites": sorted(columns.sites.names[:LISTED]),
                "languages": sorted(columns.languages.names),
                "near": any(bool((chunk.spans["kind"] == KEPT).any()) for chunk in tuple(columns.chunks)),
            }

    def items(self, wanted: Filter, *, spans: bool, todo: bool, first: int, listed: int | None) -> log.Record:
        """A page of what a filter lets through.

        Args: whether spans are asked for, or articles; ``todo``: only what nobody has judged yet; the place of the
        first one; the number of the list to go on in.
        """
        with self._lock:
            if self.units is not None:
                return self._of_units(todo, first)
            found = self._lists.get(listed) if listed is not None else None
            if found is None or listed is None:
                found = self.columns.spans(wanted) if spans else self.columns.articles(wanted)
                if todo:
                    found = found[~np.isin(found, np.array(sorted(self._judged(spans=spans)), "u8"))]
                listed = self._listed = self._listed + 1
                self._lists[listed] = found
                self._lists.pop(listed - HELD, None)
            part = found[first : first + PAGE].tolist()
            items = [self._span_item(number) for number in part] if spans else [{"number": number} for number in part]
            return {"list": listed, "total": len(found), "complete": self.columns.complete, "items": items}

    def _of_units(self, todo: bool, first: int) -> log.Record:
        assert self.units is not None
        units = [unit for unit in self.units if not (todo and self._is_judged(unit))]
        items = [
            {"number": u.number, "start": u.start, "end": u.end, "kind": "paragraph" if u.kept else "removed"}
            for u in units[first : first + PAGE]
        ]
        return {"list": 0, "total": len(units), "complete": True, "items": items}

    def _is_judged(self, unit: Unit) -> bool:
        place, _ = self.texts.where(unit.number)
        return any(
            (one.start, one.end) == (unit.start, unit.end) and one.reviewer == self.reviewer
            for one in self.store.of(place)
        )

    def _span_item(self, number: int) -> dict[str, Any]:
        chunk = self.columns.chunk_of_span(number)
        at = number - chunk.span_start
        return {
            "number": chunk.start + int(chunk.spans["article"][at]),
            "start": int(chunk.spans["start"][at]),
            "end": int(chunk.spans["end"][at]),
            "kind": "kept" if chunk.spans["kind"][at] == KEPT else "removed",
        }

    def _judged(self, *, spans: bool) -> set[int]:
        """The numbers of the spans (or articles) that were judged by anybody."""
        found: set[int] = set()
        for place, article in self.store.articles.items():
            standing = corrections.standing(article.corrections)
            number = self._number_of(place, str(article.record["article"])) if standing else None
            if number is None:
                continue
            done = any(one.action == "done" for one in standing)
            if not spans:
                found |= {number} if done else set()
                continue
            chunk = self.columns.chunk_of(number)
            at = number - chunk.start
            first = int(chunk.articles["first"][at])
            count = int(chunk.articles["removed_count"][at]) + int(chunk.articles["kept_count"][at])
            places = {(one.start, one.end) for one in standing}
            for span in range(first, first + count):
                if done or (int(chunk.spans["start"][span]), int(chunk.spans["end"][span])) in places:
                    found.add(chunk.span_start + span)
        return found

    def _number_of(self, place: Place, article: str) -> int | None:
        """The number of an article that was corrected some other day."""
        if place not in self._numbers:
            digest = index.digest(article)
            for chunk in tuple(self.columns.chunks):
                for at in np.flatnonzero(chunk.articles["digest"] == digest).tolist():
                    if self.texts.where(chunk.start + at)[0] == place:
                        self._numbers[place] = chunk.start + at
        return self._numbers.get(place)

    # -- one article ------------------------------------------------------------------------------------------------

    def article(self, number: int) -> log.Record:
        """Return an article with its spans and corrections. Raises ``IndexError``, ``OSError`` or ``LogFault``."""
        with self._lock:
            shown = self.texts.shown(number)
            self._numbers[shown.place] = number
            self.store.refresh()
            record = shown.record
            keys = ("article", "site", "language", "url", "title", "characters", "removed_characters")
            return {
                "number": number,
                **{key: record.get(key) for key in keys},
                **{"text": shown.text, "trouble": shown.trouble, "page": isinstance(record.get("page"), dict)},
                "removed": [_span(span) for span in shown.removed],
                "kept": [_span(span) for span in shown.kept],
                "said": self._said(shown),
            }

    def _said(self, shown: Shown) -> list[log.Record]:
        """Return the corrections that count for an article in its present form."""
        if not self.store.knows(shown.place, str(shown.record.get("sha256"))):
            return []
        keys = ("id", "reviewer", "action", "start", "end", "category")
        return [{key: getattr(one, key) for key in keys} for one in self.store.of(shown.place)]

    def correct(self, number: int, told: Mapping[str, Any]) -> list[log.Record]:
        """Save a correction. Returns the corrections that then count for the article. Raises ``ValueError`` if it is
        invalid."""
        with self._lock:
            shown = self.texts.shown(number)
            if shown.text is None:
                raise LogFault(shown.trouble)
            record = {
                **{"id": told.get("id"), "action": told.get("action"), "reviewer": self.reviewer},
                **{"article": shown.record["article"], "clean": shown.place.clean, "row": shown.place.number},
                **{"start": told.get("start", 0), "end": told.get("end", 0), "category": told.get("category", "")},
            }
            one = corrections.correction(record, "the correction")
            if one.end > len(shown.text) or one.action == "undo":
                raise LogFault(f"the correction: {one.start} to {one.end} is not in the article")
            self._numbers[shown.place] = number
            article = corrections.article_record(shown.record, shown.place, shown.text, shown.removed)
            self.store.append(one, article)
            return self._said(shown)

    def undo(self, name: str) -> log.Record | None:
        """Take the reviewer's last correction back; where that was, or ``None`` if there is none. ``name``: an id."""
        with self._lock:
            self.store.refresh()
            last = self.store.last(self.reviewer)
            if last is None:
                return None
            self.store.append(Correction(name, last.place, last.article, self.reviewer, "undo", of=last.id))
            number = self._number_of(last.place, last.article)
            return {"number": number, "action": last.action, "start": last.start, "end": last.end}

    def page(self, number: int) -> bytes | str | None:
        """The page that an article was, if it was one and is still there."""
        with self._lock:
            place, record = self.texts.where(number)
        return self.texts.page(place, record)  # may take long: others go on


def _span(record: log.Record) -> log.Record:
    return {key: record[key] for key in ("start", "end", "category", "rule", "detector", "score", "reason")}
