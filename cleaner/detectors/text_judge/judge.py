"""The judge: a learned model that weighs shape, words, place and neighbours of each paragraph.

It reads the article and what the other detectors found, so it comes after them; what they found are features to it like
any other. Its claim on a paragraph therefore stands for theirs on the whole of it: ``combine`` puts it in their place.

It looks twice: trees judge each paragraph by its features; then networks read all paragraphs in their row, with what
the trees thought of each, so that a pitch is judged as a whole, from its salutation to its button.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from cleaner.article.model import CERTAIN, Evidence, Finding, Paragraph, Span
from cleaner.detectors.ensemble import Ensemble, Floats, Matrix
from cleaner.detectors.sense import LABELS, Sense, read_sense
from cleaner.detectors.text_judge.context import Context
from cleaner.detectors.text_judge.features import ALL_ROWS, CLAIMED, ROW, features, second_stage
from cleaner.detectors.text_judge.reasons import CONTEXT, GROUP_OF, GROUPS, reasons
from cleaner.errors import WeightsFault
from cleaner.text.paragraphs import ArticleFacts

NAME = "judge"
VERSION = 4
"""The version of the format of the weights. It rises when a reader of the old version would go wrong."""
FLOOR = 0.25
"""The least probability at which the judge says something. Below it, it does where a rule claims the paragraph."""
FIRM = 0.5
"""The least score at which a claim names the category, and at which reasons are reasons to remove."""
FEW = 40
"""Words that an article must have for the judge to speak: shape, place and shared words tell nothing of a few lines."""
SAID = 3
"""Words told of a paragraph that its words speak against."""


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The model, ready to run: what words are about, what the trees and then the networks make of a paragraph, what
    scores mean."""

    sense: Sense
    first: Ensemble
    contexts: tuple[Context, ...]
    """What they say is averaged: two networks that differ by chance are wrong about different paragraphs."""
    scores: tuple[float, ...]
    shares: tuple[float, ...]
    """Of paragraphs scored ``scores[n]`` the share ``shares[n]`` was boilerplate; in between, straight lines."""

    def __call__(self, facts: ArticleFacts, findings: Iterable[Finding]) -> Iterator[Finding]:
        """A finding for each paragraph that may be boilerplate or that a rule claims."""
        findings = tuple(findings)
        facts = apart(facts, findings)
        paragraphs = facts.texts
        if sum(facts.words) < FEW:
            return
        own = features(facts, findings, self.sense.scores(paragraphs))
        odds = self.first.outputs(own)[0]
        seen = staged(own, odds)
        out = averaged(self.contexts, seen)
        sure = self.probabilities(out[0])
        chosen = np.flatnonzero((sure >= FLOOR) | (seen[ROW["rule"]] > 0))
        if not len(chosen):
            return
        part = seen[:, chosen]
        ruled = part[: ROW["rule"]][ROW[f"rule {CLAIMED[0]}"] :]
        named = np.where(part[ROW["rule"]] >= FIRM, np.argmax(ruled, axis=0), np.argmax(out[1:, chosen], axis=0))
        moved = self.first.contributions(part)
        moved[GROUPS.index(CONTEXT)] = (out[0] - odds)[chosen]
        spoke = part[ROW[f"sense {LABELS[0]}"]] > 0
        said = iter(
            self.sense.words(
                [paragraphs[number] for number in chosen[spoke].tolist()],
                [LABELS.index(CLAIMED[kind]) for kind in named[spoke].tolist()],
                SAID,
            )
        )
        numbers, kinds, columns, shares = chosen.tolist(), named.tolist(), part.T.tolist(), moved.T.tolist()
        for column, (number, score) in enumerate(zip(numbers, sure[chosen].tolist(), strict=True)):
            category = CLAIMED[kinds[column]]
            told = reasons(columns[column], dict(zip(GROUPS, shares[column], strict=True)), score >= FIRM)
            if spoke[column]:
                words = ", ".join(next(said))
                told = [f"words like {words}" if text == "its words" and words else text for text in told]
            seen_here = tuple(Evidence("judged", text) for text in told)
            span = facts.article.paragraphs[number].span
            yield Finding(span, category, NAME, f"judge/{category}", score, seen_here, role="verdict")

    def kinds(self, facts: ArticleFacts, runs: Iterable[Span]) -> Iterator[Finding]:
        """Findings without weight that name the kinds of runs of paragraphs which surely are boilerplate: a run is of
        the kind that the words of all of it speak of most."""
        starts = [paragraph.span.start for paragraph in facts.article.paragraphs]
        for run in runs:
            part = slice(bisect_left(starts, run.start), bisect_left(starts, run.end))
            said = self.sense.scores(facts.texts[part]).sum(axis=0)
            category = LABELS[1 + int(np.argmax(said[1:]))]
            yield Finding(run, category, NAME, f"{NAME}/words", 0.0, role="kind")

    def probabilities(self, odds: Floats) -> Floats:
        """(paragraphs,): how likely each is boilerplate, rounded, so that it is the same on every machine."""
        return np.asarray(np.round(np.interp(likely(odds), self.scores, self.shares), 3))


