"""The lowest versions that pyproject.toml allows, a line each, as pip takes them for constraints.

``make lowest`` installs exactly these into an environment of its own and runs the tests there.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest() -> list[str]:
    """``name==version`` for each requirement of the package and of its extras ``all`` and ``train``."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    required = [*project["dependencies"], *extras["all"], *extras["train"]]
    pairs = [re.fullmatch(r"([\w.-]+)>=([\w.]+)", line) for line in required]
    assert all(pairs), f"every requirement needs a lower bound and nothing else: {required}"
    return [f"{pair[1]}=={pair[2]}" for pair in pairs if pair]


if __name__ == "__main__":
    print("\n".join(lowest()))
