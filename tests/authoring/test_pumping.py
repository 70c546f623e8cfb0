"""No input can make a rule hang: attacks are found, own rules refused, shipped ones harmless."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from time import thread_time

import pytest
from sample import Run

import cleaner
from cleaner.authoring.pumping import patterns_of, slow
from cleaner.files.rule_folders import read_rules
from cleaner.rulebook.compile import compile_rules

SHARE = 40
"""Of so many shipped patterns one is tried at once, and all in the slow job, as by `cleaner rules check --pump`."""


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        (r"(a|aa)+$", "(a|aa)+"),
        (r"\b(\w+ ?)+:$", "(\\w+ ?)+"),
        (r"^(google |facebook |(go|ogle) ?)+$", "(google |facebook |(go|ogle) ?)+"),
        (r"\d+ comments", "\\d+"),
        (r"share.*now", ".*"),
        (r"^.*share.*now", ".*"),
        (r"\p{Lu}\p{L}+ photo", "\\p{L}+"),
    ],
)
def test_what_could_hang_is_named(pattern: str, part: str) -> None:
    found = slow(pattern)
    assert found is not None and found.attack.part == part
    assert f"at `{part}`" in str(found) and "again and again" in str(found)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"^advertisement$", r"\b\w+ said\b", r"\bshare\b.{0,60}\bnow\b", r"^(google |facebook )+$"),
        *(r"\b\d+ comments", r"^.*now", r"(?<!\p{L})\p{Lu}\p{L}{1,20}, photo", r"\bsign (up|in)( now| today){0,4}\b"),
    ],
)
def test_what_could_not_hang_is_let_through(pattern: str) -> None:
    assert slow(pattern) is None


def shipped(share: int) -> list[str]:
    """One of so many patterns of the shipped rules."""
    rules = compile_rules(read_rules()).rules
    patterns = sorted({pattern for rule in rules for pattern in patterns_of(rule)})
    return [p for p in patterns if int(hashlib.sha256(p.encode()).hexdigest(), 16) % share == 0]


def test_shipped_patterns_are_harmless() -> None:
    tried = shipped(SHARE)
    assert len(tried) > 50
    assert [str(found) for found in map(slow, tried) if found] == []


@pytest.mark.slow
def test_all_shipped_patterns_are_harmless() -> None:
    assert [str(found) for found in map(slow, shipped(1)) if found] == []


@pytest.mark.parametrize(
    "text",
    [
        "google " * 20 + "§!",
        "google " * 2000 + "§!",
        "Facebook Twitter Google " * 8 + "opens in a new window",
        "Facebook Twitter Google " * 800 + "opens in a new window",
        "About>" * 25 + "Health>Walking> Pedometer Walking> Walking Idol - Walking Mi",
        "About>" * 2500 + "Health>Walking> Pedometer Walking> Walking Idol - Walking Mi",
        "ReutersAFPGettyImagesAP" * 40,
        "AP" * 8000,
        "A" * 15000,
        "1" * 15000,
        "the© " * 3000,
    ],
)
def test_attacks_cost_no_article(text: str) -> None:
    cleaner.clean("The bridge opened on Monday.")
    began = thread_time()
    result = cleaner.clean(f"The bridge opened on Monday.\n{text}\nTraffic flowed by noon.")
    assert thread_time() - began < 10  # a rule that is left out costs half of a second or so, each of two times
    assert result.text.startswith("The bridge opened on Monday.") and "Traffic flowed by noon." in result.text


OWN = """\
category: promotion
language: en
rules:
  - id: promotion/slow
    about: Could hang.
    any:
      - 'buy it now'
      - '{pattern}'
    removes: ['[[Buy it now.]]']
    keeps: ['They may buy it tomorrow.']
"""


def test_rules_check_refuses_what_could_hang(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "promotion.yaml"
    file.write_text(OWN.format(pattern="(buy ?|it ?|\\w+ ?)+!$"))
    result = run("rules", "check", file)
    assert result.exit_code == 2
    assert f"{file}:8: promotion/slow: the pattern takes far too long at `(buy ?|it ?|\\w+ ?)+`" in result.stderr
    record = json.loads(run("rules", "check", file, "--json").stdout)
    assert [(fault["path"], fault["line"]) for fault in record["faults"]] == [(str(file), 8)]
    file.write_text(OWN.format(pattern="^(buy |it )+now!$"))
    assert run("rules", "check", file).exit_code == 0
