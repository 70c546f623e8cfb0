"""``cleaner run`` when something is wrong: what it refuses, names and leaves behind when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from sample import ARTICLE, Run, records, tree

from cleaner.files import disk
from cleaner.results import journal, out_folder
from cleaner.run import one_article


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["articles", "--out", "articles"], "can't go into the folder that the articles come from"),
        (["articles", "--out", "articles/a.txt"], "there is a file of this name"),
        (["gone", "--out", "out"], "gone: no such file or folder"),
        (["articles/more", "gone", "--out", "out"], "gone: no such file or folder"),
        (["nothing", "--out", "out"], "no articles here: they are files that end in .txt .md .text .html .htm .jsonl"),
        (["articles", "--out", "out", "--profile", "gone"], "there is no profile 'gone'; there are: body, "),
        (["articles", "--out", "out", "--select", "captions"], "there is no category, detector or rule 'captions'"),
        (["articles", "--out", "out", "--rules", "gone"], "gone: no such file or folder of rules"),
        (["articles", "--out", "out", "--rules", "nothing"], "no rules in this folder"),
        (["articles", "--out", "out", "--diff", "--json"], "choose one"),
        (["-", "articles"], "- reads standard input"),
        (["-", "--out", "out"], "- reads standard input"),
        (["articles", "--language", "english"], "'english' is not a known language code"),
    ],
)
def test_wrong_from_the_start(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    result = run("run", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert tree(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_bad_rules_are_all_named_with_their_lines(run: Run, articles: Path, rules: Path, tmp_path: Path) -> None:
    (rules / "bad.yaml").write_text("category: nonsense\nlanguage: en\nrules: []\n")
    (rules / "worse.yaml").write_text("rules:\n  - id: [\n")
    result = run("run", articles, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert f"{rules}/bad.yaml:1: " in result.stderr
    assert f"{rules}/worse.yaml:" in result.stderr
    assert not (tmp_path / "out").exists()


def test_what_fails_is_named_and_the_rest_done(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (articles / "archive.txt").write_bytes(b"PK\x03\x04")
    (articles / "broken.txt").write_bytes("é".encode() * 9 + b"\xff")
    for name in ("locked.txt", "gone.txt", "bug.txt", "panic.txt"):
        (articles / name).write_text(name.removesuffix(".txt"))
    real_opened = disk.opened

    def opened(path: str) -> BinaryIO:
        # Root may read everything, so the system's refusal is played.
        if path.endswith("locked.txt"):
            raise PermissionError(13, "Permission denied", path)
        if path.endswith("gone.txt"):
            os.unlink(path)
        return real_opened(path)

    class Panic(BaseException):
        """As pyo3 raises them."""

    class Cleaner:
        def __init__(self, real: one_article.Cleans) -> None:
            self.real = real

        def clean(self, text: str, **more: object) -> object:
            if text == "bug":
                raise RuntimeError("a fault of ours")
            if text == "panic":
                raise Panic("in Rust")
            return self.real.clean(text, **more)  # type: ignore[arg-type]

    real_one = one_article.clean_one
    monkeypatch.setattr(disk, "opened", opened)
    monkeypatch.setattr(one_article, "clean_one", lambda cleaner, *more: real_one(Cleaner(cleaner), *more))  # type: ignore[arg-type]
    out = tmp_path / "out"
    result = run("run", articles, "--out", out, "--quiet", "--repeats", "off")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert records(out / "errors.jsonl")[1:] == [
        {"article": "archive.txt", "kind": "binary", "message": "this is a ZIP archive (docx, odt and epub are such "
         "archives), not a text"},
        {"article": "broken.txt", "kind": "undecodable", "message": "this is UTF-8 with 1 broken byte, the first at "
         "byte 18"},
        {"article": "bug.txt", "kind": "internal", "message": "RuntimeError: a fault of ours"},
        {"article": "gone.txt", "kind": "vanished", "message": "the file was gone when its turn came"},
        {"article": "locked.txt", "kind": "unreadable", "message": "no permission to read it"},
        {"article": "panic.txt", "kind": "internal", "message": "Panic: in Rust"},
    ]  # fmt: skip
    assert "locked.txt: no permission to read it" in result.stderr
    assert sorted(tree(out / "clean")) == ["a.txt", "empty.txt", "more/b.txt"]
    assert json.loads((out / "summary.json").read_text())["failed"] == 6


def test_many_failures_are_not_all_shown(run: Run, articles: Path, tmp_path: Path) -> None:
    for number in range(15):
        (articles / f"{number:02}.txt").write_bytes(b"\0\1\2\3")
    result = run("run", articles, "--out", tmp_path / "out")
    assert "09.txt: " in result.stderr and "10.txt: " not in result.stderr
    assert "and 5 more" in result.stderr
    assert "15 failed: 15 binary" in result.stdout


@pytest.mark.parametrize("where", ["write", "fsync", "rename"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_or_a_stop_leaves_the_old_results_and_goes_on(
    run: Run,
    articles: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    fault: BaseException,
) -> None:
    out = tmp_path / "out"
    run("run", articles, "--out", out)
    before = tree(out)
    (articles / "c.txt").write_text("One more.")

    def fail(*_: object, **__: object) -> None:
        raise fault

    if where == "write":
        monkeypatch.setattr(disk, "write", fail)
    elif where == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(disk, "settle", fail)
    for target, left in ((out, before), (tmp_path / "fresh", None)):
        result = run("run", articles, "--out", target)
        if isinstance(fault, KeyboardInterrupt):
            assert result.exit_code == 130
        else:
            assert result.exit_code == 1
            assert f"{target}: can't be written to: No space left on device" in result.stderr
        assert tree(target) == (left or {})
    monkeypatch.undo()
    assert run("run", articles, "--out", out).exit_code == 0
    assert out_folder.PARTIAL not in os.listdir(out) and (out / "clean" / "c.txt").exists()


@pytest.mark.parametrize("limit", [100, 2_000, 20_000])
def test_a_disk_that_is_really_full(articles: Path, rules: Path, tmp_path: Path, limit: int) -> None:
    """The system itself refuses to write more, in the middle of a file and again when it is closed."""
    for number in range(300):
        (articles / f"{number}.txt").write_text(ARTICLE)
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from cleaner.commands.cli import main; main()"
    )
    words = ["run", "articles", "--out", "out", "--rules", str(rules), "--rules-only"]
    result = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 1
    assert result.stderr.split("\n", 1)[1].startswith(
        "Error: out: can't be written to: File too large. Older results are as they were"
    )
    assert not tree(tmp_path / "out")


def test_a_name_that_the_results_cannot_have(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = disk.write

    def write(path: str, data: bytes, *, flush: bool = True) -> None:
        if path.endswith("a.txt"):
            raise OSError(36, "File name too long", path)
        real(path, data, flush=flush)

    monkeypatch.setattr(disk, "write", write)
    result = run("run", articles, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert records(tmp_path / "out" / "errors.jsonl")[1]["kind"] == "name-too-long"
    assert run("verify", tmp_path / "out").exit_code == 0


def test_an_out_that_cannot_be_made(run: Run, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("run", articles, "--out", tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert "can't be written to" in result.stderr


def test_two_runs_at_once(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with disk.held(str(out)):
        result = run("run", articles, "--out", out)
    assert result.exit_code == 2
    assert "another run is writing there" in result.stderr
    assert os.listdir(out) == []
    assert run("run", articles, "--out", out).exit_code == 0


def test_a_killed_run_is_replaced(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / out_folder.PARTIAL / "clean").mkdir(parents=True)
    (out / out_folder.PARTIAL / "clean" / "half.txt").write_text("half")
    assert run("run", articles, "--out", out).exit_code == 0
    assert out_folder.PARTIAL not in os.listdir(out)


def heeds_interrupts() -> None:
    """A program that a shell starts in the background ignores ^C, and what it starts does so too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_interrupt_as_a_program(articles: Path, rules: Path, tmp_path: Path) -> None:
    for number in range(3000):
        (articles / f"{number}.txt").write_text(ARTICLE * 20)
    out = tmp_path / "out"
    child = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "run", articles, "--out", out, "--rules", rules, "--rules-only"],
        stderr=subprocess.PIPE,
        preexec_fn=heeds_interrupts,
    )
    waited = time.monotonic()
    while not journal.begun(str(out / out_folder.PARTIAL)):
        assert time.monotonic() - waited < 60 and child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert b"Traceback" not in errors and b"the same command goes on" in errors
    assert os.listdir(out) == [out_folder.PARTIAL]
