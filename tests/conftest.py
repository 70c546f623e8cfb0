"""What many tests need: a small set of rules, a folder of articles, and the command line, in this process and apart."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings
from pages import PAGE
from sample import ARTICLE, RULES, Program, Run

import cleaner
from cleaner.commands.cli import cli

APART: Any = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
"""Keeps standard error apart from standard output, as click does by itself since 8.2."""

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")
"""A test that takes its time is no failure: what is measured here is what comes out."""


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """All commands that do something, by their words."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{name} ")
        else:
            found[before + name] = command
    return found


def pytest_configure(config: pytest.Config) -> None:
    """What `cleaner` keeps about rules lies in this tree, and not in the user's folder among that of other trees."""
    os.environ["XDG_CACHE_HOME"] = str(config.rootpath / ".pytest_cache" / "kept")


def pytest_collection_finish() -> None:
    """What there is when the tests begin stays, and nobody need look through it for garbage: a worker of a run does so
    when it starts, and would copy all of it. That is a fourth of the time of all tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with three rules."""
    folder = tmp_path / "my-rules"
    (folder / "any").mkdir(parents=True)
    (folder / "any" / "promotion.yaml").write_text(RULES)
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with three articles: one to clean, one in a folder with nothing to cut, one empty."""
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "more" / "b.txt").write_text("The council met on Tuesday.\n")
    (folder / "empty.txt").write_text("")
    return folder


@pytest.fixture(scope="session")
def texts_are_ready(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the first text needs is loaded once, in this process: each worker that is forked would load it for itself,
    and that is half of what a test of a run takes."""
    folder = tmp_path_factory.mktemp("ready")
    (folder / "rules.yaml").write_text(RULES)
    cleaner.Cleaner(rules=folder, rules_only=True).clean(ARTICLE)
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def pages_are_ready(texts_are_ready: None) -> None:
    """The same for pages and the shipped rules."""
    cleaner.Cleaner().clean_html(PAGE)
    gc.collect()
    gc.freeze()


@pytest.fixture
def run(texts_are_ready: None, rules: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line in this process. The rules are the small ones, where a command takes rules."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def call(*arguments: str | Path, **more: Any) -> Result:
        words = [os.fspath(argument) for argument in arguments]
        if words[0] in ("run", "explain", "plan") and not {"--rules", "--plan"} & {*words}:
            words += ["--rules", str(rules), "--rules-only"]
        result = CliRunner(**APART).invoke(cli, words, prog_name="cleaner", **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def apart(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Call the command line as a program of its own."""
    words = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    done: subprocess.CompletedProcess[bytes] = subprocess.run(words, capture_output=True, timeout=120, **more)
    return done


@pytest.fixture(autouse=True)
def forks() -> Iterator[None]:
    """Let workers be forked from the tests, so that what a test has changed is changed there too.

    Libraries that other tests have loaded may have started threads, but only those of the tables are used in workers:
    modules that test these have a fixture ``forks`` of their own.
    """
    with pytest.MonkeyPatch.context() as patch:  # of its own, which no test undoes
        patch.setattr("cleaner.run.forkserver.may_fork", lambda: True)
        yield


@pytest.fixture
def program() -> Program:
    """``apart``, for tests."""
    return apart


@pytest.fixture
def command(pages_are_ready: None) -> Program:
    """The command line with the shipped rules, in this process: what ``program`` gives, without the time of a start."""

    def call(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[bytes]:
        words = [os.fspath(argument) for argument in arguments]
        result = CliRunner(**APART).invoke(cli, words, prog_name="cleaner", **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return subprocess.CompletedProcess(words, result.exit_code, result.stdout_bytes, result.stderr_bytes)

    return call
