"""Does a share of a plan on this machine: one unit after the other, each by several workers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from cleaner.engines.shards import marks, recipe, repeats, unit
from cleaner.engines.shards.marks import Mark
from cleaner.engines.shards.plan import Plan, PlanUnit
from cleaner.engines.shards.unit import Changed, PlacedWork
from cleaner.errors import OutFault
from cleaner.files.sites_store import Stored
from cleaner.run.pool import Limits, Pool, Unmade, Work


@dataclass(frozen=True, slots=True)
class Told:
    """The outcome of a unit: its ``mark``, or a message in ``fault``. ``again``: whether it was done before."""

    unit: PlanUnit
    mark: Mark | None = None
    again: bool = False
    fault: str = ""


def share(units: Iterable[PlanUnit], number: int = 1, of: int = 1) -> list[PlanUnit]:
    """Return the units of one shard out of ``of``. Every unit is in exactly one shard.

    >>> share("abcdefg", 2, 3)
    ['b', 'e']
    """
    return [each for at, each in enumerate(units) if at % of == number - 1]


@dataclass(frozen=True, slots=True)
class Planned:
    """What workers do for a plan. The nursery makes the cleaner, no earlier process does."""

    plan: Plan
    counts: Stored | None

    def ready(self) -> PlacedWork:
        """Build the work. Raises ``OutFault``."""
        cleaner = recipe.cleaner(self.plan)
        return PlacedWork(cleaner.with_repeats(self.counts) if self.counts else cleaner, self.plan.options)


class Bench:
    """Workers that do units of a plan. Use it in a ``with`` block.

    ``count``: they only sketch the articles, to count what sites repeat. Raises ``OutFault`` or ``OSError``.
    """

    def __init__(self, plan: Plan, limits: Limits, *, count: bool = False) -> None:
        self.plan = plan
        self.repeats: str | None = None
        self._count = count
        self._stack = ExitStack()
        self._limits = limits
        try:
            self._work: Work | Unmade = self._counting() if count else self._cleaning()
            self._pool = Pool(self._work, limits)
        except BaseException:
            self._stack.close()
            raise

    def _counting(self) -> repeats.Sketching:
        if not self.plan.counted:
            raise OutFault(
                f"{self.plan.path}: says that sites are not counted (--repeats), or are too small: nothing to count"
            )
        return repeats.Sketching(self.plan.options)

    def _cleaning(self) -> Planned:
        recipe.check(self.plan)
        known, self.repeats = self._stack.enter_context(repeats.known(self.plan))
        return Planned(self.plan, known)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        with self._stack:
            self._pool.__exit__()

    def do(self, each: PlanUnit) -> Told:
        """Do a unit unless it is done, and return the outcome. Raises ``OutFault``, ``WriteFault``, ``PoolFault`` or
        ``OSError``."""
        try:
            if self._count:
                return Told(each, again=not repeats.sketch_unit(self.plan, each, self._pool))
            made = marks.fits(self.plan, each, self.repeats)
            if made is not None:
                return Told(each, made, again=True)
            return Told(each, unit.do(self.plan, each, self._pool, self.repeats))
        except Changed as fault:
            self._pool.__exit__()  # workers may still be at what was handed out before that was seen
            self._pool = Pool(self._work, self._limits)
            return Told(each, fault=str(fault))
