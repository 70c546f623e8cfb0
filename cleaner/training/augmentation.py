"""Data augmentation: the versions of each article from which a judge learns.

Every article is shown four times: with everything that the rules find; without any rule; with most or all of its
boilerplate cut, the rest scattered and paragraphs broken up; and on a fuller page, among boilerplate of other articles.
The judge thus learns to do without rules where none exist, that an article may be clean and have short paragraphs, that
boilerplate beside a paragraph proves nothing, and what the long tails of real pages look like.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cleaner.article.model import Article, Finding, Span
from cleaner.detectors.ensemble import Floats, Places
from cleaner.detectors.text_judge.features import CLAIMED
from cleaner.reading.plain_text import segment
from cleaner.text.sentences import sentences
from cleaner.training import title_lists
from cleaner.training.gold import Gold, Label

RULES = "phrases"
"""The detector whose findings are left out of the second version."""
LEFT = 0.3
"""The share of boilerplate paragraphs that the third version keeps."""
BARE = 0.1
"""The share of articles whose third version has no boilerplate."""
SCATTERED = 0.6
"""The share of articles whose third version has boilerplate anywhere, so that boilerplate beside a paragraph proves
nothing."""
MOST_RUNS = 5
"""The most runs of other articles' boilerplate that the fourth version adds."""
LISTS = 0.2
"""The share of these runs that are lists of titles."""
FIRST = 2
"""The number of paragraphs at the head of an article in which its title is sought."""
SECTION = 16
"""The most characters in the name of a section."""
AT_END = 0.6
AT_HEAD = 0.15
INSIDE = 4
"""The most paragraphs of a run inside the article. Longer runs are put at its end."""
BROKEN = 0.5
"""The share of articles whose third version has one sentence per line, as some sources do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A gold article as it was read, with the findings of the rules."""

    gold: Gold
    article: Article
    findings: tuple[Finding, ...]


def labels(row: Row) -> tuple[Places, Places, Floats]:
    """Return for each paragraph whether most of it is boilerplate, its category, and its weight."""
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


def showings(rows: Sequence[Row], parts: Sequence[int]) -> Iterator[list[Row]]:
    """Yield the versions of the articles. ``parts``: the part of each site. Boilerplate is never taken from another
    part."""
    yield list(rows)
    yield [replace(row, findings=tuple(f for f in row.findings if f.detector != RULES)) for row in rows]
    yield [_thinned(row) for row in rows]
    homes = [(row.article.language, part) for row, part in zip(rows, parts, strict=True)]
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row, home in zip(rows, homes, strict=True):
        groups[home].append(row)
    runs = {home: [(row, *run) for row in some for run in boilerplate_runs(row)] for home, some in groups.items()}
    lists = {home: _title_lists(some) for home, some in groups.items()}
    yield [_crowded(row, runs[home], lists[home]) for row, home in zip(rows, homes, strict=True)]


def _chance(name: str) -> float:
    """Return a number from 0 to 1 that is always the same for a name."""
    return zlib.crc32(name.encode()) % 1000 / 1000


def _thinned(row: Row) -> Row:
    """Return the article with a part of its boilerplate; in some articles scattered, in some with one sentence per
    line.

    Findings move with their paragraphs.
    """
    wrong, _, _ = labels(row)
    source, name = row.article.text, row.gold.id
    broken, scattered = _chance(f"{name} broken") < BROKEN, _chance(f"{name} scattered") < SCATTERED
    left = 0 if _chance(f"{name} bare") < BARE else LEFT
    lines: list[tuple[float, Span]] = []
    for number, (paragraph, bad) in enumerate(zip(row.article.paragraphs, wrong.tolist(), strict=True)):
        if bad == 1:
            chance = _chance(f"{name} {number}")
            if chance < left:
                lines.append((chance / left * len(wrong) if scattered else number, paragraph.span))
        elif broken:
            lines += [(number, span) for span in sentences(source, paragraph.span, row.article.language)]
        else:
            lines.append((number, paragraph.span))
    return _laid(row, [(row, span) for _, span in sorted(lines, key=lambda line: line[0])])


