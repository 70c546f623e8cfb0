"""Pages of many makes: what of them must stay and what must go, all of each page invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "pages.jsonl").read_text("utf-8").splitlines()]
MAKES = {"default": Cleaner(), "body": Cleaner(profile="body"), "fast": Cleaner(profile="body", fast=True)}
KNOWN_FAILURES = {
    ("recipe-div", "fast"),
    *(("default-like-2", make) for make in MAKES),
    *((name, make) for name in ("old-tables", "gov-guide") for make in MAKES),
    *((name, make) for name in ("wiki-infobox", "pre-letter") for make in ("default", "body")),
    *((name, "fast") for name in ("docs-code", "recipe-card", "liveblog-div", "medium-like")),
}


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_page(case: dict[str, Any], make: str, request: pytest.FixtureRequest) -> None:
    if (case["id"], make) in KNOWN_FAILURES:
        request.node.add_marker(pytest.mark.xfail(strict=True))
    text = " ".join(MAKES[make].clean_html(case["html"], url=case["url"]).text.split())
    assert [phrase for phrase in case["must_keep"] if phrase not in text] == []
    assert [phrase for phrase in case["must_go"] if phrase in text] == []
