"""Blocks whose lines are openings themselves."""

from __future__ import annotations

from pathlib import Path
from time import thread_time

import cleaner
from cleaner.reading.plain_text import parted
from cleaner.text.paragraphs import ArticleFacts

RULES = """\
category: comments
language: en
rules:
  - id: comments/thread
    about: A thread.
    unit: block
    any: ['^says: ']
    while: {any: ['^says: |^and ']}
    most: 3
    score: 0.9
    removes: ["[[says: a\\nand b]]"]
    keeps: ['They say so.']
"""


def claims(lines: list[str], folder: str) -> list[tuple[int, int]]:
    pipeline = cleaner.Cleaner(folder, rules_only=True).pipeline
    article = pipeline.read("\n".join(lines), language="en")
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    ends = [paragraph.span.end for paragraph in article.paragraphs]
    found = pipeline.rules_for("en")(ArticleFacts.of(parted(article)))
    return [(starts.index(finding.span.start), ends.index(finding.span.end)) for finding in found]


def test_blocks_that_overlap_are_claimed_once(tmp_path: Path) -> None:
    (tmp_path / "comments.yaml").write_text(RULES)
    folder = str(tmp_path)
    assert claims(["says: a", "and b", "They left."], folder) == [(0, 1)]
    assert claims(["says: a", "and b", "says: c", "and d", "and e", "and f", "They left."], folder) == [(0, 3), (4, 5)]
    assert claims(["says: a", "They left.", "says: b", "and c"], folder) == [(0, 0), (2, 3)]


def test_a_page_of_openings_takes_no_longer_than_its_size() -> None:
    cleaner.clean_html("<p>The bridge opened on Monday.</p>")

    def took(lines: int) -> float:
        began = thread_time()
        cleaner.clean_html("<h1>Title</h1>" + "<ul>1 thought on bridges" * lines)
        return thread_time() - began

    took(50)
    assert min(took(400) for _ in range(2)) < 8 * min(took(100) for _ in range(2)) + 0.2
