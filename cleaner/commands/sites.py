"""``cleaner sites``: what the articles of each site repeat, counted, kept, merged, shown and made rules of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cleaner.commands.options import Refusal, echo, json_option, safe
from cleaner.commands.run_options import cores, size

if TYPE_CHECKING:
    from cleaner.sites.counts import Counts
    from cleaner.sites.judged import Judged
    from cleaner.sites.listing import Listed
    from cleaner.sites.sample import Sketch

T = TypeVar("T")
SHOWN = 40
"""Repeats of a site that are shown."""


@click.group()
def sites() -> None:
    """What the articles of each site repeat: count it, keep it, see it, make rules of it."""


@sites.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path())
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(file_okay=False), help="Where the counts go.")
@click.option("--site", metavar="NAME", help="The site of articles whose address and folder name none.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes.  [default: cores]")
@click.option("--max-bytes", type=size, default="100M", show_default=True, help="The largest size of an article.")
@click.option("--text-field", metavar="NAME", help="The field of the text in tables.")
@click.option("--html-field", metavar="NAME", help="The field of a web page in tables.")
@click.option("--url-field", metavar="NAME", help="The field of the address in tables.")
@click.option("--site-field", metavar="NAME", help="The field in tables that names the site, in place of the address.")
@click.option("--date-field", metavar="NAME", help="The field in tables of the day on which an article came out.")
def count(
    inputs: tuple[str, ...],
    out: str,
    site: str | None,
    workers: int | None,
    max_bytes: int,
    text_field: str | None,
    html_field: str | None,
    url_field: str | None,
    site_field: str | None,
    date_field: str | None,
) -> None:
    """Count what the articles of INPUT repeat, site by site, and keep it in a folder.

    What the folder holds already stays and is added to; an article that is counted twice counts once. Of each site it
    keeps the paragraphs of up to 256 articles, the same whatever the order. Use it with cleaner run --repeats FOLDER.
    """
    from cleaner.errors import CountsFault, InputFault, PoolFault
    from cleaner.run.counting import keep
    from cleaner.run.inputs import walk
    from cleaner.run.naming import plan
    from cleaner.run.options import RunOptions
    from cleaner.run.pool import Limits
    from cleaner.tables.base import Columns
    from cleaner.text.hosts import named

    options = RunOptions(
        limits=Limits(workers or cores()),
        most=max_bytes,
        columns=Columns(text_field, None, url_field, html_field, site=site_field, date=date_field),
        site=named(site),
    )
    try:
        listing = walk(inputs, out)
        with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
            number = keep(folder, plan(listing.found, listing.roots), out, options)
    except (InputFault, CountsFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except PoolFault as fault:
        raise click.ClickException(safe(str(fault))) from None
    if not number:
        click.echo(
            "No article names its site: name it with --site, or by folders such as www.example.org/.",
            err=True,
        )
    click.echo(safe(f"{_number_of(number)} in {out}. Use them: cleaner run INPUT --repeats {out}"))


@sites.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=click.Path())
@click.option(
    "--out", required=True, metavar="FOLDER", type=click.Path(file_okay=False), help="Where the merged counts go."
)
def merge(folders: tuple[str, ...], out: str) -> None:
    """Merge counts of several machines or days.

    The result is the same bytes in whatever order, and as if all had been counted at once.
    """
    from cleaner.errors import CountsFault
    from cleaner.files import kept_counts

    try:
        number = kept_counts.merge(folders, out)
    except CountsFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    click.echo(safe(f"{_number_of(number)} in {out}."))


@sites.command()
@click.argument("folder", type=click.Path())
@click.argument("site", required=False)
@json_option
def show(folder: str, site: str | None, as_json: bool) -> None:
    """Show the sites of a folder of counts, or what one SITE repeats and why some of that stays."""
    from cleaner.commands.terminal.text import table, visible
    from cleaner.results import log

    if site is None:
        entries = _guarded(lambda: _index(folder))
        if as_json:
            echo(log.dump({name: entry["articles"] for name, entry in entries.items()}, indent=2))
            return
        for line in table([(name, f"{entry['articles']:,} articles") for name, entry in entries.items()], left=1):
            echo(visible(line))
        return
    told = _guarded(partial(_listed, folder, site))
    articles, found, site = told.counts.articles, told.repeats, told.counts.site
    if as_json:
        rows = [
            {
                "text": one.text,
                "articles": one.repeat.articles,
                "near": one.near,
                "score": one.said.score,
                "against": one.said.against,
            }
            for one in found
        ]
        echo(log.dump({"site": site, "articles": articles, "repeats": rows}, indent=2))
        return
    echo(visible(f"{articles:,} articles of {site} were looked at, each once; {len(found):,} texts repeat."))
    for one in found[:SHOWN]:
        what = f"score {one.said.score:g}" if one.said.score else f"stays: {one.said.against}"
        echo(visible(f"{one.repeat.articles:>6,}  {one.text[:70]}  ({what})"))
    if len(found) > SHOWN:
        echo(f"… and {len(found) - SHOWN:,} more; --json shows all.")


@sites.command()
@click.argument("folder", metavar="FOLDER|GOLD", type=click.Path())
@click.argument("site")
@click.option(
    "--out", metavar="FILE", type=click.Path(dir_okay=False), help="Where the rules go.  [default: standard output]"
)
@click.option(
    "--corrections",
    multiple=True,
    metavar="GOLD",
    type=click.Path(),
    help="What was corrected in cleaner review, or other gold; may be repeated.",
)
def suggest(folder: str, site: str, out: str | None, corrections: tuple[str, ...]) -> None:
    """Propose rules for what a SITE repeats, with examples.

    Read and edit them, and keep them in a folder of your own: mine/sites/SITE.yaml. What the counts leave open, and
    what differs in names, is not proposed. Where pages were counted, elements that hold nothing but what repeats are
    proposed by their names (drop-css), in place of their texts. Of what was corrected (--corrections, or
    corrections.jsonl in place of the folder of counts), nothing is proposed that is article, and what was marked in two
    articles is.
    """
    from cleaner.api import Cleaner
    from cleaner.authoring import examples
    from cleaner.files import disk
    from cleaner.rulebook.compile import compile_rules
    from cleaner.rulebook.yaml_tree import Source
    from cleaner.sites.selectors import selectors
    from cleaner.sites.suggest import rules

    marked = [*corrections, *([folder] if os.path.isfile(folder) else [])]
    judged, sketches = _judged(marked, site)
    told = _guarded(lambda: _listed(folder, site, sketches))
    articles, site = told.counts.articles, told.counts.site
    found = judged.over(told.repeats)
    elements, covered = selectors(told.sample, told.counts)
    cleaner = Cleaner()

    def category(text: str) -> str:
        said = judged.category(text)
        if said is not None:
            return said
        removed = cleaner.clean(text).removed
        return removed[0].category if removed and removed[0].category != "headline" else "other"

    known = dict.fromkeys(one.text for one in found)
    kinds = {text: category(text) for text in known}
    propose = partial(rules, site, found, articles, kinds.__getitem__, elements=elements, covered=covered)
    text = propose()
    if text:
        # What other rules claim as well, or a line of several paragraphs, can't be a rule as it is.
        book = compile_rules((*cleaner.rulebook.sources, Source("suggested/sites/site.yaml", text, own=True)))
        failed = frozenset(failure.rule for failure in examples.check(book, [r.id for r in book.rules if r.own]))
        text = propose(failed)
    if not text:
        raise click.ClickException(safe(f"{site}: nothing that it repeats is sure enough for a rule"))
    if out is None:
        echo(text.rstrip("\n"))
        return
    if os.path.exists(out):
        raise Refusal(safe(f"cleaner: {out}: there is a file of this name; choose another --out"))
    disk.write(out, text.encode("utf-8", "replace"))
    number = f"{text.count('  - id: '):,} rules{_with_elements(len(elements))}"
    click.echo(safe(f"{out}: {number}. Read and edit them, then: cleaner rules check {out}"))


def _number_of(sites: int) -> str:
    return "1 site" if sites == 1 else f"{sites:,} sites"


def _with_elements(number: int) -> str:
    return f" and {number:,} selectors of elements" if number else ""


def _judged(files: list[str], site: str) -> tuple[Judged, list[Sketch]]:
    """What people said of a site's texts, and the sketches of the articles they said it of."""
    from cleaner.commands.fit import read_all
    from cleaner.reading.plain_text import segment
    from cleaner.sites.judged import Judged
    from cleaner.sites.sample import digest, sketch
    from cleaner.text.folding import fold
    from cleaner.text.hosts import named
    from cleaner.training.gold import lines_of

    judged = Judged()
    sketches = []
    for gold in read_all(files, None) if files else ():
        if named(gold.site) == named(site):
            judged.add((fold(line), category) for line, category in lines_of(gold))
            sketches.append(sketch(segment(gold.text), digest(gold.text)))
    return judged, sketches


