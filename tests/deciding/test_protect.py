"""Each protection by itself: what it keeps, with which reason, and what it lets go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaner.api import clean_html
from cleaner.article.model import CATEGORIES, Article, Decision, Finding, Page, Role, Span
from cleaner.deciding.protect import PROTECTIONS, protected
from cleaner.reading.plain_text import segment
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts

PROFILE = Profile(
    "test", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 0.5, judge=0.6, alone=0.8
)
PROSE = "The ferry left the old harbour at noon with two hundred people on board, and " * 2 + "nobody was left behind."
TEXT = f"Ferries leave the old harbour again\nBy Ann Example\n{PROSE}\nMore words of it.\nBuy now"
BY_NAME = dict(PROTECTIONS)


def line(article: Article, number: int, score: float, role: Role = "claim") -> Decision:
    """The decision that a line goes."""
    span = article.paragraphs[number].span
    finding = Finding(span, "promotion", "x", "promotion/x", score, role=role)
    return Decision(span.start, span.end, "remove", "promotion", "promotion/x", "x", score, "", (finding,))


@pytest.mark.parametrize(
    ("name", "number", "role", "score", "reason"),
    [
        ("first line", 0, "claim", 0.7, "perhaps the headline"),
        ("first line", 0, "claim", 0.8, None),
        ("first line", 1, "claim", 0.7, None),
        ("line above the lead", 0, "verdict", 0.7, None),  # another line is between
        ("line above the lead", 1, "verdict", 0.7, None),  # too short for a headline
        ("lead", 2, "claim", 0.7, "the article's lead"),
        ("lead", 2, "claim", 0.8, None),
        ("lead", 3, "claim", 0.7, None),
        ("share", 2, "claim", 0.7, "over 50% of the article would go"),
        ("share", 2, "claim", 0.9, None),
        ("share", 4, "claim", 0.7, None),
        ("isolated", 3, "verdict", 0.7, "alone among what stays, under the threshold 0.8"),
        ("isolated", 3, "claim", 0.7, None),
    ],
)
def test_what_it_keeps(name: str, number: int, role: Role, score: float, reason: str | None) -> None:
    article = segment(TEXT, language="en")
    draft = line(article, number, score, role)
    assert BY_NAME[name](ArticleFacts.of(article), [draft], PROFILE).get(0) == reason


def test_a_line_right_above_the_lead() -> None:
    article = segment(f"Ferries\nFerries leave the old harbour again\n{PROSE}", language="en")
    kept = {0: "perhaps the headline"}
    assert BY_NAME["line above the lead"](ArticleFacts.of(article), [line(article, 1, 0.7, "verdict")], PROFILE) == kept
    assert BY_NAME["line above the lead"](ArticleFacts.of(article), [line(article, 1, 0.7)], PROFILE) == {}


def test_what_is_outside_of_a_page_is_no_loss() -> None:
    article = segment(TEXT, language="en")
    span = Span(0, article.paragraphs[2].span.end)
    verdict = Finding(span, None, "page", "page/outside", 0.7, role="verdict")
    draft = Decision(span.start, span.end, "remove", "other", "page/outside", "page", 0.7, "", (verdict,))
    assert BY_NAME["share"](ArticleFacts.of(article), [draft], PROFILE) == {}


def test_a_page_of_a_sentence_does_not_come_out_empty() -> None:
    page = replace(segment("A bridge\nIt opened on Monday.", language="en"), page=Page())
    for score, kept in ((0.7, {0: "nothing would be left"}), (0.85, {})):
        verdict = Finding(Span(0, 29), None, "page", "page/outside", score, role="verdict")
        draft = Decision(0, 29, "remove", "other", "page/outside", "page", score, "", (verdict,))
        assert BY_NAME["nothing left"](ArticleFacts.of(page), [draft], PROFILE) == kept
        more = ArticleFacts.of(replace(page, text=page.text + " More."))
        assert BY_NAME["nothing left"](more, [draft], PROFILE) == {}
    assert clean_html("<h1>A bridge</h1><p>It opened on Monday.</p>").text == "A bridge\nIt opened on Monday."


def test_they_are_asked_in_order() -> None:
    article = segment(TEXT, language="en")
    drafts = [line(article, 0, 0.7), line(article, 2, 0.7), line(article, 4, 0.7)]
    after = protected(ArticleFacts.of(article), drafts, PROFILE)
    assert [draft.reason for draft in after] == ["perhaps the headline", "the article's lead", ""]
    assert [draft.action for draft in after] == ["keep", "keep", "remove"]
