"""Pages read for fitting: their blocks as the judge of pages sees them, and what each of them is by gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from cleaner.api import Cleaner
from cleaner.article.model import Article
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.detectors.page_judge.judge import Facts, PageJudge, Weights
from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.trees import Floats, Forest
from cleaner.errors import DecodeFault
from cleaner.pipeline import read_models
from cleaner.reading import html
from cleaner.text.folding import fold
from cleaner.text.hosts import host_of
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.view import View
from cleaner.text.words import bare
from cleaner.training.page_gold import PageGold, by_phrases, shares

Mode = Literal["full", "fast"]
MODES: tuple[Mode, ...] = ("full", "fast")
"""With an extractor, and without."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The open blocks of a page (the others are plainly menus), a place in each list a block.

    ``signs``: what it shows; ``took``: whether the extractor took it; ``titles``: whether it repeats the page's title;
    ``labels``: the share of it that is of the article, ``None`` where gold does not say.
    """

    words: tuple[int, ...]
    signs: tuple[tuple[str, ...], ...]
    took: tuple[bool, ...]
    titles: tuple[bool, ...]
    labels: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PageRow:
    """A page to learn from; ``gold`` is without its HTML. Pages of one ``site`` are never on both sides of a test.
    ``lines``: what the extractor takes of it."""

    gold: PageGold
    site: str
    article: Article
    lines: tuple[str, ...]
    full: Seen
    fast: Seen

    def seen(self, mode: Mode) -> Seen:
        """Its blocks, with the extractor or without."""
        return self.full if mode == "full" else self.fast

    def facts(self, judge: PageJudge, mode: Mode, scores: Sequence[float]) -> Facts:
        """What a judge sees of the page at first sight, with first scores that come from elsewhere."""
        facts = judge.facts(ArticleFacts.of(self.article), self.lines if mode == "full" else None)
        return Facts(facts.signs, facts.own, list(scores))


@dataclass(frozen=True, slots=True)
class Rules:
    """The folders of rules that pages are cleaned with while judges are fitted; picklable, for workers."""

    folders: tuple[str, ...] = ()
    only: bool = False

    def cleaner(self) -> Cleaner:
        """The profile and the rules that pages are measured with."""
        return _cleaner(self)


@lru_cache(maxsize=1)
def _cleaner(rules: Rules) -> Cleaner:
    return Cleaner(rules.folders, "body", rules_only=rules.only)


def judge_of(cleaner: Cleaner, trees: Forest | None) -> PageJudge:
    """A judge without weights: for first scores that come from elsewhere."""
    return PageJudge(read_models(cleaner.pipeline.markup).kinds.groups, Weights(0.0, {}, {}), trees)


def read_page(item: tuple[Rules, PageGold]) -> PageRow | None:
    """A page with its blocks and what they are; ``None`` where it is no page."""
    rules, gold = item
    groups = read_models(rules.cleaner().pipeline.markup).kinds.groups
    try:
        tree = html.parse(gold.html)
    except DecodeFault:
        return None
    links = [element.get("href") or "" for element in tree.root.iter("a")]
    article = View.of(html.read(tree, url=gold.url, groups=groups.of)).article
    texts = [paragraph.span.of(article.text) for paragraph in article.paragraphs]
    labels: Sequence[float | None]
    if gold.phrases is None:
        labels = shares(texts, [paragraph.within[-2:-1] for paragraph in article.paragraphs], gold.text)
    else:
        labels = by_phrases(texts, *gold.phrases)
    facts, lines = ArticleFacts.of(article), page_judge.lines(tree.root)
    full, fast = (_seen(Signs(facts, groups, taken), labels) for taken in (lines, None))
    return PageRow(replace(gold, html=""), _site(gold, article, links), article, lines, full, fast)


def _seen(signs: Signs, labels: Sequence[float | None]) -> Seen:
    page = signs.article.page
    known = {bare(fold(title)).casefold() for title in (page.titles if page else ())}
    return Seen(
        tuple(signs.words),
        tuple(map(tuple, signs.own())),
        tuple(signs.takes),
        tuple(bare(text).casefold() in known for text in signs.texts),
        tuple(labels[number] for number in signs.open),
    )


def _site(gold: PageGold, article: Article, links: Iterable[str]) -> str:
    """The host that a page is of: by its address, by what it says itself, or the one that it links to most."""
    for address in (gold.url, article.page.url if article.page else None):
        if host := host_of(address):
            return host
    hosts = Counter(host for link in links if (host := host_of(link)))
    return hosts.most_common(1)[0][0] if hosts else gold.id


def odds(scores: Floats) -> Floats:
    """The logarithms of the odds of scores."""
    clipped = np.clip(scores.astype(float), page_judge.FAINTEST, 1 - page_judge.FAINTEST)
    return np.asarray(np.log(clipped / (1 - clipped)))
