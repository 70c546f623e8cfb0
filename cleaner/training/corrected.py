"""Makes gold of people's corrections to a run. Pure.

Judged parts count as judged. The rest of an article counts only if somebody has confirmed it (``done``); otherwise it
is unsure, because nobody has looked. Parts on which two people disagree are unsure, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from cleaner.article.model import CATEGORIES, Span
from cleaner.errors import GoldFault, LogFault
from cleaner.reporting.review.corrections import BOILERPLATE, Corrected, Correction, read, standing
from cleaner.results.by_article import Place
from cleaner.training.gold import Gold, Label

UNSURE = "unsure"
_UNSEEN, _UNSURE, _ARTICLE, _FIRST = 0, 1, 2, 3
"""What a character is: nobody has looked; hard to say; article; boilerplate of the first category, and so on."""


def read_corrections(files: Iterable[tuple[str, Iterable[str]]]) -> list[Gold]:
    """Return the gold in files of corrections, each with its path. An article appears once, whoever corrected it.

    An article of which nothing counts is left out. Raises ``GoldFault``.
    """
    articles: dict[tuple[Place, str], list[Corrected]] = {}
    for where, lines in files:
        try:
            for one in read(lines, where):
                key = _place(one), str(one.record.get("sha256"))
                articles.setdefault(key, []).append(one)
        except LogFault as fault:
            raise GoldFault(str(fault)) from None
    found = [gold(same) for same in articles.values()]
    return [each for each in found if each is not None]


def _place(one: Corrected) -> Place:
    return Place(str(one.record["clean"]), int(one.record.get("row", 0)))


def gold(same: Sequence[Corrected]) -> Gold | None:
    """Return an article that was corrected in one or several files, or ``None`` if no correction counts."""
    record = same[0].record
    said = [one for corrected in same for one in standing(corrected.corrections)]
    if not said:
        return None
    size = len(record["text"])
    people = [_judged(record["spans"], list(mine), size) for _, mine in groupby(sorted(said, key=_who), key=_who)]
    together = bytearray(size)
    for codes in people:
        for at, code in enumerate(codes):
            if code != _UNSEEN:
                together[at] = code if together[at] in (_UNSEEN, code) else _of_two(together[at], code)
    name = str(record["article"])
    row = f"#{record['row']}" if record.get("row") else ""
    site, url = record.get("site") or name, record.get("url") or None
    language = record.get("language")
    return Gold(
        f"{name}{row}",
        record["text"],
        tuple(_labels(together)),
        str(site),
        None if language == "und" else language,
        url,
    )


def _who(one: Correction) -> str:
    return one.reviewer


def _judged(spans: Sequence[dict[str, object]], said: Sequence[Correction], size: int) -> bytearray:
    """Return what each character is according to one reviewer."""
    codes = bytearray(size)
    if any(one.action == "done" for one in said):
        codes[:] = bytes([_ARTICLE]) * size
        for span in spans:
            _paint(codes, int(str(span["start"])), int(str(span["end"])), _code(str(span["category"])))
    for one in said:
        if one.action != "done":
            code = _UNSURE if one.action == "unsure" else _ARTICLE
            _paint(codes, one.start, one.end, _code(one.category) if one.action in BOILERPLATE else code)
    return codes


def _paint(codes: bytearray, start: int, end: int, code: int) -> None:
    end = min(end, len(codes))
    codes[start:end] = bytes([code]) * max(0, end - start)


def _code(category: str) -> int:
    return _FIRST + CATEGORIES.index(category) if category in CATEGORIES else _FIRST + CATEGORIES.index("other")


def _of_two(one: int, other: int) -> int:
    """Return the verdict of two reviewers who disagree: of two categories the first, otherwise unsure."""
    return one if one >= _FIRST and other >= _FIRST else _UNSURE


def _labels(codes: bytearray) -> Iterable[Label]:
    at = 0
    for code, run in groupby(codes):
        end = at + len(list(run))
        if code >= _FIRST:
            yield Label(Span(at, end), CATEGORIES[code - _FIRST])
        elif code != _ARTICLE:
            yield Label(Span(at, end), UNSURE)
        at = end
