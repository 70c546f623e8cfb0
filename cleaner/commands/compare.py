"""``cleaner compare``: whether sites lose other things than they did in an earlier run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, echo, json_option, safe

if TYPE_CHECKING:
    from cleaner.reporting.drift import Counts, Drift

ALL = "(all)"
"""What stands for all articles together."""

SHOWN = 50
"""Changes that are shown; --json has all."""


@click.command()
@click.argument("run1", type=click.Path())
@click.argument("run2", type=click.Path())
@click.option(
    "--level", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="The share of false alarms to accept."
)
@click.option(
    "--least",
    type=click.FloatRange(0, 100),
    default=10,
    show_default=True,
    help="The smallest difference that matters, in percentage points.",
)
@json_option
def compare(run1: str, run2: str, level: float, least: float, as_json: bool) -> None:
    """Name the sites and rules whose removals differ from an earlier run.

    RUN1 and RUN2 are folders that cleaner run has written, from other articles of the same sites. For every site and
    rule the share of articles that lost something is compared: an outlet that has changed its template or its appeal
    comes first. Exit code 1 if anything has changed.
    """
    from cleaner.errors import LogFault, OutFault
    from cleaner.files import disk
    from cleaner.reporting.drift import drifts, only_in
    from cleaner.results import log, out_folder

    try:
        digests = [out_folder.read_summary(out).get("digests", {}).get("rules") for out in (run1, run2)]
        then, now = counted(run1), counted(run2)
    except (OutFault, LogFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except OSError as error:
        raise Refusal(safe(f"cleaner: {error.filename}: {disk.why(error)[1]}")) from None
    found = drifts(then, now, level=level, least=least / 100)
    if as_json:
        record: log.Record = {
            "same_rules": digests[0] == digests[1],
            "drifts": [_record(one) for one in found],
            "new_sites": only_in(now.articles, then.articles),
            "gone_sites": only_in(then.articles, now.articles),
        }
        echo(log.dump(record, indent=2))
    else:
        if digests[0] != digests[1]:
            echo("The runs had different rules: what changed may be due to them.")
        for one in found[:SHOWN]:
            echo(safe(_line(one)))
        if len(found) > SHOWN:
            echo(f"… and {len(found) - SHOWN:,} more; --json has all.")
        echo(f"{len(found):,} changes." if found else "Nothing has changed that can't be chance.")
    sys.exit(1 if found else 0)


def counted(out: str) -> Counts:
    """The counts of a folder of results."""
    from cleaner.commands.reading import watched
    from cleaner.reporting.drift import Counts
    from cleaner.results import by_article, out_folder

    counts = Counts()
    total = out_folder.read_summary(out)["articles"]
    for _, record, spans in watched(by_article.with_spans(out), total, f"Reading {safe(out)}"):
        sites = [ALL] + ([record["site"]] if record.get("site") else [])
        counts.add(sites, {span["rule"] or span["detector"] for span in spans})
    return counts


def _line(one: Drift) -> str:
    then, now = one.shares
    rule = one.rule or "any rule"
    return (
        f"{one.site}  {rule}: {then:.0%} of {one.articles[0]:,} articles then, "
        f"{now:.0%} of {one.articles[1]:,} now (q {one.q:.1g})"
    )


def _record(one: Drift) -> dict[str, object]:
    return {
        "site": one.site,
        "rule": one.rule or None,
        "articles": list(one.articles),
        "touched": list(one.touched),
        "q": one.q,
    }
