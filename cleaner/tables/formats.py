"""Which files hold many articles, told by their names."""

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
"""The adapters by the end of a file's name, without the suffix of compression."""

SIDECARS: tuple[str, ...] = ("state.json", "dataset_info.json", "dataset_dict.json")
"""What lies beside the Arrow files of a Hugging Face dataset, and is copied with them."""

MADE: dict[str, str] = {".warc": ".jsonl", ".wet": ".jsonl"}
"""The end of the name of the result, where it is of another format than the input."""

TEXT_FIELDS: tuple[str, ...] = ("text", "content", "body")
"""Where the text of a row is looked for, unless the user says where it is."""

DATE_FIELD = "date"
"""Where the day on which an article came out is looked for."""

HTML_FIELD = "html"
"""Where a page is looked for in a row without a text."""


def end(path: str) -> str:
    """The end of a name that tells the format.

    >>> end("a/b.JSONL.gz"), end("a.txt")
    ('.jsonl', '.txt')
    """
    return posixpath.splitext(compressed.bare(path))[1].lower()


def adapter_name(path: str) -> str | None:
    """The module in ``cleaner.tables`` for a file."""
    return FORMATS.get(end(path))


def is_table(path: str) -> bool:
    """Whether a file holds many articles.

    >>> is_table("a/b.JSONL.gz"), is_table("a/b.txt")
    (True, False)
    """
    return end(path) in FORMATS


PAGES: tuple[str, ...] = (".html", ".htm")
"""The files that are read as web pages."""
SUFFIXES: tuple[str, ...] = (".txt", ".md", ".text", *PAGES)
"""The files that are taken for articles, by the end of their names in any case."""
