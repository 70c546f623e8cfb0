"""Fitting a judge: from gold to weights, the same each time, on top of others, and from the command line."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample import RULES, Run

from cleaner.api import Cleaner
from cleaner.article.model import Finding, Span
from cleaner.detectors.ensemble import Places
from cleaner.detectors.text_judge.judge import load
from cleaner.reading.plain_text import segment
from cleaner.text.paragraphs import ArticleFacts
from cleaner.training import fit_text, word_scores
from cleaner.training.augmentation import Row, labels, showings
from cleaner.training.calibration import calibration, plot, reliability
from cleaner.training.context_net import Settings
from cleaner.training.fit_text import FOLDS, Fitted, Snippet, decided, fitted, folds, found_by, further
from cleaner.training.gold import Gold, Label, read_gold
from cleaner.training.marked import read_marked

PROSE = (
    "The council of {} voted on Monday to close the old bridge for repairs until spring.",
    "Engineers said that the pillars of the bridge in {} had moved since the flood.",
    "Ferries will cross the river every hour, the mayor told reporters in {}.",
    "Shopkeepers near the bridge expect fewer visitors, and some asked {} for help.",
)
BOILERPLATE = (
    "Advertisement",
    "Share",
    "Most read",
    "Related stories",
    "Sign in",
    "Ferry strike ends",
    "A special offer",
)


def gold_lines(number: int = 24) -> list[str]:
    """Invented articles of as many sites as folds, twice over, with boilerplate at places that a seed chooses."""
    choice = random.Random(5)
    rows = []
    for article in range(number):
        text, spans = "", []
        for sentence in PROSE * 3:
            if choice.random() < 0.5:
                line = choice.choice(BOILERPLATE)
                spans.append({"start": len(text), "end": len(text) + len(line), "category": "promotion"})
                text += line + "\n"
            text += sentence.format(choice.choice(("Lindell", "Kestwick", "Oldmarsh"))) + "\n"
        site = f"site{article % (2 * FOLDS)}.example"
        rows.append(json.dumps({"id": f"a{article}", "text": text, "spans": spans, "lang": "en", "site": site}))
    return rows


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Few trees, a small network, few rows of words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit_text, "FIRST", replace(fit_text.FIRST, rounds=12, min_data_in_leaf=3))
        small: dict[str, Any] = {"width": 12, "rounds": 16, "together": 16}
        patch.setattr(fit_text, "CONTEXTS", tuple(replace(each, **small) for each in fit_text.CONTEXTS))
        patch.setattr(fit_text, "MORE", replace(fit_text.MORE, **small))
        patch.setattr(word_scores, "ROWS", 1 << 10)
        yield


def row_of(cleaner: Cleaner, gold: Gold) -> Row:
    article = cleaner.pipeline.read(gold.text, id=gold.id)
    return Row(gold, article, cleaner.pipeline.findings(article))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    folder = tmp_path_factory.mktemp("rules") / "any"
    folder.mkdir()
    (folder / "promotion.yaml").write_text(RULES)
    cleaner = Cleaner(folder.parent)
    return [row_of(cleaner, gold) for gold in read_gold(gold_lines(), "gold")]


@pytest.fixture(scope="module")
def once(quick: None, rows: list[Row]) -> Fitted:
    """A judge fitted to the rows."""
    return fitted(rows, SNIPPETS)


def test_a_site_is_never_on_both_sides(rows: list[Row]) -> None:
    parts = folds(rows)
    for site in {row.gold.site for row in rows}:
        assert len({part for row, part in zip(rows, parts.tolist(), strict=True) if row.gold.site == site}) == 1
    assert set(parts.tolist()) == set(range(FOLDS))


def test_articles_are_shown_without_rules(rows: list[Row]) -> None:
    whole, hidden, *_ = showings(rows, folds(rows).tolist())
    assert any(f.detector == "phrases" for row in whole for f in row.findings)
    assert not any(f.detector == "phrases" for row in hidden for f in row.findings)
    assert [row.article for row in whole] == [row.article for row in hidden]


def test_articles_are_shown_nearly_clean_and_broken_up(rows: list[Row]) -> None:
    """What is left is the articles' own text, in as many lines or more, and most of the boilerplate is gone."""
    whole, _, thin, _ = showings(rows, folds(rows).tolist())

    def lines(some: list[Row], wrong: int) -> list[list[str]]:
        return [
            [p.span.of(row.article.text) for p, bad in zip(row.article.paragraphs, labels(row)[0], strict=True)
             if bad == wrong]
            for row in some
        ]  # fmt: skip

    for one, other in zip(lines(whole, 0), lines(thin, 0), strict=True):
        assert "".join(one).replace(" ", "") == "".join(other).replace(" ", "")
    before, after = (sum(map(len, lines(some, 1))) for some in (whole, thin))
    assert 0 < after < before / 2
    for row in thin:
        assert {f.span.of(row.article.text) for f in row.findings if f.rule == "promotion/advertisement"} <= {
            "Advertisement"
        }


