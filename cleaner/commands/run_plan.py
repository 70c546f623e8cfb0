"""``cleaner run --plan``: a share of a plan, done here."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, safe
from cleaner.commands.plan import told
from cleaner.commands.run_options import Terminated, terminable

if TYPE_CHECKING:
    from cleaner.run.options import RunOptions
    from cleaner.shards.doing import Told

ALLOWED = ("plan", "shard", "count", "workers", "timeout", "quiet", "engine")
"""What may be said beside a plan; all else is in it."""


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
        raise click.BadParameter(f"{value!r} is no shard; write 1/8 for the first of eight, 8/8 for the last")
    return number, of


def refuse_others(ctx: click.Context) -> None:
    """Options that the plan has settled already are refused, not passed over."""
    for option in ctx.command.params:
        given = ctx.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
        if given and option.name not in ALLOWED:
            said = option.opts[0] if option.opts[0].startswith("-") else "INPUT"
            raise click.UsageError(f"{said} is settled by the plan; cleaner plan takes it")


def run_share(path: str, part: tuple[int, int] | None, options: RunOptions, *, count: bool, quiet: bool) -> None:
    """Do the units of a shard that are not done. Exit code 1 if articles failed, or units could not be done."""
    from cleaner.errors import OutFault, PoolFault, WriteFault
    from cleaner.shards import doing
    from cleaner.shards import plan as plans

    counts = _Counts(quiet)
    try:
        plan = plans.read(path)
        units = doing.share(plan.units(), *(part or (1, 1)))
        counts.total = len(units)
        with terminable():
            (doing.sketch if count else doing.do)(plan, units, options.limits, counts.tell)
    except OutFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except (WriteFault, PoolFault, OSError) as fault:
        raise click.ClickException(safe(told(fault))) from None
    except (KeyboardInterrupt, Terminated) as stop:
        click.echo("\nStopped. Units that are done are kept: the same command goes on from there.", err=True)
        sys.exit(130 if isinstance(stop, KeyboardInterrupt) else 143)
    counts.end()


class _Counts:
    """What is said of a share."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self.total = self._done = self._again = self._articles = self._failed = self._faults = 0

    def tell(self, told: Told) -> None:
        """Hear of a unit."""
        self._done += not told.fault
        self._again += told.again
        if told.fault:
            self._faults += 1
            click.echo(safe(told.fault), err=True)
        if told.mark:
            self._articles += told.mark.articles
            self._failed += told.mark.failed
        if not self._quiet and sys.stderr.isatty():
            click.echo(f"\r{self._done:,} of {self.total:,} units", nl=self._done == self.total, err=True)

    def end(self) -> None:
        """Say what the share came to, and end with exit code 1 if it isn't all well."""
        if not self._quiet:
            again = f", {self._again:,} of them before" if self._again else ""
            articles = (
                f": {self._articles:,} articles, {self._failed:,} failed" if self._articles + self._failed else ""
            )
            click.echo(f"{self._done:,} of {self.total:,} units done{again}{articles}.")
        if self._failed or self._faults:
            sys.exit(1)
