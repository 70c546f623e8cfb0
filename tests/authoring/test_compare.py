"""``cleaner diff``: what would change between two sets of rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import RULES, Run

from cleaner.article.cut import cut
from cleaner.article.model import Article, Cleaned, Decision
from cleaner.authoring.compare import compare
from cleaner.reading.plain_text import segment

TEXT = "The bridge opened on Monday.\nBuy it now.\nTraffic flowed by noon.\n"


def cleaned(article: Article, *spans: tuple[int, int, str]) -> Cleaned:
    return cut(article, [Decision(a, b, "remove", name, f"{name}/x", "phrases", 0.9, "", ()) for a, b, name in spans])


def changes(a: Sequence[tuple[int, int, str]], b: Sequence[tuple[int, int, str]]) -> list[tuple[str, str, str]]:
    article = segment(TEXT)
    return [(c.change, c.rule, c.span.of(TEXT)) for c in compare(cleaned(article, *a), cleaned(article, *b))]


def test_spans_that_come_and_go() -> None:
    buy = (29, 41, "promotion")
    assert changes([buy], [buy]) == []
    assert changes([], [buy]) == [("removed", "promotion/x", "Buy it now.")]
    assert changes([buy], []) == [("kept", "promotion/x", "Buy it now.")]
    assert changes([buy], [(29, 41, "other")]) == [("renamed", "other/x", "Buy it now.")]
    assert changes([(29, 40, "promotion")], [buy]) == []  # white space alone
    assert changes([buy], [(0, 32, "other")]) == [
        ("removed", "other/x", "The bridge opened on Monday."),
        ("renamed", "other/x", "Buy"),
        ("kept", "promotion/x", "it now."),
    ]
    assert changes([(29, 33, "promotion"), (33, 41, "promotion")], []) == [("kept", "promotion/x", "Buy it now.")]


spans = st.lists(st.integers(0, len(TEXT)), max_size=8, unique=True).map(sorted)


@given(spans, spans)
def test_the_changes_are_what_differs(first: list[int], second: list[int]) -> None:
    article = segment(TEXT)
    pairs = [[(x, y, "other") for x, y in zip(edges[::2], edges[1::2], strict=False)] for edges in (first, second)]
    gone = [{place for x, y, _ in found for place in range(x, y) if not TEXT[place].isspace()} for found in pairs]
    told: dict[str, set[int]] = {"removed": set(), "kept": set(), "renamed": set()}
    for change in compare(cleaned(article, *pairs[0]), cleaned(article, *pairs[1])):
        places = {place for place in range(change.span.start, change.span.end) if not TEXT[place].isspace()}
        assert told[change.change].isdisjoint(places)
        told[change.change] |= places
    assert told == {"removed": gone[1] - gone[0], "kept": gone[0] - gone[1], "renamed": set()}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Rules that differ from the small ones: no advertisements, but bridges, and the sentence is of another kind."""
    folder = tmp_path / "other-rules"
    (folder / "any").mkdir(parents=True)
    text = RULES.replace("^advertisement$", "^the bridge opened").replace("score: 0.3", "score: 0.4")
    head, _, rest = text.partition("  - id: promotion/buy")
    text = f"{head}  - id: media-player/buy\n    category: media-player{rest}"
    (folder / "any" / "promotion.yaml").write_text(text)
    return folder


def test_diff(run: Run, rules: Path, other: Path, articles: Path) -> None:
    result = run("diff", "--rules-only", rules, other, articles)
    assert result.exit_code == 0
    out = result.stdout
    assert "Newly removed\n  rule          spans  characters  articles\n  promotion/ad      1          48 " in out
    assert "removed by promotion/ad\n  a.txt:1  was: prose/bad, 0.20: under the threshold 0.5\n" in out
    assert "was removed by promotion/ad\n  a.txt:2  now: prose/bad, 0.20: under the threshold 0.5\n" in out
    assert "    > [[Advertisement]]\n" in out
    assert "now removed by media-player/buy\n  a.txt:3  was: removed by promotion/buy, 0.92\n" in out
    assert out.splitlines()[-1] == (
        "1 of 3 articles would change: 48 characters newly removed, 13 newly kept, 11 as another category."
    )
    assert run("diff", "--rules-only", rules, rules, articles).stdout == "No difference in 3 articles.\n"


def test_diff_as_json(run: Run, rules: Path, other: Path, articles: Path) -> None:
    record = json.loads(run("diff", "--rules-only", rules, other, articles, "--json").stdout)
    assert record["characters"] == {"removed": 48, "kept": 13, "renamed": 11}
    assert record["spans"] == {"removed": 1, "kept": 1, "renamed": 1}
    assert (record["articles"], record["changed_articles"]) == (3, 1)
    first = record["rules"][0]
    assert (first["change"], first["rule"], first["spans"], first["articles"]) == ("removed", "promotion/ad", 1, 1)
    assert first["samples"][0]["text"] == "The bridge opened on Monday, and thousands came."


def test_diff_draws_samples(run: Run, rules: Path, other: Path, articles: Path) -> None:
    for number in range(9):
        (articles / f"n{number}.txt").write_text(f"It rained on day {number}.\nAdvertisement\nThe end came at noon.\n")
    kept = {
        size: next(row for row in json.loads(run("diff", "--rules-only", rules, other, articles, "--json", "--sample",
            size).stdout)["rules"] if row["change"] == "kept")
        for size in ("0", "2", "4")
    }  # fmt: skip
    assert {size: len(row["samples"]) for size, row in kept.items()} == {"0": 0, "2": 2, "4": 4}
    assert {row["spans"] for row in kept.values()} == {10}
    assert "was removed by promotion/ad, 2 of 10\n" in run("diff", "--rules-only", rules, other, articles).stdout
    assert "[[" not in run("diff", "--rules-only", rules, other, articles, "--sample", "0").stdout


def test_diff_with_a_profile_and_the_default(run: Run, rules: Path, articles: Path) -> None:
    assert (
        json.loads(run("diff", "--rules-only", rules, rules, articles, "--profile", "light", "--json").stdout)["rules"]
        == []
    )
    nothing = json.loads(run("diff", "--rules-only", "default", rules, articles, "--profile", "light", "--json").stdout)
    assert nothing["characters"]["removed"] == 0
    result = run("diff", "--rules-only", rules, rules, articles, "--profile", "gone")
    assert result.exit_code == 2 and "there is no profile 'gone'" in result.stderr
    result = run("diff", rules, "nowhere", articles)
    assert result.exit_code == 2 and "nowhere: no such file or folder of rules" in result.stderr
