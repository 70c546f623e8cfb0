"""What a paragraph is, seen in its row: a small network of dilated convolutions over the paragraphs of an article.

Each layer looks at a paragraph and at two others, one, two, four, then eight places off, so that the last sees some
thirty around it: the whole of a run of comments, of a pitch from its salutation to its button (dilated convolutions:
van den Oord et al. 2016, https://arxiv.org/abs/1609.03499; for sequences of such lengths Bai et al. 2018,
https://arxiv.org/abs/1803.01271). Half-way it is told what all paragraphs of the article look like.

Weights are kept as whole numbers of 16 bits with a scale an array, and everything is worked out in doubles: the results
agree to many more digits than are used.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.detectors import compiled
from cleaner.detectors.ensemble import Floats, Matrix, Places

ONE_THREAD = 1 << 18
"""The most products of numbers for which OpenBLAS multiplies matrices in one thread; for so few, threads only wait
for one another (GEMM_MULTITHREAD_THRESHOLD times 65,536 in its interface/gemm.c)."""
MOST = 4.0
"""Deviations from the mean beyond which a feature is cut off."""
LANES = 8
"""The compiled function takes layers and outputs of so many numbers, or twice as many, and so on."""
_STEPS = 32767


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The network, ready to run.

    ``rows`` (inputs,): the features that it reads. ``means`` and ``scales`` (inputs,). ``entry`` (inputs, width).
    ``layers``: for each dilation weights (3 * width, width), of the paragraph before, this one, the one after.
    ``whole`` (2 * width, width): from mean and maximum of all. ``out`` (2 * width, outputs). Biases beside each.
    """

    rows: Places
    means: Floats
    scales: Floats
    dilations: tuple[int, ...]
    weights: Mapping[str, Floats]
    asked: tuple[npt.NDArray[Any], ...] = ()
    """What the compiled function is given of all this; nothing where it can't take it."""

    def outputs(self, features: Matrix) -> Floats:
        """(outputs, paragraphs): log-odds. ``features``: (all features, paragraphs) of one article."""
        number = features.shape[1]
        if not number:
            return np.zeros((self.weights["out"].shape[1], 0))
        if self.asked and (native := compiled.native):
            width, outputs = self.weights["out"].shape[0] // 2, self.weights["out"].shape[1]
            odds = native.context(np.ascontiguousarray(features, np.float32), number, *self.asked, width, outputs)
            return np.frombuffer(odds).reshape(outputs, number)
        seen = scaled(features[self.rows].T.astype(np.float64), self.means, self.scales)
        first = np.maximum(product(seen, self.weights["entry"]) + self.weights["entry bias"], 0)
        state = first
        for layer, dilation in enumerate(self.dilations):
            around = np.concatenate((_from(state, -dilation), state, _from(state, dilation)), axis=1)
            added = product(around, self.weights[f"layer {layer}"]) + self.weights[f"layer {layer} bias"]
            state = state + np.maximum(added, 0)
            if layer == len(self.dilations) // 2:
                whole = np.concatenate((state.mean(axis=0), state.max(axis=0)))
                state = state + np.maximum(whole @ self.weights["whole"] + self.weights["whole bias"], 0)
        last = np.concatenate((state, first), axis=1)
        return np.asarray((product(last, self.weights["out"]) + self.weights["out bias"]).T)

    @classmethod
    def of(cls, record: Mapping[str, Any], row: Mapping[str, int]) -> Context:
        """The network of a record; ``row``: the number of each feature by name.

        Raises ``KeyError``, ``ValueError`` or ``TypeError`` for a record that is none.
        """
        inputs, dilations = len(record["features"]), tuple(map(int, record["dilations"]))
        weights = {name: unpacked(each) for name, each in record["weights"].items()}
        width, outputs = weights["entry"].shape[1], weights["out"].shape[1]
        for name, shape in shapes(inputs, width, len(dilations), outputs).items():
            if weights[name].shape != shape or weights[f"{name} bias"].shape != shape[1:]:
                raise ValueError(f"the array {name!r} is not of the shape {shape}")
        means, scales = (np.array(record[name], float) for name in ("means", "scales"))
        if len(means) != inputs or len(scales) != inputs or not (scales > 0).all():
            raise ValueError("means and scales don't fit the features")
        rows = np.array([row[name] for name in record["features"]], np.int64)
        names = shapes(inputs, width, len(dilations), outputs)
        flat = [weights[each].ravel() for name in names for each in (name, f"{name} bias")]
        order = np.array(dilations, np.int64)
        asked = () if width % LANES or outputs % LANES else (rows, means, scales, order, np.concatenate(flat))
        return cls(rows, means, scales, dilations, weights, asked)


def product(left: Floats, right: Floats) -> Floats:
    """The product of two matrices, a few rows at a time, so that no library starts threads for it."""
    rows = max(1, ONE_THREAD // right.size)
    if len(left) <= rows:
        return np.asarray(left @ right)
    return np.concatenate([left[at : at + rows] @ right for at in range(0, len(left), rows)])


def shapes(inputs: int, width: int, layers: int, outputs: int) -> dict[str, tuple[int, int]]:
    """The shapes of the arrays by name; beside each lies a bias."""
    return {
        "entry": (inputs, width),
        **{f"layer {number}": (3 * width, width) for number in range(layers)},
        "whole": (2 * width, width),
        "out": (2 * width, outputs),
    }


def scaled(seen: npt.NDArray[Any], means: npt.NDArray[Any], scales: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(paragraphs, inputs): features as deviations from their means."""
    return np.asarray(np.clip((seen - means) / scales, -MOST, MOST))


def _from(state: Floats, step: int) -> Floats:
    """What the paragraph ``step`` places further has; zeros where there is none."""
    moved = np.zeros_like(state)
    if step < 0:
        moved[-step:] = state[:step]
    elif step < len(state):
        moved[:-step] = state[step:]
    return moved


def packed(array: npt.NDArray[Any]) -> dict[str, Any]:
    """An array as JSON takes it: shape, scale, and 16 bits a number."""
    scale = float(np.abs(array).max()) / _STEPS or 1.0
    whole = np.round(array.astype(np.float64) / scale).astype("<i2")
    return {"shape": list(array.shape), "scale": scale, "numbers": base64.b64encode(whole.tobytes()).decode("ascii")}


def unpacked(record: Mapping[str, Any]) -> Floats:
    """The array that ``packed`` packed."""
    whole = np.frombuffer(base64.b64decode(record["numbers"]), "<i2").reshape(record["shape"])
    return np.asarray(whole * float(record["scale"]), np.float64)
