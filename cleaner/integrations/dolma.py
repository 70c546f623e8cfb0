"""For dolma: importing this module registers the tagger ``cleaner``, whose spans the mixer can take out.

``dolma tag --tagger_modules cleaner.integrations.dolma --taggers cleaner …``
"""

from __future__ import annotations

from dolma.core.data_types import DocResult, Document, Span
from dolma.core.registry import TaggerRegistry
from dolma.core.taggers import BaseTagger

from cleaner.integrations.one_text import REMOVED, cleaned_text
from cleaner.results.dolma import merged


@TaggerRegistry.add("cleaner")
class CleanTagger(BaseTagger):
    """The spans that are not the article, as ``removed``: with the default rules, and nothing for one that fails."""

    @property
    def defaults(self) -> list[str]:
        """So that a document without such spans has the attribute, too: the mixer wants it."""
        return ["removed"]

    def predict(self, doc: Document) -> DocResult:
        """Sorted, disjoint spans, each with how sure it is."""
        _, log = cleaned_text(doc.text, None, None)
        spans = merged((span["start"], span["end"], span["score"]) for span in log[REMOVED])
        return DocResult(doc=doc, spans=[Span(start, end, "removed", score) for start, end, score in spans])
