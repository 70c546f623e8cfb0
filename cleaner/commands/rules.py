"""``cleaner rules``: list and test the rules, and the schema of their files; the rest stands in ``rules_*``."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import (
    Refusal,
    colored,
    complete_names,
    echo,
    folder_option,
    json_option,
    known_language,
    names,
    read_rulebook,
    rules_option,
    safe,
    width,
)
from cleaner.commands.rules_check import check
from cleaner.commands.rules_new import new
from cleaner.commands.rules_sweep import sweep
from cleaner.commands.rules_try import try_pattern
from cleaner.errors import nearest, unknown

if TYPE_CHECKING:
    from cleaner.authoring.examples import Failure
    from cleaner.results.log import Record
    from cleaner.results.summary import Tally
    from cleaner.rulebook.values import Rule, Rulebook


@click.group()
def rules() -> None:
    """List, check, test, try, sweep and begin rules."""


for command in (check, new, sweep, try_pattern):
    rules.add_command(command)


def _chosen(rulebook: Rulebook, names: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that are named; refuses a name that is no rule's."""
    from cleaner.authoring.examples import chosen

    for name in names:
        if not chosen(rulebook, [name]):
            close = nearest(name, [rule.id for rule in rulebook.rules])
            meant = f"did you mean {close}? C" if close else "c"
            raise Refusal(safe(f"cleaner: no rule's id begins with {name!r}; {meant}leaner rules list names them all"))
    return chosen(rulebook, names)


# -- list -----------------------------------------------------------------------------------------------------------


@rules.command("list")
@click.argument("names", nargs=-1, metavar="[ID...]")
@folder_option
@click.option(
    "--category",
    type=names,
    shell_complete=complete_names,
    metavar="NAMES",
    help="List only rules of these categories.",
)
@click.option("--language", metavar="CODE", help="List only rules for this language (or any).")
@click.option("--site", metavar="HOST", help="List only rules for this site.")
@click.option("--stats", metavar="FOLDER", help="Count what each rule removes from the articles in a folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per rule, one per line.")
def list_rules(
    names: tuple[str, ...],
    rules: str | None,
    category: tuple[str, ...] | None,
    language: str | None,
    site: str | None,
    stats: str | None,
    as_json: bool,
) -> None:
    """Name the rules and what they find.

    All are named, or the one with this ID, or those whose id begins so. With --stats, the rules are sorted by the
    characters that the profile default removes by them, with --rules on top of the others. What several rules claim
    counts for the surest.
    """
    from cleaner.article.model import CATEGORIES
    from cleaner.results import log

    for name in category or ():
        if name not in CATEGORIES:
            raise Refusal(safe(f"cleaner: {unknown('category', name, CATEGORIES)}"))
    rulebook, _ = read_rulebook((rules,) if rules else (), only=rules is not None)
    known_language(language, rulebook)
    found = [
        rule
        for rule in _chosen(rulebook, names)
        if (not category or rule.category in category)
        and (not language or (language in rule.languages and not rule.hosts))
        and (not site or any(site == host or site.endswith("." + host) for host in rule.hosts))
    ]
    if not found:
        raise Refusal("cleaner: no rule fits all of that; cleaner rules list names them all")
    tally, failed = _tally(rules, stats) if stats is not None else (None, 0)
    if as_json:
        for rule in found:
            echo(log.dump(_record(rule, tally)))
    elif tally:
        _print_stats(found, tally)
    else:
        _print_list(found)
        if len(found) == len(rulebook.rules):
            echo(f"{_count(found)}. Profiles: {', '.join(sorted(rulebook.profiles))}.")
        else:
            echo(f"{_count(found)} of {len(rulebook.rules):,}.")
    if failed:
        sys.exit(1)


def _count(rules: Sequence[Rule]) -> str:
    from cleaner.commands.terminal.text import count

    return count(len(rules), "rule")


