"""Calibration of the judge's raw scores, and a reliability plot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.detectors.ensemble import Floats, Places

KNOTS = 12


def calibration(raw: Floats, wrong: Places) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Fit the calibration. Returns raw scores, and for each the share of the paragraphs with that score that was
    boilerplate.

    Scores are put into bins with equal numbers of paragraphs. A bin with a smaller share than the one before is merged
    with it.
    """
    known = wrong >= 0
    order = np.argsort(raw[known], kind="stable")
    scores, right = raw[known][order], wrong[known][order]
    # Most scores are near 0 or 1; in between, where it matters, bins hold fewer.
    middle = (scores > 0.02) & (scores < 0.98)
    knots: Floats | list[float] = np.quantile(scores[middle], np.linspace(0, 1, KNOTS + 1)) if middle.any() else []
    edges = np.unique(np.concatenate(([0.02, 0.98], knots)))
    blocks: list[list[float]] = []
    for inside in np.split(np.arange(len(scores)), np.searchsorted(scores, edges)):
        if not len(inside):
            continue
        blocks.append([len(inside), scores[inside].sum(), right[inside].sum()])
        while len(blocks) > 1 and blocks[-2][2] / blocks[-2][0] >= blocks[-1][2] / blocks[-1][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    xs = [0.0, *(round(float(total / size), 4) for size, total, _ in blocks), 1.0]
    ys = [0.0, *(round(float(found / size), 4) for size, _, found in blocks), 1.0]
    return tuple(xs), tuple(ys)


def reliability(scores: Floats, wrong: Places) -> tuple[tuple[float, int, float], ...]:
    """Return for each tenth of the score its lower end, the number of paragraphs, and the share of them that was
    boilerplate."""
    known = wrong >= 0
    tenth = np.minimum((scores[known] * 10).astype(int), 9)
    right = wrong[known]
    return tuple(
        (number / 10, int((tenth == number).sum()), float(right[tenth == number].mean()))
        for number in range(10)
        if (tenth == number).any()
    )


def plot(bins: Sequence[tuple[float, int, float]]) -> str:
    """Return the reliability plot as SVG. The nearer the points are to the line, the better the scores are
    calibrated."""
    dots = "".join(
        f'<circle cx="{20 + 200 * (low + 0.05):.0f}" cy="{220 - 200 * share:.0f}" r="4"><title>{low:.1f} to '
        f"{low + 0.1:.1f}: {number} paragraphs, {share:.0%} boilerplate</title></circle>"
        for low, number, share in bins
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 250" font-family="sans-serif" font-size="10">'
        '<rect width="240" height="250" fill="#fff"/><rect x="20" y="20" width="200" height="200" fill="none" '
        'stroke="#999"/><line x1="20" y1="220" x2="220" y2="20" stroke="#999" stroke-dasharray="3"/>'
        f'<g fill="#06c">{dots}</g><text x="120" y="238" text-anchor="middle">score</text>'
        '<text x="12" y="120" text-anchor="middle" transform="rotate(-90 12 120)">share that is boilerplate</text>'
        "</svg>\n"
    )
