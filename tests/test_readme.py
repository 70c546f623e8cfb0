"""The examples of the README are programs that run."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec

import pytest
from sample import ROOT

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_there_are_examples() -> None:
    named = "".join(EXAMPLES)
    assert len(EXAMPLES) >= 4 and all(name in named for name in ("polars", "duckdb", "datasets", "clean_html"))


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(number: int) -> None:
    """In a process of its own: these libraries start threads."""
    for name in re.findall(r"^import ([\w, ]+?)(?: as \w+)?(?:$|,)", EXAMPLES[number], re.MULTILINE):
        for one in name.split(","):
            if find_spec(one.strip()) is None:
                pytest.skip(f"{one.strip()} is not installed")
    result = subprocess.run([sys.executable, "-c", EXAMPLES[number]], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
