"""What several commands share: options, the refusal of wrong ones, and how to write to the terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from cleaner.article.model import CATEGORIES

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.article.model import Cleaned
    from cleaner.prepared import Tables
    from cleaner.results.summary import Met
    from cleaner.rulebook.values import Rulebook

Command = TypeVar("Command", bound=Callable[..., Any])

WIDEST = 100
"""Columns of the widest lines that are read with ease."""


class Refusal(click.ClickException):
    """Rules, options or input are wrong: the message, and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Write the message to standard error as it is: lines of ``path:line: what is wrong`` are for editors too."""
        click.echo(self.message, file=file, err=True)


def names(value: str | Iterable[str]) -> tuple[str, ...]:
    """The names in a value of an option: a type of option. It takes commas between them, or a list from a file.

    >>> names("byline, headline,")
    ('byline', 'headline')
    """
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(name.strip() for name in parts if name.strip())


def complete_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The categories that begin like the last name."""
    before, comma, last = incomplete.rpartition(",")
    return [CompletionItem(before + comma + name) for name in CATEGORIES if name.startswith(last)]


def known_language(code: str | None, rulebook: Rulebook) -> None:
    """Refuses a language code that there isn't."""
    from cleaner.text.language import checked

    try:
        if code not in (None, "any"):
            checked(code or "", {name for rule in rulebook.rules for name in rule.languages})
    except ValueError as fault:
        raise refusal(fault) from None


def folder_option(command: Command) -> Command:
    """``--rules`` of a command that is about the rules of one folder."""
    return click.option(
        "--rules",
        type=click.Path(),
        metavar="FOLDER",
        help="Your own rules in this folder (or one YAML file), in place of those that came with cleaner.",
    )(command)


def rules_option(command: Command) -> Command:
    """``--rules`` and ``--rules-only``."""
    command = click.option(
        "--rules-only", is_flag=True, help="Leave out the rules that came with cleaner, and the judge fitted with them."
    )(command)
    return click.option(
        "--rules",
        type=click.Path(),
        multiple=True,
        metavar="FOLDER",
        help="Rules of your own, on top of those that came with cleaner: a folder or one YAML file; may be repeated.",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="The result as JSON.")(command)


def read_rulebook(folders: Sequence[str] = (), only: bool = False) -> tuple[Rulebook, Tables]:
    """The rules that came with cleaner and those of folders, or (``only``) the latter, and what is kept about them;
    refuses faulty ones."""
    from cleaner.files.rule_folders import read_rules
    from cleaner.prepared import rulebook

    try:
        return rulebook(read_rules(tuple(map(Path, folders)), only=only))
    except (ValueError, OSError) as fault:
        raise refusal(fault) from None


def cleaner_options(command: Command) -> Command:
    """The options that say how to clean."""
    for option in (
        click.option(
            "--drop-css",
            multiple=True,
            metavar="SELECTOR",
            help="What these CSS selectors match goes from pages: 'aside' is a tag, '.promo' a class.",
        ),
        click.option(
            "--keep-css",
            multiple=True,
            metavar="SELECTOR",
            help="What these match stays, whatever else is seen; may be repeated.",
        ),
        click.option(
            "--only",
            type=click.Choice(["articles"]),
            help="Leave nothing of pages that are not articles (lists of links, consent walls, error pages, stubs).",
        ),
        click.option(
            "--full", is_flag=True, help="Ask trafilatura about every web page: slower, a little better on some pages."
        ),
        click.option(
            "--fast", is_flag=True, help="Judge web pages by their markup alone: faster, a little less accurate."
        ),
        click.option(
            "--language",
            metavar="CODE",
            help="The language of all articles (en, de …), in place of detection.",
        ),
        click.option(
            "--ignore",
            type=names,
            shell_complete=complete_names,
            multiple=True,
            metavar="NAMES",
            help="All except these.",
        ),
        click.option(
            "--select",
            type=names,
            shell_complete=complete_names,
            multiple=True,
            metavar="NAMES",
            help="Use only these categories or rules, separated by commas; may be repeated.",
        ),
        click.option(
            "--precision",
            type=click.Choice(["careful", "default", "thorough"]),
            default="default",
            show_default=True,
            help="How sure to be before something goes.",
        ),
        click.option(
            "--profile",
            default="default",
            metavar="NAME",
            show_default=True,
            help="What to do with each category, and at what score.",
        ),
    ):
        command = option(command)
    return rules_option(command)