def test_a_line_of_several_sentences_is_broken_up() -> None:
    """In some articles; the marks and findings move along."""
    text = "The bridge opened. Trams crossed it by noon.\nBuy now.\nThe mayor spoke of Lindell. He left early.\n"
    shapes = set()
    for number in range(40):
        label = Label(Span(45, 53), "promotion")
        article = segment(text, language="en")
        found = Finding(Span(54, 81), "byline", "phrases", "byline/x", 0.9)
        gold = Gold(f"a{number}", text, (label,), f"s{number}", "en")
        _, _, (thin,), _ = showings([Row(gold, article, (found,))], [0])
        assert [f.span.of(thin.gold.text) for f in thin.findings] == ["The mayor spoke of Lindell."]
        assert {each.span.of(thin.gold.text) for each in thin.gold.labels} <= {"Buy now."}
        shapes.add((len(thin.article.paragraphs), len(thin.gold.labels)))
    assert shapes == {(2, 0), (4, 0), (3, 1), (5, 1)}


def test_articles_are_shown_on_fuller_pages(rows: list[Row]) -> None:
    """With boilerplate of other articles of their part, marks and findings with it; their own text stays in order."""
    parts = folds(rows).tolist()
    whole, *_, full = showings(rows, parts)
    grew = 0
    for row, more, part in zip(whole, full, parts, strict=True):
        own = [p.span.of(row.article.text).rstrip() for p in row.article.paragraphs]
        told = [p.span.of(more.article.text).rstrip() for p in more.article.paragraphs]
        at = 0
        for line in own:
            at = told.index(line, at) + 1
        grew += len(told) > len(own)
        foreign = Counter(told) - Counter(own)
        donors = {p.span.of(r.article.text).rstrip() for r, at in zip(rows, parts, strict=True) if at == part
                  for p, bad in zip(r.article.paragraphs, labels(r)[0], strict=True) if bad == 1}  # fmt: skip
        assert set(foreign) <= donors
        assert sum(labels(more)[0] == 1) == sum(labels(row)[0] == 1) + sum(foreign.values())
        assert all(f.span.end <= len(more.article.text) for f in more.findings)
    assert grew > len(rows) / 2


SNIPPETS = [Snippet("promotion", "A special offer"), Snippet("article", "The mayor spoke of the bridge.")] * 3


def test_the_same_gold_gives_the_same_bytes(once: Fitted, rows: list[Row]) -> None:
    one, other = once, fitted(rows, SNIPPETS)
    assert json.dumps([one.judge, one.sense]) == json.dumps([other.judge, other.sense])
    assert one.plot == other.plot
    judge = load(json.dumps(one.judge), json.dumps(one.sense))
    found = [f for f in judge(ArticleFacts.of(rows[0].article), rows[0].findings) if f.score > 0.5]
    assert found and all(f.role == "verdict" for f in found)
    crossed = decided(rows, found_by(one.crossed, rows), Cleaner().pipeline.profile)
    hits, missed = sum(o.hits for o in crossed), sum(o.missed for o in crossed)
    assert hits > 0.8 * (hits + missed)


def test_a_judge_can_be_fitted_further(once: Fitted, rows: list[Row]) -> None:
    more = further(rows, json.dumps(once.judge), json.dumps(once.sense))
    assert more.sense is None
    assert json.dumps(more.judge["first"]) == json.dumps(once.judge["first"])
    for after, before in zip(more.judge["contexts"], once.judge["contexts"], strict=True):
        assert after["means"] == before["means"]
        assert after["weights"] != before["weights"]
    load(json.dumps(more.judge), json.dumps(once.sense))


def test_scores_mean_what_they_say() -> None:
    choice = np.random.RandomState(3)
    raw = choice.random_sample(20_000)
    wrong = (choice.random_sample(20_000) < raw**2).astype(np.int64)
    scores, shares = calibration(raw, wrong)
    assert list(scores) == sorted(scores) and list(shares) == sorted(shares)
    bins = reliability(np.interp(raw, scores, shares), wrong)
    assert all(abs(share - low - 0.05) < 0.06 for low, _, share in bins)
    assert plot(bins).count("<circle") == len(bins)


