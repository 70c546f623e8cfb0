"""What the judge sees of an article: a column of numbers for each paragraph, from the text and the others' findings.

A pure function of article and findings. ``signs`` counts characters, ``sharing`` compares words; here each paragraph
is set among its neighbours: what stands around it, runs of like paragraphs, its place, and what the rules said.
Everything is done for all paragraphs of an article at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from cleaner.detectors.ensemble import Matrix
from cleaner.detectors.neighbours import (
    FAR,
    Floats,
    distances,
    runs,
    shifted,
    window_max,
    window_mean,
    window_sum,
)
from cleaner.detectors.sense import ABSENT, LABELS
from cleaner.detectors.text_judge import characters, shared_words
from cleaner.model import CATEGORIES, Article, Finding
from cleaner.text.paragraphs import ArticleFacts

CLAIMED = tuple(category for category in CATEGORIES if category != "headline")
"""The categories that the judge knows. A headline belongs to the article, unless a profile says otherwise."""
WHOLE = 0.6
"""The share of a paragraph that a claim must cover to be one of the whole paragraph."""
PROSE = 20
"""Words of the shortest paragraph with a final mark that counts as prose."""
TITLE = 14
"""Words of the longest paragraph without a final mark that looks like a title."""
STRONG = 0.5

_OWN = ("words", "stop")
_RULES = (
    *(f"rule {category}" for category in CLAIMED), "rule", "rules", "rule for a part", "share of the part", "jusText",
)  # fmt: skip
_PLACE = (
    "paragraphs", "place", "place from the end", "relative place", "share before", "share after", "text length",
    "after the first prose", "after the last prose", "prose before", "prose after", "rule before", "rule after",
    "length by the median", "median of the prose", "final marks of the long", "share of prose", "share of rules",
    "paragraphs with rules", "paragraphs like titles", "run of titles", "place in the titles", "run without prose",
    "place without prose", "rules in the run", "run of final marks", "place in the final marks", "repeated",
    "same beginning", "same ending", "repeats the headline", "unspaced",
)  # fmt: skip
_MARKUP = ("markup", "link share")
_AROUND = ("words", "stop", "rule", "capital words", "colons", "shared rarity", "shared with the body", "digits",
           "first kind")  # fmt: skip
_STEPS = (-2, -1, 1, 2)
_WIDE = ("words", "stop", "rule", "title", "shared rarity", "shared with the body")
_WIDTHS = (3, 8)
_RUNNING = CLAIMED[:13]
"""Categories that come in runs, or announce the next paragraph."""
RUN = 5
_SENSE = tuple(f"sense {label}" for label in LABELS)
_SENSE_STEPS = (-3, -2, -1, 1, 2, 3)
_SENSE_WIDTHS = (3, 8)
_FIRST_STEPS = (-4, -3, -2, -1, 1, 2, 3, 4)
_FIRST_WIDTHS = (2, 5, 10)
LIKELY = 0.5
"""The probability of the first stage above which a paragraph counts as boilerplate for its neighbours."""

NAMES: tuple[str, ...] = (
    *_OWN, *characters.NAMES, *shared_words.NAMES, *_RULES, *_PLACE, *_MARKUP,
    *(f"{name} {step:+d}" for step in _STEPS for name in _AROUND),
    *(f"{name} within {width}" for width in _WIDTHS for name in _WIDE),
    *(f"{category} {where}" for where in ("just before", "just after", "near", "before", "after")
      for category in _RUNNING),
    *_SENSE,
    *(f"{_SENSE[0]} {step:+d}" for step in _SENSE_STEPS),
    *(f"{name} {step:+d}" for step in (-1, 1) for name in _SENSE[1:]),
    *(f"{_SENSE[0]} {what} within {width}" for width in _SENSE_WIDTHS for what in ("mean", "most")),
    *(f"{_SENSE[0]} {what} of all" for what in ("mean", "most")),
)  # fmt: skip
"""The rows of ``features``, in order. The model knows features by name: a new row breaks no weights."""
ROW = {name: number for number, name in enumerate(NAMES)}

STAGE: tuple[str, ...] = (
    "first", *(f"first {step:+d}" for step in _FIRST_STEPS),
    *(f"first {what} within {width}" for width in _FIRST_WIDTHS for what in ("mean", "most")),
    "first run before", "first run after", "first mean of all",
)  # fmt: skip
"""The rows of ``second_stage``, in order."""
ALL_NAMES = (*NAMES, *STAGE)
ALL_ROWS = {name: number for number, name in enumerate(ALL_NAMES)}


def features(facts: ArticleFacts, findings: Iterable[Finding], sense: Matrix) -> Matrix:
    """(``NAMES``, paragraphs) float32. ``sense``: (paragraphs, ``sense.LABELS``), what the words are about."""
    article = facts.article
    if not article.paragraphs:
        return np.zeros((len(NAMES), 0), np.float32)
    paragraphs: Sequence[str] = facts.texts
    if any("\n" in paragraph for paragraph in paragraphs):  # blocks of a page may hold line ends
        paragraphs = [paragraph.replace("\n", " ") for paragraph in paragraphs]
    joined = "\n".join(paragraphs) + "\n"
    words = np.array(facts.words, float)
    stops = np.array(facts.stops, float)
    headline = article.title or (paragraphs[0] if facts.words[0] < 30 else "")
    rules = _rules(article, findings)
    claimed = rules[len(CLAIMED)] >= STRONG
    own = np.vstack(
        (words, stops, characters.count(joined, words), shared_words.shared(joined, words, claimed, headline))
    )
    titles = (words <= TITLE) & (stops == 0)
    seen = dict(zip((*_OWN, *characters.NAMES, *shared_words.NAMES, *_RULES), (*own, *rules), strict=True))
    seen["title"] = titles.astype(float)
    place = _place(article, paragraphs, seen)
    around = np.stack([seen[name] for name in _AROUND])
    wide = np.stack([seen[name] for name in _WIDE])
    running = rules[: len(_RUNNING)]
    own_sense = np.asarray(sense.T, np.float64)
    rows = (
        own,
        rules,
        place,
        _markup(article),
        *(shifted(around, step, -1.0) for step in _STEPS),
        *(window_mean(wide, width) for width in _WIDTHS),
        shifted(running, -1, 0.0),
        shifted(running, 1, 0.0),
        window_sum(running, RUN) - running,
        *distances(running >= STRONG),
        *_sense(own_sense),
    )
    # Sums differ in their last digits from machine to machine; four decimals don't.
    return np.vstack(rows).round(4).astype(np.float32)


def _sense(own: Floats) -> Iterable[Floats]:
    """What the words of each paragraph and of those around it are about."""
    total = own[:1]
    most = [window_max(own[0], width, ABSENT) for width in _SENSE_WIDTHS]
    every = np.ones_like(total)
    yield own
    for step in _SENSE_STEPS:
        yield shifted(total, step, ABSENT)
    for step in (-1, 1):
        yield shifted(own[1:], step, ABSENT)
    for width, row in zip(_SENSE_WIDTHS, most, strict=True):
        yield window_mean(total, width)
        yield np.maximum(row, own[0])[None]
    yield every * total.mean()
    yield every * total.max()


def second_stage(first: Floats) -> Matrix:
    """(``STAGE``, paragraphs) float32: the probabilities of the first stage, of each paragraph and those around it."""
    number = len(first)
    odds = np.log(np.clip(first, 1e-3, 1 - 1e-3) / (1 - np.clip(first, 1e-3, 1 - 1e-3)))[None]
    likely = first > LIKELY
    before, after = np.zeros(number), np.zeros(number)
    for place in range(1, number):
        before[place] = before[place - 1] + 1 if likely[place - 1] else 0
        after[number - 1 - place] = after[number - place] + 1 if likely[number - place] else 0
    rows = [odds, *(shifted(odds, step, ABSENT) for step in _FIRST_STEPS)]
    for width in _FIRST_WIDTHS:
        others = window_sum(np.ones((1, number)), width) - 1
        mean = (window_sum(first[None], width) - first) / np.maximum(others, 1)
        rows += [np.where(others > 0, mean, -1), window_max(first, width, -1.0)[None]]
    rows += [before[None], after[None], np.full((1, number), first.mean() if number else 0.0)]
    return np.vstack(rows).round(4).astype(np.float32)


def _rules(article: Article, findings: Iterable[Finding]) -> Floats:
    """What the rules say of each paragraph."""
    number = len(article.paragraphs)
    rows = np.zeros((len(_RULES), number))
    strongest, count, part, share, general = range(len(CLAIMED), len(_RULES))
    rows[general] = -1.0
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    for finding in findings:
        if finding.category == "headline":
            continue
        at = max(0, bisect_right(starts, finding.span.start) - 1)
        while at < number and starts[at] < finding.span.end:
            span = article.paragraphs[at].span
            covered = min(span.end, finding.span.end) - max(span.start, finding.span.start)
            if covered <= 0:
                pass
            elif finding.category is None:
                rows[general, at] = finding.rule == "prose/bad"
            elif covered > WHOLE * (span.end - span.start):
                row = CLAIMED.index(finding.category)
                rows[row, at] = 1 - (1 - rows[row, at]) * (1 - finding.score)
                rows[count, at] += 1
            else:
                rows[part, at] = max(rows[part, at], finding.score)
                rows[share, at] += covered / (span.end - span.start)
            at += 1
    rows[strongest] = rows[: len(CLAIMED)].max(axis=0)
    return rows


def _place(article: Article, paragraphs: Sequence[str], seen: dict[str, Floats]) -> Floats:
    """Where each paragraph stands, and in what kind of article."""
    words, stops, strongest, titles = seen["words"], seen["stop"], seen["rule"], seen["title"] > 0
    number = len(words)
    numbers = np.arange(number, dtype=float)
    sizes = np.array([len(paragraph) for paragraph in paragraphs], float)
    total = sizes.sum()
    before = np.cumsum(sizes) - sizes
    prose = (words >= PROSE) & (stops > 0)
    ruled = strongest >= STRONG
    where = np.flatnonzero(prose)
    middle = sorted(words[where].tolist())[len(where) // 2] if len(where) else 0.0
    long = words > 12
    in_runs = (*runs(titles), *runs(~prose, ruled), *runs(stops > 0))
    keys = [paragraph.casefold() for paragraph in paragraphs]
    often, begun, ended = Counter(keys), Counter(key[:8] for key in keys), Counter(key[-6:] for key in keys)
    every = np.ones(number)
    headline = article.title.casefold() if article.title else keys[0]
    near = distances(np.stack((prose, ruled)))
    return np.stack(
        [
            every * number,
            numbers,
            number - 1 - numbers,
            numbers / max(1, number - 1),
            before / total,
            (total - before - sizes) / total,
            every * np.log1p(total),
            numbers - where[0] if len(where) else every * -FAR,
            numbers - where[-1] if len(where) else every * FAR,
            near[0][0],
            near[1][0],
            near[0][1],
            near[1][1],
            words / middle if middle else every * -1,
            every * middle,
            every * (stops[long].mean() if long.any() else -1),
            every * (sizes[prose].sum() / total),
            every * (sizes[ruled].sum() / total),
            every * ruled.mean(),
            every * titles.mean(),
            *in_runs,
            np.array([often[key] for key in keys], float),
            np.array([begun[key[:8]] for key in keys], float),
            np.array([ended[key[-6:]] for key in keys], float),
            np.array([key == headline and place > 0 for place, key in enumerate(keys)], float),
            every * (article.language in ("zh", "ja", "th", "km", "lo", "my")),
        ]
    )


def _markup(article: Article) -> Floats:
    """What the markup says of each block; -1 where there is none, so that one model may serve both."""
    links = [
        paragraph.link_chars / max(1, paragraph.span.end - paragraph.span.start) if paragraph.path else -1.0
        for paragraph in article.paragraphs
    ]
    return np.array([[float(bool(paragraph.path)) for paragraph in article.paragraphs], links])
