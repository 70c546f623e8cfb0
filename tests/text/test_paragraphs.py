"""The facts of an article: folded once, the same in any paragraphs, and what nobody may change."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from cleaner.article.model import Page, Paragraph, Span
from cleaner.reading.plain_text import segment
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words, ends_in_stop

TEXT = "\u201cNo,\u201d she said.\nTwo  words\u00a0here\nBridge \u2014 reopens!"


def test_paragraphs_are_folded_and_counted() -> None:
    facts = ArticleFacts.of(segment(TEXT, language="en", title="A \u2018bridge\u2019"))
    assert facts.texts == ('"No," she said.', "Two  words here", "Bridge - reopens!")
    assert facts.words == (3, 3, 3) and facts.stops == (True, False, True)
    assert facts.all_words == 9 and facts.article.title == "A 'bridge'"
    assert len(facts.article.text) == len(TEXT)


@pytest.mark.parametrize("text", ["One two.\n Three", "関連記事を読む。\nA b", "a\u2003b c\nd", "x"])
def test_words_and_stops_are_those_of_each_paragraph(text: str) -> None:
    facts = ArticleFacts.of(segment(text, language="en"))
    assert facts.words == tuple(map(count_words, facts.texts))
    assert facts.stops == tuple(map(ends_in_stop, facts.texts))


def test_what_a_page_says_of_itself_is_folded() -> None:
    page = Page(titles=("It\u2019s",), parts=("\u201cA\u201d",), body="\u2014", author="O\u2019Neil")
    article = replace(segment("x", language="en"), page=page)
    folded = ArticleFacts.of(article).article.page
    assert folded is not None and (folded.titles, folded.parts) == (("It's",), ('"A"',))
    assert (folded.body, folded.author, folded.title) == ("-", "O'Neil", None)


def test_nothing_is_copied_where_nothing_differs() -> None:
    article = segment("Plain text.\nMore of it.", language="en")
    facts = ArticleFacts.of(article)
    assert facts.article is article and facts.divided(article) is facts


def test_other_paragraphs_of_the_same_text() -> None:
    facts = ArticleFacts.of(segment("\u201cNo.\u201d Yes", language="en"))
    halves = facts.divided(replace(facts.article, paragraphs=(Paragraph(Span(0, 5)), Paragraph(Span(6, 9)))))
    assert halves.texts == ('"No."', "Yes") and halves.stops == (True, False)
    assert facts.texts == ('"No." Yes',) and facts.words == (2,)


def test_facts_can_not_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ArticleFacts.of(segment("x", language="en")).article = segment("y", language="en")  # type: ignore[misc]
