"""What is compiled of the judge of texts: features to the last digit, networks as far as anything depends on them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from detectors.test_compiled import by_python, native, needs_native
from detectors.text_judge.test_judge import JUDGE, LINES
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.article.model import Finding, Span
from cleaner.detectors.text_judge.context import Context
from cleaner.detectors.text_judge.features import CLAIMED, features, second_stage
from cleaner.detectors.text_judge.judge import staged
from cleaner.reading.plain_text import segment
from cleaner.text.paragraphs import ArticleFacts

CLAIMS = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from((*CLAIMED, None)), st.floats(0, 1), st.booleans()), max_size=12
)


@needs_native
@settings(deadline=None)
@given(LINES, CLAIMS, st.integers(1, 9), st.sampled_from((None, "Related", "A title\nof two lines", "")))
def test_features_are_those_of_python(
    lines: list[str], claims: list[tuple[int, str | None, float, bool]], times: int, title: str | None
) -> None:
    article = replace(segment("\n".join(lines * times)), title=title)
    findings = []
    for place, category, score, part in claims:
        if place < len(article.paragraphs):
            span = article.paragraphs[place].span
            span = Span(span.start, span.start + (span.end - span.start + 1) // 2) if part else span
            findings.append(Finding(span, category, "phrases", "prose/bad", score))
    facts = ArticleFacts.of(article)
    sense = JUDGE.sense.scores(facts.texts)
    seen = features(facts, findings, sense)
    by_hand = by_python(lambda: features(facts, findings, sense))
    assert seen.dtype == by_hand.dtype and (seen == by_hand).all()


@needs_native
@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from((0.0, 0.5, 1.0))), max_size=60))
def test_the_second_stage_is_that_of_python(first: list[float]) -> None:
    values = np.array(first)
    assert (second_stage(values) == by_python(lambda: second_stage(values))).all()


@needs_native
@settings(deadline=None)
@given(LINES, st.integers(1, 12))
def test_networks_say_what_they_say_in_python(lines: list[str], times: int) -> None:
    facts = ArticleFacts.of(segment("\n".join(["The first line of it.", *(lines * times)])))
    seen = features(facts, (), JUDGE.sense.scores(facts.texts))
    both = staged(seen, JUDGE.first.outputs(seen)[0])
    for context in JUDGE.contexts:
        assert context.asked
        assert np.allclose(context.outputs(both), by_python(partial(context.outputs, both)), rtol=0, atol=1e-9)


def test_a_network_of_any_width_is_asked() -> None:
    chance = np.random.default_rng(5)
    shapes = {"entry": (3, 5), "layer 0": (15, 5), "whole": (10, 5), "out": (10, 3)}
    weights = {name: chance.normal(size=shape) for name, shape in shapes.items()}
    weights |= {f"{name} bias": chance.normal(size=shape[1]) for name, shape in shapes.items()}
    odd = Context(np.arange(3), np.zeros(3), np.ones(3), (1,), weights)
    assert odd.outputs(np.ones((3, 4), np.float32)).shape == (3, 4)


@needs_native
@pytest.mark.parametrize(
    "sizes",
    [(59, 1, 2, 16, 2), (60, 2, 2, 16, 2), (60, 1, 1, 16, 2), (60, 1, 2, 15, 2), (60, 1, 2, 16, 1), (60, 0, 2, 16, 2)],
)
def test_rows_that_do_not_fit_are_refused(sizes: tuple[int, ...]) -> None:
    rows, paragraphs, markup, sense, lines = sizes
    keys = np.full(lines, 10, np.uint32)
    given = (bytes(8 * rows), bytes(8 * paragraphs), bytes(8 * markup), bytes(8 * sense), keys)
    with pytest.raises(ValueError, match="fit"):
        native.features(*given, np.array([0, -1]), 1, 0.0, 0.0, 0.0, False)


@needs_native
def test_places_and_weights_that_do_not_fit_are_refused() -> None:
    given = (bytes(480), bytes(8), bytes(16), bytes(128), np.full(2, 10, np.uint32))
    for places, beside in (([-1], 1), ([60], 0), ([0], 2)):
        with pytest.raises(ValueError, match="fit"):
            native.features(*given, np.array(places), beside, 0.0, 0.0, 0.0, False)
    with pytest.raises(ValueError, match="fit"):
        native.second_stage(bytes(16), bytes(8), 0.0)
    rows, means, scales, steps, weights = JUDGE.contexts[0].asked
    seen = np.zeros((len(means), 2), np.float32)
    for wrong in (
        (seen, 2, rows + 1, means, scales, steps, weights, 96, 16),
        (seen, 2, rows, means[1:], scales, steps, weights, 96, 16),
        (seen, 2, rows, means, scales, steps * 0, weights, 96, 16),
        (seen, 2, rows, means, scales, steps, weights[1:], 96, 16),
        (seen, 2, rows, means, scales, steps, weights, 92, 16),
        (seen, 0, rows, means, scales, steps, weights, 96, 16),
    ):
        with pytest.raises(ValueError, match="fit"):
            native.context(*wrong)
