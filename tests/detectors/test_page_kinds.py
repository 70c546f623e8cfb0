"""What the markup says: the kind of a block, and which one is the headline."""

from __future__ import annotations

import pytest
from pages import PAGE

from cleaner.article.model import CATEGORIES
from cleaner.detectors import page_kinds
from cleaner.detectors.class_names import Groups
from cleaner.detectors.page_judge.weights_file import read_markup
from cleaner.errors import RuleFaults
from cleaner.files import rule_folders
from cleaner.reading import html
from cleaner.rulebook.yaml_tree import Source
from cleaner.text.paragraphs import ArticleFacts

KNOWN = read_markup(rule_folders.read_markup())


def kinds(source: str) -> dict[str, str | None]:
    article = html.read(html.parse(source))
    return {
        line: finding.category
        for finding in page_kinds.detect(ArticleFacts.of(article), KNOWN.kinds)
        for line in finding.span.of(article.text).split("\n")
    }


def test_the_kinds_of_a_page() -> None:
    found = kinds(PAGE)
    assert found["- Home"] == "navigation"
    assert found["Old bridge closes for repairs"] == "headline"
    assert found["By Ada Brook"] == "byline"
    assert found["The old bridge on Sunday. Photo: Tom Reed"] == "photo-caption"
    assert found["Share Tweet"] == "social-share"
    assert found["- Ferry fares rise again in autumn"] == "related-links"
    assert found["About time too, I say."] == "comments"


def test_only_one_block_is_the_headline() -> None:
    page = (
        "<title>A bridge too old</title><nav><p>A bridge too old</p></nav><h1>A bridge too old</h1><p>Text of it.</p>"
    )
    article = html.read(html.parse(page))
    found = [
        (f.category, f.span.start)
        for f in page_kinds.detect(ArticleFacts.of(article), KNOWN.kinds)
        if f.rule != "dom/navigation"
    ]
    assert found == [("navigation", 0), ("headline", article.text.index("A", 1))]


def test_the_part_of_the_title_before_the_site_is_the_headline() -> None:
    assert kinds("<title>A bridge too old - Post</title><h1>A bridge too old</h1>")["A bridge too old"] == "headline"


def test_a_single_h1_is_likely_the_headline() -> None:
    article = html.read(html.parse("<title>Post</title><h1>A bridge too old</h1><p>Text."))
    (finding,) = page_kinds.detect(ArticleFacts.of(article), KNOWN.kinds)
    assert (finding.category, finding.score) == ("headline", page_kinds.LIKELY_HEADLINE)


def test_naming_alone_removes_nothing() -> None:
    assert all(
        finding.score < 0.1
        for finding in page_kinds.detect(ArticleFacts.of(html.read(html.parse(PAGE))), KNOWN.kinds)
        if finding.rule not in ("dom/headline", "dom/title-again")
    )


def test_names_are_taken_apart() -> None:
    groups = Groups({"share": ["share"], "related": ["read-more"], "ad": ["ad"]})
    assert groups.of("postShareBar") == {"share"}
    assert groups.of("c-read_more__item") == {"related"}
    assert groups.of("shadow headed") == frozenset()
    assert Groups({}).of("anything") == frozenset()


def test_every_group_names_a_category_or_none() -> None:
    assert set(KNOWN.kinds.of_group.values()) | set(KNOWN.kinds.of_tag.values()) <= set(CATEGORIES)


def test_faults_of_the_markup_files_are_named_together() -> None:
    with pytest.raises(RuleFaults) as caught:
        read_markup(
            [
                Source(
                    "markup/words.yaml",
                    "groups:\n  a: {category: nonsense, words: [x]}\n  a: {words: [y]}\ntags: {p: 5}\n",
                ),
                Source("models/page-weights-full.yaml", "start: much\nsigns:\n  x: [1, 2, 3]\n"),
            ]
        )
    places = {(fault.path, fault.line) for fault in caught.value.faults}
    assert places >= {
        ("markup/words.yaml", 2),
        ("markup/words.yaml", 3),
        ("markup/words.yaml", 4),
        ("models/page-weights-full.yaml", 1),
        ("models/page-weights-full.yaml", 3),
        ("models/page-weights-fast.yaml", 1),
    }
