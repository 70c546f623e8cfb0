"""Engines that hand out the units of a plan: Ray, Spark, Dask, datatrove's executors, and this machine alone.

An engine is a function ``each(task, lines, workers, cluster)``: it calls ``task`` on every line, on whatever machines
it has, again where that fails or a machine is lost, and yields what comes back in any order. Its package is loaded when
it is asked for.
"""
