"""Workers that hang, die or grow: the article is named, all others arrive."""

from __future__ import annotations

import faulthandler
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sample import ARTICLE, Run

from cleaner.errors import PoolFault
from cleaner.run import naming, one_article
from cleaner.run.pool import Limits, Pool


def poisoned(real: object) -> object:
    def clean_one(cleaner: object, job: naming.Job, most: int, site: str | None = None) -> object:
        name = os.path.basename(job.path)
        if name.startswith("hang"):
            time.sleep(1000)
        if name.startswith("spin"):
            while True:
                pass
        if name.startswith("wait"):
            time.sleep(1.2)
        if name.startswith("segv"):
            faulthandler.disable()  # pytest's, which would print a page of its own
            os.kill(os.getpid(), signal.SIGSEGV)
        if name.startswith("exit"):
            os._exit(3)
        if name.startswith("once") and not os.path.exists(job.path + ".seen"):
            Path(job.path + ".seen").touch()
            os._exit(1)
        return real(cleaner, job, most, site)  # type: ignore[operator]

    return clean_one


@pytest.mark.parametrize("workers", ["1", "3"])
def test_bad_articles_cost_nobody_else(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    for number in range(40):
        (articles / f"n{number}.txt").write_text(ARTICLE)
    for name in ("exit", "hang", "once", "segv", "spin", "wait"):
        (articles / f"{name}.txt").write_text(ARTICLE)
    monkeypatch.setattr(one_article, "clean_one", poisoned(one_article.clean_one))
    out = tmp_path / "out"
    result = run("run", articles, "--out", out, "--timeout", "0.5", "--workers", workers)
    assert result.exit_code == 1
    found = [json.loads(line) for line in (out / "errors.jsonl").read_text().splitlines()[1:]]
    assert [(record["article"], record["kind"]) for record in found] == [
        ("exit.txt", "crashed"),
        ("hang.txt", "timeout"),
        ("segv.txt", "crashed"),
        ("spin.txt", "timeout"),
    ]
    assert "SIGSEGV" in found[2]["message"] and "waiting" in found[1]["message"]
    # By the clock, where the machine is so busy that the worker gets less than a tenth of a core.
    assert re.search(r"0\.5 s of (?:processor time|work)", found[3]["message"])
    assert len(list((out / "clean").rglob("*.txt"))) == 45  # what only waits for a while is not lost
    monkeypatch.undo()
    assert run("verify", out).exit_code == 0


class Numbers:
    """A task of some items."""

    def __init__(self, number: int, items: int = 1) -> None:
        self.number, self.items = number, items


def work(attempt: object, mark: object) -> int:
    mark(0)  # type: ignore[operator]
    return os.getpid()


def test_replies_come_in_order_and_workers_are_recycled() -> None:
    with Pool(work, Limits(workers=2, recycle=5)) as pool:
        replies = [(task.number, pid) for task, pid in pool.ordered(Numbers(n) for n in range(60))]
    assert [number for number, _ in replies] == list(range(60))
    assert len({pid for _, pid in replies}) >= 10


def test_a_fault_of_the_work_is_raised_here() -> None:
    def broken(attempt: object, mark: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), Pool(broken, Limits(workers=2)) as pool:
        list(pool.ordered(Numbers(n) for n in range(5)))


def test_workers_that_end_before_they_begin() -> None:
    def dies(attempt: object, mark: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def waits(attempt: object, mark: object) -> None:
        time.sleep(60)

    with pytest.raises(PoolFault, match=r"was killed by SIGKILL .*, before it"), Pool(dies, Limits()) as pool:
        list(pool.ordered([Numbers(0)]))
    small = Limits(memory=1_000_000)
    with pytest.raises(PoolFault, match="other needed more than 1 MB of memory, before it"), Pool(waits, small) as pool:
        list(pool.ordered([Numbers(0)]))


class Unmade:
    """Work that is made where the workers are forked from, or can't be made there."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.maker = 0

    def ready(self) -> Unmade:
        if self.fault is not None:
            raise self.fault
        self.maker = os.getpid()
        return self

    def __call__(self, attempt: object, mark: object) -> tuple[int, int]:
        return self.maker, os.getppid()


class Unpicklable(Exception):
    """A fault that can't travel."""

    def __init__(self) -> None:
        super().__init__("not to be had")
        self.mark = lambda: None


def test_work_is_made_where_workers_are_forked_from() -> None:
    made = Unmade()
    with Pool(made, Limits(workers=2)) as pool:
        replies = [reply for _, reply in pool.ordered(Numbers(n) for n in range(20))]
    assert len(set(replies)) == 1 and all(maker == above for maker, above in replies)
    assert replies[0][0] != os.getpid() and not made.maker, "nothing of it is needed here"


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), Unpicklable()])
def test_why_work_cannot_be_made(fault: Exception) -> None:
    with pytest.raises((OSError, RuntimeError), match=r"No space|not to be had"), Pool(Unmade(fault), Limits()) as pool:
        list(pool.ordered([Numbers(0)]))


def test_a_process_with_threads_is_not_forked(tmp_path: Path) -> None:
    (tmp_path / "w.py").write_text("import os\ndef work(attempt, mark):\n    mark(0)\n    return attempt.number\n")
    (tmp_path / "t.py").write_text("class T:\n    items = 1\n    def __init__(self, n): self.number = n\n")
    code = (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "import w, t\nfrom cleaner.run.pool import Limits, Pool\nwith Pool(w.work, Limits(2)) as pool:\n"
        "    print([reply for _, reply in pool.ordered(t.T(n) for n in range(5))], pool._nursery._program is not None)"
    )
    root = str(Path(one_article.__file__).parents[2])
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": f"{tmp_path}:{root}"},
    )
    assert result.stdout == "[0, 1, 2, 3, 4] True\n", result.stderr
