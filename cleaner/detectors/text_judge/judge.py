"""The judge: a learned model that weighs shape, words, place and neighbours of each paragraph.

It reads the article and what the other detectors found, so it comes after them; what they found are features to it like
any other. Its claim on a paragraph therefore stands for theirs on the whole of it: ``combine`` puts it in their place.

It looks twice: the second stage sees what the first thought of each paragraph and of those around it, so that a pitch
is judged as a whole, from its salutation to its button.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cleaner.detectors.ensemble import Ensemble, Floats, Matrix
from cleaner.detectors.sense import LABELS, Sense, read_sense
from cleaner.detectors.text_judge.features import ALL_ROWS, CLAIMED, ROW, features, second_stage
from cleaner.detectors.text_judge.reasons import GROUP_OF, GROUPS, reasons
from cleaner.errors import WeightsFault
from cleaner.model import Article, Evidence, Finding
from cleaner.text.paragraphs import lines

NAME = "judge"
VERSION = 2
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
    """The model, ready to run: what words are about, is it boilerplate (in two stages), which category, what scores
    mean."""

    sense: Sense
    first: Ensemble
    second: Ensemble
    categories: Ensemble
    scores: tuple[float, ...]
    shares: tuple[float, ...]
    """Of paragraphs scored ``scores[n]`` the share ``shares[n]`` was boilerplate; in between, straight lines."""

    def __call__(self, article: Article, findings: Iterable[Finding]) -> Iterator[Finding]:
        """A finding for each paragraph that may be boilerplate or that a rule claims."""
        facts = lines(article)
        paragraphs = facts.paragraphs
        if sum(facts.words) < FEW:
            return
        seen = self.seen(features(article, findings, self.sense.scores(paragraphs)))
        sure = self.probabilities(seen)
        chosen = np.flatnonzero((sure >= FLOOR) | (seen[ROW["rule"]] > 0))
        if not len(chosen):
            return
        part = seen[:, chosen]
        ruled = part[: ROW["rule"]][ROW[f"rule {CLAIMED[0]}"] :]
        best = np.argmax(self.categories.outputs(part), axis=0)
        named = np.where(part[ROW["rule"]] >= FIRM, np.argmax(ruled, axis=0), best)
        moved = self.second.contributions(part)
        spoke = part[ROW[f"sense {LABELS[0]}"]] > 0
        said = iter(
            self.sense.words(
                [paragraphs[number] for number in chosen[spoke].tolist()],
                [LABELS.index(CLAIMED[kind]) for kind in named[spoke].tolist()],
                SAID,
            )
        )
        for column, number in enumerate(chosen.tolist()):
            score = float(sure[number])
            category = CLAIMED[named[column]]
            told = reasons(part[:, column], dict(zip(GROUPS, moved[:, column].tolist(), strict=True)), score >= FIRM)
            if spoke[column]:
                words = ", ".join(next(said))
                told = [f"words like {words}" if text == "its words" and words else text for text in told]
            seen_here = tuple(Evidence("judged", text) for text in told)
            span = article.paragraphs[number].span
            yield Finding(span, category, NAME, f"judge/{category}", score, seen_here, role="verdict")

    def seen(self, first: Matrix) -> Matrix:
        """(``ALL_NAMES``, paragraphs): the features with what the first stage makes of them."""
        return np.vstack((first, second_stage(likely(self.first, first))))

    def probabilities(self, seen: Matrix) -> Floats:
        """(paragraphs,): how likely each is boilerplate, rounded, so that it is the same on every machine."""
        return np.asarray(np.round(np.interp(likely(self.second, seen), self.scores, self.shares), 3))


def likely(trees: Ensemble, seen: Matrix) -> Floats:
    """(paragraphs,): the logistic of the sums of the trees, rounded."""
    return np.asarray(np.round(1 / (1 + np.exp(-trees.outputs(seen)[0])), 6))


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
            Ensemble.of(record["first"], ROW),
            Ensemble.of(record["second"], ALL_ROWS, GROUP_OF),
            Ensemble.of(record["categories"], ALL_ROWS),
            tuple(map(float, record["scores"])),
            tuple(map(float, record["shares"])),
        )
    except WeightsFault:
        raise
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        raise WeightsFault(f"these weights can't be read: {fault}") from None