def test_fit_and_eval_from_the_command_line(run: Run, tmp_path: Path, rules: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(gold_lines()) + "\n")
    out = tmp_path / "mine"
    result = run("fit", "text", gold, "--fresh", "--out", out, "--rules", rules, "--rules-only")
    assert result.exit_code == 0, result.stderr
    assert "sites not seen" in result.stdout
    card = (out / "models" / "judge.md").read_text()
    assert "gold.jsonl" in card and "Where it fails" in card
    assert (out / "models" / "reliability.svg").read_text().startswith("<svg")
    (out / "any").mkdir()
    (out / "any" / "promotion.yaml").write_text(RULES)
    measured = json.loads(run("eval", gold, "--rules", out, "--rules-only", "--json").stdout)
    assert measured["recall"] > 0.5 and measured["articles"] == 24
    shown = run(
        "eval",
        gold,
        "--rules",
        out,
        "--rules-only",
        "--worst",
        "2",
        "--against",
        f"--rules {rules} --precision careful",
    )
    assert shown.exit_code == 0 and "articles" in shown.stdout and "against" in shown.stdout
    assert "Recall by category" in run("eval", gold, "--rules", rules, "--rules-only").stdout


def test_fit_from_a_corrected_log(run: Run, tmp_path: Path, rules: Path) -> None:
    folder, log = tmp_path / "in", [json.dumps({"format": "cleaner-removed", "version": 1})]
    folder.mkdir()
    for gold in read_gold(gold_lines(), "gold"):
        (folder / f"{gold.id}.txt").write_text(gold.text)
        for label in gold.labels:
            span = {"start": label.span.start, "end": label.span.end, "category": label.category}
            log.append(json.dumps({"article": f"{gold.id}.txt", **span}))
    (tmp_path / "fixed.jsonl").write_text("\n".join(log) + "\n")
    arguments = (
        "fit",
        "text",
        tmp_path / "fixed.jsonl",
        "--articles",
        folder,
        "--rules",
        rules,
        "--rules-only",
        "--out",
        tmp_path / "mine",
    )
    result = run(*arguments, "--fresh")
    assert result.exit_code == 0, result.stderr
    load(*((tmp_path / "mine" / "models" / name).read_text() for name in ("judge.json", "sense.json")))


def test_wrong_gold_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "few.jsonl").write_text(gold_lines()[0] + "\n")
    (tmp_path / "bad.jsonl").write_text("{}\n")
    for name, message in (("few", "gold of 1 sites"), ("bad", "needs a text"), ("none", "none.jsonl")):
        result = run("fit", "text", tmp_path / f"{name}.jsonl", "--out", tmp_path / "o")
        assert result.exit_code == 2 and message in result.stderr
    assert run("eval", tmp_path / "bad.jsonl").exit_code == 2
    (tmp_path / "one.jsonl").write_text("\n".join(gold_lines()) + "\n")
    assert run("eval", tmp_path / "one.jsonl", "--against", "--bold").exit_code == 2


def test_articles_without_boilerplate_and_hard_ones_count_as_they_are_to() -> None:
    home, none, second = np.array([0, 0, 1, 1]), np.array([0, 0]), np.array([0, 1])
    table = fit_text.Table(np.zeros((1, 4), np.float32), np.array([1, 0, 0, 0]), home * 0, np.ones(4, np.float32), home)

    def weights(clean: float, hard: float, which: Places) -> list[float]:
        seen = fit_text.weighted([table, table], Settings(clean=clean, hard=hard), which)
        return [float(weight) for weight in seen.weights]

    assert weights(1.0, 1.0, second) == [1.0] * 8
    assert weights(3.0, 0.2, none) == [0.5, 0.5, 1.5, 1.5] * 2
    assert weights(1.0, 3.0, second) == [0.5, 0.5, 1.5, 1.5] * 2


def test_gold_says_which_articles_are_hard() -> None:
    plain, hard = read_marked(["=== en-a-1 en", "News.", "=== en-a-2 en hard", "More news."], "a")
    assert (plain.hard, hard.hard, hard.text) == (False, True, "More news.")
    records = [json.dumps({"id": "a", "text": "News.", "spans": [], **more}) for more in ({}, {"hard": True})]
    assert [gold.hard for gold in read_gold(records, "a")] == [False, True]
