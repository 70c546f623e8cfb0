"""The fitter of weights, bench/weights.py: what is gold of a page, and that its result can be read."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from pages import PAGE, PROSE
from sample import ROOT

from cleaner.detectors.page_judge.weights_file import FAST, FULL, read_markup
from cleaner.errors import RuleFaults
from cleaner.files import rule_folders
from cleaner.reading import html
from cleaner.rulebook.yaml_tree import Source

pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def fitter() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_weights", ROOT / "bench" / "weights.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_forest_that_is_none_is_a_fault() -> None:
    sources = (*rule_folders.read_markup(), Source("own/page-trees-full.json", "{}"))
    with pytest.raises(RuleFaults, match=r"own/page-trees-full\.json:1: this is no forest"):
        read_markup(sources)


def test_the_second_look_can_be_left_out() -> None:
    known = read_markup([each for each in rule_folders.read_markup() if not each.path.endswith(".json")])
    assert known.full.trees is None and known.fast.trees is None
    article = html.read(html.parse(PAGE))
    found = list(known.fast(known.fast.facts(article, None), ()))
    assert found and not any(PROSE[0] in finding.span.of(article.text) for finding in found if finding.score > 0.5)


def test_what_stands_twice_is_gold_once(fitter: ModuleType) -> None:
    texts = [PROSE[0], "Sport", "A pier", PROSE[0], "Bridges", PROSE[1], "Bridges"]
    parents = [(1,), (1,), (2,), (2,), (2,), (2,), (3,)]
    gold = f"A pier {PROSE[0]} Bridges {PROSE[1]}"
    assert fitter.shares(texts, parents, gold) == [0, 0, 1, 1, 1, 1, 0]


def test_phrases_tell_of_few_blocks(fitter: ModuleType) -> None:
    found = fitter.by_phrases(
        ["The old bridge is closed.", "Imprint", "Else"], ["The old bridge", "Else but this"], ["Imprint"]
    )
    assert found == [1, 0, None]


def test_the_result_can_be_read(
    fitter: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fitter, "SEEN_IN", 8)
    gold = "\n".join((*PROSE[:2], "A pier that moves", PROSE[2]))
    lines = [
        json.dumps(
            {"id": str(n), "url": f"https://{n}.example/", "html": PAGE.replace("Home", f"Home {n}"), "gold": gold}
        )
        for n in range(16)
    ]
    phrases = {"id": "p", "url": None, "html": PAGE, "with": [PROSE[0]], "without": ["Ferry fares rise"]}
    pages = [fitter.read(("own", line)) for line in lines] + [fitter.read(("phrases", json.dumps(phrases)))]
    assert fitter.read(("own", json.dumps({"id": "x", "url": None, "html": "%PDF-1.4", "gold": ""}))) is None
    sources = [each for each in rule_folders.read_markup() if Path(each.path).stem not in (FULL, FAST)]
    for mode in ("full", "fast"):
        start, signs = fitter.fitted(pages, mode, 1.0)
        text = fitter.written(mode, 1.0, ["own"], start, signs)
        sources.append(Source(f"page-weights-{mode}.yaml", text))
        assert fitter.fitted(pages, mode, 1.0) == (start, signs)
    known = read_markup(tuple(sources))
    assert known.full.weights.left_out and known.fast.weights.taken
    printed = capsys.readouterr().out
    assert "own" in printed and "phrases" in printed
