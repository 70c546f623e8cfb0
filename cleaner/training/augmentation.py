"""The ways in which a judge is shown the articles that it learns from.

Every article is shown three times: with all that the rules find; without any rule; and with most of its boilerplate
cut, the rest scattered, paragraphs broken up. So the judge learns to do without rules where nobody has written any,
that an article may be clean and its paragraphs short, and that bad company alone condemns nobody.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cleaner.detectors.ensemble import Floats, Places
from cleaner.detectors.text_judge.features import CLAIMED
from cleaner.model import Article, Finding, Span
from cleaner.reading.plain_text import segment
from cleaner.text.sentences import sentences
from cleaner.training.gold import Gold, Label

RULES = "phrases"
"""The detector whose findings the second showing lacks."""
LEFT = 0.3
"""The share of its boilerplate paragraphs that its third showing still has."""
SCATTERED = 0.6
"""The share of articles whose third showing has them anywhere, so that bad company alone does not condemn."""
BROKEN = 0.5
"""The share of articles whose third showing has a line for each sentence, as some sources write."""


@dataclass(frozen=True, slots=True)
class Row:
    """A gold article, read, with what the rules find in it."""

    gold: Gold
    article: Article
    findings: tuple[Finding, ...]


def labels(row: Row) -> tuple[Places, Places, Floats]:
    """For each paragraph whether most of it is boilerplate, of which kind, and how much it weighs."""
    text = row.gold.text
    wrong, kinds, weights = [], [], []
    for paragraph in row.article.paragraphs:
        span = paragraph.span
        letters = _letters(text, span)
        cover: dict[str, int] = defaultdict(int)
        for label in row.gold.labels:
            if label.span.overlaps(span):
                name = label.category if label in row.gold.scored else ""
                cover[name] += _letters(text, _common(label.span, span))
        skipped = cover.pop("", 0)
        scored = letters - skipped
        kind = max(cover, key=lambda name: cover[name], default=CLAIMED[0])
        wrong.append(-1 if scored <= 0 else int(2 * sum(cover.values()) >= scored))
        kinds.append(CLAIMED.index(kind) if kind in CLAIMED else CLAIMED.index("other"))
        # A long paragraph on the wrong side costs more than a short one, but is still one example.
        weights.append(max(letters, 1) ** 0.5)
    return np.array(wrong, np.int64), np.array(kinds, np.int64), np.array(weights, float)


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))


def _letters(text: str, span: Span) -> int:
    return sum(not character.isspace() for character in span.of(text))


def showings(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The ways in which the articles are shown."""
    yield list(rows)
    yield [replace(row, findings=tuple(f for f in row.findings if f.detector != RULES)) for row in rows]
    yield [_thinned(row) for row in rows]


def _chance(name: str) -> float:
    """A number from 0 to 1 that is always the same for a name."""
    return zlib.crc32(name.encode()) % 1000 / 1000


def _thinned(row: Row) -> Row:
    """The article with a part of its boilerplate, in some articles anywhere, in some with a line for each sentence.

    What was found in a paragraph moves with it.
    """
    wrong, _, _ = labels(row)
    source, name = row.article.text, row.gold.id
    broken, scattered = _chance(f"{name} broken") < BROKEN, _chance(f"{name} scattered") < SCATTERED
    lines: list[tuple[float, Span]] = []
    for number, (paragraph, bad) in enumerate(zip(row.article.paragraphs, wrong.tolist(), strict=True)):
        if bad == 1:
            chance = _chance(f"{name} {number}")
            if chance < LEFT:
                lines.append((chance / LEFT * len(wrong) if scattered else number, paragraph.span))
        elif broken:
            lines += [(number, span) for span in sentences(source, paragraph.span, row.article.language)]
        else:
            lines.append((number, paragraph.span))
    kept: list[tuple[Span, int]] = []
    text = ""
    for _, span in sorted(lines, key=lambda line: line[0]):
        kept.append((span, len(text) - span.start))
        text += span.of(source).rstrip() + "\n"

    def moved(span: Span) -> Iterator[Span]:
        for paragraph, by in kept:
            if paragraph.overlaps(span):
                common = _common(paragraph, span)
                yield Span(common.start + by, min(common.end + by, len(text)))

    marks = tuple(Label(part, label.category) for label in row.gold.labels for part in moved(label.span))
    findings = tuple(replace(f, span=part, evidence=()) for f in row.findings for part in moved(f.span))
    article = segment(text, language=row.article.language)
    return Row(replace(row.gold, text=text, labels=marks), article, findings)
