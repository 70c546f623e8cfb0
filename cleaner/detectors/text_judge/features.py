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
import numpy.typing as npt

from cleaner.detectors.text_judge import characters, shared_words
from cleaner.detectors.trees import Floats, Matrix
from cleaner.model import CATEGORIES, Article, Finding
from cleaner.text.paragraphs import lines

CLAIMED = tuple(category for category in CATEGORIES if category != "headline")
"""The categories that the judge knows. A headline belongs to the article, unless a profile says otherwise."""
WHOLE = 0.6
"""The share of a paragraph that a claim must cover to be one of the whole paragraph."""
PROSE = 20
"""Words from which on a paragraph that ends in a final mark counts as prose."""
TITLE = 14
"""Words up to which a paragraph without a final mark looks like a title."""
FAR = 99.0
STRONG = 0.5
GENERIC = "prose"
"""The detector whose findings say only that something is boilerplate."""

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

NAMES: tuple[str, ...] = (
    *_OWN, *characters.NAMES, *shared_words.NAMES, *_RULES, *_PLACE, *_MARKUP,
    *(f"{name} {step:+d}" for step in _STEPS for name in _AROUND),
    *(f"{name} within {width}" for width in _WIDTHS for name in _WIDE),
    *(f"{category} {where}" for where in ("just before", "just after", "near", "before", "after")
      for category in _RUNNING),
)  # fmt: skip
"""The rows of ``features``, in order. The model knows features by name: a new row breaks no weights."""
ROW = {name: number for number, name in enumerate(NAMES)}


def features(article: Article, findings: Iterable[Finding]) -> Matrix:
    """A row a feature (``NAMES``), a column a paragraph."""
    number = len(article.paragraphs)
    if not number:
        return np.zeros((len(NAMES), 0), np.float32)
    facts = lines(article)
    paragraphs = facts.paragraphs
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
    rows = (
        own,
        rules,
        place,
        _markup(article),
        *(_shifted(around, step, -1.0) for step in _STEPS),
        *(_mean(wide, width) for width in _WIDTHS),
        _shifted(running, -1, 0.0),
        _shifted(running, 1, 0.0),
        _sum(running, RUN) - running,
        *_distances(running >= STRONG),
    )
    # Sums differ in their last digits from machine to machine; four decimals don't.
    return np.vstack(rows).round(4).astype(np.float32)


def _rules(article: Article, findings: Iterable[Finding]) -> Floats:
    """What the rules say of each paragraph."""
    number = len(article.paragraphs)
    rows = np.zeros((len(_RULES), number))
    strongest, count, part, share, general = range(len(CLAIMED), len(_RULES))
    rows[general] = -1.0
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    for finding in findings:
        if finding.category not in CLAIMED:
            continue
        at = max(0, bisect_right(starts, finding.span.start) - 1)
        while at < number and starts[at] < finding.span.end:
            span = article.paragraphs[at].span
            covered = min(span.end, finding.span.end) - max(span.start, finding.span.start)
            if covered <= 0:
                pass
            elif finding.detector == GENERIC:
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
    runs = (*_runs(titles), *_runs(~prose, ruled), *_runs(stops > 0))
    keys = [paragraph.casefold() for paragraph in paragraphs]
    often, begun, ended = Counter(keys), Counter(key[:8] for key in keys), Counter(key[-6:] for key in keys)
    every = np.ones(number)
    headline = article.title.casefold() if article.title else keys[0]
    near = _distances(np.stack((prose, ruled)))
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
            *runs,
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


def _runs(marked: npt.NDArray[np.bool_], values: npt.NDArray[np.bool_] | None = None) -> Floats:
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


def _shifted(rows: Floats, step: int, fill: float) -> Floats:
    """The rows as the paragraph ``step`` further has them; ``fill`` where there is none."""
    result = np.full_like(rows, fill)
    if step > 0:
        result[:, :-step] = rows[:, step:]
    else:
        result[:, -step:] = rows[:, :step]
    return result


def _sum(rows: Floats, width: int) -> Floats:
    """The sums over ``width`` paragraphs on either side and the one between."""
    number = rows.shape[1]
    sums = np.zeros((len(rows), number + 1))
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    numbers = np.arange(number)
    return sums[:, np.minimum(number, numbers + width + 1)] - sums[:, np.maximum(0, numbers - width)]


def _mean(rows: Floats, width: int) -> Floats:
    return _sum(rows, width) / _sum(np.ones((1, rows.shape[1])), width)


def _distances(marked: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """How many paragraphs back, and how many on, the nearest marked one stands; the paragraph itself aside."""
    number = marked.shape[1]
    numbers = np.arange(number)
    last = np.maximum.accumulate(np.where(marked, numbers, -1000), axis=1)
    next_ = np.minimum.accumulate(np.where(marked, numbers, number + 1000)[:, ::-1], axis=1)[:, ::-1]
    back = np.full(marked.shape, FAR)
    on = np.full(marked.shape, FAR)
    back[:, 1:] = np.minimum(FAR, numbers[1:] - last[:, :-1])
    on[:, :-1] = np.minimum(FAR, next_[:, 1:] - numbers[:-1])
    return back, on
