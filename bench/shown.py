"""What share of the text that a browser shows is in the source of an article or named in its notes.

    python bench/shown.py PAGES.jsonl.gz ... [--pages N] [--browser PATH] [--show N]

Each line of a file has `html`, as text, and perhaps `url`. Of each file N pages are taken, evenly spread. Each is laid
out by a headless Chromium without its scripts and without the network, and its `innerText` compared word by word with
the text of all blocks (`article.text`). Words of what the page's notes name as left out count as told. What a page
shows by its scripts alone is in neither. Needs `playwright` and a Chromium.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner.detectors.page_judge.weights_file import read_markup
from cleaner.errors import DecodeFault
from cleaner.files import rule_folders
from cleaner.reading.html import parse, read

FAILS = 0.01
"""The share of a page's words from which on it fails."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_NOTED = re.compile(r"([\d,]+) characters")
_LAY_OUT = "() => document.body ? document.body.innerText : ''"


def words(text: str) -> Counter[str]:
    """The words of a text, without regard to case: style may set them in capitals."""
    return Counter(_WORD.findall(text.casefold()))


def pages(paths: list[Path], number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pages of each file, evenly spread, each with a name."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            all_lines = list(lines)
        for line in all_lines[:: max(1, len(all_lines) // number)][:number]:
            record = json.loads(line)
            yield f"{path.name.split('.')[0]}/{record.get('id', '')}", record


def missing(shown: str, html: str, groups: Any) -> tuple[int, Counter[str], Counter[str], tuple[str, ...]]:
    """How many words are shown, those neither in the source nor told of, those that are told of, and the notes."""
    tree = parse(html)
    everything = words(" ".join(" ".join(each.itertext()) for each in _texts(tree.root)))
    article = read(tree, language="und", groups=groups)
    notes = article.page.notes if article.page else ()
    wanted = words(shown)
    lost = wanted - words(article.text)
    # A browser puts no space between elements of a line that the page's style keeps apart, or other ones than we do.
    joined = "".join(_WORD.findall(article.text.casefold()))
    lost = Counter({word: count for word, count in lost.items() if not (len(word) > 3 and word in joined)})
    told = lost & (everything - words(article.text))
    noted = sum(int(number.replace(",", "")) for note in notes for number in _NOTED.findall(note))
    if noted < sum(len(word) * count for word, count in told.items()):
        told = Counter()  # there is more of it than the notes say
    return wanted.total(), lost - told, told, notes


def _texts(root: Any) -> Iterator[Any]:
    """The elements of a page whose own text may be shown."""
    for element in root.iter():
        if element.tag in ("script", "style"):
            element.text = None
    yield root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="PAGES.jsonl.gz")
    parser.add_argument("--pages", type=int, default=60, metavar="N")
    parser.add_argument("--browser", metavar="PATH", help="the Chromium to use, if playwright brings none")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show words that are missing of N pages")
    options = parser.parse_args()
    from playwright.sync_api import Error, sync_playwright

    logging.disable(logging.CRITICAL)
    groups = read_markup(rule_folders.read_markup()).kinds.groups.of
    shares: list[float] = []
    told_of: list[float] = []
    fails: list[tuple[float, str, Counter[str], tuple[str, ...]]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
        context = browser.new_context(java_script_enabled=False, offline=True)
        for name, record in pages(options.files, options.pages):
            page = context.new_page()
            try:
                page.set_content(record["html"], wait_until="commit", timeout=20_000)
                shown = page.evaluate(_LAY_OUT)
                total, lost, told, notes = missing(shown, record["html"], groups)
            except (Error, DecodeFault) as fault:
                print(f"{name}: {str(fault).splitlines()[0]}")
                continue
            finally:
                page.close()
            share = lost.total() / max(1, total)
            shares.append(share)
            told_of.append(told.total() / max(1, total))
            if share > FAILS:
                fails.append((share, name, lost, notes))
        browser.close()
    number = max(1, len(shares))
    print(f"{len(shares)} pages; of the words that a browser shows, on average:")
    print(f"  {sum(shares) / number:.3%} are neither in the source nor told of")
    print(f"  {sum(told_of) / number:.3%} are not in the source, and the notes tell of them")
    print(f"{len(fails)} pages lack more than {FAILS:.0%}: {len(fails) / number:.1%}")
    for share, name, lost, notes in sorted(fails, reverse=True)[: options.show]:
        print(f"  {name}: {share:.1%}: {' '.join(word for word, _ in lost.most_common(25))}")
        for note in notes:
            print(f"      {note}")


if __name__ == "__main__":
    main()
