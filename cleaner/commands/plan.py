"""``cleaner plan`` and ``cleaner gather``: the beginning and the end of a run in shards."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, cleaner_options, colored, echo, make_cleaner, safe
from cleaner.commands.run_options import run_options, size, terminable

if TYPE_CHECKING:
    from cleaner.engines.shards.plan import Plan, PlanUnit
    from cleaner.run.options import RunOptions

SHOWN = 20
"""Units that are named where there may be many."""


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path())
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(), help="Where plan and results go.")
@cleaner_options
@run_options
@click.option(
    "--unit", type=size, default="32M", show_default=True, metavar="SIZE", help="The approximate size of a unit."
)
@click.option("--count-later", is_flag=True, help="Let the shards count what sites repeat: cleaner run --count.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing.")
def plan(
    inputs: tuple[str, ...], out: str, options: RunOptions, unit: int, count_later: bool, quiet: bool, **cleaning: Any
) -> None:
    """Plan a run over many machines: name its units, with the digests of what is in them.

    A unit is a few hundred files, a table, or a range of a large one. The folder --out must be one that all machines
    see, or lie in an object store. There: cleaner run --plan FOLDER --shard 1/4, and last cleaner gather FOLDER.
    """
    made, number = made_plan(make_cleaner(**cleaning), cleaning, inputs, out, options, unit, count_later=count_later)
    if not quiet:
        units = f"{number:,} units" if number != 1 else "1 unit"
        later = " --count" if count_later and made.counted else ""
        click.echo(safe(f"{units} in {out}. Next: cleaner run --plan {out}{later} --shard 1/1"))


def made_plan(
    cleaner: Any,
    cleaning: dict[str, Any],
    inputs: Sequence[str],
    out: str,
    options: RunOptions,
    unit: int,
    *,
    count_later: bool,
) -> tuple[Plan, int]:
    """The plan, written; refuses what a run would refuse."""
    from cleaner.engines.shards import make
    from cleaner.errors import InputFault, OutFault, PoolFault, RemoteFault
    from cleaner.run.inputs import nothing_found, walk
    from cleaner.run.naming import plan as named

    if options.incremental:
        raise Refusal("cleaner: --incremental is not for plans: a unit that is done already is not done again anyway")
    try:
        listing = walk(inputs, out)
        if not listing.found and not listing.troubles:
            raise InputFault(nothing_found(inputs, listing.not_taken))
        make.check(out, listing.roots)
        with terminable():
            return make.make(
                cleaner,
                arguments(cleaning),
                named(listing.found, listing.roots),
                listing,
                out,
                options,
                size=unit,
                count_later=count_later,
            )
    except (InputFault, OutFault, RemoteFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except (PoolFault, OSError) as fault:
        raise click.ClickException(safe(told(fault))) from None


def arguments(cleaning: dict[str, Any]) -> dict[str, Any]:
    """The arguments of ``Cleaner`` for the options of a command."""
    names = {key: [name for few in cleaning[key] for name in few] for key in ("select", "ignore")}
    return {**cleaning, **names}


def told(fault: Exception) -> str:
    """A fault in words."""
    if isinstance(fault, OSError) and fault.filename:
        return f"{fault.filename}: {fault.strerror}"
    return str(fault)


@click.command()
@click.argument("out", type=click.Path())
@click.option("--count", is_flag=True, help="Merge what the shards have counted for each site, before they clean.")
@click.option(
    "--tidy", is_flag=True, help="Delete the plan and what only gathering needs, so that the folder is as after a run."
)
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes, for --count.  [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Report only what went wrong.")
def gather(out: str, count: bool, tidy: bool, workers: int | None, as_json: bool, quiet: bool) -> None:
    """Put together what the shards of a plan have done, or name the units that are missing.

    The results in OUT are then the same bytes as those of one run over all, and cleaner verify OUT proves them.
    """
    from cleaner.commands.run_options import cores
    from cleaner.engines.shards import gather as gathering
    from cleaner.engines.shards import plan as plans
    from cleaner.engines.shards import repeats
    from cleaner.errors import OutFault, PoolFault, WriteFault
    from cleaner.run.pool import Limits

    try:
        found = plans.read(out)
        if count:
            refuse_missing(repeats.merge(found, Limits(workers or cores())), "counted")
            return
        result = gathering.gather(found, tidy=tidy)
    except OutFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except (PoolFault, WriteFault, OSError) as fault:
        raise click.ClickException(safe(told(fault))) from None
    put_together(result, [out], out, as_json=as_json, quiet=quiet)


def put_together(
    result: dict[str, Any] | list[PlanUnit], inputs: Sequence[str], out: str, *, as_json: bool, quiet: bool
) -> None:
    """Show what gathering came to. Exit code 1 if units are missing or articles failed."""
    from cleaner.commands.terminal.text import run_summary
    from cleaner.results import log

    if isinstance(result, list):
        refuse_missing(result, "done")
        return
    if as_json:
        echo(log.dump(result, indent=2))
    elif not quiet:
        for line in run_summary(result, inputs, out, colored(), True):
            click.echo(line, color=True)
    if result["failed"]:
        sys.exit(1)


def refuse_missing(units: Sequence[PlanUnit], what: str) -> None:
    """Name the units that are missing, if any are, and end with exit code 1."""
    if not units:
        return
    for unit in units[:SHOWN]:
        click.echo(safe(f"not {what}: {unit.shown()}"), err=True)
    if len(units) > SHOWN:
        click.echo(f"… and {len(units) - SHOWN:,} more", err=True)
    raise click.ClickException(f"{len(units):,} units are not {what}; nothing was gathered")
