"""The command line as a whole: help, rules, completion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import commands
from sample import ROOT, Program, Run

from cleaner import __version__
from cleaner.commands.cli import cli


def test_help_comes_at_once(program: Program) -> None:
    program("--help")
    took = []
    for _ in range(5):
        before = os.times()
        assert program("--help").returncode == 0
        after = os.times()
        took.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(took) < 0.3, "seconds of the processor"


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, cleaner, cleaner.commands.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"regex", "yaml", "justext", "lxml", "tqdm", "charset_normalizer", "sentencex"}.isdisjoint(loaded)


def test_every_command_has_help(run: Run) -> None:
    for name, command in commands(cli).items():
        result = run(*name.split(), "--help")
        assert result.exit_code == 0
        assert command.help and result.stdout.startswith(f"Usage: cleaner {name}")
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{name} {option.name} says nothing"


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"cleaner {__version__}\n"


def test_unknown_command(run: Run) -> None:
    assert run("clean").exit_code == 2


# -- rules ----------------------------------------------------------------------------------------------------------


def test_rules_list(run: Run, rules: Path) -> None:
    lines = run("rules", "list", "--rules", rules).stdout.splitlines()
    assert lines[0] == "promotion  3 rules"
    assert lines[1].split()[:4] == ["promotion/ad", "any", "paragraph", "0.9"]
    assert lines[-1].startswith("3 rules. Profiles: body, default, ")
    assert len(run("rules", "list", "promotion/buy", "--rules", rules).stdout.splitlines()) == 3
    record = json.loads(run("rules", "list", "promotion/buy", "--rules", rules, "--json").stdout)
    assert (record["id"], record["unit"], record["score"]) == ("promotion/buy", "sentence", 0.9)


def test_rules_list_of_nothing(run: Run, rules: Path) -> None:
    result = run("rules", "list", "gone", "--rules", rules)
    assert result.exit_code == 2
    assert "no rule's id begins with 'gone'" in result.stderr


def test_rules_check(run: Run, rules: Path) -> None:
    result = run("rules", "check", "--rules", rules)
    assert result.exit_code == 0
    assert "No faults: 3 rules in 1 file" in result.stdout


def test_rules_check_names_slow_patterns(run: Run, rules: Path) -> None:
    (rules / "slow.yaml").write_text(
        "category: other\nlanguage: any\nrules:\n  - id: other/slow\n    about: Anything of two words.\n"
        "    any: ['^\\w+ \\w+$']\n    removes: ['[[Two words]]']\n    keeps: ['Three words here.']\n"
    )
    result = run("rules", "check", "--rules", rules)
    assert result.exit_code == 0
    assert "slow.yaml:4: other/slow: " in result.stdout


FAULTS = {
    "unknown category": ("category: nonsense\nlanguage: en\nrules: []\n", 1),
    "unsafe tag": ("rules: !!python/object/apply:os.system ['true']\n", 1),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nrules: [*b, *b]\n", 1),
    "repeated key": ("category: other\ncategory: other\nlanguage: en\nrules: []\n", 2),
    "broken YAML": ("category: [\n", 2),
    "broken pattern": (
        "category: other\nlanguage: en\nrules:\n  - id: other/x\n    about: x\n    any: ['(']\n"
        "    removes: ['[[x]]']\n    keeps: ['y']\n",
        6,
    ),
    "the same id": (
        "category: promotion\nlanguage: en\nrules:\n  - id: promotion/ad\n    about: x\n    any: ['xyz']\n"
        "    removes: ['[[xyz]]']\n    keeps: ['y']\n",
        4,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_rules_check_finds_faults(run: Run, rules: Path, name: str) -> None:
    text, line = FAULTS[name]
    (rules / "any" / "zzz.yaml").write_text(text)
    result = run("rules", "check", "--rules", rules)
    assert result.exit_code == 2
    assert re.search(rf"zzz\.yaml:{line}: .{{10}}", result.stderr), result.stderr
    assert "Nothing was done." in result.stderr


def test_rules_test(run: Run, rules: Path) -> None:
    result = run("rules", "test", "--rules", rules, "--rules-only")
    assert (result.exit_code, result.stdout) == (0, "3 rules: all 6 examples hold.\n")
    file = rules / "any" / "promotion.yaml"
    file.write_text(file.read_text().replace("The advertisement was banned.", "Advertisement"))
    result = run("rules", "test", "--rules", rules, "--rules-only")
    assert result.exit_code == 1
    assert re.search(r"promotion\.yaml:8: promotion/ad \(keeps\): ", result.stdout), result.stdout
    assert "2 rules hold." in result.stdout
    assert run("rules", "test", "promotion/buy", "--rules", rules, "--rules-only").exit_code == 0


# -- completion -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(program: Program, shell: str) -> None:
    assert b"_CLEANER_COMPLETE" in program("completion", shell).stdout


def test_completion_completes() -> None:
    words = "cleaner run --select byline,dona"
    environment = {"_CLEANER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "3"}
    code = "from cleaner.commands.cli import main; import sys; sys.argv = ['cleaner']; main()"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**environment, "PYTHONPATH": str(ROOT)}
    )
    assert result.stdout == "plain,byline,donation-appeal\n"
