"""What a run costs beside the library alone, and what a second worker brings, on small files and on a table.

    python bench/workers.py [--articles 12000]

Makes the articles, cleans them in a bare loop that reads and writes nothing, then with ``cleaner run``, one worker and
two. Prints seconds by the clock and of the processor (of all processes together), the memory of the largest worker, and
the ratios. Those by the clock mean something only on a machine with two cores that has nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from million import watched
from start import adopt, reaped

LOOP = """\
import json, sys, time
import cleaner
c = cleaner.Cleaner()
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
c.clean(texts[0])
clock, processor = time.monotonic(), time.process_time()
for text in texts:
    c.clean(text)
print(json.dumps([time.monotonic() - clock, time.process_time() - processor]))
"""


def shown(clock: float, processor: float) -> str:
    """Two times, in words."""
    return f"{clock:8.1f} s by the clock{processor:8.1f} s of the processor"


def main() -> None:
    """Make, run, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=12_000)
    options = parser.parse_args()
    adopt()
    with tempfile.TemporaryDirectory(prefix="cleaner-bench-") as name:
        folder = Path(name)
        table = corpus.jsonl(folder / "table.jsonl", options.articles)
        inputs = {"files": corpus.folder(folder / "files", options.articles), "table": table}
        done = subprocess.run([sys.executable, "-c", LOOP, str(table)], check=True, capture_output=True, text=True)
        bare = json.loads(done.stdout)
        print(f"{options.articles} articles\n{'bare loop':18}{shown(*bare)}")
        for kind, path in inputs.items():
            took = []
            for workers in (1, 2):
                out = folder / f"out-{kind}-{workers}"
                before = reaped()
                command = [sys.executable, "-m", "cleaner", "run", str(path), "--quiet"]
                clock, seen = watched([*command, "--out", str(out), "--workers", str(workers)])
                processor = reaped() - before
                took.append((clock, processor))
                most = max((worker for _, _, worker in seen), default=0)
                print(f"{f'{kind}, workers: {workers}':18}{shown(clock, processor)}, largest worker {most} MB")
            (one, one_processor), (two, two_processor) = took
            print(f"{kind}: one worker has {bare[1] / one_processor:.2f} of the pace of the bare loop (processor)")
            print(
                f"{kind}: two workers go {one / two:.2f} times as fast as one (clock), "
                f"for {two_processor / one_processor:.2f} times its processor time"
            )


if __name__ == "__main__":
    main()
