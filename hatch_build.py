"""Building the wheel: it brings what takes long to find out about the shipped rules, for the Python that builds it.

Another Python, or another version of `regex`, works it out for itself and keeps it: see ``cleaner/files/kept.py``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KeptHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``cleaner/kept`` to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files; an editable install makes them when they are needed."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from cleaner.files.kept import INSIDE
            from cleaner.files.rule_folders import read_rules
            from cleaner.prepared import build
        except ImportError as error:  # built without what the package needs
            self.app.display_warning(f"the wheel goes without tables of the rules: {error}")
            return
        finally:
            sys.path.remove(self.root)
        self._folder = tempfile.TemporaryDirectory()
        build(read_rules(), self._folder.name)
        for path in sorted(Path(self._folder.name).iterdir()):
            build_data["force_include"][str(path)] = f"cleaner/{INSIDE}/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the files again."""
        if folder := getattr(self, "_folder", None):
            folder.cleanup()
