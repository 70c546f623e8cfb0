"""Ray: one task per unit. The tasks of a lost node run elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import ray

from cleaner.engines.one_unit import Report, Task
from cleaner.errors import PoolFault

TRIES = 5
WAITING = 4
"""The number of tasks submitted per processor at a time: a plan may have millions."""


def each(task: Task, lines: Sequence[str], workers: int, cluster: str | None = None) -> Iterator[Report]:
    """Do all units on a cluster (``auto``, ``ray://host:port``), or on this machine with ``workers`` processors. Yields
    the reports.

    Raises ``PoolFault`` if Ray does not start.
    """
    if not ray.is_initialized():
        here = {"num_cpus": workers, "include_dashboard": False}
        try:
            ray.init(**({"address": cluster} if cluster else here), log_to_driver=False)
        except Exception as error:  # Ray raises no class of its own
            raise PoolFault(f"Ray does not start: {error}") from None
    call = ray.remote(num_cpus=1, max_retries=TRIES, retry_exceptions=True)(_call)
    most = WAITING * max(1, int(ray.cluster_resources().get("CPU", workers)))
    left = iter(lines)
    waiting = {call.remote(task, line): line for line in islice(left, most)}
    while waiting:
        done, _ = ray.wait(list(waiting))
        for reference in done:
            line = waiting.pop(reference)
            try:
                yield ray.get(reference)
            except ray.exceptions.RayError as error:
                yield Report(line, fault=f"{error}".strip().splitlines()[-1])
            waiting |= {call.remote(task, line): line for line in islice(left, 1)}


def _call(task: Task, line: str) -> Report:
    return task(line)
