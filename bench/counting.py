"""The pass before a run, which counts what each site repeats: time and memory over the articles it has read.

    python bench/counting.py [--articles 1000000] [--sites 5000] [--workers 2] [--svg FILE]

The articles are small ones in a JSONL file, in no order of sites. Memory is that of the program and its largest worker.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import plot
from million import children, memory

from cleaner.run.counting import sketch_all
from cleaner.run.inputs import walk
from cleaner.run.naming import plan
from cleaner.run.options import RunOptions
from cleaner.run.pool import Limits

WORDS = [
    "river",
    "council",
    "bridge",
    "train",
    "market",
    "story",
    "winter",
    "doctor",
    "garden",
    "police",
    "summer",
    "letter",
    "farmer",
    "school",
    "island",
]


def articles(path: Path, number: int, sites: int) -> None:
    """A file of articles, each with four paragraphs of its own and two that its site repeats."""
    rnd = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for at in range(number):
            site = rnd.randrange(sites)
            own = [f"{' '.join(rnd.choices(WORDS, k=25))} {rnd.random()}." for _ in range(4)]
            text = "\n\n".join(
                [*own, f"Sign up to the letter of town {site} for free", "Our reporters walk every street."]
            )
            file.write(json.dumps({"id": str(at), "url": f"https://s{site}.example/{at}", "text": text}) + "\n")


def main() -> None:
    """Count, and print or draw what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--sites", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--svg", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.jsonl")
        articles(path, args.articles, args.sites)
        listing = walk([str(path)])
        begin, read = time.monotonic(), 0
        seen: list[tuple[float, float, float]] = []

        def tell(number: int) -> None:
            nonlocal read
            read += number
            if not seen or read - seen[-1][0] >= args.articles / 60:
                mine, *others = children(os.getpid())
                seen.append((read, memory(mine), max(map(memory, others), default=0)))

        options = RunOptions(limits=Limits(args.workers))
        counted = sketch_all(folder, plan(listing.found, listing.roots), options, tell)
        took = time.monotonic() - begin
        size = sum(Path(folder, name).stat().st_size for name in os.listdir(folder) if name.endswith(".sqlite"))
    print(
        f"{read:,} articles of {len(counted.digests):,} sites in {took:,.0f} s; {size / 1e6:,.0f} MB on disk;", end=" "
    )
    print(f"at most {max(m for _, m, _ in seen):g} MB in the program, {max(w for *_, w in seen):g} MB in a worker")
    if args.svg:
        series = [("the program", [(n, m) for n, m, _ in seen]), ("its largest worker", [(n, w) for n, _, w in seen])]
        plot.lines(args.svg, "Memory while counting", ("articles", "MB"), series)


if __name__ == "__main__":
    main()
