"""What people really have: pages in tables, datasets of several shards, odd types of columns, rows that are wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pages import PAGE
from sample import ARTICLE, CLEAN, Run

PAGES: list[dict[str, Any]] = [
    {"id": n, "html": PAGE.replace("Ada Brook", f"Writer {n}"), "url": f"https://post.example/{n}"} for n in range(3)
]


@pytest.fixture(autouse=True)
def forks() -> None:
    """Workers are forked only where that is safe: Arrow has threads."""


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def errors(out: Path) -> list[tuple[str, str]]:
    return [(record["article"], record["kind"]) for record in lines(out / "errors.jsonl")[1:]]


def dump(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("more", [(), ("--log", "residue")])
def test_pages_in_jsonl(run: Run, tmp_path: Path, more: tuple[str, ...]) -> None:
    rows = [*PAGES, {"html": PAGE, "text": ARTICLE}, {"html": PAGE, "text": None}, {"html": None}, {"html": "%PDF-1"}]
    dump(tmp_path / "a.jsonl", rows)
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.jsonl", "--out", out, *more).exit_code == 1
    assert errors(out) == [("a.jsonl:6", "wrong-field"), ("a.jsonl:7", "binary")]
    found = lines(out / "clean" / "a.jsonl")
    assert [list(row) for row in found] == [[*row] if "text" in row else [*row, "text"] for row in rows[:5]]
    assert [row["html"] for row in found] == [row["html"] for row in rows[:5]]
    assert found[3]["text"] == CLEAN
    assert all("council voted" in row["text"] and "Weather" not in row["text"] for row in (*found[:3], found[4]))
    records = lines(out / "articles" / "a.jsonl.jsonl")[1:]
    assert records[1]["page"]["author"] == "Writer 1" and records[1]["url"] == "https://post.example/1"
    assert [record["row"] for record in lines(out / "source" / "a.jsonl.jsonl")[1:]] == [1, 2, 3, 5]
    removed = lines(out / "removed" / "a.jsonl.jsonl")[1:]
    assert any(span["text"] is None for span in removed) == bool(more)
    assert "All were compared" in run("verify", out).stdout
    assert "Weather" in run("restore", out, "1").stdout
    changed = found[1] | {"text": found[1]["text"].replace("council", "Council")}
    dump(out / "clean" / "a.jsonl", [found[0], changed, *found[2:]])
    assert run("verify", out).exit_code == 1


def test_which_field_is_the_page(run: Run, tmp_path: Path) -> None:
    rows = [{"content": PAGE, "body": "Old.", "text": "Older."}, {"body": "No page."}]
    dump(tmp_path / "a.jsonl", rows)
    out = tmp_path / "out"
    for field, more in (("text", ()), ("body", ("--text-field", "body")), ("new", ("--text-field", "new"))):
        assert run("run", tmp_path / "a.jsonl", "--out", out, "--html-field", "content", *more).exit_code == 1
        assert errors(out) == [("a.jsonl:2", "no-text")]
        (found,) = lines(out / "clean" / "a.jsonl")
        assert "council voted" in found.pop(field)
        assert found == {name: value for name, value in rows[0].items() if name != field}
        assert run("verify", out).exit_code == 0
    assert run("run", tmp_path / "a.jsonl", "--html-field", "a", "--text-field", "a").exit_code == 2


def test_pages_in_parquet(run: Run, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    data = [row | {"html": row["html"].encode()} for row in PAGES]
    pq.write_table(pa.Table.from_pylist(data), tmp_path / "new.parquet")
    pq.write_table(pa.Table.from_pylist([row | {"text": None} for row in data]), tmp_path / "null.parquet")
    schema = pa.schema([("text", pa.large_string()), ("html", pa.string())])
    pq.write_table(pa.Table.from_pylist([{"text": ARTICLE}, *PAGES], schema), tmp_path / "both.parquet")
    pq.write_table(pa.table({"html": pa.array([None, None], pa.string())}), tmp_path / "no.parquet")
    out = tmp_path / "out"
    assert run("run", *sorted(tmp_path.glob("*.parquet")), "--out", out).exit_code == 1
    assert errors(out) == [("no.parquet:1", "wrong-field"), ("no.parquet:2", "wrong-field")]
    assert pq.read_table(out / "clean" / "null.parquet").column("text").null_count == 0
    found = pq.read_table(out / "clean" / "new.parquet")
    assert found.column_names == ["id", "html", "url", "text"]
    assert found.column("html").to_pylist() == [row["html"] for row in data]
    both = pq.read_table(out / "clean" / "both.parquet")
    assert both.schema == schema and both.column("text")[0].as_py() == CLEAN
    assert pq.read_table(out / "clean" / "no.parquet").column_names == ["html"]
    assert "All were compared" in run("verify", out).stdout


@pytest.mark.parametrize("column", ["text", "html"])
def test_datasets_of_several_shards(run: Run, tmp_path: Path, column: str) -> None:
    datasets = pytest.importorskip("datasets")
    rows = [{"id": n, column: ARTICLE if column == "text" else PAGE} for n in range(6)]
    whole = datasets.DatasetDict(
        {
            "train": datasets.Dataset.from_list(rows),
            "test": datasets.Dataset.from_list(rows[:2]).add_column("more", [[1.0], []]),
        }
    )
    whole.save_to_disk(str(tmp_path / "data"), num_shards={"train": 3, "test": 1})
    out = tmp_path / "out"
    assert run("run", tmp_path / "data", "--out", out).exit_code == 0
    found = datasets.load_from_disk(str(out / "clean"))
    assert set(found) == {"train", "test"} and len(found["train"]) == 6
    assert found["test"].features["more"] == whole["test"].features["more"]
    assert found["train"].features["text"] == datasets.Value("string")
    assert found["train"]._fingerprint != whole["train"]._fingerprint
    assert (
        found["train"].map(lambda row: {"n": len(row["text"])}, keep_in_memory=True)["n"]
        == [len(found["train"][0]["text"])] * 6
    )
    assert run("verify", out).exit_code == 0
    shards = sorted((tmp_path / "data" / "train").glob("*.arrow"))
    shards[1].write_bytes(b"broken")
    assert run("run", tmp_path / "data", "--out", tmp_path / "out2").exit_code == 1
    assert len(datasets.load_from_disk(str(tmp_path / "out2" / "clean"))["train"]) == 4


def test_rows_of_all_kinds(run: Run, tmp_path: Path) -> None:
    data = (
        b'\xef\xbb\xbf{"id": 1, "text": "It rained on Monday."}\r\n\r\n'
        b'{"id": 1, "text": "It rained on Tuesday.", "x": NaN}\r\n'
        b'{"id": 1, "text": "\\ud83c It rained."}\n'
        b'{"text": "\xff"}\n'
        b'{"text": "a", "text": "It rained on Friday."}\n'
        b'{"text": ["a"]}'
    )
    (tmp_path / "a.jsonl").write_bytes(data)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "bad.jsonl").write_bytes(b"bad\n\n")
    out = tmp_path / "out"
    assert run("run", *sorted(tmp_path.glob("*.jsonl")), "--out", out).exit_code == 1
    assert errors(out) == [("a.jsonl:5", "undecodable"), ("a.jsonl:7", "wrong-field"), ("bad.jsonl:1", "bad-row")]
    found = (out / "clean" / "a.jsonl").read_bytes().splitlines()
    assert found[1] == b'{"id": 1, "text": "It rained on Tuesday.", "x": NaN}'
    assert found[2] == b'{"id": 1, "text": "\\ud83c It rained."}'
    assert found[3] == b'{"text": "a", "text": "It rained on Friday."}'
    assert (out / "clean" / "empty.jsonl").read_bytes() == b"" == (out / "clean" / "bad.jsonl").read_bytes()
    assert "4 articles" in run("verify", out).stdout


def test_a_library_that_fails_costs_those_rows(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.run import forkserver
    from cleaner.tables import jsonl

    dump(tmp_path / "a.jsonl", [{"id": n, "text": ARTICLE} for n in range(100)])
    save, rows = jsonl.save, jsonl.rows

    def bad_save(path: str, part: Any, pairs: Any, name: str) -> None:
        if part.first == 1:
            raise NotImplementedError("no such type")
        save(path, part, pairs, name)

    def bad_rows(part: Any, *more: Any) -> Any:
        for row in rows(part, *more):
            if row.number == 90:
                raise EOFError("no more")
            yield row

    monkeypatch.setattr(jsonl, "save", bad_save)
    monkeypatch.setattr(jsonl, "rows", bad_rows)
    monkeypatch.setattr(forkserver, "may_fork", lambda: True)
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.jsonl", "--out", out).exit_code == 1
    assert errors(out) == [*((f"a.jsonl:{n}", "internal") for n in range(1, 65)), ("a.jsonl:90", "internal")]
    assert [row["id"] for row in lines(out / "clean" / "a.jsonl")] == list(range(64, 89))
    assert run("verify", out).exit_code == 0


def test_a_line_that_is_too_long(run: Run, tmp_path: Path) -> None:
    with open(tmp_path / "a.jsonl", "w") as file:
        file.write('{"text": "' + "It rained. " * 600_000 + '"}\n{"text": "It rained on Monday."}\n')
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.jsonl", "--out", out, "--max-bytes", "5M").exit_code == 1
    assert errors(out) == [("a.jsonl:1", "too-large")]
    assert len(lines(out / "clean" / "a.jsonl")) == 1


def test_lines_on_standard_input(run: Run) -> None:
    rows: list[dict[str, Any]] = [{"id": 1, "text": ARTICLE, "x": [1]}, {"html": PAGE}, {"content": "Ä."}]
    data = "\n" + "\n".join([*(json.dumps(row) for row in rows), '{"text": 7}', "no json", '{"text": "It rained."}'])
    result = run("run", "-", input=data)
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert found[0] == rows[0] | {"text": CLEAN} and found[1]["html"] == PAGE and found[2] == rows[2]
    assert "council voted" in found[1]["text"] and len(found) == 4
    assert "standard input:5: the field text holds a number" in result.stderr
    assert "standard input:6: not a JSON object" in result.stderr and "2 of 6 lines failed" in result.stderr
    result = run("run", "-", "--text-field", "a", "--json", "--kept", input='{"a": "A special offer.\\nIt rained."}\n')
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record["row"] == 1 and record["kept"][0]["rule"] == "promotion/perhaps"
    assert "-Advertisement" in run("run", "-", "--diff", input=json.dumps(rows[0])).stdout
    assert (
        run("run", "-", "--max-bytes", "40", "--stdin-format", "jsonl", input=data).stderr.count(
            "line of more than 40 bytes"
        )
        == 2
    )
    assert run("run", "-", "--stdin-format", "text", input='{"text": "A."}').stdout == '{"text": "A."}'
    assert run("run", "-", "--stdin-format", "jsonl", input="no json").exit_code == 1


@pytest.mark.parametrize("begin", ["", "\ufeff\n <!-- x -->", "<?xml version='1.0'?>"])
def test_a_page_on_standard_input(run: Run, begin: str) -> None:
    result = run("run", "-", input=begin + PAGE)
    assert "council voted" in result.stdout and "<p>" not in result.stdout and "Weather" not in result.stdout
    assert run("run", "-", "--format", "markdown", input=PAGE).stdout.startswith("# Old bridge closes")
    record = json.loads(run("run", "-", "--json", input=PAGE).stdout)
    assert record["page"]["author"] == "Ada Brook" and record["url"] == "https://post.example/bridge"
    assert run("run", "-", "--stdin-format", "text", input=PAGE).stdout.startswith("<!DOCTYPE")
    fragment = PAGE[PAGE.index("<main>") : PAGE.index("</main>")]
    assert run("run", "-", input=fragment).stdout.startswith("<main>")
    assert "<" not in run("run", "-", "--stdin-format", "html", input=fragment).stdout


def test_options_that_standard_input_has_no_use_for(run: Run) -> None:
    for words in (["--export", "dolma"], ["--workers", "2"], ["--incremental"], ["--log-format", "parquet"]):
        result = run("run", "-", *words, input=ARTICLE)
        assert result.exit_code == 2 and f"{words[0]} is for runs over files" in result.stderr
    assert run("run", "articles", "--stdin-format", "html").exit_code == 2


def test_lines_come_out_as_they_go_in(rules: Path) -> None:
    """A program in a pipe must not wait for the end, and ends when nobody reads on."""
    words = [sys.executable, "-m", "cleaner", "run", "-", "--rules", str(rules), "--rules-only"]
    line = (json.dumps({"text": ARTICLE}) + "\n").encode()
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin and child.stdout and child.stderr
        for _ in range(2):
            child.stdin.write(line)
            child.stdin.flush()
            assert json.loads(child.stdout.readline()) == {"text": CLEAN}
        child.stdout.close()
        with suppress(BrokenPipeError):
            child.stdin.write(line * 2000)
            child.stdin.close()
        assert child.wait(60) == 141 and child.stderr.read().startswith(b"--rules-only: ")
