"""``cleaner run`` between pipes: standard input and output, and readers that go away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sample import ARTICLE, CLEAN, Program, Run, records, tree

from cleaner.errors import PatternTimeout


def test_standard_input(run: Run) -> None:
    result = run("run", "-", input=ARTICLE)
    assert (result.exit_code, result.stdout, result.stderr) == (0, CLEAN, "")


def test_standard_input_as_a_program(program: Program, rules: Path) -> None:
    result = program("run", "-", "--rules", rules, input=ARTICLE.encode("utf-16"))
    assert (result.returncode, result.stdout, result.stderr) == (0, CLEAN.encode(), b"")


def test_standard_input_that_is_empty(run: Run) -> None:
    result = run("run", "-", input="")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Standard input is empty" in result.stderr


def test_standard_input_that_is_no_text(run: Run) -> None:
    result = run("run", "-", input=b"PK\x03\x04")
    assert result.exit_code == 1
    assert "standard input: this is a ZIP archive" in result.stderr


def test_standard_input_json_and_diff(run: Run) -> None:
    record = json.loads(run("run", "-", "--json", "--kept", input="A special offer.\n" + ARTICLE).stdout)
    assert record["text"] == "A special offer.\n" + CLEAN
    assert [span["rule"] for span in record["removed"]] == ["promotion/ad", "promotion/buy"]
    assert "promotion/perhaps" in [span["rule"] for span in record["kept"]]
    assert "-Advertisement" in run("run", "-", "--diff", input=ARTICLE).stdout


def test_a_rule_that_takes_too_long(run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def clean(self: object, text: str, **more: object) -> None:
        raise PatternTimeout("the pattern 'x' took over 1 s")

    monkeypatch.setattr("cleaner.api.Cleaner.clean", clean)
    for words in (["run", "-"], ["explain", "-"]):
        result = run(*words, input=ARTICLE)
        assert result.exit_code == 1
        assert "the pattern 'x' took over 1 s" in result.stderr
    assert run("run", articles, "--out", tmp_path / "out").exit_code == 1
    assert {line["kind"] for line in records(tmp_path / "out" / "errors.jsonl")[1:]} == {"timeout"}


def test_a_run_outlives_the_reader_of_its_diffs(articles: Path, rules: Path, tmp_path: Path) -> None:
    for number in range(200):
        (articles / f"{number}.txt").write_text(ARTICLE * 50)
    command = f"'{sys.executable}' -m cleaner run articles --out out --diff --rules '{rules}' | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, cwd=tmp_path)
    assert result.stdout == b"--- 0.txt\n"
    assert b"203 articles" in result.stderr and b"Broken" not in result.stderr
    assert len(tree(tmp_path / "out" / "clean")) == 203


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux")
def test_standard_output_on_a_full_disk(rules: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "cleaner", "run", "-", "--rules", rules],
            input=ARTICLE.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert (result.returncode, result.stderr) == (1, b"Error: standard output: No space left on device\n")


def test_a_closed_pipe_is_no_drama(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE * 3_000)
    command = f"'{sys.executable}' -m cleaner explain '{tmp_path}/a.txt' --rules '{rules}' | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120)
    assert result.stderr == b""
    assert result.stdout.count(b"\n") == 1
