"""What a plan, the publishing of its units, the gathering, and each engine cost beside one run over the same articles.

    python bench/shards.py [--articles 20000] [--long] [--unit 2M] [--engines local,ray,dask,spark,datatrove] [--beside]

Times are of the processors, of all processes that a command starts, whatever becomes of its parents: counted by a
control group where one can be made, since Ray's daemons do not tell of theirs. "start" is what an engine takes to start
two processes and to end them, with nothing to do. All results must be the same bytes as those of
`cleaner run --workers 2`. Engines whose packages are missing are passed over.

On a machine that others use, the same work takes up to twice as long from one minute to the next, in seconds of the
processors, too. With ``--beside``, each engine is compared with a `cleaner run` that begins at the same moment.
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"local": "cleaner", "ray": "ray", "dask": "distributed", "spark": "pyspark", "datatrove": "datatrove"}
OWN = ("plan.jsonl", "done", "parts", "repeats")
SITES = 50
GROUPS = Path("/sys/fs/cgroup/cpuacct")

START = """
import sys
from importlib import import_module
if __name__ == "__main__":
    each = import_module(f"cleaner.engines.{sys.argv[1]}").each
    assert sorted(each(str.upper, ["a", "b", "c", "d"], 2)) == ["A", "B", "C", "D"]
"""
RANKS = """
import sys, tempfile
from datatrove.executor import LocalPipelineExecutor
from cleaner.engines.datatrove import DoUnits
if __name__ == "__main__":
    steps = [DoUnits(sys.argv[1])] if sys.argv[1:] else [lambda data, rank, world_size: data]
    with tempfile.TemporaryDirectory() as logs:
        LocalPipelineExecutor(steps, tasks=8, workers=2, logging_dir=logs).run()
"""


def articles(folder: Path, number: int, *, small: bool) -> None:
    """Articles of so many sites, a folder each."""
    for n, text in enumerate(corpus.texts(number, small=small)):
        target = folder / f"www.site{n % SITES}.example.org" / f"{n:07}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def spent(*words: str | Path, program: str = "") -> tuple[float, float]:
    """Seconds of the processors, and by the clock, that a command of cleaner takes, or a program of Python."""
    what = ["-c", program] if program else ["-m", "cleaner"]
    command = [sys.executable, *what, *map(str, words)]
    group, begin = _group(), time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    joined = ["sh", "-c", f'echo $$ > {group}/tasks && exec "$@"', "sh", *command] if group else command
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(joined, stdout=subprocess.DEVNULL, stderr=said, text=True)
        said.seek(0)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {said.read()}")
    took = time.monotonic() - begin
    if group:
        while (group / "tasks").read_text():  # what it has left behind
            time.sleep(0.1)
        used = int((group / "cpuacct.usage").read_text()) / 1e9
        group.rmdir()
        return used, took
    while True:  # what it has left behind is this process's now
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took


def _group() -> Path | None:
    """A new control group that counts what its processes use; nothing where that is not permitted."""
    try:
        return Path(tempfile.mkdtemp(prefix="bench-", dir=GROUPS))
    except OSError:
        return None


def size(path: Path) -> int:
    """Bytes of a file, or of all below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def results(folder: Path) -> dict[str, bytes]:
    """What a run would have written, too."""
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {str(name): path.read_bytes() for name, path in files.items() if name.parts[0] not in OWN}


def best(passes: int, *words: str | Path, new: Path | None = None, program: str = "") -> tuple[float, float]:
    """The least of some passes; ``new`` must not be there before each."""
    took = []
    for _ in range(passes):
        if new is not None:
            subprocess.run(["rm", "-rf", str(new)], check=True)
        took.append(spent(*words, program=program))
    return min(took)


def main() -> None:
    """Measure all, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--long", action="store_true", help="whole articles, not five lines of one")
    parser.add_argument("--unit", default="32M")
    parser.add_argument("--engines", default=",".join(PACKAGES))
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--beside", action="store_true", help="compare with a run at the same time")
    parser.add_argument("--folder", type=Path, help="where to work (a new folder of its own)")
    options = parser.parse_args()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: processes that outlive their parent are counted
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # with it each process of an engine compiles all it loads
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

    told("`cleaner run --workers 2`", run, run)
    plan, _ = best(options.passes, "plan", given, "--out", many, "--unit", options.unit, "--quiet", new=many)
    told("`cleaner plan`", plan, run)
    units = len((many / "plan.jsonl").read_text().splitlines()) - 2
    shard, _ = spent("run", "--plan", many, "--workers", "2", "--quiet")
    told("`cleaner run --plan`", shard, run)
    gather, _ = best(options.passes, "gather", many, "--quiet")
    told("`cleaner gather`", gather, run)
    told("together", plan + shard + gather, run)
    if results(many) != expected:
        sys.exit("the bytes are others")
    parts = {name: size(many / name) for name in OWN} | {"results": sum(map(len, expected.values()))}
    print(f"{units} units; bytes an article: {json.dumps({k: round(v / options.articles) for k, v in parts.items()})}")
    for engine in options.engines.split(","):
        if find_spec(PACKAGES[engine]) is not None:
            compare(engine, top, run, options)
            if results(top / engine) != expected:
                sys.exit(f"{engine}: the bytes are others")


def told(name: str, took: float, run: float) -> None:
    """Print a row."""
    print(f"| {name} | {took:.1f} | {took / run:.3f} |", flush=True)


def compare(engine: str, top: Path, run: float, options: argparse.Namespace) -> None:
    """All with an engine beside one run, which took so long, or takes so long at the same time."""
    start = starting(engine, options.passes)
    if options.beside:
        words = ("run", top / "in", "--out", top / "again", "--workers", "2", "--quiet")
        took, run = beside(lambda: doing(engine, top, options), lambda: best(1, *words, new=top / "again")[0])
        told("`cleaner run --workers 2` beside the next", run, run)
    else:
        took = doing(engine, top, options)
    told(f"`{engine}`, all of it", took, run)
    told(f"{engine}'s own start", start, run)
    told(f"`{engine}`, without its start", took - start, run)


def starting(engine: str, passes: int) -> float:
    """What an engine takes with nothing to do: once more than asked, since the first time compiles its modules."""
    if engine == "local":
        return 0.0
    return best(passes + 1, engine, program=START)[0] if engine != "datatrove" else best(passes + 1, program=RANKS)[0]


def doing(engine: str, top: Path, options: argparse.Namespace) -> float:
    """What all takes with an engine, from the plan to the gathering."""
    given, out = top / "in", top / engine
    if engine != "datatrove":
        words = ("run", given, "--out", out, "--engine", engine, "--workers", "2", "--quiet")
        return best(1 if options.beside else options.passes, *words, new=out)[0]
    plan, _ = spent("plan", given, "--out", out, "--unit", options.unit, "--quiet")
    ranks, _ = spent(out, program=RANKS)
    gather, _ = spent("gather", out, "--quiet")
    return plan + ranks + gather


def beside(*both: Callable[[], float]) -> list[float]:
    """What two take that run at the same time. Needs control groups, to tell one from the other."""
    if (group := _group()) is None:
        sys.exit(f"--beside needs to make control groups below {GROUPS}")
    group.rmdir()
    with ThreadPoolExecutor(2) as threads:
        return [each.result() for each in [threads.submit(one) for one in both]]


if __name__ == "__main__":
    main()
