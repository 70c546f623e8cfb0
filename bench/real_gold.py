"""Articles of public sets of pages, with the marks that were made for them, as gold that `cleaner fit text` reads.

python bench/real_gold.py FOLDER OUT.jsonl

FOLDER holds sets of pages, `dragnet.jsonl.gz` and so on: JSON lines with `id` and `html`. Texts and pages are other
people's and are not here; `bench/real_gold.jsonl` holds for each article the set, the page, the extractor that left the
text, its digest, and the marked spans. What an extractor of another version leaves differently is left out and counted.
Wants `resiliparse`, `readability-lxml` and `trafilatura` (read with 2.0.1, 0.9 and 2.3.1).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MARKS = Path(__file__).with_suffix(".jsonl")


def extractors() -> dict[str, Callable[[str], str]]:
    """What turns a page into text, by name."""
    import trafilatura
    from readability import Document
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def readability(html: str) -> str:
        summary = Document(html).summary(html_partial=True)
        whole = f"<html><body>{summary}</body></html>"
        return str(extract_plain_text(HTMLTree.parse(whole), main_content=False))

    def resiliparse(html: str) -> str:
        tree = HTMLTree.parse(html)
        return str(extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=True))

    return {
        "resiliparse": resiliparse,
        "readability": readability,
        "trafilatura": lambda html: trafilatura.extract(html, include_comments=True) or "",
    }


def marked(folder: Path, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """The articles with their spans, as far as pages are there and texts the same; ``counts``: how many were not."""
    wanted: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in MARKS.read_text("utf-8").splitlines():
        record = json.loads(line)
        wanted[record["set"], record["page"]].append(record)
    ways = extractors()
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for page in map(json.loads, lines):
                for record in wanted.pop((name, page["id"]), ()):
                    text = ways[record["extractor"]](page["html"]).strip() + "\n"
                    if hashlib.sha256(text.encode()).hexdigest() != record["sha256"]:
                        counts["another text"] += 1
                        continue
                    counts["articles"] += 1
                    spans = [{"start": a, "end": b, "category": c} for a, b, c in record["spans"]]
                    yield {"id": record["id"], "site": record["site"], "text": text, "spans": spans}
    counts["no page"] = sum(map(len, wanted.values()))


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    counts: Counter[str] = Counter()
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for record in marked(Path(sys.argv[1]), counts):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(dict(counts))


if __name__ == "__main__":
    main()
