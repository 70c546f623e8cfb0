"""Spark: one partition per unit. Others do the units of a lost executor."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from cleaner.engines.one_unit import Report, Task

TRIES = 4

HERE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""Options of Java on a single machine. It only hands out lines there, so optimising its code would take longer than it
saves."""


def each(task: Task, lines: Sequence[str], workers: int, cluster: str | None = None) -> Iterator[Report]:
    """Do all units on a cluster (``spark://host:7077``, ``yarn``), or on this machine with ``workers`` processes.
    Yields the reports.

    An existing session is used.
    """
    session = SparkSession.getActiveSession()
    if session is not None:
        yield from _each(session.sparkContext, task, lines)
        return
    made = SparkConf().setAppName("cleaner").setMaster(cluster or f"local[{workers},{TRIES}]")
    made.set("spark.task.maxFailures", str(TRIES))
    if not cluster:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not the first python3 that is found
        made.setAll(list(HERE.items()))
    with SparkContext(conf=made) as context:
        yield from _each(context, task, lines)


def _each(context: SparkContext, task: Task, lines: Sequence[str]) -> list[Report]:
    reports: list[Report] = context.parallelize(list(lines), max(1, len(lines))).map(task).collect()
    return reports
