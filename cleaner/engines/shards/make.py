"""Makes a plan: lists the inputs, divides the jobs into units, and counts what sites repeat, if requested."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import Any

from cleaner.api import Cleaner
from cleaner.engines.shards import plan as plans
from cleaner.engines.shards import recipe, repeats, split, unit
from cleaner.engines.shards.plan import Plan
from cleaner.errors import OutFault
from cleaner.files import disk
from cleaner.files.remote import is_remote
from cleaner.results import out_folder
from cleaner.run import counting, one_article, run
from cleaner.run.inputs import Listing
from cleaner.run.naming import Job
from cleaner.run.options import RunOptions
from cleaner.sites.counts import ENOUGH


def check(out: str, inputs: list[str]) -> None:
    """Raise ``OutFault`` unless a plan may be written to ``out``: it is absent, empty, or holds an earlier plan."""
    if is_remote(out):
        if any(given.rstrip("/") == out.rstrip("/") for given in inputs):
            raise OutFault(f"{out}: the results can't go into the folder that the articles come from; choose another")
        if disk.exists(os.path.join(out, out_folder.SUMMARY)) and not disk.exists(os.path.join(out, out_folder.PLAN)):
            raise OutFault(f"{out}: holds the results of a run; choose another --out")
        return
    out_folder.check(out, inputs, force=True)
    if os.path.isdir(out) and os.listdir(out) and not os.path.exists(os.path.join(out, out_folder.PLAN)):
        raise OutFault(f"{out}: holds other things, or the results of a run without a plan; choose another --out")


def make(
    cleaner: Cleaner,
    cleaning: Mapping[str, Any],
    jobs: Collection[Job],
    listing: Listing,
    out: str,
    options: RunOptions,
    *,
    size: int = split.SIZE,
    count_later: bool = False,
    counting_tells: Callable[[int], None] = lambda articles: None,
) -> tuple[Plan, int]:
    """Write a plan into ``out``. Returns it and its number of units.

    ``cleaning``: the arguments of ``Cleaner``. ``size``: the approximate size of a unit in bytes. ``count_later``:
    leave counting what sites repeat to the shards. Raises ``OutFault``, ``PoolFault`` or ``OSError``.
    """
    rules = cleaner.sources_digest()
    counted = options.repeats == "on" and (len(listing.found) >= ENOUGH or listing.tables)
    plan = Plan(
        out=out if is_remote(out) else os.path.abspath(out),
        identity=run.identity(rules, options, listing, cleaner.counts_digest()),
        roots=tuple(run.seen_from(out, root) for root in listing.roots),
        recipe=recipe.recipe(cleaning),
        options=options,
        rules=rules,
        versions=one_article.versions(),
        repeats=cleaner.counts_digest(),
        counted=counted,
        troubles=tuple((trouble.source, trouble.kind, trouble.message) for trouble in listing.troubles),
        not_taken=run.not_taken(listing),
        closed=listing.closed,
    )
    with disk.no_more_open(listing.closed):
        if not is_remote(out):
            os.makedirs(out, exist_ok=True)
        number = plans.write(plan, split.units(plan.identity, jobs, options.most, size))
        if counted and not count_later:
            with unit.scratch(plan) as folder:
                found = counting.sketch_all(folder, jobs, options, counting_tells)
                repeats.publish_counts(plan, folder, found)
    return plan, number
