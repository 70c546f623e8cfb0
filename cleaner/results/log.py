"""Converts decisions to records of the log and back. It knows JSON, but no files.

A log consists of lines, each a JSON object. The first names the format and its version; every other line is a record.
Characters are written as they are, except lone surrogates, which UTF-8 can't hold: they are escaped (``\\udce9``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cleaner.article.model import Decision, Removed
from cleaner.errors import LogFault

VERSION = 1
"""The version of the formats below. It rises with every change that would mislead a reader of the old version."""

REMOVED = "cleaner-removed"
KEPT = "cleaner-kept"
ERRORS = "cleaner-errors"
ARTICLES = "cleaner-articles"
SOURCE = "cleaner-source"
SUMMARY = "cleaner-summary"

_SPAN = ("article", "start", "end", "category", "rule", "detector", "score", "reason", "text")
COLUMNS: dict[str, tuple[str, ...]] = {
    REMOVED: _SPAN,
    KEPT: _SPAN,
    ARTICLES: (
        *("article", "row", "source", "input", "clean", "encoding", "bom", "language", "site", "url", "title"),
        *("characters", "sha256", "removed_spans", "removed_characters", "status", "fields"),
    ),
}
"""The keys of a record, for formats that want columns."""

Record = dict[str, Any]

_DECODER = json.JSONDecoder()
_SURROGATES = re.compile("[\ud800-\udfff]")
# Some readers take these for line ends, and a record is one line.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_SPLIT_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ODD = re.compile("[\ud800-\udfff\x85\u2028\u2029]")
"""Either of these."""
_LINE = json.JSONEncoder(ensure_ascii=False)


def header(name: str) -> Record:
    """The first line of the log ``name``.

    >>> header(REMOVED)
    {'format': 'cleaner-removed', 'version': 1}
    """
    return {"format": name, "version": VERSION}


def dump(record: Mapping[str, Any], indent: int | None = None) -> str:
    """Return a record as one line (``indent``: as several), without the line end. The same record always gives the same
    line.

    Raises ``LogFault`` for two lone surrogates in a row that JSON would read as one character.
    """
    line = _LINE.encode(record) if indent is None else json.dumps(record, ensure_ascii=False, indent=indent)
    if not line.isascii() and _ODD.search(line):
        if _SPLIT_PAIR.search(line):
            raise LogFault("the text holds a character split into two surrogates, which JSON can't tell from a whole")
        line = _LINE_ENDS.sub(_escape, _SURROGATES.sub(_escape, line))
    return line


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def load(line: str | bytes, where: str = "") -> Record:
    """Parse a line, as text or UTF-8. ``where`` (``removed.jsonl:12``) appears in the message if the line is broken.

    Raises ``LogFault``.
    """
    try:
        return _parsed(line)
    except ValueError as fault:
        raise LogFault(f"{where}: {fault}") from None


def _parsed(data: str | bytes) -> Record:
    try:
        line = data if isinstance(data, str) else data.decode()
        record, end = _DECODER.raw_decode(line) if line.startswith("{") else (None, 0)
        if line[end:] != "\n":  # what json.loads does about white space takes longer than reading a short line
            record = json.loads(line)
    except ValueError as fault:
        raise ValueError(f"not JSON: {fault}") from None
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    return record


def lines(name: str, records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the log ``name`` as lines with their line ends, the format line first."""
    yield dump(header(name)) + "\n"
    for record in records:
        yield dump(record) + "\n"


def check_header(record: Mapping[str, Any], name: str, where: str) -> None:
    """Raise ``LogFault`` unless ``record`` is the format line of the log ``name`` in a known version."""
    if record.get("format") != name:
        raise LogFault(f"{where}: not a {name} log: its first line should be {dump(header(name))}")
    if record.get("version") != VERSION:
        raise LogFault(
            f"{where}: version {record.get('version')!r} of the format {name}; this program reads version {VERSION}"
        )


def records(name: str, source: Iterable[str], where: str) -> Iterator[tuple[int, Record]]:
    """Yield the records of a log with their line numbers. The format line is checked and left out."""
    number = 0
    for number, line in enumerate(source, 1):
        try:
            record = _parsed(line)
        except ValueError as fault:
            raise LogFault(f"{where}:{number}: {fault}") from None
        if number == 1:
            check_header(record, name, f"{where}:1")
        else:
            yield number, record
    if number == 0:
        raise LogFault(f"{where}: empty; its first line should be {dump(header(name))}")


def removed_record(article: str, removed: Removed, *, text: bool = True) -> Record:
    """Return a removed span as a record. Without ``text`` it holds the offsets alone; the text must then be stored
    elsewhere."""
    return {
        "article": article,
        "start": removed.start,
        "end": removed.end,
        "category": removed.category,
        "rule": removed.rule,
        "detector": removed.detector,
        "score": removed.score,
        "reason": removed.reason,
        "text": removed.text if text else None,
    }


def removed_from(record: Mapping[str, Any], where: str = "") -> Removed:
    """Return the removed span of a record. Raises ``LogFault`` if a key is missing or has the wrong type.

    >>> span = Removed(0, 3, "other", "other/ad", "phrases", 0.9, "an ad", "Ad\\n")
    >>> removed_from(removed_record("a.txt", span)) == span
    True
    """
    for key, kind in _REMOVED_KEYS.items():
        value = record.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise LogFault(f"{where}: {key} is missing or not {_KINDS[kind]}")
    return Removed(**{key: record[key] for key in _REMOVED_KEYS if key != "article"})


_KINDS: dict[Any, str] = {str: "a text", int: "a whole number", (int, float): "a number"}
_REMOVED_KEYS: dict[str, Any] = {
    "article": str,
    "start": int,
    "end": int,
    "category": str,
    "rule": str,
    "detector": str,
    "score": (int, float),
    "reason": str,
    "text": str,
}


def kept_record(article: str, decision: Decision, text: str) -> Record:
    """Return a claimed span that stays as a record. ``text``: the whole text, into which its offsets point."""
    return {
        "article": article,
        "start": decision.start,
        "end": decision.end,
        "category": decision.category,
        "rule": decision.rule,
        "detector": decision.detector,
        "score": decision.score,
        "reason": decision.reason,
        "text": text[decision.start : decision.end],
    }


def source_record(article: str, row: int, text: str) -> Record:
    """Return the text of the blocks of a page in a table as a record. The page's spans point into this text."""
    return {"article": article, "row": row, "text": text}


def error_record(article: str, kind: str, message: str) -> Record:
    """Return an article that failed as a record."""
    return {"article": article, "kind": kind, "message": message}


def sha256(text: str) -> str:
    """Return the digest of a text as the results store it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
