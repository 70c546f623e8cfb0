"""Calls a function on one value after another in a separate process, each within limits of time and memory."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.run.pool import Attempt, Ended, Limits, Pool

KEPT = 2
"""The number of processes that a thread keeps, each for one function and its limits."""

_HERE = threading.local()
_WARM: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class _Values:
    number: int
    values: Sequence[Any]

    @property
    def items(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class _Each:
    action: Callable[[Any], Any]
    first: Sequence[Any]

    def __call__(self, attempt: Attempt, mark: Callable[[int], None]) -> list[Any] | None:
        if _WARM.get("pid") != os.getpid():
            _WARM["pid"] = os.getpid()
            for value in self.first:
                self.action(value)
        if attempt.only is not None:
            mark(attempt.only)
            self.action(attempt.task.values[attempt.only])
            return None
        found: list[Any] = []
        for number, value in enumerate(attempt.task.values):
            if number in attempt.skip:
                found.append(attempt.skip[number])
            else:
                mark(number)
                found.append(self.action(value))
        return found


def each(
    key: object, action: Callable[[Any], Any], values: Sequence[Any], limits: Limits, first: Sequence[Any] = ()
) -> list[Any]:
    """Return the result of ``action`` for each value, or an ``Ended`` for a value that exceeded a limit.

    A new process handles the values in ``first`` before all others, so that loading counts against none of these. The
    process is kept for later calls with the same ``key`` and limits in the same thread. Raises ``PoolFault``, and
    whatever ``action`` raises.
    """
    pool = _pool(key, action, limits, first)
    try:
        ((_, found),) = pool.ordered([_Values(0, values)])
    except BaseException:
        _forget(key, limits)  # it may be at work still
        raise
    return list(found)


def _pool(key: object, action: Callable[[Any], Any], limits: Limits, first: Sequence[Any]) -> Pool:
    if getattr(_HERE, "pid", None) != os.getpid():  # those of a process that this was forked from are not its own
        _HERE.pid, _HERE.pools = os.getpid(), {}
        atexit.register(_end, _HERE.pools, os.getpid())
    pools: dict[tuple[int, Limits], tuple[object, Pool]] = _HERE.pools
    known = id(key), limits
    if known not in pools:
        if len(pools) == KEPT:
            pools.pop(next(iter(pools)))[1].__exit__()
        pools[known] = key, Pool(_Each(action, first), limits)  # with the key, whose number another could get else
    return pools[known][1]


def _end(pools: dict[Any, tuple[object, Pool]], pid: int) -> None:
    """End the processes that a thread has kept, unless they belong to the parent of this process."""
    while pools and os.getpid() == pid:
        pools.popitem()[1][1].__exit__()


def _forget(key: object, limits: Limits) -> None:
    held = _HERE.pools.pop((id(key), limits), None)
    if held is not None:
        held[1].__exit__()


__all__ = ["Ended", "each"]
