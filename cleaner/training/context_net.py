"""Trains the network that reads the sequence of paragraphs (``detectors.text_judge.context``), with numpy alone.

The network is small enough for its gradients to be written out: a minute or two for some two thousand articles on one
core, with nothing to install. Adam with decoupled weight decay (Loshchilov and Hutter 2019,
https://arxiv.org/abs/1711.05101), a rate that rises and falls once (Smith 2018, https://arxiv.org/abs/1803.09820),
dropout on inputs and between layers. Seeds are fixed: the same data gives the same record on the same machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from cleaner.detectors.ensemble import Floats, Matrix, Places
from cleaner.detectors.text_judge.context import Context, packed, scaled, shapes
from cleaner.detectors.text_judge.features import CLAIMED

Array = npt.NDArray[np.float32]
Weights = dict[str, Array]


@dataclass(frozen=True, slots=True)
class Settings:
    """The hyperparameters of the network and its training. ``kinds``: the weight of the loss of the category.
    ``clean``: the weight of an article without boilerplate; ``hard``: of one that is hard on purpose."""

    width: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 8)
    rounds: int = 14
    together: int = 32
    rate: float = 0.004
    decay: float = 0.01
    dropout: float = 0.4
    kinds: float = 0.2
    longest: int = 160
    seed: int = 7
    clean: float = 1.0
    hard: float = 1.0


class Paragraphs(Protocol):
    """Training paragraphs, article by article: see ``fit_text.Table``."""

    @property
    def features(self) -> Matrix: ...
    @property
    def wrong(self) -> Places: ...
    @property
    def kinds(self) -> Places: ...
    @property
    def weights(self) -> Floats: ...
    @property
    def home(self) -> Places: ...


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """An article: ``seen`` (paragraphs, inputs), and for each paragraph ``wrong`` (-1: not scored), ``kinds``,
    ``weights``."""

    seen: Array
    wrong: Places
    kinds: Places
    weights: Array


def train(
    names: Sequence[str], seen: Paragraphs, settings: Settings, begun: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The record of a network. ``names``: of the features of ``seen``. ``begun``: the record of a network to train
    further; else one is begun."""
    from threadpoolctl import threadpool_limits

    if begun is None:
        means = np.round(seen.features.mean(axis=1).astype(np.float64), 6)
        scales = np.round(seen.features.std(axis=1).astype(np.float64) + 1e-3, 6)
        weights = _begun(len(names), len(CLAIMED), settings)
    else:
        known = Context.of(begun, {name: number for number, name in enumerate(names)})
        means, scales = known.means, known.scales
        settings = replace(settings, dilations=known.dilations)
        weights = {name: array.astype(np.float32) for name, array in known.weights.items()}
    rows = scaled(seen.features.T, means.astype(np.float32), scales.astype(np.float32)).astype(np.float32)
    begins = np.flatnonzero(np.concatenate(([True], seen.home[1:] != seen.home[:-1])))
    examples = [
        Example(rows[a:b], seen.wrong[a:b], seen.kinds[a:b], seen.weights[a:b].astype(np.float32))
        for a, b in zip(begins, [*begins[1:], len(seen.home)], strict=True)
    ]
    with threadpool_limits(1):
        network = _trained(examples, weights, settings)
    return {
        "features": list(names),
        "means": means.tolist(),
        "scales": scales.tolist(),
        "dilations": list(settings.dilations),
        "weights": {name: packed(array) for name, array in network.items()},
    }


def _begun(inputs: int, outputs: int, settings: Settings) -> Weights:
    """Return the initial weights (He et al. 2015)."""
    chance = np.random.default_rng(settings.seed)
    weights: Weights = {}
    for name, shape in shapes(inputs, settings.width, len(settings.dilations), 1 + outputs).items():
        weights[name] = (chance.standard_normal(shape) * np.sqrt(1 / (3 * shape[0]))).astype(np.float32)
        weights[f"{name} bias"] = np.zeros(shape[1], np.float32)
    return weights


