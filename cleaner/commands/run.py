"""``cleaner run``: clean articles into a folder, or standard input to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, cleaner_options, colored, echo, make_cleaner, safe
from cleaner.commands.progress import Progress
from cleaner.commands.run_options import Terminated, run_options, terminable
from cleaner.commands.run_plan import ENGINES, refuse_beside_engine, refuse_beside_plan, run_all, run_share, shard
from cleaner.commands.stream import Stream, stream

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.run.options import RunOptions

INTERRUPTED, TERMINATED = 130, 143


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=click.Path())
@click.option("--out", type=click.Path(), metavar="FOLDER", help="Where the results go.  [default: out]")
@cleaner_options
@run_options
@click.option(
    "--stdin-format",
    type=click.Choice(["auto", "text", "html", "jsonl"]),
    default="auto",
    show_default=True,
    help="What standard input (-) is; auto recognises it by how it begins.",
)
@click.option("--plan", metavar="FOLDER", help="Work on a plan made by cleaner plan, in place of INPUT.")
@click.option("--shard", type=shard, metavar="N/ALL", help="Which share of the plan: 1/4 is the first of four.")
@click.option("--count", is_flag=True, help="Only count what sites repeat, for a plan with --count-later.")
@click.option("--engine", type=click.Choice(ENGINES), help="What hands out the units of a plan, which is made first.")
@click.option("--cluster", metavar="ADDRESS", help="Where the engine's cluster is.  [default: this machine]")
@click.option("--force", is_flag=True, help="Write into a folder that already holds other things.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
@click.option("--diff", is_flag=True, help="Show what goes from each article, as a unified diff.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, in place of the table.")
@click.option("--quiet", "-q", is_flag=True, help="Show neither bar nor table; failures are still named.")
@click.option("--verbose", "-v", count=True, help="Name the steps and every failure; -vv: every article, too.")
@click.option(
    "--log-file", metavar="FILE", type=click.Path(dir_okay=False), help="Append the progress to FILE, with times."
)
@click.pass_context
def run(
    ctx: click.Context,
    /,
    inputs: tuple[str, ...],
    out: str | None,
    options: RunOptions,
    stdin_format: str,
    plan: str | None,
    shard: tuple[int, int] | None,
    count: bool,
    engine: str | None,
    cluster: str | None,
    force: bool,
    dry_run: bool,
    diff: bool,
    as_json: bool,
    quiet: bool,
    verbose: int,
    log_file: str | None,
    **cleaning: Any,
) -> None:
    """Clean articles: folders, files or globs of texts (.txt, .md, .text), web pages (.html, .htm) and tables
    (.jsonl, .json, .parquet, .arrow, .warc, .wet).

    Writes the clean articles and a log of every removed span to the folder --out. With - for INPUT, a text, a page or
    lines of JSON come from standard input, and the same clean goes to standard output.
    """
    if plan is not None:
        refuse_beside_plan(ctx)
        run_share(plan, shard, options, engine, cluster, count=count, quiet=quiet)
        return
    if shard or count:
        raise click.UsageError("--shard and --count are about a plan: say which, with --plan FOLDER")
    if not inputs:
        raise click.UsageError("Missing argument 'INPUT...'.")
    if diff and as_json:
        raise click.UsageError("--diff and --json both want standard output; choose one")
    if "-" in inputs:
        if len(inputs) > 1 or out is not None:
            raise click.UsageError("- reads standard input and writes standard output: no other INPUT and no --out")
        _refuse_with_stream(ctx)
        if options.as_markdown and (as_json or diff):
            raise click.UsageError("--format markdown, --json and --diff all want standard output; choose one")
        show = "json" if as_json else "diff" if diff else options.format
        wanted = Stream(stdin_format, options.columns, options.most, show, options.kept, options.links, options.figures)
        if not stream(make_cleaner(**cleaning), wanted):
            sys.exit(1)
        return
    if stdin_format != "auto":
        raise click.UsageError("--stdin-format is about standard input: name - for INPUT")
    from cleaner.files.remote import is_remote

    cleaner = make_cleaner(**cleaning)
    if engine or is_remote(out or ""):
        refuse_beside_engine(ctx)
        engine, where = engine or "local", out or "out"
        run_all(cleaner, cleaning, inputs, where, options, engine, cluster, as_json=as_json, quiet=quiet)
        return
    if cluster:
        raise click.UsageError("--cluster is for an engine: say which, with --engine")
    shown = Shown(diff, as_json, quiet, verbose, log_file)
    _folder(cleaner, inputs, out or "out", options, force=force, dry_run=dry_run, shown=shown)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run shows of itself: see the options of these names."""

    diff: bool
    as_json: bool
    quiet: bool
    verbose: int
    log_file: str | None


