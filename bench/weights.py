"""Fits what the signs of a page's blocks weigh: models/page-weights-full.yaml and page-weights-fast.yaml.

    python bench/weights.py PAGES.jsonl.gz ... [--to FOLDER] [--only full|fast] [--every N] [--penalty X]

Each line of a set is a page: `id`, `url`, `html`, and `gold` (the article's text) or
`with` and `without` (phrases of it and of what stands around it). A set goes by the name of its file; ``WORTH`` and
``WIDE`` know what is particular about some. Without --to nothing is written: the cross-validated figures are printed,
over sites, so that no page is judged by weights that its own site has set.

The blocks of each page are told apart by the gold text, first; then a logistic regression learns from the signs of
each block whether it stands outside of the article.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from cleaner.detectors.class_names import Groups
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.page_judge.weights_file import read_markup
from cleaner.errors import DecodeFault
from cleaner.files import rule_folders
from cleaner.model import Article
from cleaner.reading import html
from cleaner.text.folding import fold
from cleaner.text.view import View
from cleaner.text.words import bare

ROOT = Path(__file__).resolve().parent.parent
WORTH = {"scrapinghub": 7.0, "fundus": 4.0, "cleaneval": 0.6, "snippets": 1.6}
"""How much a set counts; others 1. The first two are news of today, marked by hand or with a parser a site."""
WIDE = frozenset(("dragnet", "cleaneval"))
"""Sets whose gold text counts comments, bylines and captions as content: where it takes these it says nothing."""
NOT_OURS = frozenset((
    "named byline", "named caption", "named share", "named related", "named navigation", "named footer", "named tags",
    "named promotion", "tag figcaption",
))  # fmt: skip
PENALTY = {"full": 60.0, "fast": 30.0}
SEEN_IN = 60
"""Blocks that must show a sign for it to be weighed."""
LEAST = 0.05
"""Weights nearer to nothing are left out."""
PARTS = 4
GRAM = 4
SURE, NOT_SURE = 0.9, 0.1
PHRASE = 0.12
"""What a block of a set of phrases counts, as a share of an article."""
MOST, ALL = 0.3, 2.5
"""What a block, and all blocks of a page together, may count at most."""


@dataclass(slots=True)
class Seen:
    """A page as the fitter sees it: only its open blocks (the others are plainly menus)."""

    texts: list[str]
    words: list[int]
    signs: list[list[str]]
    takes: list[bool]
    titles: list[bool]
    labels: list[float | None]


@dataclass(slots=True)
class Page:
    """A page of a set, with an extractor and without."""

    set: str
    site: str
    gold: str
    phrases: tuple[list[str], list[str]] | None
    full: Seen
    fast: Seen


def grams(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words of a text."""
    words = re.findall(r"\w+", text)
    if len(words) < GRAM:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[at:] for at in range(GRAM)), strict=False))


# What is gold


def shares(texts: Sequence[str], parents: Sequence[tuple[int, ...]], gold: str) -> list[float]:
    """For each block, the share of it that the gold text holds.

    Blocks in the element that holds most of the gold come first, so that what stands twice on a page (a teaser of the
    article itself) is found once. Blocks of fewer than four words must stand in the gold text between those around.
    """
    left = grams(gold)
    words = [re.findall(r"\w+", text) for text in texts]
    found: Counter[tuple[int, ...]] = Counter()
    for parent, own in zip(parents, words, strict=True):
        found[parent] += sum(tuple(own[at : at + GRAM]) in left for at in range(len(own) - GRAM + 1))
    result: list[float | None] = [None] * len(texts)
    for number in sorted(range(len(texts)), key=lambda n: (len(words[n]) > 300, -found[parents[n]], parents[n], n)):
        own = words[number]
        if len(own) < GRAM:
            continue
        hit = [False] * len(own)
        for at in range(len(own) - GRAM + 1):
            gram = tuple(own[at : at + GRAM])
            if left[gram] > 0:
                left[gram] -= 1
                hit[at : at + GRAM] = [True] * GRAM
        result[number] = sum(hit) / len(own)
    return _short(texts, bare(gold), result)


