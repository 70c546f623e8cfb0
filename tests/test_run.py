"""``cleaner run``: what it writes, what it refuses, and what it leaves behind when it is stopped."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from sample import ARTICLE, CLEAN, Program, Run

from cleaner import batch, files, manifest, outfolder
from cleaner.patterns import PatternTimeout


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def tree(folder: Path) -> dict[str, bytes]:
    """All files but those of a run that was stopped."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and outfolder.PARTIAL not in path.parts
    }


def test_a_run(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("run", articles, "--out", out, "--kept")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert tree(out / "clean") == {
        "a.txt": CLEAN.encode(),
        "empty.txt": b"",
        "more/b.txt": b"The council met on Tuesday.\n",
    }
    assert sorted(os.listdir(out)) == [
        *("articles.jsonl", "clean", "errors.jsonl", "kept.jsonl", "removed.jsonl", "summary.json"),
    ]
    head, *removed = records(out / "removed.jsonl")
    assert head == {"format": "cleaner-removed", "version": 1}
    assert list(removed[0]) == [
        *("article", "start", "end", "category", "rule", "detector", "score", "reason", "text"),
    ]
    assert [(span["article"], span["rule"]) for span in removed] == [
        ("a.txt", "promotion/ad"),
        ("a.txt", "promotion/buy"),
    ]
    head, first, empty, other = records(out / "articles.jsonl")
    assert first == {
        "article": "a.txt",
        "source": "a.txt",
        "input": 0,
        "clean": "a.txt",
        "encoding": "utf-8",
        "bom": False,
        "language": "en",
        "site": None,
        "url": None,
        "title": None,
        "characters": len(ARTICLE),
        "sha256": hashlib.sha256(ARTICLE.encode()).hexdigest(),
        "removed_spans": 2,
        "removed_characters": len(ARTICLE) - len(CLEAN),
        "status": "ok",
        "fields": {},
        "page": None,
    }
    assert (empty["status"], other["status"], other["article"]) == ("empty", "unchanged", "more/b.txt")
    assert records(out / "errors.jsonl") == [{"format": "cleaner-errors", "version": 1}]
    summary = json.loads((out / "summary.json").read_text())
    assert summary["articles"] == 3
    assert summary["status"] == {"ok": 1, "unchanged": 1, "empty": 1, "nothing-left": 0}
    assert summary["categories"]["promotion"]["spans"] == 2
    assert set(summary["rules"]) == {"promotion/ad", "promotion/buy"}
    assert summary["inputs"] == ["../articles"]


def test_the_table_is_for_newcomers(run: Run, articles: Path, tmp_path: Path) -> None:
    (articles / "page.docx").write_text("x")
    output = run("run", articles, "--out", tmp_path / "out").stdout
    assert "3 articles from" in output
    assert "1 with boilerplate cut, 1 with nothing to cut, 1 empty" in output
    assert "promotion" in output
    assert "1 × .docx file: page.docx" in output
    assert f"cleaner verify {tmp_path / 'out'}" in output
    assert "\x1b" not in output


def test_nothing_left_is_said(run: Run, articles: Path, tmp_path: Path) -> None:
    (articles / "ad.txt").write_text("Advertisement\n")
    result = run("run", articles, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 of which nothing is left" in result.stdout


def test_the_same_bytes_whatever_the_place_and_order(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("run", articles, "--out", tmp_path / "one", "--kept")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(articles, elsewhere / "articles")
    real = os.scandir

    class Shuffled:
        def __init__(self, path: str) -> None:
            with real(path) as entries:
                self.entries = list(entries)
            random.shuffle(self.entries)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("cleaner.walk.os.scandir", Shuffled)
    run("run", elsewhere / "articles", "--out", elsewhere / "two", "--kept")
    monkeypatch.undo()
    assert tree(tmp_path / "one") == tree(elsewhere / "two")


def test_running_again_replaces_the_results(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("run", articles, "--out", out, "--kept")
    (out / "notes.md").write_text("mine")
    (articles / "more" / "b.txt").unlink()
    assert run("run", articles, "--out", out).exit_code == 0
    assert sorted(tree(out)) == [
        *("articles.jsonl", "clean/a.txt", "clean/empty.txt", "errors.jsonl", "notes.md"),
        *("removed.jsonl", "summary.json"),
    ]


def test_out_inside_the_input(run: Run, articles: Path) -> None:
    first = run("run", articles, "--out", articles / "out")
    before = tree(articles / "out")
    second = run("run", articles, "--out", articles / "out")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert tree(articles / "out") == before


def test_an_out_that_holds_something_else(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.doc").write_text("years of work")
    result = run("run", articles, "--out", out)
    assert result.exit_code == 2
    assert "thesis.doc" in result.stderr and "--force" in result.stderr
    assert os.listdir(out) == ["thesis.doc"]
    assert run("run", articles, "--out", out, "--force").exit_code == 0
    assert (out / "thesis.doc").read_text() == "years of work"
    assert (out / "clean" / "a.txt").exists()


def test_a_file_of_ones_own_among_the_results(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("run", articles, "--out", out)
    (out / "clean" / "mine.txt").write_text("mine")
    result = run("run", articles, "--out", out)
    assert result.exit_code == 2
    assert "clean/mine.txt" in result.stderr
    assert (out / "clean" / "mine.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["articles", "--out", "articles"], "can't go into the folder that the articles come from"),
        (["articles", "--out", "articles/a.txt"], "there is a file of this name"),
        (["gone", "--out", "out"], "gone: no such file or folder"),
        (["articles/more", "gone", "--out", "out"], "gone: no such file or folder"),
        (["nothing", "--out", "out"], "no articles here: they are files that end in .txt .md .text .html .htm .jsonl"),
        (["articles", "--out", "out", "--profile", "gone"], "there is no profile 'gone'; there are: body, "),
        (["articles", "--out", "out", "--select", "captions"], "'captions' is no category"),
        (["articles", "--out", "out", "--rules", "gone"], "gone: no such file or folder of rules"),
        (["articles", "--out", "out", "--rules", "nothing"], "no rules in this folder"),
        (["articles", "--out", "out", "--diff", "--json"], "choose one"),
        (["-", "articles"], "- reads standard input"),
        (["-", "--out", "out"], "- reads standard input"),
        (["articles", "--language", "english"], "'english' is no language code"),
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
    real_opened = files.opened

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
        def __init__(self, real: batch.Cleans) -> None:
            self.real = real

        def clean(self, text: str, **more: object) -> object:
            if text == "bug":
                raise RuntimeError("a fault of ours")
            if text == "panic":
                raise Panic("in Rust")
            return self.real.clean(text, **more)  # type: ignore[arg-type]

    real_one = batch.clean_one
    monkeypatch.setattr(files, "opened", opened)
    monkeypatch.setattr(batch, "clean_one", lambda cleaner, job, most: real_one(Cleaner(cleaner), job, most))  # type: ignore[arg-type]
    out = tmp_path / "out"
    result = run("run", articles, "--out", out, "--quiet")
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
        monkeypatch.setattr(files, "write", fail)
    elif where == "fsync":
        monkeypatch.setattr(files.os, "fsync", fail)
    else:
        monkeypatch.setattr(files, "settle", fail)
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
    assert outfolder.PARTIAL not in os.listdir(out) and (out / "clean" / "c.txt").exists()


@pytest.mark.parametrize("limit", [100, 2_000, 20_000])
def test_a_disk_that_is_really_full(articles: Path, rules: Path, tmp_path: Path, limit: int) -> None:
    """The system itself refuses to write more, in the middle of a file and again when it is closed."""
    for number in range(300):
        (articles / f"{number}.txt").write_text(ARTICLE)
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from cleaner.cli import main; main()"
    )
    words = ["run", "articles", "--out", "out", "--rules", str(rules)]
    result = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Error: out: can't be written to: File too large. Older results are as they were")
    assert not tree(tmp_path / "out")


def test_a_name_that_the_results_cannot_have(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write

    def write(path: str, data: bytes, *, flush: bool = True) -> None:
        if path.endswith("a.txt"):
            raise OSError(36, "File name too long", path)
        real(path, data, flush=flush)

    monkeypatch.setattr(files, "write", write)
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
    with files.held(str(out)):
        result = run("run", articles, "--out", out)
    assert result.exit_code == 2
    assert "another run is writing there" in result.stderr
    assert os.listdir(out) == []
    assert run("run", articles, "--out", out).exit_code == 0


def test_a_killed_run_is_replaced(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / outfolder.PARTIAL / "clean").mkdir(parents=True)
    (out / outfolder.PARTIAL / "clean" / "half.txt").write_text("half")
    assert run("run", articles, "--out", out).exit_code == 0
    assert outfolder.PARTIAL not in os.listdir(out)


def heeds_interrupts() -> None:
    """A program that a shell starts in the background ignores ^C, and what it starts does so too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_interrupt_as_a_program(articles: Path, rules: Path, tmp_path: Path) -> None:
    for number in range(3000):
        (articles / f"{number}.txt").write_text(ARTICLE * 20)
    out = tmp_path / "out"
    child = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "run", articles, "--out", out, "--rules", rules],
        stderr=subprocess.PIPE,
        preexec_fn=heeds_interrupts,
    )
    waited = time.monotonic()
    while not manifest.begun(str(out / outfolder.PARTIAL)):
        assert time.monotonic() - waited < 60 and child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert b"Traceback" not in errors and b"the same command goes on" in errors
    assert os.listdir(out) == [outfolder.PARTIAL]


def test_dry_run(run: Run, articles: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    result = run("run", articles, "--out", tmp_path / "out", "--dry-run")
    assert result.exit_code == 0
    assert "Nothing was written" in result.stdout and "promotion" in result.stdout
    assert tree(tmp_path) == before and not (tmp_path / "out").exists()


def test_diff(run: Run, articles: Path, tmp_path: Path) -> None:
    result = run("run", articles, "--dry-run", "--diff", "--out", tmp_path / "out")
    assert result.stdout.splitlines() == [
        "--- a.txt",
        "+++ a.txt (clean)",
        "@@ -1,3 +1,2 @@",
        " The bridge opened on Monday, and thousands came.",
        "-Advertisement",
        "-Traffic flowed by noon. Buy it now!",
        "+Traffic flowed by noon.",
    ]
    assert "3 articles" in result.stderr


def test_json(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("run", articles, "--out", out, "--json")
    assert json.loads(result.stdout) == json.loads((out / "summary.json").read_text())


def test_select_and_ignore(run: Run, articles: Path, tmp_path: Path) -> None:
    for words, expected in (
        (["--select", "promotion/ad"], {"promotion/ad"}),
        (["--select", "promotion"], {"promotion/ad", "promotion/buy"}),
        (["--ignore", "promotion/ad,byline"], {"promotion/buy"}),
        (["--ignore", "promotion/ad", "--ignore", "promotion/buy"], set()),
    ):
        result = run("run", articles, "--dry-run", "--json", *words)
        assert set(json.loads(result.stdout)["rules"]) == expected


def test_what_a_profile_keeps_as_fields(run: Run, articles: Path, rules: Path, tmp_path: Path) -> None:
    (rules / "profiles").mkdir()
    (rules / "profiles" / "mine.yaml").write_text("about: x\nextends: default\nfields: [promotion]\n")
    run("run", articles, "--out", tmp_path / "out", "--profile", "mine")
    lines = {line["article"]: line for line in records(tmp_path / "out" / "articles.jsonl")[1:]}
    assert lines["a.txt"]["fields"] == {"promotion": ["Advertisement", "Buy it now!"]}
    record = json.loads(run("run", "-", "--json", "--profile", "mine", input=ARTICLE).stdout)
    assert record["fields"] == {"promotion": ["Advertisement", "Buy it now!"]}


def test_strange_names(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = [
        *(b"a.txt", b"a.md", b"a.md.txt", b"a b.txt", b"caf\xe9.txt", "日本.txt".encode(), b"new\nline.txt"),
        *(b"x" * 251 + b".txt", b"x" * 252 + b".md", b"-rf.txt", b"\x1b[31m.txt"),
    ]
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "w") as file:
            file.write(ARTICLE)
    out = tmp_path / "out"
    assert run("run", folder, "--out", out).exit_code == 0
    assert len(tree(out / "clean")) == len(names)
    assert run("verify", out).exit_code == 0
    assert run("restore", out, "--all", "--to", tmp_path / "back").exit_code == 0
    assert sorted(os.listdir(os.fsencode(tmp_path / "back"))) == sorted(names)


def test_encodings_come_back_byte_for_byte(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "Le café était fermé, dit-il à la presse.\r\nAdvertisement\r\nIl a rouvert à midi.\r\n"
    data = {
        "latin.txt": text.encode("cp1252"),
        "bom.txt": b"\xef\xbb\xbf" + text.encode(),
        "wide.txt": text.encode("utf-16"),
        "big.txt": b"\xfe\xff" + text.encode("utf-16-be"),
        "lone.txt": f"{text}\ud800".encode("utf-8", "surrogatepass"),
        "nul.txt": text.encode() + b"\0",
        "ends.txt": b"One.\rAdvertisement\rTwo.\xe2\x80\xa8Advertisement\xe2\x80\xa8Three.",
    }
    for name, content in data.items():
        (folder / name).write_bytes(content)
    out = tmp_path / "out"
    assert run("run", folder, "--out", out).exit_code == 0
    _, *lines = records(out / "articles.jsonl")
    assert {line["article"]: (line["encoding"], line["bom"], line["removed_spans"]) for line in lines} == {
        "latin.txt": ("cp1252", False, 1),
        "bom.txt": ("utf-8", True, 1),
        "wide.txt": ("utf-16-le", True, 1),
        "big.txt": ("utf-16-be", True, 1),
        "lone.txt": ("utf-8", False, 1),
        "nul.txt": ("utf-8", False, 1),
        "ends.txt": ("utf-8", False, 2),
    }  # fmt: skip
    assert run("verify", out).exit_code == 0
    assert run("restore", out, "--all", "--to", tmp_path / "back").exit_code == 0
    assert tree(tmp_path / "back") == data


def test_folders_named_after_hosts(run: Run, rules: Path, tmp_path: Path) -> None:
    (rules / "sites").mkdir()
    (rules / "sites" / "example.org.yaml").write_text(
        "category: promotion\nhost: example.org\nrules:\n  - id: promotion/shop\n    about: Its shop.\n"
        "    any: ['^visit our shop$']\n    removes: ['[[Visit our shop]]']\n    keeps: ['A shop opened.']\n"
    )
    for name in ("www.example.org", "other.example"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a.txt").write_text("The bridge opened on Monday.\nVisit our shop\nIt rained.\n")
    run("run", tmp_path / "in", "--out", tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert {name: count["spans"] for name, count in summary["sites"].items()} == {
        "example.org": 1,
        "other.example": 0,
    }


@pytest.mark.parametrize("text", ["x" * 50_000_000, "Short line.\n" * 200_000], ids=["one line", "many lines"])
def test_large_files(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "big.txt").write_text(text)
    assert run("run", tmp_path / "big.txt", "--out", tmp_path / "out").exit_code == 0
    assert run("verify", tmp_path / "out").exit_code == 0


# -- standard input and output --------------------------------------------------------------------------------------


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
