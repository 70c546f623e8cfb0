"""Articles that lie elsewhere, through fsspec; and files that are not what their names say."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pages import PAGE
from sample import ARTICLE, CLEAN, Run

fsspec = pytest.importorskip("fsspec")

LINES = "".join(json.dumps({"id": n, "text": f"{ARTICLE}Number {n}."}) + "\n" for n in range(150))


@pytest.fixture
def far() -> Any:
    """A file system in the memory of this process, with a few articles; workers are forked from it."""
    found = fsspec.filesystem("memory")
    found.store.clear()
    found.pseudo_dirs[:] = [""]
    for name, data in {
        "in/a.txt": ARTICLE.encode(),
        "in/more/b.txt.gz": gzip.compress(b"It rained on Monday.\n"),
        "in/more/p.html": PAGE.encode(),
        "in/t.jsonl": LINES.encode(),
        "in/t2.jsonl.gz": gzip.compress(LINES.encode()),
        "in/x.csv": b"a,b",
    }.items():
        found.pipe(f"/{name}", data)
    return found


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_folder_elsewhere(run: Run, far: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("run", "memory://in", "--out", out, "--workers", "2")
    assert result.exit_code == 0 and "x.csv" in result.stdout
    assert "303 articles" in (said := run("verify", out).stdout) and "All were compared" in said
    assert (out / "clean" / "a.txt").read_text() == CLEAN
    far.get("/in", str(tmp_path / "in"), recursive=True)
    run("run", tmp_path / "in", "--out", tmp_path / "near")
    near, there = tree(tmp_path / "near"), tree(out)
    del near["summary.json"], there["summary.json"]
    assert near == there
    assert json.loads((out / "summary.json").read_text())["inputs"] == ["memory://in"]
    far.pipe("/in/a.txt", b"Changed.")
    assert "the input file has changed" in run("verify", out).stdout
    assert run("run", "memory://in", "--out", out, "--incremental").exit_code == 0
    assert (out / "clean" / "a.txt").read_text() == "Changed."


def test_globs_and_files_elsewhere(run: Run, far: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for given, names in {
        "memory://in/*.txt": ["a.txt"],
        "memory://in/**/*.gz": ["more/b.txt", "t2.jsonl.gz"],
        "memory://in/more": ["b.txt", "p.html.txt"],
        "memory://in/a.txt": ["a.txt"],
    }.items():
        assert run("run", given, "--out", out).exit_code == 0
        assert sorted(tree(out / "clean")) == names
        assert run("verify", out).exit_code == 0


@pytest.mark.parametrize("end", ["parquet", "arrow"])
def test_columns_elsewhere(run: Run, far: Any, tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pa = pytest.importorskip("pyarrow")
    monkeypatch.setattr(
        "cleaner.run.forkserver.may_fork", lambda: False
    )  # pyarrow has threads; the workers read copies
    import pyarrow.parquet as pq

    rows = pa.Table.from_pylist([{"text": f"{ARTICLE}Number {n}."} for n in range(150)])
    path = tmp_path / f"t.{end}"
    if end == "parquet":
        pq.write_table(rows, path, row_group_size=70)
    else:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, rows.schema) as writer:
            writer.write_table(rows, max_chunksize=70)
    far.pipe(f"/t/t.{end}", path.read_bytes())
    far.pipe(f"/t/u.{end}", b"broken")
    out = tmp_path / "out"
    assert run("run", "memory://t", "--out", out).exit_code == 1
    assert "All were compared" in run("verify", out).stdout
    assert f'"article": "u.{end}"' in (out / "errors.jsonl").read_text()
    run("run", path, "--out", tmp_path / "near")
    assert (out / "clean" / f"t.{end}").read_bytes() == (tmp_path / "near" / "clean" / f"t.{end}").read_bytes()


def test_file_urls(run: Run, articles: Path, tmp_path: Path) -> None:
    assert run("run", f"file://{articles}", "--out", tmp_path / "a").exit_code == 0
    assert run("run", articles, "--out", tmp_path / "b").exit_code == 0
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_what_can_not_be_reached(run: Run, far: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for given, said in {
        "memory://nothing": "no such file or folder",
        "memory://in/*.doc": "nothing has such a name",
        "nosuch://in": "can't be reached",
    }.items():
        result = run("run", given, "--out", tmp_path / "out")
        assert result.exit_code == 2 and said in result.stderr, result.stderr
    result = run("run", "memory://in", "--out", "memory://out", "--dry-run")
    assert result.exit_code == 2 and "--dry-run is for runs into a folder of this machine" in result.stderr
    monkeypatch.setitem(sys.modules, "s3fs", None)
    result = run("run", "s3://bucket/in", "--out", tmp_path / "out")
    assert result.exit_code == 2 and "s3fs" in result.stderr
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    result = run("run", "s3://bucket/in", "--out", tmp_path / "out")
    assert result.exit_code == 2 and "pip install 'article-cleaner[remote]'" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_breaks_off_elsewhere(run: Run, far: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.implementations.memory import MemoryFile

    def read(self: MemoryFile, size: int = -1) -> bytes:
        raise RuntimeError("the line is dead")

    monkeypatch.setattr(MemoryFile, "read", read)
    out = tmp_path / "out"
    assert run("run", "memory://in", "--out", out).exit_code == 1
    errors = [json.loads(line) for line in (out / "errors.jsonl").read_text().splitlines()[1:]]
    assert len(errors) == 5 and {error["message"] for error in errors} == {"RuntimeError: the line is dead"}


def test_files_that_are_not_what_their_names_say(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in {
        "packed.txt": gzip.compress(ARTICLE.encode()),
        "page.txt": PAGE.encode(),
        "packed.jsonl": gzip.compress(LINES.encode()),
        "lines.json": LINES.encode(),
        "packed.json.gz": gzip.compress(LINES.encode()),
        "array.jsonl": json.dumps([{"text": "A."}]).encode(),
        "pretty.jsonl": json.dumps({"text": "A."}, indent=2).encode(),
        "array.json": json.dumps([{"text": "A."}]).encode(),
        "settings.json": json.dumps({"text": "A."}, indent=2).encode(),
        "pdf.txt": b"%PDF-1.7\n",
        "plain.txt.gz": ARTICLE.encode(),
        "t.csv": b"text\nA.",
    }.items():
        (folder / name).write_bytes(data)
    out = tmp_path / "out"
    assert run("run", folder, "--out", out).exit_code == 1
    errors = [json.loads(line) for line in (out / "errors.jsonl").read_text().splitlines()[1:]]
    assert {error["article"]: error["kind"] for error in errors} == {
        "array.jsonl": "not-lines",
        "pdf.txt": "binary",
        "plain.txt.gz": "broken",
        "pretty.jsonl": "not-lines",
    }
    assert "jq -c" in errors[0]["message"]
    assert (out / "clean" / "packed.txt").read_text() == CLEAN
    assert "Weather" not in (out / "clean" / "page.txt").read_text()
    for name in ("packed.jsonl", "lines.json"):
        assert len((out / "clean" / name).read_text().splitlines()) == 150
    assert len(gzip.decompress((out / "clean" / "packed.json.gz").read_bytes()).splitlines()) == 150
    left = json.loads((out / "summary.json").read_text())["not_taken"]
    assert left[".json file that doesn't hold a JSON object a line"]["names"] == ["array.json", "settings.json"]
    assert run("verify", out).exit_code == 0
    result = run("run", folder / "array.json", "--out", out)
    assert result.exit_code == 2 and "not array.json (.json file that doesn't hold" in result.stderr
