"""Progress of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.results import log
from cleaner.results.summary import Tally
from cleaner.run.unit_log import Lines


@dataclass(frozen=True, slots=True)
class News:
    """What has just been done, for display: articles, bytes read, failures, and the results so far. ``other``:
    unchanged articles whose results differ from the earlier ones."""

    articles: int
    size: int
    reused: int
    failures: Sequence[log.Record]
    tally: Tally
    lines: Lines
    folder: str
    other: int = 0
