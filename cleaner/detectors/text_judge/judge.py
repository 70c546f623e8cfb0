"""The judge: a learned model that weighs shape, words, place and neighbours of each paragraph.

It reads the article and what the other detectors found, so it comes after them; what they found are features to it like
any other. Its claim on a paragraph therefore stands for theirs on the whole of it: ``decide`` puts it in their place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cleaner.detectors.text_judge.features import CLAIMED, ROW, features
from cleaner.detectors.text_judge.reasons import GROUPS, reasons
from cleaner.detectors.trees import Floats, Forest, Matrix
from cleaner.errors import WeightsFault
from cleaner.model import Article, Evidence, Finding

NAME = "judge"
VERSION = 1
"""The version of the format of the weights. It rises when a reader of the old version would go wrong."""
FLOOR = 0.25
"""The probability from which on the judge says something. Below, it does where a rule claims the paragraph."""
FIRM = 0.5
"""The score from which on a rule names the category."""
SURE = 0.7
"""The score from which on the judge leaves the reasons to the rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The model, ready to run: is it boilerplate, which category, and what scores mean."""

    boilerplate: Forest
    categories: Forest
    scores: tuple[float, ...]
    shares: tuple[float, ...]
    """Of paragraphs scored ``scores[n]`` the share ``shares[n]`` was boilerplate; in between, straight lines."""

    def __call__(self, article: Article, findings: Iterable[Finding]) -> Iterator[Finding]:
        """A finding for each paragraph that may be boilerplate or that a rule claims."""
        seen = features(article, findings)
        sure = self.probabilities(seen)
        claimed = seen[ROW["rule"]] > 0
        chosen = np.flatnonzero((sure >= FLOOR) | claimed)
        if not len(chosen):
            return
        part = seen[:, chosen]
        best = np.argmax(self.categories.outputs(part), axis=0)
        ruled = part[: ROW["rule"]][ROW[f"rule {CLAIMED[0]}"] :]
        named = np.where(part[ROW["rule"]] >= FIRM, np.argmax(ruled, axis=0), best)
        # Where a firm rule speaks, what it saw is reason enough.
        open_ = np.flatnonzero(part[ROW["rule"]] < SURE)
        moved = dict(zip(open_.tolist(), self.boilerplate.contributions(part[:, open_], GROUPS).T, strict=True))
        for column, number in enumerate(chosen):
            score = float(sure[number])
            category = CLAIMED[named[column]]
            told = (
                reasons(part[:, column], moved[column], score >= FIRM)
                if column in moved
                else [f"a rule calls it {category}"]
            )
            seen_here = tuple(Evidence("judged", text) for text in told)
            span = article.paragraphs[number].span
            yield Finding(span, category, NAME, f"judge/{category}", score, seen_here)

    def probabilities(self, seen: Matrix) -> Floats:
        """How likely each paragraph is boilerplate, rounded, so that it is the same on every machine."""
        raw = self.boilerplate.outputs(seen)[0]
        return np.asarray(np.round(np.interp(1 / (1 + np.exp(-raw)), self.scores, self.shares), 3))

    def probabilities_of_categories(self, seen: Matrix) -> Floats:
        """For each paragraph the probability of each category (``CLAIMED``), a row each; the rest is the article's."""
        outputs = self.categories.outputs(seen)
        powers = np.exp(outputs - outputs.max(axis=0, initial=-np.inf))
        return np.asarray(self.probabilities(seen) * powers / powers.sum(axis=0))


@lru_cache(maxsize=4)
def load(text: str) -> Judge:
    """The judge of weights. Raises ``WeightsFault``."""
    try:
        record: Mapping[str, Any] = json.loads(text)
        if record["format"] != "cleaner-judge" or record["version"] != VERSION:
            raise WeightsFault(
                f"not weights of version {VERSION} for the judge: {record['format']} {record['version']}"
            )
        if tuple(record["labels"]) != CLAIMED:
            raise WeightsFault("these weights know other categories; fit them again")
        return Judge(
            Forest.of(record["boilerplate"], ROW),
            Forest.of(record["categories"], ROW),
            tuple(map(float, record["scores"])),
            tuple(map(float, record["shares"])),
        )
    except WeightsFault:
        raise
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        raise WeightsFault(f"these weights can't be read: {fault}") from None
