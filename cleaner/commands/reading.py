"""The articles of a folder, one after the other, for commands that only look at them."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

import click

from cleaner.commands.options import Refusal, safe

if TYPE_CHECKING:
    from tqdm import tqdm

T = TypeVar("T")
FAILURES_SHOWN = 10
SEED = 1
"""Of what is drawn at random, so that the same call shows the same."""


class Sample(Generic[T]):
    """At most so many of what it is given, each as likely as any other, in the order in which they came.

    >>> sample = Sample(2)
    >>> sample.fill("abcdef")
    >>> len(sample.chosen)
    2
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._random = random.Random(SEED)
        self._given = 0
        self._chosen: list[tuple[int, T]] = []

    def add(self, item: T) -> None:
        """Give it one more."""
        self._given += 1
        if len(self._chosen) < self._size:
            self._chosen.append((self._given, item))
        elif (place := self._random.randrange(self._given)) < self._size:
            self._chosen[place] = (self._given, item)

    def fill(self, items: Iterable[T]) -> None:
        """Give it several."""
        for item in items:
            self.add(item)

    @property
    def chosen(self) -> list[T]:
        """Those that it holds."""
        return [item for _, item in sorted(self._chosen, key=lambda pair: pair[0])]


def each_article(folder: str, look: Callable[[str, str, str | None], object]) -> tuple[int, int]:
    """Call ``look`` with id, text and url of every article of a folder; how many there were, and how many failed.

    Those that can't be read are named on standard error.
    """
    from cleaner.errors import DecodeFault, InputFault
    from cleaner.files import disk
    from cleaner.reading.decoding import decode
    from cleaner.run.inputs import walk
    from cleaner.run.naming import plan
    from cleaner.tables.formats import SUFFIXES

    try:
        listing = walk([folder])
        if not listing.found and not listing.troubles:
            raise InputFault(f"{folder}: no articles here: they are files that end in {' '.join(SUFFIXES)}")
    except InputFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    failures = [(trouble.source, trouble.message) for trouble in listing.troubles]
    jobs = plan(listing.found, listing.roots)
    with progress(len(jobs), "articles") as bar:
        for job in jobs:
            host = job.site()
            try:
                look(job.id, decode(disk.read(job.path)).text, f"//{host}/" if host else None)
            except DecodeFault as fault:
                failures.append((job.id, str(fault)))
            except OSError as error:
                failures.append((job.id, disk.why(error)[1]))
            bar.update()
    for name, message in failures[:FAILURES_SHOWN]:
        click.echo(safe(f"{name}: {message}"), err=True)
    if len(failures) > FAILURES_SHOWN:
        click.echo(f"… and {len(failures) - FAILURES_SHOWN:,} more failed", err=True)
    return len(jobs), len(failures)


AT_ONCE = 500
"""Articles of a log between two looks at the clock."""


def watched(items: Iterable[T], total: int, doing: str) -> Iterator[T]:
    """The same items, with a bar that says what is done and how long yet. ``total``: how many there will be."""
    with progress(total, "articles", doing) as bar:
        number = 0
        for number, item in enumerate(items, 1):
            yield item
            if number % AT_ONCE == 0:
                bar.update(AT_ONCE)
        bar.update(number % AT_ONCE)


def progress(total: int, unit: str, doing: str | None = None) -> tqdm[NoReturn]:
    """A bar on standard error, if that is a terminal."""
    from tqdm import tqdm

    return tqdm(
        desc=doing,
        total=total,
        unit=f" {unit}",
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
        leave=False,
        dynamic_ncols=True,
    )
