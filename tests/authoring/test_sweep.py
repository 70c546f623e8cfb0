"""`cleaner rules sweep`: a rule that eats its neighbours is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample import Run

from cleaner.authoring.sweep import drawn, lines_of
from cleaner.rulebook.compile import Source, compile_rules

RULES = """\
category: related-links
language: en
rules:
  - id: related-links/above
    about: A title above a button.
    when: {before: ['^continue reading$']}
    removes: ["[[A title\\nContinue reading]]"]
    keeps: ['A title']
  - id: related-links/button
    about: The button.
    any: ['^continue reading$']
    removes: ["News.\\n[[Continue reading]]", '[[Continue]] reading is what they do.']
    keeps: ['Continue']
"""
TEXT = "The bridge opened on Monday.\nTraffic flowed by noon.\nA ferry still runs."


@pytest.fixture
def greedy(tmp_path: Path) -> Path:
    file = tmp_path / "greedy.yaml"
    file.write_text(RULES)
    return file


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    folder = tmp_path / "clean"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    return folder


def test_what_else_goes_is_named_with_its_rule(run: Run, greedy: Path, clean: Path) -> None:
    call = ("rules", "sweep", clean, "--rules", greedy, "--rules-only", "--language", "en", "--ignore", "prose")
    result = run(*call)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "related-links/above: 3 times in 1 article"
    assert lines[1] == "  a.txt, paragraph 2, with 'Continue reading': 'The bridge opened on Monday.'"
    assert lines[-1] == "1 line put into 1 article: 3 times something else went."
    record = json.loads(run(*call, "--json").stdout)
    assert [(loss["position"], loss["lost"], loss["rule"]) for loss in record["losses"]] == [
        (place, line, "related-links/above") for place, line in enumerate(TEXT.split("\n"), 1)
    ]


def test_lines_of_ones_own(run: Run, greedy: Path, clean: Path, tmp_path: Path) -> None:
    call = ("rules", "sweep", clean, "--rules", greedy, "--rules-only", "--language", "en", "--ignore", "prose")
    result = run(*call, "--line", "By Ann Example")
    assert (result.exit_code, result.stdout) == (0, "1 line put into 1 article: nothing else went.\n")
    file = tmp_path / "lines.yaml"
    file.write_text("- By Ann Example\n- Continue reading\n- 'no'\n")
    assert run(*call, "--lines", file).stdout.endswith("3 lines put into 1 article: 3 times something else went.\n")
    assert "1 line put" in run(*call, "--lines", file, "--draw", "1").stdout
    assert "3 lines put" in run(*call, "--lines", file, "--draw", "0").stdout
    file.write_text("lines: {a: b}\n")
    assert run(*call, "--lines", file).exit_code == 2
    assert run(*call, "--lines", tmp_path / "none.yaml").exit_code == 2


def test_gold_is_swept_with_its_marks_cut(run: Run, greedy: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    spans = [{"start": 0, "end": 14, "category": "byline"}]
    gold.write_text(json.dumps({"id": "a", "text": "By Ann Example\n" + TEXT, "lang": "en", "spans": spans}) + "\n")
    call = ("rules", "sweep", gold, "--rules", greedy, "--rules-only", "--language", "en", "--ignore", "prose")
    assert run(*call).stdout.startswith("related-links/above: 3 times in 1 article\n")


def test_the_lines_are_what_rules_remove_as_whole_lines() -> None:
    rules = compile_rules([Source("greedy.yaml", RULES)]).rules
    assert lines_of(rules, "en") == ["Continue reading"]
    assert lines_of(rules, "de") == []
    assert drawn(["a", "b", "c"], 2, "x") == drawn(["a", "b", "c"], 2, "x") and len(drawn(["a", "b", "c"], 2, "x")) == 2
