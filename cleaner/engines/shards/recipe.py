"""What makes the cleaner of a plan, the same on every machine: its options, and the full text of the user's rules."""

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
    """Return what makes a cleaner, as a record. ``cleaning``: the arguments of ``Cleaner``. Raises ``OSError``.

    Rules are included with their contents, a folder of counts by its path.
    """
    record = {key: list(value) if isinstance(value, tuple) else value for key, value in cleaning.items()}
    return {**record, "rules": rule_folders.held([Path(path) for path in cleaning.get("rules") or ()])}


def check(plan: Plan) -> None:
    """Raise ``OutFault`` if other versions than those of the plan are installed here, which may change the results."""
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
    """Make the cleaner of a plan. Raises ``OutFault`` if it differs on this machine from that of the plan."""
    from cleaner.api import Cleaner  # it takes long, and the processes of engines need none: their workers do

    check(plan)
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        made = Cleaner(**{**plan.recipe, "rules": rule_folders.laid(folder, plan.recipe["rules"])})
    if made.sources_digest() != plan.rules:
        raise OutFault(f"{plan.path}: made with other rules than those that came with cleaner here; plan again")
    return made
