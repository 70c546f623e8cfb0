"""Dask: one task per unit. The tasks of a lost worker run elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dask
from distributed import Client, LocalCluster, as_completed

from cleaner.engines.one_unit import Report, Task

TRIES = 5

HERE = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
}
"""On this machine nobody looks at what Dask measures of itself and its processes, up to a hundred times a second."""


def each(task: Task, lines: Sequence[str], workers: int, cluster: str | None = None) -> Iterator[Report]:
    """Do all units on a cluster (``tcp://scheduler:8786``), or on this machine with ``workers`` processes. Yields the
    reports."""
    if cluster:
        with Client(cluster) as client:
            yield from _each(client, task, lines)
        return
    with (
        dask.config.set(HERE),
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, memory_limit=None) as here,
        Client(here) as client,
    ):
        yield from _each(client, task, lines)


def _each(client: Client, task: Task, lines: Sequence[str]) -> Iterator[Report]:
    futures = client.map(task, lines, retries=TRIES, pure=False)
    by = dict(zip((future.key for future in futures), lines, strict=True))
    for future in as_completed(futures):
        error = future.exception()
        yield future.result() if error is None else Report(by[future.key], fault=f"{type(error).__name__}: {error}")
        future.release()
