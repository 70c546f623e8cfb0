"""The plan of a run in shards: its options and its units, in a file of lines that all machines read.

::

    plan.jsonl          how the run is done; a line a unit; last the number of units, without which it is no plan
    repeats/            what the articles of each site repeat, once that is counted
    done/<unit>.json    what a unit came to, written last: whoever sees it may rely on all that it names
    parts/<unit>/       lines and rows that the gathering puts together
    clean/, source/ …   results of whole articles and tables, as ``cleaner run`` writes them

No file of a unit has its final name before it is complete, and doing a unit twice writes the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from cleaner.errors import LogFault, OutFault
from cleaner.files import disk
from cleaner.files.remote import is_remote
from cleaner.results import log, out_folder
from cleaner.run.naming import Job, home_of
from cleaner.run.options import RunOptions
from cleaner.run.pool import Limits
from cleaner.tables.base import Columns, Cut

FORMAT = "cleaner-plan"
END = "end"
SITES = "sites.json"
"""The file below ``repeats/`` with the digests of the counts of the sites."""


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """What one machine does at a time: files, a table, or a range of a table (``cut``). ``name`` is a digest of the
    unit.

    ``digest``: the digest of the contents. ``size``: their size in bytes, as far as it is known without reading.
    """

    name: str
    number: int
    jobs: tuple[Job, ...]
    digest: str
    size: int
    cut: Cut | None = None

    def shown(self) -> str:
        """Return the unit for a message: its name and its contents."""
        first = self.jobs[0].id
        more = f" and {len(self.jobs) - 1:,} more files" if len(self.jobs) > 1 else ""
        return f"{self.name} ({first}{more}{f', rows from {self.cut.first:,} on' if self.cut else ''})"


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of a run in shards. ``out``: the folder that holds the plan. ``recipe``: what makes the cleaner.

    ``roots``: the inputs, relative to ``out``. ``identity``: a digest of everything on which the results depend, except
    the articles and what their sites repeat. ``repeats``: ``on``, ``off``, or ``kept`` for counts from a folder.
    """

    out: str
    identity: str
    roots: tuple[str, ...]
    recipe: Mapping[str, Any]
    options: RunOptions
    rules: str
    versions: Mapping[str, str]
    repeats: str | None
    counted: bool
    troubles: tuple[tuple[str, str, str], ...]
    not_taken: Mapping[str, list[str]] = field(default_factory=dict)
    closed: int = 0

    @property
    def path(self) -> str:
        """Return the path of the plan."""
        return os.path.join(self.out, out_folder.PLAN)

    def digest(self) -> str:
        """Return the digest of the plan without its units."""
        return hashlib.sha256(log.dump(_record(self)).encode()).hexdigest()

    def units(self) -> Iterator[PlanUnit]:
        """Yield the units. Raises ``OutFault`` if the plan is incomplete."""
        tops = self.tops()
        for _, record in _lines(self.path):
            if END in record:
                return
            yield unit_from(record, tops)
        raise OutFault(f"{self.path}: is cut short; plan again")

    def tops(self) -> list[str]:
        """Return the folders of the inputs on this machine."""
        return [_top(self.out, root) for root in self.roots]


def _top(out: str, root: str) -> str:
    if is_remote(root) or is_remote(out):
        return root
    return os.path.normpath(os.path.join(os.path.realpath(out), root))


def write(plan: Plan, units: Iterable[PlanUnit]) -> int:
    """Write a plan and return its number of units. If it differs from the plan before, the summary of gathered results
    is deleted, because they are no longer complete. Raises ``OSError``."""
    head = {**log.header(FORMAT), **_record(plan)}
    tops = plan.tops()
    number = 0
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        new = os.path.join(folder, out_folder.PLAN)
        with disk.new_file(new, flush=False) as file:
            file.write((log.dump(head) + "\n").encode())
            for unit in units:
                file.write((log.dump(unit_record(unit, tops)) + "\n").encode())
                number += 1
            file.write((log.dump({END: number}) + "\n").encode())
        if not _same_file(new, plan.path):
            for name in (out_folder.SUMMARY, f"{out_folder.REPEATS}/{SITES}"):
                disk.delete(os.path.join(plan.out, name))
            with disk.whole_file(plan.path) as target, disk.opened(new) as source:
                while data := source.read(disk.PIECE):
                    target.write(data)
    return number


def _same_file(new: str, old: str) -> bool:
    try:
        with disk.opened(new) as one, disk.opened(old) as other:
            while data := one.read(disk.PIECE):
                if data != other.read(len(data)):
                    return False
            return not other.read(1)
    except FileNotFoundError:
        return False


