"""Proves that input, clean text and log agree for every article, and restores the input from the other two."""

from __future__ import annotations

import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cleaner.article.cut import restore
from cleaner.article.model import Removed
from cleaner.errors import ResultFault
from cleaner.files import disk
from cleaner.files.name_set import NameSet
from cleaner.files.remote import is_remote
from cleaner.reading.decoding import encode
from cleaner.results import log, out_folder, verify_tables
from cleaner.results.entries import Disagreement, Entry, entries
from cleaner.results.log import sha256
from cleaner.results.summary import Count, Digest

SHOWN = 30
"""The number of characters shown around the first difference of two texts."""


@dataclass(slots=True)
class Proof:
    """The result of a check: the number of articles checked, of those compared with their input, and of
    disagreements."""

    articles: int = 0
    compared: int = 0
    failed: int = 0
    disagreements: int = 0


def verify(out: str, inputs: str | None = None) -> Iterator[Disagreement | Proof]:
    """Yield every disagreement in a folder of results, and finally the ``Proof``.

    ``inputs``: the current places of the articles, if they were moved. Raises ``OutFault`` if the folder holds no
    results.
    """
    summary = out_folder.read_summary(out)
    here = out if is_remote(out) else os.path.realpath(out)
    roots = [inputs] if inputs else [r if is_remote(r) else os.path.join(here, r) for r in summary.get("inputs", [])]
    proof = Proof()
    found: Counter[str] = Counter()
    total = Count()
    digest = Digest()
    names = NameSet()
    try:
        for entry in itertools.chain(entries(out), verify_tables.entries(out, summary, roots)):
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
        proof.failed = sum(1 for _ in out_folder.read_log(out, out_folder.ERRORS, log.ERRORS))
    except (OSError, ValueError) as error:
        # After a broken log nothing more can be said about the rest.
        proof.disagreements += 1
        message = f"{error.filename}: {disk.why(error)[1]}" if isinstance(error, OSError) else str(error)
        yield Disagreement(out, message)
        yield proof
        return
    strange = (
        Disagreement(name, f"a file that {out_folder.ARTICLES} doesn't name") for name in out_folder.foreign(out, names)
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
            yield Disagreement(out_folder.SUMMARY, f"{what}: {said}, but the logs say {counted}")


def _part(record: log.Record, key: str) -> log.Record:
    part = record.get(key)
    return part if isinstance(part, dict) else {}


def _check(out: str, entry: Entry, roots: list[str], proof: Proof) -> Iterator[str]:
    """Yield what doesn't agree about one article."""
    record = entry.record
    if len(entry.removed) != record["removed_spans"]:
        yield f"{len(entry.removed)} removed spans in the log, but {record['removed_spans']} in {out_folder.ARTICLES}"
    try:
        removed = spans(out, entry)
        text = restored(out, entry, removed)
    except ValueError as error:
        yield str(error)
        return
    gone = sum(len(span.text) for span in removed)
    if gone != record["removed_characters"]:
        yield f"{gone} removed characters in the log, but {record['removed_characters']} in {out_folder.ARTICLES}"
    if len(text) != record["characters"]:
        yield f"clean text and log make {len(text):,} characters; the input had {record['characters']:,}"
    same = sha256(text) == record["sha256"]
    if entry.row is not None:
        data: bytes | str | None = entry.row.input
        if isinstance(record.get("page"), dict) and data is None:
            data = f"{out_folder.SOURCE}/{record['clean']}.jsonl has no row for it"
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
    """Return the removed spans of an article. Raises ``ResultFault`` if they are not sorted and disjoint.

    The text of a span of a page that was logged by its offsets (``--log residue``) comes from ``source/``.
    """
    result: list[Removed] = []
    source: str | None = None
    for number, record in entry.removed:
        where = f"{out_folder.REMOVED}:{number}"
        if record.get("text", "") is None and isinstance(entry.record.get("page"), dict):
            if source is None:
                source = _source_text(out, entry)
            record = {**record, "text": _slice(source, record)}
        span = log.removed_from(record, where)
        if not (0 <= span.start < span.end and len(span.text) == span.end - span.start):
            size = len(span.text)
            raise ResultFault(f"{where}: {span.start}-{span.end} is not a span of a text of {size} characters")
        if result and span.start < result[-1].end:
            raise ResultFault(f"{where}: the span {span.start}-{span.end} begins before the one above it ends")
        result.append(span)
    return result


def _slice(text: str, record: log.Record) -> str | None:
    start, end = record.get("start"), record.get("end")
    return text[max(0, start) : end] if isinstance(start, int) and isinstance(end, int) else None


def restored(out: str, entry: Entry, removed: list[Removed]) -> str:
    """Restore the text of the input from clean text and log. Raises ``ResultFault`` if they don't fit."""
    name = entry.record["clean"]
    if entry.row is not None:
        if entry.row.clean is None:
            raise ResultFault(f"{out_folder.CLEAN}/{name} has no row for it")
        return restore(entry.row.clean, removed)
    try:
        clean = disk.read(inside(os.path.join(out, out_folder.CLEAN), name)).decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        raise ResultFault(f"{out_folder.CLEAN}/{name} is missing") from None
    except OSError as error:
        raise ResultFault(f"{out_folder.CLEAN}/{name}: {disk.why(error)[1]}") from None
    except UnicodeDecodeError as error:
        raise ResultFault(f"{out_folder.CLEAN}/{name}: not UTF-8 at byte {error.start}") from None
    return restore(clean, removed)


def inside(folder: str, name: str) -> str:
    """Return the path of ``name`` in ``folder``. Raises ``ResultFault`` if it leads out of the folder, as only a
    tampered log's does."""
    if os.path.isabs(name) or ".." in name.split("/") or "\0" in name:
        raise ResultFault(f"the path {name!r} leads out of its folder")
    return os.path.join(folder, name)


def _input(record: log.Record, roots: list[str]) -> bytes | None:
    """Return the bytes of the input file, if it is still in its place."""
    number = record["input"]
    # A folder named by --input stands for all inputs.
    root = roots[number] if number < len(roots) else roots[0] if len(roots) == 1 else None
    if root is None:
        return None
    try:
        return disk.read_article(inside(root, record["source"]), sys.maxsize)
    except (OSError, ValueError):
        return None


def _source(out: str, record: log.Record) -> bytes | str:
    """Return the text of a page's blocks, into which the spans point, as bytes; or what is wrong if it can't be
    read."""
    try:
        return disk.read(inside(os.path.join(out, out_folder.SOURCE), record["clean"]))
    except OSError as error:
        return f"{out_folder.SOURCE}/{record['clean']}: {disk.why(error)[1]}"
    except ValueError as error:
        return str(error)


def _source_text(out: str, entry: Entry) -> str:
    record = entry.record
    if entry.row is not None:
        if entry.row.source is None:
            raise ResultFault(f"{out_folder.SOURCE}/{record['clean']}.jsonl has no row for it")
        return entry.row.source
    data = _source(out, record)
    if isinstance(data, str):
        raise ResultFault(data)
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise ResultFault(f"{out_folder.SOURCE}/{record['clean']}: not UTF-8 at byte {error.start}") from None


def first_difference(ours: bytes, theirs: bytes) -> str:
    """Return where two files begin to differ, for a message."""
    at = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    shown = [data[max(0, at - SHOWN // 2) : at + SHOWN // 2].decode("utf-8", "replace") for data in (ours, theirs)]
    return f": they differ from byte {at:,} on, {shown[0]!r} here and {shown[1]!r} in the input"
