"""The tables of a page as Markdown: rows of cells, some of which take more than one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.article.markup import Cell

CELL = " | "
"""What stands between two cells of a row."""


def cells(text: str, known: Sequence[Cell]) -> list[tuple[str, Cell]]:
    """The cells of a row, empty ones too; what is left of its text tells, if cells of it went.

    ``text``: the row as a line. ``known``: what the page said of its cells, none if the text alone tells.
    """
    texts = [each.strip().replace("|", "\\|") for each in text.split(CELL)]
    if sum(cell.filled for cell in known) != len(texts):
        return [(each, Cell()) for each in texts]
    left = iter(texts)
    return [(next(left) if cell.filled else "", cell) for cell in known]


def table(rows: Sequence[list[tuple[str, Cell]]]) -> str:
    """Rows as a table; the first is its head, for Markdown knows no table without. A cell of several columns or rows
    leaves the other places empty; a first row of one cell is a title above."""
    title = []
    while len(rows) > 1 and len(rows[0]) == 1 and any(len(row) > 1 for row in rows):
        title.append(rows[0][0][0])
        rows = rows[1:]
    taken: Counter[int] = Counter()  # by column, how many more rows a cell reaches into
    placed = []
    for row in rows:
        line: list[str] = []
        for text, cell in row:
            while taken[len(line)]:
                taken[len(line)] -= 1
                line.append("")
            for column in range(cell.columns):
                taken[len(line)] = cell.rows - 1
                line.append("" if column else text)
        while taken[len(line)]:
            taken[len(line)] -= 1
            line.append("")
        placed.append(line)
    width = max(map(len, placed))
    head, *rest = (f"| {CELL.join(line + [''] * (width - len(line)))} |" for line in placed)
    return "\n".join((*(f"{each}\n" for each in title), head, "|" + " --- |" * width, *rest))