Run = tuple[Row, int, int]
"""An article, the number of the first paragraph of a run, and that of the one after its last."""


def _title_lists(rows: Sequence[Row]) -> list[Run]:
    """Return lists of the titles of these articles, which are in one language."""
    titles, texts, sections = [], [], []
    for row in rows:
        wrong, kinds, _ = labels(row)
        for number, (paragraph, bad, kind) in enumerate(zip(row.article.paragraphs, wrong, kinds, strict=True)):
            text = " ".join(paragraph.span.of(row.article.text).split())
            if len(text) in title_lists.TITLE and (
                CLAIMED[kind] == title_lists.KIND if bad == 1 else number < FIRST and text[-1] not in ".:;"
            ):
                titles.append(text)
            elif bad == 0 and len(text) > 2 * title_lists.BEGINNING[1]:
                texts.append(text)
            elif bad == 1 and CLAIMED[kind] == "navigation" and text.isalpha() and len(text) <= SECTION:
                sections.append(text)
    stock = title_lists.Stock(tuple(titles), tuple(texts), tuple(sections))
    made = title_lists.made(stock, len(rows), rows[0].article.language, _chance)
    read = [Row(gold, segment(gold.text, language=gold.language), ()) for gold in made]
    return [(row, 0, len(row.article.paragraphs)) for row in read]


def _crowded(row: Row, runs: Sequence[Run], lists: Sequence[Run]) -> Row:
    """Return the article on a fuller page: with runs of boilerplate of other articles and lists of titles at its end,
    some at its head or inside it."""
    if not runs:
        return row
    name = row.gold.id
    spans = [paragraph.span for paragraph in row.article.paragraphs]
    added: list[tuple[float, list[tuple[Row, Span]]]] = []
    for turn in range(1 + int(_chance(f"{name} runs") * MOST_RUNS)):
        donors = lists if lists and _chance(f"{name} kind {turn}") < LISTS else runs
        donor, first, after = donors[int(_chance(f"{name} donor {turn}") * len(donors))]
        run = [(donor, paragraph.span) for paragraph in donor.article.paragraphs[first:after]]
        chance = _chance(f"{name} place {turn}")
        if chance < AT_HEAD:
            added.append((-1, run))
        elif chance < AT_HEAD + AT_END or len(run) > INSIDE:
            added.append((len(spans) + turn, run))
        else:
            added.append((1 + int(_chance(f"{name} inside {turn}") * len(spans)) - 0.5, run))
    own: list[tuple[float, list[tuple[Row, Span]]]] = [(number, [(row, span)]) for number, span in enumerate(spans)]
    return _laid(row, [piece for _, run in sorted([*own, *added], key=lambda place: place[0]) for piece in run])


def boilerplate_runs(row: Row) -> Iterator[tuple[int, int]]:
    """Yield runs of boilerplate paragraphs of one category: the number of the first, and of the one after the last."""
    wrong, kinds, _ = labels(row)
    first = 0
    for number in range(1, len(wrong) + 1):
        if number == len(wrong) or wrong[number] != wrong[first] or kinds[number] != kinds[first]:
            if wrong[first] == 1:
                yield first, number
            first = number


def _laid(row: Row, pieces: Sequence[tuple[Row, Span]]) -> Row:
    """Return an article of these pieces, one per line, with their marks and findings."""
    kept: list[tuple[Row, Span, int]] = []
    text = ""
    for source, span in pieces:
        kept.append((source, span, len(text) - span.start))
        text += span.of(source.article.text).rstrip() + "\n"
    marks: list[Label] = []
    findings: list[Finding] = []
    for source, paragraph, by in kept:

        def moved(span: Span, paragraph: Span = paragraph, by: int = by) -> Iterator[Span]:
            if paragraph.overlaps(span):
                common = _common(paragraph, span)
                yield Span(common.start + by, min(common.end + by, len(text)))

        marks += [Label(part, label.category) for label in source.gold.labels for part in moved(label.span)]
        findings += [replace(f, span=part, evidence=()) for f in source.findings for part in moved(f.span)]
    article = segment(text, language=row.article.language)
    return Row(replace(row.gold, text=text, labels=tuple(marks)), article, tuple(findings))
