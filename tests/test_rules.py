"""Every rule that is shipped proves itself on its own examples, alone and among all others."""

from __future__ import annotations

import pytest

from cleaner.api import Cleaner
from cleaner.article.model import CATEGORIES
from cleaner.authoring.examples import check, prover
from cleaner.detectors.phrases.detector import always as tried_everywhere
from cleaner.rulebook.values import Rule

CLEANER = Cleaner()
BOOK = CLEANER.rulebook
PROVE = prover(BOOK, CLEANER.pipeline.tables)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in BOOK.rules])
def test_the_examples_come_out_as_marked(rule: Rule) -> None:
    failures = [f"{f.path}:{f.line} ({f.kind}): {f.message}\n{f.shown}" for f in PROVE(rule)]
    assert not failures, "\n\n".join(failures)


def test_every_category_that_is_cut_has_rules() -> None:
    covered = {rule.category for rule in BOOK.rules}
    assert set(CATEGORIES) - covered <= {"headline"}


def test_few_patterns_are_tried_on_every_paragraph() -> None:
    always = [rule.id for rule in BOOK.rules if tried_everywhere(rule)]
    assert len(always) <= 20, always


def test_a_failing_example_is_told() -> None:
    from cleaner.rulebook.compile import compile_rules
    from cleaner.rulebook.yaml_tree import Source

    text = """\
category: promotion
language: en
rules:
  - id: promotion/x
    about: Test.
    any: ['\\bad\\b']
    removes: ['[[An ad.]] Here.']
    keeps: ['No ad here.']
    misses: ['[[An ad.]]', '[[A spot.]]']
"""
    found = [(f.kind, f.line, f.message) for f in check(compile_rules([Source("x.yaml", text)]))]
    assert found == [
        ("removes", 7, "the rule alone does not find exactly what is marked"),
        ("keeps", 8, "the rule finds something in an example that stays"),
        ("misses", 9, "this known miss is found now; move it up to `removes`"),
    ]
