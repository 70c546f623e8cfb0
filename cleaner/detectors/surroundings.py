"""What stands around a block of a page, as numbers: the second look, taken when a first score of every block is known.

A teaser reads like a sentence of the article, a comment like a paragraph. What tells them apart is where they stand:
what the blocks beside them are like, what the other blocks of their element are, and those with the same names. All of
that is asked of the first scores (``z``, logarithms of odds; below 0: of the article), for all blocks at once. What the
rules claim is seen here too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from cleaner.model import Article, Finding
from cleaner.signs import Signs

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

WHOLE = 0.6
"""The share of a block that a claim must cover to be one of the whole block."""
FAR = 99
NO_MORE = -9.0
"""Stands for the score of other blocks where there are none."""
BESIDE = 9.0
"""Stands for the score of a neighbour beyond the page's ends."""
PROSE = 12
"""Words from which on a block of the article surely is one."""
INSIDE, SURELY = -1.0, -2.5

_CLAIMED = ("byline", "photo-caption", "related-links", "social-share", "promotion", "comments")
_TAGS = ("p", "li", "h2", "h3", "blockquote", "div")
_HOLDERS = ("holder 1", "holder 2", "holder 3", "holder 4", "like", "named")
_OF_OTHERS = ("count", "words", "z", "body", "body of others", "insiders")
_STEPS = (-3, -2, -1, 1, 2, 3)
_WIDTHS = (2, 5, 12)
_OWN = ("z", "words", "links", "stop", "took", "letters a word", "depth", *(f"tag {tag}" for tag in _TAGS))
_PLACE = (
    "words of the page", "blocks", "before", "body", "body before", "body after", "body share",
    "back to inside", "on to inside", "back to surely inside", "on to surely inside", "menus before", "menus after",
)  # fmt: skip
_RULES = ("rule", "rule for a part", "rules within 3", *(f"rule {category}" for category in _CLAIMED))

NAMES: tuple[str, ...] = (
    *_OWN, *_PLACE,
    *(f"z {step:+d}" for step in _STEPS), "words -1", "words +1",
    *(f"{name} within {width}" for width in _WIDTHS for name in ("z", "body")),
    *(f"{holder} {name}" for holder in _HOLDERS for name in _OF_OTHERS),
    *_RULES,
)  # fmt: skip
"""The rows of ``surroundings``, in order. Trees know them by name."""
ROW = {name: number for number, name in enumerate(NAMES)}
GROUPS: dict[str, tuple[str, ...]] = {
    "the block itself": _OWN,
    "its place on the page": _PLACE,
    "the blocks beside it": tuple(n for n in NAMES if n[:2] in ("z ", "wo", "bo") and n not in (*_OWN, *_PLACE)),
    "the others in its element": tuple(n for n in NAMES if n.startswith("holder ")),
    "the others with its names": tuple(n for n in NAMES if n.startswith(("like ", "named "))),
    "what the rules claim": _RULES,
}
"""What the rows tell of, for explanations."""


def surroundings(signs: Signs, z: Floats, findings: Iterable[Finding]) -> Matrix:
    """A row a feature (``NAMES``), a column an open block. ``z``: their first scores; ``findings``: the rules'."""
    number = len(signs.open)
    if not number:
        return np.zeros((len(NAMES), 0), np.float32)
    words, links = np.array(signs.words, float), np.array(signs.links)
    body = words / (1 + np.exp(z))  # how many words of the article a block holds, as far as is known
    letters = np.array([len(text) for text in signs.texts], float)
    weights = words + 1
    own = [
        z,
        words,
        links,
        np.array(signs.stops, float),
        np.array(signs.takes, float),
        letters / np.maximum(words, 1),
        np.array([len(paragraph.within) for paragraph in signs.paragraphs], float),
        *(np.array([each == tag for each in signs.tags], float) for tag in _TAGS),
    ]
    beside = [
        *(_shifted(z, step, BESIDE) for step in _STEPS),
        *(_shifted(words, step, -1.0) for step in (-1, 1)),
    ]
    for width in _WIDTHS:
        beside.append((_around(weights * z, width)) / np.maximum(_around(weights, width), 1))
        beside.append(_around(body, width) / np.maximum(_around(words, width), 1))
    rows = (*own, *_place(signs.open, words, body, z), *beside, *_others(signs, weights, z, body))
    seen = np.vstack((np.stack(rows), _rules(signs.article, signs.open, findings)))
    # Sums differ in their last digits from machine to machine; four decimals don't.
    return seen.round(4).astype(np.float32)


