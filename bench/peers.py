"""This beside other tools on the same articles and pages, in one run: how fast, and how good.

    python bench/peers.py [--text GOLD.jsonl] [--pages PAGES.jsonl.gz] [--python PYTHON] [--svg FILE]

GOLD.jsonl are annotated articles, as `cleaner eval` takes them (default: the samples in seeds/); PAGES.jsonl.gz have
`html` and the article's text, `gold`, in each line (without it there is no table of pages). Peers that can't be
installed beside this are run by another PYTHON: pip install datatrove[processing] spacy dolma readability-lxml
resiliparse. What is not installed is named and left out.

Each tool runs in a process of its own, on one core: once over everything to warm up, then three times, of which the
best counts, in seconds of the processor; building the tool is not counted. Of text, what a tool removes is compared
with the marked spans, in characters that are not white space; a document that a filter rejects is removed whole. Of
pages, the output is compared with the gold text by word 4-grams, as trafilatura's and scrapinghub's comparisons do.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PASSES = 3
Spans = list[tuple[int, int]]


# -- tools: a function that builds one, and gives back what it does with a text (spans to remove) or a page (a text) --


def cleaner_text() -> Callable[[str], Spans]:
    import cleaner

    tool = cleaner.Cleaner()
    return lambda text: [(span.start, span.end) for span in tool.clean(text).removed]


def justext_text() -> Callable[[str], Spans]:
    """jusText's classes with the words of the article's language, a line a paragraph; what is not good goes."""
    from justext.core import classify_paragraphs, revise_paragraph_classification
    from justext.paragraph import Paragraph

    from cleaner.text.language import detect
    from cleaner.text.stoplists import stoplist

    class Line(Paragraph):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            self.text_nodes = [text]
            self.chars_count_in_links = self.tags_count = 0
            self.dom_path, self.xpath = "body.p", "/p"

    def removed(text: str) -> Spans:
        lines = list(split(text))
        paragraphs = [Line(" ".join(line.split())) for line, _, _ in lines]
        classify_paragraphs(paragraphs, stoplist(detect(text)) or frozenset())
        revise_paragraph_classification(paragraphs)
        return [(start, end) for (_, start, end), it in zip(lines, paragraphs, strict=True) if it.class_type != "good"]

    return removed


def datatrove_text(**options: Any) -> Callable[[str], Spans]:
    """C4's filter of lines. The kept lines are found again in the text, in their order."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter
    from datatrove.pipeline.filters.c4_filters import CITATION_REGEX

    tool = C4QualityFilter(**options)

    def removed(text: str) -> Spans:
        document = Document(text=text, id="")
        if tool.filter(document) is not True:
            return [(0, len(text))]
        kept = iter([*document.text.split("\n"), None])
        awaited, gone = next(kept), []
        for line, start, end in split(text):
            if CITATION_REGEX.sub("", line.strip()) == awaited:
                awaited = next(kept)
            else:
                gone.append((start, end))
        return gone

    return removed


def dolma_text() -> Callable[[str], Spans]:
    """C4's tagger; the lines go that it marks, and the documents that it marks.

    Its offsets are those of the lowercase text, which can be longer.
    """
    from dolma.core.data_types import Document
    from dolma.taggers.c4 import FasterC4Tagger

    tool = FasterC4Tagger()
    return lambda text: [
        (min(span.start, len(text)), min(span.end, len(text)))
        for span in tool.predict(Document(source="", id="", text=text)).spans
        if span.type != "line_count"
    ]


def cleaner_pages(**options: Any) -> Callable[[str], str]:
    import cleaner

    tool = cleaner.Cleaner(profile="body", **options)
    return lambda html: tool.clean_html(html).text


def trafilatura_pages() -> Callable[[str], str]:
    import trafilatura

    return lambda html: trafilatura.extract(html, include_comments=False) or ""


def readability_pages() -> Callable[[str], str]:
    from lxml.html import fromstring
    from readability import Document

    def text(html: str) -> str:
        root = fromstring(Document(html).summary(html_partial=True) or "<p></p>")
        return " ".join(root.itertext())

    return text


def resiliparse_pages() -> Callable[[str], str]:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html: str(extract_plain_text(html, main_content=True))


TEXT: dict[str, Callable[[], Callable[[str], Spans]]] = {
    "cleaner": cleaner_text,
    "jusText": justext_text,
    "datatrove C4QualityFilter": datatrove_text,
    "the same, no sentence count": lambda: datatrove_text(min_num_sentences=-1),
    "dolma C4 tagger": dolma_text,
}
PAGES: dict[str, Callable[[], Callable[[str], str]]] = {
    "cleaner": cleaner_pages,
    "cleaner --full": lambda: cleaner_pages(full=True),
    "cleaner --fast": lambda: cleaner_pages(fast=True),
    "trafilatura": trafilatura_pages,
    "readability-lxml": readability_pages,
    "resiliparse": resiliparse_pages,
}
OURS = ("cleaner", "cleaner --full", "cleaner --fast", "jusText", "trafilatura")
"""These come with this package; others may need another Python."""


def split(text: str) -> Iterable[tuple[str, int, int]]:
    """The lines that hold something, and where."""
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield line, at, at + len(line)
        at += len(line)


# -- running one tool -------------------------------------------------------------------------------------------------


def alone(kind: str, name: str, path: Path) -> None:
    """Run one tool over the documents of a file and print what it did, and how long that took, as JSON."""
    tool: Callable[[str], Any] = (TEXT if kind == "text" else PAGES)[name]()
    documents: list[str] = json.loads(path.read_text(encoding="utf-8"))
    best, found = float("inf"), []
    for _ in range(1 + PASSES):
        found = []
        took = 0.0
        for document in documents:
            begin = time.process_time()
            try:
                found.append(tool(document))
            except Exception as error:
                found.append([] if kind == "text" else "")
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
            took += time.process_time() - begin
        best = min(best, took)
    json.dump({"seconds": best, "found": found}, sys.stdout)


