"""What rule files and models are known by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePath

from cleaner.rulebook.yaml_tree import Source


def digest(sources: Iterable[Source]) -> str:
    """A digest of files: other rules, another digest, wherever the folder lies."""
    found = hashlib.sha256()
    for name, text in sorted((PurePath(source.path).name, source.text) for source in sources):
        found.update(f"{name}\0{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
    return found.hexdigest()
