"""How a run is done, and the news of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaner.results import log
from cleaner.results.summary import Tally
from cleaner.run import one_article
from cleaner.run.pool import Limits
from cleaner.run.unit_log import Lines
from cleaner.tables.base import DEFAULTS, Columns


@dataclass(frozen=True, slots=True)
class News:
    """What has just been done, for whoever shows it: articles, bytes read, failures, and the results so far."""

    articles: int
    size: int
    reused: int
    failures: Sequence[log.Record]
    tally: Tally
    lines: Lines
    folder: str


@dataclass(frozen=True, slots=True)
class Choices:
    """How a run is done, and what of the results is written.

    ``residue``: what stands outside of a page's article is logged by its offsets, without its text, which is in
    ``source/``. ``as_markdown``: clean pages are written as Markdown, too. ``most``: bytes of an article.
    """

    limits: Limits = field(default_factory=Limits)
    kept: bool = False
    residue: bool = False
    as_markdown: bool = False
    most: int = one_article.MOST_BYTES
    incremental: bool = False
    columns: Columns = DEFAULTS
    log_format: str = "jsonl"
    export: tuple[str, ...] = ()
