"""The kind of a page, in Python and in the record of an article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import APART
from pages import PAGE, PROSE

from cleaner import Cleaner, restore
from cleaner.article.model import status
from cleaner.commands.cli import cli
from cleaner.errors import OptionFault

CLEANER = Cleaner(fast=True)
TEXT = "".join(f"<p>{each}</p>" for each in PROSE)
LINKS = "".join(f'<li><a href="/{n}">The {n}th story of the week in the valley</a></li>' for n in range(30))
ENTRIES = "".join(f"<div><time>1{n}:30</time><p>{each}</p></div>" for n, each in enumerate(PROSE))
TEASERS = "".join(
    f'<div class="item"><h3><a href="/{n}">The ferry, part {n} of the story</a></h3><p>{each}</p></div>'
    for n, each in enumerate(PROSE * 2)
)
WALL = (
    "<h2>Your privacy</h2><p>We and our partners store and/or access information on a device, such as cookies, and "
    "process personal data for the purposes named below.</p><p>You may withdraw your consent at any time in the "
    "settings at the foot of every page of this site.</p><button>Accept all</button><button>Reject all</button>"
)


def ld(**more: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(more)}</script>'


def typed(kind: str, **more: object) -> str:
    return ld(**{"@type": kind}, **more)


@pytest.mark.parametrize(
    ("page", "kind"),
    (
        (PAGE, "article"),
        (TEXT, "article"),
        (typed("NewsArticle") + TEXT, "article"),
        (typed("LiveBlogPosting") + TEXT, "live-blog"),
        (ENTRIES, "live-blog"),
        (typed("Product") + TEXT, "product"),
        (typed("NewsArticle", isAccessibleForFree=False) + f"<p>{PROSE[0]}</p>", "paywalled"),
        (typed("NewsArticle", isAccessibleForFree="False") + TEXT * 3, "article"),
        (f"<main><h1>News</h1><ul>{LINKS}</ul></main>", "links"),
        ("<footer>About us, in some more words than there are links</footer>", "nothing"),
        ("<main><h1>Bridge</h1><p>The bridge over the river is closed since Monday.</p></main>", "unknown"),
        (f"<main><h1>News</h1>{TEASERS}</main>", "links"),
        (f"<main><h1>News</h1>{TEASERS}</main><article>{TEXT}</article>", "article"),
        (typed("Product") + typed("Review") + TEXT, "article"),
        (WALL, "consent"),
        (f"<div class='cookie-banner'>{WALL}</div><article><h1>Bridge</h1>{TEXT * 3}</article>", "article"),
        ("<title>404 - Page not found</title><h1>Page not found</h1><p>Try the search or the front page.</p>", "error"),
        ("<title>Seite nicht gefunden | Talbote</title><h1>Hoppla</h1><p>Das gibt es hier nicht mehr.</p>", "error"),
        (f"<title>404 steps to the tower</title><h1>404 steps to the tower</h1>{TEXT * 2}", "article"),
        (f"<h1>The pier that moves</h1><p>{PROSE[0]}</p><p>This article is for subscribers only.</p>", "paywalled"),
        (f"<h1>The pier that moves</h1>{TEXT * 3}<p>Already a subscriber? Log in.</p>", "article"),
    ),
)
def test_kinds(page: str, kind: str) -> None:
    found = CLEANER.clean_html(page).kind
    assert found is not None and found.name == kind and 0.5 < found.confidence < 1 and found.reason


def test_a_page_that_is_no_article_has_that_status_and_is_cleaned_all_the_same() -> None:
    page = f"<main><h1>News</h1>{TEASERS}</main>"
    cleaned = CLEANER.clean_html(page)
    assert status(cleaned) == "no-article" and cleaned.kind is not None and cleaned.kind.name == "links"
    assert status(CLEANER.clean_html(PAGE)) == "ok"


def test_only_articles_leaves_nothing_of_other_pages_and_logs_all_of_them() -> None:
    only = Cleaner(fast=True, only="articles")
    for page in (f"<main><h1>News</h1>{TEASERS}</main>", WALL):
        cleaned = only.clean_html(page)
        assert cleaned.text == "" and status(cleaned) == "no-article"
        assert restore("", cleaned.removed) == cleaned.article.text
        assert any(
            span.rule == "only/articles" and "only articles are asked for" in span.reason for span in cleaned.removed
        )
        assert cleaned.source_offset(0) == len(cleaned.article.text)
    assert only.clean_html(PAGE).text == CLEANER.clean_html(PAGE).text
    assert only.clean(PROSE[0]).text == PROSE[0]
    with pytest.raises(OptionFault, match="did you mean 'articles'"):
        Cleaner(only="article")


def test_a_run_names_pages_that_are_no_articles(tmp_path: Path) -> None:
    source = tmp_path / "pages"
    source.mkdir()
    (source / "a.html").write_text(PAGE, encoding="utf-8")
    (source / "b.html").write_text(f"<main><h1>News</h1>{TEASERS}</main>", encoding="utf-8")
    (source / "c.html").write_text(f"<html><body>{WALL}</body></html>", encoding="utf-8")
    out = tmp_path / "out"
    result = CliRunner(**APART).invoke(cli, ["run", str(source), "--out", str(out), "--fast", "--only", "articles"])
    assert result.exit_code == 0
    assert "2 no article" in result.stdout and "1 × consent: c.html" in result.stdout
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["no_articles"]["links"] == {"pages": 1, "names": ["b.html"]}
    assert summary["status"]["no-article"] == 2 and summary["options"]["only"] == "articles"
    assert (out / "clean" / "b.html.txt").read_text(encoding="utf-8") == ""
    records = [json.loads(line) for line in (out / "articles.jsonl").read_text(encoding="utf-8").splitlines()[1:]]
    assert [record["status"] for record in records] == ["ok", "no-article", "no-article"]
    assert CliRunner(**APART).invoke(cli, ["verify", str(out)]).exit_code == 0
