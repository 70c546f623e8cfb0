"""``cleaner rules sweep``: lines of boilerplate put into clean articles, and what else goes."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, cleaner_options, colored, echo, json_option, make_cleaner, safe

if TYPE_CHECKING:
    from cleaner.authoring.sweep import Loss

SHOWN = 3
"""Losses that are shown for each rule."""


@click.command("sweep")
@click.argument("articles", metavar="FOLDER|GOLD", type=click.Path())
@click.option("--line", "given", multiple=True, metavar="TEXT", help="A line to insert; may be repeated.")
@click.option("--lines", metavar="FILE", type=click.Path(), help="A YAML file with a list of lines to insert.")
@click.option(
    "--draw",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Lines for each article, drawn at random but the same each time; 0 takes all.",
)
@cleaner_options
@json_option
def sweep(articles: str, given: tuple[str, ...], lines: str | None, draw: int, as_json: bool, **options: Any) -> None:
    """Find rules that take more than they should.

    FOLDER holds clean articles; or GOLD is a file of annotated ones (JSON lines), and all that is marked is cut first.
    Each line is put before each paragraph and behind the last. What goes of an article besides, and stays without the
    line, is named with the rule or detector that removed it; the exit code is 1 then.

    The lines are those of --line and --lines, or else what the rules' own examples say is removed as a whole line.
    """
    from cleaner.authoring import sweep as sweeping
    from cleaner.results import log

    cleaner = make_cleaner(**options)
    own = [*given, *(_read(lines) if lines else ())]
    losses: list[tuple[str, Loss]] = []
    tried: Counter[str] = Counter()

    def look(id: str, text: str, url: str | None) -> None:
        language = cleaner.pipeline.read(text, id=id, url=url).language
        put = sweeping.drawn(own or sweeping.lines_of(cleaner.rulebook.rules, language), draw, id)
        tried["articles"] += 1
        tried["lines"] += len(put)
        found = sweeping.sweep(text, put, lambda text: cleaner.clean(text, id=id, url=url, language=language))
        losses.extend((id, loss) for loss in found)

    failed = _each(articles, look)
    grouped = sweeping.by_rule(losses)
    if as_json:
        record = {"articles": tried["articles"], "lines": tried["lines"], "losses": [_record(*each) for each in losses]}
        echo(log.dump(record, indent=2))
    else:
        _print(grouped, tried)
    if failed or losses:
        sys.exit(1)


def _each(articles: str, look: Any) -> int:
    """Looks at all articles; how many could not be read."""
    from cleaner.commands.fit import read_all
    from cleaner.commands.reading import each_article, progress
    from cleaner.training.gold import bare

    if not articles.endswith(".jsonl"):
        return each_article(articles, look)[1]
    gold = [bare(each) for each in read_all((articles,), None)]
    with progress(len(gold), "articles") as bar:
        for each in gold:
            look(each.id, each.text, each.url)
            bar.update()
    return 0


def _read(path: str) -> list[str]:
    """The lines of a YAML file: a list of strings."""
    from cleaner.errors import RuleFaults
    from cleaner.files import disk
    from cleaner.rulebook.yaml_tree import Source, parse

    faults: list[Any] = []
    try:
        root = parse(Source(path, disk.read(path).decode("utf-8")), faults)
        found = list(root.strings()) if root is not None else []
    except UnicodeDecodeError:
        raise Refusal(safe(f"cleaner: {path}: not UTF-8")) from None
    except OSError as error:
        raise Refusal(safe(f"cleaner: {path}: {disk.why(error)[1]}")) from None
    if faults:
        raise Refusal(safe(str(RuleFaults(tuple(faults)))))
    return found


def _record(article: str, loss: Loss) -> dict[str, Any]:
    removed = loss.removed
    return {
        "article": article,
        "line": loss.line,
        "position": loss.position,
        "lost": loss.text,
        "rule": removed.rule,
        "detector": removed.detector,
        "category": removed.category,
        "score": removed.score,
        "reason": removed.reason,
    }


def _print(grouped: Any, tried: Counter[str]) -> None:
    from cleaner.commands.terminal.text import BOLD, count, paint

    for name, losses in grouped.items():
        number = len({article for article, _ in losses})
        where = f"{count(len(losses), 'time')} in {count(number, 'article')}"
        echo(paint(safe(f"{name}: {where}"), [BOLD], colored()))
        for article, loss in losses[:SHOWN]:
            echo(safe(f"  {article}, paragraph {loss.position + 1}, with {_short(loss.line)!r}: {_short(loss.text)!r}"))
        if len(losses) > SHOWN:
            echo(f"  and {len(losses) - SHOWN:,} more (--json lists all)")
    total = sum(map(len, grouped.values()))
    summary = f"{count(tried['lines'], 'line')} put into {count(tried['articles'], 'article')}"
    echo(f"{summary}: {count(total, 'time')} something else went." if total else f"{summary}: nothing else went.")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "\u2026"
