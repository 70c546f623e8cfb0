"""The package as others get it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from lowest import lowest
from sample import ARTICLE, ROOT

from cleaner.detectors import compiled

PACKAGE = ROOT / "cleaner"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """What a module imports, relative names made whole; what is imported for types alone, too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports here are absolute"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_the_files_are_opened_in_one_room() -> None:
    for path in modules():
        if path.parent == PACKAGE / "files":
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])open\(|\.(read|write)_(text|bytes)\(", text), path


def test_what_is_imported_is_required() -> None:
    names = {"yaml": "pyyaml", "lxml": "lxml_html_clean", "sklearn": "scikit-learn"}
    optional = PROJECT["project"]["optional-dependencies"]
    engines = [line for name in ("dask", "datatrove", "ray", "spark") for line in optional[name]]
    extras = [*optional["all"], *optional["train"], *optional["tokens"], *engines]  # loaded when they are used
    required = {re.split("[>=<]", line)[0].lower() for line in [*PROJECT["project"]["dependencies"], *extras]}
    for path in modules():
        if path.parent == PACKAGE / "integrations":
            continue  # for those who have the package already
        for name in imports(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top != "cleaner":
                asked = names.get(top, top)
                assert {asked, asked.replace("_", "-")} & required, f"{path.name} imports {top}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as an installer builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_rules_models_types_and_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"cleaner/models/judge.json", "cleaner/py.typed"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    if compiled.native:
        assert "-cp311-abi3-" in wheel.name and "cleaner/_native.abi3.so" in names
    assert wheel.stat().st_size < 7_000_000
    ours = {f"cleaner/{path.relative_to(ROOT)}" for path in (ROOT / "rules").rglob("*.yaml")}
    assert ours and ours <= names
    assert {f"cleaner/{path.relative_to(PACKAGE)}" for path in modules()} <= names
    assert not any(name.startswith(("rules/", "seeds/", "tests/")) for name in names)


def test_the_wheel_works_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "a.txt").write_text(ARTICLE)
    code = (
        "import sys; sys.path.insert(0, 'site'); import cleaner, cleaner.files.rule_folders, cleaner.commands.cli;"
        "assert str(cleaner.files.rule_folders.shipped()).endswith('site/cleaner/rules');"
        "cleaner.commands.cli.cli(['run', 'a.txt'])"
    )
    result = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "Advertisement" not in (tmp_path / "out" / "clean" / "a.txt").read_text()


def test_the_wheel_brings_what_takes_long_to_find_out(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, 'site'); import cleaner, cleaner.prepared as prepared;"
        "prepared._plain = prepared.table = lambda *_: 1 / 0;"
        f"print(cleaner.clean({ARTICLE!r}).removed, len(cleaner.Cleaner().pipeline.tables(False, 'en')) > 500)"
    )
    environment = os.environ | {"XDG_CACHE_HOME": "/dev/null"}
    result = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, env=environment
    )
    assert result.returncode == 0, result.stderr
    assert "promotion" in result.stdout and result.stdout.endswith("True\n")


def loaded_by(code: str) -> set[str]:
    """The packages that a program loads, in a process of its own."""
    program = f"import sys, cleaner\n{code}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_what_only_pages_need_is_loaded_for_pages_alone() -> None:
    pages = {"trafilatura", "htmldate"}
    others = {"dateparser", "babel", "pyarrow", "click", "tqdm"}
    assert not loaded_by("cleaner.clean('It rained all day.')") & (pages | others)
    assert loaded_by("cleaner.clean_html('<p>It rained all day.</p>')") >= pages


def test_every_requirement_has_a_lower_bound() -> None:
    assert {line.split("==")[0] for line in lowest()} >= {"numpy", "click", "regex", "pyarrow"}


USER = """\
import cleaner

c = cleaner.Cleaner(profile="body", ignore=["byline"])
result: cleaner.Cleaned = c.clean("It rained.", url="https://example.org/a", language="en")
page = c.clean_html(b"<p>It rained.</p>")
starts: list[int] = [span.start for span in (*result.removed, *page.removed)]
text: str = cleaner.restore(result.text, result.removed)
try:
    cleaner.clean(text)
except cleaner.CleanerError:
    pass
"""


@pytest.mark.slow
def test_a_typed_program_of_a_user_passes_strict(wheel: Path, tmp_path: Path) -> None:
    """Against the wheel as it is installed, in an environment that has nothing else."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    (packages,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    (tmp_path / "user.py").write_text(USER)
    (tmp_path / "wrong.py").write_text(USER.replace("list[int]", "list[str]"))

    def checked(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), name]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert checked("user.py").returncode == 0, checked("user.py").stdout
    assert "expected List[str]" in checked("wrong.py").stdout  # types are seen, not `Any`
