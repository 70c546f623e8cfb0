"""Arrow streams and files, as Hugging Face ``datasets`` saves them. The results load again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from cleaner.errors import TableFault
from cleaner.files import compressed, disk
from cleaner.tables import record_batches
from cleaner.tables.base import Columns, Row, Rows, Store
from cleaner.tables.record_batches import save

__all__ = ["STREAM", "assemble", "every", "parts", "rows", "save"]

STREAM = False

MAGIC = b"ARROW1"


def parts(path: str, store: Store, most: int) -> Iterator[Rows]:
    """Yield ranges of record batches."""
    if compressed.suffix(path):
        raise TableFault("not-taken", "Arrow files are read as they are; unpack the file")
    sizes = record_batches.broken(path, lambda: [batch.num_rows for batch in _batches(path)])
    return record_batches.ranges(path, sizes)


def rows(part: Rows, columns: Columns, most: int) -> Iterator[Row]:
    """Yield the articles of a range."""
    for number, batch in enumerate(_batches(part.path)):
        if number == part.start:
            yield from record_batches.rows_of(batch.slice(part.stop, part.count), part.first, columns)
            return


def every(path: str, columns: Columns) -> Iterator[Row]:
    """Yield all rows of a file."""
    first = 1
    for batch in _batches(path):
        yield from record_batches.rows_of(batch, first, columns)
        first += batch.num_rows


def assemble(target: str, paths: Sequence[str], source: str) -> None:
    """Write one file of the same kind as the source."""
    with pa.memory_map(source) as file:
        reader: Any = _reader(file)
        schema = record_batches.schema_of(paths, reader.schema)
        whole = isinstance(reader, pa.ipc.RecordBatchFileReader)
        new = [field.name for field in schema if field not in reader.schema]
    schema = _described(schema, new)
    options = pa.ipc.IpcWriteOptions(unify_dictionaries=whole)
    with disk.new_file(target) as out:  # noqa: SIM117 - the kind of writer is an expression of its own
        with (pa.ipc.new_file if whole else pa.ipc.new_stream)(out, schema, options=options) as writer:
            if whole and any(pa.types.is_dictionary(type) for type in schema.types):
                # A file has one dictionary a column, for all batches.
                writer.write_table(pa.Table.from_batches(list(record_batches.streams(paths)), schema))
                return
            for batch in record_batches.streams(paths):
                writer.write_batch(batch.replace_schema_metadata(schema.metadata))


TEXT_FEATURE = {"dtype": "string", "_type": "Value"}
"""Return how ``datasets`` describes a column of texts."""


def _described(schema: pa.Schema, new: Sequence[str]) -> pa.Schema:
    """Return the schema with the new columns added to the description by ``datasets``."""
    held = (schema.metadata or {}).get(b"huggingface")
    if not held or not new:
        return schema
    said = json.loads(held)
    _add(said.get("info", {}).get("features"), new)
    return schema.with_metadata({**schema.metadata, b"huggingface": json.dumps(said).encode()})


def _lacks(features: dict[str, Any], name: str) -> bool:
    """Return whether a column of texts is new, or was empty before and so had no type."""
    said = features.get(name, {"dtype": "null"})
    return isinstance(said, dict) and said.get("dtype") == "null"


def _add(features: Any, new: Sequence[str]) -> None:
    if isinstance(features, dict):
        features.update(dict.fromkeys(new, TEXT_FEATURE))


def describe(clean: str, sources: Mapping[str, str]) -> None:
    """Write the corrected descriptions that make folders of Arrow files loadable as datasets.

    ``clean``: the folder of the results. ``sources``: the input file of each result. Files that could not be read are
    left out. The fingerprint, on which caches rely, is made anew from the results.
    """
    folders: dict[str, dict[str, str]] = {}
    for name, path in sorted(sources.items()):
        if name.endswith(".arrow"):
            folders.setdefault(os.path.dirname(name), {})[path] = name
    for folder, names in folders.items():
        there = {os.path.basename(path): name for path, name in names.items()}
        source = os.path.dirname(next(iter(names)))
        state, info = (_json(os.path.join(source, name)) for name in ("state.json", "dataset_info.json"))
        if state is None:
            continue
        present = {old: new for old, new in there.items() if os.path.exists(os.path.join(clean, new))}
        listed = [entry for entry in state.get("_data_files", []) if entry.get("filename") in present]
        state["_data_files"] = [{**entry, "filename": os.path.basename(present[entry["filename"]])} for entry in listed]
        digests = "".join(record_batches.digest(os.path.join(clean, present[entry["filename"]])) for entry in listed)
        old = str(state.get("_fingerprint"))
        state["_fingerprint"] = hashlib.sha256(f"{old} {digests}".encode()).hexdigest()[:16]
        _put(os.path.join(clean, folder, "state.json"), state)
        if info is not None:
            if listed and info.get("features"):
                with pa.memory_map(os.path.join(clean, present[listed[0]["filename"]])) as file:
                    schema = _reader(file).schema
                texts = [field.name for field in schema if field.type == pa.string()]
                _add(info["features"], [name for name in texts if _lacks(info["features"], name)])
            _put(os.path.join(clean, folder, "dataset_info.json"), info)
        above = _json(os.path.join(os.path.dirname(source), "dataset_dict.json")) if folder else None
        if above is not None:
            _put(os.path.join(clean, os.path.dirname(folder), "dataset_dict.json"), above)


def _json(path: str) -> dict[str, Any] | None:
    try:
        found = json.loads(disk.read(path))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _put(path: str, value: dict[str, Any]) -> None:
    disk.write(path, (json.dumps(value, indent=2) + "\n").encode())


def _batches(path: str) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(path) as file:
        reader: Any = _reader(file)
        if isinstance(reader, pa.ipc.RecordBatchFileReader):
            yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
        else:
            yield from reader


def _reader(file: Any) -> Any:
    magic = file.read(len(MAGIC))
    file.seek(0)
    return pa.ipc.open_file(file) if magic == MAGIC else pa.ipc.open_stream(file)
