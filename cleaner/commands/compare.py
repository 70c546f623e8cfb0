"""``cleaner compare``: whether sites lose other things than they did in an earlier run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, echo, json_option, safe

if TYPE_CHECKING:
    from cleaner.reporting.drift import Counts, Drift

SHOWN = 50
"""Changes that are shown; --json has all."""

NAMED = 5
"""Sites of one run alone that are named."""


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
    """Name the sites and rules whose removals differ from those of an earlier run.

    RUN1 and RUN2 are folders that cleaner run has written, from other articles of the same sites. For every site and
    rule the share of articles that lost something is compared: an outlet that has changed its template or its appeal
    comes first. The exit code is 1 if anything has changed, 0 if nothing has, 2 if a run can't be read.
    """
    from cleaner.errors import LogFault, OutFault
    from cleaner.files import disk
    from cleaner.reporting.drift import compared, drifts, only_in
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
            "sites_compared": len(compared(then, now)),
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
        for line in _missing(then, now, run1, run2):
            echo(safe(line))
        echo(_end(len(found), len(compared(then, now))))
    sys.exit(1 if found else 0)


def _missing(then: Counts, now: Counts, run1: str, run2: str) -> Iterator[str]:
    """The sites of one run that the other doesn't have."""
    from cleaner.reporting.drift import only_in

    for one, other, run in ((then, now, run1), (now, then, run2)):
        names = only_in(one.articles, other.articles)
        if names:
            more = f" and {len(names) - NAMED:,} more" if names[NAMED:] else ""
            yield f"Only in {run}: {', '.join(names[:NAMED])}{more}."


def _end(changes: int, sites: int) -> str:
    from cleaner.commands.terminal.text import count
    from cleaner.reporting.drift import FEWEST

    if not sites:
        return f"Nothing could be compared: that needs {FEWEST} articles of a site in both runs."
    compared = f"{count(sites, 'site')} compared"
    return f"{count(changes, 'change')}; {compared}." if changes else f"Nothing has changed beyond chance; {compared}."


def counted(out: str) -> Counts:
    """The counts of a folder of results."""
    from cleaner.commands.reading import watched
    from cleaner.reporting.drift import ALL, Counts
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
