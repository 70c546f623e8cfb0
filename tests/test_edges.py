"""Odd files, odd names and what would reach a terminal: edges that people have cut themselves on."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from pages import record
from sample import ARTICLE, CLEAN, Run

from cleaner.commands.terminal.text import escaped, visible
from cleaner.errors import CompressionFault
from cleaner.files.compressed import pieces, whole

NASTY = "\x1b]0;owned\x07\u061c\u2028\u200b\ufeff\U000e0041\u202e\x9b31m"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("character", NASTY)
def test_nothing_that_a_terminal_obeys_or_hides_is_shown(character: str) -> None:
    assert character in "]0;owned31m" or visible(character) != character
    assert len(visible(character)) == 1


@pytest.mark.parametrize("command", [("run", "--diff", "--out", "out"), ("explain",)])
def test_no_character_of_an_article_steers_the_terminal(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    text = f"The bridge {NASTY} opened on Monday.\nAdvertisement\nTraffic {NASTY} flowed by noon.\n"
    (tmp_path / "a.txt").write_text(text)
    name, *options = command
    result = run(name, tmp_path / "a.txt", *(str(tmp_path / "out") if each == "out" else each for each in options))
    assert "Advertisement" in result.stdout
    shown = result.stdout + result.stderr
    assert not [each for each in NASTY if each in shown and each not in "]0;owned31m"]


def test_no_name_in_an_error_steers_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / f"a{NASTY[:4]}.txt").write_bytes(b"%PDF-1.7\x00\x01")
    result = run("run", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout + result.stderr


RULE = """category: other
language: any
rules:
  - id: other/own
    about: A line of our own.
    unit: paragraph
    any: ['^our own line$']
    removes: ['[[our own line]]']
    keeps: ['Not our own line.']
