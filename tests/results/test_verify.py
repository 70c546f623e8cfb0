"""``cleaner verify`` and ``restore``: the proof of a run, and every way in which it may fail."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sample import ARTICLE, Run

from cleaner.results import log


@pytest.fixture
def out(run: Run, articles: Path, tmp_path: Path) -> Path:
    """The results of a run over the three articles."""
    (articles / "c.txt").write_text("It rained.\nAdvertisement\n")
    assert run("run", articles, "--out", tmp_path / "out").exit_code == 0
    return tmp_path / "out"


def change(path: Path, line: int, **values: Any) -> None:
    """Change keys of a record of a log; ``None`` deletes them."""
    lines = path.read_text().splitlines()
    record = json.loads(lines[line])
    record.update(values)
    lines[line] = json.dumps({key: value for key, value in record.items() if value is not None})
    path.write_text("\n".join(lines) + "\n")


def drop(path: Path, line: int) -> None:
    lines = path.read_text().splitlines()
    del lines[line]
    path.write_text("\n".join(lines) + "\n")


def double(path: Path, line: int) -> None:
    lines = path.read_text().splitlines()
    lines.insert(line, lines[line])
    path.write_text("\n".join(lines) + "\n")


def test_all_agrees(run: Run, out: Path) -> None:
    result = run("verify", out)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "4 articles: clean text and log give every character of the input back.",
        "All were compared with the input files themselves.",
    ]


def test_from_another_folder(run: Run, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert "All were compared" in run("verify", os.path.relpath(out, "/")).stdout


def test_inputs_that_are_gone_or_moved(run: Run, articles: Path, out: Path, tmp_path: Path) -> None:
    articles.rename(tmp_path / "moved")
    result = run("verify", out)
    assert result.exit_code == 0
    assert "0 were compared" in result.stdout and "--input" in result.stdout
    assert "All were compared" in run("verify", out, "--input", tmp_path / "moved").stdout
    (tmp_path / "moved" / "c.txt").unlink()
    assert "3 were compared" in run("verify", out, "--input", tmp_path / "moved").stdout
    assert run("verify", out, "--input", tmp_path / "gone").exit_code == 2


def test_an_input_that_has_changed(run: Run, articles: Path, out: Path) -> None:
    (articles / "a.txt").write_text(ARTICLE.replace("Monday", "Sunday"))
    result = run("verify", out)
    assert result.exit_code == 1
    assert "a.txt: the input file has changed since the run: they differ from byte 21 on" in result.stdout
    assert "Monday" in result.stdout and "Sunday" in result.stdout


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a clean text is changed": (
        lambda out: (out / "clean/a.txt").write_text((out / "clean/a.txt").read_text().replace("noon", "moon")),
        "a.txt: clean text and log don't give the input back: they differ from byte 81 on",
    ),
    "a clean text is shorter": (lambda out: (out / "clean/a.txt").write_text("x"), "a.txt: the removed span"),
    "a clean text is missing": (lambda out: (out / "clean/a.txt").unlink(), "a.txt: clean/a.txt is missing"),
    "a clean text is not UTF-8": (
        lambda out: (out / "clean/a.txt").write_bytes(b"\xff"),
        "clean/a.txt: not UTF-8 at byte 0",
    ),
    "a file too many": (lambda out: (out / "clean/x.txt").write_text("x"), "clean/x.txt: a file that articles.jsonl"),
    "a text of the log is changed": (
        lambda out: change(out / "removed.jsonl", 1, text="advertisement\n"),
        "a.txt: clean text and log don't give the input back",
    ),
    "a text of the log is shorter": (lambda out: change(out / "removed.jsonl", 1, text="x"), "is not a span"),
    "a span is moved": (
        lambda out: change(out / "removed.jsonl", 1, start=48, end=62),
        "a.txt: clean text and log don't give the input back",
    ),
    "spans overlap": (
        lambda out: change(out / "removed.jsonl", 2, start=50, end=50 + 12),
        "removed.jsonl:3: the span 50-62 begins before the one above it ends",
    ),
    "a span is lost": (lambda out: drop(out / "removed.jsonl", 1), "a.txt: 1 removed spans in the log, but 2"),
    "a span is there twice": (lambda out: double(out / "removed.jsonl", 1), "begins before the one above it ends"),
    "a span lacks a key": (lambda out: change(out / "removed.jsonl", 1, rule=None), "removed.jsonl:2: rule is missing"),
    "a span of nobody": (lambda out: change(out / "removed.jsonl", 3, article="b.txt"), "spans of 'b.txt'"),
    "a span after all": (lambda out: change(out / "removed.jsonl", 3, article="z.txt"), "removed.jsonl:4: spans of"),
    "a span of a strange kind": (lambda out: change(out / "removed.jsonl", 1, article=7), "spans of 7"),
    "another category": (lambda out: change(out / "removed.jsonl", 1, category="byline"), "spans by category"),
    "an article is lost": (lambda out: drop(out / "articles.jsonl", 1), "clean/a.txt: a file that articles.jsonl"),
    "an article is there twice": (lambda out: double(out / "articles.jsonl", 1), "out of order, or there twice"),
    "a digest is changed": (
        lambda out: change(out / "articles.jsonl", 1, sha256="0"),
        "a.txt: the digest in the log is not that of the input",
    ),
    "a length is changed": (lambda out: change(out / "articles.jsonl", 1, characters=7), "the input had 7"),
    "a sum is changed": (
        lambda out: change(out / "articles.jsonl", 1, removed_characters=7),
        "but 7 in articles.jsonl",
    ),
    "an encoding that there isn't": (lambda out: change(out / "articles.jsonl", 1, encoding="x"), "unknown encoding"),
    "a key of a strange kind": (lambda out: change(out / "articles.jsonl", 1, bom=0), "bom: missing or of the wrong"),
    "a path out of the folder": (
        lambda out: change(out / "articles.jsonl", 1, clean="../../articles/a.txt"),
        "leads out of its folder",
    ),
    "a line that is cut": (
        lambda out: (out / "removed.jsonl").write_text((out / "removed.jsonl").read_text()[:-20]),
        "removed.jsonl:4: not JSON",
    ),
    "a log of another version": (lambda out: change(out / "removed.jsonl", 0, version=9), "version 9 of the format"),
    "an empty log": (lambda out: (out / "removed.jsonl").write_text(""), "removed.jsonl: empty"),
    "a log is missing": (lambda out: (out / "removed.jsonl").unlink(), "removed.jsonl"),
    "a log is no text": (lambda out: (out / "removed.jsonl").write_bytes(b"\xff\xfe"), "utf-8"),
    "the errors are gone": (lambda out: (out / "errors.jsonl").unlink(), "errors.jsonl"),
    "an error too many": (
        lambda out: (out / "errors.jsonl").write_text((out / "errors.jsonl").read_text() + "{}\n"),
        "failed articles: 0, but the logs say 1",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_agree(run: Run, out: Path, name: str) -> None:
    harm, message = CASES[name]
    harm(out)
    result = run("verify", out)
    assert result.exit_code == 1, result.stdout
    assert message in result.stdout
    assert "disagreement" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", [name for name, (_, message) in CASES.items() if "don't give" in message])
def test_the_digest_alone_notices_too(run: Run, articles: Path, out: Path, name: str) -> None:
    shutil.rmtree(articles)
    CASES[name][0](out)
    result = run("verify", out)
    assert result.exit_code == 1
    assert "don't give the input back (its digest is another)" in result.stdout


@pytest.mark.parametrize("key", ["articles", "failed", "removed", "categories", "digests"])
def test_a_summary_that_is_changed(run: Run, out: Path, key: str) -> None:
    summary = json.loads((out / "summary.json").read_text())
    summary[key] = 99
    (out / "summary.json").write_text(json.dumps(summary))
    result = run("verify", out)
    assert result.exit_code == 1
    assert "summary.json: " in result.stdout


def test_many_disagreements_are_counted(run: Run, out: Path) -> None:
    for number in range(40):
        (out / "clean" / f"{number}.txt").write_text("x")
    result = run("verify", out)
    assert len(result.stdout.splitlines()) == 22
    assert "40 disagreements" in result.stdout


def test_a_folder_that_is_no_result(run: Run, articles: Path, tmp_path: Path) -> None:
    for folder, message in (
        (articles, "holds no summary.json"),
        (tmp_path / "gone", "no such folder"),
        (articles / "a.txt", "not a folder"),
    ):
        for command in (["verify", folder], ["restore", folder, "a.txt"]):
            result = run(*command)
            assert result.exit_code == 2
            assert message in result.stderr
    (articles / "summary.json").write_text("[]")
    assert "not a JSON object" in run("verify", articles).stderr
    (articles / "summary.json").write_text('{"format": "cleaner-summary", "version": 9}')
    assert "version 9" in run("verify", articles).stderr


# -- restore --------------------------------------------------------------------------------------------------------


def test_restore_one(run: Run, out: Path, tmp_path: Path) -> None:
    result = run("restore", out, "a.txt")
    assert (result.exit_code, result.stdout) == (0, ARTICLE)
    assert run("restore", out, "a.txt", "--to", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "a.txt").read_text() == ARTICLE


def test_restore_all(run: Run, articles: Path, out: Path, tmp_path: Path) -> None:
    back = tmp_path / "back"
    result = run("restore", out, "--all", "--to", back)
    assert result.exit_code == 0
    assert "4 articles restored" in result.stdout
    for path in articles.rglob("*.txt"):
        assert (back / path.relative_to(articles)).read_bytes() == path.read_bytes()


def test_restore_replaces_nothing_unasked(run: Run, out: Path, tmp_path: Path) -> None:
    back = tmp_path / "back"
    back.mkdir()
    (back / "a.txt").write_text("mine")
    result = run("restore", out, "--all", "--to", back)
    assert result.exit_code == 1
    assert "a.txt is there already; --force replaces it" in result.stderr
    assert (back / "a.txt").read_text() == "mine"
    assert run("restore", out, "--all", "--to", back, "--force").exit_code == 0
    assert (back / "a.txt").read_text() == ARTICLE


def test_restore_gives_nothing_wrong(run: Run, out: Path, tmp_path: Path) -> None:
    change(out / "removed.jsonl", 1, text="advertisement\n")
    result = run("restore", out, "a.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "a.txt: clean text and log don't give the input back" in result.stderr
    assert run("restore", out, "--all", "--to", tmp_path / "back").exit_code == 1
    assert sorted(os.listdir(tmp_path / "back")) == ["c.txt", "empty.txt", "more"]


def test_restore_stays_in_its_folder(run: Run, out: Path, tmp_path: Path) -> None:
    change(out / "articles.jsonl", 1, article="../escaped.txt", clean="empty.txt", sha256=log.sha256(""))
    change(out / "removed.jsonl", 1, article="x")
    run("restore", out, "--all", "--to", tmp_path / "deep" / "back")
    assert not (tmp_path / "deep" / "escaped.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name one ARTICLE, or say --all"),
        (["a.txt", "--all", "--to", "x"], "name one ARTICLE, or say --all"),
        (["--all"], "--all needs --to"),
        (["gone.txt"], "has no article 'gone.txt'"),
    ],
)
def test_restore_refuses(run: Run, out: Path, arguments: list[str], message: str) -> None:
    result = run("restore", out, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