def _trained(examples: Sequence[Example], weights: Weights, settings: Settings) -> Weights:
    """Return the weights after all epochs."""
    chance = np.random.default_rng(settings.seed + 1)
    moments = {name: (np.zeros_like(array), np.zeros_like(array)) for name, array in weights.items()}
    batches = -(-len(examples) // settings.together)
    steps = settings.rounds * batches
    done = 0
    for _ in range(settings.rounds):
        order = chance.permutation(len(examples))
        for at in range(0, len(order), settings.together):
            batch = Batch.of([examples[number] for number in order[at : at + settings.together]], chance, settings)
            slopes = _slopes(batch, weights, chance, settings)
            done += 1
            _adam(weights, slopes, moments, done, _rate(done / steps, settings.rate), settings.decay)
    return weights


def _rate(share: float, most: float) -> float:
    """Return the learning rate after ``share`` of all steps."""
    rise = 0.3
    if share < rise:
        return float(most * (0.04 + 0.96 * (1 - np.cos(np.pi * share / rise)) / 2))
    return float(most * max((1 + np.cos(np.pi * (share - rise) / (1 - rise))) / 2, 1e-4))


def _adam(
    weights: Weights, slopes: Weights, moments: Mapping[str, tuple[Array, Array]], step: int, rate: float, decay: float
) -> None:
    """Do one step of Adam in place."""
    for name, slope in slopes.items():
        mean, square = moments[name]
        mean += 0.1 * (slope - mean)
        square += 0.001 * (slope * slope - square)
        size = np.sqrt(square / (1 - 0.999**step)) + 1e-8
        weights[name] -= rate * (mean / (1 - 0.9**step) / size + decay * weights[name])


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Articles one after another, with the places of their paragraphs. A place one past the last is an empty one."""

    seen: Array
    wrong: Places
    kinds: Places
    weights: Array
    begins: Places
    home: Places
    """Return the number of the article of each paragraph."""

    @classmethod
    def of(cls, examples: Sequence[Example], chance: np.random.Generator, settings: Settings) -> Batch:
        """Return a random part of each article that is too long."""
        parts = []
        for each in examples:
            first = int(chance.integers(0, max(len(each.wrong) - settings.longest, 0) + 1))
            parts.append((each, slice(first, first + settings.longest)))
        sizes = [len(each.wrong[part]) for each, part in parts]
        return cls(
            np.concatenate([each.seen[part] for each, part in parts]),
            np.concatenate([each.wrong[part] for each, part in parts]),
            np.concatenate([each.kinds[part] for each, part in parts]),
            np.concatenate([each.weights[part] for each, part in parts]),
            np.concatenate(([0], np.cumsum(sizes)[:-1])),
            np.repeat(np.arange(len(sizes)), sizes),
        )

    def moved(self, step: int) -> Places:
        """Return the place of the paragraph ``step`` further on in the same article, or the empty place."""
        number = len(self.home)
        places = np.arange(number) + step
        inside = (places >= 0) & (places < number)
        inside[inside] = self.home[places[inside]] == self.home[inside]
        return np.where(inside, places, number)


def _taken(state: Array, places: Places) -> Array:
    return np.concatenate((state, np.zeros((1, state.shape[1]), np.float32)))[places]


def _dropped(shape: tuple[int, ...], chance: np.random.Generator, share: float) -> Array:
    """Return the dropout mask by which an array is multiplied."""
    return ((chance.random(shape, np.float32) >= share) / np.float32(1 - share)).astype(np.float32)


def _slopes(batch: Batch, weights: Weights, chance: np.random.Generator, settings: Settings) -> Weights:
    """Return the gradient of a batch's loss for every weight: forward pass, then backward pass."""
    share, number = settings.dropout, len(batch.home)
    # There.
    seen = batch.seen * _dropped(batch.seen.shape, chance, share)
    first = np.maximum(seen @ weights["entry"] + weights["entry bias"], 0)
    state = first
    kept: list[tuple[Array, Array, Array, Places, Places]] = []
    middle = len(settings.dilations) // 2
    pooled: tuple[Array, Array, Array, Array] | None = None
    for layer, dilation in enumerate(settings.dilations):
        mask = _dropped(state.shape, chance, share)
        back, on = batch.moved(-dilation), batch.moved(dilation)
        masked = state * mask
        around = np.concatenate((_taken(masked, back), masked, _taken(masked, on)), axis=1)
        added = np.maximum(around @ weights[f"layer {layer}"] + weights[f"layer {layer} bias"], 0)
        kept.append((around, added, mask, back, on))
        state = state + added
        if layer == middle:
            sizes = np.bincount(batch.home)[:, None].astype(np.float32)
            mean = np.add.reduceat(state, batch.begins) / sizes
            most = np.maximum.reduceat(state, batch.begins)
            whole = np.concatenate((mean, most), axis=1)
            told = np.maximum(whole @ weights["whole"] + weights["whole bias"], 0)
            at_most = (state == most[batch.home]).astype(np.float32)
            at_most /= np.add.reduceat(at_most, batch.begins)[batch.home]
            pooled = (whole, told, at_most, sizes)
            state = state + told[batch.home]
    last_mask = _dropped((number, 2 * state.shape[1]), chance, share)
    last = np.concatenate((state, first), axis=1) * last_mask
    out = last @ weights["out"] + weights["out bias"]
    # Back.
    slopes: Weights = {}
    slope = _error_slope(out, batch, settings.kinds)
    slopes["out"], slopes["out bias"] = last.T @ slope, slope.sum(axis=0)
    both = slope @ weights["out"].T * last_mask
    width = state.shape[1]
    back_state, back_first = both[:, :width], both[:, width:]
    for layer in reversed(range(len(settings.dilations))):
        if layer == middle and pooled is not None:
            whole, told, at_most, sizes = pooled
            by_article = np.add.reduceat(back_state, batch.begins) * (told > 0)
            slopes["whole"], slopes["whole bias"] = whole.T @ by_article, by_article.sum(axis=0)
            by_whole = by_article @ weights["whole"].T
            to_all = (by_whole[:, :width] / sizes)[batch.home] + by_whole[batch.home, width:] * at_most
            back_state = np.asarray(back_state + to_all, np.float32)
        around, added, mask, back, on = kept[layer]
        inner = back_state * (added > 0)
        slopes[f"layer {layer}"], slopes[f"layer {layer} bias"] = around.T @ inner, inner.sum(axis=0)
        parts = np.asarray(inner @ weights[f"layer {layer}"].T, np.float32)
        # What was taken from the paragraph before goes back to it, and so on.
        to_own = parts[:, width : 2 * width] + _taken(parts[:, :width], on) + _taken(parts[:, 2 * width :], back)
        back_state = back_state + to_own * mask
    entry = (back_state + back_first) * (first > 0)
    slopes["entry"], slopes["entry bias"] = seen.T @ entry, entry.sum(axis=0)
    return slopes


def _error_slope(out: Array, batch: Batch, kinds: float) -> Array:
    """Return the gradient of the loss for the outputs: log loss of the first, and for boilerplate also of the
    others."""
    slope = np.zeros_like(out)
    scored = batch.wrong >= 0
    sure = 1 / (1 + np.exp(-np.clip(out[:, 0], -30, 30)))
    slope[:, 0] = np.where(scored, (sure - batch.wrong) * batch.weights, 0) / max(int(scored.sum()), 1)
    bad = np.flatnonzero(batch.wrong == 1)
    if len(bad):
        named = np.exp(out[bad, 1:] - out[bad, 1:].max(axis=1, keepdims=True))
        named /= named.sum(axis=1, keepdims=True)
        named[np.arange(len(bad)), batch.kinds[bad]] -= 1
        slope[bad, 1:] = named * kinds / len(bad)
    return slope
