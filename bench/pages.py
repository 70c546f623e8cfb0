"""How long a page takes, in all and step by step, beside trafilatura on the same pages, in one run.

    python bench/pages.py PAGES.jsonl.gz ... [--pages N] [--passes N]

Each line of a file has `html`, as text, and perhaps `url`. Of each file N pages are taken, evenly spread. Times are of
the processor: of each page and step the best pass counts, the steps in turns. trafilatura is asked as its users ask it
(`trafilatura.extract(html)`). Machines differ, and one machine from minute to minute: compare the ratios.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura

from cleaner import Cleaner
from cleaner.article.cut import cut
from cleaner.deciding.decide import decide
from cleaner.detectors import page_kinds
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.pipeline import read_models
from cleaner.reading.blocks import Blocks
from cleaner.reading.html import parse, read
from cleaner.reading.metadata import read_page
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.view import View

DEFAULT, FULL, FAST, PEER = "cleaner", "cleaner, full", "cleaner, fast", "trafilatura"
BARS = {DEFAULT: 0.75, FAST: 0.35}


class Clock:
    """The best time of each step, summed over the pages."""

    def __init__(self) -> None:
        self.best: dict[tuple[str, int], float] = {}
        self.page = 0

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        """What a step gives; its time is noted."""
        start = time.process_time()
        result = step()
        taken = time.process_time() - start
        key = (name, self.page)
        self.best[key] = min(taken, self.best.get(key, taken))
        return result

    def sums(self) -> dict[str, float]:
        """Seconds by step."""
        result: dict[str, float] = {}
        for (name, _), taken in self.best.items():
            result[name] = result.get(name, 0.0) + taken
        return result


def steps(clock: Clock, page: dict[str, Any], fast: Cleaner) -> None:
    """Every step of the fast way, and of the other what it adds."""
    known = read_models(fast.pipeline.markup)
    tree = clock("parse", lambda: parse(page["html"]))
    blocks = clock("blocks", lambda: Blocks.of(tree.root))
    clock("facts of the page", lambda: read_page(tree.root, blocks.headings))
    article = View.of(read(tree, url=page.get("url"), groups=known.kinds.groups.of)).article
    judge = known.fast
    facts = ArticleFacts.of(article)
    seen = clock("first look", lambda: judge.facts(facts, None))
    found = clock("kinds", lambda: list(page_kinds.detect(facts, known.kinds)))
    inner = clock("inner article", lambda: judge.likely(seen))
    rules = fast.pipeline.rules_for(inner.article.language, inner.article.url, page=True)
    claims = clock("rules", lambda: list(inner.back(rules(ArticleFacts.of(inner.article)))))
    found += claims
    found += clock("second look", lambda: list(judge(seen, claims)))
    clock("decide and cut", lambda: cut(article, decide(article, found, fast.pipeline.profile)))
    clock("asking trafilatura", lambda: page_judge.lines(tree.root))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="PAGES.jsonl.gz")
    parser.add_argument("--pages", type=int, default=40, metavar="N")
    parser.add_argument("--passes", type=int, default=3, metavar="N")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    cleaners = {
        DEFAULT: Cleaner(profile="body"),
        FULL: Cleaner(profile="body", full=True),
        FAST: Cleaner(profile="body", fast=True),
    }
    for path in options.files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pages = [json.loads(line) for line in lines]
        pages = pages[:: max(1, len(pages) // options.pages)]
        clock = Clock()
        for number in range(options.passes + 1):
            if number == 1:
                clock.best.clear()  # in the first pass rules are compiled
            for clock.page, page in enumerate(pages):
                html, url = page["html"], page.get("url")
                clock(PEER, lambda html=html: trafilatura.extract(html))
                for name, tool in cleaners.items():
                    clock(name, lambda html=html, url=url, tool=tool: tool.clean_html(html, url=url))
                steps(clock, page, cleaners[FAST])
        sums = clock.sums()
        print(f"{path.name}: {len(pages)} pages")
        for name, taken in sums.items():
            bar = f" (bar: {BARS[name]})" if name in BARS else ""
            print(f"  {name:20}{1000 * taken / len(pages):8.2f} ms a page{taken / sums[PEER]:8.2f} of {PEER}'s{bar}")


if __name__ == "__main__":
    main()
