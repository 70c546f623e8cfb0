"""``cleaner fit``: fit the models to annotated articles."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from cleaner.commands.fit_pages import fit_pages
from cleaner.commands.options import Refusal, make_cleaner, rules_option, safe

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.article.model import Article
    from cleaner.training.fit_text import Snippet
    from cleaner.training.gold import Gold


def articles_option(command: click.decorators.FC) -> click.decorators.FC:
    """``--articles``."""
    return click.option(
        "--articles",
        type=click.Path(),
        metavar="FOLDER",
        help="The folder of articles that a corrected removed.jsonl is about.",
    )(command)


def read_all(files: Sequence[str], articles: str | None) -> list[Gold]:
    """The gold of all files and folders, without snippets (``.tsv``); refuses what can't be read."""
    from cleaner.errors import GoldFault
    from cleaner.files import disk
    from cleaner.reporting.review.corrections import is_corrections
    from cleaner.training.corrected import read_corrections
    from cleaner.training.gold import read_corrected, read_gold
    from cleaner.training.marked import read_marked

    found: list[Gold] = []
    reviewed: list[str] = []
    for path in gold_files(files):
        try:
            if path.endswith(".jsonl") and is_corrections(next(iter(disk.read_lines(path)), "")):
                reviewed.append(path)
            elif articles is not None:
                found += read_corrected(disk.read_lines(path), _texts(articles), path)
            elif path.removesuffix(".gz").endswith(".marked"):
                found += read_marked(disk.read_lines(path), path)
            elif not path.endswith(SNIPPETS):
                found += read_gold(disk.read_lines(path), path)
        except GoldFault as fault:
            raise Refusal(safe(f"cleaner: {fault}")) from None
        except (OSError, UnicodeDecodeError) as fault:
            why = disk.why(fault)[1] if isinstance(fault, OSError) else "not UTF-8"
            raise Refusal(safe(f"cleaner: {path}: {why}")) from None
    try:  # all at once: several people may have corrected one article
        found += read_corrections((path, disk.read_lines(path)) for path in reviewed)
    except GoldFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    if reviewed and not found:
        raise Refusal(safe(f"cleaner: {', '.join(reviewed)}: nothing was corrected yet"))
    return found


SNIPPETS = ".tsv"
"""Files of paragraphs by themselves: a category (or ``article``), a tab and the text, a line each."""


def gold_files(files: Sequence[str]) -> list[str]:
    """The files named, and those of the folders named: ``.jsonl``, ``.marked``, ``.marked.gz``, ``.tsv``."""
    found = []
    for path in files:
        if os.path.isdir(path):
            inside = sorted(os.listdir(path))
            found += [os.path.join(path, name) for name in inside if _FILE.search(name)]
        else:
            found.append(path)
    return found


_FILE = re.compile(r"\.(jsonl|marked|marked\.gz|tsv)$")


def read_snippets(files: Sequence[str]) -> list[Snippet]:
    """The snippets of all files; refuses lines that aren't a known category, a tab and a text."""
    from cleaner.article.model import CATEGORIES
    from cleaner.files import disk
    from cleaner.training.fit_text import ARTICLE, Snippet

    found = []
    for path in gold_files(files):
        if not path.endswith(SNIPPETS):
            continue
        for number, line in enumerate(disk.read_lines(path), 1):
            category, _, text = line.rstrip("\n").partition("\t")
            if (category not in CATEGORIES and category != ARTICLE) or not text.strip():
                raise Refusal(
                    safe(f"cleaner: {path}:{number}: a snippet is a category (or `article`), a tab and a text")
                )
            found.append(Snippet(category, text))
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


@click.group()
def fit() -> None:
    """Fit the models to annotated articles."""


@fit.command("text")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=click.Path())
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(), help="Where the models go.")
@click.option("--fresh", is_flag=True, help="Learn from GOLD alone, not on top of the existing judge.")
@articles_option
@rules_option
def fit_text(
    gold: tuple[str, ...], out: str, fresh: bool, articles: str | None, rules: tuple[str, ...], rules_only: bool
) -> None:
    """Fit the judge of texts to annotated articles.

    GOLD is files, or folders of them: JSON lines with id, text and spans (start, end, category), and if known lang,
    url and site; what was corrected in cleaner review (corrections.jsonl); articles with marks in them (.marked);
    snippets (.tsv: a category or `article`, a tab, a text). With
    --articles it is a removed.jsonl that you corrected: take lines out, add lines, change categories; every article in
    the folder counts, those without lines as all article.

    Writes FOLDER/models/judge.json, with --fresh also sense.json (the word scores) and a card. Use them with --rules
    FOLDER. The figures are of sites that the judge had not seen; the same gold gives the same bytes.
    """
    from cleaner.files import disk
    from cleaner.reading.plain_text import parted
    from cleaner.results import log
    from cleaner.training.augmentation import Row
    from cleaner.training.fit_text import FOLDS, fitted, further
    from cleaner.training.gold import bare, seen
    from cleaner.training.model_card import card, fit_lines
    from cleaner.training.provenance import trained_on

    cleaner = make_cleaner(rules, rules_only=rules_only)
    marked, snippets = [seen(each) for each in read_all(gold, articles)], read_snippets(gold)
    sites = len({each.site for each in marked})
    if sites < FOLDS:
        raise Refusal(f"cleaner: gold of {sites} sites; at least {FOLDS} are needed to tell how good the result is")

    def rows_of(some: Sequence[Gold]) -> list[Row]:
        read = [cleaner.pipeline.read(each.text, id=each.id, url=each.url) for each in some]
        return [Row(gold, parted(each), cleaner.pipeline.findings(each)) for gold, each in zip(some, read, strict=True)]

    rows = rows_of(marked)
    start = None if fresh else cleaner.weights
    click.echo(f"{len(rows):,} articles of {sites:,} sites. This takes minutes.", err=True)
    say = partial(click.echo, err=True)
    try:
        result = fitted(rows, snippets, say) if start is None else further(rows, start[0].text, start[1].text, say)
    except (ValueError, ImportError) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    folder = os.path.join(out, "models")
    origin = trained_on(marked, snippets, cleaner.rulebook.rules, gold, fresh=start is None)
    for name, record in (("judge.json", result.judge), ("sense.json", result.sense)):
        if record is not None:
            text = log.dump({**record, "trained_on": origin}) + "\n"
            disk.write(os.path.join(folder, name), text.encode())
    profile = cleaner.pipeline.profile
    told = card(result, rows, rows_of([bare(each) for each in marked]), profile, origin)
    disk.write(os.path.join(folder, "judge.md"), told.encode())
    disk.write(os.path.join(folder, "reliability.svg"), result.plot.encode())
    for line in fit_lines(result, rows, profile, folder):
        click.echo(line)


fit.add_command(fit_pages)