def _short(texts: Sequence[str], gold: str, known: Sequence[float | None]) -> list[float]:
    bares = [bare(text) for text in texts]
    places: dict[int, tuple[int, int]] = {}
    position = 0
    for number, (own, share) in enumerate(zip(bares, known, strict=True)):
        if share is not None and share > 0.8 and len(own) >= 20:
            place = gold.find(own, position)
            place = place if place >= 0 else gold.find(own)
            if place >= 0:
                position = place + len(own)
                places[number] = (place, position)
    anchors = sorted(places)
    result = []
    for number, (own, share) in enumerate(zip(bares, known, strict=True)):
        if share is None:
            share = 0.0
            at = bisect_right(anchors, number)
            start = places[anchors[at - 1]][1] if at else 0
            end = places[anchors[at]][0] if at < len(anchors) else len(gold)
            if at == 0:
                start = max(0, end - 1000)
            if at == len(anchors):
                end = min(len(gold), start + 1000)
            place = gold.find(own, start, end) if len(own) > 3 and start <= end else -1
            if place >= 0:
                share = 1.0
                places[number] = (place, place + len(own))
                insort(anchors, number)
        result.append(share)
    return result


def by_phrases(texts: Sequence[str], with_: Sequence[str], without: Sequence[str]) -> list[float | None]:
    """The labels that phrases give: most blocks have none."""
    inside = [each for each in map(bare, with_) if len(each) > 8]
    outside = [each for each in map(bare, without) if len(each) > 5]
    result: list[float | None] = []
    for text in map(bare, texts):
        if any(each in text for each in inside):
            result.append(1.0)
        else:
            result.append(0.0 if any(each in text for each in outside) else None)
    return result


# Reading


@cache
def groups() -> Groups:
    """The words of class names. The weights beside them are read too, but not used."""
    return read_markup(rule_folders.read_markup()).kinds.groups


def read(item: tuple[str, str]) -> Page | None:
    """A page of a line of a set; ``None`` where it is no page."""
    name, line = item
    record = json.loads(line)
    try:
        tree = html.parse(record["html"])
    except DecodeFault:
        return None
    article = View.of(html.read(tree, url=record["url"], groups=groups().of)).article
    texts = [paragraph.span.of(article.text) for paragraph in article.paragraphs]
    labels: Sequence[float | None]
    if "gold" in record:
        gold, phrases = record["gold"], None
        labels = shares(texts, [paragraph.within[-2:-1] for paragraph in article.paragraphs], gold)
    else:
        phrases = (record["with"], record["without"])
        gold = " ".join(phrases[0])
        labels = by_phrases(texts, *phrases)
    site = urlsplit(record["url"] or "").netloc or record["id"]
    lines = page_judge.lines(tree.root)
    return Page(name, site, gold, phrases, seen(article, labels, lines), seen(article, labels, None))


def seen(article: Article, labels: Sequence[float | None], lines: Sequence[str] | None) -> Seen:
    """The open blocks of an article."""
    signs = Signs(article, groups(), lines)
    known = {bare(fold(title)).casefold() for title in (article.page.titles if article.page else ())}
    titles = [bare(text).casefold() in known for text in signs.texts]
    return Seen(signs.texts, signs.words, signs.own(), signs.takes, titles, [labels[n] for n in signs.open])


def items(paths: Iterable[Path], every: int) -> Iterator[tuple[str, str]]:
    """The lines of the sets, each with its set's name."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % every == 0:
                    yield path.name.split(".")[0], line


# Fitting


def targets(pages: Sequence[Page], mode: str) -> tuple[np.ndarray, np.ndarray]:
    """For each block how much it is outside of the article, and what it counts: its share of the article's words."""
    outside: list[float] = []
    counts: list[float] = []
    for page in pages:
        view: Seen = getattr(page, mode)
        length = max(50, len(page.gold.split()))
        own = []
        for label, words, title, signs in zip(view.labels, view.words, view.titles, view.signs, strict=True):
            if label is None:
                outside.append(0.0)
                own.append(0.0)
                continue
            outside.append(1 - label if NOT_SURE < label < SURE else float(label < 0.5))
            # A headline is for the detector `dom` to tell, and for the profile to keep or remove.
            nothing = title or (page.set in WIDE and label >= 0.5 and any(map(not_ours, signs)))
            own.append(0.0 if nothing else min(MOST, PHRASE if page.phrases else (words + 1.5) / length))
        scale = WORTH.get(page.set, 1.0) * min(1.0, ALL / (sum(own) or 1.0))
        counts += [scale * each for each in own]
    return np.array(outside, np.float32), np.array(counts, np.float32)


