"""A page loses the same words however it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree
from pages import PAGE
from typing_variants import PAGE_VARIANTS, letters

import cleaner
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.reading.html import parse, read
from cleaner.text.view import View

ROWS = (Path(__file__).parent / "cases" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
PAGES = [PAGE, *(json.loads(row)["html"] for row in ROWS[::6])]
LINKS = "<p>Die <a href=a>Hafenverwaltung</a> bestätigt den <a href=b>Fährfahrplan</a> für Überlingen.</p>"


@pytest.fixture(scope="module", params=["fast", "full"])
def cleans(request: pytest.FixtureRequest) -> cleaner.Cleaner:
    return cleaner.Cleaner(fast=request.param == "fast", full=request.param == "full")


@pytest.mark.parametrize("variant", PAGE_VARIANTS)
def test_how_a_page_is_written_changes_nothing_that_goes(cleans: cleaner.Cleaner, variant: str) -> None:
    changed = 0
    for page in PAGES:
        other = PAGE_VARIANTS[variant](page)
        changed += other != page
        assert letters(cleans.clean_html(other).text) == letters(cleans.clean_html(page).text)
    assert changed


@pytest.mark.parametrize("variant", ["decomposed", "soft hyphens", "zero-width joiners within words"])
def test_what_has_no_width_is_no_part_of_a_link(variant: str) -> None:
    def linked(page: str) -> list[int]:
        return [paragraph.link_chars for paragraph in View.of(read(parse(page))).article.paragraphs]

    assert linked(PAGE_VARIANTS[variant](LINKS)) == linked(LINKS) == [27]


def test_an_extractor_sees_one_way_of_typing() -> None:
    for variant in ("decomposed", "soft hyphens"):
        page = PAGE.replace("<p>", "<p>Über die Straße. ")
        tree, other = parse(page).root, parse(PAGE_VARIANTS[variant](page)).root
        assert etree.tostring(other) != etree.tostring(tree)
        assert page_judge.lines(other) == page_judge.lines(tree) != ()


@pytest.mark.parametrize("mark", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_a_control_character_beside_one_without_width_costs_no_page(cleans: cleaner.Cleaner, mark: str) -> None:
    odd = f"\u200b{mark}"
    page = (
        f"<h1>Bridge</h1><p>The bridge{odd} opened on Monday, and thousands walked it.<b>{odd}</b>{odd} So it goes.</p>"
    )
    assert "on Monday, and thousands walked it." in cleans.clean_html(page).text
