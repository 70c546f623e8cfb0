"""``cleaner rules new``: begin a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.article.model import CATEGORIES
from cleaner.commands.options import Refusal, refusal, safe

if TYPE_CHECKING:
    from cleaner.rulebook.yaml_tree import Source


@click.command()
@click.argument("id")
@click.option("--language", metavar="CODE", default="en", show_default=True, help="The rule's language, or any.")
@click.option(
    "--category", type=click.Choice(CATEGORIES), metavar="NAME", help="The rule's category, where ID does not say it."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="The file that gets the rule.  [default: LANGUAGE/CATEGORY.yaml in --rules]",
)
@click.option(
    "--rules",
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    default="rules",
    show_default=True,
    help="The folder that holds your rules.",
)
def new(id: str, language: str, category: str | None, out: str | None, rules: str) -> None:
    """Begin a rule: a skeleton in the right file.

    The file is made if it is not there. ID is category/name, or a name with --category. Fill in what the skeleton
    leaves to do, then run cleaner rules check and cleaner rules test. A file below sites/ is for the host that it is
    named after.
    """
    from cleaner.authoring.skeleton import added, full_id
    from cleaner.errors import NoPlace, RuleFaults
    from cleaner.files import disk, rule_folders
    from cleaner.rulebook.compile import compile_rules
    from cleaner.rulebook.yaml_tree import Source

    if not re.fullmatch("any|[a-z]{2,3}", language):
        raise click.BadParameter(
            f"{language!r} is not a language code; write two or three small letters such as en, or any",
            param_hint="'--language'",
        )
    try:
        rule, category = full_id(id, category, language)
        path = Path(out) if out is not None else Path(rules) / language / f"{category}.yaml"
        if path.suffix not in (".yaml", ".yml"):
            raise NoPlace(f"{path}: rule files end in .yaml")
        own = _rules_in(Path(rules)) if Path(rules).is_dir() else ()
        there = next(iter(rule_folders.read_own(path)), None) if path.exists() else None
        sources = {Path(source.path).absolute(): source for source in (*own, *([there] if there else []))}
        book = compile_rules(sources.values())
        for known in book.rules:
            if known.id == rule:
                raise NoPlace(f"there is a rule {rule} already, at {known.path}:{known.line}; choose another id")
        text = added(there, str(path), rule, category, language)
        # What would be written must read well, whatever the file looked like.
        compile_rules({**sources, path.absolute(): Source(str(path), text)}.values())
    except NoPlace as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except (RuleFaults, OSError) as fault:
        raise refusal(fault) from None
    try:
        disk.write(str(path), text.encode())
    except OSError as error:
        raise Refusal(safe(f"cleaner: {path}: {error.strerror}")) from None
    line = text[: text.index(f"id: {rule}\n")].count("\n") + 1
    click.echo(safe(f"{path}:{line}: {rule} {'added' if there else 'begun in a new file'}. Fill in each TODO, then:"))
    where = path if out is not None else rules
    click.echo(safe(f"  cleaner rules check {where}\n  cleaner rules test {rule} --rules {where}"))


def _rules_in(folder: Path) -> tuple[Source, ...]:
    from cleaner.files.rule_folders import read_own
    from cleaner.rulebook.compile import is_profile

    return tuple(source for source in read_own(folder) if not is_profile(source.path))
