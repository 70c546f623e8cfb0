"""``cleaner rules``: list, check and test the rules, and the schema of their files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, colored, echo, refusal, rules_option, safe

if TYPE_CHECKING:
    from cleaner.rulebook import Rule, Rulebook


@click.group()
def rules() -> None:
    """Look at the rules, check them, run their examples."""


def _read(folder: str | None) -> Rulebook:
    from cleaner.files import read_rules
    from cleaner.rulebook import compile_rules

    try:
        return compile_rules(read_rules(None if folder is None else Path(folder)))
    except (ValueError, OSError) as fault:
        raise refusal(fault) from None


def _chosen(rulebook: Rulebook, names: Sequence[str]) -> list[Rule]:
    """The rules whose id, or its beginning, is among the names; all if there are no names."""
    for name in names:
        if not any(rule.id.startswith(name) for rule in rulebook.rules):
            raise Refusal(safe(f"cleaner: no rule's id begins with {name!r}; cleaner rules list names them all"))
    return [rule for rule in rulebook.rules if not names or any(rule.id.startswith(name) for name in names)]


@rules.command("list")
@click.argument("names", nargs=-1, metavar="[ID...]")
@rules_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, a rule each.")
def list_rules(names: tuple[str, ...], rules: str | None, as_json: bool) -> None:
    """Name the rules and what they find: all, or those whose id begins with ID (a category, say)."""
    from cleaner import log
    from cleaner.model import CATEGORIES
    from cleaner.show import BOLD, color_of, count, paint, table

    rulebook = _read(rules)
    chosen = _chosen(rulebook, names)
    if as_json:
        for rule in chosen:
            echo(
                log.dump(
                    {
                        "id": rule.id,
                        "category": rule.category,
                        "languages": list(rule.languages),
                        "hosts": list(rule.hosts),
                        "unit": rule.unit,
                        "where": rule.where,
                        "score": rule.score,
                        "about": rule.about,
                        "path": rule.path,
                        "line": rule.line,
                    }
                )
            )
        return
    color = colored()
    for category in CATEGORIES:
        here = [rule for rule in chosen if rule.category == category]
        if here:
            echo(paint(category, [BOLD, color_of(category)], color) + f"  {count(len(here), 'rule')}")
            rows = [
                (f"  {rule.id}", " ".join(rule.hosts or rule.languages), rule.unit, f"{rule.score:g}", rule.about)
                for rule in here
            ]
            for line in table(rows, left=5):
                echo(line)
    if not names:
        echo(f"{count(len(chosen), 'rule')}. Profiles: {', '.join(sorted(rulebook.profiles))}.")


@rules.command()
@rules_option
def check(rules: str | None) -> None:
    """Check all rule files and name every fault with its path and line."""
    from cleaner.show import count

    rulebook = _read(rules)
    slow = [(rule, pattern) for rule in rulebook.rules for pattern in rule.always]
    if slow:
        echo("These patterns can't be searched for all at once and run alone on every paragraph (slow):")
        for rule, pattern in slow:
            echo(safe(f"  {rule.path}:{rule.line}: {rule.id}: {pattern}"))
    files = len({rule.path for rule in rulebook.rules})
    echo(
        f"No faults: {count(len(rulebook.rules), 'rule')} in {count(files, 'file')}, "
        f"{count(len(rulebook.profiles), 'profile')}."
    )


@rules.command("test")
@click.argument("names", nargs=-1, metavar="[ID...]")
@rules_option
def run_examples(names: tuple[str, ...], rules: str | None) -> None:
    """Run the examples of the rules, each rule alone and with all the others."""
    from cleaner import examples
    from cleaner.show import count

    rulebook = _read(rules)
    chosen = _chosen(rulebook, names)
    failures = examples.check(rulebook, names)
    for failure in failures:
        echo(safe(f"{failure.path}:{failure.line}: {failure.rule} ({failure.kind}): {failure.message}"))
        for line in failure.shown.splitlines():
            echo(safe(f"    {line}"))
    if failures:
        wrong = len({failure.rule for failure in failures})
        echo(f"[[ ]] marks what should be found, {examples.MISS_LEFT} {examples.MISS_RIGHT} what was.")
        echo(f"{count(len(failures), 'example')} of {count(wrong, 'rule')} failed; {len(chosen) - wrong:,} rules hold.")
        sys.exit(1)
    total = sum(len(rule.removes) + len(rule.keeps) + len(rule.misses) for rule in chosen)
    echo(f"{count(len(chosen), 'rule')}: all {total:,} examples hold.")


@rules.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors that complete and check YAML by it."""
    import json

    from cleaner.schema import rule_file

    echo(json.dumps(rule_file(), indent=2))
