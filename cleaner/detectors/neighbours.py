"""Columns set among their neighbours: what stands before and after, means over windows, runs, distances.

Everywhere a row is a fact and a column a paragraph, in the order of the article.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

FAR = 99.0
"""The distance to something that doesn't exist."""


def shifted(rows: Floats, step: int, fill: float) -> Floats:
    """The rows shifted by ``step``: each column gets the values of the paragraph ``step`` further on, or ``fill`` if
    there is none.

    >>> shifted(np.array([[1.0, 2.0, 3.0]]), -1, 0.0).tolist()
    [[0.0, 1.0, 2.0]]
    """
    result = np.empty_like(rows)
    shift(result, rows, step, fill)
    return result


def shift(into: Floats, rows: Floats, step: int, fill: float) -> None:
    """``shifted``, written into an array at hand."""
    if abs(step) >= rows.shape[1]:
        into[:] = fill
    elif step > 0:
        into[:, :-step] = rows[:, step:]
        into[:, -step:] = fill
    else:
        into[:, -step:] = rows[:, :step]
        into[:, :-step] = fill


def totalled(rows: Floats) -> Floats:
    """(rows, paragraphs + 1): the running totals of the rows, for ``windows``."""
    sums = np.zeros((len(rows), rows.shape[1] + 1))
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    return sums


def windows(totals: Floats, width: int) -> Floats:
    """The sums over ``width`` paragraphs on either side and the one between. ``totals``: from ``totalled``."""
    first, last = _bounds(totals.shape[1] - 1, width)
    return np.asarray(totals.take(last, axis=1) - totals.take(first, axis=1))


@lru_cache(maxsize=1024)
def _bounds(number: int, width: int) -> tuple[Places, Places]:
    """Where the window of each paragraph begins and ends."""
    numbers = np.arange(number)
    return np.maximum(0, numbers - width), np.minimum(number, numbers + width + 1)


def window_sizes(number: int, width: int) -> Places:
    """(paragraphs,): how many paragraphs each window has."""
    first, last = _bounds(number, width)
    return last - first


def window_sum(rows: Floats, width: int) -> Floats:
    """The sums over ``width`` paragraphs on either side and the one between."""
    return windows(totalled(rows), width)


def window_mean(rows: Floats, width: int) -> Floats:
    """The means over ``width`` paragraphs on either side and the one between."""
    return np.asarray(window_sum(rows, width) / window_sizes(rows.shape[1], width))


def window_max(row: Floats, width: int, fill: float) -> Floats:
    """For each paragraph the largest value of ``width`` paragraphs on either side, itself aside.

    >>> window_max(np.array([5.0, 1.0, 2.0]), 1, -9.0).tolist()
    [1.0, 5.0, 1.0]
    """
    number = len(row)
    most = np.full(number, -np.inf)
    for step in range(1, min(width, number - 1) + 1):
        np.maximum(most[step:], row[:-step], out=most[step:])
        np.maximum(most[:-step], row[step:], out=most[:-step])
    np.maximum(most[:width], fill, out=most[:width])
    np.maximum(most[-width:], fill, out=most[-width:])
    return most


def runs(marked: Marks, values: Marks | None = None) -> Floats:
    """For each place in a run of marked ones: how long the run is, the place in it, the mean of ``values`` over it.

    Elsewhere 0, -1 and -1.
    """
    first = np.concatenate(([0], np.flatnonzero(marked[1:] != marked[:-1]) + 1))
    length = np.concatenate((first[1:], [len(marked)])) - first
    run = length.repeat(length)
    rows = [np.where(marked, run, 0), np.where(marked, np.arange(len(marked)) - first.repeat(length), -1)]
    if values is not None:
        mean = np.add.reduceat(values.astype(float), first) / length
        rows.append(np.where(marked, mean.repeat(length), -1))
    return np.array(rows, float)


def distances(marked: Marks) -> tuple[Floats, Floats]:
    """How many paragraphs back, and how many on, the nearest marked one is; the paragraph itself aside."""
    number = marked.shape[1]
    numbers = np.arange(number)
    last = np.maximum.accumulate(np.where(marked, numbers, -1000), axis=1)
    next_ = np.minimum.accumulate(np.where(marked, numbers, number + 1000)[:, ::-1], axis=1)[:, ::-1]
    back = np.full(marked.shape, FAR)
    on = np.full(marked.shape, FAR)
    back[:, 1:] = np.minimum(FAR, numbers[1:] - last[:, :-1])
    on[:, :-1] = np.minimum(FAR, next_[:, 1:] - numbers[:-1])
    return back, on
