"""Which unsure blocks stay with what belongs to them, by given scores."""

from __future__ import annotations

import pytest
from pages import PROSE

from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.page_judge.together import settled
from cleaner.detectors.page_judge.weights_file import read_markup
from cleaner.files import rule_folders
from cleaner.reading import html
from cleaner.text.paragraphs import ArticleFacts

GROUPS = read_markup(rule_folders.read_markup()).kinds.groups
TEXT = "".join(f"<p>{each}</p>" for each in PROSE)


def stays(body: str, *doubted: str) -> list[bool]:
    """Whether each block that is ``doubted`` (a score of 0.89) stays on a page whose other blocks surely do."""
    article = html.read(html.parse(f"<html><body><article>{body}</article></body></html>"))
    signs = Signs(ArticleFacts.of(article), GROUPS, None)
    texts = signs.texts
    scores = [0.89 if any(each in text for each in doubted) else 0.01 for text in texts]
    result = settled(signs, scores, [0.0] * len(scores), [0.0] * len(scores))
    return [result[next(n for n, text in enumerate(texts) if each in text)] < 0.5 for each in doubted]


def test_a_heading_stays_with_the_text_under_it_but_the_title_stands_for_itself() -> None:
    page = f"<h1>The old bridge</h1>{TEXT}<h2>The reeds</h2>{TEXT}<h1>The oaks</h1>{TEXT}"
    assert stays(page, "The old bridge", "The reeds", "The oaks") == [False, True, True]


@pytest.mark.parametrize(("title", "expected"), (("", True), ("<h1>The old bridge</h1>", False)))
def test_cells_of_a_table_that_holds_the_title_are_no_rows(title: str, expected: bool) -> None:
    rows = f"<tr><td>{title}<p>By the river</p>{TEXT}</td></tr><tr><td><p>Oaks 3</p></td></tr>"
    assert stays(f"<table>{rows}</table>", "By the river", "Oaks 3")[1] is expected


def test_a_heading_is_no_sentence_of_the_text() -> None:
    asked = "Who built the old bridge over the river?"
    page = f"<div class=text>{TEXT}<{{0}}>{asked}</{{0}}></div>"
    assert [stays(page.format(tag), asked)[0] for tag in ("p", "h3")] == [True, False]
