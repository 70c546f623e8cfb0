"""What a plan, the publishing of its units, the gathering, and each engine cost beside one run over the same articles.

    python bench/shards.py [--articles 20000] [--long] [--unit 2M] [--engines local,ray,dask,spark] [--passes 1]

Times are of the processors, of all processes that a command starts, whatever becomes of its parents. All results must
be the same bytes as those of `cleaner run --workers 2`. Engines whose packages are missing are passed over.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"local": "cleaner", "ray": "ray", "dask": "distributed", "spark": "pyspark"}
OWN = ("plan.jsonl", "done", "parts", "repeats")
SITES = 50


def articles(folder: Path, number: int, *, small: bool) -> None:
    """Articles of so many sites, a folder each."""
    for n, text in enumerate(corpus.texts(number, small=small)):
        target = folder / f"www.site{n % SITES}.example.org" / f"{n:07}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def spent(*words: str | Path) -> tuple[float, float]:
    """Seconds of the processors, and by the clock, that a command of cleaner takes."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "cleaner", *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    took = time.monotonic() - begin
    while True:  # what it has left behind is this process's now
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took


def size(path: Path) -> int:
    """Bytes of a file, or of all below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def results(folder: Path) -> dict[str, bytes]:
    """What a run would have written, too."""
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {str(name): path.read_bytes() for name, path in files.items() if name.parts[0] not in OWN}


def best(passes: int, *words: str | Path, new: Path | None = None) -> tuple[float, float]:
    """The least of some passes; ``new`` must not be there before each."""
    took = []
    for _ in range(passes):
        if new is not None:
            subprocess.run(["rm", "-rf", str(new)], check=True)
        took.append(spent(*words))
    return min(took)


def main() -> None:
    """Measure all, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--long", action="store_true", help="whole articles, not five lines of one")
    parser.add_argument("--unit", default="32M")
    parser.add_argument("--engines", default="local,ray,dask,spark")
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work (a new folder of its own)")
    options = parser.parse_args()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: processes that outlive their parent are counted
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        measure(Path(temporary), options)


def measure(top: Path, options: argparse.Namespace) -> None:
    """All commands, in a folder."""
    given, one, many = top / "in", top / "one", top / "many"
    articles(given, options.articles, small=not options.long)
    spent("run", ROOT / "seeds", "--out", top / "warm", "--quiet")  # so that tables of rules are kept, for all
    run, clock = best(options.passes, "run", given, "--out", one, "--workers", "2", "--quiet", new=one)
    expected = results(one)
    print(f"{options.articles:,} articles, {size(given) / 1e6:.1f} MB; `cleaner run` took {clock:.0f} s")
    print("| step | processor, s | of the run |\n| --- | --- | --- |")

    def told(name: str, took: float) -> None:
        print(f"| {name} | {took:.1f} | {took / run:.3f} |", flush=True)

    told("`cleaner run --workers 2`", run)
    plan, _ = best(options.passes, "plan", given, "--out", many, "--unit", options.unit, "--quiet", new=many)
    told("`cleaner plan`", plan)
    units = len((many / "plan.jsonl").read_text().splitlines()) - 2
    shard, _ = spent("run", "--plan", many, "--workers", "2", "--quiet")
    told("`cleaner run --plan`", shard)
    gather, _ = best(options.passes, "gather", many, "--quiet")
    told("`cleaner gather`", gather)
    told("together", plan + shard + gather)
    if results(many) != expected:
        sys.exit("the bytes are others")
    parts = {name: size(many / name) for name in OWN} | {"results": sum(map(len, expected.values()))}
    print(f"{units} units; bytes an article: {json.dumps({k: round(v / options.articles) for k, v in parts.items()})}")
    for engine in options.engines.split(","):
        if find_spec(PACKAGES[engine]) is None:
            continue
        out = top / engine
        words = ("run", given, "--out", out, "--engine", engine, "--workers", "2", "--quiet")
        took, _ = best(options.passes, *words, new=out)
        told(f"`cleaner run --engine {engine}`", took)
        if results(out) != expected:
            sys.exit(f"{engine}: the bytes are others")


if __name__ == "__main__":
    main()