NOT_FOR_STREAMS: tuple[str, ...] = (
    *(
        "engine",
        "cluster",
        "site",
        "incremental",
        "log_format",
        "export",
        "workers",
        "timeout",
        "log_text",
        "force",
        "dry_run",
        "verbose",
        "log_file",
    ),
)


def _refuse_with_stream(ctx: click.Context) -> None:
    """Options that would do nothing for standard input are refused, not passed over."""
    for option in ctx.command.params:
        given = ctx.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
        if option.name in NOT_FOR_STREAMS and given:
            raise click.UsageError(
                f"{option.opts[0]} is for runs over files; - writes clean text to standard output, in one process and "
                "without logs: save the input to a file and name that, with --out FOLDER"
            )


def _folder(
    cleaner: Cleaner,
    inputs: Sequence[str],
    out: str,
    options: RunOptions,
    *,
    force: bool,
    dry_run: bool,
    shown: Shown,
) -> None:
    from cleaner.commands.terminal.text import count, run_summary, share
    from cleaner.commands.terminal.wishes import unmet
    from cleaner.errors import InputFault, OutFault, PoolFault, WriteFault
    from cleaner.results import log, out_folder
    from cleaner.run import run as runs
    from cleaner.run.inputs import nothing_found, walk
    from cleaner.run.naming import plan
    from cleaner.tables.formats import adapter_name

    try:
        listing = walk(inputs, out)
        if not listing.found and not listing.troubles:
            raise InputFault(nothing_found(inputs, listing.not_taken))
        out_folder.check(out, listing.roots, force=force)
    except (InputFault, OutFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    jobs = plan(listing.found, listing.roots)
    if options.export and not (listing.tables and any(adapter_name(job.path) == "jsonl" for job in jobs)):
        raise Refusal("cleaner: --export dolma writes attributes for documents in JSONL, and none of the input is")
    total = None if listing.tables else len(jobs)
    sizes = _bytes(listing.tables, [job.path for job in jobs])
    with terminable(), _progress(total, shown, sizes) as progress:
        workers = count(options.limits.workers, "worker")
        progress.step(f"{count(len(jobs), 'file')} to clean, {workers}, results in {out}")
        for trouble in listing.troubles:
            progress.failure(trouble.source, trouble.message)
        try:
            summary = runs.run(
                cleaner,
                jobs,
                listing,
                out=None if dry_run else out,
                rules=cleaner.sources_digest(),
                options=options,
                tell=progress.tell,
                counting=progress.counting,
                changes=progress.changes,
                kept_counts=cleaner.counts_digest(),
            )
            removed = share(summary["removed"]["characters"], summary["characters"] or 1)
            progress.step(f"done: {summary['articles']:,} articles, {summary['failed']:,} failed, {removed} removed")
        except OutFault as fault:
            raise Refusal(safe(f"cleaner: {fault}")) from None
        except (WriteFault, PoolFault) as fault:
            raise click.ClickException(safe(str(fault))) from None
        except (KeyboardInterrupt, Terminated) as stop:
            progress.step("stopped by the user; the same command goes on from there")
            click.echo("\nStopped. What is done is kept: the same command goes on from there.", err=True)
            sys.exit(INTERRUPTED if isinstance(stop, KeyboardInterrupt) else TERMINATED)
    for line in unmet(summary.get("css", {}), [wish.name for wish in cleaner.wishes]):
        click.echo(safe(line), err=True)
    if shown.as_json:
        echo(log.dump(summary, indent=2))
    elif not shown.quiet:
        colors = colored() and not shown.diff
        tables = listing.tables and os.path.isdir(os.path.join(out, "removed"))
        for line in run_summary(summary, inputs, None if dry_run else out, colors, tables):
            click.echo(line, err=shown.diff, color=True)
    if summary["failed"]:
        sys.exit(1)


def _progress(total: int | None, shown: Shown, size: int | None) -> Progress:
    try:
        return Progress(
            total, diff=shown.diff, quiet=shown.quiet, verbose=shown.verbose, log_file=shown.log_file, size=size
        )
    except OSError as error:
        raise Refusal(safe(f"cleaner: {shown.log_file}: can't be written: {error.strerror}")) from None


def _bytes(tables: bool, paths: Sequence[str]) -> int | None:
    """How many bytes there are to read, where that tells how long it takes: in tables of plain lines."""
    if not tables or not all(path.lower().endswith((".jsonl", ".ndjson")) for path in paths):
        return None
    try:
        return sum(os.path.getsize(path) for path in paths)
    except OSError:  # somewhere else, or gone
        return None
