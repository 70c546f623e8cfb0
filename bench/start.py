"""How long a program takes to its first result, and a first pass over articles of many languages beside the second.

    python bench/start.py [FILE.jsonl] [--articles N]

First `cleaner run` on one small file: with nothing kept from runs before, then with what that one has kept. Then the
first N articles of FILE.jsonl (with `text` and `lang`), one of each language in turn, twice in a new process. Times are
of the processors, of all processes together.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PASSES = """\
import json, sys, time
import cleaner
start = time.process_time()
c = cleaner.Cleaner()
texts = json.load(open(sys.argv[1], encoding="utf-8"))
took = []
for _ in range(3):
    begin = time.process_time()
    for text in texts:
        c.clean(text)
    took.append(time.process_time() - begin)
print(json.dumps(took))
"""


def adopt() -> None:
    """Let processes that outlive their parent be this one's, so that they are counted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def reaped() -> float:
    """Seconds of the processor that all processes below this one have taken; it waits for their end."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return used.ru_utime + used.ru_stime


def spent(command: list[str], env: dict[str, str]) -> float:
    """Seconds of the processor that a command takes, with all processes that it starts."""
    before = reaped()
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    return reaped() - before


def mixed(path: Path, number: int) -> list[str]:
    """Texts of a file, one of each language in turn."""
    by_language = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        by_language[record.get("lang") or record.get("language")].append(record["text"])
    turns = itertools.zip_longest(*by_language.values())
    return [text for turn in turns for text in turn if text][:number]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    options = parser.parse_args()
    adopt()
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"XDG_CACHE_HOME": f"{folder}/kept", "PYTHONPATH": str(ROOT)}
        small = Path(folder, "in", "a.txt")
        small.parent.mkdir()
        small.write_text(sorted((ROOT / "seeds").glob("*.txt"))[0].read_text(encoding="utf-8"), encoding="utf-8")
        run = [sys.executable, "-m", "cleaner", "run", str(small.parent), "-q", "--out"]
        first = spent([*run, f"{folder}/a"], env)
        again = min(spent([*run, f"{folder}/{number}"], env) for number in range(3))
        print(f"`cleaner run` on one small file: {again:.2f} s, with nothing kept from before {first:.2f} s (bar: 1.0)")
        if options.path is None:
            return
        texts = Path(folder, "texts.json")
        texts.write_text(json.dumps(mixed(options.path, options.articles)))
        command = [sys.executable, "-c", PASSES, str(texts)]
        for name in ("nothing kept", "all kept"):
            one, *more = json.loads(subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True).stdout)
            print(f"{name}: first pass {one:.2f} s, {one / min(more):.2f} times the second (bar: 1.3)")


if __name__ == "__main__":
    main()
