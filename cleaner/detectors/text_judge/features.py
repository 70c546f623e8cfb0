"""What the judge sees of an article: a column of numbers for each paragraph, from the text and the others' findings.

A pure function of article and findings. ``signs`` counts characters, ``sharing`` compares words; here each paragraph
is set among its neighbours: what stands around it, runs of like paragraphs, its place, and what the rules said.
Everything is done for all paragraphs of an article at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from types import ModuleType

import numpy as np
import numpy.typing as npt

from cleaner.article.model import CATEGORIES, Article, Finding
from cleaner.detectors import compiled
from cleaner.detectors.ensemble import Matrix
from cleaner.detectors.neighbours import (
    FAR,
    Floats,
    Marks,
    distances,
    runs,
    shift,
    totalled,
    window_max,
    window_sizes,
    windows,
)
from cleaner.detectors.sense import ABSENT, LABELS
from cleaner.detectors.text_judge import characters, shared_words
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
UNSPACED = ("zh", "ja", "th", "km", "lo", "my")
"""Languages written without spaces between words."""

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
_SHARED = ROW[shared_words.NAMES[0]]
_RULED = slice(ROW[_RULES[0]], ROW[_RULES[-1]] + 1)
_AROUND_ROWS = np.array([ROW[name] for name in _AROUND])
_WIDE_ROWS = np.array([ROW.get(name, 0) for name in _WIDE])
_PLACES = np.concatenate((_AROUND_ROWS, [ROW.get(name, -1) for name in _WIDE]))

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
    if native := compiled.native:
        return _by_native(native, facts, paragraphs, joined, findings, sense)
    words = np.array(facts.words, float)
    stops = np.array(facts.stops, float)
    number = len(words)
    out = np.empty((len(NAMES), number))
    _own(facts, paragraphs, joined, findings, out)
    rules = out[_RULED]
    titles = (words <= TITLE) & (stops == 0)
    _place(article, paragraphs, titles, out)
    _markup(article, out[ROW[_MARKUP[0]] :])
    at = ROW[f"{_AROUND[0]} {_STEPS[0]:+d}"]
    around = out.take(_AROUND_ROWS, axis=0)
    for step in _STEPS:
        at = _shift(out, at, around, step, -1.0)
    running = rules[: len(_RUNNING)]
    # All sums over windows are of one running total.
    wide = out.take(_WIDE_ROWS, axis=0)
    wide[_WIDE.index("title")] = titles
    words_say = np.asarray(sense.T, np.float64)
    totals = totalled(np.concatenate((wide, running, words_say[:1])))
    for width in _WIDTHS:
        np.divide(windows(totals[: len(wide)], width), window_sizes(number, width), out=out[at : at + len(wide)])
        at += len(wide)
    at = _shift(out, at, running, -1, 0.0)
    at = _shift(out, at, running, 1, 0.0)
    np.subtract(windows(totals[len(wide) : -1], RUN), running, out=out[at : at + len(running)])
    at += len(running)
    for rows in distances(running >= STRONG):
        out[at : at + len(running)] = rows
        at += len(running)
    _sense(words_say, totals[-1:], out, at)
    # Sums differ in their last digits from machine to machine; four decimals don't.
    return out.round(4, out=out).astype(np.float32)


def _own(facts: ArticleFacts, paragraphs: Sequence[str], joined: str, findings: Iterable[Finding], out: Floats) -> None:
    """What is known of each paragraph by itself, in the first rows of ``out``: what is counted, and what rules say."""
    words, rules = np.array(facts.words, float), _rules(facts.article, findings)
    headline = facts.article.title or (paragraphs[0] if facts.words[0] < 30 else "")
    claimed = rules[len(CLAIMED)] >= STRONG
    out[0], out[1] = words, facts.stops
    out[2:_SHARED] = characters.count(joined, words)
    out[_SHARED : _RULED.start] = shared_words.shared(joined, words, claimed, headline)
    out[_RULED] = rules


def _by_native(
    native: ModuleType,
    facts: ArticleFacts,
    paragraphs: Sequence[str],
    joined: str,
    findings: Iterable[Finding],
    sense: Matrix,
) -> Matrix:
    """``features``, where what is set among its neighbours is compiled."""
    article, number = facts.article, len(paragraphs)
    out = np.empty((_RULED.stop, number))
    _own(facts, paragraphs, joined, findings, out)
    sizes = np.array([len(paragraph) for paragraph in paragraphs], float)
    markup = np.empty((len(_MARKUP), number))
    _markup(article, markup)
    words_say = np.asarray(sense.T, np.float64)
    keys = f"{joined}{article.title or ''}".casefold() + "\n"
    rows = native.features(
        out,
        sizes,
        markup,
        np.ascontiguousarray(words_say),
        keys.encode("utf-32-le", "surrogatepass"),
        _PLACES,
        len(_AROUND),
        float(np.log1p(sizes.sum())),
        float(words_say[:1].mean()),
        article.language in UNSPACED,
        bool(article.title),
    )
    return np.frombuffer(rows, np.float32).reshape(len(NAMES), number)


def _shift(out: Floats, at: int, rows: Floats, step: int, fill: float) -> int:
    """Set the rows of ``out`` from ``at`` on to ``rows`` as the paragraph ``step`` further on has them; ``fill`` where
    there is none. Returns the row after them."""
    end = at + len(rows)
    shift(out[at:end], rows, step, fill)
    return end


def _sense(own: Floats, totals: Floats, out: Floats, at: int) -> None:
    """What the words of each paragraph and of those around it are about, in the rows of ``out`` from ``at`` on."""
    number = own.shape[1]
    total = own[:1]
    out[at : at + len(own)] = own
    at += len(own)
    for step in _SENSE_STEPS:
        at = _shift(out, at, total, step, ABSENT)
    for step in (-1, 1):
        at = _shift(out, at, own[1:], step, ABSENT)
    for width in _SENSE_WIDTHS:
        out[at] = windows(totals, width)[0] / window_sizes(number, width)
        out[at + 1] = np.maximum(window_max(own[0], width, ABSENT), own[0])
        at += 2
    out[at] = total.mean()
    out[at + 1] = total.max()


def second_stage(first: Floats) -> Matrix:
    """(``STAGE``, paragraphs) float32: the probabilities of the first stage, of each paragraph and those around it."""
    number = len(first)
    clipped = np.minimum(np.maximum(first, 1e-3), 1 - 1e-3)
    odds = np.log(clipped / (1 - clipped))[None]
    if number and (native := compiled.native):
        rows = native.second_stage(first, odds, float(first.mean()))
        return np.frombuffer(rows, np.float32).reshape(len(STAGE), number)
    out = np.empty((len(STAGE), number))
    out[0] = odds[0]
    at = 1
    for step in _FIRST_STEPS:
        at = _shift(out, at, odds, step, ABSENT)
    totals = totalled(first[None])
    for width in _FIRST_WIDTHS:
        others = window_sizes(number, width) - 1
        mean = (windows(totals, width)[0] - first) / np.maximum(others, 1)
        out[at] = np.where(others > 0, mean, -1)
        out[at + 1] = window_max(first, width, -1.0)
        at += 2
    likely = (first > LIKELY).tolist()
    out[at] = _run_before(likely)
    out[at + 1] = _run_before(likely[::-1])[::-1]
    out[at + 2] = first.mean() if number else 0.0
    return out.round(4, out=out).astype(np.float32)


def _run_before(marked: Sequence[bool]) -> list[int]:
    """How many marked ones stand right before each place.

    >>> _run_before([True, True, False, True])
    [0, 1, 2, 0]
    """
    found, run = [], 0
    for mark in marked:
        found.append(run)
        run = run + 1 if mark else 0
    return found


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


def _place(article: Article, paragraphs: Sequence[str], titles: Marks, out: Floats) -> None:
    """Where each paragraph stands, and in what kind of article, in the rows of ``out`` that are named so."""
    words, stops, strongest = out[ROW["words"]], out[ROW["stop"]], out[ROW["rule"]]
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
    headline = article.title.casefold() if article.title else keys[0]
    near = distances(np.stack((prose, ruled)))
    found: list[npt.ArrayLike] = [
        number,
        numbers,
        number - 1 - numbers,
        numbers / max(1, number - 1),
        before / total,
        (total - before - sizes) / total,
        np.log1p(total),
        numbers - where[0] if len(where) else -FAR,
        numbers - where[-1] if len(where) else FAR,
        near[0][0],
        near[1][0],
        near[0][1],
        near[1][1],
        words / middle if middle else -1,
        middle,
        stops[long].mean() if long.any() else -1,
        sizes[prose].sum() / total,
        sizes[ruled].sum() / total,
        ruled.mean(),
        titles.mean(),
        *in_runs,
        [often[key] for key in keys],
        [begun[key[:8]] for key in keys],
        [ended[key[-6:]] for key in keys],
        [key == headline and place > 0 for place, key in enumerate(keys)],
        article.language in UNSPACED,
    ]
    for row, values in enumerate(found, ROW[_PLACE[0]]):
        out[row] = values


def _markup(article: Article, out: Floats) -> None:
    """What the markup says of each block, in the first rows of ``out``; -1 where there is none, so that one model may
    serve both."""
    out[0], out[1] = 0.0, -1.0
    for number, paragraph in enumerate(article.paragraphs):
        if paragraph.path:
            out[0, number] = 1.0
            out[1, number] = paragraph.link_chars / max(1, paragraph.span.end - paragraph.span.start)
