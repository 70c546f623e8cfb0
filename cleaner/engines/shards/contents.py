"""Digests of the files of a unit, when the plan is made and when the unit is done."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence

from cleaner.files import disk, remote
from cleaner.files.remote import is_remote
from cleaner.files.threads import threads
from cleaner.run import worker
from cleaner.run.naming import Job
from cleaner.run.units import FILES

TOGETHER = 16
"""The number of files about which a store is asked at once."""


def of_files(jobs: Sequence[Job], most: int) -> str:
    """Return the digest of files with one article each. It is made of the keys by which a run knows its units."""
    if any(is_remote(job.path) for job in jobs):
        return stamps([job.path for job in jobs])
    groups = [jobs[at : at + FILES] for at in range(0, len(jobs), FILES)]
    return joined(worker.key(few, (worker.content(job, most) for job in few)) for few in groups)


def joined(keys: Iterable[str]) -> str:
    """Return the digest of a sequence of units."""
    return hashlib.sha256(" ".join(keys).encode()).hexdigest()


def of_table(path: str) -> str:
    """Return the digest of a whole table, or an empty text if it can't be read: the run then reports the error."""
    try:
        if is_remote(path):
            return remote.stamp(path)
        digest = hashlib.sha256()
        with disk.opened(path) as file:
            while data := file.read(disk.PIECE):
                digest.update(data)
        return digest.hexdigest()
    except OSError:
        return ""


def stamps(paths: Sequence[str]) -> str:
    """Return the digest of remote files, from what their store says about them. They are not read."""
    with threads(TOGETHER) as some:
        return joined(some.map(_stamp, paths))


def _stamp(path: str) -> str:
    try:
        return remote.stamp(path)
    except OSError:
        return ""


def length(path: str) -> int:
    """Return the size of a local or remote file in bytes, or 0 if it is missing."""
    try:
        return remote.size(path) if is_remote(path) else os.path.getsize(path)
    except OSError:
        return 0