def _record(rule: Rule, tally: Tally | None) -> Record:
    from cleaner.results.summary import Count

    record: Record = {
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
    return record if tally is None else {**record, "removed": tally.rules.get(rule.id, Count()).record()}


def _print_list(found: Sequence[Rule]) -> None:
    from cleaner.article.model import CATEGORIES
    from cleaner.commands.terminal.excerpt import shortened
    from cleaner.commands.terminal.text import BOLD, color_of, paint, table

    for category in CATEGORIES:
        here = [rule for rule in found if rule.category == category]
        if here:
            echo(paint(category, [BOLD, color_of(category)], colored()) + f"  {_count(here)}")
            rows = [
                (f"  {rule.id}", " ".join(rule.hosts or rule.languages), rule.unit, f"{rule.score:g}", rule.about)
                for rule in here
            ]
            for line in table(rows, left=5):
                echo(safe(shortened(line, 0, width()) if width() else line))


def _tally(rules: str | None, folder: str) -> tuple[Tally, int]:
    from cleaner.commands.options import make_cleaner
    from cleaner.commands.reading import each_article
    from cleaner.results.summary import Tally

    cleaner = make_cleaner((rules,) if rules else ())
    tally = Tally()
    _, failed = each_article(folder, lambda id, text, url: tally.add(cleaner.clean(text, id=id, url=url), "", ""))
    return tally, failed


def _print_stats(found: Sequence[Rule], tally: Tally) -> None:
    from cleaner.commands.terminal.text import BOLD, color_of, count, paint, table

    known = {rule.id: rule for rule in found}
    counts = {name: here for name, here in tally.rules.items() if name in known}
    order = sorted(counts, key=lambda name: (-counts[name].characters, name))
    rows = [("Rule", "spans", "characters", "articles")]
    for name in order:
        here = counts[name]
        rows.append((f"  {name}", f"{here.spans:,}", f"{here.characters:,}", f"{here.articles:,}"))
    lines = table(rows)
    echo(paint(lines[0], [BOLD], colored()))
    for name, line in zip(order, lines[1:], strict=True):
        echo(line.replace(name, paint(name, [color_of(known[name].category)], colored()), 1))
    articles = count(tally.done, "article")
    echo(f"{len(order):,} of {count(len(found), 'rule')} removed something from {articles} (profile default).")


# -- test -----------------------------------------------------------------------------------------------------------


@rules.command("test")
@click.argument("names", nargs=-1, metavar="[ID...]")
@rules_option
@json_option
def run_examples(names: tuple[str, ...], rules: tuple[str, ...], rules_only: bool, as_json: bool) -> None:
    """Run the examples of the rules.

    Each rule is run alone and with all the others: all rules (with --rules, all of your own), or the one with this ID,
    or those whose id begins so. A line that does not come out as marked is shown twice: as it was wanted, and as it
    was found.
    """
    from cleaner.authoring import examples
    from cleaner.commands.reading import progress
    from cleaner.commands.terminal.text import count
    from cleaner.results import log

    rulebook, tables = read_rulebook(rules, rules_only)
    names = names or tuple(rule.id for rule in rulebook.rules if rule.own)
    chosen = _chosen(rulebook, names)
    with progress(len(chosen), "rules") as bar:
        failures = examples.check(rulebook, names, lambda rule: bar.update(), tables)
    total = sum(len(rule.removes) + len(rule.keeps) + len(rule.misses) for rule in chosen)
    wrong = len({failure.rule for failure in failures})
    if as_json:
        record: log.Record = {
            "rules": len(chosen),
            "examples": total,
            "failed_rules": wrong,
            "failures": [_failure_record(failure) for failure in failures],
        }
        echo(log.dump(record, indent=2))
    else:
        for failure in failures:
            _print_failure(failure)
        if failures:
            echo(
                f"{count(len(failures), 'example')} of {count(wrong, 'rule')} failed; "
                f"{count(len(chosen) - wrong, 'rule')} hold."
            )
        else:
            echo(f"{count(len(chosen), 'rule')}: all {total:,} examples hold.")
    if failures:
        sys.exit(1)


def _failure_record(failure: Failure) -> Record:
    return {
        "rule": failure.rule,
        "kind": failure.kind,
        "path": failure.path,
        "line": failure.line,
        "message": failure.message,
        "rows": [{"side": side, "text": text} for side, text in failure.rows],
    }


_MARKED = re.compile(r"\[\[.*?\]\]")


def _print_failure(failure: Failure) -> None:
    from cleaner.commands.terminal.text import BOLD, DIM, paint, visible

    color = colored()
    place = visible(f"{failure.path}:{failure.line}: ")
    echo(paint(f"{place}{failure.rule} ({failure.kind}): ", [BOLD], color) + visible(failure.message))
    codes = {"wanted": ["32"], "found": ["31"], "": [DIM]}
    for side, line in failure.rows:
        label = paint(f"{side}:", [*codes[side], BOLD], color) + " " * (7 - len(side)) if side else " " * 8
        body = visible(line)
        if side:
            body = _MARKED.sub(lambda mark, side=side: paint(mark[0], codes[side], color), body)  # type: ignore[misc]
        else:
            body = paint(body, codes[side], color)
        echo(f"    {label}{body}".rstrip())


# -- schema ---------------------------------------------------------------------------------------------------------


@rules.command()
@click.argument("what", type=click.Choice(["rules", "profile"]), default="rules")
def schema(what: str) -> None:
    """Print the JSON Schema of rule files, or of profiles, for editors that complete and check YAML by it."""
    import json

    from cleaner.rulebook.schema import profile_file, rule_file

    echo(json.dumps(profile_file() if what == "profile" else rule_file(), indent=2))