def _place(numbers: Sequence[int], words: Floats, body: Floats, z: Floats) -> Iterable[Floats]:
    every = np.ones(len(words))
    total, of_body = words.sum() + 1, body.sum() + 1
    before = np.cumsum(body) - body
    yield every * total
    yield every * len(words)
    yield (np.cumsum(words) - words) / total
    yield every * of_body
    yield before / of_body
    yield (of_body - before - body) / of_body
    yield body / of_body
    yield from _distances(z < INSIDE)
    yield from _distances((z < SURELY) & (words > PROSE))
    places = np.array(numbers, float)
    gaps = np.diff(places, prepend=places[0] - 1) - 1
    yield gaps
    yield _shifted(gaps, 1, 0.0)


def _others(signs: Signs, weights: Floats, z: Floats, body: Floats) -> Iterable[Floats]:
    """What the other blocks are like: those of the elements around each, those with the same names around them."""
    inside = body > weights * 0.5
    keys: list[Sequence[Hashable]] = [
        [p.within[-level] if len(p.within) >= level else -level for p in signs.paragraphs] for level in (1, 2, 3, 4)
    ]
    keys += [signs.alike, [p.classes[-1:] for p in signs.paragraphs]]
    total = body.sum()
    for key in keys:
        known: dict[Hashable, int] = {}
        group = np.array([known.setdefault(each, len(known)) for each in key])
        sums = np.stack([np.bincount(group, row, len(known)) for row in (weights, weights * z, body, inside)])
        held, scores, bodies, insiders = sums[:, group]
        rest = held - weights
        yield np.bincount(group)[group].astype(float)
        yield held
        yield np.where(rest > 0, (scores - weights * z) / np.maximum(rest, 1), NO_MORE)
        yield bodies / (total + 1)
        yield (bodies - body) / (total - body + 1)
        yield insiders


def _rules(article: Article, numbers: Sequence[int], findings: Iterable[Finding]) -> Floats:
    """What the rules claim of each open block: the strongest claim, on a part, near by, and some kinds."""
    place = {number: at for at, number in enumerate(numbers)}
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    claims: dict[str, Floats] = {category: np.zeros(len(numbers)) for category in _CLAIMED}
    part = np.zeros(len(numbers))
    for finding in findings:
        at = max(0, bisect_right(starts, finding.span.start) - 1)
        while at < len(starts) and starts[at] < finding.span.end:
            span = article.paragraphs[at].span
            covered = min(span.end, finding.span.end) - max(span.start, finding.span.start)
            column = place.get(at)
            if column is not None and covered > WHOLE * (span.end - span.start):
                row = claims.setdefault(finding.category, np.zeros(len(numbers)))
                row[column] = 1 - (1 - row[column]) * (1 - finding.score)
            elif column is not None and covered > 0:
                part[column] = max(part[column], finding.score)
            at += 1
    strongest = np.max(np.stack(list(claims.values())), axis=0)
    near = _around(strongest, 3) + strongest
    return np.stack((strongest, part, near, *(claims[category] for category in _CLAIMED)))


def _shifted(row: Floats, step: int, fill: float) -> Floats:
    """The row as the block ``step`` further has it; ``fill`` where there is none."""
    result = np.full(len(row), fill)
    if step > 0:
        result[:-step] = row[step:]
    else:
        result[-step:] = row[:step]
    return result


def _around(row: Floats, width: int) -> Floats:
    """The sums over ``width`` blocks on either side, without the one between."""
    number = len(row)
    sums = np.concatenate(([0.0], np.cumsum(row)))
    numbers = np.arange(number)
    return np.asarray(sums[np.minimum(number, numbers + width + 1)] - sums[np.maximum(0, numbers - width)] - row)


def _distances(marked: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """How many open blocks back, and how many on, the nearest marked one stands; the block itself aside."""
    number = len(marked)
    numbers = np.arange(number)
    last = np.maximum.accumulate(np.where(marked, numbers, -1000))
    following = np.minimum.accumulate(np.where(marked, numbers, number + 1000)[::-1])[::-1]
    back, on = np.full(number, float(FAR)), np.full(number, float(FAR))
    back[1:] = np.minimum(FAR, numbers[1:] - last[:-1])
    on[:-1] = np.minimum(FAR, following[1:] - numbers[:-1])
    return back, on


def group_rows() -> Floats:
    """A row a group of ``GROUPS``, 1 where a feature belongs to it."""
    result = np.zeros((len(GROUPS), len(NAMES)))
    for number, names in enumerate(GROUPS.values()):
        result[number, [ROW[name] for name in names]] = 1
    return result
