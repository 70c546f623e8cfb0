"""Which sites lose far more or less of their text than the others."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

FEWEST = 5
"""Articles that a site needs, so that one odd article doesn't make it an outlier."""

FAR = 3.5
"""Robust standard deviations from the median that make an outlier: the usual cut of Iglewicz and Hoaglin."""

LEAST = 0.05
"""Difference from the median that matters at all: where nearly all sites agree, the deviation is next to nothing."""

_SIGMA = 1.4826
"""Median absolute deviations in a standard deviation, if the shares were normal."""


def outliers(shares: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """The median of the shares, and how far from it each outlier is, furthest first.

    Args: the share removed of each site with at least ``FEWEST`` articles, 0 to 1.

    >>> outliers({"a": 0.1, "b": 0.12, "c": 0.11, "d": 0.6, "e": 0.1})
    (0.11, {'d': 0.49})
    """
    if not shares:
        return 0.0, {}
    middle = median(shares.values())
    spread = _SIGMA * median(abs(share - middle) for share in shares.values())
    limit = max(FAR * spread, LEAST)
    far = {name: round(share - middle, 6) for name, share in shares.items() if abs(share - middle) > limit}
    return middle, dict(sorted(far.items(), key=lambda item: (-abs(item[1]), item[0])))
