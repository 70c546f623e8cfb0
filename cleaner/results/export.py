"""The last step of a run: writes the logs in the requested format, and attributes for other programs.

Until this step all logs are plain lines, so that a stopped run can cut them and resume. The files written here replace
them in the results.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cleaner.files import compressed, disk
from cleaner.results import log, out_folder
from cleaner.results.out_folder import FOLDERS
from cleaner.tables import formats

PARQUET_ROWS = 10_000


def finish(
    folder: str, names: Sequence[str], log_format: str, export: Sequence[str], sources: Mapping[str, str]
) -> list[str]:
    """Return the names to move into place: ``names``, or the files that replace them, and the clean articles."""
    result = list(names)
    if any(name.endswith(".arrow") for name in sources):
        from cleaner.tables import arrow

        arrow.describe(os.path.join(folder, out_folder.CLEAN), sources)
    if "dolma" in export:
        from cleaner.results import dolma

        disk.delete(os.path.join(folder, "attributes"))
        done = [dolma.export(folder, path, name) for name, path in sources.items() if _is_jsonl(folder, name, path)]
        result += ["attributes"] if done else []
    if log_format == "jsonl.zst":
        for path in _logs(folder):
            _pack(path)
        result = [name + ".zst" if name in LOGS else name for name in result]
    elif log_format == "parquet":
        for path in _logs(folder, [kind for kind in FOLDERS if kind != out_folder.SOURCE]):
            _columns(path)
        result += [name.removesuffix(".jsonl") + ".parquet" for name in result if name in LOGS]
    pages = [part for part in (out_folder.MARKDOWN, out_folder.SOURCE) if os.path.isdir(os.path.join(folder, part))]
    return [*(name for name in result if name not in pages), *pages, out_folder.CLEAN]


LOGS: tuple[str, ...] = (out_folder.REMOVED, out_folder.ARTICLES, out_folder.KEPT)


def tidy(out: str) -> None:
    """Delete the plain logs of tables that also exist compressed. A stopped run would have needed them."""
    for kind in FOLDERS:
        top = os.path.join(out, kind)
        for name in list(out_folder.below(top)):
            if name.endswith(".jsonl.zst") and os.path.exists(os.path.join(top, name.removesuffix(".zst"))):
                disk.delete(os.path.join(top, name.removesuffix(".zst")))


def _logs(folder: str, kinds: Sequence[str] = FOLDERS) -> Iterator[str]:
    for name in LOGS:
        if os.path.exists(os.path.join(folder, name)):
            yield os.path.join(folder, name)
    for kind in kinds:
        top = os.path.join(folder, kind)
        yield from (os.path.join(top, name) for name in list(out_folder.below(top)) if name.endswith(".jsonl"))


def _pack(path: str) -> None:
    with disk.opened(path) as source, disk.new_file(path + ".zst") as target:
        while data := source.read(1 << 20):
            target.write(compressed.pack(data, ".zst"))


def _columns(path: str) -> None:
    """Write a copy of a log as Parquet. Lone surrogates, which Parquet can't hold, become U+FFFD."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[str, Any] = {
        **dict.fromkeys(("start", "end", "input", "characters", "removed_spans", "removed_characters"), pa.int64()),
        **{"score": pa.float64(), "bom": pa.bool_(), "row": pa.int64()},
    }
    lines = disk.read_lines(path)
    kind = json.loads(next(lines))["format"]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in log.COLUMNS[kind]])
    with disk.new_file(path.removesuffix(".jsonl") + ".parquet") as file, pq.ParquetWriter(file, schema) as writer:
        while held := [_flat(json.loads(line)) for line in islice(lines, PARQUET_ROWS)]:
            writer.write_table(pa.Table.from_pylist(held, schema))


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
        for name, value in record.items()
        if name != "fields"
    } | ({"fields": json.dumps(record["fields"])} if "fields" in record else {})


def _is_jsonl(folder: str, name: str, path: str) -> bool:
    there = os.path.exists(os.path.join(folder, "articles", f"{name}.jsonl"))
    return there and formats.adapter_name(path) == "jsonl"
