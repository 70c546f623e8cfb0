"""What belongs together stays together, and what its words speak against goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pages import PROSE

from cleaner import Cleaner

CLEANERS = {fast: Cleaner(fast=fast) for fast in (False, True)}
TEXT = "".join(f"<p>{each}</p>" for each in PROSE)


def left(body: str, fast: bool = False, head: str = "") -> str:
    page = f"<html><head>{head}</head><body><article><h1>The old bridge</h1>{body}</article></body></html>"
    return CLEANERS[fast].clean_html(page).text


@pytest.mark.parametrize("fast", (False, True))
def test_a_list_goes_on_with_the_paragraph_above_it(fast: bool) -> None:
    assert "Lamp" in left(f"{TEXT}<p>What was found in the river:</p><ul><li>Sand<li>Lamp</ul>", fast)
    assert "Lamp" not in left(f"{TEXT}<p>What was found in the river:</p><ul class=share><li>Sand<li>Lamp</ul>", fast)


@pytest.mark.parametrize("fast", (False, True))
def test_code_stays_with_the_text_around_it(fast: bool) -> None:
    assert "make all" in left(f"{TEXT}<div class=x><pre>make\nmake all</pre></div><p>{PROSE[0]}</p>", fast)


@pytest.mark.parametrize("fast", (False, True))
def test_rules_for_prose_claim_no_line_of_code_and_no_row_of_data_amid_others(fast: bool) -> None:
    code = "<pre>for x in y:\n    print(x)\n    share(x)</pre>"
    rows = "<tr><th>Month<th>2021<tr><td>May<td>41<tr><td>June<td>77<tr><td>Reeds<td>12<tr><td>Oaks<td>3"
    kept = left(f"{TEXT}{code}<p>{PROSE[0]}</p><table>{rows}</table><p>{PROSE[1]}</p>", fast)
    assert "print(x)" in kept and "May | 41" in kept


@pytest.mark.parametrize("fast", (False, True))
def test_what_the_data_of_a_page_names_stays(fast: bool) -> None:
    steps = ["Saw it.", "Oil it twice."]
    data = json.dumps(
        {"@type": "Recipe", "recipeIngredient": ["2 beams"], "recipeInstructions": [{"text": s} for s in steps]}
    )
    body = "<div class=i>2 beams</div>" + "".join(f"<div class=s>{step}</div>" for step in steps)
    text = left(TEXT + f"<div class=box>{body}</div>", fast, f'<script type="application/ld+json">{data}</script>')
    assert all(each in text for each in ("2 beams", *steps))


def test_words_speak_against_a_box_whose_names_tell_nothing() -> None:
    cases = (Path(__file__).parents[2] / "cases" / "pages.jsonl").read_text("utf-8").splitlines()
    page = next(case["html"] for case in map(json.loads, cases) if case["id"] == "paywall-note")
    result = CLEANERS[False].clean_html(page)
    assert any("Join for a month" in span.text for span in result.removed)
    plain = page.replace("Join for a month and read all of it", "They meet in the house on the first of May")
    plain = plain.replace("This text is for members", "The oars were made by members")
    assert "They meet in the house" in CLEANERS[False].clean_html(plain).text


def test_a_claim_by_its_words_names_the_kind_before_the_markup_does() -> None:
    note = "Correction: an earlier version of this text gave the wrong year for the flood of 1987."
    assert note in left(f"{TEXT}<footer><p>{note}</p></footer>")


@pytest.mark.parametrize(
    ("page", "expected"),
    (
        ("<p>Labour reporter<span>05 Jun 2025</span></p>", "Labour reporter 05 Jun 2025"),
        ("<p>In 10 m<sup>20</sup></p>", "In 10 m20"),
        ("<div>Labour reporter<div>05 Jun 2025</div></div>", "Labour reporter\n05 Jun 2025"),
        ("<p>Labour reporter<br>05 Jun 2025</p>", "Labour reporter\n05 Jun 2025"),
        ("<tr><td>Labour<td>05 Jun</tr>", "Labour | 05 Jun"),
        ("<ul><li>Labour<li>05 Jun</ul>", "- Labour\n- 05 Jun"),
        ("<a href=a>Labour</a><a href=b>Tories</a>", "Labour Tories"),
        ("<span>Labour</span><time>June</time>", "Labour June"),
        ("<h2>Labour</h2>reporter<p>June</p>today", "Labour\nreporter\nJune\ntoday"),
        ("<dl><dt>Labour<dd>June</dl>", "Labour\nJune"),
        ("<button>Labour</button><label>June</label>", "Labour\nJune"),
        ("<p>Labour</p><!-- x --><p>June</p>", "Labour\nJune"),
        ("<option>x</option><p>a<p>b", "x\na\nb"),
    ),
)  # fmt: skip
def test_blocks_are_never_glued(page: str, expected: str) -> None:
    assert CLEANERS[True].clean_html(f"<html><body>{page}</body></html>").article.text == expected
