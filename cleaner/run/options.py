"""How a run is done: one value, from the command line to the workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.run.one_article import MOST_BYTES
from cleaner.run.pool import Limits
from cleaner.tables.base import DEFAULTS, Columns


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is done, and what of the results is written. Travels to the workers.

    ``cleaning``: how the cleaner was made, for the summary. ``log``: ``full``, or ``residue``: what is outside of a
    page's article is logged by its offsets, without its text, which is in ``source/``. ``format``: ``text``, or
    ``markdown``: clean pages are written as Markdown, too, with ``links`` and ``figures`` if they are asked for.
    ``most``: bytes of an article, unpacked. ``log_format``: ``jsonl``, ``jsonl.zst`` or ``parquet``. ``export``: what
    else is written of the removed spans (``dolma``).
    ``repeats``: what the articles of each site share is counted before the run (``on``), or isn't (``off``), or the
    cleaner has counts already (``kept``). ``site``: that of articles whose address and folder name none.
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
