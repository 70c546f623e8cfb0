"""For LlamaIndex: a transformation that cleans documents, to stand before the node parser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import BaseNode, TransformComponent

from cleaner.integrations.one_text import ERROR, REMOVED, cleaned_text


class CleanTransform(TransformComponent):
    """Nodes with clean texts; ids and metadata stay. ``removed`` in the metadata says what went, where and why.

    Neither the embedding nor the language model sees that. ``options`` are those of a ``Cleaner``; ``url`` is the key
    of the address in the metadata.
    """

    options: dict[str, Any] | None = None
    url: str = "url"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """The same nodes in the same order."""
        done = []
        for given in nodes:
            node = given.model_copy(deep=True)
            text, log = cleaned_text(node.get_content(), node.metadata.get(self.url), self.options)
            node.set_content(text)
            node.metadata.update(log)
            for keys in (node.excluded_embed_metadata_keys, node.excluded_llm_metadata_keys):
                keys += [key for key in (REMOVED, ERROR) if key not in keys]
            done.append(node)
        return done
