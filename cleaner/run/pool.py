"""Worker processes: tasks go in, replies come out in the same order, even if processes die.

A nursery process holds the compiled rules and whatever else the work needs, and forks workers on demand. A worker
therefore starts at once, and all share the memory of the nursery. The nursery is forked from this process if that has
no threads; otherwise it is a new program that receives the work by pickle.

A worker records in shared memory which item of its task it is working on and since when. A worker that takes too long,
grows too large or dies is replaced. The item is tried once more, alone in a fresh process. If that fails too, the task
is done without it, and the item is reported.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from cleaner.errors import PoolFault
from cleaner.run.forkserver import IDLE, Marks, Nursery, hang_up, processor_time, resident

AHEAD = 2
"""Tasks that a worker holds at a time: the next one is ready while the results of the last are being stored."""

WINDOW = 8
"""The number of finished tasks per worker that may wait for their turn to be stored."""

LIVES = 3
"""How often workers may die outside any item before the run is given up."""

SETTLED = 500
"""The number of items after which a worker's memory is checked."""

WAITING = 10
"""The limit of elapsed time for an item, as a multiple of its limit of processor time: a busy machine must not fail an
item, but an endless wait must."""
POLL = 0.2
"""Seconds between two checks of the workers."""


class Task(Protocol):
    """What a pool needs to know about a task."""

    @property
    def number(self) -> int:
        """The place of the task in the order of replies. Numbers have no gaps."""

    @property
    def items(self) -> int:
        """How many items it has."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The number of workers and their limits. ``timeout``: seconds of processor time for an item. A worker above
    ``memory`` bytes is killed; one above ``grown`` bytes finishes its task and is then replaced, as is one that has
    done ``recycle`` items."""

    workers: int = 1
    timeout: float = 60.0
    memory: int = 2_000_000_000
    grown: int = 300_000_000
    recycle: int = 50_000


@dataclass(frozen=True, slots=True)
class Ended:
    """Why an item has no result: the kind of error and the message."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A task as sent to a worker. ``skip``: items to leave out, and why. ``only``: try this item alone and store
    nothing."""

    task: Any
    skip: Mapping[int, Ended] = field(default_factory=dict)
    only: int | None = None
    tried: frozenset[int] = frozenset()
    deaths: int = 0

    @property
    def number(self) -> int:
        """The number of the task."""
        number: int = self.task.number
        return number


class Work(Protocol):
    """The function that a worker calls for an attempt. It calls ``mark`` with the number of each item that it
    begins."""

    def __call__(self, attempt: Attempt, mark: Any) -> Any:
        """Return the reply. It should be small: results belong in files."""


class Unmade(Protocol):
    """Work that is slow to build. The nursery builds it."""

    def ready(self) -> Work:
        """Build the work. ``Pool.ordered`` raises whatever this raises."""


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    connection: Connection
    slot: int
    attempts: deque[Attempt] = field(default_factory=deque)
    items: int = 0
    ending: Ended | None = None
    grown: bool = False


