"""What makes the same cleaner of a plan on every machine: its options, and the user's own rules, word for word."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.engines.shards.plan import Plan
from cleaner.errors import OutFault
from cleaner.files import rule_folders
from cleaner.run import one_article

if TYPE_CHECKING:
    from cleaner.api import Cleaner


def recipe(cleaning: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a cleaner, as a record. ``cleaning``: the arguments of ``Cleaner``. Raises ``OSError``.

    Folders and files of rules go in with what they hold; a folder of counts goes in by its path.
    """
    record = {key: list(value) if isinstance(value, tuple) else value for key, value in cleaning.items()}
    return {**record, "rules": rule_folders.held([Path(path) for path in cleaning.get("rules") or ()])}


def check(plan: Plan) -> None:
    """Raises ``OutFault`` if results would be others here than where the plan was made, as far as versions tell."""
    if plan.versions != one_article.versions():
        here = one_article.versions()
        other = [
            f"{name} {there}, here {here.get(name)}" for name, there in plan.versions.items() if here.get(name) != there
        ]
        raise OutFault(
            f"{plan.path}: made with other versions than those here ({'; '.join(other)}): "
            "install the same on all machines, or plan again"
        )


def cleaner(plan: Plan) -> Cleaner:
    """The cleaner of a plan. Raises ``OutFault`` if it is another on this machine than where the plan was made."""
    from cleaner.api import Cleaner  # it takes long, and the processes of engines need none: their workers do

    check(plan)
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        made = Cleaner(**{**plan.recipe, "rules": rule_folders.laid(folder, plan.recipe["rules"])})
    if made.sources_digest() != plan.rules:
        raise OutFault(f"{plan.path}: made with other rules than those that came with cleaner here; plan again")
    return made
