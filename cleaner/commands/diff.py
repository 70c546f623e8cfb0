"""``cleaner diff``: what would change between two sets of rules."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import colored, echo, json_option, safe, width

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.authoring.compare import Change, Changed
    from cleaner.commands.reading import Sample
    from cleaner.commands.terminal.excerpt import Excerpt
    from cleaner.results.log import Record

HEADS = {
    "removed": ("Newly removed", "31", "removed by"),
    "kept": ("Newly kept", "32", "was removed by"),
    "renamed": ("Removed as another category", "33", "now removed by"),
}


@dataclass(slots=True)
class _Row:
    """The changes of one kind by one rule."""

    sample: Sample[tuple[Excerpt, Changed]]
    spans: int = 0
    characters: int = 0
    articles: set[str] = field(default_factory=set)


@click.command()
@click.argument("rules_a", metavar="RULES_A")
@click.argument("rules_b", metavar="RULES_B")
@click.argument("folder", type=click.Path())
@click.option(
    "--profile", default="default", metavar="NAME", show_default=True, help="The profile to clean with, in both."
)
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    metavar="N",
    default=2,
    show_default=True,
    help="Spans to show of each rule, drawn at random but the same each time; 0 shows none.",
)
@click.option(
    "--rules-only", is_flag=True, help="Leave out the rules that came with cleaner, and the judge fitted with them."
)
@json_option
def diff(rules_a: str, rules_b: str, folder: str, profile: str, sample: int, rules_only: bool, as_json: bool) -> None:
    """Show what other rules would change.

    The articles in FOLDER are cleaned with RULES_A and with RULES_B. Each is a folder or file of rules, on top of
    those that came with cleaner, or the word default for these alone. The changes are counted span by span, by the
    rule that removes or removed them, with a few shown of each. cleaner run --diff shows whole articles.
    """
    from cleaner.authoring.compare import compare
    from cleaner.commands.reading import Sample, each_article
    from cleaner.commands.terminal.excerpt import excerpt
    from cleaner.results import log

    a, b = (_cleaner(name, profile, rules_only) for name in (rules_a, rules_b))
    found: dict[tuple[Change, str], _Row] = {}
    changed: set[str] = set()

    def look(id: str, text: str, url: str | None) -> None:
        article = a.clean(text, id=id, url=url)
        for change in compare(article, b.clean(text, id=id, url=url)):
            row = found.setdefault((change.change, change.rule), _Row(Sample(sample)))
            row.spans += 1
            row.characters += change.span.end - change.span.start
            row.articles.add(id)
            row.sample.add((excerpt(article.article, change.span), change))
            changed.add(id)

    articles, failed = each_article(folder, look)
    found = dict(sorted(found.items(), key=lambda item: (-item[1].characters, item[0])))
    if as_json:
        echo(log.dump(_record(found, articles, len(changed)), indent=2))
    else:
        _print(found, articles, len(changed))
    if failed:
        sys.exit(1)


def _cleaner(rules: str, profile: str, only: bool) -> Cleaner:
    from cleaner.commands.options import make_cleaner

    return make_cleaner((), profile) if rules == "default" else make_cleaner((rules,), profile, rules_only=only)


def _record(found: dict[tuple[Change, str], _Row], articles: int, changed: int) -> Record:
    return {
        "articles": articles,
        "changed_articles": changed,
        "characters": {change: _sum(found, change, "characters") for change in HEADS},
        "spans": {change: _sum(found, change, "spans") for change in HEADS},
        "rules": [
            {
                "change": change,
                "rule": rule,
                "spans": row.spans,
                "characters": row.characters,
                "articles": len(row.articles),
                "samples": [
                    {**one.record(), "category": span.category, "was": span.before, "is": span.after}
                    for one, span in row.sample.chosen
                ],
            }
            for (change, rule), row in found.items()
        ],
    }


def _sum(found: dict[tuple[Change, str], _Row], change: str, what: str) -> int:
    return sum(int(getattr(row, what)) for (kind, _), row in found.items() if kind == change)


def _print(found: dict[tuple[Change, str], _Row], articles: int, changed: int) -> None:
    from cleaner.commands.terminal.text import BOLD, count, paint, table

    color = colored()
    if not found:
        echo(f"No difference in {count(articles, 'article')}.")
        return
    for change, (head, code, _) in HEADS.items():
        here = {rule: row for (kind, rule), row in found.items() if kind == change}
        if not here:
            continue
        echo(paint(head, [BOLD, code], color))
        rows = [("  rule", "spans", "characters", "articles")]
        for rule, row in here.items():
            rows.append((f"  {rule}", f"{row.spans:,}", f"{row.characters:,}", f"{len(row.articles):,}"))
        for line in table(rows):
            echo(safe(line))
        echo()
        for rule, row in here.items():
            _print_samples(rule, row, change, code if color else "")
    echo(
        f"{changed:,} of {count(articles, 'article')} would change: "
        f"{count(_sum(found, 'removed', 'characters'), 'character')} newly removed, "
        f"{_sum(found, 'kept', 'characters'):,} newly kept, "
        f"{_sum(found, 'renamed', 'characters'):,} as another category."
    )


def _print_samples(rule: str, row: _Row, change: str, color: str) -> None:
    from cleaner.commands.terminal.excerpt import rows
    from cleaner.commands.terminal.text import BOLD, paint

    chosen = row.sample.chosen
    if not chosen:
        return
    more = f", {len(chosen):,} of {row.spans:,}" if len(chosen) < row.spans else ""
    echo(paint(f"{HEADS[change][2]} {rule}{more}", [BOLD], bool(color)))
    for one, span in chosen:
        notes = {"removed": f"was: {span.before}", "kept": f"now: {span.after}"}.get(change, f"was: {span.before}")
        for line in rows(one, max(0, width() - 2), color, notes):
            echo(f"  {line}")
    echo()
