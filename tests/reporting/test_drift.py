"""``cleaner compare``: changes are found, and chance is not called one."""

from __future__ import annotations

import json
import random
from pathlib import Path

from sample import Run

from cleaner.reporting.drift import Counts, drifts, p_value


def made(seed: int, sites: int, changed: int | None = None) -> Counts:
    """A run over sites whose rules fire on other shares of their articles; on one, a rule nearly stops."""
    chance, counts = random.Random(seed), Counts()
    for site in range(sites):
        for _ in range(30 + site % 50):
            rules = [f"rule/{n}" for n in range(4) if chance.random() < (0.02, 0.3, 0.6, 0.9)[n]]
            counts.add([f"site{site}"], [rule for rule in rules if site != changed or rule != "rule/3"])
    return counts


def test_chance_is_no_drift() -> None:
    alarms = sum(bool(drifts(made(seed, 400), made(seed + 100, 400))) for seed in range(5))
    assert alarms <= 1


def test_a_site_that_changed_is_first() -> None:
    found = drifts(made(1, 400), made(2, 400, changed=123))
    assert (found[0].site, found[0].rule) == ("site123", "rule/3")
    assert found[0].shares[0] > 0.7 and found[0].shares[1] == 0


def test_a_small_change_does_not_matter() -> None:
    then, now = Counts({"a": 100_000}, {("a", "r"): 50_000}), Counts({"a": 100_000}, {("a", "r"): 55_000})
    assert drifts(then, now) == []
    assert len(drifts(then, now, least=0.01)) == 1


def test_few_articles_are_tested_exactly() -> None:
    assert round(p_value((0, 5), (20, 20)), 4) == 0.0471  # Fisher: 2 * C(20, 5) / C(40, 5)


def test_by_use(run: Run, tmp_path: Path) -> None:
    for name, prompt in (("then", "Advertisement\n"), ("now", "")):
        folder = tmp_path / name / "news.example.org"
        folder.mkdir(parents=True)
        for number in range(25):
            (folder / f"{number}.txt").write_text(
                f"The bridge {number} opened.\n{prompt}Traffic flowed by noon {number}.\n"
            )
        assert run("run", tmp_path / name, "--out", tmp_path / f"{name}-out", "--workers", "1").exit_code == 0
    result = run("compare", tmp_path / "then-out", tmp_path / "now-out")
    assert result.exit_code == 1
    assert "100% of 25 articles then, 0% of 25 now" in result.stdout
    record = json.loads(run("compare", tmp_path / "then-out", tmp_path / "now-out", "--json").stdout)
    assert record["same_rules"] and {one["site"] for one in record["drifts"]} == {"(all)", "news.example.org"}
    same = run("compare", tmp_path / "then-out", tmp_path / "then-out")
    assert same.exit_code == 0 and "Nothing has changed beyond chance; 1 site compared." in same.stdout
    (folder := tmp_path / "few").mkdir()
    (folder / "a.txt").write_text("The bridge opened.\n")
    assert run("run", folder, "--out", tmp_path / "few-out", "--workers", "1").exit_code == 0
    few = run("compare", tmp_path / "then-out", tmp_path / "few-out")
    assert few.exit_code == 0 and "Nothing could be compared" in few.stdout
    assert f"Only in {tmp_path / 'then-out'}: news.example.org." in few.stdout
    assert run("compare", tmp_path / "then-out", folder).exit_code == 2
    assert run("compare", tmp_path / "then-out", tmp_path / "gone").exit_code == 2
