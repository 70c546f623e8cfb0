"""Fitting the judge of pages: what is gold of a page, the same models each time, and by use from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from pages import PAGE, PROSE
from sample import Run

from cleaner import Cleaner
from cleaner.detectors.page_judge.surroundings import NAMES
from cleaner.detectors.page_judge.weights_file import read_markup
from cleaner.errors import GoldFault, RuleFaults
from cleaner.files import rule_folders
from cleaner.reading import html
from cleaner.rulebook.yaml_tree import Source
from cleaner.text.paragraphs import ArticleFacts
from cleaner.training import page_weights
from cleaner.training.page_blocks import PageRow, Rules, read_page
from cleaner.training.page_gold import by_phrases, compared, figures, grams, read_page_gold, shares
from cleaner.training.page_trees import SETTINGS, second_stage
from cleaner.training.page_weights import Sets, first_stage, targets
from cleaner.training.provenance import digest

GOLD = "\n".join((*PROSE[:2], "A pier that moves", PROSE[2]))
PHRASES: dict[str, object] = {"id": "p", "url": None, "html": PAGE, "with": [PROSE[0]], "without": ["Ferry fares rise"]}


def page(number: int) -> dict[str, object]:
    url = f"https://{number}.example/"
    return {"id": str(number), "url": url, "html": PAGE.replace("Home", f"Home {number}"), "gold": GOLD}


def row(record: dict[str, object], name: str = "own") -> PageRow | None:
    return read_page((Rules(), read_page_gold(json.dumps(record), name, 1)))


@pytest.fixture(scope="module")
def rows() -> list[PageRow]:
    read = [row(page(number)) for number in range(12)] + [row(PHRASES, "phrases")]
    return [each for each in read if each]


def test_a_forest_that_is_none_is_a_fault() -> None:
    sources = (*rule_folders.read_markup(), Source("own/page-trees-full.json", "{}"))
    with pytest.raises(RuleFaults, match=r"own/page-trees-full\.json:1: these are not trees"):
        read_markup(sources)


def test_the_second_look_can_be_left_out() -> None:
    known = read_markup([each for each in rule_folders.read_markup() if not each.path.endswith(".json")])
    assert known.full.trees is None and known.fast.trees is None
    article = html.read(html.parse(PAGE))
    found = list(known.fast(known.fast.facts(ArticleFacts.of(article), None), ()))
    assert found and not any(PROSE[0] in finding.span.of(article.text) for finding in found if finding.score > 0.5)


def test_what_stands_twice_is_gold_once() -> None:
    texts = [PROSE[0], "Sport", "A pier", PROSE[0], "Bridges", PROSE[1], "Bridges"]
    parents = [(1,), (1,), (2,), (2,), (2,), (2,), (3,)]
    gold = f"A pier {PROSE[0]} Bridges {PROSE[1]}"
    assert shares(texts, parents, gold) == [0, 0, 1, 1, 1, 1, 0]


def test_phrases_tell_of_few_blocks() -> None:
    found = by_phrases(
        ["The old bridge is closed.", "Imprint", "Else"], ["The old bridge", "Else but this"], ["Imprint"]
    )
    assert found == [1, 0, None]


@pytest.mark.parametrize(
    "line", ["[]", "{", '{"id": "a", "html": ""}', '{"id": "a", "html": "", "with": 1, "without": 2}']
)
def test_lines_that_are_no_pages_are_named(line: str) -> None:
    with pytest.raises(GoldFault, match="own:7: a page is an object with `id`, `html`, and `gold` or `with`"):
        read_page_gold(line, "own", 7)


def test_what_is_no_page_is_left_out() -> None:
    assert row({"id": "x", "url": None, "html": "%PDF-1.4", "gold": ""}) is None


def test_the_site_of_a_page_without_an_address() -> None:
    linked = row(
        {**page(1), "url": None, "html": '<p>One<a href="https://www.b.example/x">two</a><a href="#">three</a>'}
    )
    assert linked and linked.site == "b.example"
    alone = row({**page(1), "url": None, "html": "<p>One"})
    assert alone and alone.site == "1"


def test_gold_of_wide_sets_says_nothing_of_what_is_not_ours(rows: list[PageRow]) -> None:
    one = rows[0]
    captioned = replace(one, full=replace(one.full, labels=(1.0,) * len(one.full.labels)))
    _, narrow = targets([captioned], "full", Sets())
    _, wide = targets([captioned], "full", Sets(wide=frozenset(("own",))))
    silent = {block for block, counts in enumerate(wide) if not counts and narrow[block]}
    signs = [set(one.full.signs[block]) for block in silent]
    assert signs and all(page_weights.NOT_OURS & each or any("comments" in sign for sign in each) for each in signs)
    _, dear = targets([captioned], "full", Sets({"own": 2.0}))
    assert np.allclose(dear, 2 * narrow)


def test_figures_are_by_set(rows: list[PageRow]) -> None:
    texts = [GOLD] * 12 + [PROSE[0]]
    assert figures([each.gold for each in rows], texts) == [
        "  own          P 1.0000  R 1.0000  F1 1.0000  exact 1.000",
        "  phrases      F1 1.0000",
    ]
    assert compared(grams("one two three four five"), grams("one two three four")) == (1.0, 0.5, False)
    assert compared(grams(""), grams("")) == (1.0, None, True)


def test_the_same_pages_give_the_same_models(rows: list[PageRow], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_weights, "SEEN_IN", 8)
    settings = replace(SETTINGS, trees=3)
    made = []
    for _ in range(2):
        first = first_stage(rows, "fast", 1.0, Sets())
        second = second_stage(rows, first, Sets(), Rules(), map, settings)
        made.append((first.yaml({"gold": "x"}), second.record, second.figures))
    assert made[0] == made[1]
    signs = made[0][0]
    assert 'trained_on:\n  gold: "x"\nstart: ' in signs and "'tag p': -" in signs


def test_gold_of_one_kind_is_refused(rows: list[PageRow]) -> None:
    empty = [replace(one, full=replace(one.full, labels=(0.0,) * len(one.full.labels))) for one in rows]
    with pytest.raises(ValueError, match="needs both"):
        first_stage(empty, "full", 1.0, Sets())


def test_by_use(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text("".join(json.dumps(page(number)) + "\n" for number in range(6)))
    other = tmp_path / "phrases.jsonl"
    other.write_text(json.dumps(PHRASES) + "\n")
    mine = tmp_path / "mine"
    options = (
        "--out",
        mine,
        "--trees",
        "2",
        "--workers",
        "1",
        "--worth",
        "own",
        "3",
        "--penalty",
        "5",
        "--wide",
        "own",
    )
    result = run("fit", "pages", own, other, *options)
    assert result.exit_code == 0 and "7 pages of 7 sites" in result.stderr
    assert "full: " in result.stdout and "fast: " in result.stdout and "  phrases " in result.stdout
    names = sorted(path.name for path in (mine / "models").iterdir())
    assert names == [
        f"page-{kind}" for kind in ("trees-fast.json", "trees-full.json", "weights-fast.yaml", "weights-full.yaml")
    ]
    record = json.loads((mine / "models" / "page-trees-full.json").read_text())
    said = record["trained_on"]
    assert said["command"] == "cleaner fit pages own.jsonl phrases.jsonl --worth own 3 --wide own --penalty 5"
    assert said["sets"] == {"own": 6, "phrases": 1} and said["settings"]["trees"] == 2 and len(record["asks"]) == 10
    assert PROSE[0] in Cleaner(mine).clean_html(PAGE).text  # a folder with nothing but models for pages


def test_what_can_not_be_fitted_is_said(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text(json.dumps(page(1)) + "\n{}\n")
    result = run("fit", "pages", own, "--out", tmp_path / "mine", "--workers", "1")
    assert result.exit_code != 0 and "own:2: a page is an object" in result.stderr
    result = run("fit", "pages", own, "--out", tmp_path / "mine", "--workers", "1", "--every", "2", "--only", "fast")
    assert result.exit_code != 0 and "pages of 1 sites; at least 4" in result.stderr
    result = run("fit", "pages", tmp_path / "none.jsonl", "--out", tmp_path / "mine", "--workers", "1")
    assert result.exit_code != 0 and "none.jsonl: " in result.stderr


@pytest.mark.parametrize("name", ["page-trees-full", "page-trees-fast", "page-weights-full", "page-weights-fast"])
def test_the_shipped_models_say_what_they_were_trained_on(name: str) -> None:
    source = next(each for each in rule_folders.read_markup() if name in each.path)
    said = (json.loads if name.startswith("page-trees") else yaml.safe_load)(source.text)["trained_on"]
    assert said["features"] == digest(list(NAMES)), "the features are other ones now: fit the judge of pages again"
    assert {"gold", "rules", "words", "sets", "settings", "versions"} <= set(said)
    assert said["command"].startswith("cleaner fit pages ") and "/" not in said["command"]
