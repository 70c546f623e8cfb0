"""The articles and rules that many tests use."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from cleaner.results import out_folder

Run = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).parent.parent

RULES = """\
category: promotion
language: any
rules:
  - id: promotion/ad
    about: Says that an advertisement stood here.
    any: ['^advertisement$']
    removes: ["Before.\\n[[Advertisement]]\\nAfter."]
    keeps: ['The advertisement was banned.']
  - id: promotion/buy
    about: Tells the reader to buy.
    unit: sentence
    any: ['\\bbuy it now\\b']
    removes: ['It is good. [[Buy it now.]]']
    keeps: ['They may buy it tomorrow.']
  - id: promotion/perhaps
    about: May be an offer.
    any: ['\\bspecial offer\\b']
    score: 0.3
    removes: ['[[A special offer.]]']
    keeps: ['The offer was special.']
"""

ARTICLE = "The bridge opened on Monday, and thousands came.\nAdvertisement\nTraffic flowed by noon. Buy it now!\n"
CLEAN = "The bridge opened on Monday, and thousands came.\nTraffic flowed by noon.\n"


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def tree(folder: Path) -> dict[str, bytes]:
    """All files but those of a run that was stopped."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and out_folder.PARTIAL not in path.parts
    }
