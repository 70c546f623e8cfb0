"""``cleaner run``: what it writes, and under which names."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from pathlib import Path

import pytest
from sample import ARTICLE, CLEAN, Run, records, tree


def test_a_run(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("run", articles, "--out", out, "--kept")
    assert result.exit_code == 0
    (said,) = result.stderr.splitlines()  # of these runs, all with rules of one's own alone, and nothing else
    assert said.startswith("--rules-only: ")
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
        "notes": [],
    }
    assert (empty["status"], other["status"], other["article"]) == ("empty", "unchanged", "more/b.txt")
    assert records(out / "errors.jsonl") == [{"format": "cleaner-errors", "version": 1}]
    summary = json.loads((out / "summary.json").read_text())
    assert summary["articles"] == 3
    assert summary["status"] == {"ok": 1, "unchanged": 1, "empty": 1, "nothing-left": 0, "no-article": 0}
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
    assert "1 of which nothing is left" in result.stdout and "Nothing is left of ad.txt.\n" in result.stdout
    for number in range(4):
        (articles / f"more/ad-{number}.txt").write_text("Advertisement\n")
    result = run("run", articles, "--out", tmp_path / "out", "--workers", "2")
    assert "Nothing is left of ad.txt, more/ad-0.txt, more/ad-1.txt and 2 more.\n" in result.stdout
    names = json.loads((tmp_path / "out" / "summary.json").read_text())["nothing_left"]
    assert names == ["ad.txt", *(f"more/ad-{number}.txt" for number in range(4))]


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

    monkeypatch.setattr("cleaner.run.inputs.os.scandir", Shuffled)
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
