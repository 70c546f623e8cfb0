"""Files of many articles: JSONL, Parquet, Arrow, compressed and broken; dolma; ``clean_batch``."""

from __future__ import annotations

import gzip
import itertools
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from pages import PAGE
from sample import ARTICLE, CLEAN, Run

import cleaner
from cleaner.errors import CompressionFault
from cleaner.files.compressed import pack, whole
from cleaner.tables.formats import adapter_name

ROWS: list[dict[str, Any]] = [
    {"id": f"d{n}", "score": n / 7, "text": f"{ARTICLE}Number {n}.", "é": [n, None]} for n in range(150)
]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)


@pytest.fixture(autouse=True)
def forks() -> None:
    """Workers are forked only where that is safe: Arrow has threads."""


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def errors(out: Path) -> list[tuple[str, str]]:
    return [(record["article"], record["kind"]) for record in records(out / "errors.jsonl")[1:]]


def test_jsonl_keeps_all_but_the_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"n": 1.0e5,  "text": "' + ARTICLE.replace("\n", "\\n") + '", "big": 12345678901234567890123}\n' + LINES
    )
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.jsonl", "--out", out, "--workers", "2").exit_code == 0
    first, *rest = (out / "clean" / "a.jsonl").read_text().splitlines()
    assert first == '{"n": 1.0e5,  "text": "' + CLEAN.replace("\n", "\\n") + '", "big": 12345678901234567890123}'
    assert [json.loads(line) for line in rest] == [row | {"text": f"{CLEAN}Number {n}."} for n, row in enumerate(ROWS)]
    assert records(out / "articles" / "a.jsonl.jsonl")[2]["row"] == 2
    assert records(out / "removed" / "a.jsonl.jsonl")[3]["article"] == "d0"
    assert "151 articles" in run("verify", out).stdout
    assert run("restore", out, "d7").stdout == f"{ARTICLE}Number 7."
    text = (out / "clean" / "a.jsonl").read_text()
    (out / "clean" / "a.jsonl").write_text(text.replace("Number 7.", "Number 8."))
    assert run("verify", out).exit_code == 1


def test_rows_that_are_wrong_are_named(run: Run, tmp_path: Path) -> None:
    bad = ["no json", "[1]", '{"text": 7}', '{"title": "x"}', '{"text": "A.",}', '{"text": null}', "", '{"text": "cut']
    (tmp_path / "a.jsonl").write_text(LINES + "\n".join(bad))
    (tmp_path / "b.jsonl").write_bytes(
        b'{"text": "caf\xe9"}\n{"content": "The mayor cut the ribbon at noon and walked across."}\n'
    )
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--out", out).exit_code == 1
    assert errors(out) == [
        *(("a.jsonl:151", "bad-row"), ("a.jsonl:152", "bad-row"), ("a.jsonl:153", "wrong-field")),
        *(("a.jsonl:154", "no-text"), ("a.jsonl:155", "bad-row"), ("a.jsonl:156", "wrong-field")),
        *(("a.jsonl:158", "bad-row"), ("b.jsonl:1", "undecodable")),
    ]
    assert run("verify", out).exit_code == 0


@pytest.mark.parametrize("end", [".gz", ".zst"])
def test_compressed(run: Run, tmp_path: Path, end: str) -> None:
    if end == ".zst":
        pytest.importorskip("zstandard")
    folder = tmp_path / "in"
    folder.mkdir()
    data = pack(LINES[:5000].encode(), end) + pack(LINES[5000:].encode(), end)
    (folder / f"a.jsonl{end}").write_bytes(data)
    (folder / f"cut.jsonl{end}").write_bytes(data[:-9])
    (folder / f"text.txt{end}").write_bytes(pack(ARTICLE.encode(), end))
    (folder / f"cut.txt{end}").write_bytes(pack(ARTICLE.encode(), end)[:-5])
    out = tmp_path / "out"
    assert run("run", folder, "--out", out).exit_code == 1
    assert errors(out) == [(f"cut.jsonl{end}", "truncated"), (f"cut.txt{end}", "truncated")]
    with open(out / "clean" / f"a.jsonl{end}", "rb") as file:
        assert len(whole(file, end, 10**9).splitlines()) == 150
    assert (out / "clean" / "text.txt").read_text() == CLEAN
    assert run("verify", out).exit_code == 0


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as bomb:
        for _ in range(100):
            bomb.write(bytes(1_000_000))
    with open(path, "rb") as file, pytest.raises(CompressionFault, match="250 times"):
        whole(file, ".gz", 10**12)
    with open(path, "rb") as file, pytest.raises(CompressionFault, match="max-bytes"):
        whole(file, ".gz", 10**6)


def test_parquet(run: Run, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist([*ROWS, {"id": "x", "text": None}]).replace_schema_metadata({"mine": "yes"})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=70, compression="zstd")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    for workers in ("1", "2"):
        out = tmp_path / f"out{workers}"
        files = [tmp_path / "a.parquet", tmp_path / "cut.parquet"]
        assert run("run", *files, "--out", out, "--workers", workers).exit_code == 1
        assert errors(out) == [("a.parquet:151", "wrong-field"), ("cut.parquet", "broken")]
        found = pq.read_table(out / "clean" / "a.parquet")
        assert found.schema.equals(pq.read_schema(tmp_path / "a.parquet"), check_metadata=True)
        assert found.column("é").to_pylist() == [row["é"] for row in ROWS]
        assert found.column("text").to_pylist() == [f"{CLEAN}Number {n}." for n in range(150)]
        assert run("verify", out).exit_code == 0
    one, two = (tmp_path / f"out{n}" / "clean" / "a.parquet" for n in (1, 2))
    assert one.read_bytes() == two.read_bytes()


