"""The network of the row: its gradients are right, it learns, and it sees as far as it says."""

import json

import numpy as np
import pytest

from cleaner.detectors.ensemble import Floats
from cleaner.detectors.text_judge.context import ONE_THREAD, Context, packed, product, unpacked
from cleaner.detectors.text_judge.features import CLAIMED
from cleaner.training import context_net
from cleaner.training.context_net import Batch, Example, Settings
from cleaner.training.fit_text import Table

INPUTS = ("one", "two", "three")
ROW = {name: number for number, name in enumerate(INPUTS)}
SMALL = Settings(width=5, dilations=(1, 2), rounds=60, together=4, rate=0.02, dropout=0.0)


def examples(number: int = 3) -> list[Example]:
    chance = np.random.default_rng(5)
    made = []
    for size in range(4, 4 + number):
        seen = chance.standard_normal((size, len(INPUTS))).astype(np.float32)
        wrong = chance.integers(-1, 2, size)
        made.append(Example(seen, wrong, chance.integers(0, len(CLAIMED), size), np.ones(size, np.float32)))
    return made


def network(weights: dict[str, Floats]) -> Context:
    return Context(np.arange(len(INPUTS)), np.zeros(len(INPUTS)), np.ones(len(INPUTS)), SMALL.dilations, weights)


def error(weights: dict[str, Floats], made: list[Example]) -> float:
    """What training makes small, by the network as it runs."""
    told = np.concatenate([network(weights).outputs(each.seen.T) for each in made], axis=1)
    wrong, kinds = (np.concatenate([getattr(each, name) for each in made]) for name in ("wrong", "kinds"))
    sure = 1 / (1 + np.exp(-told[0]))
    losses = np.where(wrong == 1, -np.log(sure), -np.log(1 - sure))[wrong >= 0]
    bad = np.flatnonzero(wrong == 1)
    named = told[1:, bad] - np.log(np.exp(told[1:, bad]).sum(axis=0))
    return float(losses.mean() - SMALL.kinds * named[kinds[bad], np.arange(len(bad))].mean())


def test_the_gradients_are_those_of_the_error() -> None:
    made = examples()
    chance = np.random.default_rng(1)
    start = context_net._begun(len(INPUTS), len(CLAIMED), SMALL)
    slopes = context_net._slopes(Batch.of(made, chance, SMALL), start, chance, SMALL)
    weights = {name: array.astype(np.float64) for name, array in start.items()}
    assert set(slopes) == set(weights)
    for name, slope in slopes.items():
        for _ in range(4):
            place = tuple(int(chance.integers(0, size)) for size in slope.shape)
            step = np.zeros(slope.shape)
            step[place] = 1e-5
            up, down = (error({**weights, name: weights[name] + sign * step}, made) for sign in (1, -1))
            assert slope[place] == pytest.approx((up - down) / 2e-5, rel=0.02, abs=2e-5), (name, place)


def pattern(number: int) -> Table:
    """Articles in which a paragraph is boilerplate where the one two before it has a high first feature."""
    chance = np.random.default_rng(9)
    homes = np.repeat(np.arange(number), 12)
    seen = chance.standard_normal((len(INPUTS), len(homes))).astype(np.float32)
    wrong = np.zeros(len(homes), np.int64)
    for at in range(len(homes)):
        if at >= 2 and homes[at - 2] == homes[at]:
            wrong[at] = int(seen[0, at - 2] > 0)
    return Table(seen, wrong, np.zeros(len(homes), np.int64), np.ones(len(homes)), homes)


def test_it_learns_what_only_the_row_tells() -> None:
    learned, new = pattern(80), pattern(100)
    record = context_net.train(INPUTS, learned, SMALL)
    ready = Context.of(json.loads(json.dumps(record)), ROW)
    right = 0
    for article in range(80, 100):
        inside = new.home == article
        right += int(((ready.outputs(new.features[:, inside])[0] > 0) == new.wrong[inside]).sum())
    assert right > 0.95 * 20 * 12
    assert record == context_net.train(INPUTS, learned, SMALL)


def test_trained_further_it_keeps_what_it_knew_and_learns_more() -> None:
    record = context_net.train(INPUTS, pattern(40), SMALL)
    turned = pattern(40)
    opposite = Table(turned.features, 1 - turned.wrong, turned.kinds, turned.weights, turned.home)
    same = context_net.train(INPUTS, pattern(40), Settings(rounds=1, rate=1e-6, dropout=0.0), record)
    other = context_net.train(INPUTS, opposite, Settings(rounds=60, rate=0.02, dropout=0.0), record)
    seen = turned.features[:, :12]
    before, kept, moved = (Context.of(each, ROW).outputs(seen)[0] for each in (record, same, other))
    assert np.allclose(before, kept, atol=0.1)
    assert ((before > 0) != (moved > 0)).mean() > 0.8


def test_far_paragraphs_speak_through_the_whole_alone() -> None:
    """Without what is told of the whole, a paragraph beyond the reach of the dilations changes nothing."""
    weights = {n: a.astype(np.float64) for n, a in context_net._begun(len(INPUTS), 1, SMALL).items()}
    weights["whole"][:] = 0
    seen = np.random.default_rng(3).standard_normal((len(INPUTS), 12)).astype(np.float32)
    other = seen.copy()
    other[:, -1] = 9
    before, after = (network(weights).outputs(each) for each in (seen, other))
    reach = sum(SMALL.dilations)
    assert np.array_equal(before[:, : 11 - reach], after[:, : 11 - reach])
    assert not np.array_equal(before[:, 11 - reach], after[:, 11 - reach])
    assert network(weights).outputs(np.zeros((len(INPUTS), 0), np.float32)).shape == (2, 0)


def test_a_product_in_parts_is_the_product() -> None:
    chance = np.random.default_rng(4)
    left, right = chance.standard_normal((90, 283)), chance.standard_normal((283, 64))
    assert len(left) * right.size > ONE_THREAD
    assert np.allclose(product(left, right), left @ right, atol=1e-10)
    assert product(left[:0], right).shape == (0, 64)


def test_arrays_come_back_from_their_packing() -> None:
    array = np.random.default_rng(2).standard_normal((4, 6)) * 3
    for each in (array, np.zeros(3)):
        back = unpacked(json.loads(json.dumps(packed(each))))
        assert back.shape == each.shape and np.allclose(back, each, atol=np.abs(each).max() / 60_000)


@pytest.mark.parametrize("part, value", [("means", [0.0]), ("scales", [0.0, 1.0, 1.0]), ("dilations", [1, 2, 4])])
def test_a_record_whose_parts_do_not_fit_is_refused(part: str, value: list[float]) -> None:
    record = context_net.train(INPUTS, pattern(4), Settings(width=3, dilations=(1, 2), rounds=1))
    Context.of(record, ROW)
    with pytest.raises((KeyError, ValueError)):
        Context.of({**record, part: value}, ROW)
