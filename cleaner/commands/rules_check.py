"""``cleaner rules check``: faults in rule files, and what is odd about rules without faults."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, colored, echo, folder_option, json_option, refusal, safe

if TYPE_CHECKING:
    from cleaner.authoring.lint import Remark
    from cleaner.prepared import Tables
    from cleaner.results.log import Record
    from cleaner.rulebook.values import Rule, Rulebook

HEADS = {
    "unfinished": "Unfinished:",
    "misplaced": "Not where or named as by rules/README.md:",
    "unproven": "Unproven: patterns that none of the rule's own examples shows at work:",
    "slow": "Slow: patterns without a letter or sign that must be there, so they are tried on every paragraph:",
    "shadowed": "Shadowed: another rule of the category finds all their examples, with at least their score:",
    "idle": "Without effect: the same would go without them:",
}


@click.command()
@click.argument("folder", required=False, type=click.Path())
@folder_option
@click.option("--on", metavar="FOLDER", help="Also name the rules that have no effect on the articles in this folder.")
@click.option("--pump", is_flag=True, help="Also test whether shipped rules could hang.")
@json_option
def check(folder: str | None, rules: str | None, on: str | None, pump: bool, as_json: bool) -> None:
    """Find faults and oddities in rule files.

    FOLDER holds rules of your own; without it the rules that came with cleaner are checked. Every fault is named with
    its path and line, and the exit code is 2. A fault is also a pattern that could hang: it is tried on texts made of
    its own parts, again and again, and its time may not grow faster than the text. (Of shipped rules this takes
    minutes; it is done with --pump.) What is odd is for you to judge, and the exit code is 0: rules that are
    unfinished, not where they belong, unproven, slow, or shadowed by others.
    """
    from cleaner.authoring.lint import remarks
    from cleaner.commands.reading import progress
    from cleaner.errors import RuleFaults
    from cleaner.results import log

    if folder is not None and rules is not None:
        raise click.UsageError("FOLDER and --rules mean the same; give one of them")
    folder = folder or rules
    try:
        rulebook, tables = _read(folder)
        checked = _checked(rulebook, folder)
        if folder is not None or pump:
            _pump(rulebook, checked)
    except RuleFaults as faults:
        if not as_json:
            raise refusal(faults) from None
        found = [{"path": fault.path, "line": fault.line, "message": fault.message} for fault in faults.faults]
        echo(log.dump({"faults": found}, indent=2))
        sys.exit(2)
    except (ValueError, OSError) as fault:
        raise refusal(fault) from None
    root, own = ("rules", False) if folder is None else (folder, True)
    with progress(len(checked), "rules") as bar:
        told = remarks(rulebook, root, lambda rule: bar.update(), own=own, keep=tables)
    failed = 0
    unasked = 0
    if on is not None:
        idle, unasked, failed = _idle(folder, on)
        told += idle
    if as_json:
        echo(log.dump(_record(rulebook, checked, told, on is not None, unasked), indent=2))
    else:
        _print(rulebook, checked, told, on, unasked)
    if failed:
        sys.exit(1)


def _read(folder: str | None) -> tuple[Rulebook, Tables]:
    from cleaner.files.rule_folders import read_rules
    from cleaner.prepared import rulebook

    return rulebook(read_rules(() if folder is None else (Path(folder),)))


def _pump(rulebook: Rulebook, rules: Sequence[Rule]) -> None:
    """Raises ``RuleFaults`` for patterns that could hang."""
    from cleaner.authoring.pumping import faults
    from cleaner.commands.reading import progress
    from cleaner.errors import RuleFaults

    with progress(len(rules), "rules") as bar:
        found = faults(rules, rulebook.sources, lambda rule: bar.update())
    if found:
        raise RuleFaults(found)


def _checked(rulebook: Rulebook, folder: str | None) -> list[Rule]:
    """The rules that are looked at: those of the folder, or of all."""
    return [rule for rule in rulebook.rules if rule.own or folder is None]


def _idle(folder: str | None, on: str) -> tuple[list[Remark], int, int]:
    """The rules without effect on a folder, the number of those that no article there asks, and of failed articles."""
    from cleaner.authoring.effects import effect
    from cleaner.authoring.lint import Remark
    from cleaner.commands.options import make_cleaner
    from cleaner.commands.reading import each_article

    cleaner = make_cleaner(() if folder is None else (folder,))
    checked = _checked(cleaner.rulebook, folder)
    neighbourly = {rule.id for rule in cleaner.rulebook.rules if rule.when.beside or rule.when.between}
    asked: set[str] = set()
    claiming: set[str] = set()
    needed: set[str] = set()

    def look(id: str, text: str, url: str | None) -> None:
        article = cleaner.pipeline.read(text, id=id, url=url)
        if not article.paragraphs:
            return
        here = effect(article, cleaner.pipeline.findings(article), cleaner.pipeline.profile, neighbourly)
        asked.update(rule.id for rule in cleaner.pipeline.rules_for(article.language, article.url).rules)
        claiming.update(here.claiming)
        needed.update(here.needed)

    articles, failed = each_article(on, look)
    if articles == failed:
        raise Refusal(safe(f"cleaner: {on}: none of its articles could be read"))
    found = []
    for rule in checked:
        if rule.id in asked and rule.id not in needed:
            message = "what it finds goes, or stays, without it" if rule.id in claiming else "finds nothing"
            found.append(Remark("idle", rule.path, rule.line, rule.id, message))
    return sorted(found), sum(rule.id not in asked for rule in checked), failed


def _record(rulebook: Rulebook, checked: Sequence[Rule], told: Sequence[Remark], on: bool, unasked: int) -> Record:
    record: Record = {
        "faults": [],
        "rules": len(checked),
        "files": len({rule.path for rule in checked}),
        "profiles": sorted(rulebook.profiles),
        "remarks": [
            {
                "kind": remark.kind,
                "rule": remark.rule,
                "path": remark.path,
                "line": remark.line,
                "message": remark.message,
                "others": list(remark.others),
            }
            for remark in told
        ],
    }
    return {**record, "not_asked": unasked} if on else record


def _print(rulebook: Rulebook, checked: Sequence[Rule], told: Sequence[Remark], on: str | None, unasked: int) -> None:
    from cleaner.commands.terminal.text import BOLD, count, paint

    for kind, head in HEADS.items():
        here = [remark for remark in told if remark.kind == kind]
        if here:
            echo(paint(head, [BOLD, "33"], colored()))
            for remark in here:
                echo(safe(f"  {remark.path}:{remark.line}: {remark.rule}: {remark.message}"))
    if on is not None and unasked:
        are = "is for a language or site" if unasked == 1 else "are for languages or sites"
        echo(f"{count(unasked, 'rule')} {are} of which {safe(on)} has no article.")
    counted = [(kind, sum(remark.kind == kind for remark in told)) for kind in HEADS]
    summary = ", ".join(f"{number:,} {kind}" for kind, number in counted if number)
    files = len({rule.path for rule in checked})
    echo(
        f"No faults: {count(len(checked), 'rule')} in {count(files, 'file')}, "
        f"{count(len(rulebook.profiles), 'profile')}." + (f" To look at: {summary}." if summary else "")
    )
