"""Where rules, markup words and models lie: those that came with the package, and folders of users."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from cleaner.errors import Fault, OptionFault, RuleFaults
from cleaner.files.disk import why
from cleaner.rulebook.yaml_tree import Source

MARKUP = "markup"
"""The folder among the rules that holds the words of class names."""

MODELS = "models"
"""The folder of what was fitted: beside the shipped rules, within a folder of rules of one's own."""

WEIGHTS = "judge.json"
"""The weights of the judge of texts, among the models."""

PAGES = "page-"
"""What the names of the models for pages begin with."""


def read_rules(folder: Path | None = None) -> tuple[Source, ...]:
    """The rule files of a folder or a single file, or (None) those that came with the package.

    A folder of one's own replaces the rules. Profiles that it doesn't have come from the package, and so do the rules
    if it holds nothing but profiles: to weigh the categories otherwise is no reason to copy all rules.
    """
    if folder is None:
        return _texts(_walk(shipped(), "rules"))
    if not folder.exists():
        raise OptionFault(f"{folder}: no such file or folder of rules")
    own = read_own(folder)
    if not own and not (folder / MODELS / WEIGHTS).is_file():
        raise OptionFault(f"{folder}: no rules in this folder: they are in files that end in .yaml")
    profiles = {Path(source.path).stem for source in own if is_profile(source.path)}
    only_profiles = len(profiles) == len(own)
    rest = tuple(
        source
        for source in read_rules()
        if (Path(source.path).stem not in profiles if is_profile(source.path) else only_profiles)
    )
    return own + rest


def read_markup(folder: Path | None = None) -> tuple[Source, ...]:
    """The words of class names and the models for pages: of a folder of one's own if it has them, else the shipped."""
    words = _texts(_walk(shipped() / MARKUP, f"rules/{MARKUP}"))
    models = _texts(_walk(shipped(MODELS), MODELS, (".yaml", ".json"), PAGES))
    if folder is not None and (folder / MARKUP).is_dir():
        words = _texts(_walk(folder / MARKUP, f"{folder}/{MARKUP}"))
    if folder is not None and (folder / MODELS).is_dir():
        models = _texts(_walk(folder / MODELS, f"{folder}/{MODELS}", (".yaml", ".json"), PAGES)) or models
    return words + models


def read_own(path: Path) -> tuple[Source, ...]:
    """The rule files of a folder, or a single one, and none besides."""
    return _texts([(str(path), path)] if path.is_file() else _walk(path, str(path)))


def read_weights(folder: Path | None = None) -> Source | None:
    """The judge's weights of a folder of rules, or (None) those that came with the package; ``None`` if it has none.

    Weights belong to the rules that they were fitted with. So a folder of one's own rules brings its own, or does
    without; a folder that takes its rules from the package takes the weights, too, if it has none.
    """
    if folder is not None and folder.is_file():
        return None
    if folder is not None:
        own = folder / MODELS / WEIGHTS
        if own.is_file():
            return Source(str(own), own.read_bytes().decode("utf-8", "replace"))
        if any(not is_profile(source.path) for source in _texts(_walk(folder, str(folder)))):
            return None
    entry = shipped(MODELS) / WEIGHTS
    return Source(f"{MODELS}/{WEIGHTS}", entry.read_bytes().decode()) if entry.is_file() else None


def is_profile(path: str) -> bool:
    """Whether a rule file is a profile: it lies in a folder named ``profiles``."""
    return Path(path).parent.name == "profiles"


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
                faults.append(Fault(path, 1, "no file but a pipe or a device, which is not read"))
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
