"""What engines call on a unit, in a process that lives longer than one plan: as those of a cluster do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sample import Run, tree

from cleaner.engines import one_unit
from cleaner.engines.one_unit import Task
from cleaner.engines.shards import plan as plans
from cleaner.errors import OutFault
from cleaner.results import log

OWN = ("done/", "parts/", "repeats/", "plan.jsonl")


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    one_unit.close()


def lines(folder: Path) -> list[str]:
    plan = plans.read(str(folder))
    return [log.dump(plans.unit_record(unit, plan.tops())) for unit in plan.units()]


def task(folder: Path) -> Task:
    return Task.of(plans.read(str(folder)))


def test_another_plan_in_the_same_place(run: Run, articles: Path, tmp_path: Path) -> None:
    many, one = tmp_path / "many", tmp_path / "one"
    run("plan", articles, "--out", many)
    first = task(many)
    assert [first(line).fault for line in lines(many)] == [""]
    assert [first(line).again for line in lines(many)] == [True]
    old = lines(many)
    run("plan", articles, "--out", many, "--kept", "--ignore", "judge")
    assert [task(many)(line).again for line in lines(many)] == [False]
    run("gather", many)
    run("run", articles, "--out", one, "--kept", "--ignore", "judge")
    assert {name: data for name, data in tree(many).items() if not name.startswith(OWN)} == tree(one)
    with pytest.raises(OutFault, match="planned or counted again"):
        first(old[0])


def test_a_plan_that_is_gone(run: Run, articles: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", articles, "--out", many)
    given, (line,) = task(many), lines(many)
    (many / "plan.jsonl").unlink()
    with pytest.raises(OutFault, match="there is no plan"):
        given(line)


def test_nothing_to_count(run: Run, articles: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    run("plan", articles, "--out", many, "--repeats", "off")
    with pytest.raises(OutFault, match="nothing to count"):
        Task.of(plans.read(str(many)), count=True)(lines(many)[0])
