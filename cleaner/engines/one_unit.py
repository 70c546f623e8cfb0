"""What every engine does with a unit: one function, which needs only the path of the plan and a line of it.

Each thread of an engine's process keeps its workers from one unit to the next.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass

from cleaner.engines.shards import doing, repeats
from cleaner.engines.shards import plan as plans
from cleaner.engines.shards.doing import Bench
from cleaner.engines.shards.plan import Plan
from cleaner.errors import OutFault
from cleaner.run.pool import Limits

_HERE = threading.local()


@dataclass(frozen=True, slots=True)
class Report:
    """What an engine returns for a unit. ``fault``: why it is not done. ``again``: whether it was done before."""

    unit: str
    articles: int = 0
    failed: int = 0
    again: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What an engine calls on the lines of a plan. ``known``: the digest of the plan. ``counts``: the digest of the
    counts of its sites. A process of a cluster may have seen another plan at the same path.

    ``count``: only sketch the articles, to count what sites repeat. Raises ``OutFault``, ``WriteFault``, ``PoolFault``,
    ``OSError``: the engine tries again, perhaps elsewhere.
    """

    plan: str
    known: str
    counts: str | None
    timeout: float = 60.0
    count: bool = False

    @classmethod
    def of(cls, plan: Plan, timeout: float = 60.0, *, count: bool = False) -> Task:
        """Return the task for all units of a plan. Raises ``OutFault``."""
        return cls(plan.path, plan.digest(), None if count else repeats.digest(plan), timeout, count)

    def __call__(self, line: str) -> Report:
        """Do a unit unless it is done, and return the report."""
        try:
            bench = _bench(self)
            return report(bench.do(plans.unit_from(json.loads(line), bench.plan.tops())))
        except BaseException:
            close()  # workers may still be at it
            raise

    def bench(self, workers: int) -> Bench:
        """Return workers for the units. Raises ``OutFault``, for example if the plan has been replaced."""
        plan = plans.read(self.plan)
        made = Bench(plan, Limits(workers, self.timeout), count=self.count)
        if plan.digest() != self.known or (not self.count and made.repeats != self.counts):
            made.__exit__()
            raise OutFault(f"{self.plan}: planned or counted again meanwhile; the same command goes on from there")
        return made


def report(told: doing.Told) -> Report:
    """Return the report of a unit."""
    made = told.mark
    return Report(told.unit.name, made.articles if made else 0, made.failed if made else 0, told.again, told.fault)


def _bench(task: Task) -> Bench:
    """Return the workers of this thread. Those for another task are ended."""
    if getattr(_HERE, "task", None) != task:
        close()
        _HERE.bench = task.bench(1)
        _HERE.task = task
    bench: Bench = _HERE.bench
    return bench


def close() -> None:
    """End the workers of this thread."""
    bench = getattr(_HERE, "bench", None)
    _HERE.bench = _HERE.task = None
    if bench is not None:
        bench.__exit__()
