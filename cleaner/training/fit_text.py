"""Fitting the judge to gold, and telling how good it is on sites that it has not seen."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cleaner.deciding.decide import decide
from cleaner.detectors.text_judge.features import CLAIMED, NAMES, ROW, features
from cleaner.detectors.text_judge.judge import VERSION, Judge
from cleaner.detectors.trees import Floats, Forest, Matrix
from cleaner.model import PRECISION, Finding, Profile, Span, moved
from cleaner.training.augmentation import Row, labels, showings
from cleaner.training.boosting import Settings, Whole, train
from cleaner.training.calibration import calibration, plot, reliability
from cleaner.training.measure import Outcome, outcome

FOLDS = 5
SHAPE = Settings(trees=500, depth=4, rate=0.08, calm=5.0)
KINDS = Settings(trees=60, depth=5, rate=0.15, calm=3.0)
MORE = 80
"""Trees added to a judge that is fitted further, to more gold."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Paragraphs to learn from, a column each."""

    features: Matrix
    wrong: Whole
    """1: boilerplate, 0: article, -1: not scored."""
    kinds: Whole
    weights: Floats
    home: Whole
    """The number of the article."""


def table(rows: Sequence[Row]) -> Table:
    """The paragraphs of gold articles."""
    parts = [(features(row.article, row.findings), *labels(row)) for row in rows]
    home = np.repeat(np.arange(len(rows)), [part[0].shape[1] for part in parts])
    joined = [np.concatenate([part[number] for part in parts], axis=-1) for number in range(4)]
    return Table(joined[0], joined[1], joined[2], joined[3], home)


def fit(tables: Sequence[Table], start: Record | None = None, only: Whole | None = None) -> Record:
    """The record of a judge. ``start``: one to build on. ``only``: the numbers of the articles to learn from."""
    chosen = [np.flatnonzero((t.wrong >= 0) & (np.isin(t.home, only) if only is not None else True)) for t in tables]
    seen = np.concatenate([t.features[:, c] for t, c in zip(tables, chosen, strict=True)], axis=1)
    wrong, kinds, weights = (
        np.concatenate([getattr(t, name)[c] for t, c in zip(tables, chosen, strict=True)])
        for name in ("wrong", "kinds", "weights")
    )
    weights = weights / weights.mean()
    shape, kind = (
        (replace(s, trees=MORE if s is SHAPE else MORE // 4) for s in (SHAPE, KINDS)) if start else (SHAPE, KINDS)
    )
    bad = wrong == 1
    return {
        "format": "cleaner-judge",
        "version": VERSION,
        "labels": list(CLAIMED),
        "scores": start["scores"] if start else [0.0, 1.0],
        "shares": start["shares"] if start else [0.0, 1.0],
        "boilerplate": train(NAMES, seen, wrong, weights, 1, shape, start and start["boilerplate"]),
        "categories": train(
            NAMES, seen[:, bad], kinds[bad], weights[bad], len(CLAIMED), kind, start and start["categories"]
        ),
    }


def folds(rows: Sequence[Row], number: int = FOLDS) -> Whole:
    """For each article its part; a site is in one part alone, and the parts are about as large."""
    sizes: dict[str, int] = defaultdict(int)
    for row in rows:
        sizes[row.gold.site] += 1
    load = [0] * number
    place: dict[str, int] = {}
    for site in sorted(sizes, key=lambda name: (-sizes[name], zlib.crc32(name.encode()))):
        place[site] = load.index(min(load))
        load[place[site]] += sizes[site]
    return np.array([place[row.gold.site] for row in rows])


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """What judges said of paragraphs of sites that they had not seen."""

    judges: tuple[Judge, ...]
    parts: Whole
    raw: Floats
    table: Table


def cross(rows: Sequence[Row], tables: Sequence[Table], start: Record | None = None) -> Crossed:
    """Fit a judge to each part's rest, and let it speak of the part. ``tables[0]`` is the one to judge."""
    parts = folds(rows)
    judged = tables[0]
    raw = np.zeros(judged.features.shape[1])
    judges = []
    for part in range(FOLDS):
        judge = build(fit(tables, start, np.flatnonzero(parts != part)))
        inside = parts[judged.home] == part
        raw[inside] = 1 / (1 + np.exp(-judge.boilerplate.outputs(judged.features[:, inside])[0]))
        judges.append(judge)
    return Crossed(tuple(judges), parts, raw, judged)


def build(record: Record) -> Judge:
    """The judge of a record."""
    return Judge(
        Forest.of(record["boilerplate"], ROW),
        Forest.of(record["categories"], ROW),
        tuple(record["scores"]),
        tuple(record["shares"]),
    )


def found_by(rows: Sequence[Row], judges: Sequence[Judge], parts: Whole) -> list[tuple[Finding, ...]]:
    """All findings of each article, with those of the judge of its part."""
    return [
        (*row.findings, *judges[part](row.article, row.findings))
        for row, part in zip(rows, parts.tolist(), strict=True)
    ]


def decided(rows: Sequence[Row], found: Sequence[Sequence[Finding]], profile: Profile) -> list[Outcome]:
    """The outcome of every article, decisions, protections and all."""
    outcomes = []
    for row, findings in zip(rows, found, strict=True):
        decisions = decide(row.article, findings, profile)
        outcomes.append(outcome(row.gold, (Span(d.start, d.end) for d in decisions if d.action == "remove")))
    return outcomes


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A judge's record, and how good it is."""

    record: Record
    rules: list[Outcome]
    crossed: list[Outcome]
    careful: list[Outcome]
    thorough: list[Outcome]
    fewer: list[Outcome]
    clean: list[Outcome]
    """Of ``bare``: the articles without boilerplate."""
    own: list[Outcome]
    bins: tuple[tuple[float, int, float], ...]
    """By tenths of the score: its lower end, how many paragraphs, the share that was boilerplate."""
    plot: str


def fitted(rows: Sequence[Row], bare: Sequence[Row], profile: Profile, start: Record | None = None) -> Fitted:
    """Fit a judge to all rows, and judges to parts of them to tell how good it is.

    ``bare``: the same articles, in the same order, read after all that was marked in them was cut.
    """
    shown = list(showings(rows))
    tables = [table(each) for each in shown]
    if not all((tables[0].wrong == kind).any() for kind in (0, 1)):
        raise ValueError("gold needs both boilerplate and article text")
    crossed = cross(rows, tables, start)
    scores, shares = calibration(crossed.raw, crossed.table.wrong)
    record = {**fit(tables, start), "scores": scores, "shares": shares}
    judges = [replace(judge, scores=scores, shares=shares) for judge in crossed.judges]
    bins = reliability(np.interp(crossed.raw, scores, shares), crossed.table.wrong)
    ours = [build(record)]
    nowhere = np.zeros(len(rows), np.int64)
    found = found_by(rows, judges, crossed.parts)
    return Fitted(
        record=record,
        rules=decided(rows, [row.findings for row in rows], profile),
        crossed=decided(rows, found, profile),
        careful=decided(rows, found, moved(profile, PRECISION["careful"])),
        thorough=decided(rows, found, moved(profile, PRECISION["thorough"])),
        fewer=decided(rows, found_by(shown[1], judges, crossed.parts), profile),
        clean=decided(bare, found_by(bare, judges, crossed.parts), profile),
        own=decided(rows, found_by(rows, ours, nowhere), profile),
        bins=bins,
        plot=plot(bins),
    )
