"""An input folder that is itself named after a host: its articles are of that site."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from outlets import HOST, NOTICE, body, outlet
from sample import Run, tree

from cleaner.files.disk import TEMPORARY
from cleaner.run.naming import home_of

SITE = HOST.removeprefix("www.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The articles of an outlet, in a folder named after its host."""
    found = tmp_path / HOST
    found.mkdir()
    for number, article in enumerate(outlet(14)):
        (found / f"{number:02}.txt").write_text("\n\n".join(article))
    return found


def sites_of(out: Path) -> set[str | None]:
    lines = (out / "articles.jsonl").read_text().splitlines()[1:]
    return {json.loads(line)["site"] for line in lines}


@pytest.mark.parametrize("given", ["{}", "{}/", "{}/*.txt", "."])
def test_the_name_of_the_input_is_the_site(
    run: Run, folder: Path, tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder if given == "." else tmp_path)
    out = tmp_path / "out"
    assert run("run", given.format(HOST), "--out", out, "-q").exit_code == 0
    assert sites_of(out) == {SITE}
    assert NOTICE not in (out / "clean" / "03.txt").read_text()
    assert run("verify", out).exit_code == 0


def test_several_inputs_have_a_site_each(run: Run, folder: Path, tmp_path: Path) -> None:
    plain = tmp_path / "other"
    plain.mkdir()
    (plain / "a.txt").write_text("\n\n".join(body(99)))
    assert run("run", folder, plain, "--out", tmp_path / "out", "-q").exit_code == 0
    assert sites_of(tmp_path / "out") == {SITE, None}


def test_a_name_that_is_given_counts_more_and_folders_inside_most(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "inside.example").mkdir()
    (folder / "inside.example" / "a.txt").write_text("\n\n".join(body(99)))
    assert run("run", folder, "--out", tmp_path / "out", "--site", "Marlow", "-q").exit_code == 0
    assert sites_of(tmp_path / "out") == {"marlow", "inside.example"}
    assert run("sites", "count", folder, "--out", tmp_path / "kept", "--site", "Marlow").exit_code == 0
    assert set(json.loads((tmp_path / "kept" / "sites.json").read_text())["sites"]) == {"marlow", "inside.example"}


def test_counts_of_the_folder_are_kept(run: Run, folder: Path, tmp_path: Path) -> None:
    assert "1 site in" in run("sites", "count", folder, "--out", tmp_path / "kept").stdout
    assert NOTICE[:60] in run("sites", "show", tmp_path / "kept", SITE).stdout


def test_what_a_killed_count_has_left_goes(run: Run, folder: Path, tmp_path: Path) -> None:
    for name in ("kept", "again"):
        assert run("sites", "count", folder, "--out", tmp_path / name).exit_code == 0
    (tmp_path / "again" / f"{TEMPORARY}1-2").write_text("half a fi")
    assert run("sites", "count", folder, "--out", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "kept")


def test_tables_in_it_are_of_the_site_unless_they_say_otherwise(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / HOST
    folder.mkdir()
    rows = [{"text": "\n\n".join(article)} for article in outlet(14)]
    rows += [{"text": "\n\n".join(body(800 + at)), "url": f"https://orrin.example/{at}"} for at in range(8)]
    (folder / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run("run", folder, "--out", tmp_path / "out", "-q").exit_code == 0
    assert sorted(json.loads((tmp_path / "out" / "summary.json").read_text())["repeats"]) == [SITE, "orrin.example"]


def test_a_plan_comes_to_the_same(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("run", folder, "--out", tmp_path / "whole", "-q").exit_code == 0
    assert run("plan", folder, "--out", tmp_path / "many").exit_code == 0
    assert run("run", "--plan", tmp_path / "many", "-q").exit_code == 0
    assert run("gather", tmp_path / "many").exit_code == 0
    assert tree(tmp_path / "many" / "clean") == tree(tmp_path / "whole" / "clean")
    assert sites_of(tmp_path / "many") == {SITE}


def test_a_folder_that_was_renamed_is_done_again(run: Run, folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    os.rename(folder, old)
    assert run("run", old, "--out", tmp_path / "out", "-q").exit_code == 0
    assert sites_of(tmp_path / "out") == {None}
    os.rename(old, folder)
    assert run("run", folder, "--out", tmp_path / "out", "--incremental", "-q").exit_code == 0
    assert sites_of(tmp_path / "out") == {SITE}
    assert NOTICE not in (tmp_path / "out" / "clean" / "03.txt").read_text()


def test_addresses_of_the_web_name_no_folder() -> None:
    assert home_of("https://data.example.org") is None
    assert home_of("s3://news/www.example.org/") == "example.org"
