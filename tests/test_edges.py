"""Odd files, odd names and what would reach a terminal: edges that people have cut themselves on."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from pages import record
from sample import ARTICLE, CLEAN, Run

from cleaner.errors import CompressionFault
from cleaner.files.compressed import pieces, whole
from cleaner.terminal.text import visible

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
    assert "pipe.yaml:1: no file but a pipe" in result.stderr
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
