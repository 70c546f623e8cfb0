"""What has a form stays: each form by itself, where it holds and where it doesn't."""

from __future__ import annotations

import pytest

from cleaner.article.model import CATEGORIES, Decision, Finding
from cleaner.deciding.forms import formed
from cleaner.reading.plain_text import segment
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts

PROFILE = Profile(
    "test", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 0.5, judge=0.6, alone=0.8
)
PROSE = (
    "The ferry left the old harbour at noon with two hundred people on board, and nobody was left behind at the quay."
)
LINES = (PROSE, PROSE.replace("noon", "six"))


Going = tuple[str, float] | tuple[str, float, float] | tuple[str, float, float, str]


def whole(line: str, score: float, claim: float = 0.0, category: str = "promotion") -> tuple[str, float, float, str]:
    """What is said of a line, with what is left out."""
    return line, score, claim, category


def kept(text: str, *going: Going) -> list[str]:
    """The reasons for which lines stay that the judge would remove: each a line, its score, that of a rule's claim on
    it, and its category."""
    article = segment(text, language="en")
    drafts = []
    for line, score, claim, category in (whole(*each) for each in going):
        span = next(p.span for p in article.paragraphs if p.span.of(text) == line)
        findings = [Finding(span, category, "judge", "judge/x", score, role="verdict")]
        if claim:
            findings.append(Finding(span, category, "phrases", f"{category}/x", claim, own=False))
        drafts.append(
            Decision(span.start, span.end, "remove", category, "judge/x", "judge", score, "", tuple(findings))
        )
    drafts.sort(key=lambda draft: draft.start)
    return list(formed(ArticleFacts.of(article), drafts, PROFILE).values())


SURER = ("Buy now and save on every trip", 0.99)
"""Goes for certain, so that the others don't stay for want of company."""
POEM = "The tide goes out, the lamp is lit,\nand no one walks the quay,\nthe ferryman has had enough,\nand so have we"
CHAPTERS = "00:00 At the quay\n02:14 Who pays for it\n05:47 The storm\n11:30 Three plans"
ROMAN = "I. The wheel\nII. Felt\nIII. Who calls\nIV. Light"
PRICES = "Hake with butter 22\nPie 17\nTart 7\nThree cheeses 10"
GLOSSARY = "Please - venlisk\nRain - regn\nMore rain - meir regn\nGood night - god natt"


@pytest.mark.parametrize(
    ("form", "line", "reason"),
    [
        (POEM, "the ferryman has had enough,", "a verse, under 0.95"),
        (CHAPTERS, "05:47 The storm", "in a list that counts on, under 0.95"),
        (ROMAN, "III. Who calls", "in a list that counts on, under 0.95"),
        (PRICES, "Tart 7", "in a table of lines alike, under 0.95"),
        (GLOSSARY, "More rain - meir regn", "in a table of lines alike, under 0.95"),
    ],
)
def test_a_form_keeps_its_lines(form: str, line: str, reason: str) -> None:
    text = "\n".join((*LINES, form, *LINES, SURER[0]))
    assert kept(text, (line, 0.9), SURER) == [reason]
    assert kept(text, (line, 0.96), SURER) == []  # the judge is nearly certain
    assert kept(text, (line, 0.9, 0.88), SURER) == []  # a rule says so
    alone = "\n".join((*LINES, line, *LINES, SURER[0]))
    assert kept(alone, (line, 0.9), SURER) == []  # the line by itself has no form


def test_what_falls_does_not_count_on() -> None:
    ticker = "\n".join((*LINES, *reversed(CHAPTERS.split("\n")), *LINES, SURER[0]))
    assert kept(ticker, ("05:47 The storm", 0.9), SURER) == []


def test_titles_are_no_verses() -> None:
    titles = "\n".join((*LINES, "Ferry strike ends", "The quay is sold", "Nine berths let", "Who owns it", SURER[0]))
    assert kept(titles, ("Nine berths let", 0.9), SURER) == []


def test_a_text_without_prose() -> None:
    text = "\n".join(("Quay one", "No. It never was.", "Quay two", SURER[0]))
    assert kept(text, ("Quay two", 0.7), SURER) == ["in a text without prose, under 0.78"]
    assert kept(text, ("Quay two", 0.79), SURER) == []
    assert kept("\n".join((text, *LINES)), ("Quay two", 0.7), SURER) == []


def test_a_word_above_a_paragraph() -> None:
    text = "\n".join((*LINES, "Comment", LINES[0], SURER[0]))
    assert kept(text, ("Comment", 0.91, 0.88, "comments"), SURER) == ["perhaps a heading, under 0.95"]
    assert kept(text, ("Comment", 0.96, 0.88, "comments"), SURER) == []
    assert kept(text, ("Comment", 0.91, 0.88, "promotion"), SURER) == []
    assert kept("\n".join((*LINES, "Comment", SURER[0])), ("Comment", 0.91, 0.88, "comments"), SURER) == []
    few = text.replace("Comment", "The new quay")
    assert kept(few, ("The new quay", 0.75, 0.0, "comments"), SURER) == ["perhaps a heading, under 0.95"]
    assert kept(few, ("The new quay", 0.85, 0.0, "comments"), SURER) == []  # the judge is surer
    assert kept(few, ("The new quay", 0.75, 0.88, "comments"), SURER) == []  # a rule says so


def test_what_is_between_lines_that_certainly_go_goes_with_them() -> None:
    text = "\n".join(("Quay one", "Share this", "Mail and print", "Close", "Quay two", "Quay three"))
    assert kept(text, ("Share this", 0.97), ("Mail and print", 0.7), ("Close", 0.97)) == []
    assert kept(text, ("Share this", 0.97), ("Mail and print", 0.7), ("Close", 0.9)) == [
        "in a text without prose, under 0.78"
    ]
