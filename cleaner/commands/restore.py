"""``cleaner restore``: the input back, from clean text and log."""

from __future__ import annotations

import itertools
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, safe

if TYPE_CHECKING:
    from cleaner.results.entries import Entry


@click.command()
@click.argument("out", type=click.Path())
@click.argument("article", required=False)
@click.option("--all", "all_articles", is_flag=True, help="Show every article of the run.")
@click.option("--to", type=click.Path(), metavar="FOLDER", help="Write files here, under the names of the inputs.")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
def restore(out: str, article: str | None, all_articles: bool, to: str | None, force: bool) -> None:
    """Give back the input of an article, byte for byte, from the clean text and the log.

    OUT is a folder that cleaner run has written; ARTICLE is an id in its articles.jsonl, which is the path inside the
    input. One article goes to standard output unless --to names a folder.
    """
    if all_articles == (article is not None):
        raise click.UsageError("name one ARTICLE, or say --all")
    if all_articles and to is None:
        raise click.UsageError("--all needs --to FOLDER")

    from cleaner.commands.terminal.text import count
    from cleaner.files import disk
    from cleaner.results import entries, out_folder, verify_tables

    restored = failed = 0
    private = ExitStack()
    try:
        summary = out_folder.read_summary(out)
        private.enter_context(disk.no_more_open(out_folder.closed(out)))
        for entry in itertools.chain(entries.entries(out), verify_tables.entries(out, summary, [])):
            if isinstance(entry, entries.Disagreement):
                if all_articles:
                    failed += 1
                    click.echo(safe(f"{entry.name}: {entry.message}"), err=True)
                continue
            if not all_articles and article not in names(entry.record):
                continue
            try:
                _give_back(out, entry, to, force)
                restored += 1
            except (ValueError, LookupError) as fault:
                failed += 1
                click.echo(safe(f"{entry.id}: {fault}"), err=True)
            if not all_articles:
                break
    except ValueError as fault:  # OutFault and LogFault
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(safe(f"{error.filename or to or 'standard output'}: {error.strerror}")) from None
    finally:
        private.close()
    if not restored and not failed and not all_articles:
        raise Refusal(safe(f"cleaner: {out} has no article {article!r}; its articles.jsonl names them"))
    if to is not None and (restored or not failed):
        click.echo(safe(f"{count(restored, 'article')} restored to {to}."))
    if failed:
        sys.exit(1)


def _give_back(out: str, entry: Entry, to: str | None, force: bool) -> None:
    """Writes the input of an article below ``to``, or to standard output. Raises ``ValueError`` or ``LookupError`` if
    clean text and log don't give it back, or if a file is in the way."""
    from cleaner.files import disk
    from cleaner.files.compressed import bare
    from cleaner.reading.decoding import encode
    from cleaner.results import log, verify

    text = verify.restored(out, entry, verify.spans(out, entry))
    if log.sha256(text) != entry.record["sha256"]:
        raise ValueError("clean text and log don't give the input back (its digest is another)")
    data = encode(text, entry.record["encoding"], entry.record["bom"])
    if to is None:
        click.echo(data, nl=False)
        return
    row = entry.record.get("row")
    path = verify.inside(to, bare(entry.id) if row is None else f"{entry.record['source']}/{row}.txt")
    if os.path.lexists(path) and not force:
        raise ValueError(f"{path} is there already; --force replaces it")
    disk.write(path, data)


def names(record: dict[str, Any]) -> tuple[str, ...]:
    """The names by which an article may be asked for."""
    if "row" in record:
        return record["article"], f"{record['source']}:{record['row']}"
    return record["article"], record["clean"]
