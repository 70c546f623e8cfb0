"""What a page hides or carries as data: which of it is read, and what is said about it."""

from __future__ import annotations

import json

import pytest
from pages import PROSE

from cleaner import Cleaner
from cleaner.article.model import Article
from cleaner.reading.blocks import Blocks
from cleaner.reading.embedded import carried
from cleaner.reading.html import parse

REST = "".join(f"<p>{each}</p>" for each in PROSE)
ANSWER = "Yes, the ferry takes ten of them on its lower deck."
MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/s">Sport</a></li></ul></nav>'
CLEANERS = {fast: Cleaner(fast=fast, full=not fast) for fast in (False, True)}


def page(body: str, head: str = "") -> str:
    return f"<html lang=en><head><title>Old bridge closes</title>{head}</head><body>{MENU}{body}</body></html>"


def read(source: str) -> Article:
    return CLEANERS[True].clean_html(source).article


def notes(article: Article) -> str:
    assert article.page is not None
    return "; ".join(article.page.notes)


@pytest.mark.parametrize("fast", (False, True))
@pytest.mark.parametrize(
    "folded",
    (
        f'<div style="display:none"><p>{ANSWER}</p></div>',
        f"<section hidden><p>{ANSWER}</p></section>",
        f'<div class="collapse" aria-hidden="true"><div><p>{ANSWER}</p></div></div>',
    ),
)
def test_what_opens_at_a_touch_is_read(folded: str, fast: bool) -> None:
    heading = "<h3><button aria-expanded=false>Can I bring a bicycle on the ferry?</button></h3>"
    cleaned = CLEANERS[fast].clean_html(page(f"<article>{REST}{heading}{folded}<p>{PROSE[0]}</p></article>"))
    assert ANSWER in cleaned.text
    assert "read though hidden until a reader opens it: 1 part" in notes(cleaned.article)


@pytest.mark.parametrize(
    "closed",
    (
        f'<div class="modal" style="display:none"><p>{ANSWER}</p></div>',
        f'<div hidden><div class="newsletter-box"><p>{ANSWER}</p></div></div>',
        f'<div hidden role="dialog"><p>{ANSWER}</p></div>',
        f"<div hidden><p>{ANSWER}</p><form><input name=mail></form></div>",
        f'<div hidden><p><a href="/x">{ANSWER}</a></p></div>',
        "<div hidden><span>Share</span> <span>Print</span></div>",
    ),
)
def test_dialogs_and_the_like_stay_closed_and_are_named(closed: str) -> None:
    article = read(page(f"<article>{REST}{closed}</article>"))
    assert ANSWER not in article.text and "Share" not in article.text
    assert "hidden and left out: 1 part" in notes(article)


def test_terms_that_are_longer_than_the_article_stay_closed() -> None:
    terms = "".join(f"<p>Under paragraph {n} the visitor agrees to all that this page says.</p>" for n in range(60))
    article = read(page(f'<div>{REST}</div><div id="t" style="display:none">{terms}</div>'))
    assert "agrees" not in article.text and PROSE[2] in article.text
    assert "hidden and left out: 1 part" in notes(article)


def test_a_shadow_root_is_shown_and_another_template_is_not() -> None:
    article = read(page(f"<x-story><template shadowrootmode=open>{REST}</template></x-story><template>No.</template>"))
    assert all(each in article.text for each in PROSE) and "No." not in article.text


def test_links_that_lead_nowhere_are_none() -> None:
    tree = parse('<h2><a name="x">Piers</a></h2><h2><a href="#y">Boats</a></h2><p><a href="#">Share</a></p>')
    assert [paragraph.link_chars for paragraph in Blocks.of(tree.root).paragraphs] == [0, 0, 5]


STATE = {"page": {"title": "Old bridge closes", "body": [{"kind": "text", "value": each} for each in PROSE]}}
LD = {"@type": "NewsArticle", "articleBody": "\n".join(PROSE)}


@pytest.mark.parametrize("fast", (False, True))
@pytest.mark.parametrize(
    ("carrier", "place"),
    (
        (f'<script type="application/ld+json">{json.dumps(LD)}</script>', "JSON-LD"),
        (f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>', "__NEXT_DATA__"),
        (f"<script>window.__STATE__ = {json.dumps(STATE)};</script>", "script"),
        (f"<script>window.s = {json.dumps({'html': REST})};</script>", "script"),
        (f"<noscript><div>{REST}</div></noscript>", "noscript"),
        (f"<template id=story>{REST}</template>", "template"),
    ),
)
def test_an_article_that_stands_in_data_alone_is_taken(carrier: str, place: str, fast: bool) -> None:
    cleaned = CLEANERS[fast].clean_html(page(f"<div id=root>Loading the page</div>{carrier}<footer>Privacy</footer>"))
    assert cleaned.text.split("\n")[-4:] == list(PROSE)
    assert "Loading" not in cleaned.text and "Privacy" not in cleaned.text
    said = notes(cleaned.article)
    assert "the page shows no article: taken from" in said and place in said


def test_data_adds_nothing_to_a_page_that_shows_its_article() -> None:
    other = json.dumps({"@type": "NewsArticle", "articleBody": "Quite another text. " * 200})
    article = read(page(REST, f'<script type="application/ld+json">{other}</script>'))
    assert "another" not in article.text and "taken" not in notes(article)


def test_data_without_text_is_no_article() -> None:
    for script in ('{"a": ["x y", "z"]}', '{"a": [', "[]", "window.x = {broken", "var a = 1;" * 50):
        assert carried(parse(page(f'<script type="application/json">{script}</script>')).root, None) is None
        assert carried(parse(page(f"<script>{script}</script>")).root, "Too short.") is None


@pytest.mark.parametrize(
    ("page", "note"),
    (
        ("<select><option>May<option>June</select>",
         "choices and fields of forms, left out: 1 part, 10 characters: May / June"),
        ("<textarea>Your view</textarea><textarea>x</textarea>",
         "choices and fields of forms, left out: 2 parts, 10 characters: Your view; x"),
        ("<noscript>Turn scripts on</noscript>",
         "for readers without scripts, left out: 1 part, 15 characters: Turn scripts on"),
        ("<template><p>Card</p></template>", "templates of scripts, left out: 1 part, 4 characters: Card"),
        ("<svg><text>12 %</text></svg>", "in drawings, left out: 1 part, 4 characters: 12 %"),
        ("<video>Your browser is old</video>",
         "in place of what is embedded, left out: 1 part, 19 characters: Your browser is old"),
    ),
)  # fmt: skip
def test_text_that_is_left_out_for_its_element_is_told(page: str, note: str) -> None:
    article = read(f"<p>One</p>{page}<p>Two</p>")
    assert article.text == "One\nTwo"
    assert article.page is not None and article.page.notes == (note,)


def test_data_that_is_not_read_is_told() -> None:
    text = "<article>" + "<p>The council voted on Monday to close the old bridge for repairs, officials said.</p>" * 6
    state = json.dumps({"props": {"text": "The council voted on Monday. " * 60}})
    page = f'{text}<script id="__NEXT_DATA__" type="application/json">{state}</script><script>var a = 1;</script>'
    article = read(page)
    assert article.page is not None
    assert article.page.notes == (
        f"data beside the text, not read: the data of its script __NEXT_DATA__, {len(state):,} characters",
    )
    body = json.dumps({"@type": "NewsArticle", "articleBody": "Another story."})
    article = read(f'{text}<script type="application/ld+json">{body}</script>')
    assert article.page is not None
    assert article.page.notes == ("data beside the text, not read: the articleBody of its JSON-LD, 14 characters",)
