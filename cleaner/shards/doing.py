"""A share of a plan, done here: its units one after the other, each by some workers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from cleaner.errors import OutFault
from cleaner.run.pool import Limits, Pool
from cleaner.shards import marks, recipe, repeats, unit
from cleaner.shards.marks import Mark
from cleaner.shards.plan import Plan, PlanUnit
from cleaner.shards.unit import Changed, PlacedWork


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a unit: ``mark``, or ``fault`` in words. ``again``: it was done before."""

    unit: PlanUnit
    mark: Mark | None = None
    again: bool = False
    fault: str = ""


def share(units: Iterable[PlanUnit], number: int = 1, of: int = 1) -> list[PlanUnit]:
    """The units of one shard of several; all shards together have each unit once.

    >>> share("abcdefg", 2, 3)
    ['b', 'e']
    """
    return [each for at, each in enumerate(units) if at % of == number - 1]


class Bench:
    """Workers that do the units of a plan, as many as come. Use it in a ``with`` block."""

    def __init__(self, plan: Plan, limits: Limits) -> None:
        self.plan = plan
        self._stack = ExitStack()
        self._limits = limits
        try:
            known, self.repeats = self._stack.enter_context(repeats.known(plan))
            cleaner = recipe.cleaner(plan)
            if known is not None:
                cleaner = cleaner.with_repeats(known)
            self._work = PlacedWork(cleaner, plan.options)
            self._pool = Pool(self._work, limits)
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        with self._stack:
            self._pool.__exit__()

    def do(self, each: PlanUnit) -> Told:
        """Do a unit, unless it is done. Raises ``WriteFault``, ``PoolFault``, ``OSError``."""
        made = marks.fits(self.plan, each, self.repeats)
        if made is not None:
            return Told(each, made, again=True)
        try:
            return Told(each, unit.do(self.plan, each, self._pool, self.repeats))
        except Changed as fault:
            self._pool.__exit__()  # workers may still be at what was handed out before that was seen
            self._pool = Pool(self._work, self._limits)
            return Told(each, fault=str(fault))


class Counting:
    """Workers that sketch the articles of units for what their sites repeat, as many as come. Use as ``Bench``."""

    def __init__(self, plan: Plan, limits: Limits) -> None:
        if not plan.counted:
            raise OutFault(
                f"{plan.path}: says that sites are not counted (--repeats), or are too small: nothing to count"
            )
        self.plan = plan
        self._limits = limits
        self._pool = Pool(repeats.Sketching(plan.options), limits)

    def __enter__(self) -> Counting:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.__exit__()

    def do(self, each: PlanUnit) -> Told:
        """Sketch the articles of a unit, unless that is done. Raises as ``Bench.do``."""
        try:
            return Told(each, again=not repeats.sketch_unit(self.plan, each, self._pool))
        except Changed as fault:
            self._pool.__exit__()  # workers may still be at what was handed out before that was seen
            self._pool = Pool(repeats.Sketching(self.plan.options), self._limits)
            return Told(each, fault=str(fault))
