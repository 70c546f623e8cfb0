"""Texts that are all article, of kinds that look like boilerplate: rules alone take none of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from cleaner.text.words import ends_in_stop
from cleaner.training.gold import Gold
from cleaner.training.marked import read_marked

FILE = Path(__file__).parent.parent / "cases" / "articles.marked"
ARTICLES = read_marked(FILE.read_text(encoding="utf-8").split("\n"), FILE.name)


@pytest.fixture(scope="module")
def rules_alone() -> cleaner.Cleaner:
    return cleaner.Cleaner(ignore="judge,prose")


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_rules_leave_an_article(article: Gold, rules_alone: cleaner.Cleaner) -> None:
    marked = {label.span.of(article.text) for label in article.labels}
    gone = rules_alone.clean(article.text, language=article.language).removed
    assert {removed.text.strip() for removed in gone} == marked


FORMS = FILE.with_name("forms.marked")
FORMED = read_marked(FORMS.read_text(encoding="utf-8").split("\n"), FORMS.name)
MOST_LOST = 0.002
"""The share of all of them that may go."""


def test_lists_verses_and_tables_stay() -> None:
    """Chapters, poems, programmes, clues, timetables, minutes, prices and the like, with the judge: hardly a word of
    them goes, and no sentence."""
    whole = cleaner.Cleaner()
    letters = lost = 0
    sentences = []
    for article in FORMED:
        marked = {place for label in article.labels for place in range(label.span.start, label.span.end)}
        letters += sum(not letter.isspace() for letter in article.text)
        for removed in whole.clean(article.text).removed:
            places = [place for place in range(removed.start, removed.end) if place not in marked]
            lost += sum(not article.text[place].isspace() for place in places)
            sentences += [line for line in removed.text.split("\n") if places and ends_in_stop(line) and " " in line]
    assert (lost <= MOST_LOST * letters, sentences) == (True, [])
