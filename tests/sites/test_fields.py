"""Fields of tables that name the site and the day of an article."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from outlets import NOTICE, body, outlet
from sample import Run

import cleaner
from cleaner import Cleaner
from cleaner.files.kept_counts import KeptCounts
from cleaner.tables.base import Columns
from cleaner.tables.fields import row_of

RULE = """
host: the-marlow-post
language: any
rules:
  - id: promotion/marlow-window
    category: promotion
    about: Names the window.
    unit: paragraph
    any: ['^Ask for it at the green window\\.$']
    score: 0.9
    removes: ["The bridge opened on Monday.\\n[[Ask for it at the green window.]]"]
    keeps: ['They ask for it at the green window of the mill, the baker said.']
"""


def rows() -> list[dict[str, object]]:
    """Articles that a feed has under one host, of two outlets."""
    found: list[dict[str, object]] = []
    for at, article in enumerate(outlet(14)):
        url = f"https://feed.example/{at}"
        found.append({"id": f"a{at}", "url": url, "paper": " The Marlow Post", "text": "\n\n".join(article)})
        other = [*body(700 + at), "Printed in Orrin."]
        found.append(
            {"id": f"b{at}", "url": url + "b", "paper": "https://www.orrin.example/x", "text": "\n".join(other)}
        )
    return found


def written(path: Path, kind: str) -> Path:
    path = path / f"news.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    else:
        pq.write_table(pa.Table.from_pylist(rows()), path)
    return path


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_field_names_the_site(run: Run, tmp_path: Path, kind: str) -> None:
    source, out = written(tmp_path, kind), tmp_path / "out"
    assert run("run", source, "--out", out, "--site-field", "paper", "-q").exit_code == 0
    summary = json.loads((out / "summary.json").read_text())
    assert sorted(summary["repeats"]) == ["orrin.example", "the-marlow-post"]
    assert summary["options"]["site_field"] == "paper"
    removed = [json.loads(line) for path in (out / "removed").iterdir() for line in path.read_text().splitlines()[1:]]
    assert any("in 14 of 14 articles of the-marlow-post" in one["reason"] for one in removed)
    assert run("verify", out).exit_code == 0


def test_counts_by_a_field_are_kept_and_used(run: Run, tmp_path: Path) -> None:
    source, kept = written(tmp_path, "jsonl"), tmp_path / "kept"
    assert run("sites", "count", source, "--out", kept, "--site-field", "paper", "--workers", "1").exit_code == 0
    assert sorted(json.loads(run("sites", "show", kept, "--json").stdout)) == ["orrin.example", "the-marlow-post"]
    assert NOTICE[:60] in run("sites", "show", kept, "The Marlow Post").stdout
    known = Cleaner(repeats=KeptCounts(str(kept)))
    text = "\n\n".join([*body(900), NOTICE])
    assert NOTICE not in known.clean(text, url="https://feed.example/1", site="The Marlow Post").text
    assert NOTICE in known.clean(text, url="https://feed.example/1").text
    batch = pa.RecordBatch.from_pylist([{"text": text, "url": "https://feed.example/1", "paper": "The Marlow Post"}])
    assert NOTICE not in cleaner.clean_batch(batch, cleaner=known, site="paper").column("text")[0].as_py()
    with pytest.raises(KeyError, match="no column outlet"):
        cleaner.clean_batch(batch, cleaner=known, site="outlet")


def test_rules_for_a_host_apply_to_a_site_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "post.yaml").write_text(RULE)
    own = Cleaner(tmp_path)
    line = "Ask for it at the green window."
    text = "\n\n".join([*body(3), line])
    assert line not in own.clean(text, site="The Marlow Post").text
    assert line in own.clean(text, site="orrin.example").text


def test_a_name_for_all_may_have_spaces(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, article in enumerate(outlet(12)):
        (tmp_path / "in" / f"{number}.txt").write_text("\n\n".join(article))
    run("run", tmp_path / "in", "--out", tmp_path / "out", "--site", "The Marlow Post", "-q")
    assert NOTICE not in (tmp_path / "out" / "clean" / "3.txt").read_text()


def test_fields_of_days_and_sites() -> None:
    record = {"text": "A.", "date": "2024-05-12", "seen": "2024-05-13", "paper": 7}
    assert row_of(1, None, record, Columns()).site is None
    row = row_of(1, None, record, Columns(site="paper", date="seen"))
    assert row.site == "7" and row.day == (row_of(1, None, record, Columns()).day or 0) + 1
    assert row_of(1, None, {"text": "A.", "date": {"a": 1}, "paper": ["x"]}, Columns(site="paper")).site is None


def test_a_column_of_dates_that_no_one_can_read_costs_nothing(run: Run, tmp_path: Path) -> None:
    columns = [pa.array(["It rained all day in town."]), pa.array([b"\xff"]).cast(pa.string(), safe=False)]
    pq.write_table(pa.table(columns, ["text", "date"]), tmp_path / "news.parquet")
    assert run("run", tmp_path / "news.parquet", "--out", tmp_path / "out", "-q").exit_code == 0
