"""Fits the word scores (``detectors.sense``): for each label a logistic regression on hashed n-grams of all tables.

scikit-learn's liblinear solver does it, one label against the rest, with a fixed order of examples: the same paragraphs
give the same numbers. scikit-learn is in the extra ``train``.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from cleaner.detectors.ensemble import Places
from cleaner.detectors.ngrams import buckets, ngrams
from cleaner.detectors.sense import LABELS, TABLES, Floats, Sense, pack, read_sense, readings

ROWS = 1 << 17
"""Rows of each table: of 2**16, 2**17 and 2**18 the middle one lost nothing against the largest."""
INVERSE_PENALTY = 4.0
"""scikit-learn's C: the larger, the more a few paragraphs say."""
ROUNDS = 20
"""Rounds of coordinate descent: after 15, log-odds differ from those after 200 by .002 in the mean."""
TOGETHER = 512
"""Paragraphs hashed at once."""


def table(paragraphs: Sequence[str], rows: int = ROWS) -> Any:
    """(paragraphs, rows of all tables) sparse float32: how often each n-gram occurs over the square root of how many of
    its table there are."""
    from scipy.sparse import csr_matrix, diags, hstack

    homes: list[list[Places]] = [[] for _ in TABLES]
    columns: list[list[Places]] = [[] for _ in TABLES]
    for at in range(0, len(paragraphs), TOGETHER):
        for number, read in enumerate(readings(paragraphs[at : at + TOGETHER])):
            for home, hashes in ngrams(*read):
                homes[number].append(home + at)
                columns[number].append(buckets(hashes, rows))
    tables = []
    for home, column in zip(map(np.concatenate, homes), map(np.concatenate, columns), strict=True):
        counted = csr_matrix((np.ones(len(home), np.float32), (home, column)), (len(paragraphs), rows))
        counted.sum_duplicates()
        many = np.sqrt(np.maximum(np.bincount(home, minlength=len(paragraphs)), 1))
        tables.append(diags((1 / many).astype(np.float32)) @ counted)
    return hstack(tables).tocsr()


def fit(seen: Any, wrong: Places, kinds: Places) -> dict[str, Any]:
    """The record of word scores (``sense.read_sense`` reads it as JSON).

    ``seen``: a ``table``. ``wrong``: (paragraphs,) 1 for boilerplate, 0 for article. ``kinds``: (paragraphs,) the
    number of the category among ``LABELS[1:]``, where it is boilerplate.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((seen.shape[1], len(LABELS)), np.float32)
    bias = np.full(len(LABELS), -6.0, np.float32)
    targets = [wrong == 1, *((wrong == 1) & (kinds == number) for number in range(len(LABELS) - 1))]
    for column, target in enumerate(targets):
        if target.sum() >= 3:
            model = LogisticRegression(
                C=INVERSE_PENALTY, solver="liblinear", dual=True, max_iter=ROUNDS, tol=0.01, random_state=0
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(seen, target.astype(int))
            weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return pack(np.split(weights, len(TABLES)), bias)


def ready(record: dict[str, Any]) -> Sense:
    """The word scores of a record, ready to run."""
    import json

    return read_sense(json.dumps(record))


__all__ = ["Floats", "fit", "ready", "table"]
