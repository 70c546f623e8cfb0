"""Counting what sites repeat: the same bytes with 1, 2 and 8 workers, in any order of the inputs, and after kills.

    python bench/counting_same.py [--articles 20000] [--sites 400] [--run]

The same articles are counted by ``cleaner sites count`` from tables in another order of rows and files, with another
number of workers each time, and by counting that is killed with SIGKILL at random moments and started again. With
``--run`` they are cleaned, too: by a run that nobody disturbs, and by one that is killed a few times.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from counting import articles
from kill import tree

FILES = 3
"""Tables that the articles are spread over."""


def shuffled(lines: list[str], folder: Path, seed: int) -> list[str]:
    """The articles in tables of a folder, in another order for each seed."""
    folder.mkdir()
    rnd = random.Random(seed)
    lines = rnd.sample(lines, len(lines))
    paths = [folder / f"{'cab'[part]}{seed}.jsonl" for part in range(FILES)]
    for part, path in enumerate(paths):
        path.write_text("".join(lines[part::FILES]), encoding="utf-8")
    return [str(path) for path in rnd.sample(paths, FILES)]


def done(command: list[str], *, kills: int, took: float, dice: random.Random) -> int:
    """Let a command come to its end, after it was killed as often as that; how often it really was."""
    killed = 0
    for _ in range(kills):
        child = subprocess.Popen([*command, f"--workers={dice.choice([1, 2, 8])}"], start_new_session=True,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            child.wait(dice.uniform(0.1, 0.9) * took)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            killed += 1
    last = subprocess.run([*command, f"--workers={dice.choice([1, 2, 8])}"], capture_output=True, text=True)
    if last.returncode:
        sys.exit(f"{' '.join(command)} failed: {last.stderr}")
    return killed


def same(first: Path, other: Path, what: str) -> None:
    """Stop unless two folders hold the same bytes."""
    one, two = tree(first), tree(other)
    if one != two:
        wrong = sorted(name for name in {*one, *two} if one.get(name) != two.get(name))
        sys.exit(f"{what}: other bytes in {wrong[:5]}")
    print(f"{what}: the same bytes, {len(one)} files, {sum(map(len, one.values())):,} bytes", flush=True)


def main() -> None:
    """Count in all ways, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", action="store_true")
    args = parser.parse_args()
    dice = random.Random(args.seed)
    cleaner = [sys.executable, "-m", "cleaner"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        articles(folder / "news.jsonl", args.articles, args.sites)
        lines = (folder / "news.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        took = 0.0
        for number, workers in enumerate((1, 2, 8)):
            inputs = shuffled(lines, folder / f"in{number}", number)
            count = [*cleaner, "sites", "count", *inputs, "--out", str(folder / f"counts{number}")]
            begin = time.monotonic()
            subprocess.run([*count, f"--workers={workers}"], check=True, stdout=subprocess.DEVNULL)
            took = max(took, time.monotonic() - begin)
            if number:
                same(folder / "counts0", folder / f"counts{number}", f"{workers} workers, other order")
        inputs = shuffled(lines, folder / "in9", 9)
        count = [*cleaner, "sites", "count", *inputs, "--out", str(folder / "counts9")]
        killed = done(count, kills=3, took=took, dice=dice)
        same(folder / "counts0", folder / "counts9", f"killed {killed} times")
        if args.run:
            cleaned(cleaner, inputs, folder, dice)


def cleaned(cleaner: list[str], inputs: list[str], folder: Path, dice: random.Random) -> None:
    """Clean the articles in one go, and with kills."""
    begin = time.monotonic()
    run = [*cleaner, "run", *inputs, "-q", "--out"]
    subprocess.run([*run, str(folder / "whole"), "--workers=2"], check=True)
    took = time.monotonic() - begin
    killed = done([*run, str(folder / "out")], kills=3, took=took, dice=dice)
    same(folder / "whole", folder / "out", f"a run of {took:,.0f} s, killed {killed} times")


if __name__ == "__main__":
    main()