def not_ours(sign: str) -> bool:
    """Whether a sign tells of what some sets count as content and we don't."""
    return sign in NOT_OURS or (sign.split()[0] in ("named", "inside", "further") and "comments" in sign)


def columns(pages: Sequence[Page], mode: str, vocabulary: dict[str, int]) -> list[list[int]]:
    """The columns that are 1 for each block: its signs, and again where the extractor takes it; the last is always."""
    size = len(vocabulary)
    last = 2 * size if mode == "full" else size
    rows = []
    for page in pages:
        view: Seen = getattr(page, mode)
        for signs, took in zip(view.signs, view.takes, strict=True):
            own = [vocabulary[sign] for sign in set(signs) if sign in vocabulary]
            rows.append(own + ([at + size for at in own] if took and mode == "full" else []) + [last])
    return rows


def dense(rows: Sequence[list[int]], width: int) -> np.ndarray:
    """Rows of columns as a matrix."""
    matrix = np.zeros((len(rows), width), np.float32)
    for number, row in enumerate(rows):
        matrix[number, row] = 1
    return matrix


def fit(x: np.ndarray, y: np.ndarray, counts: np.ndarray, penalty: float, start: np.ndarray | None) -> np.ndarray:
    """Logistic regression with a quadratic penalty, by Newton's method; from ``start``, where there is one."""
    counts = counts / counts.mean()
    weights = np.zeros(x.shape[1], np.float32) if start is None else start
    penalties = np.full(x.shape[1], penalty, np.float32)
    penalties[-1] = 1e-3
    for _ in range(7):
        p = sigmoid(x @ weights)
        gradient = x.T @ (counts * (p - y)) + penalties * weights
        hessian = (x * (counts * p * (1 - p) + 1e-6)[:, None]).T @ x
        hessian[np.diag_indices(len(weights))] += penalties
        step = np.linalg.solve(hessian.astype(np.float64), gradient.astype(np.float64))
        weights = (weights - step).astype(np.float32)
        if np.abs(step).max() < 1e-3:
            break
    return weights


def sigmoid(z: np.ndarray) -> np.ndarray:
    """The score of a sum of weights."""
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def parts_of(pages: Sequence[Page]) -> list[int]:
    """The part of each page: all pages of a site are in one."""
    sites = sorted({page.site for page in pages})
    random.Random(3).shuffle(sites)
    part = {site: number % PARTS for number, site in enumerate(sites)}
    return [part[page.site] for page in pages]


def fitted(pages: Sequence[Page], mode: str, penalty: float) -> tuple[float, dict[str, list[float]]]:
    """The weights, after the cross-validated figures were printed."""
    views: list[Seen] = [getattr(page, mode) for page in pages]
    often: Counter[str] = Counter()
    for view in views:
        for signs in view.signs:
            often.update(set(signs))
    vocabulary = {sign: at for at, sign in enumerate(sorted(s for s, count in often.items() if count >= SEEN_IN))}
    rows = columns(pages, mode, vocabulary)
    y, counts = targets(pages, mode)
    # Of the many blocks that count for little some stand for all: the rows are chosen by what they count.
    chance = np.clip(counts / (np.quantile(counts, 0.7) or 1.0), 0.2, 1)
    chosen = np.flatnonzero((np.random.default_rng(1).random(len(counts)) < chance) & (counts > 0))
    width = rows[0][-1] + 1
    x, y, counts = dense([rows[n] for n in chosen], width), y[chosen], (counts / chance)[chosen]
    part = np.repeat(parts_of(pages), [len(view.texts) for view in views])
    scores = np.zeros(len(rows))
    weights = None
    for number in range(PARTS):
        train = part[chosen] != number
        weights = fit(x[train], y[train], counts[train], penalty, weights)
        test = np.flatnonzero(part == number)
        scores[test] = sigmoid(np.array([weights[rows[n]].sum() for n in test]))
    print(f"{mode}: {len(vocabulary)} signs, {len(chosen):,} of {len(rows):,} blocks, penalty {penalty:g}")
    figures(pages, views, scores)
    weights = fit(x, y, counts, penalty, weights)
    found = {}
    for sign, at in vocabulary.items():
        left_out = float(weights[at])
        both = [left_out, left_out + float(weights[at + len(vocabulary)])] if mode == "full" else [left_out]
        if max(map(abs, both)) >= LEAST:
            found[sign] = [round(each, 2) for each in both]
    return round(float(weights[-1]), 2), found


