"""``cleaner run`` between pipes: standard input and output, and readers that go away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sample import ARTICLE, CLEAN, Program, Run, records, tree

import cleaner
from cleaner.rulebook import patterns
from cleaner.rulebook.patterns import compiled

MISSING = (
    f"--rules-only: 3 rules of your own, without the {len(cleaner.Cleaner().rulebook.rules):,} rules that came with "
    "cleaner, and without the judge of texts.\n"
)


def test_standard_input(run: Run) -> None:
    result = run("run", "-", input=ARTICLE)
    assert (result.exit_code, result.stdout, result.stderr) == (0, CLEAN, MISSING)


def test_standard_input_as_a_program(program: Program, rules: Path) -> None:
    result = program("run", "-", "--rules", rules, "--rules-only", input=ARTICLE.encode("utf-16"))
    assert (result.returncode, result.stdout, result.stderr) == (0, CLEAN.encode(), MISSING.encode())


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


SLOW = """\
category: promotion
language: any
rules:
  - id: promotion/slow
    about: Takes long.
    any: ['must buy']
    removes: ['[[You must buy.]]']
    keeps: ['You buy.']
  - id: promotion/ad
    about: An advertisement.
    any: ['^advertisement$']
    removes: ['[[Advertisement]]']
    keeps: ['An advertisement.']
"""


def test_a_rule_that_takes_too_long(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def search(pattern: str) -> Callable[[str], object]:
        return lambda text: patterns.limited(pattern, slow) if "must" in pattern else compiled(pattern).search(text)

    def slow(most: float) -> None:
        until = time.thread_time() + 0.001  # told here: in a forked worker the thread's clock begins anew
        while time.thread_time() < until:
            pass
        raise TimeoutError

    monkeypatch.setattr(patterns, "TIMEOUT", 0.0)
    monkeypatch.setattr("cleaner.detectors.phrases.detector.search", search)
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "slow.yaml").write_text(SLOW)
    text = "You must buy.\nAdvertisement"
    told = "promotion/slow was left out of a paragraph: the pattern 'must buy' took over 0 s"
    for words in (["run", "-"], ["explain", "-"]):
        result = run(*words, "--rules", rules, input=text)
        assert result.exit_code == 0 and told in result.stderr
    lines = json.dumps({"text": text}) + "\n"
    assert told in run("run", "-", "--rules", rules, input=lines).stderr
    record = json.loads(run("explain", "-", "--json", "--rules", rules, input=text).stdout)
    assert record["text"] == "You must buy." and told in record["notes"][0]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(text)
    assert run("run", tmp_path / "in", "--out", tmp_path / "out", "--rules", rules).exit_code == 0
    assert told in records(tmp_path / "out" / "articles.jsonl")[1]["notes"][0]
    assert (tmp_path / "out" / "clean" / "a.txt").read_text() == "You must buy."


def test_a_run_outlives_the_reader_of_its_diffs(articles: Path, rules: Path, tmp_path: Path) -> None:
    for number in range(200):
        (articles / f"{number}.txt").write_text(ARTICLE * 50)
    command = f"'{sys.executable}' -m cleaner run articles --out out --diff --rules '{rules}' --rules-only | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, cwd=tmp_path)
    assert result.stdout == b"--- 0.txt\n"
    assert b"203 articles" in result.stderr and b"Broken" not in result.stderr
    assert len(tree(tmp_path / "out" / "clean")) == 203


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux")
def test_standard_output_on_a_full_disk(rules: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "cleaner", "run", "-", "--rules", rules, "--rules-only"],
            input=ARTICLE.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert (result.returncode, result.stderr) == (
        1,
        MISSING.encode() + b"Error: standard output: No space left on device\n",
    )


def test_a_closed_pipe_is_no_drama(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE * 3_000)
    command = f"'{sys.executable}' -m cleaner explain '{tmp_path}/a.txt' --rules '{rules}' --rules-only | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120)
    assert result.stderr == MISSING.encode()
    assert result.stdout.count(b"\n") == 1
