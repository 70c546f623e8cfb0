"""Engines that hand out the units of a plan: Ray, Spark, Dask, datatrove's executors, and this machine alone.

An engine is a function ``each(task, lines, workers, cluster)``. It calls ``task`` on every line, on any of its
machines, tries again after a failure or the loss of a machine, and yields the reports in any order. Its package is
loaded on first use.
"""
