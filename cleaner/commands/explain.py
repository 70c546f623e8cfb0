"""``cleaner explain``: one article with what was cut from it, and why."""

from __future__ import annotations

import sys
from typing import Any

import click

from cleaner.commands.options import (
    Refusal,
    clean,
    cleaner_options,
    colored,
    echo,
    make_cleaner,
    read_standard_input,
    safe,
    width,
)


@click.command()
@click.argument("file", metavar="FILE|-", type=click.Path())
@cleaner_options
@click.option("--url", help="Where the article stood: brings in the rules of that site.")
@click.option("--all", "everything", is_flag=True, help="Show claims that are far below their thresholds, too.")
@click.option("--html", "as_html", is_flag=True, help="Write one page for a browser to standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with everything that was seen.")
def explain(file: str, url: str | None, everything: bool, as_html: bool, as_json: bool, **options: Any) -> None:
    """Show an article with what is cut from it, and why.

    What is cut is struck and coloured by category; below it stand category, rule, score and reason. What was nearly
    cut is underlined, with the reason why it stays. Where there are no colours, [- -] and [? ?] stand around them.
    """
    if as_html and as_json:
        raise click.UsageError("--html and --json both want standard output; choose one")
    from cleaner.commands.terminal import explain
    from cleaner.errors import CompressionFault, DecodeFault
    from cleaner.files import compressed, disk, sniff
    from cleaner.reading.decoding import Decoded, decode
    from cleaner.results import log
    from cleaner.tables.formats import PAGES
    from cleaner.text import hosts

    cleaner = make_cleaner(**options)
    try:
        data = read_standard_input() if file == "-" else disk.read_article(file, sys.maxsize)
        page = compressed.bare(file).lower().endswith(PAGES) or sniff.is_page(data)
        # Of a page, what spans point into is the text of its blocks.
        read = Decoded("", "utf-8") if page else decode(data)
    except (DecodeFault, CompressionFault) as fault:
        raise Refusal(safe(f"cleaner: {file}: {fault}")) from None
    except IsADirectoryError:
        raise Refusal(safe(f"cleaner: {file}: a folder; name one article in it")) from None
    except FileNotFoundError:
        raise Refusal(safe(f"cleaner: {file}: no such file")) from None
    except OSError as error:
        raise Refusal(safe(f"cleaner: {file}: {disk.why(error)[1]}")) from None
    host = hosts.site(file)
    name = "" if file == "-" else file
    try:
        cleaned = clean(cleaner, data if page else read.text, id=name, url=url or (f"//{host}/" if host else None))
    except DecodeFault as fault:
        raise Refusal(safe(f"cleaner: {file}: {fault}")) from None
    text = cleaned.article.text
    if as_json:
        record: log.Record = {
            "article": name,
            "language": cleaned.article.language,
            "encoding": read.encoding,
            "characters": len(text),
            "text": cleaned.text,
            "notes": list(cleaned.notes),
            "removed": [log.removed_record(name, span) for span in cleaned.removed],
            "kept": [log.kept_record(name, decision, text) for decision in cleaned.kept],
        }
        echo(log.dump(record, indent=2))
        return
    abouts = {rule.id: rule.about for rule in cleaner.rulebook.rules}
    hidden = 0
    if not everything:
        cleaned, hidden = explain.what_matters(cleaned, cleaner.pipeline.profile.thresholds)
    if as_html:
        from cleaner.reporting.explained import page as explained

        echo(explained(cleaned, abouts, hidden).rstrip("\n"))
        return
    for line in explain.explain(cleaned, abouts, explain.Look(width(), colored()), hidden):
        echo(line)
