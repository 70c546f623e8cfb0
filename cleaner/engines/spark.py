"""Spark: a partition a unit; what an executor that is lost had is done by others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from pyspark.sql import SparkSession

from cleaner.engines.one_unit import Report, Task

TRIES = 4


def each(task: Task, lines: Sequence[str], workers: int, cluster: str | None = None) -> Iterator[Report]:
    """Do all units on a cluster (``spark://host:7077``, ``yarn``), or on this machine with so many processes.

    A session that is there already is used.
    """
    session = SparkSession.getActiveSession()
    made = session is None
    if session is None:
        if not cluster:
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not the first python3 that is found
        builder = SparkSession.builder.appName("cleaner").config("spark.task.maxFailures", TRIES)
        builder = builder.config("spark.ui.enabled", "false") if not cluster else builder
        session = builder.master(cluster or f"local[{workers},{TRIES}]").getOrCreate()
    try:
        context = session.sparkContext
        yield from context.parallelize(list(lines), max(1, len(lines))).map(task).collect()
    finally:
        if made:
            session.stop()
