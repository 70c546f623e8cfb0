"""The proof of a run: input, clean text and log agree for every article. And the input back from the other two."""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from cleaner import files, log, outfolder, verifytable
from cleaner.cut import restore
from cleaner.decode import encode
from cleaner.model import Removed
from cleaner.nameset import NameSet
from cleaner.remote import is_remote
from cleaner.summary import Count, Digest

SHOWN = 30
"""Characters shown around the first difference of two texts."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What doesn't agree: an article, a log or a file, and how."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the results tell of it: its line in ``articles.jsonl`` and its removed spans with their lines."""

    record: log.Record
    removed: tuple[tuple[int, log.Record], ...]
    row: verifytable.RowTexts | None = None

    @property
    def id(self) -> str:
        """The id of the article."""
        return str(self.record["article"])


@dataclass(slots=True)
class Proof:
    """What a check has come to: articles looked at, those whose input was at hand, and all that disagrees."""

    articles: int = 0
    compared: int = 0
    failed: int = 0
    disagreements: int = 0


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
    """The articles of a folder of results with their removed spans, read side by side: both logs are in one order.

    Raises ``LogFault`` or ``OSError`` if a log can't be read.
    """
    groups = groupby(outfolder.read_log(out, outfolder.REMOVED, log.REMOVED), key=lambda item: item[1].get("article"))
    group = next(groups, None)
    last = None
    for number, record in outfolder.read_log(out, outfolder.ARTICLES, log.ARTICLES):
        wrong = [key for key, kind in _KEYS.items() if type(record.get(key)) is not kind]
        if wrong:
            yield Disagreement(f"{outfolder.ARTICLES}:{number}", f"{', '.join(wrong)}: missing or of the wrong kind")
            continue
        if last is not None and record["article"] <= last:
            yield Disagreement(f"{outfolder.ARTICLES}:{number}", f"{record['article']} is out of order, or there twice")
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
        f"{outfolder.REMOVED}:{number}",
        f"spans of {record.get('article')!r}, which {outfolder.ARTICLES} doesn't have at this place",
    )


def verify(out: str, inputs: str | None = None) -> Iterator[Disagreement | Proof]:
    """All that disagrees in a folder of results, and last the ``Proof``.

    ``inputs``: where the articles lie now, if they were moved. Raises ``OutFault`` if the folder is no results.
    """
    summary = outfolder.read_summary(out)
    here = os.path.realpath(out)
    roots = [inputs] if inputs else [r if is_remote(r) else os.path.join(here, r) for r in summary.get("inputs", [])]
    proof = Proof()
    found: Counter[str] = Counter()
    total = Count()
    digest = Digest()
    names = NameSet()
    try:
        for entry in itertools.chain(entries(out), verifytable.entries(out, summary, roots)):
            if isinstance(entry, Disagreement):
                proof.disagreements += 1
                yield entry
                continue
            if entry.row is None:
                names.add(entry.record["clean"])
            proof.articles += 1
            digest.add(entry.id, entry.record["sha256"])
            total.spans += len(entry.removed)
            total.characters += entry.record["removed_characters"]
            found.update(str(record.get("category")) for _, record in entry.removed)
            for message in _check(out, entry, roots, proof):
                proof.disagreements += 1
                yield Disagreement(entry.id, message)
        proof.failed = sum(1 for _ in outfolder.read_log(out, outfolder.ERRORS, log.ERRORS))
    except (OSError, ValueError) as error:
        # After a broken log nothing more can be said about the rest.
        proof.disagreements += 1
        message = f"{error.filename}: {files.why(error)[1]}" if isinstance(error, OSError) else str(error)
        yield Disagreement(out, message)
        yield proof
        return
    strange = (
        Disagreement(name, f"a file that {outfolder.ARTICLES} doesn't name") for name in outfolder.foreign(out, names)
    )
    for disagreement in [*strange, *_sums(summary, proof, total, found, digest)]:
        proof.disagreements += 1
        yield disagreement
    yield proof


def _sums(
    summary: log.Record, proof: Proof, total: Count, found: Counter[str], digest: Digest
) -> Iterator[Disagreement]:
    removed = _part(summary, "removed")
    categories = {name: _part(summary["categories"], name).get("spans") for name in _part(summary, "categories")}
    for what, said, counted in (
        ("articles", summary.get("articles"), proof.articles),
        ("failed articles", summary.get("failed"), proof.failed),
        ("digest of the inputs", _part(summary, "digests").get("inputs"), digest.hexdigest()),
        ("removed spans", removed.get("spans"), total.spans),
        ("removed characters", removed.get("characters"), total.characters),
        ("spans by category", categories, dict(found)),
    ):
        if said != counted:
            yield Disagreement(outfolder.SUMMARY, f"{what}: {said}, but the logs say {counted}")


def _part(record: log.Record, key: str) -> log.Record:
    part = record.get(key)
    return part if isinstance(part, dict) else {}


