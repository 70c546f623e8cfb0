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

from cleaner.article.model import Article, Finding, Paragraph
from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.trees import Floats, Matrix

WHOLE = 0.6
"""The share of a block that a claim must cover to be one of the whole block."""
FAR = 99
NO_MORE = -9.0
"""Stands for the score of other blocks where there are none."""
BESIDE = 9.0
"""Stands for the score of a neighbour beyond the page's ends."""
PROSE = 12
"""A block of the article with more words than this surely is one."""
INSIDE, SURELY = -1.0, -2.5

_CLAIMED = ("byline", "photo-caption", "related-links", "social-share", "promotion", "comments")
_TAGS = ("p", "li", "h2", "h3", "blockquote", "div")
_HOLDERS = ("holder 1", "holder 2", "holder 3", "holder 4", "like", "named")
_OF_OTHERS = ("count", "words", "z", "body", "body of others", "insiders")
LEVELS = 4
"""How many of the elements around a block are holders."""
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
_TAG_ROW = {tag: number for number, tag in enumerate(_TAGS)}
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
    words = np.array(signs.words, float)
    body = words / (1 + np.exp(z))  # how many words of the article a block holds, as far as is known
    weights = words + 1
    letters = np.array(list(map(len, signs.texts)), float)
    tags = np.array([_TAG_ROW.get(tag, -1) for tag in signs.tags])
    seen = np.empty((len(NAMES), number))
    seen[ROW["z"]] = z
    seen[ROW["words"]] = words
    seen[ROW["links"]] = signs.links
    seen[ROW["stop"]] = signs.stops
    seen[ROW["took"]] = signs.takes
    seen[ROW["letters a word"]] = letters / np.maximum(words, 1)
    seen[ROW["depth"]] = [len(paragraph.within) for paragraph in signs.paragraphs]
    first = ROW[f"tag {_TAGS[0]}"]
    seen[first : first + len(_TAGS)] = tags == np.arange(len(_TAGS))[:, None]
    _place(seen, np.array(signs.open, float), words, body, z)
    for step in _STEPS:
        _shift(seen[ROW[f"z {step:+d}"]], z, step, BESIDE)
    for step in (-1, 1):
        _shift(seen[ROW[f"words {step:+d}"]], words, step, -1.0)
    several = np.stack((weights * z, weights, body, words))
    for width in _WIDTHS:
        scores, held, bodies, every = _around(several, width)
        seen[ROW[f"z within {width}"]] = scores / np.maximum(held, 1)
        seen[ROW[f"body within {width}"]] = bodies / np.maximum(every, 1)
    first = ROW[f"{_HOLDERS[0]} {_OF_OTHERS[0]}"]
    seen[first : ROW["rule"]] = _others(signs, weights, z, body).reshape(-1, number)
    seen[ROW["rule"] :] = claimed(signs.article, signs.open, findings)
    # Sums differ in their last digits from machine to machine; four decimals don't.
    return seen.round(4).astype(np.float32)


def _place(seen: Floats, places: Floats, words: Floats, body: Floats, z: Floats) -> None:
    total, of_body = words.sum() + 1, body.sum() + 1
    before = np.cumsum(body) - body
    seen[ROW["words of the page"]] = total
    seen[ROW["blocks"]] = len(words)
    seen[ROW["before"]] = (np.cumsum(words) - words) / total
    seen[ROW["body"]] = of_body
    seen[ROW["body before"]] = before / of_body
    seen[ROW["body after"]] = (of_body - before - body) / of_body
    seen[ROW["body share"]] = body / of_body
    for name, marked in (("inside", z < INSIDE), ("surely inside", (z < SURELY) & (words > PROSE))):
        seen[ROW[f"back to {name}"]], seen[ROW[f"on to {name}"]] = _distances(marked)
    gaps = np.diff(places, prepend=places[0] - 1) - 1
    seen[ROW["menus before"]] = gaps
    _shift(seen[ROW["menus after"]], gaps, 1, 0.0)


def _others(signs: Signs, weights: Floats, z: Floats, body: Floats) -> Floats:
    """What the other blocks are like: those of the elements around each, those with the same names around them.

    By group (``_HOLDERS``), by fact (``_OF_OTHERS``), by block. Within is who shares the number of an element; blocks
    that stand in fewer elements share the number 0.
    """
    number = len(weights)
    groups = np.zeros((len(_HOLDERS), number), np.int64)
    for at, paragraph in enumerate(signs.paragraphs):
        around = paragraph.within[: -LEVELS - 1 : -1]
        groups[: len(around), at] = around
    groups[-2] = signs.alike
    known: dict[Hashable, int] = {}
    groups[-1] = [known.setdefault(p.classes[-1:], len(known)) for p in signs.paragraphs]
    size = int(groups.max()) + 1
    groups += np.arange(len(_HOLDERS))[:, None] * size
    flat = groups.ravel()

    def sums(row: Floats) -> Floats:
        return np.asarray(np.bincount(flat, np.tile(row, len(_HOLDERS)))[groups])

    scored = weights * z
    held, bodies = sums(weights), sums(body)
    rest = held - weights
    return np.stack(
        (
            np.bincount(flat)[groups],
            held,
            np.where(rest > 0, (sums(scored) - scored) / np.maximum(rest, 1), NO_MORE),
            bodies / (body.sum() + 1),
            (bodies - body) / (body.sum() - body + 1),
            sums((body > weights * 0.5).astype(float)),
        ),
        axis=1,
    )


def claimed(article: Article, numbers: Sequence[int], findings: Iterable[Finding]) -> Floats:
    """What the rules claim of each open block: the strongest claim, on a part, near by, and some kinds."""
    place = {number: at for at, number in enumerate(numbers)}
    paragraphs = article.paragraphs
    claims: dict[str, list[float]] = {category: [0.0] * len(numbers) for category in _CLAIMED}
    part = [0.0] * len(numbers)
    for finding in findings:
        start, end = finding.span.start, finding.span.end
        at = max(0, bisect_right(paragraphs, start, key=_start) - 1)
        while at < len(paragraphs) and paragraphs[at].span.start < end:
            span = paragraphs[at].span
            covered = min(span.end, end) - max(span.start, start)
            column = place.get(at)
            if column is not None and covered > WHOLE * (span.end - span.start):
                row = claims.setdefault(finding.category or "other", [0.0] * len(numbers))
                row[column] = 1 - (1 - row[column]) * (1 - finding.score)
            elif column is not None and covered > 0:
                part[column] = max(part[column], finding.score)
            at += 1
    every = np.array(list(claims.values()))
    strongest = every.max(axis=0)
    near = _around(strongest[None], 3)[0] + strongest
    return np.vstack((strongest, part, near, every[: len(_CLAIMED)]))


def _start(paragraph: Paragraph) -> int:
    return paragraph.span.start


def _shift(to: Floats, row: Floats, step: int, fill: float) -> None:
    """Writes the row as the block ``step`` further has it; ``fill`` where there is none."""
    to[:] = fill
    if step > 0:
        to[:-step] = row[step:]
    else:
        to[-step:] = row[:step]


def _around(rows: Floats, width: int) -> Floats:
    """The sums over ``width`` blocks on either side, without the one between, of each row."""
    number = rows.shape[1]
    sums = np.zeros((len(rows), number + 1))
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    numbers = np.arange(number)
    return np.asarray(sums[:, np.minimum(number, numbers + width + 1)] - sums[:, np.maximum(0, numbers - width)] - rows)


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
