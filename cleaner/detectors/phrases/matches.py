"""All matches of a pattern in a paragraph, and what each of them claims: itself, or the sentences it stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from operator import attrgetter

import regex

from cleaner.article.model import Article, Span
from cleaner.rulebook.patterns import compiled, limited
from cleaner.text.sentences import sentences

LONGEST = 20_000
"""Characters of the longest paragraph that is looked at as one unit. A longer one is no prompt or caption: only rules
for a sentence or a match look into it, a part of this length at a time."""

_START = attrgetter("start")


def all_matches(pattern: str, text: str) -> list[regex.Match[str]]:
    """The matches of a pattern in a folded paragraph, in order. Raises ``PatternTimeout``."""
    find = compiled(pattern).finditer
    if len(text) <= LONGEST:
        return limited(pattern, lambda most: list(find(text, timeout=most)))
    # Parts overlap by half, so a match up to that length lies whole in one of them.
    found: dict[tuple[int, int], regex.Match[str]] = {}
    for start in range(0, len(text), LONGEST):
        end = min(len(text), start + 2 * LONGEST)
        part = partial(find, text, start, end)
        for match in limited(pattern, lambda most, part=part: list(part(timeout=most))):  # type: ignore[misc]
            if match.start() < start + LONGEST and not (match.end() == end < len(text)):
                found.setdefault(match.span(), match)
    return list(found.values())


def cut(paragraph: Span, match: regex.Match[str]) -> Span:
    """What a match in a paragraph cuts: what its group ``cut`` holds, if it has one, or itself."""
    start, end = match.span("cut") if "cut" in match.re.groupindex and match.start("cut") >= 0 else match.span()
    return Span(paragraph.start + start, paragraph.start + end)


def trimmed(article: Article, paragraph: Span) -> tuple[Span, ...]:
    """The sentences of a paragraph without the white space around each."""
    found = []
    for span in sentences(article.text, paragraph, article.language):
        body = span.of(article.text)
        found.append(Span(span.start + len(body) - len(body.lstrip()), span.end - len(body) + len(body.rstrip())))
    return tuple(found)


def sentences_at(found: Sequence[Span], paragraph: Span, match: regex.Match[str]) -> Span:
    """From the start of the sentence in which a match begins to the end of the one in which it ends.

    ``found`` are the paragraph's ``trimmed`` sentences.
    """
    first, last = paragraph.start + match.start(), paragraph.start + max(match.start(), match.end() - 1)
    begins, ends = (max(0, bisect_right(found, place, key=_START) - 1) for place in (first, last))
    return Span(found[begins].start, found[ends].end)