# Telling


def figures(pages: Sequence[Page], views: Sequence[Seen], scores: np.ndarray) -> None:
    """How good the blocks are that score under a half, set by set; titles aside, without any other detector."""
    results: dict[str, list[tuple[float | None, float | None, bool]]] = {}
    phrases: dict[str, Counter[str]] = {}
    at = 0
    for page, view in zip(pages, views, strict=True):
        own = scores[at : at + len(view.texts)]
        at += len(own)
        text = "\n".join(
            block for block, score, title in zip(view.texts, own, view.titles, strict=True) if score < 0.5 and not title
        )
        if page.phrases:
            plain = " ".join(text.split())
            for kind, group in zip("+-", page.phrases, strict=True):
                counts = phrases.setdefault(page.set, Counter())
                counts.update(kind + str(" ".join(fold(each).split()) in plain) for each in group)
            continue
        results.setdefault(page.set, []).append(compared(grams(fold(page.gold)), grams(text)))
    told(results, phrases)


def compared(
    gold: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]
) -> tuple[float | None, float | None, bool]:
    """Precision, recall and whether all is right; ``None`` where there is nothing to divide by."""
    hit, total, right = (gold & found).total(), found.total(), gold.total()
    return hit / total if total else None if right else 1.0, hit / right if right else None, hit == total == right


def told(results: dict[str, list[tuple[float | None, float | None, bool]]], phrases: dict[str, Counter[str]]) -> None:
    """Prints the means over the pages of each set, and how many phrases are right."""
    for name, triples in results.items():
        p, r = (
            sum(numbers) / (len(numbers) or 1)
            for numbers in ([t[n] for t in triples if t[n] is not None] for n in (0, 1))
        )
        exact = sum(triple[2] for triple in triples) / len(triples)
        print(f"  {name:12} P {p:.4f}  R {r:.4f}  F1 {2 * p * r / ((p + r) or 1):.4f}  exact {exact:.3f}")
    for name, counts in phrases.items():
        hit, wrong, missed = counts["+True"], counts["-True"], counts["+False"]
        print(f"  {name:12} F1 {2 * hit / ((2 * hit + wrong + missed) or 1):.4f}")


def written(mode: str, penalty: float, names: Sequence[str], start: float, signs: dict[str, list[float]]) -> str:
    """The weights as YAML."""
    about = (
        "Two numbers: where trafilatura leaves the block out, where it takes it."
        if mode == "full"
        else "Without an extractor."
    )
    head = f"""\
# What each sign of a block weighs (cleaner/signs.py names them): the logarithm of the odds that a block which shows it
# is outside of the article, added to `start`. {about}
# Measured, not guessed, by bench/weights.py: logistic regression with a quadratic penalty ({penalty:g}) on
# {", ".join(names)}.
# A block weighs as much as its share of its article's words. No page's text is in here.
start: {start:.2f}
signs:
"""
    lines = []
    for sign, numbers in sorted(signs.items()):
        quoted = sign.replace("'", "''")
        lines.append(f"  '{quoted}': {numbers if mode == 'full' else numbers[0]}\n")
    return head + "".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="PAGES.jsonl.gz")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write the weights there, such as models")
    parser.add_argument("--only", choices=sorted(PENALTY))
    parser.add_argument("--every", type=int, default=1, metavar="N", help="use each N-th page alone")
    parser.add_argument("--penalty", type=float)
    options = parser.parse_args()
    with Pool() as pool:
        pages = [page for page in pool.imap(read, items(options.sets, options.every), chunksize=8) if page]
    print(f"{len(pages):,} pages of {len({page.site for page in pages}):,} sites")
    names = [path.name.split(".")[0] for path in options.sets]
    for mode in (options.only,) if options.only else ("full", "fast"):
        penalty = options.penalty or PENALTY[mode]
        start, signs = fitted(pages, mode, penalty)
        if options.to:
            text = written(mode, penalty, names, start, signs)
            (options.to / f"page-weights-{mode}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
