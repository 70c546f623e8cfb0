"""Defaults of options in ``cleaner.toml`` and ``pyproject.toml``, and ``cleaner config``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample import Run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a command is called: one inside another."""
    (tmp_path / "in" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "in" / "here")
    return tmp_path


def shown(run: Run) -> dict[str, dict[str, object]]:
    options = json.loads(run("config", "--json").stdout)["options"]
    return {
        command: {name: each["value"] for name, each in rows.items() if each["set"]}
        for command, rows in options.items()
        if any(each["set"] for each in rows.values())
    }


def test_without_a_file(run: Run, folder: Path) -> None:
    assert shown(run) == {}
    assert run("config").stdout.startswith("No cleaner.toml and no [tool.cleaner] in pyproject.toml here or above")


def test_the_nearest_file_counts(run: Run, folder: Path) -> None:
    (folder / "cleaner.toml").write_text('profile = "light"\n')
    (folder / "in" / "pyproject.toml").write_text('[tool.cleaner]\nprofile = "train"\n')
    (folder / "in" / "here" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert shown(run) == {
        command: {"profile": "train"} for command in ("run", "plan", "explain", "rules sweep", "diff", "eval")
    }
    assert json.loads(run("config", "--json").stdout)["file"] == str(folder / "in" / "pyproject.toml")


def test_tables_are_for_one_command(run: Run, folder: Path) -> None:
    (folder / "cleaner.toml").write_text('rules = "mine"\n[run]\nmax_bytes = "2M"\n[rules-try]\nlimit = 3\n')
    found = shown(run)
    assert found["run"] == {"rules": [str(folder / "mine")], "max-bytes": "2M"}
    assert found["rules try"] == {"rules": [str(folder / "mine")], "limit": 3}
    assert "rules check" not in found


def test_a_run_follows_it_and_the_command_line_counts_more(run: Run, folder: Path, articles: Path) -> None:
    (folder / "cleaner.toml").write_text('ignore = "promotion"\nworkers = 1\n')
    words = ("run", articles, "--out", folder / "out", "--json")
    assert json.loads(run(*words).stdout)["removed"]["spans"] == 0
    assert json.loads(run(*words, "--ignore", "byline").stdout)["removed"]["spans"] > 0


def test_a_run_may_do_without(run: Run, folder: Path) -> None:
    (folder / "cleaner.toml").write_text('profile = "train"\n')
    assert "train" not in run("--no-config", "config").stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('profil = "train"', "there is no option 'profil'; did you mean 'profile'?"),
        ("[runn]\nworkers = 1", "there is no command 'runn'; did you mean 'run'?"),
        ("[run]\nlimit = 1", "[run]: there is no option 'limit'"),
        ('max-bytes = "many"', "max-bytes: Invalid value for '--max-bytes': 'many' is not a size"),
        ("profile = ", "cleaner.toml: Invalid value"),
    ],
)
def test_what_is_wrong_is_said(run: Run, folder: Path, text: str, message: str) -> None:
    (folder / "cleaner.toml").write_text(text + "\n")
    result = run("config")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "cleaner.toml: " in result.stderr
