"""``cleaner audit``: a sample of a run, judged, and what it says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sample import Run

from cleaner.commands.review import session
from cleaner.reporting.review.audit import verdicts
from cleaner.reporting.review.corrections import Correction
from cleaner.reporting.review.sample import Drawn, read
from cleaner.reporting.review.store import Store
from cleaner.results.by_article import Place


@pytest.fixture
def out(run: Run, tmp_path: Path) -> Path:
    """A run over 40 articles: of what went each seventh advertisement was wrong, and a line in ten was missed."""
    folder = tmp_path / "in"
    for number in range(40):
        site = folder / f"site{number % 4}.example.org"
        site.mkdir(parents=True, exist_ok=True)
        missed = f"Photo of ramp {number}, by the Post.\n" if number % 4 == 0 else ""
        (site / f"{number}.txt").write_text(
            f"The council of ward {number} met, and talked about the bridge for hours.\nAdvertisement\n{missed}"
            f"It will open when the paint is dry, the mayor of ward {number} said. Buy it now for {number} pounds!\n"
        )
    assert run("run", folder, "--out", tmp_path / "out", "--repeats", "off", "--workers", "1").exit_code == 0
    return tmp_path / "out"


def judge(out: Path, who: str, restored: int = 7) -> None:
    """Judge all of the sample, as the page does."""
    store = Store(str(out / "corrections.jsonl"))
    with session(str(out), store, who, (0, 1), audit=True) as made:
        assert made.units
        for number, unit in enumerate(made.units):
            text = made.article(unit.number)["text"][unit.start : unit.end]
            action, category = ("keep", "") if unit.kept else ("accept", "promotion")
            if unit.kept and "Photo" in text:
                action, category = "mark", "photo-caption"
            if not unit.kept and number % restored == 0:
                action = "restore"
            told = {
                "id": f"{who}{number}",
                "action": action,
                "category": category,
                "start": unit.start,
                "end": unit.end,
            }
            made.correct(unit.number, told)
        assert made.items(None, spans=True, todo=True, first=0, listed=None)["total"] == 0  # type: ignore[arg-type]


def test_a_sample_and_what_it_says(run: Run, out: Path) -> None:
    assert run("audit", out, "--sample", "60").exit_code == 0
    about, units = read(str(out))
    assert sum(unit.times for unit in units) == 60 and about["removed"] > 0
    assert {unit.site for unit in units} == {f"site{n}.example.org" for n in range(4)}
    assert Counter(unit.kept for unit in units for _ in range(unit.times)) == {True: 30, False: 30}
    before = run("audit", out)
    assert before.exit_code == 2 and "cleaner review" in before.stderr and not (out / "audit.json").exists()
    judge(out, "ann")
    result = run("audit", out)
    assert result.exit_code == 0, result.output
    assert all(len(line) <= 80 for line in result.stdout.splitlines()[:-1])
    record = json.loads((out / "audit.json").read_text())
    assert record["judged"] == 60 and record["reviewers"] == ["ann"]
    precision, recall = record["precision"], record["recall"]
    assert 0.5 < precision["value"] < 0.97 and precision["low"] < precision["value"] < precision["high"]
    assert precision["halved_by"] > 60
    assert recall["low"] <= recall["value"] <= recall["high"] < 1 and "photo-caption" in record["categories"]
    assert record["languages"]["en"]["precision"]["draws"] == 30
    assert json.loads(run("audit", out, "--json").stdout) == record, "and the same again"


def test_the_same_sample_again(run: Run, out: Path) -> None:
    assert run("audit", out, "--sample", "50", "--seed", "3").exit_code == 0
    first = (out / "audit-sample.jsonl").read_bytes()
    assert run("audit", out, "--sample", "50", "--seed", "3", "--again").exit_code == 0
    assert (out / "audit-sample.jsonl").read_bytes() == first
    assert run("audit", out, "--sample", "50", "--seed", "4").exit_code == 2
    assert run("audit", out, "--sample", "50", "--seed", "4", "--again").exit_code == 0
    assert (out / "audit-sample.jsonl").read_bytes() != first


def test_two_people(run: Run, out: Path) -> None:
    assert run("audit", out, "--sample", "40").exit_code == 0
    judge(out, "ann")
    judge(out, "bob", restored=3)
    record = json.loads(run("audit", out, "--json").stdout)
    both = record["agreement"]
    assert record["reviewers"] == ["ann", "bob"] and both["judged_by_two"] > both["agree"] > 0
    assert 0 < both["kappa"] < 1
    assert "Two people agree" in run("audit", out).stdout


def test_the_next_run_takes_it_away_but_not_the_corrections(run: Run, out: Path) -> None:
    assert run("audit", out, "--sample", "20").exit_code == 0
    judge(out, "ann")
    assert run("audit", out).exit_code == 0
    assert run("verify", out).exit_code == 0
    assert run("run", out.parent / "in", "--out", out, "--repeats", "off", "--workers", "1").exit_code == 0
    assert not (out / "audit.json").exists() and not (out / "audit-sample.jsonl").exists()
    assert (out / "corrections.jsonl").exists()


def test_a_sample_of_another_run(run: Run, out: Path) -> None:
    assert run("audit", out, "--sample", "20").exit_code == 0
    (out / "summary.json").write_text((out / "summary.json").read_text() + "\n")
    result = run("audit", out)
    assert result.exit_code == 2 and "--again" in result.stderr
    assert run("review", out, "--audit").exit_code == 2


def test_review_without_a_sample(run: Run, out: Path) -> None:
    result = run("review", out, "--audit")
    assert result.exit_code == 2 and "audit-sample" in result.stderr


def unit(**more: Any) -> Drawn:
    values: dict[str, Any] = {"place": Place("a"), "article": "a", "number": 0, "start": 10, "end": 20, "kept": False}
    values |= {"stratum": "byline 3", "weight": 1.0, "times": 1, "category": "byline", "rule": "r", "score": 0.9}
    return Drawn(**{**values, "language": "en", "site": "", **more})


def said(action: str, start: int = 10, end: int = 20, category: str = "", who: str = "ann") -> Correction:
    return Correction("1", Place("a"), "a", who, action, start, end, category)


@pytest.mark.parametrize(
    ("kept", "lines", "wanted"),
    [
        (False, [said("accept", category="byline")], {"ann": (1.0, "byline")}),
        (False, [said("restore")], {"ann": (0.0, "")}),
        (False, [said("restore", 10, 12)], {"ann": (0.8, "byline")}),
        (False, [said("recategorise", category="other")], {"ann": (1.0, "other")}),
        (False, [said("unsure")], {}),
        (False, [said("done", 0, 0)], {"ann": (1.0, "byline")}),
        (False, [said("done", 0, 0), said("restore")], {"ann": (0.0, "")}),
        (False, [said("restore", 30, 40)], {}),
        (True, [said("done", 0, 0)], {"ann": (0.0, "")}),
        (True, [said("mark", 10, 15, "byline"), said("done", 0, 0)], {"ann": (0.5, "byline")}),
        (True, [said("keep")], {"ann": (0.0, "")}),
        (True, [said("mark", 5, 25, "byline", "bob"), said("keep")], {"bob": (1.0, "byline"), "ann": (0.0, "")}),
    ],
)
def test_what_was_said_of_a_unit(kept: bool, lines: list[Correction], wanted: dict[str, tuple[float, str]]) -> None:
    assert verdicts(unit(kept=kept), lines) == wanted
