"""Scores against gold spans, as every test of accuracy counts them: characters that are not white space."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
NEUTRAL = frozenset(("unsure", "editorial-note"))


@dataclass(frozen=True, slots=True)
class Case:
    """A text with its gold spans: start, end and category."""

    id: str
    text: str
    language: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Characters: removed rightly, removed wrongly, left in wrongly."""

    hits: int
    lost: int
    missed: int

    @property
    def exact(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.missed)


def seeds() -> list[Case]:
    """The articles in seeds/ with the spans of tests/cases/seeds.jsonl."""
    return [_case(row, (ROOT / "seeds" / f"{row['id']}.txt").read_bytes().decode()) for row in _rows("seeds")]


def invented() -> list[Case]:
    """The short cases of tests/cases/invented.jsonl."""
    return [_case(row, row["text"]) for row in _rows("invented")]


def _rows(name: str) -> Iterable[dict[str, Any]]:
    path = ROOT / "tests" / "cases" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _case(row: dict[str, object], text: str) -> Case:
    spans = row["spans"]
    assert isinstance(spans, list)
    return Case(str(row["id"]), text, str(row["lang"]), tuple((s["start"], s["end"], s["category"]) for s in spans))


def score(case: Case, removed: Sequence[tuple[int, int]]) -> Score:
    """How the removed spans compare with the gold of a case."""
    gold: dict[int, str] = {place: c for start, end, c in case.spans for place in range(start, end)}
    gone = {place for start, end in removed for place in range(start, end)}
    places = [p for p, c in enumerate(case.text) if not c.isspace() and gold.get(p) not in NEUTRAL]
    return Score(
        hits=sum(p in gold and p in gone for p in places),
        lost=sum(p not in gold and p in gone for p in places),
        missed=sum(p in gold and p not in gone for p in places),
    )


def wrong(case: Case, removed: Sequence[tuple[int, int]]) -> str:
    """The stretches that are wrong, for a person to read."""
    gold = {place for start, end, c in case.spans if c not in NEUTRAL for place in range(start, end)}
    skip = {place for start, end, c in case.spans if c in NEUTRAL for place in range(start, end)}
    gone = {place for start, end in removed for place in range(start, end)}
    lines: list[str] = []
    for name, places in (("lost", gone - gold - skip), ("left in", gold - gone)):
        run: list[int] = []
        for place in [*sorted(p for p in places if not case.text[p].isspace()), -1]:
            if run and (place < 0 or case.text[run[-1] + 1 : place].strip() or "\n" in case.text[run[-1] : place]):
                lines.append(f"  {name}: {case.text[run[0] : run[-1] + 1]!r}")
                run = []
            run.append(place)
    return "\n".join(lines)