def make_cleaner(
    rules: Sequence[str] = (),
    profile: str = "default",
    select: Iterable[tuple[str, ...]] = (),
    ignore: Iterable[tuple[str, ...]] = (),
    language: str | None = None,
    precision: str = "default",
    fast: bool = False,
    full: bool = False,
    rules_only: bool = False,
    repeats: str | None = None,
    keep_css: Sequence[str] = (),
    drop_css: Sequence[str] = (),
    only: str | None = None,
) -> Cleaner:
    """The cleaner that the options describe; refuses wrong ones, and says what goes without the shipped rules."""
    from cleaner.api import Cleaner

    try:
        cleaner = Cleaner(
            rules,
            profile,
            rules_only=rules_only,
            language=language,
            precision=precision,
            select=[name for names in select for name in names],
            ignore=[name for names in ignore for name in names],
            fast=fast,
            full=full,
            repeats=repeats,
            keep_css=keep_css,
            drop_css=drop_css,
            only=only,
        )
    except (ValueError, OSError) as fault:
        raise refusal(fault) from None
    if rules_only:
        click.echo(_missing(cleaner), err=True)
    return cleaner


_ID = re.compile(r"^ *- id:", re.MULTILINE)


def _missing(cleaner: Cleaner) -> str:
    """What a cleaner lacks that has only the user's own rules."""
    from cleaner.commands.terminal.text import count
    from cleaner.files.rule_folders import read_rules

    shipped = sum(len(_ID.findall(source.text)) for source in read_rules())  # to read them as rules takes long
    without = f"{count(shipped, 'rule')} that came with cleaner"
    if cleaner.weights is None:
        without += ", and without the judge of texts"
    return f"--rules-only: {count(len(cleaner.rulebook.rules), 'rule')} of your own, without the {without}."


def clean(cleaner: Cleaner, text: str | bytes, **more: Any) -> Cleaned:
    """One article cleaned (bytes: a page); rules that took too long are named on standard error."""
    cleaned = cleaner.clean_html(text, **more) if isinstance(text, bytes) else cleaner.clean(text, **more)
    tell_notes(cleaned)
    if cleaner.pipeline.wishes:
        from cleaner.results.summary import add_met
        from cleaner.run.one_article import page_record

        css: dict[str, Met] = {}
        add_met(css, page_record(cleaned.article.page).get("css", {}) if cleaned.article.page else {})
        tell_met(cleaner, css)
    return cleaned


def tell_met(cleaner: Cleaner, css: Mapping[str, Met]) -> None:
    """The CSS selectors that have met nothing, on standard error."""
    if cleaner.pipeline.wishes:
        from cleaner.commands.terminal.wishes import unmet

        for line in unmet({name: met.record() for name, met in css.items()}, [wish.name for wish in cleaner.wishes]):
            click.echo(safe(line), err=True)


def tell_notes(cleaned: Cleaned, name: str = "cleaner") -> None:
    """What could not be done as it should, on standard error."""
    for note in cleaned.notes:
        click.echo(safe(f"{name}: {note}"), err=True)


def refusal(fault: ValueError | OSError) -> Refusal:
    """The refusal for bad rules, a wrong name or a folder that can't be read."""
    from cleaner.errors import RuleFaults
    from cleaner.files.disk import why

    if isinstance(fault, RuleFaults):
        number = len(fault.faults)
        total = "1 fault in the rules." if number == 1 else f"{number:,} faults in the rules."
        return Refusal(f"{safe(str(fault))}\n{total} Nothing was done.")
    if isinstance(fault, OSError):
        return Refusal(safe(f"cleaner: {fault.filename}: {why(fault)[1]}"))
    return Refusal(safe(f"cleaner: {fault}"))


def safe(text: str) -> str:
    """A message whose names can't make a terminal do things."""
    from cleaner.commands.terminal.text import visible

    return "\n".join(visible(line) for line in text.split("\n"))


def colored() -> bool:
    """Whether standard output shows colours: a terminal that can, unless the reader wants none (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to wrap lines to; 0, don't wrap, where nobody looks on."""
    return min(WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else 0


def echo(line: str = "") -> None:
    """A line to standard output, with its colours if it has any. Characters that a terminal would obey are escaped, as
    JSON needs it; what is no JSON has been through ``safe``."""
    from cleaner.commands.terminal.text import escaped

    click.echo(escaped(line).encode("utf-8", "replace"), color=True)


def silence() -> None:
    """Write to nowhere from now on: standard output is closed, and Python would complain when it flushes at the end."""
    with suppress(OSError):  # there may be none to close
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_standard_input() -> bytes:
    """All of standard input."""
    if sys.stdin.isatty():
        click.echo("Reading from the keyboard; ^D ends.", err=True)
    return sys.stdin.buffer.read()
