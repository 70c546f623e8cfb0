"""A folder of results as large as one likes, invented: for measuring what reads them (report, review, audit, compare).

python bench/made_run.py FOLDER [--articles 1000000] [--sites 5000]

One table, news.jsonl, of articles that `cleaner verify` accepts; nothing was cleaned, the logs are written by this.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from cleaner.article.model import CATEGORIES
from cleaner.results import log
from cleaner.results.summary import Tally, summary

WORDS = ["bridge", "council", "harbour", "vote", "mayor", "school", "river", "storm", "market", "budget", "train"]
WORDS += ["doctor", "field", "winter", "museum", "court", "farmer", "street", "engine", "festival", "library", "ferry"]
LANGUAGES = ("en", "en", "en", "de", "fr", "es", "ja", "und")
RULES = 400


def article(number: int, sites: int, chance: random.Random) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """The clean text of an article, its removed spans, and its record."""
    site = f"site{int(sites * chance.random() ** 2)}.example.org"
    name = f"{site}/{number}"
    at, clean, whole, spans = 0, [], [], []
    for part in range(chance.randint(5, 9)):
        line = " ".join(chance.choices(WORDS, k=chance.randint(6, 30))) + f" {number}.\n"
        if part and chance.random() < 0.4:
            rule = int(RULES * chance.random() ** 3)
            category = CATEGORIES[rule % len(CATEGORIES)]
            spans.append(
                {
                    **{"article": name, "start": at, "end": at + len(line), "category": category},
                    **{"rule": f"{category}/made-{rule}", "detector": "phrases"},
                    **{"score": round(1 - 0.5 * chance.random() ** 2, 3), "reason": f"{category}: a made reason"},
                    "text": line,
                }
            )
        else:
            clean.append(line)
        whole.append(line)
        at += len(line)
    text = "".join(whole)
    record = {
        **{"article": name, "row": number, "source": "news.jsonl", "input": 0, "clean": "news.jsonl"},
        **{"encoding": "utf-8", "bom": False, "language": LANGUAGES[number % len(LANGUAGES)], "site": site},
        **{"url": f"https://{site}/{number}", "title": None, "characters": len(text), "sha256": log.sha256(text)},
        **{"removed_spans": len(spans), "removed_characters": sum(s["end"] - s["start"] for s in spans)},
        **{"page": None, "fields": {}, "notes": [], "status": "ok" if spans else "unchanged"},
    }
    return "".join(clean), spans, record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--sites", type=int, default=5000)
    options = parser.parse_args()
    out: Path = options.folder
    for name in ("clean", "articles", "removed"):
        (out / name).mkdir(parents=True, exist_ok=True)
    chance, tally = random.Random(1), Tally()
    with (
        open(out / "clean" / "news.jsonl", "w") as clean,
        open(out / "articles" / "news.jsonl.jsonl", "w") as articles,
        open(out / "removed" / "news.jsonl.jsonl", "w") as removed,
    ):
        articles.writelines(log.lines(log.ARTICLES, ()))
        removed.writelines(log.lines(log.REMOVED, ()))
        for number in range(1, options.articles + 1):
            text, spans, record = article(number, options.sites, chance)
            clean.write(json.dumps({"id": record["article"], "url": record["url"], "text": text}) + "\n")
            articles.write(log.dump(record) + "\n")
            removed.writelines(log.dump(span) + "\n" for span in spans)
            tally.add_record(record, spans)
    failures = [log.error_record(f"broken/{n}.txt", "undecodable", "not UTF-8 at byte 7") for n in range(300)]
    tally.failures["undecodable"] = len(failures)
    (out / "errors.jsonl").write_text("".join(log.lines(log.ERRORS, failures)))
    for name, kind in (("articles.jsonl", log.ARTICLES), ("removed.jsonl", log.REMOVED)):
        (out / name).write_text("".join(log.lines(kind, ())))
    told = summary(tally, inputs=["."], not_taken={}, rules="0" * 64, options={}, versions={})
    (out / "summary.json").write_text(log.dump(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
