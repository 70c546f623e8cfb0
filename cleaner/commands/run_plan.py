"""``cleaner run --plan``, and ``--engine``: the units of a plan done here, or by an engine on many machines."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, safe
from cleaner.commands.plan import made_plan, put_together, refuse_missing, told
from cleaner.commands.run_options import Terminated, terminable

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.engines.one_unit import Report
    from cleaner.engines.shards.plan import Plan
    from cleaner.run.options import RunOptions

ENGINES = ("local", "ray", "spark", "dask")
ALLOWED = ("plan", "shard", "count", "workers", "timeout", "quiet", "engine", "cluster")
"""What may be said beside a plan; all else is in it."""
NOT_FOR_ENGINES = ("incremental", "force", "dry_run", "diff", "verbose", "log_file")
"""What would do nothing there."""


def shard(value: str | tuple[int, int]) -> tuple[int, int]:
    """``2/8``, the second of eight shards: a type of option.

    >>> shard("2/8")
    (2, 8)
    """
    if isinstance(value, tuple):
        return value
    match = re.fullmatch(r"([0-9]+)/([0-9]+)", value.strip())
    number, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= of:
        raise click.BadParameter(f"{value!r} is not a shard; write 1/8 for the first of eight, 8/8 for the last")
    return number, of


def refuse_beside_plan(ctx: click.Context) -> None:
    """Options that the plan has settled already are refused, not passed over."""
    for option in _given(ctx):
        if option.name not in ALLOWED:
            said = option.opts[0] if option.opts[0].startswith("-") else "INPUT"
            raise click.UsageError(f"{said} is settled by the plan; cleaner plan takes it")


def refuse_beside_engine(ctx: click.Context) -> None:
    """Options that would do nothing where units are done apart."""
    for option in _given(ctx):
        if option.name in NOT_FOR_ENGINES:
            raise click.UsageError(f"{option.opts[0]} is for runs into a folder of this machine, without --engine")


def _given(ctx: click.Context) -> Iterator[click.Parameter]:
    for option in ctx.command.params:
        name = option.name or ""
        said = ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if said and ctx.params.get(name) != ():  # to click 8.1 an argument without a value was given, too
            yield option


def run_share(
    path: str,
    part: tuple[int, int] | None,
    options: RunOptions,
    engine: str | None,
    cluster: str | None,
    *,
    count: bool,
    quiet: bool,
) -> None:
    """Do the units of a shard that are not done. Exit code 1 if articles failed, or units could not be done."""
    from cleaner.engines.shards import plan as plans

    with _refusing():
        plan = plans.read(path)
        counts = _do(plan, engine or "local", options, cluster, part, count=count, quiet=quiet)
    counts.end()


def run_all(
    cleaner: Cleaner,
    cleaning: dict[str, Any],
    inputs: Sequence[str],
    out: str,
    options: RunOptions,
    engine: str,
    cluster: str | None,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Plan, do and gather, with an engine. The same command goes on where it was stopped.

    What sites repeat is counted by the cluster, if there is one, else by the workers of this machine.
    """
    from cleaner.engines.shards import gather, repeats, split

    apart = engine != "local" and cluster is not None
    plan, _ = made_plan(cleaner, cleaning, inputs, out, options, split.SIZE, count_later=apart)
    with _refusing():
        if apart and plan.counted and repeats.counted(plan) is None:
            _do(plan, engine, options, cluster, None, count=True, quiet=True)
            refuse_missing(repeats.merge(plan, options.limits), "counted")
        _do(plan, engine, options, cluster, None, count=False, quiet=quiet)
        result = gather.gather(plan)
    put_together(result, inputs, out, as_json=as_json, quiet=quiet)


def _do(
    plan: Plan,
    engine: str,
    options: RunOptions,
    cluster: str | None,
    part: tuple[int, int] | None,
    *,
    count: bool,
    quiet: bool,
) -> Counts:
    from cleaner.engines.one_unit import Task
    from cleaner.engines.shards import doing
    from cleaner.engines.shards import plan as plans
    from cleaner.results import log

    tops = plan.tops()
    lines = [log.dump(plans.unit_record(unit, tops)) for unit in doing.share(plan.units(), *(part or (1, 1)))]
    counts = Counts(len(lines), quiet=quiet)
    task = Task.of(plan, options.limits.timeout, count=count)
    for report in each(engine)(task, lines, options.limits.workers, cluster):
        counts.tell(report)
    return counts


def each(engine: str) -> Callable[..., Iterator[Report]]:
    """The function of an engine. Refuses one whose package is not installed."""
    from importlib import import_module

    try:
        found: Callable[..., Iterator[Report]] = import_module(f"cleaner.engines.{engine}").each
    except ModuleNotFoundError as error:
        raise Refusal(
            f"cleaner: --engine {engine} needs the package {error.name}: pip install 'article-cleaner[{engine}]'"
        ) from None
    return found


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what goes wrong with a plan into messages and exit codes."""
    from cleaner.errors import OutFault, PoolFault, WriteFault

    try:
        with terminable():
            yield
    except OutFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except (WriteFault, PoolFault, OSError) as fault:
        raise click.ClickException(safe(told(fault))) from None
    except (KeyboardInterrupt, Terminated) as stop:
        click.echo("\nStopped. Units that are done are kept: the same command goes on from there.", err=True)
        sys.exit(130 if isinstance(stop, KeyboardInterrupt) else 143)


class Counts:
    """What is said of the units of a share."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._quiet = quiet
        self._total = total
        self._done = self._again = self._articles = self._failed = self._faults = 0

    def tell(self, report: Report) -> None:
        """Hear of a unit."""
        self._done += not report.fault
        self._again += report.again
        self._articles += report.articles
        self._failed += report.failed
        if report.fault:
            self._faults += 1
            click.echo(safe(report.fault), err=True)
        if not self._quiet and sys.stderr.isatty():
            click.echo(f"\r{self._done:,} of {self._total:,} units", nl=self._done == self._total, err=True)

    def end(self) -> None:
        """Say what the share came to, and end with exit code 1 if it isn't all well."""
        if not self._quiet:
            again = f", {self._again:,} of them before" if self._again else ""
            some = self._articles + self._failed
            articles = f": {self._articles:,} articles, {self._failed:,} failed" if some else ""
            click.echo(f"{self._done:,} of {self._total:,} units done{again}{articles}.")
        if self._failed or self._faults:
            sys.exit(1)
