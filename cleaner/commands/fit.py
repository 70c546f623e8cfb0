"""``cleaner fit``: fit the judge to annotated articles."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, make_cleaner, rules_option, safe

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.model import Article
    from cleaner.training.gold import Gold


def articles_option(command: click.decorators.FC) -> click.decorators.FC:
    """``--articles``."""
    return click.option(
        "--articles",
        type=click.Path(),
        metavar="FOLDER",
        help="The articles that a corrected removed.jsonl is about.",
    )(command)


def read_all(files: Sequence[str], articles: str | None) -> list[Gold]:
    """The gold of all files; refuses what can't be read."""
    from cleaner.errors import GoldFault
    from cleaner.files import disk
    from cleaner.training.gold import read_corrected, read_gold

    found: list[Gold] = []
    for path in files:
        try:
            if articles is None:
                found += read_gold(disk.read_lines(path), path)
            else:
                found += read_corrected(disk.read_lines(path), _texts(articles), path)
        except GoldFault as fault:
            raise Refusal(safe(f"cleaner: {fault}")) from None
        except (OSError, UnicodeDecodeError) as fault:
            why = disk.why(fault)[1] if isinstance(fault, OSError) else "not UTF-8"
            raise Refusal(safe(f"cleaner: {path}: {why}")) from None
    return found


def _texts(folder: str) -> dict[str, str]:
    """The texts of a folder's articles, by the names that a run gives them."""
    from cleaner.errors import DecodeFault, InputFault
    from cleaner.files import disk
    from cleaner.reading.decoding import decode
    from cleaner.run.inputs import walk
    from cleaner.run.naming import plan

    try:
        listing = walk([folder], "")
        return {job.id: decode(disk.read(job.path)).text for job in plan(listing.found, listing.roots)}
    except (InputFault, DecodeFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None


def _read(cleaner: Cleaner, gold: Gold) -> Article:
    return cleaner.pipeline.read(gold.text, id=gold.id, url=gold.url)


@click.command()
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=click.Path())
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(), help="Where the weights go.")
@click.option("--fresh", is_flag=True, help="Learn from GOLD alone, not on top of the judge that is there.")
@articles_option
@rules_option
def fit(
    gold: tuple[str, ...], out: str, fresh: bool, articles: str | None, rules: tuple[str, ...], rules_only: bool
) -> None:
    """Fit the judge to annotated articles.

    GOLD is JSON lines with id, text and spans (start, end, category), and if known lang, url and site. With --articles
    it is a removed.jsonl that you corrected: take lines out, add lines, change categories; every article in the folder
    counts, those without lines as all article.

    Writes FOLDER/models/judge.json and a card beside it. Use them with --rules FOLDER. The figures are of sites that
    the judge had not seen; the same gold gives the same weights.
    """
    from cleaner.files import disk
    from cleaner.pipeline import readable
    from cleaner.results import log
    from cleaner.rulebook.yaml_tree import Source
    from cleaner.training.augmentation import Row
    from cleaner.training.fit_text import FOLDS, fitted
    from cleaner.training.gold import bare, seen
    from cleaner.training.model_card import card, fit_lines

    cleaner = make_cleaner(rules, rules_only=rules_only)
    marked = [seen(each) for each in read_all(gold, articles)]
    sites = len({each.site for each in marked})
    if sites < FOLDS:
        raise Refusal(f"cleaner: gold of {sites} sites; at least {FOLDS} are needed to tell how good the result is")
    rows, bare_rows = (
        [Row(each, article := _read(cleaner, each), readable(cleaner.pipeline.findings(article))) for each in some]
        for some in (marked, [bare(each) for each in marked])
    )
    start = None if fresh or cleaner.weights is None else log.load(cleaner.weights.text)
    click.echo(f"{len(rows):,} articles of {sites:,} sites. Fitting {FOLDS + 1} judges; this takes minutes.", err=True)
    try:
        result = fitted(rows, bare_rows, cleaner.pipeline.profile, start)
    except ValueError as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    text = log.dump(result.record) + "\n"
    folder = os.path.join(out, "models")
    disk.write(os.path.join(folder, "judge.json"), text.encode())
    names = [os.path.basename(path) for path in gold]
    disk.write(os.path.join(folder, "judge.md"), card(result, names, start is not None).encode())
    disk.write(os.path.join(folder, "reliability.svg"), result.plot.encode())
    for line in fit_lines(result, Source(os.path.join(folder, "judge.json"), text)):
        click.echo(line)
