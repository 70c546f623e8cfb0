"""What makes the cleaner of a plan on every machine alike: its options, and the rules of one's own, word for word."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.api import Cleaner
from cleaner.errors import OutFault
from cleaner.files import disk
from cleaner.results.summary import rules_digest
from cleaner.run import one_article
from cleaner.shards.plan import Plan


def recipe(cleaning: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a cleaner, as a record. ``cleaning``: the arguments of ``Cleaner``. Raises ``OSError``.

    Folders and files of rules go in with what they hold; a folder of counts goes in by its path.
    """
    record = {key: list(value) if isinstance(value, tuple) else value for key, value in cleaning.items()}
    return {**record, "rules": [_held(os.fspath(path)) for path in cleaning.get("rules") or ()]}


def _held(path: str) -> dict[str, str]:
    """The files of a folder, or a file, by their paths in it."""
    if not os.path.isdir(path):
        # The folder's name stays: in rules of a site it says something.
        return {"/".join(os.path.abspath(path).split(os.sep)[-2:]): disk.read(path).decode("utf-8", "surrogateescape")}
    files = [name for name in disk.below(path) if name.endswith(_OF_RULES)]
    return {name: disk.read(os.path.join(path, name)).decode("utf-8", "surrogateescape") for name in files}


_OF_RULES = (".yaml", ".yml", ".json", ".txt")


def cleaner(plan: Plan) -> Cleaner:
    """The cleaner of a plan. Raises ``OutFault`` if it is another on this machine than where the plan was made."""
    if plan.versions != one_article.versions():
        here = one_article.versions()
        other = [
            f"{name} {there}, here {here.get(name)}" for name, there in plan.versions.items() if here.get(name) != there
        ]
        raise OutFault(
            f"{plan.path}: made with other versions than those here ({'; '.join(other)}): "
            "install the same on all machines, or plan again"
        )
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        made = Cleaner(**{**plan.recipe, "rules": _written(folder, plan.recipe["rules"])})
    if rules_digest((source.path, source.text) for source in made.sources) != plan.rules:
        raise OutFault(f"{plan.path}: made with other rules than those that came with cleaner here; plan again")
    return made


def _written(folder: str, rules: Sequence[Mapping[str, str]]) -> list[str]:
    places = []
    for number, files in enumerate(rules):
        top = os.path.join(folder, str(number))
        for name, text in files.items():
            disk.write(os.path.join(top, name), text.encode("utf-8", "surrogateescape"), flush=False)
        places.append(top)
    return places
