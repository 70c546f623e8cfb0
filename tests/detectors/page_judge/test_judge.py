"""How sure we are that a block stands outside of its page's article."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import PAGE, PROSE

from cleaner.article.model import Article, Finding, Span
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.page_judge.surroundings import GROUPS, NAMES, ROW, surroundings
from cleaner.detectors.page_judge.weights_file import read_markup
from cleaner.files import rule_folders
from cleaner.reading import html
from cleaner.text.paragraphs import ArticleFacts

KNOWN = read_markup(rule_folders.read_markup())


def scores(source: str, fast: bool = False) -> tuple[Article, dict[str, float]]:
    tree = html.parse(source)
    article = html.read(tree)
    taken = None if fast else page_judge.lines(tree.root)
    judge = KNOWN.fast if fast else KNOWN.full
    found = dict.fromkeys((p.span.of(article.text) for p in article.paragraphs), 0.0)
    for finding in judge(judge.facts(ArticleFacts.of(article), taken), ()):
        found.update(dict.fromkeys(finding.span.of(article.text).split("\n"), finding.score))
    return article, found


@pytest.mark.parametrize("fast", [False, True])
def test_the_article_stays_and_the_rest_goes(fast: bool) -> None:
    _, found = scores(PAGE, fast)
    assert all(found[text] < 0.5 for text in PROSE)
    for text in ("- Home", "- Weather", "Privacy", "Share Tweet", "- Ferry fares rise again in autumn"):
        assert found[text] > 0.5, text


def test_menus_are_told_without_weighing() -> None:
    article = html.read(html.parse(PAGE))
    signs = Signs(ArticleFacts.of(article), KNOWN.kinds.groups, None)
    seen = [article.paragraphs[number].span.of(article.text) for number in signs.open]
    assert "- Home" not in seen and "Privacy" not in seen
    assert set(PROSE) <= set(seen)


def test_what_the_extractor_takes_is_never_plainly_a_menu() -> None:
    page = "<nav><p>Home</p></nav><p>" + PROSE[0]
    signs = Signs(ArticleFacts.of(html.read(html.parse(page))), KNOWN.kinds.groups, ["Home", PROSE[0]])
    assert signs.open == [0, 1]


def test_a_run_of_sure_blocks_is_one_finding() -> None:
    article = html.read(html.parse(PAGE))
    first = next(KNOWN.full(KNOWN.full.facts(ArticleFacts.of(article), PROSE), ()))
    assert first.span.of(article.text).startswith("- Home\n- Sport\n- Weather")


def test_evidence_is_in_words() -> None:
    article = html.read(html.parse(PAGE))
    findings = list(KNOWN.full(KNOWN.full.facts(ArticleFacts.of(article), PROSE), ()))
    assert all(finding.evidence for finding in findings)
    assert any("trafilatura leaves it out" in e.text for finding in findings for e in finding.evidence)


def test_every_sign_that_is_weighed_is_one_that_is_seen() -> None:
    weighed = set(KNOWN.full.weights.left_out) | set(KNOWN.fast.weights.left_out)
    seen: set[str] = set()
    for lines in (PROSE, None):
        for signs in Signs(ArticleFacts.of(html.read(html.parse(PAGE))), KNOWN.kinds.groups, lines).own():
            seen |= set(signs)
    assert len(seen & weighed) > 60  # a renamed sign would lose its weight in silence


@pytest.mark.parametrize("page", ["", "<p>", "<p>x", "<body><table><tr><td>1<td>2"])
def test_pages_that_give_the_extractor_nothing(page: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        scores(page)
    assert not caplog.records


def test_each_fact_of_the_surroundings_is_in_one_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(NAMES)


def test_surroundings_are_of_the_blocks_around() -> None:
    source = "<div><p>One two three.<p>Four five.</div><ul><li>Six<li>Seven</ul>"
    signs = Signs(ArticleFacts.of(html.read(html.parse(source))), KNOWN.kinds.groups, None)
    claim = Finding(Span(0, 14), "byline", "phrases", "byline/x", 0.7)
    seen = surroundings(signs, np.array([-3.0, -2.0, 2.0, 3.0]), [claim])
    assert seen[ROW["z +1"]].tolist() == [-2, 2, 3, 9]
    assert seen[ROW["holder 2 count"]].tolist() == [2, 2, 2, 2]
    assert seen[ROW["holder 2 z"]].tolist() == [-2, -3, 3, 2]
    assert seen[ROW["back to inside"]].tolist() == [99, 1, 1, 2]
    assert seen[ROW["rule byline"]].round(3).tolist() == [np.float32(0.7), 0, 0, 0]
    assert (
        surroundings(Signs(ArticleFacts.of(html.read(html.parse(""))), KNOWN.kinds.groups, None), np.zeros(0), []).size
        == 0
    )


def test_a_block_that_a_rule_claims_is_named_whatever_its_score() -> None:
    article = html.read(html.parse(PAGE))
    number = next(n for n, p in enumerate(article.paragraphs) if p.span.of(article.text) == PROSE[1])
    span = article.paragraphs[number].span
    facts = KNOWN.full.facts(ArticleFacts.of(article), PROSE)
    claim = Finding(span, "other", "phrases", "x", 0.3)
    found = {finding.span: finding.score for finding in KNOWN.full(facts, [claim])}
    assert found[span] < 0.5
    assert span not in {finding.span for finding in KNOWN.full(facts, ())}


@given(st.lists(st.floats(0, 1)))
def test_runs_cover_what_may_be_outside_once(values: list[float]) -> None:
    covered = [number for first, last in page_judge.runs(values) for number in range(first, last + 1)]
    assert covered == [number for number, value in enumerate(values) if value >= page_judge.LEAST]
