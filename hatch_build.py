"""Building the wheel: it brings what takes long to find out about the shipped rules, for the Python that builds it, and
what is compiled from ``native/``.

Another Python, or another version of `regex`, works it out for itself and keeps it: see ``cleaner/files/kept.py``.
Without a compiler, or the headers of Python, the wheel goes without the compiled part: see
``cleaner/detectors/compiled.py``.
``python hatch_build.py`` compiles it anew for a working copy.
"""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = "_native.abi3.so"
"""The compiled module: one for all versions of CPython from 3.11 on."""
FLAGS = ("-O3", "-ffp-contract=off", "-fPIC", "-fvisibility=hidden")
"""No multiplication and addition in one step: some processors have it, and round otherwise. No names for others, where
another library may have a function of the same name."""


def compile_native(root: Path, folder: Path) -> str | None:
    """Compile ``native/*.c`` into a folder, as ``NATIVE``. Returns why that could not be done."""
    if platform.python_implementation() != "CPython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "only CPython with its lock has the interface that it uses"
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    link = ("-bundle", "-undefined", "dynamic_lookup") if sys.platform == "darwin" else ("-shared",)
    sources = sorted(str(path) for path in (root / "native").glob("*.c"))
    into = folder / NATIVE
    made = into.with_suffix(".new")
    command = [*compiler, *FLAGS, *link, f"-I{sysconfig.get_path('include')}", *sources, "-o", str(made)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as fault:
        made.unlink(missing_ok=True)
        return (getattr(fault, "stderr", None) or str(fault)).strip().splitlines()[-1]
    os.replace(made, into)  # a module that is loaded is never written to
    return None


class KeptHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``cleaner/kept`` and the compiled module to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files; an editable install makes the tables when they are needed."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        self._folder = tempfile.TemporaryDirectory()
        into = root / "cleaner" if version == "editable" else Path(self._folder.name)
        if fault := compile_native(root, into):
            self.app.display_warning(f"the judge goes without its compiled part, and is slower: {fault}")
        elif version != "editable":
            build_data["force_include"][str(into / NATIVE)] = f"cleaner/{NATIVE}"
            build_data["pure_python"] = False
            build_data["tag"] = f"cp311-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
        if version != "editable":
            self._tables(build_data)

    def _tables(self, build_data: dict[str, Any]) -> None:
        """The tables of the shipped rules."""
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
        folder = Path(self._folder.name) / INSIDE
        folder.mkdir()
        build(read_rules(), str(folder))
        for path in sorted(folder.iterdir()):
            build_data["force_include"][str(path)] = f"cleaner/{INSIDE}/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the files again."""
        if folder := getattr(self, "_folder", None):
            folder.cleanup()


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    if fault := compile_native(here, here / "cleaner"):
        sys.exit(f"not compiled: {fault}")
