"""Columns of texts of all types that Arrow has for them: what is read comes out as the same type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sample import ARTICLE, CLEAN, Run

import cleaner
from cleaner.tables import record_batches
from cleaner.tables.base import Columns

pa = pytest.importorskip("pyarrow")

TYPES: dict[str, Any] = {
    "string": pa.string(),
    "large": pa.large_string(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "view": pa.string_view(),
    "runs": pa.run_end_encoded(pa.int32(), pa.string()),
}
NOT_IN_PARQUET = ("view", "runs")
"""What Parquet has no place for, in some version of pyarrow at least: that of views came later than views."""


@pytest.fixture(autouse=True)
def forks() -> None:
    """Workers are forked only where that is safe: Arrow has threads."""


def table(name: str, texts: list[str | None]) -> Any:
    """A table with a column of texts of this type, and two more whose values are hard to copy."""
    values = pa.array(texts).dictionary_encode() if name == "dictionary" else pa.array(texts, TYPES[name])
    nested = pa.array([{"a": [1, None]}] * len(texts))
    return pa.table({"text": values, "nested": nested, "nan": [float("nan")] * len(texts)})


def test_files_with_columns_of_all_types(run: Run, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    tables = {name: table(name, [ARTICLE, "Café.\n", ARTICLE, ""]) for name in TYPES}
    for name, given in tables.items():
        with pa.OSFile(str(source / f"{name}.arrow"), "wb") as file, pa.ipc.new_file(file, given.schema) as writer:
            writer.write_table(given, max_chunksize=2)
        try:
            pq.write_table(given, source / f"{name}.parquet")
        except pa.ArrowNotImplementedError:
            assert name in NOT_IN_PARQUET
            (source / f"{name}.parquet").unlink(missing_ok=True)
    assert run("run", source, "--out", out).exit_code == 0
    for path in source.iterdir():
        if path.suffix == ".parquet":
            found, schema = pq.read_table(out / "clean" / path.name), pq.read_schema(path)
        else:
            found, schema = pa.ipc.open_file(str(out / "clean" / path.name)).read_all(), tables[path.stem].schema
        assert found.schema == schema, path.name
        assert found.column("text").to_pylist() == [CLEAN, "Café.\n", CLEAN, ""]
        assert found.column("nested").to_pylist() == [{"a": [1, None]}] * 4
    assert len([*source.iterdir()]) >= 8
    assert run("verify", out).exit_code == 0


@pytest.mark.parametrize("name", TYPES)
def test_rows_between_rows_that_failed(name: str) -> None:
    """Whichever rows are done, they come out with all their columns, as the types that they had."""
    batch = table(name, ["A.", "B.", None, "D.", "E."]).to_batches()[0]
    rows = [*record_batches.rows_of(batch, 1, Columns())]
    for done in ([0, 1, 3, 4], [0, 3], [1], [3, 4]):
        pairs = [(rows[at], cleaner.clean(f"Row {at}.")) for at in done]
        found = record_batches.replaced(batch, pairs)
        found.validate(full=True)
        assert found.schema == batch.schema
        assert found.column("text").to_pylist() == [f"Row {at}." for at in done]
        assert found.column("nested").to_pylist() == [{"a": [1, None]}] * len(done)
