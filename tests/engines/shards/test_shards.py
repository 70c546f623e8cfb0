"""A run in shards: the same bytes as one run, whoever does what, how often, and whatever is killed."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pages import PAGE
from sample import ARTICLE, CLEAN, Run, tree

from cleaner.results import out_folder

LINES = "".join(json.dumps({"id": str(n), "text": f"{ARTICLE}Number {n}."}) + "\n" for n in range(400))
OWN = ("done/", "parts/", "repeats/", "plan.jsonl")


def results(folder: Path) -> dict[str, bytes]:
    """What a run would have written, too."""
    return {name: data for name, data in tree(folder).items() if not name.startswith(OWN)}


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Texts of three sites, a page, a file that is none, and tables, two of which are large for units of 20 KB."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    folder = tmp_path / "in"
    for n in range(30):
        path = folder / f"www.site{n % 3}.org" / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{ARTICLE}Number {n} is told here.\nAll of it is in our paper on Sunday, they say.\n")
    (folder / "bad.txt").write_bytes(b"%PDF-1.7\n")
    (folder / "page.html").write_text(PAGE)
    (folder / "x.csv").write_text("a,b")
    (folder / "ad.txt").write_text("Advertisement\n")
    for n in range(2):
        teasers = "".join(f'<li><a href="/{t}">The council votes on item {t}</a></li>' for t in range(40))
        (folder / f"list-{n}.html").write_text(f"<main><h1>News</h1><ul>{teasers}</ul></main>")
    (folder / "t.jsonl").write_text(LINES)
    (folder / "u.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    rows = [{"id": str(n), "n": n, "text": f"{ARTICLE}Number {n}." if n != 77 else None} for n in range(400)]
    pq.write_table(pa.Table.from_pylist(rows), folder / "v.parquet", row_group_size=60)
    return folder


OPTIONS = {
    "plain": [],
    "packed": ["--kept", "--log-format", "jsonl.zst", "--export", "dolma", "--format", "markdown"],
    "columns": ["--log-format", "parquet", "--log", "residue", "--profile", "index", "--drop-css", "aside, h1"],
    "without counts": ["--repeats", "off"],
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_the_bytes_are_those_of_one_run(run: Run, given: Path, tmp_path: Path, options: list[str]) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    assert run("run", given, "--out", one, *options).exit_code == 1
    assert run("plan", given, "--out", many, "--unit", "20K", *options).exit_code == 0
    shards = [f"{n}/4" for n in range(1, 5)]
    random.Random(len(options)).shuffle(shards)
    for shard in shards:
        assert run("run", "--plan", many, "--shard", shard, "--workers", "2").exit_code in (0, 1)
    assert run("gather", many).exit_code == 1, "one article failed"
    assert results(many) == tree(one)
    assert "All were compared" in run("verify", many).stdout
    assert run("gather", many, "--tidy", "--quiet").exit_code == 1
    assert tree(many) == tree(one)
    summary = json.loads((one / "summary.json").read_text())
    assert summary["nothing_left"] == ["ad.txt"] and len(summary["no_articles"]["links"]["names"]) == 2
    assert sorted(os.listdir(many)) == sorted(os.listdir(one))


def test_doing_a_unit_again_writes_the_same(run: Run, given: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", given, "--out", many, "--unit", "20K")
    number = len((many / "plan.jsonl").read_text().splitlines()) - 2
    assert number > 6
    run("run", "--plan", many)
    once = tree(many)
    assert f"{number} of {number} units done, {number} of them before" in run("run", "--plan", many).stdout
    for mark in list((many / "done").iterdir())[::2]:
        mark.unlink()
    taken = next(path for path in (many / "clean" / "www.site0.org").iterdir())
    taken.unlink()
    assert tree(many) != once
    said = run("run", "--plan", many / "plan.jsonl").stdout
    assert "of them before" in said and f", {number} of them before" not in said
    assert tree(many) == once
    for mark in (many / "done").iterdir():
        record = json.loads(mark.read_text())
        assert all((many / name).stat().st_size == size for name, (size, _) in record["files"].items())


def test_what_is_missing_is_named(run: Run, given: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", given, "--out", many, "--unit", "20K")
    run("run", "--plan", many, "--shard", "1/2")
    before = tree(many)
    result = run("gather", many)
    assert result.exit_code == 1 and "not done" in result.stderr and "units are not done" in result.stderr
    first = json.loads((many / "plan.jsonl").read_text().splitlines()[2])
    assert first["unit"] in result.stderr
    assert tree(many) == before
    result = run("verify", many)
    assert result.exit_code == 2 and "cleaner gather" in result.stderr


def test_files_that_change(run: Run, given: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    plan = ("plan", given, "--out", many, "--unit", "20K", "--repeats", "off")
    run(*plan)
    changed = {
        "www.site1.org/1.txt": b"Quite another story.\n",
        "t.jsonl": LINES.replace("Number 9.", "Number 8.").encode(),
        "u.jsonl.gz": gzip.compress(b'{"text": "It rained."}\n'),
    }
    kept = {name: (given / name).read_bytes() for name in changed}
    for name, data in changed.items():
        (given / name).write_bytes(data)
    result = run("run", "--plan", many)
    assert result.exit_code == 1 and result.stderr.count("changed since the plan") == 3, result.stderr
    assert run("gather", many).exit_code == 1 and not (many / "summary.json").exists()
    run(*plan)
    assert " of them before" in run("run", "--plan", many).stdout, "units that stayed are not done again"
    run("gather", many)
    run("run", given, "--out", tmp_path / "one", "--repeats", "off")
    assert results(many) == tree(tmp_path / "one")
    for name, data in kept.items():
        (given / name).write_bytes(data)
    (given / "www.site2.org" / "2.txt").unlink()
    run(*plan)
    assert not (many / "summary.json").exists(), "what was gathered is of another plan"
    run("run", "--plan", many)
    run("gather", many)
    run("run", given, "--out", tmp_path / "one", "--repeats", "off")
    assert results(many) == tree(tmp_path / "one"), "what the earlier plan left is gone"
    assert run(*plan).exit_code == 0 and (many / "summary.json").exists(), "the same plan again changes nothing"


def test_sites_are_counted_by_the_shards(run: Run, given: Path, tmp_path: Path) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    run("run", given, "--out", one)
    said = run("plan", given, "--out", many, "--unit", "20K", "--count-later").stdout
    assert "--count" in said
    result = run("run", "--plan", many)
    assert result.exit_code == 2 and "not counted yet" in result.stderr
    assert run("run", "--plan", many, "--shard", "2/2", "--count").exit_code == 0
    result = run("gather", many, "--count")
    assert result.exit_code == 1 and "not counted" in result.stderr
    assert run("run", "--plan", many, "--shard", "1/2", "--count").exit_code == 0
    assert run("gather", many, "--count").exit_code == 0
    run("run", "--plan", many)
    run("gather", many)
    assert results(many) == tree(one)
    assert json.loads((one / "summary.json").read_text())["repeats"], "there is something to count"


def test_rules_travel_with_the_plan(run: Run, rules: Path, articles: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", articles, "--out", many, "--rules", rules, "--rules-only")
    shutil.rmtree(rules)
    assert run("run", "--plan", many).exit_code == 0
    assert run("gather", many).exit_code == 0
    assert (many / "clean" / "a.txt").read_text() == CLEAN


def test_another_version_is_refused(run: Run, articles: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", articles, "--out", many)
    text = (many / "plan.jsonl").read_text()
    head = json.loads(text.splitlines()[0])
    (many / "plan.jsonl").write_text(text.replace(f'"regex": "{head["versions"]["regex"]}"', '"regex": "1.0"'))
    result = run("run", "--plan", many)
    assert result.exit_code == 2 and "regex 1.0, here" in result.stderr
    (many / "plan.jsonl").write_text(text.replace(head["rules"], "0" * 64))
    result = run("run", "--plan", many)
    assert result.exit_code == 2 and "other rules" in result.stderr
    (many / "plan.jsonl").write_text("".join(text.splitlines(keepends=True)[:-1]))
    result = run("run", "--plan", many)
    assert result.exit_code == 2 and "is cut short" in result.stderr
    assert not (many / "done").exists()


def test_wrong_words(run: Run, articles: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", articles, "--out", many)
    for words, said in (
        (("run", "--plan", many, "--shard", "3/2"), "not a shard"),
        (("run", "--plan", many, "--profile", "body"), "--profile is settled by the plan"),
        (("run", "--plan", many, articles), "INPUT is settled by the plan"),
        (("run", articles, "--shard", "1/2"), "say which, with --plan"),
        (("run", "--plan", tmp_path / "nothing"), "there is no plan"),
        (("run", "--plan", many, "--count"), "nothing to count"),
        (("gather", articles), "there is no plan"),
        (("plan", articles, "--out", articles), "can't go into the folder"),
        (("plan", articles, "--out", tmp_path / "x", "--incremental"), "--incremental is not for plans"),
    ):
        result = run(*words)
        assert result.exit_code == 2 and said in result.stderr, (words, result.stderr)
    run("run", articles, "--out", tmp_path / "one")
    result = run("plan", articles, "--out", tmp_path / "one")
    assert result.exit_code == 2 and "without a plan" in result.stderr


def test_a_run_takes_the_place_of_a_plan(run: Run, articles: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", articles, "--out", many)
    run("run", "--plan", many)
    run("gather", many)
    assert run("run", articles, "--out", many).exit_code == 0
    assert sorted(os.listdir(many)) == ["articles.jsonl", "clean", "errors.jsonl", "removed.jsonl", "summary.json"]


@pytest.mark.parametrize("moment", [0.3, 0.6])
def test_a_shard_that_is_killed(run: Run, given: Path, tmp_path: Path, moment: float) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    run("run", given, "--out", one)
    run("plan", given, "--out", many, "--unit", "20K")
    number = len((many / "plan.jsonl").read_text().splitlines()) - 2
    program = subprocess.Popen([sys.executable, "-m", "cleaner", "run", "--plan", str(many), "--workers", "2"])
    while program.poll() is None and len(list(many.glob("done/*"))) < moment * number:
        time.sleep(0.005)
    program.send_signal(signal.SIGKILL)
    program.wait()
    for mark in many.glob("done/*.json"):
        for name, (size, _) in json.loads(mark.read_text())["files"].items():
            assert (many / name).stat().st_size == size
    whole = tree(one)
    for name, data in results(many).items():
        if not name.startswith(".cleaner"):
            assert whole[name] == data, "nothing half has a final name"
    run("run", "--plan", many)
    run("gather", many)
    assert results(many) == whole
    assert not any(name.startswith(".cleaner") for name in os.listdir(many))


def test_elsewhere(run: Run, given: Path, tmp_path: Path) -> None:
    fsspec: Any = pytest.importorskip("fsspec")
    found = fsspec.filesystem("memory")
    found.store.clear()
    found.pseudo_dirs[:] = [""]
    found.put(str(given), "/in", recursive=True)
    one = tmp_path / "one"
    run("run", given, "--out", one)
    assert run("plan", "memory://in", "--out", "memory://many", "--unit", "20K").exit_code == 0
    for shard in ("2/2", "1/2"):
        run("run", "--plan", "memory://many", "--shard", shard)
    assert run("gather", "memory://many").exit_code == 1
    assert "All were compared" in (said := run("verify", "memory://many")).stdout, said.stdout
    found.get("/many", str(tmp_path / "copy"), recursive=True)
    here, there = tree(one), results(tmp_path / "copy")
    summary = json.loads(there.pop("summary.json"))
    assert summary | {"inputs": []} == json.loads(here.pop("summary.json")) | {"inputs": []}
    assert here == there
    assert run("restore", "memory://many", "www.site0.org/0.txt").stdout.startswith("The bridge opened")
    found.pipe("/many/clean/www.site0.org/0.txt", b"Tampered.")
    assert run("verify", "memory://many").exit_code == 1
    assert out_folder.SUMMARY in {name.rpartition("/")[2] for name in found.find("/many")}
    assert run("gather", "memory://many", "--tidy").exit_code == 1
    assert not [name for name in found.find("/many") if "/done/" in name or "/parts/" in name]
