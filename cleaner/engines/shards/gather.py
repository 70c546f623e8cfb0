"""Puts the results of all units together. The files are the same as those of a single run over all articles."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.engines.shards import marks, repeats, unit
from cleaner.engines.shards.marks import Mark
from cleaner.engines.shards.plan import Plan, PlanUnit
from cleaner.files import disk, intake, remote
from cleaner.files.name_set import NameSet
from cleaner.files.remote import is_remote
from cleaner.results import export, log, out_folder
from cleaner.results.out_folder import log_name
from cleaner.results.summary import Tally, summary
from cleaner.tables.base import adapter

HEADS: Mapping[str, str] = {
    "removed": log.REMOVED,
    "articles": log.ARTICLES,
    "errors": log.ERRORS,
    "kept": log.KEPT,
    "source": log.SOURCE,
}
OF_ARTICLES = ("articles", "removed", "kept")
"""The logs of files with one article each: one log holds them all."""


@dataclass(slots=True)
class _Whole:
    """The results of all units so far."""

    tally: Tally = field(default_factory=Tally)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)
    names: NameSet = field(default_factory=NameSet)
    """The names of all result files."""


def gather(plan: Plan, *, tidy: bool = False) -> dict[str, Any] | list[PlanUnit]:
    """Put all units together and return the summary. If units are missing, return these and change nothing.

    ``tidy``: delete the plan and everything that only this step needs, so that the folder looks as after ``cleaner
    run``. Raises ``OutFault`` or ``OSError``.
    """
    known = repeats.counted(plan) if plan.counted else None
    digest = known.digest() if known else plan.repeats
    missing = [each for each, made in marks.of_all(plan, digest) if made is None]
    if missing:
        return missing
    with disk.no_more_open(plan.closed), unit.scratch(plan) as folder, out_folder.writing(plan.out):
        whole = _Whole()
        whole.tally.failures.update(kind for _, kind, _ in plan.troubles)
        pieces = unit.Pieces(folder)
        _begin(plan, pieces)
        sources = dict(_tables(plan, digest, whole, pieces, folder))
        pieces.close()
        result = summary(
            whole.tally,
            inputs=plan.roots,
            not_taken=plan.not_taken,
            rules=plan.rules,
            options=plan.options.record(),
            versions=plan.versions,
            left_out=whole.left_out,
            repeats=digest,
            sites=known.digests if known else {},
        )
        disk.write(os.path.join(folder, out_folder.SUMMARY), (log.dump(result, indent=2) + "\n").encode())
        _put(plan, folder, whole, sources)
        if tidy:
            _tidy(plan)
    unit.clear(plan)
    return result


def _begin(plan: Plan, pieces: unit.Pieces) -> None:
    """Begin the logs. Folders that could not be listed come first among the errors."""
    for name in ("removed", "articles", "errors", *(["kept"] if plan.options.kept else [])):
        pieces.append(f"{name}.jsonl", _head(name))
    for source, kind, message in plan.troubles:
        pieces.append("errors.jsonl", (log.dump(log.error_record(source, kind, message)) + "\n").encode())


def _head(name: str) -> bytes:
    return (log.dump(log.header(HEADS[name])) + "\n").encode()


def _tables(
    plan: Plan, digest: str | None, whole: _Whole, pieces: unit.Pieces, folder: str
) -> Iterator[tuple[str, str]]:
    """Add all units. Returns the names and files of tables that were cut or that other files describe."""
    held: list[tuple[PlanUnit, Mark]] = []
    for each, made in marks.of_all(plan, digest):
        assert made is not None
        whole.tally.add_counts(made.counts, made.digest)
        for source, counts in made.left_out.items():
            whole.left_out.setdefault(source, Counter()).update(counts)
        for name in made.files:
            whole.names.add(name)
        if held and (each.cut is None or each.jobs != held[0][0].jobs):
            yield _table(plan, held, pieces, folder)
            held = []
        _add(plan, each, made, pieces, folder, "errors", "errors.jsonl")
        if each.cut is not None:
            held.append((each, made))
            continue
        for name in OF_ARTICLES:
            _add(plan, each, made, pieces, folder, name, f"{name}.jsonl")
        if each.jobs[0].clean.endswith(".arrow"):
            yield each.jobs[0].clean, each.jobs[0].path
    if held:
        yield _table(plan, held, pieces, folder)


def _add(
    plan: Plan, each: PlanUnit, made: Mark, pieces: unit.Pieces, folder: str, piece: str, name: str, head: bytes = b""
) -> None:
    """Append a part of a unit to a log, if the unit has it."""
    path = _part(plan, each, made, piece)
    if path is None:
        return
    with disk.opened(path) as file:
        while data := file.read(disk.PIECE):
            pieces.append(name, data, head)


def _part(plan: Plan, each: PlanUnit, made: Mark, piece: str) -> str | None:
    name = f"{out_folder.PARTS}/{each.name}/{piece}"
    return os.path.join(plan.out, name) if name in made.files else None


def _table(plan: Plan, units: list[tuple[PlanUnit, Mark]], pieces: unit.Pieces, folder: str) -> tuple[str, str]:
    """Put a table together that was cut: its logs and its rows."""
    job = units[0][0].jobs[0]
    found: Any = adapter(job.path)
    rows: list[str] = []
    names = [f"clean/{job.clean}"]
    for each, made in units:
        for piece in ("articles", "removed", "kept", "source"):
            name = log_name(piece, job.clean)
            if piece in ("articles", "removed") or (piece == "kept" and plan.options.kept):
                pieces.append(name, b"", _head(piece))
            _add(plan, each, made, pieces, folder, piece, name, _head(piece))
            names.append(name)
        path = _part(plan, each, made, unit.ROWS)
        if path is None:
            continue
        ranges = os.path.join(folder, out_folder.SEGMENTS, each.name)
        os.makedirs(ranges)
        for one in unit.unpacked(path, ranges):
            if found.STREAM:
                pieces.append(names[0], disk.read(one))
                disk.delete(one)
            else:
                rows.append(one)
    if found.STREAM:
        pieces.append(names[0], b"")
    else:
        target = os.path.join(folder, names[0])
        os.makedirs(os.path.dirname(target), exist_ok=True)
        found.assemble(target, rows, _described(job.path, units[0][0], folder))
        for one in rows:
            disk.delete(one)
    for name in names:
        pieces.close_log(name)
    return job.clean, job.path


def _described(path: str, first: PlanUnit, folder: str) -> str:
    """Return a local file with the description of a table: the table itself, or for a remote one a copy of its
    description."""
    if not is_remote(path) or first.cut is None:
        return path
    copy = os.path.join(folder, out_folder.SEGMENTS, "described")
    intake.fetch_parts(path, copy, first.cut.bytes[-1:])
    return copy


def _put(plan: Plan, folder: str, whole: _Whole, sources: Mapping[str, str]) -> None:
    """Move all results into place, the summary last. Files that no unit has written are deleted."""
    options = plan.options
    arrows = {name: path for name, path in sources.items() if name.endswith(".arrow")}
    for name in arrows if is_remote(plan.out) else ():
        _copy(plan, folder, name)
    if arrows and not is_remote(plan.out):
        _linked(plan, folder, arrows)
    here = [name.removesuffix(".jsonl") for name in disk.below(os.path.join(folder, "articles"))]
    told = {name: path for name, path in sources.items() if name in here or name in arrows}
    tops = export.finish(
        folder, [f"{name}.jsonl" for name in HEADS if name != "source"], options.log_format, options.export, told
    )
    export.tidy(folder)
    heads = {name for name in tops if name.endswith((".jsonl", ".zst", ".parquet"))}
    names = [name for name in disk.below(folder) if name in heads or ("/" in name and not name.startswith("units/"))]
    names = [name for name in names if name.removeprefix("clean/") not in arrows]
    for name in names:
        whole.names.add(name)
    _delete(plan, [out_folder.SUMMARY])
    _delete(plan, list(_strangers(plan, whole.names)))
    unit.publish(plan.out, folder, names)
    if not is_remote(plan.out):
        os.makedirs(os.path.join(plan.out, out_folder.CLEAN), exist_ok=True)
    unit.publish(plan.out, folder, [out_folder.SUMMARY])


def _copy(plan: Plan, folder: str, name: str) -> None:
    target = os.path.join(folder, "clean", name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if disk.exists(os.path.join(plan.out, "clean", name)):
        remote.get({os.path.join(plan.out, "clean", name): target})


def _linked(plan: Plan, folder: str, names: Iterable[str]) -> None:
    """Link files that are already in place into ``folder``, so that descriptions can refer to them."""
    for name in names:
        target = os.path.join(folder, "clean", name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.exists(os.path.join(plan.out, "clean", name)):
            os.symlink(os.path.realpath(os.path.join(plan.out, "clean", name)), target)


def _strangers(plan: Plan, known: NameSet) -> Iterator[str]:
    """Yield result files that no unit of this plan has written: those of an earlier plan."""
    for top in (*out_folder.FOLDERS, out_folder.CLEAN, out_folder.MARKDOWN, "attributes"):
        for name in list(disk.below(os.path.join(plan.out, top))):
            if f"{top}/{name}" not in known:
                yield f"{top}/{name}"
    for name in out_folder.NAMES:
        if name.endswith((".jsonl", ".zst", ".parquet", ".html")) and name != out_folder.PLAN and name not in known:
            yield name


def _tidy(plan: Plan) -> None:
    """Delete the plan and everything that only this step needs. The plan goes first, so that nobody takes the rest for
    complete."""
    _delete(plan, [out_folder.PLAN])
    for top in (out_folder.DONE, out_folder.PARTS, out_folder.REPEATS):
        _delete(plan, [f"{top}/{name}" for name in disk.below(os.path.join(plan.out, top))])
        if not is_remote(plan.out):
            disk.delete(os.path.join(plan.out, top))


def _delete(plan: Plan, names: list[str]) -> None:
    if is_remote(plan.out):
        remote.delete([f"{plan.out}/{name}" for name in names])
        return
    for name in names:
        disk.delete(os.path.join(plan.out, name))
