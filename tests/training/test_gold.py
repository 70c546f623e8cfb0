"""Gold files, and what removals are measured by."""

from __future__ import annotations

import json

import pytest

from cleaner.article.model import Span
from cleaner.errors import GoldFault
from cleaner.training.gold import bare, read_corrected, read_gold
from cleaner.training.measure import figures, outcome, recalls

TEXT = "News one.\nBuy now.\nNews two.\nPerhaps."
SPANS = [{"start": 10, "end": 18, "category": "promotion"}, {"start": 29, "end": 37, "category": "unsure"}]


def line(**more: object) -> str:
    return json.dumps({"id": "a", "text": TEXT, "spans": SPANS, **more})


def test_reads_what_is_known() -> None:
    (gold,) = read_gold([line(lang="en", url="https://www.example.org/a"), "\n"], "g")
    assert (gold.site, gold.language) == ("www.example.org", "en")
    assert [label.category for label in gold.scored] == ["promotion"]
    assert [label.category for label in gold.neutral] == ["unsure"]
    assert read_gold([line(site="s")], "g")[0].site == "s" and read_gold([line()], "g")[0].site == "a"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "g: no articles in it"),
        (["{"], "g:1: not JSON"),
        (["{}"], "g:1: an article needs a text"),
        ([line(spans=[{"start": 0}])], "g:1: a span needs start, end and category"),
        ([line(spans=[{"start": 0, "end": 99, "category": "promotion"}])], "not in a text of 37 characters"),
        ([line(spans=[{"start": 0, "end": 9, "category": "advert"}])], "no category 'advert'"),
    ],
)
def test_says_what_is_wrong(lines: list[str], message: str) -> None:
    with pytest.raises(GoldFault, match=message.replace(".", r"\.")):
        read_gold(lines, "g")


def test_a_corrected_log_is_gold() -> None:
    rows = ['{"format": "cleaner-removed", "version": 1}', json.dumps({"article": "a", **SPANS[0]})]
    first, second = read_corrected(rows, {"a": TEXT, "b": "All news."}, "removed.jsonl")
    assert (len(first.labels), len(second.labels)) == (1, 0)
    with pytest.raises(GoldFault, match=r"removed.jsonl:2: the article 'a' is not among"):
        read_corrected(rows, {"b": ""}, "removed.jsonl")
    with pytest.raises(GoldFault, match="not a cleaner-removed log"):
        read_corrected(rows[1:], {"a": TEXT}, "removed.jsonl")


def test_counts_characters_but_neither_space_nor_the_unsure() -> None:
    (gold,) = read_gold([line()], "g")
    right = outcome(gold, [Span(10, 19), Span(29, 37)])
    assert (right.hits, right.lost, right.missed, right.article) == (7, 0, 0, 16)
    half = outcome(gold, [Span(0, 13)])
    assert (half.hits, half.lost, half.missed) == (3, 8, 4)
    sums = figures([right, half])
    assert (sums.precision, sums.exact, sums.harmed) == (10 / 18, 0.5, 0.5)
    assert round(sums.recall, 4) == 0.7143 and sums.article_lost == 0.25
    assert recalls([half]) == {"promotion": (3 / 7, 7)}


def test_nothing_to_find_is_found() -> None:
    (gold,) = read_gold([line(spans=[])], "g")
    sums = figures([outcome(gold, [])])
    assert (sums.precision, sums.recall, sums.f1, sums.exact) == (1.0, 1.0, 1.0, 1.0)


def test_bare_gold_is_the_article_alone() -> None:
    (gold,) = read_gold([line(site="s")], "g")
    assert bare(gold).text == "News one.\nNews two." and bare(gold).labels == () and bare(gold).site == "s"
    whole = read_gold([line(text="Buy now.", spans=[{"start": 0, "end": 8, "category": "promotion"}])], "g")[0]
    assert bare(whole).text == ""
