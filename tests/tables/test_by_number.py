"""Rows of tables by their numbers are those that reading from the front gives."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from pages import PAGE, http, record

from cleaner.tables import warc, warc_records
from cleaner.tables.base import DEFAULTS, Row, adapter
from cleaner.tables.by_number import STEP, Lines, Numbered

NUMBERS = (1, 2, 7, 30, 31, 59)


def written(folder: Path, name: str) -> Path:
    """A table of 60 articles, the last of which is cut short where that can be."""
    path = folder / name
    rows = [{"id": f"row {n}", "text": f"It rained for {n} hours.", "html": None} for n in range(60)]
    if name.endswith(".parquet"):
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=25)
    elif ".warc" in name:
        pack = gzip.compress if name.endswith(".gz") else bytes
        pages = [http(PAGE.replace("until the end of spring", f"until week {n}").encode()) for n in range(60)]
        about = record(b"x: y", "metadata", "about")
        parts = [pack(record(page, name=str(n))) + pack(about) for n, page in enumerate(pages)]
        parts[20] = b"\x1f\x8b\x08 what is no record" + parts[20]
        path.write_bytes(b"".join(parts))
    else:
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def every(path: Path) -> dict[int, Row]:
    found = adapter(str(path))
    assert found is not None
    return {row.number: row for row in found.every(str(path), DEFAULTS)}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet", "a.warc", "a.warc.gz"])
def test_rows_are_those_of_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(warc, "APART", 4)
    path = written(tmp_path, name)
    whole = every(path)
    assert len(whole) >= 60
    rows = Numbered(str(path), DEFAULTS)

    def shown(row: Row | None) -> tuple[str | None, str | None, object]:
        assert row is not None
        return row.id, row.text or str(row.html), row.fault

    for number in (*reversed(NUMBERS), *NUMBERS):
        assert shown(rows.row(number)) == shown(whole[number]), number
    assert rows.row(len(whole) + 1) is None
    assert [(number, shown(row)) for number, row in rows.rows(set(NUMBERS))] == [(n, shown(whole[n])) for n in NUMBERS]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_page_far_behind_is_not_read_from_the_front(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(warc, "APART", 4)
    places = warc.Places(str(written(tmp_path, name)))
    assert places.row(55) is not None
    taken: list[object] = []
    real = warc._taken

    def noted(one: warc_records.Record, most: int) -> object:
        taken.append(one)
        return real(one, most)

    monkeypatch.setattr(warc, "_taken", noted)
    assert places.row(54) is not None
    assert 1 <= len(taken) <= 10, "it begins at the last place before it"


@pytest.mark.parametrize("count", [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP + 5])
def test_lines_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("cleaner.tables.by_number.BLOCK", 1000)
    path = tmp_path / "lines"
    path.write_text("".join(f"line {n}\n" for n in range(count)))
    lines = Lines(str(path))
    data = path.read_bytes()
    for number in (*range(count - 1, 0, -7), *range(0, count, 5)):
        start, end = lines.place(number)
        assert data[start:end] == b"line %d\n" % number
    with pytest.raises(IndexError):
        lines.place(count)
