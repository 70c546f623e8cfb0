"""A page of one or two sentences gives them; sentences in the element of the text stay with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pages import PROSE

from cleaner import Cleaner

CLEANERS = {
    "default": Cleaner(),
    "body": Cleaner(profile="body"),
    "fast": Cleaner(profile="body", fast=True),
    "full": Cleaner(full=True),
}
NEWS = "Snow fell overnight across the valley."
ALONE: dict[str, Callable[[str], str]] = {
    "article": lambda text: f"<article>{text}</article>",
    "article-p": lambda text: f"<article><p>{text}</p></article>",
    "main-p": lambda text: f"<main><p>{text}</p></main>",
    "body": lambda text: text,
    "body-p": lambda text: f"<p>{text}</p>",
    "div": lambda text: f"<div>{text}</div>",
    "cell": lambda text: f"<table><tr><td>{text}</td></tr></table>",
    "item": lambda text: f"<ul><li>{text}</li></ul>",
    "quote": lambda text: f"<blockquote>{text}</blockquote>",
    "pre": lambda text: f"<pre>{text}</pre>",
    "heading": lambda text: f"<h1>Snow</h1>{text}",
}


@pytest.mark.parametrize("make", CLEANERS)
@pytest.mark.parametrize("place", ALONE)
@pytest.mark.parametrize("text", (NEWS, f"{NEWS} Schools stayed shut.", "Wir haben heute geschlossen.", "Hello world"))
def test_the_only_text_of_a_page_stays(text: str, place: str, make: str) -> None:
    page = f"<html><body>{ALONE[place](text)}</body></html>"
    assert text in CLEANERS[make].clean_html(page).text


FRAME = (
    "<html><head><title>Snow in the valley</title></head><body><header><nav><a href=/>Home</a> <a href=/n>News</a>"
    "</nav></header>{}<footer><p>© 2026 Valley Post. All rights reserved.</p></footer></body></html>"
)


@pytest.mark.parametrize("make", CLEANERS)
@pytest.mark.parametrize("element", ("main", "article"))
def test_one_sentence_amid_a_menu_and_a_footer_stays_alone(element: str, make: str) -> None:
    page = FRAME.format(f"<{element}><h1>Snow in the valley</h1><p>{NEWS}</p></{element}>")
    left = CLEANERS[make].clean_html(page).text
    assert NEWS in left
    assert "rights reserved" not in left and "Home" not in left


@pytest.mark.parametrize("make", CLEANERS)
def test_what_a_rule_claims_is_no_article_though_it_stands_alone(make: str) -> None:
    page = FRAME.format("<main></main>")
    assert CLEANERS[make].clean_html(page).text.strip() == ""


def test_what_an_extractor_takes_says_nothing_where_it_takes_the_menus_too() -> None:
    entries = "".join(f"<li><a href=/s/{n}>{text[:40]}</a></li>" for n, text in enumerate(PROSE))
    page = f"<html><body><table><tr><td><a href=/>Home</a></td></tr></table>{NEWS}<hr><ul>{entries}</ul></body></html>"
    for make in ("full", "default"):
        left = CLEANERS[make].clean_html(page).text
        assert NEWS in left and PROSE[0][:40] not in left


def in_a_box(name: str) -> str:
    text = "".join(f"<p class=t>{each}</p>" for each in PROSE)
    box = f"<div class='{name}'><div>A spoon of mustard at the end does it no harm.</div></div>"
    return f"<html><body><div class=entry-content>{text}<h3>Notes</h3>{box}</div></body></html>"


@pytest.mark.parametrize("make", ("default", "body", "full"))
@pytest.mark.parametrize(("name", "stays"), (("xq", True), ("share", False), ("related", False)))
def test_a_sentence_in_the_element_of_the_text_stays_unless_it_is_named(name: str, stays: bool, make: str) -> None:
    assert ("mustard" in CLEANERS[make].clean_html(in_a_box(name)).text) is stays
