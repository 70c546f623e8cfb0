"""Threads for what waits on a network, none of which is left afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import get_native_id

PATIENCE = 5.0
"""Seconds that the system gets to end threads."""


@contextmanager
def threads(number: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads, for a ``with`` block.

    Python joins a thread a moment before the system has ended it, and a process that has threads is not forked from
    (``run.forkserver``): on a busy machine that moment is long.
    """
    begun: list[int] = []
    try:
        with ThreadPoolExecutor(number, initializer=lambda: begun.append(get_native_id())) as pool:
            yield pool
    finally:
        until = time.monotonic() + PATIENCE
        while any(os.path.exists(f"/proc/self/task/{each}") for each in begun) and time.monotonic() < until:
            time.sleep(0.001)
