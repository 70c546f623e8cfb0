"""Where rules, markup words and models lie: those that came with the package, and folders of users."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from cleaner.errors import Fault, OptionFault, RuleFaults
from cleaner.files import disk
from cleaner.files.disk import why
from cleaner.rulebook.compile import is_profile
from cleaner.rulebook.yaml_tree import Source

MARKUP = "markup"
"""The folder among the rules that holds the words of class names."""

MODELS = "models"
"""The folder of what was fitted: beside the shipped rules, within a folder of the user's rules."""

WEIGHTS = "judge.json"
"""The weights of the judge of texts, among the models."""

WORDS = "sense.json"
"""The word scores that the judge reads, beside its weights."""

PAGES = "page-"
"""What the names of the models for pages begin with."""


def read_rules(folders: Sequence[Path] = (), *, only: bool = False) -> tuple[Source, ...]:
    """The rule files that came with the package, and those of the user's folders (or single files) on top of them.

    ``only``: the shipped rules are left out. Shipped profiles stay, but for those whose names the folders use: a
    profile of a later folder takes the place of one of the same name. Raises ``OptionFault`` for a folder that isn't
    there or holds nothing to use, ``RuleFaults`` for files that can't be read.
    """
    own: list[Source] = []
    for folder in _each(folders):
        if not folder.exists():
            raise OptionFault(f"{folder}: no such file or folder of rules")
        found = read_own(folder)
        if not (found or _weights_in(folder) or _markup_in(folder) or _pages_in(folder)):
            raise OptionFault(f"{folder}: no rules in this folder: they are in files that end in .yaml")
        named = {_name(source.path) for source in found if is_profile(source.path)}
        own = [source for source in own if not is_profile(source.path) or _name(source.path) not in named]
        own += found
    if only and not any(not is_profile(source.path) for source in own) and not any(map(_weights_in, folders)):
        raise OptionFault("there are no rules of your own, and without the shipped ones nothing would be found")
    profiles = {_name(source.path) for source in own if is_profile(source.path)}
    wanted = (
        (path, entry)
        for path, entry in _walk(shipped(), "rules")
        if (_name(path) not in profiles if is_profile(path) else not only)
    )
    return (*own, *(replace(source, proven=True) for source in _texts(wanted)))


def _each(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders, each once."""
    return tuple({os.path.abspath(folder): folder for folder in folders}.values())


def _name(path: str) -> str:
    return Path(path).stem


Held = tuple[tuple[tuple[str, str], ...], ...]
"""For each folder or file of the user's rules its files: the path in it, and the text."""


def held(folders: Sequence[Path]) -> Held:
    """All that folders (or files) of rules hold, word for word, to be taken elsewhere. Raises ``OSError``."""
    return tuple(tuple(_words(folder)) for folder in folders)


def _words(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if path.is_file() and path.suffix in (".yaml", ".yml", ".json"):
            # Of a file the name of its folder stays: in rules of a site it says something.
            name = path.relative_to(folder) if folder.is_dir() else Path(path.absolute().parent.name, path.name)
            yield name.as_posix(), disk.read(str(path)).decode("utf-8", "surrogateescape")


def laid(top: str, rules: Held) -> list[Path]:
    """The same as folders below ``top``. Raises ``OSError``."""
    for number, files in enumerate(rules):
        for name, text in files:
            disk.write(os.path.join(top, str(number), name), text.encode("utf-8", "surrogateescape"), flush=False)
    return [Path(top, str(number)) for number in range(len(rules))]


def read_markup(folders: Sequence[Path] = ()) -> tuple[Source, ...]:
    """The words of class names and the models for pages: of the last folder that has them, else the shipped ones."""
    words = _texts(_walk(shipped() / MARKUP, f"rules/{MARKUP}"))
    models = _texts(_walk(shipped(MODELS), MODELS, (".yaml", ".json"), PAGES))
    for folder in folders:
        if _markup_in(folder):
            words = _texts(_walk(folder / MARKUP, f"{folder}/{MARKUP}"))
        if (folder / MODELS).is_dir():
            models = _texts(_walk(folder / MODELS, f"{folder}/{MODELS}", (".yaml", ".json"), PAGES)) or models
    return words + models


def read_own(path: Path) -> tuple[Source, ...]:
    """The rule files of a folder, or a single one, and none besides."""
    found = _texts([(str(path), path)] if path.is_file() else _walk(path, str(path)))
    return tuple(replace(source, own=True) for source in found)


def read_weights(folders: Sequence[Path] = (), *, only: bool = False) -> tuple[Source, Source] | None:
    """The weights of the judge of texts and its word scores: of the last folder that has some, else the shipped ones.

    ``only``: the shipped rules are left out, and with them the shipped weights, which were fitted with those rules.
    Weights without word scores beside them go with the shipped ones.
    """
    for folder in reversed(folders):
        if _weights_in(folder):
            own, words = folder / MODELS / WEIGHTS, folder / MODELS / WORDS
            return _model(own, str(own)), _model(words, str(words)) if words.is_file() else _shipped_model(WORDS)
    return None if only else (_shipped_model(WEIGHTS), _shipped_model(WORDS))


def _shipped_model(name: str) -> Source:
    return _model(shipped(MODELS) / name, f"{MODELS}/{name}")


def _model(entry: Traversable, path: str) -> Source:
    return Source(path, entry.read_bytes().decode("utf-8", "replace"))


def _weights_in(folder: Path) -> bool:
    return (folder / MODELS / WEIGHTS).is_file()


def _markup_in(folder: Path) -> bool:
    return (folder / MARKUP).is_dir()


def _pages_in(folder: Path) -> bool:
    return any((folder / MODELS).glob(f"{PAGES}*"))


def shipped(name: str = "rules") -> Traversable:
    """The folder of rules (or ``models``) that came with the package: inside it in a wheel, beside it in a checkout."""
    package = resources.files("cleaner")
    inside = package / name
    return inside if inside.is_dir() else Path(str(package)).parent / name


def _walk(
    folder: Traversable,
    name: str,
    suffixes: tuple[str, ...] = (".yaml", ".yml"),
    prefix: str = "",
    above: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, Traversable]]:
    """The files below a folder, with their paths as they are named. A link to a folder ``above`` leads nowhere new."""
    if isinstance(folder, Path):
        if str(folder.resolve()) in above:
            return
        above |= {str(folder.resolve())}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name not in (MARKUP, MODELS):  # words and weights, not rules: read_markup
                yield from _walk(entry, path, suffixes, prefix, above)
        elif entry.name.endswith(suffixes) and entry.name.startswith(prefix):
            yield path, entry


def _texts(entries: Iterator[tuple[str, Traversable]] | list[tuple[str, Path]]) -> tuple[Source, ...]:
    """The texts of rule files; all that are not UTF-8 are named together."""
    sources, faults = [], []
    for path, entry in entries:
        try:
            if isinstance(entry, Path) and entry.exists() and not entry.is_file():
                faults.append(Fault(path, 1, "a pipe or a device, not a file; it is not read"))
                continue
            sources.append(Source(path, entry.read_bytes().decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            faults.append(Fault(path, line, "not UTF-8: rule files must be"))
        except OSError as error:
            faults.append(Fault(path, 1, why(error)[1]))
    if faults:
        raise RuleFaults(tuple(faults))
    return tuple(sources)
