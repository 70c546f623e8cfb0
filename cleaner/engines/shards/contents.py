"""Digests of what is in the files of a unit: as the plan saw it, and as it is when its turn comes."""

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
"""Files that a store is asked about at once."""


def of_files(jobs: Sequence[Job], most: int) -> str:
    """The digest of files that are one article each; what a run knows its units by is what it is made of."""
    if any(is_remote(job.path) for job in jobs):
        return stamps([job.path for job in jobs])
    groups = [jobs[at : at + FILES] for at in range(0, len(jobs), FILES)]
    return joined(worker.key(few, (worker.content(job, most) for job in few)) for few in groups)


def joined(keys: Iterable[str]) -> str:
    """The digest of units one behind the other."""
    return hashlib.sha256(" ".join(keys).encode()).hexdigest()


def of_table(path: str) -> str:
    """The digest of a whole table, or nothing if it can't be read: what a run says of it then is its result."""
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
    """The digest of files that lie elsewhere, by what their store says of them. They are not read."""
    with threads(TOGETHER) as some:
        return joined(some.map(_stamp, paths))


def _stamp(path: str) -> str:
    try:
        return remote.stamp(path)
    except OSError:
        return ""


def length(path: str) -> int:
    """The bytes of a file, wherever it lies; 0 if it is gone."""
    try:
        return remote.size(path) if is_remote(path) else os.path.getsize(path)
    except OSError:
        return 0
