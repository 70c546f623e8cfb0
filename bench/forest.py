"""Fits the second look at a page's blocks: models/page-trees-full.json and page-trees-fast.json.

    python bench/forest.py PAGES.jsonl.gz ... [--to FOLDER] [--only full|fast] [--every N]

Takes the same sets as bench/weights.py, which comes first: its weights give each block its first score. Here they are
fitted anew on parts of the sites, so that the trees learn from first scores of sites not seen. The figures that are
printed are cross-validated by site too, first and second look alike, and are those of whole pages: rules, headlines and
the profile `body` with them. A page without an address is of the site that it says it is of, or links to most.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import weights as first

from cleaner import Cleaner, pipeline
from cleaner.detectors import page_kinds
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.detectors.page_judge.article_part import Inner
from cleaner.detectors.page_judge.judge import Look, Weights
from cleaner.detectors.page_judge.surroundings import NAMES, ROW, surroundings
from cleaner.detectors.page_judge.weights_file import Markup, read_markup
from cleaner.detectors.trees import Forest
from cleaner.errors import DecodeFault
from cleaner.files import rule_folders
from cleaner.model import Article
from cleaner.reading import html
from cleaner.text.view import View
from cleaner.training import boosting

SETTINGS = boosting.Settings(trees=250, depth=5, rate=0.1, calm=30.0, columns=0.3, rows=0.7)
"""Chosen by cross-validation over sites: trees of LightGBM are no better, more of either neither."""


@dataclass(slots=True)
class Whole:
    """A page with all that cleaning it needs."""

    page: first.Page
    article: Article
    lines: tuple[str, ...]

    def look(self, mode: str, scores: Sequence[float], forest: Forest | None) -> Look:
        """The page at first sight, with first scores and trees that come from elsewhere."""
        lines = self.lines if mode == "full" else None
        look = Look.of(self.article, known().kinds.groups, Weights(0.0, {}, {}), lines, forest)
        return Look(look.signs, look.own, list(scores), look.weights, forest)


@cache
def known() -> Markup:
    """The words of class names."""
    return read_markup(rule_folders.read_markup())


@cache
def cleaner() -> Cleaner:
    """The profile and the rules that pages are measured with."""
    return Cleaner(profile="body")


def site_of(url: str | None, article: Article, links: Sequence[str], otherwise: str) -> str:
    """The host that a page is of: by its address, by what it says itself, or the one that it links to most."""
    for address in (url, article.page.url if article.page else None):
        if address and (host := host_of(address)):
            return host
    hosts = Counter(host for link in links if (host := host_of(link)))
    return hosts.most_common(1)[0][0] if hosts else otherwise


def host_of(address: str) -> str:
    """The host of an address, without www."""
    try:
        return (urlsplit(address).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def read(item: tuple[str, str]) -> Whole | None:
    """A page of a line of a set; ``None`` where it is no page."""
    record = json.loads(item[1])
    try:
        tree = html.parse(record["html"])
    except DecodeFault:
        return None
    links = [element.get("href") or "" for element in tree.root.iter("a")]
    article = View.of(html.read(tree, url=record["url"], groups=known().kinds.groups.of)).article
    page = first.read(item)
    assert page is not None
    page.site = site_of(record["url"], article, links, record["id"])
    return Whole(page, article, page_judge.lines(tree.root))


def facts(item: tuple[Whole, str, np.ndarray]) -> np.ndarray:
    """What stands around the open blocks of a page, by their first scores."""
    whole, mode, scores = item
    look = whole.look(mode, scores.tolist(), None)
    inner = Inner.of(whole.article, look.outside())
    rules = cleaner().pipeline.rules_for(inner.article.language, inner.article.url, page=True)
    return surroundings(look.signs, odds(scores), list(inner.back(rules(inner.article))))


def odds(scores: np.ndarray) -> np.ndarray:
    """The logarithms of the odds."""
    clipped = np.clip(scores.astype(float), page_judge.FAINTEST, 1 - page_judge.FAINTEST)
    return np.asarray(np.log(clipped / (1 - clipped)))


def cleaned(item: tuple[Whole, str, np.ndarray, dict[str, object]]) -> str:
    """The text that is left of a page."""
    whole, mode, scores, record = item
    look = whole.look(mode, scores.tolist(), Forest.of(record, ROW))
    own = cleaner()
    return pipeline.clean_page(
        whole.article,
        (lambda article: page_kinds.detect(article, known().kinds),),
        lambda seen: look,
        lambda inner: (own.pipeline.rules_for(inner.language, inner.url, page=True),),
        own.pipeline.profile,
    ).text


def first_scores(pages: Sequence[first.Page], mode: str, part: np.ndarray) -> Iterator[np.ndarray]:
    """For each part the first scores of all blocks by weights fitted without it."""
    views: list[first.Seen] = [getattr(page, mode) for page in pages]
    often = Counter(sign for view in views for signs in view.signs for sign in set(signs))
    kept = sorted(sign for sign, count in often.items() if count >= first.SEEN_IN)
    rows = first.columns(pages, mode, {sign: at for at, sign in enumerate(kept)})
    y, counts = first.targets(pages, mode)
    chosen, chance = sample(counts, 0.7, 0.2)
    x = first.dense([rows[n] for n in chosen], rows[0][-1] + 1)
    weights = None
    for number in range(first.PARTS):
        train = part[chosen] != number
        weights = first.fit(x[train], y[chosen][train], (counts[chosen] / chance)[train], first.PENALTY[mode], weights)
        yield first.sigmoid(np.array([weights[row].sum() for row in rows]))


def sample(counts: np.ndarray, level: float, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Of the many blocks that count for little some that stand for all, and the chance that each had."""
    chance = np.clip(counts / (np.quantile(counts, level) or 1.0), least, 1)
    chosen = np.flatnonzero((np.random.default_rng(1).random(len(counts)) < chance) & (counts > 0))
    return chosen, chance[chosen]


