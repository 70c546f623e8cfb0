"""Defaults of options that a project sets for itself, and ``cleaner config``, which shows them.

They stand in ``cleaner.toml``, or in the table ``[tool.cleaner]`` of ``pyproject.toml``, in the folder where one is or
the nearest one above it that has either. A key is an option of a command without its hyphens in front:
``profile = "train"``. It counts for every command that has the option; in a table named after a command (``[run]``,
``[rules-try]``), for that command alone. What is said on the command line counts more.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, echo, json_option, safe
from cleaner.errors import unknown

if TYPE_CHECKING:
    from cleaner.results.log import Record

FILES = ("cleaner.toml", "pyproject.toml")
"""Where defaults may stand; in one folder the first counts."""
PATHS = ("rules", "articles", "out")
"""Options that are paths: from a file, they are taken from its folder."""
NEVER = ("help", "version")


@dataclass(frozen=True, slots=True)
class Config:
    """What a file sets. ``defaults``: by command (its words with spaces between them) and name of the parameter."""

    path: Path | None
    defaults: Mapping[str, Mapping[str, Any]]

    def nested(self) -> dict[str, Any]:
        """The defaults as click's ``default_map`` has them."""
        result: dict[str, Any] = {}
        for command, values in self.defaults.items():
            here = result
            for word in command.split():
                here = here.setdefault(word, {})
            here.update(values)
        return result


def read(group: click.Group, folder: Path) -> Config:
    """The defaults that count in a folder. Raises ``Refusal`` for a file that can't be used."""
    for place in (folder, *folder.parents):
        for name in FILES:
            path = place / name
            table = _table(path)
            if table is not None:
                return Config(path, _defaults(group, table, path))
    return Config(None, {})


def _table(path: Path) -> Mapping[str, Any] | None:
    """What a file says about this program; ``None`` if it says nothing."""
    if not path.is_file():
        return None  # nearly always, and what opens files takes time to load
    from cleaner.files import disk

    try:
        whole = tomllib.loads(disk.read(os.fspath(path)).decode())
    except (FileNotFoundError, PermissionError):
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        if path.name != FILES[0]:
            return None  # it may be about anything; the tools that it is for will tell
        raise Refusal(safe(f"cleaner: {path}: {fault}")) from None
    found = whole if path.name == FILES[0] else whole.get("tool", {}).get("cleaner")
    if found is not None and not isinstance(found, dict):
        raise Refusal(safe(f"cleaner: {path}: [tool.cleaner] must be a table of options"))
    return found


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands below a group that do something, by their words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options of a command, by the name that they have in a file."""
    found = {}
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in NEVER:
            found[max(option.opts, key=len).lstrip("-")] = option
    return found


def _defaults(group: click.Group, table: Mapping[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    all_ = {name: _options(command) for name, command in commands(group)}
    names = sorted({option for options in all_.values() for option in options})
    found: dict[str, dict[str, Any]] = {name: {} for name in all_}
    general = {key: value for key, value in table.items() if not isinstance(value, dict)}
    for key, value in general.items():
        having = {command: options[_key(key)] for command, options in all_.items() if _key(key) in options}
        if key == "rules":  # the user's, on top of the others; not the folder that `rules list` is about
            having = {command: option for command, option in having.items() if option.multiple}
        if not having:
            raise Refusal(safe(f"cleaner: {path}: {unknown('option', key, names)}"))
        for command, option in having.items():
            found[command][str(option.name)] = _value(option, key, value, path)
    for name, values in table.items():
        if not isinstance(values, dict):
            continue
        command = name.replace("-", " ")
        if command not in all_:
            shown = sorted(each.replace(" ", "-") for each in all_)
            raise Refusal(safe(f"cleaner: {path}: {unknown('command', name, shown)}"))
        for key, value in values.items():
            if _key(key) not in all_[command]:
                raise Refusal(safe(f"cleaner: {path}: [{name}]: {unknown('option', key, sorted(all_[command]))}"))
            option = all_[command][_key(key)]
            found[command][str(option.name)] = _value(option, key, value, path)
    return {command: values for command, values in found.items() if values}


def _key(key: str) -> str:
    return key.replace("_", "-")


def _value(option: click.Option, key: str, value: Any, path: Path) -> Any:
    """The value as click takes it for a default, tried once, so that the file is named where it is wrong."""
    if isinstance(value, (list, tuple)) and not option.multiple:
        value = ",".join(map(str, value))
    elif option.multiple and not isinstance(value, (list, tuple)):
        value = [value]
    if key in PATHS:
        base = path.parent
        value = [str(base / each) for each in value] if option.multiple else str(base / str(value))
    try:
        with click.Context(click.Command("config")) as context:
            option.type_cast_value(context, value)
    except click.BadParameter as fault:
        fault.param = fault.param or option  # a type that is a function doesn't know its option
        raise Refusal(safe(f"cleaner: {path}: {key}: {fault.format_message()}")) from None
    return value


@click.command()
@json_option
@click.pass_context
def config(ctx: click.Context, /, as_json: bool) -> None:
    """Show the defaults of options, and where they come from.

    They may be set in cleaner.toml, or under [tool.cleaner] in pyproject.toml, in this folder or one above it, by the
    names that they have on the command line: profile = "train". In a table named after a command ([run]) they count
    for it alone. cleaner --no-config COMMAND does without them.
    """
    from cleaner.results import log

    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    found: Config = ctx.find_root().obj
    if as_json:
        record: Record = {
            "file": None if found.path is None else str(found.path),
            "options": {
                command: {name: {"value": value, "set": is_set} for name, value, is_set in rows}
                for command, rows in _rows(group, found)
            },
        }
        echo(log.dump(record, indent=2))
        return
    for line in _lines(group, found):
        echo(safe(line))


def _rows(group: click.Group, found: Config) -> Iterator[tuple[str, list[tuple[str, Any, bool]]]]:
    """For each command its options: the name, the value, and whether the file sets it."""
    for command, what in commands(group):
        values = found.defaults.get(command, {})
        with click.Context(what) as context:
            rows = [
                (name, values[str(option.name)], True)
                if option.name in values
                else (name, _plain(option.get_default(context)), False)
                for name, option in _options(what).items()
            ]
        if rows:
            yield command, rows


def _plain(value: Any) -> Any:
    """A default as it can be shown."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return list(value) if isinstance(value, Sequence) else None


def _lines(group: click.Group, found: Config) -> Iterator[str]:
    from cleaner.commands.terminal.text import table

    if found.path is None:
        yield f"No {' and no [tool.cleaner] in '.join(FILES)} here or above: all as it is by default."
    else:
        yield f"{found.path}"
    for command, rows in _rows(group, found):
        yield ""
        yield f"cleaner {command}"
        shown = [(f"  {name}", _written(value), "set" if is_set else "") for name, value, is_set in rows]
        for line in table([("  option", "value", ""), *shown], left=3)[1:]:
            yield line.rstrip()


def _written(value: Any) -> str:
    """A value as it would stand in the file; nothing where nothing is said."""
    import json

    return "" if value is None or value == [] else json.dumps(value, ensure_ascii=False)
