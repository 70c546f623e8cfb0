"""No engine: the units one after the other, each by the workers of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cleaner.engines.one_unit import Report, Task, report
from cleaner.run.pool import Limits
from cleaner.shards import plan as plans
from cleaner.shards.doing import Bench, Counting


def each(task: Task, lines: Sequence[str], workers: int, cluster: str | None = None) -> Iterator[Report]:
    """Do all units here. Raises what ``task`` raises."""
    plan = plans.read(task.plan)
    units = (plans.unit_from(json.loads(line), plan.tops()) for line in lines)
    limits = Limits(workers, task.timeout)
    with Counting(plan, limits) if task.count else Bench(plan, limits) as bench:
        for unit in units:
            yield report(bench.do(unit))
