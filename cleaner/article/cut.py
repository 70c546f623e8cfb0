"""Cut and restore: the clean text without the removed spans, and the text back from both.

``tidy`` chooses which white space goes with a removed span, so that the clean text reads well; nothing is ever
inserted, so the clean text and the removed spans are the input, character for character.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cleaner.article.model import Article, Cleaned, Decision, PageKind, Removed
from cleaner.errors import ResultFault


def cut(article: Article, decisions: Iterable[Decision]) -> Cleaned:
    """Cut the spans that the decisions remove, which must be sorted and disjoint, out of an article."""
    decisions = tuple(decisions)
    text = article.text
    removed = tuple(
        Removed(d.start, d.end, d.category, d.rule, d.detector, d.score, d.reason, text[d.start : d.end])
        for d in decisions
        if d.action == "remove"
    )
    kept = tuple(d for d in decisions if d.action == "keep")
    pieces: list[str] = []
    position = 0
    for span in removed:
        pieces.append(text[position : span.start])
        position = span.end
    pieces.append(text[position:])
    return Cleaned(article, "".join(pieces), removed, kept)


def emptied(cleaned: Cleaned, kind: PageKind) -> Cleaned:
    """Remove what is left of a cleaned page as well, because it is not an article."""
    text = cleaned.article.text
    edges = [0, *(edge for span in cleaned.removed for edge in (span.start, span.end)), len(text)]
    reason = f"only articles are asked for, and this is none but {kind.name}: {kind.reason}"
    rest = [
        Removed(start, end, "other", "only/articles", "kind", kind.confidence, reason, text[start:end])
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if start < end
    ]
    removed = tuple(sorted((*cleaned.removed, *rest), key=lambda span: span.start))
    return replace(cleaned, text="", removed=removed, kept=())


def restore(text: str, removed: Iterable[Removed]) -> str:
    """The input, rebuilt from a clean text and what was removed from it (in any order).

    Raises ``ResultFault`` if the two don't belong together.

    >>> restore("A. C.", [Removed(3, 6, "other", "r", "phrases", 0.9, "", "B. ")])
    'A. B. C.'
    """
    pieces: list[str] = []
    used = 0
    length = 0
    for span in sorted(removed, key=lambda span: span.start):
        before = span.start - length
        if before < 0 or used + before > len(text) or span.end - span.start != len(span.text):
            raise ResultFault(
                f"the removed span {span.start}-{span.end} does not fit this text of {len(text)} characters"
            )
        pieces += (text[used : used + before], span.text)
        used += before
        length = span.end
    pieces.append(text[used:])
    return "".join(pieces)
