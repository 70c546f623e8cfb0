"""Runs that are killed at random moments and started again: in the end the same bytes, none lost, none doubled.

    python bench/kill.py [--runs 100] [--articles 400]

Every run is killed with SIGKILL one to four times, with another number of workers each time, then let go to its end;
its results must be those of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus


def command(source: Path, out: Path, workers: int, more: list[str]) -> list[str]:
    """The command that is tried."""
    return [sys.executable, "-m", "cleaner", "run", str(source), "--out", str(out), f"--workers={workers}", "-q", *more]


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def one(source: Path, out: Path, took: float, dice: random.Random, more: list[str]) -> int:
    """A run that is killed a few times; how often it really was."""
    kills = 0
    for _ in range(dice.randint(1, 4)):
        child = subprocess.Popen(command(source, out, dice.choice([1, 2, 8]), more), start_new_session=True)
        try:
            child.wait(dice.uniform(0.2, took * 1.1))
        except subprocess.TimeoutExpired:
            child.kill()  # the one process; those that it has started must find out for themselves
            child.wait()
            kills += 1
    last = subprocess.run(command(source, out, dice.choice([1, 2, 8]), more), capture_output=True, text=True)
    if last.returncode:
        sys.exit(f"the last run failed with exit code {last.returncode}: {last.stderr}")
    return kills


def main() -> None:
    """Kill runs, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    words, more = parser.parse_known_args()
    dice = random.Random(words.seed)
    print(f"seed {words.seed}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source = corpus.folder(folder / "in", words.articles)
        corpus.jsonl(source / "table.jsonl", words.articles // 4)
        begin = time.monotonic()
        subprocess.run(command(source, folder / "whole", 1, more), check=True)
        took = time.monotonic() - begin
        whole = tree(folder / "whole")
        kills = 0
        for number in range(words.runs):
            out = folder / f"out{number}"
            kills += one(source, out, took, dice, more)
            found = tree(out)
            if found != whole:
                wrong = sorted(name for name in {*found, *whole} if found.get(name) != whole.get(name))
                sys.exit(f"run {number}: other results than those of a run that was not killed: {wrong[:5]}")
            subprocess.run(["rm", "-rf", str(out)], check=True)
            print(f"\r{number + 1} runs, {kills} kills: all the same bytes", end="", flush=True)
        print(f"\n{os.cpu_count()} cores; {took:.1f} s a run; {len(whole)} files in the results")


if __name__ == "__main__":
    main()
