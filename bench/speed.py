"""How fast each step is, beside jusText on the same articles, in one run.

    python bench/speed.py [FOLDER or FILE.jsonl]

Articles are the *.txt below a folder (default: seeds/) or the `text` of each line (with `lang`, if it is there).
Times are of the processor. "first" is the first pass, over articles that no rule has seen, in which patterns are
compiled when they are first tried; "best" the best of five, the steps in turns. Machines differ, and one machine from
minute to minute: compare the ratios. "jusText" is its classes as one calls it: language, lines, its own paragraphs and
code; "its classes" are its code alone, on paragraphs that are made already. `bench/peers.py` has other tools.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from justext.core import classify_paragraphs, revise_paragraph_classification

sys.path.insert(0, str(Path(__file__).parent))
from peers import justext_text

from cleaner import Cleaner
from cleaner.article.cut import cut
from cleaner.article.model import Article, Finding
from cleaner.deciding.decide import decide
from cleaner.detectors import compiled
from cleaner.detectors import justext as prose
from cleaner.detectors.phrases.detector import Phrases
from cleaner.files import rule_folders
from cleaner.reading.plain_text import parted, segment
from cleaner.rulebook.compile import compile_rules
from cleaner.text import stoplists
from cleaner.text.paragraphs import ArticleFacts

ROOT = Path(__file__).resolve().parent.parent
PASSES = 5


def texts(path: Path) -> list[tuple[str, str | None]]:
    """Each article's text and language, where that is known."""
    if path.is_dir():
        return [(found.read_text(encoding="utf-8", errors="replace"), None) for found in sorted(path.rglob("*.txt"))]
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [(record["text"], record.get("lang")) for record in records]


def seconds(step: Callable[[], object]) -> float:
    """What a step takes of the processor."""
    start = time.process_time()
    step()
    return time.process_time() - start


def justext(article: Article) -> None:
    """jusText's own two steps on our paragraphs."""
    stopwords = stoplists.stoplist(article.language)
    blocks = [prose.Block(" ".join(p.span.of(article.text).split())) for p in article.paragraphs]
    classify_paragraphs(blocks, stopwords if stopwords is not None else frozenset())
    revise_paragraph_classification(blocks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, default=ROOT / "seeds")
    options = parser.parse_args()
    found = texts(options.path)
    size = sum(len(text.encode("utf-8", "replace")) for text, _ in found) / 1e6
    articles = [segment(text, language=language) for text, language in found]
    sources = rule_folders.read_rules()
    cleaner = Cleaner()
    weigh = cleaner.pipeline.judge
    assert weigh is not None

    loading = seconds(lambda: compile_rules(sources))
    book = compile_rules(sources)

    @cache
    def phrases(language: str) -> Phrases:
        return Phrases.of(
            rule
            for rule in book.rules
            if not rule.hosts and (language == "und" or language in rule.languages or "any" in rule.languages)
        )

    languages = sorted({article.language for article in articles})
    building = seconds(lambda: [phrases(language) for language in languages])
    many = sum(len(article.paragraphs) for article in articles)
    print(f"{len(articles)} articles, {many} paragraphs, {size:.2f} MB, {len(languages)} languages")
    print(f"{len(book.rules)} rules loaded in {loading:.2f} s, made ready for each language in {building:.2f} s")

    def rules(facts: ArticleFacts) -> list[Finding]:
        return list(phrases(facts.article.language)(facts.divided(parted(facts.article))))

    profile = book.profiles["default"]
    seen = [ArticleFacts.of(article) for article in articles]
    claims = [[*rules(facts), *prose.detect(facts)] for facts in seen]
    judged = [claim + list(weigh(facts, claim)) for facts, claim in zip(seen, claims, strict=True)]
    phrases.cache_clear()
    for language in languages:
        phrases(language)
    by_justext = justext_text()
    steps: dict[str, Callable[[], object]] = {
        "segment": lambda: [segment(text) for text, _ in found],
        "rules": lambda: [rules(ArticleFacts.of(article)) for article in articles],
        "prose": lambda: [list(prose.detect(facts)) for facts in seen],
        "judge": lambda: [list(weigh(facts, claim)) for facts, claim in zip(seen, claims, strict=True)],
        "decide": lambda: [
            cut(article, decide(article, claim, profile)) for article, claim in zip(articles, judged, strict=True)
        ],
        "all": lambda: [cleaner.clean(text) for text, _ in found],
        "its classes": lambda: [justext(article) for article in articles],
        "jusText": lambda: [by_justext(text) for text, _ in found],
    }
    first = {name: seconds(step) for name, step in steps.items()}
    best = dict(first)
    for _ in range(PASSES):
        for name, step in steps.items():
            best[name] = min(best[name], seconds(step))
    print(f"{'':22}{'first':>10}{'best':>10}{'best':>13}{'of all':>9}{'jusText = 1':>13}")
    for name, taken in best.items():
        rate, ratio = size / taken, best["jusText"] / taken
        early = f"{first[name]:8.2f} s" if name in first else f"{'':10}"
        share = f"{taken / best['all']:8.0%}" if name not in ("jusText", "its classes") else f"{'':8}"
        print(f"{name:22}{early}{taken:8.2f} s{rate:8.1f} MB/s {share}{ratio:12.2f}x")
    print(
        f"the whole has {best['jusText'] / best['all']:.2f} of the pace of jusText, "
        f"{best['its classes'] / best['all']:.2f} of its classes alone (bar: 1.0); "
        f"the judge is {'compiled' if compiled.native else 'not compiled'}"
    )


if __name__ == "__main__":
    main()
