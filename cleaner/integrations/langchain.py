"""For LangChain: ``CleanTransformer`` cleans documents before they are split; ``cite`` leads chunks back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

from cleaner.api import Cleaner
from cleaner.integrations.one_text import REMOVED, cited, cleaned_text


class CleanTransformer(BaseDocumentTransformer):
    """Documents with clean texts; ids and metadata stay. ``removed`` in the metadata says what went, where and why.

    ``url`` is the key of the address in the metadata; ``options`` are those of a ``Cleaner``, or one.
    """

    def __init__(self, options: Mapping[str, Any] | Cleaner | None = None, url: str = "source") -> None:
        self.options, self.url = options, url

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """The same documents in the same order. One that can't be cleaned keeps its text; ``clean_error`` says why."""
        done = []
        for document in documents:
            text, log = cleaned_text(document.page_content, document.metadata.get(self.url), self.options)
            done.append(document.model_copy(update={"page_content": text, "metadata": {**document.metadata, **log}}))
        return done


def cite(chunks: Iterable[Document]) -> list[Document]:
    """Chunks with ``source_start`` and ``source_end``, their place in the text before it was cleaned, for ``removed``.

    They must come from a splitter with ``add_start_index=True``, without which this raises ``KeyError``.
    """
    done = []
    for chunk in chunks:
        log = dict(chunk.metadata)
        at = log["start_index"]
        log["source_start"], log["source_end"] = cited(log.pop(REMOVED), at, at + len(chunk.page_content))
        done.append(chunk.model_copy(update={"metadata": log}))
    return done
