"""Counts what the articles of each site repeat in a run in shards: in one place, or unit by unit and then merged.

::

    repeats/<unit>.sqlite   sketches of the articles of a unit
    repeats/counts.sqlite   the counts of all sites
    repeats/sites.json      what they are known by; written last
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from cleaner.engines.shards.plan import SITES, Plan, PlanUnit
from cleaner.engines.shards.unit import inner, publish, scratch
from cleaner.errors import LogFault, OutFault
from cleaner.files import disk, remote, sites_store
from cleaner.files.remote import is_remote
from cleaner.files.sites_store import Stored
from cleaner.results import log, out_folder
from cleaner.run import counting
from cleaner.run.counting import Counted
from cleaner.run.options import RunOptions
from cleaner.run.pool import Attempt, Limits, Pool
from cleaner.run.units import Spool
from cleaner.sites.sample import Wanted

FORMAT = "cleaner-sites"


def _place(plan: Plan, name: str) -> str:
    return os.path.join(plan.out, out_folder.REPEATS, name)


def publish_counts(plan: Plan, folder: str, counted: Counted) -> None:
    """Move the counts of all sites from ``folder`` into place. Raises ``OSError``."""
    name = f"{out_folder.REPEATS}/{counting.COUNTS}"
    os.makedirs(os.path.join(folder, out_folder.REPEATS), exist_ok=True)
    os.replace(counted.path, os.path.join(folder, name))
    publish(plan.out, folder, [name])
    record = {**log.header(FORMAT), "digest": counted.digest(), "sites": dict(sorted(counted.digests.items()))}
    disk.write(_place(plan, SITES), (log.dump(record, indent=1) + "\n").encode())


def counted(plan: Plan) -> Counted | None:
    """Return the path of the counts of all sites, if they exist."""
    path = _place(plan, SITES)
    try:
        record = log.load(disk.read(path).decode(), path)
        log.check_header(record, FORMAT, path)
        return Counted(_place(plan, counting.COUNTS), dict(record["sites"]))
    except FileNotFoundError:
        return None
    except (LogFault, KeyError, ValueError) as fault:
        raise OutFault(f"{path}: {fault}; plan again") from None


def digest(plan: Plan) -> str | None:
    """Return the digest of the counts of all sites; ``None`` if they don't exist yet, or are not wanted."""
    found = counted(plan) if plan.counted else None
    return found.digest() if found else plan.repeats


@contextmanager
def known(plan: Plan) -> Iterator[tuple[Stored | None, str | None]]:
    """Open the counts for the cleaner; the ``with`` block gets them and their digest.

    Raises ``OutFault`` if they don't exist yet.
    """
    if not plan.counted:
        yield None, plan.repeats
        return
    found = counted(plan)
    if found is None:
        raise OutFault(
            f"{plan.out}: what its sites repeat is not counted yet: cleaner run --plan {plan.path} --count, "
            "on each machine with its --shard, and then cleaner gather --count"
        )
    if not is_remote(found.path):
        yield Stored(found.path), found.digest()
        return
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        copy = os.path.join(folder, counting.COUNTS)
        remote.get({found.path: copy})
        yield Stored(copy), found.digest()


@dataclass(frozen=True)
class Sketching:
    """What workers do for any unit of the plan. Units don't influence each other."""

    options: RunOptions

    def __call__(self, attempt: Attempt, mark: Callable[[int], None]) -> list[Any] | None:
        """Sketch some articles: see ``counting.SketchWork``."""
        return counting.SketchWork("", self.options, Wanted())(attempt, mark)


def sketch_unit(plan: Plan, unit: PlanUnit, pool: Pool) -> bool:
    """Sketch the articles of a unit for merging. Returns whether that was still to do. Raises the same errors as
    ``unit.do``."""
    name = f"{out_folder.REPEATS}/{unit.name}.sqlite"
    if disk.exists(os.path.join(plan.out, name)):
        return False
    with scratch(plan) as folder:
        os.mkdir(os.path.join(folder, out_folder.REPEATS))
        spool = Spool(folder, plan.options.most)
        with closing(sites_store.Sketches(os.path.join(folder, name))) as store:
            counting.sketch_units(store, pool, inner(unit, spool, folder), spool.done)
        publish(plan.out, folder, [name])
    return True


def merge(plan: Plan, limits: Limits) -> list[PlanUnit]:
    """Merge the sketches of all units and count the sites. If sketches are missing, return their units and do nothing.

    Raises ``PoolFault``, ``OSError``.
    """
    there = set(disk.below(os.path.join(plan.out, out_folder.REPEATS)))
    missing = [unit for unit in plan.units() if f"{unit.name}.sqlite" not in there]
    if missing:
        return missing
    with ExitStack() as stack:
        folder = stack.enter_context(scratch(plan))
        wanted = Wanted()
        store = stack.enter_context(closing(sites_store.Sketches(os.path.join(folder, counting.SKETCHES))))
        for unit in plan.units():
            path = _place(plan, f"{unit.name}.sqlite")
            if is_remote(path):
                copy = os.path.join(folder, "copy")
                remote.get({path: copy})
                path = copy
            store.add(one for one in sites_store.all_packed(path) if wanted(one[0], one[1]))
        work = counting.SketchWork(folder, plan.options, Wanted())
        pool = stack.enter_context(Pool(work, limits))
        publish_counts(plan, folder, counting.count_sites(folder, store, pool))
    return []
