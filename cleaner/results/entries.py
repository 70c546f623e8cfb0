"""The articles of a folder of results, each with its removed spans, as the logs record them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from cleaner.results import log, out_folder


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that doesn't agree: the article, log or file, and the message."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the results record it: its line in ``articles.jsonl``, and its removed spans with their lines."""

    record: log.Record
    removed: tuple[tuple[int, log.Record], ...]
    row: RowTexts | None = None

    @property
    def id(self) -> str:
        """The id of the article."""
        return str(self.record["article"])


_KEYS: dict[str, type] = {
    "article": str,
    "source": str,
    "input": int,
    "clean": str,
    "encoding": str,
    "bom": bool,
    "characters": int,
    "sha256": str,
    "removed_spans": int,
    "removed_characters": int,
    "status": str,
}


def entries(out: str) -> Iterator[Entry | Disagreement]:
    """Yield the articles of a folder of results with their removed spans. Both logs are in the same order and are read
    side by side.

    Raises ``LogFault`` or ``OSError`` if a log can't be read.
    """
    groups = groupby(out_folder.read_log(out, out_folder.REMOVED, log.REMOVED), key=lambda item: item[1].get("article"))
    group = next(groups, None)
    last = None
    for number, record in out_folder.read_log(out, out_folder.ARTICLES, log.ARTICLES):
        wrong = [key for key, kind in _KEYS.items() if type(record.get(key)) is not kind]
        if wrong:
            yield Disagreement(f"{out_folder.ARTICLES}:{number}", f"{', '.join(wrong)}: missing or of the wrong kind")
            continue
        if last is not None and record["article"] <= last:
            yield Disagreement(
                f"{out_folder.ARTICLES}:{number}", f"{record['article']} is out of order, or there twice"
            )
            continue
        last = record["article"]
        while group and not (isinstance(group[0], str) and group[0] >= last):
            yield from _surplus(group[1])
            group = next(groups, None)
        if group and group[0] == last:
            yield Entry(record, tuple(group[1]))
            group = next(groups, None)
        else:
            yield Entry(record, ())
    while group:
        yield from _surplus(group[1])
        group = next(groups, None)


def _surplus(group: Iterator[tuple[int, log.Record]]) -> Iterator[Disagreement]:
    number, record = next(group)
    yield Disagreement(
        f"{out_folder.REMOVED}:{number}",
        f"spans of {record.get('article')!r}, which {out_folder.ARTICLES} doesn't have at this place",
    )


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The texts of a row: its text in the clean table, and in the input as UTF-8, as far as they exist. ``source``: for
    a page, the text of its blocks, which takes the place of the input.
    """

    clean: str | None
    input: bytes | None
    source: str | None = None
