"""The kind of a page, in Python and in the record of an article."""

from __future__ import annotations

import json

import pytest
from pages import PAGE, PROSE

from cleaner import Cleaner
from cleaner.page_kind import page_kind

CLEANER = Cleaner(fast=True)
TEXT = "".join(f"<p>{each}</p>" for each in PROSE)
LINKS = "".join(f'<li><a href="/{n}">The {n}th story of the week in the valley</a></li>' for n in range(30))
ENTRIES = "".join(f"<div><time>1{n}:30</time><p>{each}</p></div>" for n, each in enumerate(PROSE))


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
    ),
)
def test_kinds(page: str, kind: str) -> None:
    found = page_kind(CLEANER.clean_html(page))
    assert found.name == kind and 0.5 < found.confidence < 1 and found.reason
