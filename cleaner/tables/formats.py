"""Tells by their names which files hold many articles."""

from __future__ import annotations

import posixpath

from cleaner.files import compressed

FORMATS: dict[str, str] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".warc": "warc",
    ".wet": "warc",
}
"""The adapters by the suffix of a file's name, without that of compression."""

SIDECARS: tuple[str, ...] = ("state.json", "dataset_info.json", "dataset_dict.json")
"""The files beside the Arrow files of a Hugging Face dataset that are copied with them."""

MADE: dict[str, str] = {".warc": ".jsonl", ".wet": ".jsonl"}
"""The suffix of the result, if its format differs from that of the input."""

TEXT_FIELDS: tuple[str, ...] = ("text", "content", "body")
"""The fields in which the text of a row is sought, unless the user names one."""

DATE_FIELD = "date"
"""The fields in which the day of publication is sought."""

HTML_FIELD = "html"
"""The field in which a page is sought in a row without a text."""


def end(path: str) -> str:
    """Return the suffix of a name that tells the format.

    >>> end("a/b.JSONL.gz"), end("a.txt")
    ('.jsonl', '.txt')
    """
    return posixpath.splitext(compressed.bare(path))[1].lower()


def adapter_name(path: str) -> str | None:
    """Return the name of the module in ``cleaner.tables`` for a file."""
    return FORMATS.get(end(path))


def is_table(path: str) -> bool:
    """Return whether a file holds many articles.

    >>> is_table("a/b.JSONL.gz"), is_table("a/b.txt")
    (True, False)
    """
    return end(path) in FORMATS


PAGES: tuple[str, ...] = (".html", ".htm")
"""The suffixes of files that are read as web pages."""
SUFFIXES: tuple[str, ...] = (".txt", ".md", ".text", *PAGES)
"""The suffixes, in any case, of files that are read as articles."""
