"""Fits the judge of texts to gold, and measures it on sites that it has not seen.

The stages are word scores, trees, the network that reads the sequence of paragraphs, and calibration. Each stage learns
from predictions of models that had not seen the site: word scores and trees are fitted once for each part of the sites,
on the other parts (stacking, Wolpert 1992, https://doi.org/10.1016/S0893-6080(05)80023-1).
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cleaner.article.model import Finding, Span
from cleaner.deciding.decide import decide
from cleaner.detectors.ensemble import Ensemble, Floats, Matrix, Places
from cleaner.detectors.sense import Sense
from cleaner.detectors.text_judge.context import Context
from cleaner.detectors.text_judge.features import ALL_NAMES, ALL_ROWS, CLAIMED, NAMES, ROW, features
from cleaner.detectors.text_judge.judge import VERSION, Judge, averaged, likely, load, staged
from cleaner.detectors.text_judge.reasons import GROUP_OF
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts
from cleaner.training import context_net, word_scores
from cleaner.training.augmentation import Row, labels, showings
from cleaner.training.calibration import calibration, plot, reliability
from cleaner.training.lightgbm_trees import Settings, train
from cleaner.training.measure import Outcome, outcome

FOLDS = 5
FIRST = Settings(rounds=400, learning_rate=0.08)
CONTEXTS = (
    context_net.Settings(width=96, rounds=16),
    context_net.Settings(width=96, rounds=16, seed=13, clean=2.0, hard=0.4),
)
"""Two networks, which differ by chance, and in how much articles without boilerplate and hard ones count. Where hard
ones count in full in both, a judge takes more from articles that are clean (``gold/choose`` without what is marked: .10
to .33 %, so .03 %) and finds more in hard ones (60 that it had not seen: recall .50 to .54, so .45)."""
MORE = context_net.Settings(rounds=6, rate=0.001)
"""How the networks are fitted further, to more gold."""

Record = dict[str, Any]
Say = Callable[[str], None]


ARTICLE = "article"
"""The category of snippets that are no boilerplate."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A single paragraph with its category, or ``ARTICLE``."""

    category: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Training paragraphs. ``features``: (features, paragraphs); all other arrays: (paragraphs,)."""

    features: Matrix
    wrong: Places
    """1: boilerplate, 0: article, -1: not scored."""
    kinds: Places
    weights: Floats
    home: Places
    """The number of the article."""

    def of(self, chosen: Places) -> Table:
        """Return the paragraphs with these numbers."""
        return Table(
            self.features[:, chosen], self.wrong[chosen], self.kinds[chosen], self.weights[chosen], self.home[chosen]
        )


def table(rows: Sequence[Row], senses: Sequence[Sense]) -> Table:
    """The paragraphs of gold articles; ``senses``: for each article the word scores that have not seen it."""
    parts = []
    for row, sense in zip(rows, senses, strict=True):
        facts = ArticleFacts.of(row.article)
        scores = sense.scores(facts.texts)
        parts.append((features(facts, row.findings, scores), *labels(row)))
    home = np.repeat(np.arange(len(rows)), [part[0].shape[1] for part in parts])
    seen, wrong, kinds, weights = (np.concatenate([part[number] for part in parts], axis=-1) for number in range(4))
    return Table(seen, wrong, kinds, weights, home)


def joined(tables: Sequence[Table]) -> Table:
    """Return all paragraphs that are scored."""
    return together([t.of(np.flatnonzero(t.wrong >= 0)) for t in tables])


def together(tables: Sequence[Table]) -> Table:
    """All paragraphs; each showing of an article counts as an article of its own."""
    most = _most(tables)
    homes = np.concatenate([t.home + number * most for number, t in enumerate(tables)])
    parts = [
        np.concatenate([getattr(t, name) for t in tables], axis=-1)
        for name in ("features", "wrong", "kinds", "weights")
    ]
    weights = parts[3] / _totals(homes, parts[3], parts[1])
    return Table(parts[0], parts[1], parts[2], weights / weights.mean(), homes)


def _most(tables: Sequence[Table]) -> int:
    """The smallest number that is larger than that of any article."""
    return max((int(t.home.max()) for t in tables if len(t.home)), default=0) + 1


def weighted(tables: Sequence[Table], settings: context_net.Settings, hard: Places) -> Table:
    """``together``, where articles that hold no boilerplate (in the first of ``tables``) count ``settings.clean``
    times, and hard ones ``settings.hard`` times. ``hard``: 1 for each article that is."""
    seen, first = together(tables), tables[0]
    soiled = np.zeros(_most(tables), bool)
    soiled[first.home[first.wrong == 1]] = True
    home = seen.home % len(soiled)
    weights = seen.weights * np.where(soiled[home], 1.0, settings.clean) * np.where(hard[home] == 1, settings.hard, 1.0)
    return replace(seen, weights=weights / weights.mean())


def _totals(homes: Places, weights: Floats, wrong: Places) -> Floats:
    """For each paragraph the weight of all paragraphs of its article that are scored.

    All articles have the same weight. Otherwise pages with hundreds of comments and links would dominate.
    """
    totals = np.bincount(homes, weights * (wrong >= 0)).astype(np.float64)
    return np.maximum(totals, 1.0)[homes]


def folds(rows: Sequence[Row], number: int = FOLDS) -> Places:
    """Return the part of each article. A site is in a single part, and parts have similar sizes."""
    sizes: dict[str, int] = defaultdict(int)
    for row in rows:
        sizes[row.gold.site] += 1
    load = [0] * number
    place: dict[str, int] = {}
    for site in sorted(sizes, key=lambda name: (-sizes[name], zlib.crc32(name.encode()))):
        place[site] = load.index(min(load))
        load[place[site]] += sizes[site]
    return np.array([place[row.gold.site] for row in rows])


def word_records(rows: Sequence[Row], snippets: Sequence[Snippet], parts: Places) -> list[Record]:
    """The records of word scores: one for each part, which has not seen it, then the one that has seen all."""
    texts = [text for row in rows for text in ArticleFacts.of(row.article).texts]
    marks = [labels(row) for row in rows]
    wrong = np.concatenate([*(mark[0] for mark in marks), [int(each.category != ARTICLE) for each in snippets]])
    kinds = np.concatenate([*(mark[1] for mark in marks), [_kind(each.category) for each in snippets]])
    sizes = [len(mark[0]) for mark in marks]
    home = np.concatenate((parts.repeat(sizes), np.full(len(snippets), -1)))
    seen = word_scores.table([*texts, *(each.text for each in snippets)])
    records = []
    for part in (*range(FOLDS), -2):
        chosen = np.flatnonzero((wrong >= 0) & (home != part))
        records.append(word_scores.fit(seen[chosen], wrong[chosen].astype(np.int64), kinds[chosen].astype(np.int64)))
    return records


def _kind(category: str) -> int:
    return CLAIMED.index(category) if category in CLAIMED else CLAIMED.index("other")


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Judges that have not seen a part of the sites, the parts, and what they said of paragraphs of the first
    showing."""

    judges: tuple[Judge, ...]
    parts: Places
    raw: Floats
    wrong: Places


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The records of a judge and of its word scores, if they are new, and judges to tell how good it is with."""

    judge: Record
    sense: Record | None
    crossed: Crossed

    @property
    def bins(self) -> tuple[tuple[float, int, float], ...]:
        """By tenths of the score: its lower end, how many paragraphs, the share that was boilerplate."""
        scores = np.interp(self.crossed.raw, self.judge["scores"], self.judge["shares"])
        return reliability(scores, self.crossed.wrong)

    @property
    def plot(self) -> str:
        """The bins as SVG."""
        return plot(self.bins)


def further(rows: Sequence[Row], judge: str, sense: str, say: Say = lambda _: None) -> Fitted:
    """A judge fitted further: its network learns from ``rows`` too; words and trees stay.

    ``judge`` and ``sense`` are JSON, as ``judge.load`` takes them. Raises ``ValueError`` as ``fitted`` does.
    """
    known, record, parts = load(judge, sense), json.loads(judge), folds(rows)
    tables = [table(shown, [known.sense] * len(rows)) for shown in showings(rows, parts.tolist())]
    _both_sides(tables[0])
    both = [replace(t, features=_staged(t, parts, [known.first] * FOLDS)) for t in tables]
    begun = record["contexts"]
    crossed, contexts = _contexts(both, parts, _hard(rows), [MORE] * len(begun), say, begun)
    judges = tuple(replace(known, contexts=each) for each in crossed.contexts)
    return Fitted({**record, "contexts": contexts}, None, Crossed(judges, parts, crossed.raw, both[0].wrong))


@dataclass(frozen=True, slots=True, eq=False)
class _Contexts:
    """For each part the networks that have not seen it, and what they said of paragraphs of the first showing."""

    contexts: tuple[tuple[Context, ...], ...]
    raw: Floats


def _contexts(
    both: Sequence[Table],
    parts: Places,
    hard: Places,
    settings: Sequence[context_net.Settings],
    say: Say,
    begun: Sequence[Record] | None = None,
) -> tuple[_Contexts, list[Record]]:
    """The networks of the parts, and the records of those that have seen all. ``begun``: what they are trained from."""

    def trained(tables: Sequence[Table]) -> list[Record]:
        before: Sequence[Record | None] = begun or [None] * len(settings)
        return [
            context_net.train(ALL_NAMES, weighted(tables, each, hard), each, known)
            for each, known in zip(settings, before, strict=True)
        ]

    contexts, raw = [], np.zeros(len(both[0].wrong))
    for part in range(FOLDS):
        say(f"the row of paragraphs, part {part + 1} of {FOLDS}")
        records = trained([t.of(np.flatnonzero(parts[t.home] != part)) for t in both])
        contexts.append(tuple(Context.of(each, ALL_ROWS) for each in records))
        for number in np.flatnonzero(parts == part):
            inside = np.flatnonzero(both[0].home == number)
            raw[inside] = likely(averaged(contexts[-1], both[0].features[:, inside])[0])
    say("the row of paragraphs")
    return _Contexts(tuple(contexts), raw), trained(both)


def _hard(rows: Sequence[Row]) -> Places:
    return np.array([int(row.gold.hard) for row in rows])


def _both_sides(seen: Table) -> None:
    if not all((seen.wrong == kind).any() for kind in (0, 1)):
        raise ValueError("gold needs both boilerplate and article text")


def fitted(rows: Sequence[Row], snippets: Sequence[Snippet], say: Say = lambda _: None) -> Fitted:
    """Fit a judge to all rows, and judges to parts of them. Raises ``ValueError`` where gold lacks one side."""
    parts = folds(rows)
    say("word scores")
    words = word_records(rows, snippets, parts)
    senses = [word_scores.ready(record) for record in words]
    tables = [table(shown, [senses[part] for part in parts.tolist()]) for shown in showings(rows, parts.tolist())]
    _both_sides(tables[0])
    firsts, records = [], []
    for part in (*range(FOLDS), -2):
        say("first stage" if part == -2 else f"first stage, part {part + 1} of {FOLDS}")
        learned = joined([t.of(np.flatnonzero(parts[t.home] != part)) for t in tables])
        records.append(train(NAMES, learned.features, learned.wrong, learned.weights, 1, FIRST))
        firsts.append(Ensemble.of(records[-1], ROW, GROUP_OF))
    both = [replace(t, features=_staged(t, parts, firsts)) for t in tables]
    crossed, contexts = _contexts(both, parts, _hard(rows), CONTEXTS, say)
    scores, shares = calibration(crossed.raw, both[0].wrong)
    record = {
        "format": "cleaner-judge",
        "version": VERSION,
        "labels": list(CLAIMED),
        "scores": scores,
        "shares": shares,
        "first": records[-1],
        "contexts": contexts,
    }
    judges = tuple(
        Judge(sense, first, each, scores, shares)
        for sense, first, each in zip(senses, firsts, crossed.contexts, strict=False)
    )
    return Fitted(record, words[-1], Crossed(judges, parts, crossed.raw, both[0].wrong))


def _staged(seen: Table, parts: Places, firsts: Sequence[Ensemble]) -> Matrix:
    """Return the features with the predictions of trees that have not seen the site."""
    rows = []
    for number in range(int(seen.home.max()) + 1):
        own = seen.features[:, np.flatnonzero(seen.home == number)]
        rows.append(staged(own, firsts[parts[number]].outputs(own)[0]))
    return np.concatenate(rows, axis=1)


def found_by(crossed: Crossed, rows: Sequence[Row]) -> list[tuple[Finding, ...]]:
    """Return all findings of each article, with those of a judge that has not seen its site."""
    return [
        (*row.findings, *crossed.judges[part](ArticleFacts.of(row.article), row.findings))
        for row, part in zip(rows, crossed.parts.tolist(), strict=True)
    ]


def decided(rows: Sequence[Row], found: Sequence[Sequence[Finding]], profile: Profile) -> list[Outcome]:
    """Return the outcome of every article, with all decisions and protections."""
    outcomes = []
    for row, findings in zip(rows, found, strict=True):
        decisions = decide(row.article, findings, profile)
        outcomes.append(outcome(row.gold, (Span(d.start, d.end) for d in decisions if d.action == "remove")))
    return outcomes