def run(kind: str, name: str, path: Path, python: str) -> dict[str, Any] | None:
    """The same in a process of its own; nothing if the tool is not there."""
    words = [sys.executable if name in OURS else python, __file__, "--alone", kind, name, str(path)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        print(f"{name}: left out: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(done.stdout)
    return result


# -- measures ---------------------------------------------------------------------------------------------------------


def text_rows(gold_path: Path | None, python: str, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    """A row for each tool on text."""
    from cleaner.article.model import Span
    from cleaner.training import measure
    from cleaner.training.gold import read_gold

    if gold_path:
        lines = gold_path.read_text(encoding="utf-8").splitlines()
    else:
        lines = [
            json.dumps({**row, "text": (ROOT / "seeds" / f"{row['id']}.txt").read_bytes().decode()})
            for row in map(json.loads, (ROOT / "tests" / "cases" / "seeds.jsonl").read_text().splitlines())
        ]
    gold = read_gold(lines, str(gold_path or "seeds"))
    path = folder / "texts.json"
    path.write_text(json.dumps([one.text for one in gold]), encoding="utf-8")
    size = sum(len(one.text.encode("utf-8", "replace")) for one in gold) / 1e6
    rows = []
    for name in TEXT:
        if (result := run("text", name, path, python)) is None:
            continue
        outcomes = [
            measure.outcome(one, [Span(*span) for span in spans])
            for one, spans in zip(gold, result["found"], strict=True)
        ]
        figures = measure.figures(outcomes)
        rows.append({
            "name": name, "rate": size / result["seconds"], "F1": figures.f1, "lost": figures.article_lost,
            "exact": figures.exact, "harmed": figures.harmed, "precision": figures.precision, "recall": figures.recall,
        })  # fmt: skip
    return f"{len(gold)} articles, {size:.1f} MB", rows


def page_rows(pages_path: Path, python: str, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    """A row for each tool on pages."""
    with gzip.open(pages_path, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    path = folder / "pages.json"
    path.write_text(json.dumps([page["html"] for page in pages]), encoding="utf-8")
    rows = []
    for name in PAGES:
        if (result := run("pages", name, path, python)) is None:
            continue
        precision, recall, exact = [], [], 0
        for page, text in zip(pages, result["found"], strict=True):
            wanted, given = grams(page["gold"]), grams(text)
            both = (wanted & given).total()
            exact += wanted == given
            precision.append(both / given.total() if given else float(not wanted))
            recall.append(both / wanted.total() if wanted else 1.0)
        p, r = sum(precision) / len(pages), sum(recall) / len(pages)
        rows.append({
            "name": name, "rate": len(pages) / result["seconds"], "F1": 2 * p * r / (p + r), "precision": p,
            "recall": r, "exact": exact / len(pages),
        })  # fmt: skip
    return f"{len(pages)} pages", rows


def grams(text: str) -> Counter[tuple[str, ...]]:
    """The word 4-grams of a text; of a shorter one all words together."""
    words = re.findall(r"\w+", text)
    if len(words) < 4:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[n:] for n in range(4)), strict=False))


# -- showing ----------------------------------------------------------------------------------------------------------


def table(rows: list[dict[str, Any]], unit: str, columns: dict[str, str]) -> None:
    """Print rows as a Markdown table."""
    print(f"| | {unit} | {' | '.join(columns.values())} |\n|{' --- |' * (len(columns) + 2)}")
    for row in rows:
        values = [f"{row[key]:.3f}" if key in ("F1", "precision", "recall") else f"{row[key]:.1%}" for key in columns]
        print(f"| {row['name']} | {row['rate']:.3g} | {' | '.join(values)} |")


def panels(what: str, unit: str, rows: list[dict[str, Any]], more: dict[str, str]) -> list[Any]:
    """The same as bars."""
    found = [(f"{what}: {unit}", [(row["name"], row["rate"], f"{row['rate']:.3g}") for row in rows])]
    for key, title in more.items():
        found.append((f"{what}: {title}", [(row["name"], row[key], f"{row[key]:.1%}") for row in rows]))
    return found


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, metavar="GOLD.jsonl")
    parser.add_argument("--pages", type=Path, metavar="PAGES.jsonl.gz")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--svg", type=Path, metavar="FILE")
    parser.add_argument("--alone", nargs=3, metavar=("KIND", "NAME", "FILE"), help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.alone:
        return alone(*words.alone[:2], Path(words.alone[2]))
    print(f"{date.today()}, Python {platform.python_version()}, {platform.machine()}, one core a tool\n")
    shown = []
    with tempfile.TemporaryDirectory() as temporary:
        what, rows = text_rows(words.text, words.python, Path(temporary))
        print(f"Text: {what}\n")
        columns = {"F1": "F1", "precision": "precision", "recall": "recall"}
        table(rows, "MB/s", {**columns, "lost": "article lost", "harmed": "articles harmed", "exact": "exact"})
        shown += panels(f"Text ({what})", "MB/s of one core", rows, {"F1": "F1", "lost": "article lost"})
        if words.pages:
            what, rows = page_rows(words.pages, words.python, Path(temporary))
            print(f"\nPages: {what}\n")
            table(rows, "pages/s", {**columns, "exact": "exact"})
            shown += panels(f"Pages ({what})", "pages a second of one core", rows, {"F1": "F1", "exact": "exact"})
    if words.svg:
        import plot

        plot.bars(words.svg, shown)


if __name__ == "__main__":
    main()
