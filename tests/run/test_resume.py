"""Runs that are stopped go on, and come to the same bytes; with --incremental only what is new is done."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pages import PAGE, http, record
from sample import ARTICLE, RULES, Run

from cleaner.results import out_folder
from cleaner.run import forkserver, naming, one_article
from cleaner.run import run as runs


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


FILES = 160


def fill(articles: Path) -> Path:
    """Add many articles, a table, and pages in a table and in a WARC file: of each several units."""
    (articles / "more").mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        (articles / f"{number:03}.txt").write_text(f"{ARTICLE}Number {number}.\n")
    rows = [{"id": n, "text": f"{ARTICLE}Row {n}.", "more": [n]} for n in range(140)]
    (articles / "more" / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pages = [f"<p>{ARTICLE}Page {n}.<p>Advertisement" for n in range(66)]
    (articles / "more" / "pages.jsonl").write_text("".join(json.dumps({"html": page}) + "\n" for page in pages))
    packed = [gzip.compress(record(http(page.encode()), name=str(n)), mtime=0) for n, page in enumerate(pages[:34])]
    (articles / "w.warc.gz").write_bytes(b"".join([*packed, packed[0][:-50]]))
    return articles


@pytest.fixture
def many(articles: Path) -> Path:
    return fill(articles)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with many articles and rules, which no test changes, for the results of a run that nothing stopped."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "rules").mkdir()
    (folder / "rules" / "promotion.yaml").write_text(RULES)
    fill(folder / "articles")
    return folder


def program(many: Path, out: Path, rules: Path, workers: int) -> list[str]:
    words = [
        "run",
        str(many),
        "--out",
        str(out),
        "--rules",
        str(rules),
        "--rules-only",
        "--kept",
        "-q",
        f"--workers={workers}",
    ]
    return [sys.executable, "-m", "cleaner", *words]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killed_and_run_again(run: Run, place: Path, sign: signal.Signals) -> None:
    many, rules, whole = (place / name for name in ("articles", "rules", "whole"))
    own = ("--rules", rules, "--rules-only")
    if not whole.exists():
        run("run", many, "--out", whole, "--kept", "--workers", "1", *own)
    out = place / sign.name
    dice = random.Random(sign)
    for workers in (8, 1):
        child = subprocess.Popen(program(many, out, rules, workers), stderr=subprocess.DEVNULL)
        journal = out / out_folder.PARTIAL / "journal.jsonl"
        wanted = dice.randrange(100, 1900)
        until = time.monotonic() + 30
        while child.poll() is None and time.monotonic() < until:
            if journal.exists() and journal.stat().st_size > wanted:
                child.send_signal(sign)
                child.wait()
        child.wait()
    run("run", many, "--out", out, "--kept", "--workers", "2", *own)
    assert tree(out) == tree(whole)
    assert run("verify", out).exit_code == 0


def test_what_changed_in_between_is_done_again(
    run: Run, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    stopped(run, many, out, monkeypatch)
    (many / "060.txt").write_text("Changed.\n")
    (many / "120.txt").unlink()
    (many / "more" / "t.jsonl").unlink()
    calls = counted(monkeypatch, tmp_path)
    run("run", many, "--out", out)
    assert 90 < calls() < 140
    monkeypatch.undo()
    run("run", many, "--out", tmp_path / "whole")
    assert tree(out) == tree(tmp_path / "whole")


def stop(*_: object) -> None:
    raise RuntimeError("stopped")


def stopped(run: Run, many: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends before its results are in place."""
    monkeypatch.setattr(out_folder, "put_in_place", stop)
    with pytest.raises(RuntimeError):
        run("run", many, "--out", out)
    monkeypatch.undo()


def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], int]:
    real = one_article.clean_one
    seen = tmp_path / "seen"

    def clean_one(cleaner: object, job: naming.Job, most: int, site: str | None = None) -> object:
        with open(seen, "a") as file:
            file.write("x")
        return real(cleaner, job, most, site)  # type: ignore[arg-type]

    monkeypatch.setattr(one_article, "clean_one", clean_one)
    monkeypatch.setattr(forkserver, "may_fork", lambda: True)  # undone with the rest, above
    return lambda: seen.stat().st_size if seen.exists() else 0


