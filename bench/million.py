"""Many small articles through ``cleaner run``: that it gets through, how fast, and how much memory it takes on the way.

    python bench/million.py [--articles 1000000] [--workers 2] [--svg FILE] [--bare]

Prints memory over time, of the program and of its largest worker, or draws it; then runs ``cleaner verify``. ``--bare``
also measures the library alone, in a loop over the same articles, and one worker.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
import plot


def children(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            found += children(int(child))
        except OSError:
            continue
    return found


def memory(pid: int) -> int:
    """Megabytes that a process holds, what it shares counted in part."""
    try:
        words = Path(f"/proc/{pid}/smaps_rollup").read_text().split()
        return int(words[words.index("Pss:") + 1]) // 1024
    except (OSError, ValueError, IndexError):
        return 0


def watched(command: list[str]) -> tuple[float, list[tuple[float, int, int]]]:
    """Run a command; how long it took, and memory over time: of itself, and of the largest process below it."""
    begin = time.monotonic()
    child = subprocess.Popen(command)
    seen: list[tuple[float, int, int]] = []
    pause = 1.0
    while child.poll() is None:
        time.sleep(pause)
        pause = min(pause * 1.1, 30)
        try:
            below = children(child.pid)[1:]
        except OSError:
            break
        seen.append((time.monotonic() - begin, memory(child.pid), max(map(memory, below), default=0)))
    if child.wait():
        sys.exit(f"{' '.join(command)}: exit code {child.returncode}")
    return time.monotonic() - begin, seen


def show(seen: list[tuple[float, int, int]], path: Path | None, title: str) -> None:
    """Memory over time, as some numbers and as a picture."""
    for at, own, worker in seen[:: max(1, len(seen) // 20)]:
        print(f"{at:7.0f} s  program {own:4} MB  largest worker {worker:4} MB")
    if path:
        series = [
            ("the program", [(at, float(own)) for at, own, _ in seen]),
            ("its largest worker", [(at, float(worker)) for at, _, worker in seen]),
        ]
        plot.lines(path, title, ("s", "MB"), series)


def main() -> None:
    """Make, run, show."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--svg", type=Path, metavar="FILE")
    parser.add_argument("--bare", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        source = corpus.folder(Path(temporary) / "in", words.articles)
        run = [sys.executable, "-m", "cleaner", "run", str(source), "-q", "--out"]
        took, seen = watched([*run, f"{temporary}/out", f"--workers={words.workers}"])
        title = f"{words.articles:,} articles, {words.workers} workers: {took:.0f} s, {words.articles / took:.0f}/s"
        print(title)
        show(seen, words.svg, title)
        subprocess.run([sys.executable, "-m", "cleaner", "verify", f"{temporary}/out"], check=True)
        if words.bare:
            one, _ = watched([*run, f"{temporary}/one", "--workers=1"])
            import cleaner

            begin = time.monotonic()
            c = cleaner.Cleaner()
            for text in corpus.texts(words.articles):
                c.clean(text)
            bare = time.monotonic() - begin
            print(
                f"bare loop {bare:.1f} s, one worker {one:.1f} s ({bare / one:.2f} of its speed), "
                f"{words.workers} workers {took:.1f} s ({one / took:.2f} times one worker)"
            )


if __name__ == "__main__":
    main()
