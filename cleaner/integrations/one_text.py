"""What all integrations do with a text: clean it, keep its log beside it, and lose none that can't be cleaned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleaner.api import Cleaner
from cleaner.article.model import Cleaned
from cleaner.article.offsets import Offsets
from cleaner.errors import failure
from cleaner.integrations.record_batch import SPAN, built

REMOVED, ERROR = "removed", "clean_error"
"""The keys in the metadata: the removed spans, as ``removed.jsonl`` has them, and why a text could not be cleaned."""


def cleaned_text(text: str, url: object, options: Mapping[str, Any] | Cleaner | None) -> tuple[str, dict[str, Any]]:
    """The clean text, and what goes into the metadata. A text that can't be cleaned stays as it is, with the reason.

    ``options`` are those of a ``Cleaner``, which is built once a process, or one that is built. Raises what ``Cleaner``
    raises.
    """
    cleaner = options if isinstance(options, Cleaner) else built(options)
    try:
        cleaned = cleaner.clean(text, url=url if isinstance(url, str) and url else None)
    except Exception as error:
        return text, {REMOVED: [], ERROR: ": ".join(failure(error))}
    return cleaned.text, {REMOVED: rows(cleaned)}


def rows(cleaned: Cleaned) -> list[dict[str, Any]]:
    """The removed spans as values that JSON knows."""
    return [{name: getattr(span, name) for name in SPAN} for span in cleaned.removed]


def cited(removed: Iterable[Mapping[str, Any]], start: int, end: int) -> tuple[int, int]:
    """Where a part of a clean text is in its source, by the removed spans in the metadata.

    >>> cited([{"start": 3, "end": 6}], 3, 5)
    (6, 8)
    """
    return Offsets.of((span["start"], span["end"]) for span in removed).source_span(start, end)