@pytest.mark.parametrize("names", [0, 1, 2, 3, 4, 5, 6, 7, 8])
def test_stopped_while_the_results_change_places(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: int
) -> None:
    out = tmp_path / "out"
    run("run", articles, "--out", out)
    (articles / "new.txt").write_text(ARTICLE)
    real = os.rename
    left = [names]

    def rename(old: str, new: str) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(old, new)

    monkeypatch.setattr(os, "rename", rename)
    assert run("run", articles, "--out", out).exit_code == 130
    monkeypatch.undo()
    calls = counted(monkeypatch, tmp_path)
    assert run("run", articles, "--out", out).exit_code == 0
    assert calls() == 0
    run("run", articles, "--out", tmp_path / "whole")
    assert tree(out) == tree(tmp_path / "whole")


@pytest.mark.parametrize("more", [(), ("--log", "residue"), ("--format", "markdown")])
def test_pages_are_taken_over(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text(PAGE.replace("Ada", f"Ada {number}"))
    assert run("run", folder, "--out", out, *more).exit_code == 0
    (folder / "1.html").write_text(PAGE)
    (out / "clean" / "2.html.txt").write_text("Changed by hand.")
    calls = counted(monkeypatch, tmp_path)
    assert run("run", folder, "--out", out, "--incremental", *more).exit_code == 0
    assert calls() == (4 if "markdown" in more else 2)
    run("run", folder, "--out", tmp_path / "whole", *more)
    assert tree(out) == tree(tmp_path / "whole")


def test_incremental(run: Run, many: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (many / "more" / "t.jsonl").unlink()
    (many / "w.warc.gz").unlink()
    out = tmp_path / "out"
    run("run", many, "--out", out, "--kept")
    (many / "060.txt").write_text(f"{ARTICLE}Changed.\n")
    (many / "new.txt").write_text(ARTICLE)
    (many / "120.txt").unlink()
    calls = counted(monkeypatch, tmp_path)
    assert run("run", many, "--out", out, "--kept", "--incremental").exit_code == 0
    assert calls() == 2
    run("run", many, "--out", tmp_path / "whole", "--kept")
    assert tree(out) == tree(tmp_path / "whole")
    before = calls()
    (rules / "any" / "promotion.yaml").write_text((rules / "any" / "promotion.yaml").read_text().replace("0.3", "0.4"))
    run("run", many, "--out", out, "--kept", "--incremental")
    assert calls() - before == FILES + 3


def test_other_rules_begin_anew(run: Run, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_folder, "put_in_place", stop)
    with pytest.raises(RuntimeError):
        run("run", many, "--out", tmp_path / "out")
    monkeypatch.undo()
    run("run", many, "--out", tmp_path / "out", "--ignore", "promotion/ad")
    run("run", many, "--out", tmp_path / "whole", "--ignore", "promotion/ad")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert runs.LOGS


def test_what_was_done_ahead_of_other_input_is_not_used(
    run: Run, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that is shorter when the run goes on: ranges of what it was lie about, under numbers used anew."""
    table = many / "more" / "t.jsonl"
    out = tmp_path / "out"
    stopped(run, many, out, monkeypatch)
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:64]))
    units = out / out_folder.PARTIAL / "units"
    for number in range(40):
        (units / f"{number}.rows").write_text('{"text": "Stale."}\n')
    run("run", many, "--out", out)
    run("run", many, "--out", tmp_path / "whole")
    assert tree(out) == tree(tmp_path / "whole")


def test_a_folder_that_can_be_listed_no_more(
    run: Run, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    stopped(run, many, out, monkeypatch)
    real = os.scandir

    def scandir(path: str) -> object:
        if isinstance(path, str) and os.path.basename(path) == "more":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr("cleaner.run.inputs.os.scandir", scandir)
    assert run("run", many, "--out", out).exit_code == 1
    assert "more" in (out / "errors.jsonl").read_text()