"""


def test_links_in_a_circle_among_rules(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "own.yaml").write_text(RULE)
    (rules / "again").symlink_to(rules)
    (rules / "up").symlink_to(tmp_path)
    result = run("rules", "list", "--rules", rules)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("other/own") == 1


def test_pipes_and_broken_links_among_rules_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(RULE)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    result = run("rules", "list", "--rules", tmp_path)
    assert result.exit_code == 2
    assert "pipe.yaml:1: a pipe or a device" in result.stderr
    assert "self.yaml:1: a link in a loop" in result.stderr


def wet() -> bytes:
    return record(ARTICLE.encode(), "conversion", Content_Type="text/plain")


def test_the_names_of_common_crawl(run: Run, tmp_path: Path) -> None:
    name = "CC-MAIN-20260101000000-20260101030000-00000.warc.wet.gz"
    (tmp_path / name).write_bytes(gzip.compress(wet()))
    out = tmp_path / "out"
    result = run("run", tmp_path / name, "--out", out)
    assert result.exit_code == 0, result.stderr
    (clean,) = lines(out / "clean" / name.replace(".gz", ".jsonl"))
    assert clean["text"] == CLEAN
    assert run("verify", out).exit_code == 0


@pytest.mark.parametrize("packed", [False, True])
def test_zstd_with_a_dictionary_in_front(run: Run, tmp_path: Path, packed: bool) -> None:
    zstandard = pytest.importorskip("zstandard")
    samples = [f"WARC/1.0 {n} {ARTICLE} {n * 7}".encode() for n in range(200)]
    words = zstandard.train_dictionary(4096, samples)
    stored = zstandard.ZstdCompressor().compress(words.as_bytes()) if packed else words.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=words)
    data = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    data += packer.compress(wet()) + packer.compress(wet())
    (tmp_path / "a.warc.zst").write_bytes(data)
    out = tmp_path / "out"
    result = run("run", tmp_path / "a.warc.zst", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert [row["text"] for row in lines(out / "clean" / "a.warc.jsonl")] == [CLEAN, CLEAN]
    (tmp_path / "cut.zst").write_bytes(data[:100])
    with (tmp_path / "cut.zst").open("rb") as file, pytest.raises(CompressionFault, match="within its dictionary"):
        whole(file, ".zst", 10**6)
    (tmp_path / "bad.zst").write_bytes(data[:4] + b"\xff\xff\xff\xff" + data[8:])
    with (tmp_path / "bad.zst").open("rb") as file, pytest.raises(CompressionFault, match="no dictionary is"):
        list(pieces(file, ".zst"))


def test_restoring_all_of_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text("")
    out = tmp_path / "out"
    assert run("run", tmp_path / "in", "--out", out).exit_code == 0
    result = run("restore", out, "--all", "--to", tmp_path / "back")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "0 articles restored" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz"])
def test_wide_lines_of_json(run: Run, tmp_path: Path, encoding: str, name: str) -> None:
    rows = [{"id": str(n), "text": ARTICLE + f"\u0a0a \u2028 Nr. {n}."} for n in range(100)]
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    out = tmp_path / "out"
    result = run("run", tmp_path / name, "--out", out, "--workers", "2")
    assert result.exit_code == 0, result.stderr
    written = f"{encoding.upper()}, written as UTF-8"
    assert json.loads((out / "summary.json").read_text())["left_out"] == {name: {written: 1}}
    assert f"{name}: 1 × {written}" in result.stderr + result.stdout
    clean = (out / "clean" / name).read_bytes()
    clean = gzip.decompress(clean) if name.endswith(".gz") else clean
    assert [json.loads(line)["id"] for line in clean.decode().split("\n")[:-1]] == [row["id"] for row in rows]
    assert run("verify", out).exit_code == 0


def test_wide_lines_that_break_off_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json.dumps({"text": ARTICLE}).encode("utf-16") + b"\x0a")
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.jsonl", "--out", out).exit_code == 1
    assert "undecodable" in (out / "errors.jsonl").read_text()


def test_columns_of_one_name(run: Run, tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    texts, numbers = pa.array([ARTICLE] * 3), pa.array([1, 2, 3])
    pq.write_table(pa.table([texts, numbers, numbers], ["text", "n", "n"]), tmp_path / "a.parquet")
    pq.write_table(pa.table([texts, texts], ["text", "text"]), tmp_path / "b.parquet")
    pq.write_table(pa.table([texts, texts, texts], ["text", "id", "id"]), tmp_path / "c.parquet")
    out = tmp_path / "out"
    assert run("run", *(tmp_path / f"{name}.parquet" for name in "abc"), "--out", out).exit_code == 1
    error, other = lines(out / "errors.jsonl")[1:]
    assert error["kind"] == "two-columns" and "2 columns named text" in str(error["message"])
    assert "2 columns named id" in str(other["message"]) and "--id-field" in str(other["message"])
    with pq.ParquetFile(out / "clean" / "a.parquet") as file:
        table = file.read()
    assert table.column_names == ["text", "n", "n"]
    assert table.column(0).to_pylist() == [CLEAN] * 3 and table.column(2).to_pylist() == [1, 2, 3]
    assert run("verify", out).exit_code == 0


def test_a_broken_string_costs_its_row(run: Run, tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    data = [ARTICLE.encode(), b"caf\xe9", ARTICLE.encode()]
    texts = pa.array(data, pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": texts, "n": [1, 2, 3]}), tmp_path / "a.parquet")
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.parquet", "--out", out).exit_code == 1
    (error,) = lines(out / "errors.jsonl")[1:]
    assert error["article"] == "a.parquet:2" and error["kind"] == "undecodable"
    assert "the field text is not UTF-8 at byte 3" in str(error["message"])
    assert pq.read_table(out / "clean" / "a.parquet").column("n").to_pylist() == [1, 3]
    assert run("verify", out).exit_code == 0


def test_row_groups_stay(run: Run, tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = pa.table({"text": [f"{ARTICLE}Nr. {n}." for n in range(300)], "n": list(range(300))})
    with pq.ParquetWriter(tmp_path / "a.parquet", table.schema) as writer:
        for start, length in ((0, 100), (100, 7), (107, 193)):
            writer.write_table(table.slice(start, length))
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.parquet", "--out", out, "--workers", "2").exit_code == 0
    with pq.ParquetFile(out / "clean" / "a.parquet") as file:
        assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [100, 7, 193]
        assert file.read().column("n").to_pylist() == list(range(300))


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.rglob("*")}


@pytest.mark.parametrize(("folder_mode", "file_mode", "open_to"), [
    (0o755, 0o600, 0o000), (0o700, 0o644, 0o000), (0o755, 0o640, 0o050), (0o755, 0o644, 0o055),
])  # fmt: skip
def test_results_are_no_more_open_than_their_inputs(
    run: Run, tmp_path: Path, folder_mode: int, file_mode: int, open_to: int
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.jsonl").write_text(json.dumps({"text": ARTICLE}) + "\n")
    (folder / "a.txt").chmod(file_mode)
    (folder / "b.jsonl").chmod(0o644)
    folder.chmod(folder_mode)
    before = os.umask(0o022)
    try:
        out, back = tmp_path / "out", tmp_path / "back"
        assert run("run", folder, "--out", out, "--workers", "2").exit_code == 0
        assert run("restore", out, "--all", "--to", back).exit_code == 0
        assert os.umask(0o022) == 0o022, "the umask is as it was"
    finally:
        os.umask(before)
    found = modes(out) | modes(back)
    assert "clean/a.txt" in found and "removed.jsonl" in found
    assert {mode & 0o077 & ~open_to for mode in found.values()} == {0}
    assert found["clean/a.txt"] == 0o600 | (open_to & 0o044) == found["removed.jsonl"] == found["a.txt"]


def test_json_that_is_printed_obeys_nothing(run: Run, tmp_path: Path) -> None:
    odd = "\u202e\u061c\u200b\x9b31m\U000e0041"
    line = f"The old mill {odd} stays until the autumn, the mayor said."
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\n{line}\n", encoding="utf-8")
    shown = run("explain", tmp_path / "a.txt", "--json").stdout
    assert visible(shown.replace("\n", "")) == shown.replace("\n", "")
    assert odd in json.loads(shown)["text"]


def test_escaped_json_means_the_same() -> None:
    text = "a\u202e\u061c\u200b\x9b\U000e0041\ufeff\u2028 é 漢 \u200d"
    shown = escaped(json.dumps(text, ensure_ascii=False))
    assert json.loads(shown) == text and visible(shown) == shown
    assert "é 漢" in shown


def test_a_table_that_fails_leaves_no_empty_log(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "list.jsonl").write_text("[1]", encoding="utf-8")
    for flags in ((), ("--kept",)):
        result = run("run", tmp_path / "in", "--out", tmp_path / "out", *flags)
        assert result.exit_code == 1 and "removed/" not in result.stdout and "kept/" not in result.stdout
        assert {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()} <= {"clean"}


@pytest.mark.parametrize(
    ("given", "said"), [(b"", "is empty"), (b"\xff\xfe", "holds no text"), (b" \n", "holds no text")]
)
def test_standard_input_without_text_is_told(run: Run, given: bytes, said: str) -> None:
    result = run("run", "-", input=given)
    assert result.exit_code == 0 and f"Standard input {said}, and the result is empty." in result.stderr