def apart(facts: ArticleFacts, findings: Iterable[Finding]) -> ArticleFacts:
    """The facts of the article with a paragraph of its own for what claims take for certain from the start or the end
    of another: what is left is judged without it."""
    article = facts.article
    edges: dict[int, set[int]] = defaultdict(set)
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    for finding in findings:
        if finding.category is None or finding.score < CERTAIN:
            continue
        for edge in (finding.span.start, finding.span.end):
            number = bisect_right(starts, edge) - 1
            if number >= 0 and starts[number] < edge < article.paragraphs[number].span.end:
                edges[number].add(edge)
    if not edges:
        return facts
    paragraphs: list[Paragraph] = []
    for number, paragraph in enumerate(article.paragraphs):
        start, end = paragraph.span.start, paragraph.span.end
        cuts = sorted(edges.get(number, ()))
        parts = [Span(a, b) for a, b in zip((start, *cuts), (*cuts, end), strict=True)]
        paragraphs += (replace(paragraph, span=span) for span in parts if span.of(article.text).strip())
    return facts.divided(replace(article, paragraphs=tuple(paragraphs)))


def averaged(contexts: Sequence[Context], seen: Matrix) -> Floats:
    """(outputs, paragraphs): the mean of the log-odds of all networks."""
    return np.asarray(sum(context.outputs(seen) for context in contexts) / len(contexts))


def staged(own: Matrix, odds: Floats) -> Matrix:
    """(``ALL_NAMES``, paragraphs): the features with what the trees make of them, as log-odds ``odds``."""
    return np.vstack((own, second_stage(likely(odds))))


def likely(odds: Floats) -> Floats:
    """(paragraphs,): the logistic of log-odds, rounded."""
    return np.asarray(np.round(1 / (1 + np.exp(-odds)), 6))


@lru_cache(maxsize=4)
def load(text: str, sense: str) -> Judge:
    """The judge of weights and word scores, both JSON. Raises ``WeightsFault``."""
    try:
        record: Mapping[str, Any] = json.loads(text)
        if record["format"] != "cleaner-judge" or record["version"] != VERSION:
            raise WeightsFault(
                f"not weights of version {VERSION} for the judge: {record['format']} {record['version']}"
            )
        if tuple(record["labels"]) != CLAIMED:
            raise WeightsFault("these weights know other categories; fit them again")
        return Judge(
            read_sense(sense),
            Ensemble.of(record["first"], ROW, GROUP_OF),
            tuple(Context.of(each, ALL_ROWS) for each in record["contexts"]),
            tuple(map(float, record["scores"])),
            tuple(map(float, record["shares"])),
        )
    except WeightsFault:
        raise
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        raise WeightsFault(f"these weights can't be read: {fault}") from None
