"""The options of a run as one value, passed from the command line to the workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.run.one_article import MOST_BYTES
from cleaner.run.pool import Limits
from cleaner.tables.base import DEFAULTS, Columns


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run, and which results to write. Picklable.

    ``cleaning``: the options of the cleaner, for the summary. ``log``: ``full``, or ``residue``: text outside a page's
    article is logged by its offsets alone; the text itself is in ``source/``. ``format``: ``text``, or ``markdown``:
    clean pages are written as Markdown as well, on request with ``links`` and ``figures``. ``most``: the size limit of
    an unpacked article in bytes. ``log_format``: ``jsonl``, ``jsonl.zst`` or ``parquet``. ``export``: another format
    for the removed spans (``dolma``). ``repeats``: whether a pass before the run counts what the articles of each site
    share (``on``), or none does (``off``), or the cleaner has counts already (``kept``). ``site``: the site of articles
    whose address and folder name none.
    """

    cleaning: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    kept: bool = False
    log: str = "full"
    format: str = "text"
    links: bool = False
    figures: bool = False
    most: int = MOST_BYTES
    incremental: bool = False
    columns: Columns = DEFAULTS
    log_format: str = "jsonl"
    export: tuple[str, ...] = ()
    repeats: str = "on"
    site: str | None = None

    @property
    def residue(self) -> bool:
        """Whether what is outside of a page's article is logged by its offsets alone."""
        return self.log == "residue"

    @property
    def as_markdown(self) -> bool:
        """Whether clean pages are written as Markdown, too."""
        return self.format == "markdown"

    def record(self) -> dict[str, Any]:
        """All that changes the results, as it is in the summary."""
        columns = self.columns
        fields = {
            "text_field": columns.text,
            "html_field": columns.html,
            "id_field": columns.id,
            "url_field": columns.url,
            "site_field": columns.site,
            "date_field": columns.date,
        }
        return {
            **self.cleaning,
            "kept": self.kept,
            "log": self.log,
            "format": self.format,
            **({"links": True} if self.links else {}),
            **({"figures": True} if self.figures else {}),
            "max_bytes": self.most,
            "repeats": self.repeats,
            **({"site": self.site} if self.site else {}),
            **{name: value for name, value in fields.items() if value is not None},
        }
