"""Articles for the programs in this folder: as many as one wants, each a little different, always the same ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"

SMALL = 4
"""Lines of a small article, besides its title."""


def texts(number: int, *, small: bool = True) -> Iterator[str]:
    """``number`` articles made of the sentences and the boilerplate of the seeds."""
    sources = [path.read_text(encoding="utf-8").splitlines() for path in sorted(SEEDS.glob("*.txt"))]
    for n in range(number):
        dice = random.Random(n)
        lines = dice.choice(sources)
        if small:
            begin = dice.randrange(max(1, len(lines) - SMALL))
            lines = lines[begin : begin + SMALL]
        yield "\n".join([f"Report {n} of the day", "", *lines, ""])


def folder(path: Path, number: int, *, small: bool = True) -> Path:
    """The articles as files, a thousand in a folder."""
    for n, text in enumerate(texts(number, small=small)):
        target = path / f"{n // 1000:04}" / f"{n:07}.txt"
        if n % 1000 == 0:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return path


def jsonl(path: Path, number: int, *, small: bool = True) -> Path:
    """The articles as one JSONL file."""
    with open(path, "w", encoding="utf-8") as file:
        for n, text in enumerate(texts(number, small=small)):
            record = {"id": f"doc-{n}", "text": text, "url": f"https://example.org/{n}", "score": n / 7}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path
