"""How the time grows with the rules: every second rule against all, on the same articles, in turns.

python bench/scaling.py [FOLDER or FILE.jsonl]
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

from speed import PASSES, ROOT, seconds, texts

from cleaner.detectors.phrases.detector import Phrases
from cleaner.files import rule_folders
from cleaner.reading.plain_text import segment
from cleaner.rulebook.compile import compile_rules
from cleaner.text.paragraphs import ArticleFacts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, default=ROOT / "seeds")
    options = parser.parse_args()
    articles = [segment(text, language=language) for text, language in texts(options.path)]
    rules = compile_rules(rule_folders.read_rules()).rules

    @cache
    def phrases(language: str, step: int, start: int) -> Phrases:
        fitting = [
            rule
            for rule in rules
            if not rule.hosts and (language == "und" or language in rule.languages or "any" in rule.languages)
        ]
        return Phrases.of(fitting[start::step])

    def run(step: int, start: int) -> None:
        for article in articles:
            list(phrases(article.language, step, start)(ArticleFacts.of(article)))

    choices = [(2, 0), (2, 1), (1, 0)]
    for choice in choices:
        run(*choice)
    times = {choice: [] for choice in choices}
    for _ in range(PASSES):
        for choice in choices:
            times[choice].append(seconds(lambda choice=choice: run(*choice)))
    odd, even, every = (min(times[choice]) for choice in choices)
    half = (odd + even) / 2
    print(f"half of the rules {half:.2f} s ({odd:.2f}, {even:.2f}), all of them {every:.2f} s: {every / half:.2f}x")


if __name__ == "__main__":
    main()
