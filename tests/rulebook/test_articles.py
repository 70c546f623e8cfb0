"""Texts that are all article, of kinds that look like boilerplate: rules alone take none of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
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
