"""No engine: the workers of this machine do one unit after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cleaner.engines.one_unit import Report, Task, report
from cleaner.engines.shards import plan as plans


def each(task: Task, lines: Sequence[str], workers: int, cluster: str | None = None) -> Iterator[Report]:
    """Do all units here and yield the reports. Raises whatever ``task`` raises."""
    with task.bench(workers) as bench:
        for line in lines:
            yield report(bench.do(plans.unit_from(json.loads(line), bench.plan.tops())))
