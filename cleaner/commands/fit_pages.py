"""``cleaner fit pages``: fit the judge of pages to pages whose article is known."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import click

from cleaner.commands.options import Refusal, make_cleaner, rules_option, safe
from cleaner.commands.run_options import cores

if TYPE_CHECKING:
    from cleaner.training.page_gold import PageGold
    from cleaner.training.page_trees import Each

AT_ONCE = 8
"""Pages that a worker is handed at once."""


def read_sets(files: Sequence[str], every: int) -> Iterator[PageGold]:
    """The pages of all files; a set goes by the name of its file. Refuses what can't be read."""
    from cleaner.errors import GoldFault
    from cleaner.files import disk
    from cleaner.training.page_gold import read_page_gold

    for path in files:
        name = os.path.basename(path).split(".")[0]
        try:
            for number, line in enumerate(disk.read_lines(path)):
                if number % every == 0:
                    yield read_page_gold(line, name, number + 1)
        except GoldFault as fault:
            raise Refusal(safe(f"cleaner: {fault}")) from None
        except (OSError, UnicodeDecodeError) as fault:
            why = disk.why(fault)[1] if isinstance(fault, OSError) else "not UTF-8"
            raise Refusal(safe(f"cleaner: {path}: {why}")) from None


@contextmanager
def workers(number: int) -> Iterator[Each]:
    """What calls a function for each item: here, or in processes of their own."""
    if number == 1:
        yield map
        return
    from multiprocessing import get_context

    with get_context("spawn").Pool(number) as pool:
        yield partial(pool.imap, chunksize=AT_ONCE)


@click.command("pages")
@click.argument("pages", nargs=-1, required=True, metavar="PAGES...", type=click.Path())
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(), help="Where the models go.")
@click.option(
    "--only",
    type=click.Choice(("full", "fast")),
    help="Fit only the judge with trafilatura, or only the one without it.",
)
@click.option(
    "--worth", multiple=True, type=(str, float), metavar="SET X", help="How much a set counts; the others count 1."
)
@click.option("--wide", multiple=True, metavar="SET", help="A set whose gold includes comments, bylines and captions.")
@click.option("--penalty", type=click.FloatRange(0, min_open=True), help="Of weights.  [default: 60, fast 30]")
@click.option(
    "--trees", type=click.IntRange(1), default=250, show_default=True, help="How many trees take the second look."
)
@click.option("--every", type=click.IntRange(1), default=1, metavar="N", help="Use only every N-th page of a set.")
@click.option("--workers", "number", type=click.IntRange(1, 1024), metavar="N", help="Processes.  [default: cores]")
@rules_option
def fit_pages(
    pages: tuple[str, ...],
    out: str,
    only: Literal["full", "fast"] | None,
    worth: tuple[tuple[str, float], ...],
    wide: tuple[str, ...],
    penalty: float | None,
    trees: int,
    every: int,
    number: int | None,
    rules: tuple[str, ...],
    rules_only: bool,
) -> None:
    """Fit the judge of pages to pages whose article is known.

    PAGES is files of JSON lines, one page a line: id, url, html, and gold (the text of the article) or with and
    without (phrases of it, and of what is around it). A set of pages goes by the name of its file.

    Writes FOLDER/models/page-weights-full.yaml and page-trees-full.json, and the same for `--fast`. Use them with
    --rules FOLDER. The figures are of sites that the judge had not seen; the same pages give the same bytes.
    """
    from cleaner.files import disk
    from cleaner.results import log
    from cleaner.training.page_blocks import MODES, Rules, read_page
    from cleaner.training.page_trees import SETTINGS, second_stage
    from cleaner.training.page_weights import PARTS, PENALTY, Sets, first_stage
    from cleaner.training.provenance import pages_trained_on

    using, sets = Rules(rules, rules_only), Sets(dict(worth), frozenset(wide))
    cleaner = make_cleaner(rules, "body", rules_only=rules_only)
    settings = replace(SETTINGS, trees=trees)
    with workers(number or cores()) as each:
        items = ((using, gold) for gold in read_sets(pages, every))
        rows = [row for row in each(read_page, items) if row]
        sites = len({row.site for row in rows})
        if sites < PARTS:
            raise Refusal(
                f"cleaner: pages of {sites} sites; at least {PARTS} are needed to tell how good the result is"
            )
        click.echo(f"{len(rows):,} pages of {sites:,} sites. This takes minutes.", err=True)
        command = _command(pages, worth, wide, penalty, every)
        for mode in (only,) if only else MODES:
            try:
                first = first_stage(rows, mode, penalty or PENALTY[mode], sets)
            except ValueError as fault:
                raise Refusal(f"cleaner: {fault}") from None
            second = second_stage(rows, first, sets, using, each, settings)
            known = {"penalty": first.penalty, "parts": PARTS, **asdict(settings)}
            origin = pages_trained_on([row.gold for row in rows], sites, cleaner, command, known)
            folder = os.path.join(out, "models")
            disk.write(os.path.join(folder, f"page-weights-{mode}.yaml"), first.yaml(origin).encode())
            text = log.dump({**second.record, "trained_on": origin}) + "\n"
            disk.write(os.path.join(folder, f"page-trees-{mode}.json"), text.encode())
            click.echo(f"{mode}: {len(first.signs)} signs and {trees} trees, in {folder}")
            for line in second.figures:
                click.echo(line)


def _command(
    pages: Sequence[str], worth: Sequence[tuple[str, float]], wide: Sequence[str], penalty: float | None, every: int
) -> str:
    """The call that gives the same models, without the folders of this machine."""
    words = ["cleaner fit pages", *map(os.path.basename, pages)]
    words += [f"--worth {name} {number:g}" for name, number in worth] + [f"--wide {name}" for name in wide]
    words += [f"--penalty {penalty:g}"] if penalty else []
    words += [f"--every {every}"] if every > 1 else []
    return " ".join(words)
