"""The second stage of the judge of pages: trees that see what stands around a block by its first scores, and what the
rules claim of it; and how good whole pages come out on sites that neither stage has seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleaner.detectors.page_judge.surroundings import NAMES, ROW, surroundings
from cleaner.detectors.trees import Floats, Forest, Matrix, Places
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.view import View
from cleaner.training import boosting
from cleaner.training.page_blocks import Mode, PageRow, Rules, judge_of, odds
from cleaner.training.page_gold import figures
from cleaner.training.page_weights import PARTS, FirstStage, Sets, parts_of, sample, sizes, targets

SETTINGS = boosting.Settings(trees=250, depth=5, rate=0.1, calm=30.0, columns=0.3, rows=0.7)
"""Chosen by cross-validation over sites: trees of LightGBM are no better, more of either neither."""

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Calls a function for each item, in order: ``map``, or the ``imap`` of a pool of workers."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondStage:
    """The record of the trees (``Forest.of``), and figures of whole pages on sites not seen, a line a set."""

    record: dict[str, Any]
    figures: list[str]


def second_stage(
    rows: Sequence[PageRow], first: FirstStage, sets: Sets, rules: Rules, each: Each, settings: boosting.Settings
) -> SecondStage:
    """Fits the trees to all pages, and trees without each part of the sites for the figures."""
    mode = first.mode
    own = np.split(first.scores, np.cumsum(sizes(rows, mode))[:-1])
    jobs = [Job(rules, row, mode, scores) for row, scores in zip(rows, own, strict=True)]
    features = np.concatenate(list(each(around, jobs)), axis=1)
    y, counts = targets(rows, mode, sets)
    chosen, chance = sample(counts, 0.75, 0.1)
    worth = counts[chosen] / chance

    def trees(some: Places) -> dict[str, Any]:
        learned = chosen[some]
        outside = (y[learned] > 0.5).astype(int)
        return boosting.train(NAMES, features[:, learned], outside, worth[some] / worth[some].mean(), 1, settings)

    page_part = parts_of(rows)
    part = np.repeat(page_part, sizes(rows, mode))[chosen]
    records = [trees(np.flatnonzero(part != number)) for number in range(PARTS)]
    crossed = [Job(j.rules, j.row, mode, j.scores, records[at]) for j, at in zip(jobs, page_part.tolist(), strict=True)]
    texts = list(each(cleaned, crossed))
    return SecondStage(trees(np.arange(len(chosen))), figures([row.gold for row in rows], texts))


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A page to be looked at again: with the first scores of its blocks, and trees, if there are some."""

    rules: Rules
    row: PageRow
    mode: Mode
    scores: Floats
    record: Mapping[str, Any] | None = None


def around(job: Job) -> Matrix:
    """(``NAMES``, blocks): what stands around the open blocks of a page, by their first scores."""
    cleaner = job.rules.cleaner()
    judge = judge_of(cleaner, None)
    facts = job.row.facts(judge, job.mode, job.scores.tolist())
    part = judge.likely(facts)
    rules = cleaner.pipeline.rules_for(part.article.language, part.article.url, page=True)
    return surroundings(facts.signs, odds(job.scores), list(part.back(rules(ArticleFacts.of(part.article)))))


def cleaned(job: Job) -> str:
    """The text that is left of a page."""
    cleaner = job.rules.cleaner()
    judge = judge_of(cleaner, Forest.of(job.record, ROW) if job.record else None)
    facts = job.row.facts(judge, job.mode, job.scores.tolist())
    view = View.of(job.row.article)
    return cleaner.pipeline.judged_page(job.row.article, view, ArticleFacts.of(view.article), judge, facts).text