def test_a_dataset_on_disk(run: Run, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.Dataset.from_list(ROWS).save_to_disk(str(tmp_path / "data"))
    assert run("run", tmp_path / "data", "--out", tmp_path / "out").exit_code == 0
    found = datasets.load_from_disk(str(tmp_path / "out" / "clean"))
    assert found["text"][3] == f"{CLEAN}Number 3." and found["id"][3] == "d3"
    assert run("verify", tmp_path / "out").exit_code == 0
    assert run("run", tmp_path / "data", "--out", tmp_path / "out").exit_code == 0


@pytest.mark.parametrize("log_format", ["jsonl.zst", "parquet"])
def test_other_formats_of_the_logs(run: Run, articles: Path, tmp_path: Path, log_format: str) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("zstandard")
    (articles / "t.jsonl").write_text(LINES)
    out = tmp_path / "out"
    for _ in range(2):  # over its own results, too
        assert run("run", articles, "--out", out, "--log-format", log_format).exit_code == 0
    assert "153 articles" in run("verify", out).stdout
    end = "removed.jsonl.zst" if log_format == "jsonl.zst" else "removed.parquet"
    assert (out / end).exists() and (out / "removed.jsonl").exists() == (log_format == "parquet")


def test_dolma_mixes_our_clean_text(run: Run, tmp_path: Path) -> None:
    from cleaner.results.dolma import mixed

    bad = '{"id": "bad", "text": 7}\n{"id": "same", "text": "It rained on Monday."}\n'
    (tmp_path / "docs.jsonl").write_text(LINES + bad)
    out = tmp_path / "out"
    run("run", tmp_path / "docs.jsonl", "--out", out, "--export", "dolma")
    rows = records(out / "attributes" / "cleaner" / "docs.jsonl")
    documents = [json.loads(line) for line in (LINES + bad).splitlines()]
    assert [row["id"] for row in rows] == [document["id"] for document in documents]
    clean = {record["id"]: record["text"] for record in records(out / "clean" / "docs.jsonl")}
    for document, row in zip(documents, rows, strict=True):
        spans = row["attributes"]["cleaner__cleaner__removed"]
        assert all(a < b for a, b, _ in spans) and all(x[1] < y[0] for x, y in itertools.pairwise(spans))
        if document["id"] != "bad":
            assert mixed(document["text"], spans) == clean[document["id"]]
        else:
            assert spans == []


def test_dolma_needs_documents(run: Run, articles: Path, tmp_path: Path) -> None:
    result = run("run", articles, "--out", tmp_path / "out", "--export", "dolma")
    assert result.exit_code == 2 and "none of the input is" in result.stderr
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 1, "html": PAGE}) + "\n")
    assert run("run", tmp_path / "a.jsonl", "--html-field", "html", "--export", "dolma").exit_code == 2
    run("run", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--export", "dolma")
    (row,) = records(tmp_path / "out" / "attributes" / "cleaner" / "a.jsonl")
    assert row["attributes"]["cleaner__cleaner__removed"] == []


def test_clean_batch() -> None:
    pa = pytest.importorskip("pyarrow")
    batch = pa.RecordBatch.from_pydict(
        {
            "body": [
                "The bridge opened on Monday.\nAdvertisement\nThe mayor cut the ribbon at noon and went home.",
                None,
                "",
            ]
        }
    )
    function = pickle.loads(pickle.dumps(cleaner.clean_batch))
    found = function(batch)
    assert found.schema == function(batch.slice(0, 0)).schema
    assert found.column("text").to_pylist() == [
        "The bridge opened on Monday.\nThe mayor cut the ribbon at noon and went home.",
        None,
        "",
    ]
    assert [bool(error) for error in found.column("error").to_pylist()] == [False, True, False]
    assert len(found.column("removed")[0]) == 1
    assert isinstance(function(pa.Table.from_batches([batch])), pa.Table)
    pages = pa.RecordBatch.from_pydict({"text": [None, ARTICLE], "html": [PAGE.encode(), PAGE]})
    found = function(pages)
    assert found.schema == cleaner.batch_schema(pages.schema)
    first, second = found.column("text").to_pylist()
    assert "council voted" in first and "Weather" not in first and second.startswith("The bridge opened")
    whole = cleaner.restore(first, [cleaner.Removed(**span) for span in found.column("removed")[0].as_py()])
    assert whole == cleaner.clean_html(PAGE).article.text
    assert "council voted" in function(pages, html="html").column("text")[1].as_py()
    with pytest.raises(KeyError, match="there is no column"):
        function(batch.rename_columns(["x"]))


def test_formats_are_told_by_name() -> None:
    assert adapter_name("a/b.NDJSON.zst") == "jsonl" and adapter_name("a.txt.gz") is None
