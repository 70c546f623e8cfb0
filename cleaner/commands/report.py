"""``cleaner report``: what a run removed, as one page for a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, echo, safe

if TYPE_CHECKING:
    from cleaner.reporting.gather import FirstLook, SecondLook
    from cleaner.reporting.report import Report, Words
    from cleaner.results.by_article import Place

AROUND = 90
"""Characters that stay which are shown on each side of a removed span."""


@click.command()
@click.argument("out", type=click.Path())
@click.option("--to", metavar="FILE", type=click.Path(), help="Where the page goes.  [default: OUT/report.html]")
@click.option(
    "--tokenizer",
    metavar="FILE|NAME",
    help="Also count tokens: a tokenizer.json (package tokenizers), or the name of an encoding of tiktoken.",
)
def report(out: str, to: str | None, tokenizer: str | None) -> None:
    """Write what a run removed as one page for a browser.

    OUT is a folder that cleaner run has written. The page shows what went by category, site, language and rule, with
    samples in their places, the most doubtful first; sites that are far from the others; articles that lost most;
    errors. It is one file under 2 MB that loads nothing, so that it can be sent to others.
    """
    from cleaner.errors import LogFault, OutFault
    from cleaner.files import disk
    from cleaner.reporting.page import page
    from cleaner.results import out_folder

    path = to or os.path.join(out, out_folder.REPORT)
    try:
        html = page(gathered(out, tokenizer))
    except (OutFault, LogFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except OSError as error:
        raise Refusal(safe(f"cleaner: {error.filename}: {disk.why(error)[1]}")) from None
    try:
        with disk.no_more_open(out_folder.closed(out)):
            disk.write(path, html.encode())
    except OSError as error:
        raise Refusal(safe(f"cleaner: {path}: can't be written: {error.strerror}")) from None
    echo(safe(f"{path}: {len(html.encode()):,} bytes"))


def counter(tokenizer: str) -> Callable[[str], int]:
    """What counts the tokens of a text; refuses a tokenizer that there isn't."""
    try:
        if os.path.isfile(tokenizer):
            from tokenizers import Tokenizer

            made = Tokenizer.from_file(tokenizer)
            return lambda text: len(made.encode(text, add_special_tokens=False).ids)
        import tiktoken

        encoding = tiktoken.get_encoding(tokenizer)
        return lambda text: len(encoding.encode(text, disallowed_special=()))
    except ImportError as error:
        raise Refusal(safe(f"cleaner: --tokenizer {tokenizer}: pip install {error.name}")) from None
    except Exception as error:  # each library has its own kinds: no such name, no file, no network
        raise Refusal(safe(f"cleaner: --tokenizer {tokenizer}: {error}")) from None


def gathered(out: str, tokenizer: str | None = None) -> Report[Place]:
    """The report of a folder of results, in two looks over its logs."""
    from cleaner.commands.reading import watched
    from cleaner.reporting import gather
    from cleaner.reporting.report import Errors, Report
    from cleaner.results import by_article, out_folder
    from cleaner.results.summary import NO_SITE

    summary = out_folder.read_summary(out)
    first: gather.FirstLook[Place] = gather.FirstLook()
    for place, record in watched(by_article.articles(out), summary["articles"], "Counting"):
        first.add(place, record, record.get("site") or NO_SITE)
    _, far = first.site_outliers(NO_SITE)
    second: gather.SecondLook[Place] = gather.SecondLook.of(
        gather.largest(summary.get("rules", {}), "characters", gather.RULES),
        gather.largest(first.languages, "articles", gather.LANGUAGES),
        {*list(far)[: gather.SITES], *gather.largest(first.sites, "articles", gather.SITES + 1)},
    )
    if tokenizer is not None:
        second.tokens = counter(tokenizer)
        second.measured = frozenset(place for _, place in first.counted.items())
    for place, record, spans in watched(by_article.with_spans(out), summary["articles"], "Taking samples"):
        second.add(place, record, record.get("site") or NO_SITE, spans)
    errors = Errors()
    for record in by_article.errors(out):
        errors.add(record)
    texts = _source_texts(out, second)
    words, tokens, contexts = _clean_texts(out, summary, first, second)
    return Report(
        name=os.path.basename(os.path.abspath(out)),
        summary=summary,
        first=first,
        second=second,
        errors=errors,
        words=words,
        contexts=contexts,
        texts=texts,
        no_site=NO_SITE,
        tokens=tokens,
        tokenizer=os.path.basename(tokenizer or ""),
    )


def _clean_texts(
    out: str, summary: dict[str, Any], first: FirstLook[Place], second: SecondLook[Place]
) -> tuple[Words, Words | None, dict[tuple[Place, int], tuple[str, str]]]:
    """The words of the run, its tokens where these are counted, and what stays around each sample."""
    from cleaner.reporting.gather import around
    from cleaner.reporting.report import estimate, estimate_tokens
    from cleaner.results import by_article
    from cleaner.text.words import count_words

    wanted: dict[Place, set[int]] = {}
    for one in second.samples():
        wanted.setdefault(one.place, set()).add(one.at)
    counted = {place for _, place in first.counted.items()}
    words = tokens = characters = read = 0
    contexts: dict[tuple[Place, int], tuple[str, str]] = {}
    for place, text in by_article.clean_texts(out, counted | set(wanted), summary):
        if place in counted:
            read, characters, words = read + 1, characters + len(text), words + count_words(text)
            tokens += second.tokens(text) if second.tokens else 0
        for at in wanted.get(place, ()):
            contexts[place, at] = around(text, at, AROUND)
    told = estimate_tokens(tokens, characters, read, first, second) if second.tokens else None
    return estimate(words, characters, read, first, second), told, contexts


def _source_texts(out: str, second: SecondLook[Place]) -> dict[tuple[Place, int, int], str]:
    """The texts of samples that the log holds by their offsets alone."""
    from cleaner.reporting.gather import shortened
    from cleaner.results import by_article

    wanted: dict[Place, list[tuple[int, int]]] = {}
    for one in second.samples():
        if one.text is None and not one.place.number:
            wanted.setdefault(one.place, []).append((one.start, one.end))
    texts = {}
    for place, spans in wanted.items():
        source = by_article.source_text(out, place)
        for start, end in spans if source is not None else ():
            texts[place, start, end] = shortened(source[start:end]) if source else ""
    return texts