def _check(out: str, entry: Entry, roots: list[str], proof: Proof) -> Iterator[str]:
    """What doesn't agree about one article."""
    record = entry.record
    if len(entry.removed) != record["removed_spans"]:
        yield f"{len(entry.removed)} removed spans in the log, but {record['removed_spans']} in {outfolder.ARTICLES}"
    try:
        removed = spans(out, entry)
        text = restored(out, entry, removed)
    except ValueError as error:
        yield str(error)
        return
    gone = sum(len(span.text) for span in removed)
    if gone != record["removed_characters"]:
        yield f"{gone} removed characters in the log, but {record['removed_characters']} in {outfolder.ARTICLES}"
    if len(text) != record["characters"]:
        yield f"clean text and log make {len(text):,} characters; the input had {record['characters']:,}"
    same = sha256(text) == record["sha256"]
    if entry.row is not None:
        data: bytes | str | None = entry.row.input
        if isinstance(record.get("page"), dict) and data is None:
            data = f"{outfolder.SOURCE}/{record['clean']}.jsonl has no row for it"
    else:
        data = _source(out, record) if isinstance(record.get("page"), dict) else _input(record, roots)
    if isinstance(data, str):
        yield data
        return
    if data is None:
        if not same:
            yield "clean text and log don't give the input back (its digest is another)"
        return
    proof.compared += 1
    try:
        back = encode(text, record["encoding"], record["bom"])
    except (UnicodeEncodeError, LookupError) as error:
        yield f"clean text and log don't give the input back: {error}"
        return
    if back == data:
        if not same:
            yield "the digest in the log is not that of the input"
    elif same:
        yield "the input file has changed since the run" + first_difference(back, data)
    else:
        yield "clean text and log don't give the input back" + first_difference(back, data)


def spans(out: str, entry: Entry) -> list[Removed]:
    """The removed spans of an article; raises ``ValueError`` if they are not sorted and disjoint.

    The text of a span of a page that was logged by its offsets (``--log residue``) comes from ``source/``.
    """
    result: list[Removed] = []
    source: str | None = None
    for number, record in entry.removed:
        where = f"{outfolder.REMOVED}:{number}"
        if record.get("text", "") is None and isinstance(entry.record.get("page"), dict):
            if source is None:
                source = _source_text(out, entry)
            record = {**record, "text": _slice(source, record)}
        span = log.removed_from(record, where)
        if not (0 <= span.start < span.end and len(span.text) == span.end - span.start):
            raise ValueError(f"{where}: {span.start}-{span.end} is no span of a text of {len(span.text)} characters")
        if result and span.start < result[-1].end:
            raise ValueError(f"{where}: the span {span.start}-{span.end} begins before the one above it ends")
        result.append(span)
    return result


def _slice(text: str, record: log.Record) -> str | None:
    start, end = record.get("start"), record.get("end")
    return text[max(0, start) : end] if isinstance(start, int) and isinstance(end, int) else None


def restored(out: str, entry: Entry, removed: list[Removed]) -> str:
    """The text of the input from clean text and log; raises ``ValueError`` if they don't fit."""
    name = entry.record["clean"]
    if entry.row is not None:
        if entry.row.clean is None:
            raise ValueError(f"{outfolder.CLEAN}/{name} has no row for it")
        return restore(entry.row.clean, removed)
    try:
        clean = files.read(inside(os.path.join(out, outfolder.CLEAN), name)).decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        raise ValueError(f"{outfolder.CLEAN}/{name} is missing") from None
    except OSError as error:
        raise ValueError(f"{outfolder.CLEAN}/{name}: {files.why(error)[1]}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{outfolder.CLEAN}/{name}: not UTF-8 at byte {error.start}") from None
    return restore(clean, removed)


def sha256(text: str) -> str:
    """The digest by which ``articles.jsonl`` knows a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def inside(folder: str, name: str) -> str:
    """The path of ``name`` in ``folder``; raises ``ValueError`` if it leads out, as only a tampered log's does."""
    if os.path.isabs(name) or ".." in name.split("/") or "\0" in name:
        raise ValueError(f"the path {name!r} leads out of its folder")
    return os.path.join(folder, name)


def _input(record: log.Record, roots: list[str]) -> bytes | None:
    """The bytes of the input file, if it is still where it was."""
    number = record["input"]
    # A folder named by --input stands for all inputs.
    root = roots[number] if number < len(roots) else roots[0] if len(roots) == 1 else None
    if root is None:
        return None
    try:
        return files.read_article(inside(root, record["source"]), sys.maxsize)
    except (OSError, ValueError):
        return None


def _source(out: str, record: log.Record) -> bytes | str:
    """The bytes of the text of a page's blocks, which the spans point into; what is wrong if they can't be read."""
    try:
        return files.read(inside(os.path.join(out, outfolder.SOURCE), record["clean"]))
    except OSError as error:
        return f"{outfolder.SOURCE}/{record['clean']}: {files.why(error)[1]}"
    except ValueError as error:
        return str(error)


def _source_text(out: str, entry: Entry) -> str:
    record = entry.record
    if entry.row is not None:
        if entry.row.source is None:
            raise ValueError(f"{outfolder.SOURCE}/{record['clean']}.jsonl has no row for it")
        return entry.row.source
    data = _source(out, record)
    if isinstance(data, str):
        raise ValueError(data)
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise ValueError(f"{outfolder.SOURCE}/{record['clean']}: not UTF-8 at byte {error.start}") from None


def first_difference(ours: bytes, theirs: bytes) -> str:
    """Where two files begin to differ, for a message."""
    at = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    shown = [data[max(0, at - SHOWN // 2) : at + SHOWN // 2].decode("utf-8", "replace") for data in (ours, theirs)]
    return f": they differ from byte {at:,} on, {shown[0]!r} here and {shown[1]!r} in the input"
