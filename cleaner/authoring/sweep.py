"""What else is removed when a line of boilerplate is put into an article: this finds rules that eat their
neighbours."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cleaner.article.model import Cleaned, Removed
from cleaner.reading.plain_text import segment
from cleaner.rulebook.values import Rule

LONGEST = 80
"""Characters of a rule's example that counts as a line: a button, a heading, a credit, a date."""

Clean = Callable[[str], Cleaned]


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of an article that was removed along with a line put before paragraph ``position``, and what removed
    it."""

    line: str
    position: int
    text: str
    removed: Removed

    @property
    def by(self) -> str:
        """The rule, or the detector where it has none."""
        return self.removed.rule or self.removed.detector


def lines_of(rules: Iterable[Rule], language: str) -> list[str]:
    """The short lines that rules for a language remove as a whole, by their own examples."""
    found = {
        example.plain[start:end]
        for rule in rules
        if not rule.hosts and not {language, "any"}.isdisjoint(rule.languages)
        for example in rule.removes
        for start, end in example.marks
        if end - start <= LONGEST
        and "\n" not in example.plain[start:end]
        and example.plain[:start].endswith(("", "\n")[start > 0])
        and example.plain[end:].startswith(("", "\n")[end < len(example.plain)])
    }
    return sorted(found)


def drawn(lines: Sequence[str], most: int, seed: str) -> list[str]:
    """At most this many of the lines, drawn at random with a fixed seed; 0 draws all."""
    return list(lines) if not most or len(lines) <= most else random.Random(seed).sample(list(lines), most)


def sweep(text: str, lines: Iterable[str], clean: Clean) -> Iterator[Loss]:
    """Put each line before each paragraph of an article, and after the last. What is removed of the article itself,
    beyond what is removed without the line, counts as lost."""
    gone = _gone(clean(text).removed)
    starts = [*(paragraph.span.start for paragraph in segment(text, language="und").paragraphs), len(text)]
    for line in lines:
        for position, start in enumerate(starts):
            before, after = ("\n", "") if start == len(text) and not text.endswith("\n") else ("", "\n")
            put = before + line + after
            for removed in clean(text[:start] + put + text[start:]).removed:
                places = [
                    place - len(put) * (place >= start + len(put))
                    for place in range(removed.start, removed.end)
                    if not start <= place < start + len(put)
                ]
                lost = [place for place in places if place not in gone and not text[place].isspace()]
                if lost:
                    yield Loss(line, position, text[lost[0] : lost[-1] + 1], removed)


def _gone(removed: Iterable[Removed]) -> set[int]:
    return {place for span in removed for place in range(span.start, span.end)}


def by_rule(losses: Iterable[tuple[str, Loss]]) -> Mapping[str, list[tuple[str, Loss]]]:
    """The losses (each with its article) by what caused them, the most frequent first."""
    found: dict[str, list[tuple[str, Loss]]] = {}
    for article, loss in losses:
        found.setdefault(loss.by, []).append((article, loss))
    return dict(sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0])))
