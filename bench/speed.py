"""How fast each step is, beside jusText on the same paragraphs, in one run.

    python bench/speed.py [FOLDER or FILE.jsonl] [--rules FOLDER]

Articles are the *.txt below a folder (default: seeds/) or the `text` of each line (with `lang`, if it is there). Times
are of the processor. "first" is the first pass, over articles that no rule has seen, in which patterns are compiled
when they are first tried; "best" the best of five. Machines differ: compare the ratios to jusText.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from justext.core import classify_paragraphs, revise_paragraph_classification

from cleaner import files, pipeline
from cleaner.detectors import prose
from cleaner.detectors.phrases import Phrases
from cleaner.model import Article
from cleaner.rulebook import compile_rules
from cleaner.segment import segment

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
    stopwords = prose.stoplist(article.language)
    blocks = [prose.Block(" ".join(p.span.of(article.text).split())) for p in article.paragraphs]
    classify_paragraphs(blocks, stopwords if stopwords is not None else frozenset())
    revise_paragraph_classification(blocks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, default=ROOT / "seeds")
    parser.add_argument("--rules", type=Path, default=ROOT / "rules")
    options = parser.parse_args()
    found = texts(options.path)
    size = sum(len(text.encode("utf-8", "replace")) for text, _ in found) / 1e6
    articles = [segment(text, language=language) for text, language in found]
    sources = files.read_rules(options.rules)

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

    profile = book.profiles["default"]
    steps: dict[str, Callable[[], object]] = {
        "segment": lambda: [segment(text, language=language) for text, language in found],
        "rules": lambda: [list(phrases(article.language)(article)) for article in articles],
        "prose": lambda: [list(prose.detect(article)) for article in articles],
        "jusText": lambda: [justext(article) for article in articles],
        "all": lambda: [
            pipeline.clean(article, (phrases(article.language), prose.detect), profile) for article in articles
        ],
    }
    first = {name: seconds(step) for name, step in steps.items()}
    best = {name: min(seconds(step) for _ in range(PASSES)) for name, step in steps.items()}
    print(f"{'':10}{'first':>10}{'best':>10}{'best':>13}{'jusText = 1':>15}")
    for name in steps:
        rate, ratio = size / best[name], best["jusText"] / best[name]
        print(f"{name:10}{first[name]:8.2f} s{best[name]:8.2f} s{rate:8.1f} MB/s{ratio:14.2f}x")


if __name__ == "__main__":
    main()
