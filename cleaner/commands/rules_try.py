"""``cleaner rules try``: a pattern on a folder of articles, before there is a rule."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, colored, echo, json_option, known_language, rules_option, safe, width

if TYPE_CHECKING:
    from cleaner.commands.terminal.excerpt import Excerpt
    from cleaner.errors import Fault
    from cleaner.results.log import Record
    from cleaner.rulebook.values import Rule

CLAIMING_SHOWN = 10
FOUND = "32"
"""The colour of what a rule would claim."""


@click.command("try")
@click.argument("pattern")
@click.argument("folder", type=click.Path())
@click.option(
    "--unit",
    type=click.Choice(["match", "sentence", "paragraph"]),
    default="paragraph",
    show_default=True,
    help="What a rule would remove: the match alone, its sentence or its paragraph.",
)
@click.option(
    "--where",
    type=click.Choice(["anywhere", "start", "end", "outer"]),
    default="anywhere",
    show_default=True,
    help="Which part of the article to look at.",
)
@click.option("--language", metavar="CODE", help="Use only articles in this language.")
@click.option("--when", metavar="YAML", help="Conditions as in a rule, such as 'words: ..12, stop: no'.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=10,
    show_default=True,
    help="Matches to show, drawn at random but the same each time; 0 shows all.",
)
@rules_option
@json_option
def try_pattern(
    pattern: str,
    folder: str,
    unit: str,
    where: str,
    language: str | None,
    when: str | None,
    limit: int,
    rules: tuple[str, ...],
    rules_only: bool,
    as_json: bool,
) -> None:
    """Show what a pattern would find in a folder.

    The matches in the articles of FOLDER are shown in context, with the rules that claim them already. The pattern is
    matched as in a rule: folded, in any case, one unit at a time. What a rule would claim stands in colour, or in [[ ]]
    where there are no colours.
    """
    from cleaner.authoring import trial
    from cleaner.commands.options import make_cleaner
    from cleaner.commands.reading import Sample, each_article
    from cleaner.commands.terminal.excerpt import excerpt
    from cleaner.detectors.phrases.detector import Phrases
    from cleaner.errors import RuleFaults
    from cleaner.results import log

    cleaner = make_cleaner(rules, rules_only=rules_only)
    known_language(language, cleaner.rulebook)
    try:
        tried = trial.rule(pattern, unit, where, language or "any", when)
    except RuleFaults as faults:
        raise Refusal(safe("\n".join(map(_told, faults.faults)))) from None
    phrases = Phrases.of([tried])
    sample: Sample[tuple[Excerpt, tuple[str, ...]]] = Sample(limit or sys.maxsize)
    claimed: Counter[str] = Counter()
    found: Counter[str] = Counter()

    def look(id: str, text: str, url: str | None) -> None:
        article = cleaner.pipeline.read(text, id=id, url=url)
        if language and article.language not in (language, "und"):
            return
        found["articles"] += 1
        spans = list(trial.spans(phrases, article))
        for match in trial.matches(spans, cleaner.pipeline.findings(article)) if spans else ():
            found["matches"] += 1
            found["unclaimed"] += not match.claimed
            claimed.update(match.claimed)
            sample.add((excerpt(article, match.span, match.seen), match.claimed))
        found["with matches"] += bool(spans)

    _, failed = each_article(folder, look)
    record: Record = {
        "articles": found["articles"],
        "articles_with_matches": found["with matches"],
        "matches": found["matches"],
        "unclaimed": found["unclaimed"],
        "claimed": dict(claimed.most_common()),
    }
    if as_json:
        shown = [{**one.record(), "rules": list(rules)} for one, rules in sample.chosen]
        echo(log.dump({**_asked(tried, language), **record, "samples": shown}, indent=2))
    else:
        _print(tried, record, sample.chosen)
    if failed:
        sys.exit(1)


def _told(fault: Fault) -> str:
    return f"cleaner: {fault.path}{f', line {fault.line}' if fault.line > 1 else ''}: {fault.message}"


def _asked(tried: Rule, language: str | None) -> Record:
    return {"pattern": tried.any[0], "unit": tried.unit, "where": tried.where, "language": language}


def _print(tried: Rule, record: Record, shown: list[tuple[Excerpt, tuple[str, ...]]]) -> None:
    from cleaner.commands.terminal.excerpt import rows
    from cleaner.commands.terminal.text import BOLD, count, paint, table
    from cleaner.detectors.phrases.detector import always

    if always(tried):
        echo("Slow: this pattern has no letter or sign that must be there, so it is tried on every paragraph.")
    color = colored()
    articles = count(record["articles"], "article")
    if not record["matches"]:
        echo(f"No match in {articles}.")
        return
    head = f"{count(record['matches'], 'match', 'matches')} in {record['articles_with_matches']:,} of {articles}."
    echo(paint(head, [BOLD], color))
    if record["claimed"]:
        claimed = list(record["claimed"].items())
        lines = [(f"  {rule}", f"{number:,}") for rule, number in claimed[:CLAIMING_SHOWN]]
        if len(claimed) > CLAIMING_SHOWN:
            lines.append((f"  {len(claimed) - CLAIMING_SHOWN:,} other rules", "\u2026"))
        echo("Claimed already by:")
        for line in table([*lines, ("  no rule", f"{record['unclaimed']:,}")]):
            echo(safe(line))
    else:
        echo("No rule claims any of them yet.")
    if len(shown) < record["matches"]:
        echo(f"{len(shown):,} of them, at random (--limit 0 shows all):")
    for one, rules in shown:
        echo()
        more = f" and {len(rules) - 2:,} more" if len(rules) > 2 else ""
        notes = f"already {', '.join(rules[:2])}{more}" if rules else "not claimed yet"
        for line in rows(one, width(), FOUND if color else "", notes):
            echo(line)
