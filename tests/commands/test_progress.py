"""What a run says of itself while it is going on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample import Run


@pytest.fixture
def broken(articles: Path) -> Path:
    for number in range(12):
        (articles / f"broken{number}.txt.gz").write_bytes(b"\x1f\x8b broken")
    return articles


def test_failures_are_named_and_all_of_them_when_asked(run: Run, broken: Path, tmp_path: Path) -> None:
    short = run("run", broken, "--out", tmp_path / "out", "--workers", "1").stderr
    assert short.count(".txt.gz: ") == 10 and "and 2 more" in short
    long = run("run", broken, "--out", tmp_path / "out", "--workers", "1", "-v").stderr
    assert all(f"broken{number}.txt.gz" in long for number in range(12)) and "more, in errors" not in long
    assert "files to clean, 1 worker, " in long and "done: 3 articles, 12 failed" in long and "a.txt: ok" not in long


def test_every_article(run: Run, articles: Path, tmp_path: Path) -> None:
    told = run("run", articles, "--out", tmp_path / "out", "--workers", "1", "-vv").stderr
    assert "a.txt: ok, 2 spans cut (" in told and "more/b.txt: unchanged, 0 spans cut (0 %)" in told


def test_a_log_file(run: Run, broken: Path, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    for _ in range(2):
        run("run", broken, "--out", tmp_path / "out", "--workers", "1", "--quiet", "--log-file", log)
    lines = log.read_text().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S", line) for line in lines)
    assert len(lines) == 2 * (1 + 12 + 1), "the start, the failures and the end of each run: it is added to"
    assert lines[-1].endswith("% removed") and "failed: broken0.txt.gz: " in log.read_text()
    assert "run.log" not in str(sorted((tmp_path / "out").rglob("*")))


def test_how_far_it_is(run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.commands.progress.EVERY", 0.0)
    log = tmp_path / "run.log"
    told = run(
        "run", articles, "--out", tmp_path / "out", "--workers", "1", "--repeats", "off", "--log-file", log
    ).stderr
    assert re.search(r"\d of 3 articles, .*/s, .* removed", told) and re.search(r"\d of 3 articles", log.read_text())
    rows = "".join(f'{{"id": "{n}", "text": "It rained. It rained all day."}}\n' for n in range(300))
    (tmp_path / "rows.jsonl").write_text(rows)
    told = run("run", tmp_path / "rows.jsonl", "--out", tmp_path / "two", "--workers", "1", "--repeats", "off").stderr
    assert re.search(r"about \d+ (s|min) left", told)


def test_a_log_file_that_cannot_be_written(run: Run, articles: Path, tmp_path: Path) -> None:
    result = run("run", articles, "--out", tmp_path / "out", "--log-file", tmp_path / "none" / "run.log")
    assert result.exit_code == 2 and "run.log" in result.stderr and not (tmp_path / "out").exists()


def test_the_table_fits_80_columns(run: Run, articles: Path, tmp_path: Path) -> None:
    for number in range(30):
        (articles / f"{number}.txt").write_text(
            "The bridge opened, and thousands came to see it.\nAdvertisement\n" * 40
        )
    told = run("run", articles, "--out", tmp_path / "out", "--workers", "1", "--repeats", "off").stdout
    table = told[told.index("Removed") : told.index("Results")]
    assert max(map(len, table.splitlines())) <= 80
