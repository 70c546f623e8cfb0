"""The pass before a run, which counts what each site repeats: its time and memory, and what part of a run it is.

    python bench/counting.py [--articles 1000000] [--sites 5000] [--workers 2] [--sample 5000] [--svg FILE]

The articles are small ones in a JSONL file, in no order of sites. Memory is looked at every two seconds from the first
article to the last site: that of the program, of its largest worker, and of all of its processes together. Times are
those of the processor, which do not grow when other programs run; a sample of the same articles is cleaned without the
counts and with them, so that the cost of counting can be told in parts of a run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import plot
from million import children, memory

from cleaner import Cleaner
from cleaner.files.sites_store import Stored
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


class Watch(threading.Thread):
    """Looks at the memory and the processor time of this process and those below it until it is told to stop."""

    PAUSE = 2.0

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[tuple[float, float, float, float]] = []
        self._spent: dict[int, float] = {}
        self._begin = time.monotonic()
        self._end = threading.Event()

    def run(self) -> None:
        """Look again and again."""
        while not self._end.wait(self.PAUSE):
            mine, *others = children(os.getpid())
            held = [memory(pid) for pid in others]
            own = memory(mine)
            self.seen.append((time.monotonic() - self._begin, own, max(held, default=0), own + sum(held)))
            for pid in others:
                self._spent[pid] = max(self._spent.get(pid, 0.0), spent(pid))

    def stop(self) -> float:
        """Stop looking; the processor time of the processes below, as far as it was seen."""
        self._end.set()
        self.join()
        return sum(self._spent.values())


def spent(pid: int) -> float:
    """Seconds of the processor that a process has used."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def cleaned(path: Path, number: int, counts: str | None) -> float:
    """Seconds of the processor for an article, over the first ones of a file."""
    cleaner = Cleaner()
    if counts:
        cleaner = cleaner.with_repeats(Stored(counts))
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, number)]
    for row in rows[:100]:
        cleaner.clean(row["text"], url=row["url"])
    begin = time.process_time()
    for row in rows:
        cleaner.clean(row["text"], url=row["url"])
    return (time.process_time() - begin) / len(rows)


def main() -> None:
    """Count, and print or draw what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--sites", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sample", type=int, default=5_000, help="Articles that are cleaned, too.")
    parser.add_argument("--svg", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.jsonl")
        articles(path, args.articles, args.sites)
        listing = walk([str(path)])
        options = RunOptions(limits=Limits(args.workers))
        read = 0

        def tell(number: int) -> None:
            nonlocal read
            read += number

        watch, begin, own = Watch(), time.monotonic(), time.process_time()
        watch.start()
        counted = sketch_all(folder, plan(listing.found, listing.roots), options, tell)
        took = time.monotonic() - begin
        used = time.process_time() - own + watch.stop()
        size = sum(Path(folder, name).stat().st_size for name in os.listdir(folder) if name.endswith(".sqlite"))
        print(
            f"{read:,} articles of {len(counted.digests):,} sites counted in {took:,.0f} s, "
            f"{used:,.0f} s of the processor ({1000 * used / read:.3f} ms an article); {size / 1e6:,.0f} MB on disk"
        )
        most = [max(column) for column in list(zip(*watch.seen, strict=True))[1:]]
        print("at most {:,.0f} MB in the program, {:,.0f} MB in a worker, {:,.0f} MB in all processes".format(*most))
        if args.sample:
            without, having = (cleaned(path, args.sample, counts) for counts in (None, counted.path))
            more = (used / read + having) / without - 1
            print(
                f"{args.sample:,} of them cleaned: {1000 * without:.3f} ms an article without counts, "
                f"{1000 * having:.3f} with them; counting is {100 * used / read / without:.1f} % of that, "
                f"a run with it takes {100 * more:+.1f} %"
            )
    if args.svg:
        title = f"Counting {read:,} small articles of {len(counted.digests):,} sites, {args.workers} workers"
        names = ("the program", "its largest worker", "all processes")
        series = [(name, [(seen[0], seen[at]) for seen in watch.seen]) for at, name in enumerate(names, 1)]
        plot.lines(args.svg, title, ("s", "MB"), series)


if __name__ == "__main__":
    main()