def _guarded(call: Callable[[], T]) -> T:
    from cleaner.errors import CountsFault

    try:
        return call()
    except CountsFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None


def _index(folder: str) -> dict[str, dict[str, Any]]:
    from cleaner.files import kept_counts

    return kept_counts.index(folder)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of a site: its counts, what repeats, and which of its sketches were looked at."""

    counts: Counts
    repeats: tuple[Listed, ...]
    sample: tuple[Sketch, ...]


def _listed(folder: str, site: str, sketches: list[Sketch] | None = None) -> _Told:
    """The repeats of a site: from a folder of counts, or, where ``folder`` is a file, from ``sketches``."""
    from cleaner.errors import CountsFault
    from cleaner.files import kept_counts
    from cleaner.sites.listing import listed
    from cleaner.text.hosts import named

    name = named(site) or site
    if sketches is not None and os.path.isfile(folder):
        if not sketches:
            raise CountsFault(f"{folder}: nothing in it is about the site {name}")
        return _Told(*listed(name, sketches), tuple(sketches))
    known = kept_counts.index(folder)
    if name not in known:
        near = ", ".join(list(known)[:5])
        raise CountsFault(f"{folder}: no site {name}; there are: {near}{' …' if len(known) > 5 else ''}")
    sample = kept_counts.read(folder, name)
    return _Told(*listed(name, sample), sample)