def fitted(wholes: Sequence[Whole], mode: str, pool: object) -> dict[str, object]:
    """The record of the forest, after the cross-validated figures were printed."""
    pages = [whole.page for whole in wholes]
    sizes = [len(getattr(page, mode).texts) for page in pages]
    part_of_page = np.array(first.parts_of(pages))
    part = np.repeat(part_of_page, sizes)
    scores = np.zeros(len(part))
    for number, all_scores in enumerate(first_scores(pages, mode, part)):
        scores[part == number] = all_scores[part == number]
    ends = np.cumsum(sizes)[:-1]
    own = np.split(scores, ends)
    jobs = [(whole, mode, each) for whole, each in zip(wholes, own, strict=True)]
    features = np.concatenate(list(pool.imap(facts, jobs, chunksize=16)), axis=1)  # type: ignore[attr-defined]
    y, counts = first.targets(pages, mode)
    chosen, chance = sample(counts, 0.75, 0.1)
    worth = counts[chosen] / chance

    def forest(rows: np.ndarray) -> dict[str, object]:
        train = chosen[rows]
        outside = (y[train] > 0.5).astype(int)
        return boosting.train(NAMES, features[:, train], outside, worth[rows] / worth[rows].mean(), 1, SETTINGS)

    records = [forest(part[chosen] != number) for number in range(first.PARTS)]
    jobs2 = [
        (whole, mode, each, records[number]) for whole, each, number in zip(wholes, own, part_of_page, strict=True)
    ]
    print(f"{mode}: {len(chosen):,} of {len(part):,} blocks, {len({page.site for page in pages}):,} sites")
    tell(pages, list(pool.imap(cleaned, jobs2, chunksize=16)))  # type: ignore[attr-defined]
    return forest(np.ones(len(chosen), bool))


def tell(pages: Sequence[first.Page], texts: Sequence[str]) -> None:
    """Prints how good the texts are, set by set."""
    results: dict[str, list[tuple[float | None, float | None, bool]]] = {}
    phrases: dict[str, Counter[str]] = {}
    for page, text in zip(pages, texts, strict=True):
        if page.phrases:
            plain = " ".join(text.split())
            counts = phrases.setdefault(page.set, Counter())
            for kind, group in zip("+-", page.phrases, strict=True):
                counts.update(kind + str(" ".join(each.split()) in plain) for each in group)
        else:
            triple = first.compared(first.grams(page.gold), first.grams(text))
            results.setdefault(page.set, []).append(triple)
    first.told(results, phrases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="PAGES.jsonl.gz")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write the forests there, such as models")
    parser.add_argument("--only", choices=("full", "fast"))
    parser.add_argument("--every", type=int, default=1, metavar="N", help="use each N-th page alone")
    options = parser.parse_args()
    with Pool() as pool:
        items = first.items(options.sets, options.every)
        wholes = [whole for whole in pool.imap(read, items, chunksize=8) if whole]
        for mode in (options.only,) if options.only else ("full", "fast"):
            record = fitted(wholes, mode, pool)
            if options.to:
                text = json.dumps(record, separators=(",", ":")) + "\n"
                (options.to / f"page-trees-{mode}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
