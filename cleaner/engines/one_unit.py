"""What every engine does with a unit: one function, which needs no more than the place of the plan and a line of it.

The workers that clean are kept from one unit to the next, for each thread of an engine's process.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import lru_cache

from cleaner.run.pool import Limits
from cleaner.shards import doing, repeats
from cleaner.shards import plan as plans
from cleaner.shards.doing import Bench, Counting
from cleaner.shards.plan import Plan

_HERE = threading.local()


@dataclass(frozen=True, slots=True)
class Report:
    """What an engine brings back of a unit; ``fault`` says why it is not done. ``again``: it was done before."""

    unit: str
    articles: int = 0
    failed: int = 0
    again: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What an engine calls on the lines of a plan. ``count``: sketch the articles for what sites repeat, no more.

    Raises ``OutFault``, ``WriteFault``, ``PoolFault``, ``OSError``: the engine tries again, perhaps elsewhere.
    """

    plan: str
    timeout: float = 60.0
    count: bool = False

    def __call__(self, line: str) -> Report:
        """Do a unit, unless it is done."""
        plan = _plan(self.plan)
        unit = plans.unit_from(json.loads(line), plan.tops())
        limits = Limits(1, self.timeout)
        try:
            return report(_bench(plan, limits, count=self.count).do(unit))
        except BaseException:
            close()  # workers may still be at it
            raise


def report(told: doing.Told) -> Report:
    """What became of a unit, as engines bring it back."""
    made = told.mark
    return Report(told.unit.name, made.articles if made else 0, made.failed if made else 0, told.again, told.fault)


@lru_cache(maxsize=1)
def _plan(path: str) -> Plan:
    return plans.read(path)


def _bench(plan: Plan, limits: Limits, *, count: bool) -> Bench | Counting:
    """The workers of this thread. Those for another plan, other work, or other counts of sites are ended."""
    known = plan.identity, plan.out, None if count else repeats.digest(plan), limits, count
    if getattr(_HERE, "known", None) != known:
        close()
        _HERE.bench = Counting(plan, limits) if count else Bench(plan, limits)
        _HERE.known = known
    bench: Bench | Counting = _HERE.bench
    return bench


def close() -> None:
    """End the workers of this thread."""
    bench = getattr(_HERE, "bench", None)
    _HERE.bench = _HERE.known = None
    if bench is not None:
        bench.__exit__()
