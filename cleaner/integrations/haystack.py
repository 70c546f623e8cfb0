"""For Haystack: a component that cleans documents, to stand before the splitter."""

# Without postponed annotations: Haystack reads the types of `run` to connect components.
from dataclasses import replace
from typing import Any

from haystack import Document, component

from cleaner.integrations.one_text import cleaned_text


@component
class CleanComponent:
    """Documents with clean texts; ids and metadata stay. ``removed`` in ``meta`` says what went, where and why.

    ``options`` are those of a ``Cleaner``; ``url`` is the key of the address in ``meta``.
    """

    def __init__(self, options: dict[str, Any] | None = None, url: str = "url") -> None:
        self.options, self.url = options, url

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """The same documents in the same order; those without a text stay as they are."""
        done = []
        for document in documents:
            if document.content is not None:
                text, log = cleaned_text(document.content, document.meta.get(self.url), self.options)
                document = replace(document, content=text, meta={**document.meta, **log})
            done.append(document)
        return {"documents": done}
