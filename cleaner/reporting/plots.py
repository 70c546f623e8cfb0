"""Plots as SVG, drawn by hand: bars and histograms in the colours of the page around them.

Every bar has its figure beside it or in a table nearby, so that nothing is said by colour or length alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH = 640
"""Units that a plot is wide; it is scaled to the page."""


def histogram(title: str, counts: Sequence[int]) -> str:
    """How many of something lie in each part of the range from 0 to 100 %.

    Args: what it shows, for screen readers; the counts of equal parts. The height of a bar is the square
    root of its count: bars of a few beside those of a million would else be lost.
    """
    height, floor = 168, 140
    most = max([1, *counts])
    highest = counts.index(max(counts))
    step = (WIDTH - 40) / len(counts)
    bars = []
    for number, count in enumerate(counts):
        size = 110 * (count / most) ** 0.5
        low, high = (round(100 * edge / len(counts)) for edge in (number, number + 1))
        bars.append(
            f'<rect x="{20 + number * step + 1:.1f}" y="{floor - size:.1f}" width="{step - 2:.1f}" '
            f'height="{size:.1f}"><title>{low} to {high} %: {count:,}</title></rect>'
        )
        if number == highest:
            x = min(max(20 + (number + 0.5) * step, 40), WIDTH - 40)
            bars.append(f'<text x="{x:.1f}" y="{floor - size - 6:.1f}" text-anchor="middle">{count:,}</text>')
    ticks = "".join(
        f'<text x="{20 + (WIDTH - 40) * part / 4:.1f}" y="{floor + 18}" '
        f'text-anchor="{("start", "middle", "middle", "middle", "end")[part]}">{part * 25} %</text>'
        for part in range(5)
    )
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}" class="plot"><title>{escape(title)}</title>'
        f'<g class="bars">{"".join(bars)}</g><line x1="20" y1="{floor}" x2="{WIDTH - 20}" y2="{floor}"/>'
        f"{ticks}</svg>"
    )


def bar(share: float, most: float = 1.0) -> str:
    """A bar for the cell of a table, beside the figure that it draws: ``share`` of ``most``, both 0 to 1."""
    size = 100 * min(1.0, share / most) if most > 0 else 0.0
    return (
        '<svg class="bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">'
        f'<rect class="rail" width="100" height="10"/><rect width="{size:.1f}" height="10"/></svg>'
    )
