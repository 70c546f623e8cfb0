"""What a run tells of itself while it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.results import log
from cleaner.results.summary import Tally
from cleaner.run.unit_log import Lines


@dataclass(frozen=True, slots=True)
class News:
    """What has just been done, for whoever shows it: articles, bytes read, failures, and the results so far.

    ``other``: articles that come out otherwise than in the results before, though they are the same."""

    articles: int
    size: int
    reused: int
    failures: Sequence[log.Record]
    tally: Tally
    lines: Lines
    folder: str
    other: int = 0
