"""Plain SVG pictures for the programs in this folder."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

COLORS = ("#0a6", "#06c", "#c60", "#909", "#666")
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" font-family="sans-serif" font-size="12">'
WHITE = '<rect width="{0}" height="{1}" fill="#fff"/>'


def bars(path: Path, panels: Sequence[tuple[str, Sequence[tuple[str, float, str]]]]) -> None:
    """Horizontal bars, a panel for each measure: its title, and name, value and label of each bar."""
    left, wide, step = 190, 330, 20
    parts, at = [], 24
    for title, rows in panels:
        most = max((value for _, value, _ in rows), default=1) or 1
        parts.append(f'<text x="10" y="{at}" font-weight="bold">{escape(title)}</text>')
        at += 8
        for name, value, label in rows:
            color = COLORS[0] if name.startswith("cleaner") else COLORS[-1]
            width = max(1.0, wide * value / most)
            parts.append(f'<text x="{left - 8}" y="{at + 13}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect x="{left}" y="{at + 2}" width="{width:.1f}" height="14" fill="{color}"/>')
            parts.append(f'<text x="{left + width + 6:.1f}" y="{at + 13}">{escape(label)}</text>')
            at += step
        at += 26
    _write(path, left + wide + 90, at - 10, parts)


def lines(
    path: Path, title: str, unit: tuple[str, str], series: Sequence[tuple[str, Sequence[tuple[float, float]]]]
) -> None:
    """Lines over a common axis from 0: name and points of each; ``unit`` says what runs right and what runs up."""
    left, top, wide, high = 60, 40, 560, 220
    points = [point for _, found in series for point in found]
    most_x = max((x for x, _ in points), default=1) or 1
    most_y = max((y for _, y in points), default=1) or 1
    parts = [
        f'<text x="{left}" y="20" font-weight="bold">{escape(title)}</text>',
        f'<path d="M{left} {top}V{top + high}H{left + wide}" fill="none" stroke="#999"/>',
        f'<text x="{left - 6}" y="{top + 10}" text-anchor="end">{most_y:,.0f}</text>',
        f'<text x="{left - 6}" y="{top + high}" text-anchor="end">0</text>',
        f'<text x="{left}" y="{top + high + 16}">0</text>',
        f'<text x="{left + wide}" y="{top + high + 16}" text-anchor="end">{most_x:,.0f} {escape(unit[0])}</text>',
        f'<text x="{left + 4}" y="{top - 4}">{escape(unit[1])}</text>',
    ]
    for number, (name, found) in enumerate(series):
        color = COLORS[number % len(COLORS)]
        path_data = " ".join(f"{left + wide * x / most_x:.1f},{top + high * (1 - y / most_y):.1f}" for x, y in found)
        parts.append(f'<polyline points="{path_data}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        x, y = left + 20 + 180 * number, top + high + 36
        parts.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{color}"/>')
        parts.append(f'<text x="{x + 15}" y="{y}">{escape(name)}</text>')
    _write(path, left + wide + 20, top + high + 50, parts)


def _write(path: Path, width: int, height: int, parts: Sequence[str]) -> None:
    text = HEAD.format(width, height) + WHITE.format(width, height) + "".join(parts) + "</svg>\n"
    path.write_text(text, encoding="utf-8")
