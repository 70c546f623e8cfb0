"""For datatrove: a step that cleans documents, to stand behind a reader of texts or an extractor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from datatrove.pipeline.base import PipelineStep

from cleaner.api import Cleaner
from cleaner.integrations.one_text import ERROR, REMOVED, cleaned_text


class CleanStep(PipelineStep):
    """Documents with clean texts; ids and metadata stay. ``removed`` in the metadata says what went, where and why.

    ``options`` are those of a ``Cleaner``, or one; ``url`` is the key of the address in the metadata.
    """

    name = "cleaner"
    type = "✂️ - FORMAT"

    def __init__(self, options: Mapping[str, Any] | Cleaner | None = None, url: str = "url") -> None:
        super().__init__()
        self.options, self.url = options, url

    def run(self, data: Iterable[Any] | None, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The same documents in the same order; documents, removed spans and failures are counted."""
        for document in data or ():
            with self.track_time():
                document.text, log = cleaned_text(document.text, document.metadata.get(self.url), self.options)
            document.metadata.update(log)
            self.stat_update("total")
            self.stat_update("removed_spans", value=len(log[REMOVED]))
            if ERROR in log:
                self.stat_update("failed")
            yield document