class Pool:
    """Workers for one kind of work. Use it in a ``with`` block: its end ends them all."""

    def __init__(self, work: Work | Unmade, limits: Limits) -> None:
        self._limits = limits
        self._marks = Marks(limits.workers)
        self._nursery = Nursery(work, self._marks)
        self._workers: list[_Worker] = []
        self._slots = list(range(limits.workers))
        self._again: deque[Attempt] = deque()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            self._nursery.kill(worker.pid)
            worker.connection.close()
        self._workers.clear()
        self._nursery.close()
        self._marks.close()

    def ordered(self, tasks: Iterable[Task], first: int = 0) -> Iterator[tuple[Any, Any]]:
        """Yield every task with its reply, in the order of their numbers, which start at ``first``. Raises whatever a
        worker raised, or ``PoolFault``."""
        source = iter(tasks)
        ready: dict[int, tuple[Any, Any]] = {}
        head = sent = first
        more = True
        while True:
            while more and sent - head < WINDOW * self._limits.workers and self._free():
                task = next(source, None)
                if task is None:
                    more = False
                else:
                    sent += 1
                    self._again.append(Attempt(task))
                    self._hand_out()
            self._hand_out()
            if not more and head == sent:
                return
            for attempt, reply in self._wait():
                if attempt.only is None:
                    ready[attempt.number] = attempt.task, reply
                else:  # alone it went well
                    self._again.appendleft(
                        replace(attempt, only=None, tried=attempt.tried | {attempt.only}, deaths=attempt.deaths)
                    )
            while head in ready:
                yield ready.pop(head)
                head += 1

    def _free(self) -> bool:
        return not self._again and (
            bool(self._slots)
            or any(not w.attempts or (len(w.attempts) < AHEAD and not self._old(w)) for w in self._workers)
        )

    def _old(self, worker: _Worker) -> bool:
        # One that is large from the start would be no smaller if it were replaced after every task.
        return (worker.grown and worker.items >= SETTLED) or worker.items >= self._limits.recycle

    def _hand_out(self) -> None:
        while self._again:
            attempt = self._again[0]
            worker = self._chosen(fresh=attempt.only is not None)
            if worker is None:
                return
            self._again.popleft()
            worker.attempts.append(attempt)
            worker.items += attempt.task.items
            with suppress(OSError):  # it has died: the next look finds that out, and all it had is handed out again
                worker.connection.send(attempt)

    def _chosen(self, *, fresh: bool) -> _Worker | None:
        for worker in [worker for worker in self._workers if not worker.attempts]:
            if fresh or self._old(worker):
                self._retire(worker)
        if self._slots and (fresh or all(worker.attempts for worker in self._workers)):
            return self._fork()
        if fresh:
            return None
        able = [worker for worker in self._workers if len(worker.attempts) < AHEAD and not self._old(worker)]
        return min(able, key=lambda worker: len(worker.attempts), default=None)

    def _fork(self) -> _Worker:
        slot = self._slots.pop(0)
        pid, connection = self._nursery.fork(slot)
        worker = _Worker(pid, connection, slot)
        self._workers.append(worker)
        return worker

    def _retire(self, worker: _Worker) -> int:
        """End a worker. Returns its exit status."""
        hang_up(worker.connection)  # an idle worker ends when nobody can send it anything
        status = self._nursery.reap(worker.pid)
        self._workers.remove(worker)
        self._slots.append(worker.slot)
        return status

    def _wait(self) -> Iterator[tuple[Attempt, Any]]:
        """Yield the replies that have arrived, and deal with workers that have died or must be ended."""
        waiting = wait([worker.connection for worker in self._workers if worker.attempts], POLL)
        for worker in list(self._workers):
            if worker.connection in waiting:
                try:
                    reply, fault, size = worker.connection.recv()
                except (EOFError, OSError):
                    self._died(worker)
                    continue
                attempt = worker.attempts.popleft()
                worker.grown = worker.grown or size > self._limits.grown
                if fault is not None:
                    raise fault
                yield attempt, reply
            elif worker.attempts and worker.ending is None:
                worker.ending = self._ending(worker)
                if worker.ending:
                    self._nursery.kill(worker.pid)

    def _ending(self, worker: _Worker) -> Ended | None:
        number, _, since, used = self._marks.get(worker.slot)
        if number == worker.attempts[0].number and since:
            most = self._limits.timeout
            passed = time.monotonic() - since
            now = processor_time(worker.pid) if passed > most else used
            if now is None or now - used > most:
                return Ended("timeout", f"took longer than {most:g} s of processor time; --timeout sets the limit")
            if passed > WAITING * most:
                return Ended("timeout", f"took {passed:.3g} s, most of it waiting; --timeout sets {most:g} s of work")
        if resident(worker.pid) > self._limits.memory:
            return Ended("memory", f"needed more than {self._limits.memory // 1_000_000:,} MB of memory")
        return None

    def _died(self, worker: _Worker) -> None:
        """Hand out the tasks of a dead worker again. The item that it was working on is tried alone, or given up if
        that has been tried."""
        number, item, _, _ = self._marks.get(worker.slot)
        self._marks.clear(worker.slot)
        why = self._retire(worker)
        attempts = list(worker.attempts)
        attempt = attempts[0]
        if number != attempt.number or item == IDLE:
            attempt = replace(attempt, deaths=attempt.deaths + 1)
            if attempt.deaths >= LIVES:
                what = worker.ending.message if worker.ending else _words(why)
                raise PoolFault(f"one worker after the other {what}, before it began an article")
        elif attempt.only is None and item not in attempt.tried:
            attempt = replace(attempt, only=item)
        else:
            ended = worker.ending or Ended("crashed", f"the process that cleaned it {_words(why)}, twice")
            attempt = replace(attempt, only=None, skip={**attempt.skip, item: ended})
        self._again.extendleft(reversed([attempt, *attempts[1:]]))


def _words(status: int) -> str:
    import signal

    if status >= 0:
        return f"ended with exit code {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"was killed by {name}" + (" (out of memory, perhaps)" if -status == signal.SIGKILL else "")
