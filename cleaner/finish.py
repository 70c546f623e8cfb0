"""The last step of a run: logs in the format that was asked for, and attributes for other programs.

Until here all logs are plain lines, so that a run that is stopped can cut them and go on. What is written here lies
beside them, and they are not moved into place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cleaner import compressed, files, formats, outfolder, tables

PARQUET_ROWS = 10_000


def finish(
    folder: str, names: Sequence[str], log_format: str, export: Sequence[str], sources: Mapping[str, str]
) -> list[str]:
    """What is to be moved into place: ``names``, or what takes their places, and the clean articles."""
    result = list(names)
    if "dolma" in export:
        from cleaner.adapters import dolma

        files.delete(os.path.join(folder, "attributes"))
        done = [dolma.export(folder, path, name) for name, path in sources.items() if _is_jsonl(folder, name)]
        result += ["attributes"] if done else []
    if log_format != "jsonl":
        files.delete(os.path.join(folder, CONVERTED))
        converted = []
        for name in result:
            if name not in ("attributes", outfolder.ERRORS, outfolder.ARTICLES):
                for path in _logs(folder, name):
                    _convert(folder, path, log_format)
                converted.append(name)
    return [*result, outfolder.CLEAN]


CONVERTED = "converted"


def _is_jsonl(folder: str, name: str) -> bool:
    there = os.path.exists(os.path.join(folder, "articles", f"{name}.jsonl"))
    return there and formats.adapter_name(name) == "jsonl"
