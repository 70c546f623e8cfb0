"""The units of a plan with real engines, a worker killed in the middle: the bytes of one run, and no unit twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sample import ARTICLE, tree

pytestmark = pytest.mark.engines

UNITS = 100
OWN = ("done/", "parts/", "repeats/", "plan.jsonl")
PACKAGES = {"ray": "ray", "dask": "distributed", "spark": "pyspark"}


def results(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder).items() if not name.startswith(OWN)}


def cleaner(*words: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ended(program: subprocess.Popen[bytes], code: int = 0) -> str:
    out, err = program.communicate(timeout=500)
    assert program.returncode == code, (out + err).decode()
    return out.decode()


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred tables, each a unit; a text beside some."""
    folder = tmp_path_factory.mktemp("given")
    for n in range(UNITS):
        site = folder / f"www.site{n % 5}.org"
        site.mkdir(exist_ok=True)
        rows = [
            {"id": f"{n}-{m}", "text": f"{ARTICLE}Number {m * n} is told.\nSee page {m} of the paper.\n"}
            for m in range(12)
        ]
        (site / f"{n:03}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "a.txt").write_text(ARTICLE)
    return folder


@pytest.fixture(scope="module")
def one(given: Path) -> dict[str, bytes]:
    """What one run makes of it."""
    out = given.parent / "one"
    ended(cleaner("run", given, "--out", out, "--workers", "2", "--quiet"))
    return tree(out)


def below(pid: int) -> Iterator[tuple[int, int, bytes]]:
    """All processes that have come of one: number, that of the one above, and the command."""
    above: dict[int, int] = {}
    words: dict[int, bytes] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError, IndexError):
                above[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
                words[int(name)] = Path(f"/proc/{name}/cmdline").read_bytes()
    for child in above:
        line = [child]
        while line[-1] in above and line[-1] != pid:
            line.append(above[line[-1]])
        if line[-1] == pid and child != pid and child in words:
            yield child, above[child], words[child]


def victim(pid: int, engine: str) -> int | None:
    """A process of an engine that is at a unit: one that has workers of ours."""
    found = list(below(pid))
    words = {child: command for child, _, command in found}
    if engine == "datatrove":
        servers = {child for child, above, command in found if above == pid and b"multiprocess.forkserver" in command}
        return next((child for child, above, _ in found if above in servers), None)
    for _, above, command in found:
        if b"forkserver" in command and above in words and b"forkserver" not in words[above] and above != pid:
            return above
    if engine == "spark":  # these fork, and bear the name of what they were forked from
        return next(
            (a for _, a, c in found if b"pyspark" in c and b"daemon" in words.get(a, b"") and _count(found, a)), None
        )
    return None


def _count(found: list[tuple[int, int, bytes]], pid: int) -> bool:
    return sum(above == pid for _, above, _ in found) == 1


@pytest.mark.parametrize("engine", PACKAGES)
def test_a_worker_is_killed(engine: str, given: Path, one: dict[str, bytes]) -> None:
    pytest.importorskip(PACKAGES[engine])
    many = given.parent / engine  # beside the results of one run, whose summary says where the input lies from there
    ended(cleaner("plan", given, "--out", many))
    program = cleaner("run", "--plan", many, "--engine", engine, "--workers", "2")
    killed = None
    while program.poll() is None and killed is None:
        if len(list(many.glob("done/*.json"))) >= UNITS // 4:
            killed = victim(program.pid, engine)
            if killed is not None:
                os.kill(killed, signal.SIGKILL)
        time.sleep(0.02)
    left = len(list(many.glob("done/*.json")))
    said = ended(program)
    assert killed is not None and left < UNITS, "it was killed in the middle"
    assert f"{UNITS + 1} of {UNITS + 1} units done" in said
    ended(cleaner("gather", many, "--quiet"))
    assert results(many) == one
    assert "All were compared" in ended(cleaner("verify", many))
    assert len(list(many.glob("done/*.json"))) == UNITS + 1


@pytest.fixture
def few(given: Path, tmp_path: Path) -> Path:
    """Nine of the tables."""
    folder = tmp_path / "few"
    folder.mkdir()
    for path in sorted(given.glob("*/*.jsonl"))[:9]:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize("engine", PACKAGES)
def test_all_in_one_command(engine: str, few: Path, tmp_path: Path) -> None:
    pytest.importorskip(PACKAGES[engine])
    words = ("run", few, "--site", "example.org", "--quiet")
    ended(cleaner(*words, "--out", tmp_path / "one"))
    ended(cleaner(*words, "--out", tmp_path / "many", "--engine", engine, "--workers", "2"))
    assert results(tmp_path / "many") == tree(tmp_path / "one")
    assert json.loads((tmp_path / "one" / "summary.json").read_text())["repeats"], "sites were counted, too"
    before = (tmp_path / "many" / "summary.json").stat().st_mtime_ns
    ended(cleaner(*words, "--out", tmp_path / "many", "--engine", "local"))
    assert results(tmp_path / "many") == tree(tmp_path / "one")
    assert (tmp_path / "many" / "summary.json").stat().st_mtime_ns >= before


def test_an_engine_counts(few: Path, tmp_path: Path) -> None:
    pytest.importorskip(PACKAGES["dask"])
    one, many = tmp_path / "one", tmp_path / "many"
    ended(cleaner("run", few, "--site", "example.org", "--quiet", "--out", one))
    ended(cleaner("plan", few, "--site", "example.org", "--count-later", "--out", many))
    words = ("run", "--plan", many, "--engine", "dask", "--workers", "2")
    assert "9 of 9 units done" in ended(cleaner(*words, "--count"))
    assert "9 of 9 units done, 9 of them before" in ended(cleaner(*words, "--count"))
    ended(cleaner("gather", many, "--count"))
    ended(cleaner(*words))
    ended(cleaner("gather", many, "--quiet"))
    assert results(many) == tree(one)


RANKS = """
import sys
from datatrove.executor import LocalPipelineExecutor
from cleaner.engines.datatrove import DoUnits
if __name__ == "__main__":
    LocalPipelineExecutor([DoUnits(sys.argv[1])], tasks=8, workers=2, logging_dir=sys.argv[2]).run()
"""


def apart(command: list[str | Path]) -> subprocess.Popen[bytes]:
    """A program in a group of its own, which can be killed with all that it starts."""
    null = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=null, stderr=null, start_new_session=True)


def test_ranks_of_datatrove(given: Path, one: dict[str, bytes], tmp_path: Path) -> None:
    pytest.importorskip("datatrove")
    many = given.parent / "ranks"
    ended(cleaner("plan", given, "--out", many))
    program = tmp_path / "ranks.py"
    program.write_text(RANKS)
    command: list[str | Path] = [sys.executable, program, many, tmp_path / "logs"]
    running = apart(command)
    killed = None
    while running.poll() is None and killed is None:
        if len(list(many.glob("done/*.json"))) >= UNITS // 4:
            killed = victim(running.pid, "datatrove")
            if killed is not None:
                os.kill(killed, signal.SIGKILL)
        time.sleep(0.02)
    time.sleep(1)
    os.killpg(running.pid, signal.SIGKILL)  # a pool of processes of Python's own waits for one that is lost, for ever
    running.wait()
    assert killed is not None and len(list(many.glob("done/*.json"))) < UNITS
    assert apart(command).wait(timeout=500) == 0
    ended(cleaner("gather", many, "--quiet"))
    assert results(many) == one
    stats = json.loads((tmp_path / "logs" / "stats.json").read_text())
    assert stats[0]["stats"]["units"] in range(1, UNITS + 2)
