"""datatrove: a pipeline with one step, for its executors on this machine, Slurm or Ray. Each rank does a shard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from datatrove.pipeline.base import PipelineStep
from multiprocess import parent_process

from cleaner.engines.one_unit import Task, close
from cleaner.engines.shards import doing
from cleaner.engines.shards import plan as plans


class DoUnits(PipelineStep):
    """Does the units of a plan: ``LocalPipelineExecutor([DoUnits("s3://bucket/out")], tasks=8).run()``.

    ``plan`` is the folder of the plan; ``count``: only count what sites repeat (see ``cleaner run --count``).
    Afterwards ``cleaner gather``. Statistics: units, articles, failed.
    """

    name = "cleaner: units of a plan"
    type = "✂️ - CLEANER"

    def __init__(self, plan: str, timeout: float = 60.0, count: bool = False) -> None:
        super().__init__()
        self.plan, self.timeout, self.count = plan, timeout, count

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Do the share of a rank. Raises ``RuntimeError`` if a unit could not be done, so that the rank is tried
        again."""
        yield from data or ()
        plan = plans.read(self.plan)
        task = Task.of(plan, self.timeout, count=self.count)
        faults = []
        try:
            for unit in doing.share(plan.units(), rank + 1, world_size):
                with self.track_time():
                    report = task(json.dumps(plans.unit_record(unit, plan.tops())))
                faults += [report.fault] if report.fault else []
                self.stat_update("units")
                self.stat_update("articles", value=report.articles)
                self.stat_update("failed", value=report.failed)
        finally:
            if parent_process() is None:
                close()  # a process of a pool may have more ranks to do, and its workers end with it
        if faults:
            raise RuntimeError("; ".join(faults))
