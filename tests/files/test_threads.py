"""Threads that are gone when they are said to be."""

from __future__ import annotations

import os
import sys

import pytest

from cleaner.files.threads import threads


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the threads of a process are not in /proc")
def test_none_is_left() -> None:
    before = len(os.listdir("/proc/self/task"))
    for _ in range(300):
        with threads(8) as some:
            assert sorted(some.map(str.upper, "abcdefgh")) == list("ABCDEFGH")
        assert len(os.listdir("/proc/self/task")) == before


def test_what_goes_wrong_comes_out() -> None:
    with pytest.raises(ZeroDivisionError), threads(2) as some:
        list(some.map(lambda each: 1 // each, [1, 0]))
