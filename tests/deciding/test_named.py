"""The log names what decided: where a span stays without a rule, the log of the span tells of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import cleaner
from cleaner.article.model import Cleaned, Removed
from gold import Case, invented, seeds

ARTICLES = [*seeds(), *[case for case in invented() if len(case.text) > 400][:5]]
WHOLE = cleaner.Cleaner()
TOLD = ("a rule calls", "a rule claims", "neighbours", "line that a rule")
"""What a verdict says of rules, of its own paragraph and of those around it."""
BETWEEN = "between two of"
"""What a rule says that goes by the claims of others around the paragraph."""


def gone(cleaned: Cleaned) -> set[int]:
    return {place for span in cleaned.removed for place in range(span.start, span.end)}


def share(removed: Removed, places: set[int], text: str) -> float:
    own = [place for place in range(removed.start, removed.end) if not text[place].isspace()]
    return sum(place in places for place in own) / max(1, len(own))


def untold(case: Case) -> list[tuple[str, str, str]]:
    """Rules without which a span stays, with the span and its reason, where that tells nothing of the rule."""
    pipeline = WHOLE.pipeline
    article = pipeline.read(case.text, language=case.language)
    removed = pipeline.clean(article).removed
    found = []
    for rule in sorted({finding.rule for finding in pipeline.findings(article) if finding.detector == "phrases"}):
        left = gone(replace(pipeline, ignore=frozenset((rule,))).clean(article))
        for span in removed:
            if span.text.strip() and share(span, left, case.text) < 0.2:
                named = rule == span.rule or rule in span.reason or BETWEEN in span.reason
                if not named and not (span.detector == "judge" and any(words in span.reason for words in TOLD)):
                    found.append((rule, span.text, span.reason))
    return found


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.id)
def test_a_rule_that_decided_is_told(case: Case) -> None:
    assert untold(case) == []


def test_a_verdict_that_decided_is_named() -> None:
    named = alone = 0
    rules = cleaner.Cleaner(ignore="judge")
    for case in ARTICLES:
        removed = WHOLE.clean(case.text, language=case.language).removed
        left = gone(rules.clean(case.text, language=case.language))
        for span in removed:
            if span.text.strip() and share(span, left, case.text) < 0.2:
                alone += 1
                named += span.detector == "judge" or "judge/" in span.reason
    assert named == alone > 10