def read(path: str) -> Plan:
    """Read a plan from its file, or from the folder that holds it. Raises ``OutFault`` if none can be read."""
    if os.path.basename(path) != out_folder.PLAN:
        path = os.path.join(path, out_folder.PLAN)
    number, head = next(_lines(path, head=True), (0, {}))
    if not number:
        raise OutFault(f"{path}: empty; plan again")
    out = path[: -len(out_folder.PLAN)].rstrip("/") or ("/" if path.startswith("/") else ".")
    return _plan(out, head)


def _lines(path: str, *, head: bool = False) -> Iterator[tuple[int, log.Record]]:
    try:
        for number, line in enumerate(disk.read_lines(path), 1):
            record = log.load(line, f"{path}:{number}")
            if number == 1:
                log.check_header(record, FORMAT, path)
            if (number == 1) == head:
                yield number, record
            if head:
                return
    except FileNotFoundError:
        raise OutFault(f"{path}: there is no plan; cleaner plan INPUT --out FOLDER makes one") from None
    except OSError as error:
        raise OutFault(f"{path}: {disk.why(error)[1]}") from None
    except LogFault as fault:
        raise OutFault(f"{fault}; plan again") from None


def _record(plan: Plan) -> dict[str, Any]:
    record = {name: getattr(plan, name) for name in _FIELDS}
    return {**record, "options": options_record(plan.options)}


_FIELDS = tuple(each.name for each in fields(Plan) if each.name not in ("out", "options"))


def _plan(out: str, head: Mapping[str, Any]) -> Plan:
    try:
        values = {name: head[name] for name in _FIELDS}
        values["roots"] = tuple(values["roots"])
        values["troubles"] = tuple(tuple(each) for each in values["troubles"])
        return Plan(out=out, options=options_from(head["options"]), **values)
    except (KeyError, TypeError) as error:
        raise OutFault(f"{out}: its {out_folder.PLAN} is not of this version ({error}); plan again") from None


def options_record(options: RunOptions) -> dict[str, Any]:
    """Return options as a record, without the number of workers, which each machine chooses."""
    record = asdict(options)
    del record["limits"], record["incremental"]
    return record


def options_from(record: Mapping[str, Any]) -> RunOptions:
    """Return the options of a record."""
    values = {**record, "columns": Columns(**record["columns"]), "export": tuple(record["export"])}
    return RunOptions(limits=Limits(), **values)


def unit_record(unit: PlanUnit, tops: list[str]) -> dict[str, Any]:
    """Return a unit as a line of the plan, and as it is sent to other machines."""
    record: dict[str, Any] = {
        "unit": unit.name,
        "number": unit.number,
        "digest": unit.digest,
        "size": unit.size,
        "jobs": [_job_record(job, tops) for job in unit.jobs],
    }
    return {**record, "cut": asdict(unit.cut)} if unit.cut else record


def unit_from(record: Mapping[str, Any], tops: list[str]) -> PlanUnit:
    """Return the unit of a record. Raises ``LogFault`` if the record is no unit."""
    try:
        cut = record.get("cut")
        return PlanUnit(
            record["unit"],
            record["number"],
            tuple(_job(each, tops) for each in record["jobs"]),
            record["digest"],
            record["size"],
            Cut(**{**cut, "bytes": tuple(tuple(pair) for pair in cut["bytes"])}) if cut else None,
        )
    except (KeyError, TypeError, IndexError) as error:
        raise LogFault(f"no unit of a plan ({error}); plan again") from None


def _job_record(job: Job, tops: list[str]) -> dict[str, Any]:
    """Return the fields of a job that can't be derived from its path inside the input."""
    record: dict[str, Any] = {"source": job.source}
    record |= {"root": job.root} if job.root else {}
    record |= {"id": job.id} if job.id != job.source else {}
    record |= {"clean": job.clean} if job.clean != job.source else {}
    return record | ({"path": job.path} if not _same(job.path, os.path.join(tops[job.root], job.source)) else {})


def _job(record: Mapping[str, Any], tops: list[str]) -> Job:
    source, root = record["source"], record.get("root", 0)
    path = record.get("path") or os.path.join(tops[root], source)
    return Job(record.get("id", source), path, source, root, record.get("clean", source), home_of(tops[root]))


def _same(one: str, other: str) -> bool:
    return one == other if is_remote(one) or is_remote(other) else os.path.abspath(one) == os.path.abspath(other)


def name(identity: str, jobs: Iterable[Job], digest: str, cut: Cut | None) -> str:
    """Return the name of a unit. It changes with every part of the unit."""
    known = hashlib.sha256(f"{identity} {digest} {cut!r}\0".encode())
    for job in jobs:
        known.update(f"{job.id}\0{job.source}\0{job.root}\0{job.clean}\0{job.home}\0".encode("utf-8", "surrogatepass"))
    return known.hexdigest()[:16]
