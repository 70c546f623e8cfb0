"""Tags with thousands of attributes: the first are kept, a note says so, and the time stays in proportion."""

from __future__ import annotations

import json
from pathlib import Path
from time import thread_time

import pytest
from sample import Run

import cleaner
from cleaner.reading.attributes import AT_ONCE, MOST, NOTE, capped, may_be_full
from cleaner.reading.html import parse

PAGE = "<h1>Bridges</h1><p>The bridge opened on Monday, a year late.</p>"


@pytest.mark.parametrize("value", ["1", '"<"', "'>'", '"a b"', "'\"'"])
def test_the_first_attributes_stay(value: str) -> None:
    tree = parse(f"{PAGE}<div id=foot " + " ".join(f"a{n}={value}" for n in range(3 * MOST)) + ">Foot</div>")
    foot = tree.root.get_element_by_id("foot")
    assert len(foot.attrib) == MOST and foot.text == "Foot"
    assert tree.notes == (NOTE,)


@pytest.mark.parametrize(
    "page",
    [
        f"{PAGE}<div " + " ".join(f"a{n}=1" for n in range(MOST)) + ">Foot</div>",
        f'{PAGE}<img alt="{"long " * 5000}">',
        f"{PAGE}<p title='{'=' * 9000}' {'x' * 9000}>Foot",
        PAGE + "<p class=a title='>'>x" * 3000,
    ],
)
def test_other_pages_are_read_as_they_are(page: str) -> None:
    assert parse(page).notes == ()


@pytest.mark.parametrize("before", [0, 1, MOST - 3, AT_ONCE - 2, AT_ONCE - 1, AT_ONCE, 3 * AT_ONCE + 7])
@pytest.mark.parametrize("end", [">Foot</p>", ""])
def test_a_full_tag_is_seen_wherever_it_stands(before: int, end: str) -> None:
    page = "x" * before + "<p " + "a " * MOST + end
    assert may_be_full(page.encode()) and not may_be_full(page.replace("a ", "", 1).encode())
    values = "x" * before + "<p " + "a='<' " * (MOST // 2)
    assert may_be_full(values.encode()) and not may_be_full(values.replace("'<'", "'x'", 1).encode())


def test_a_quote_that_nothing_closes_costs_no_text() -> None:
    page = '<p><a title="So"called" href="b.html">The bridge</a> ' + "opened on Monday. " * 900 + '<p>"Nobody cheered."'
    assert capped(page) == (page, False)


@pytest.mark.parametrize("unit", ["a{}=1 ", "a{}='<' ", 'a{}=">" ', "<a ", '<a "x ', "<a '\"", "= ", '"a"'])
def test_the_time_is_linear(unit: str) -> None:
    def took(units: int) -> float:
        page = "<p " + "".join(unit.format(n) for n in range(units)) + ">Foot</p>"
        began = thread_time()
        parse(page)
        return thread_time() - began

    assert min(took(40_000) for _ in range(2)) < 12 * min(took(10_000) for _ in range(2)) + 0.1


def test_a_tag_that_nothing_closes_is_capped_too() -> None:
    page = f"{PAGE}<p " + "".join(f'a{n}="{n}" ' for n in range(3 * MOST)) + "</article><p>Nobody cheered."
    text, full = capped(page)
    assert full and text.endswith("</article><p>Nobody cheered.") and text.count('="') == MOST


def test_a_run_notes_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text(f"{PAGE}<p {'b=1 ' * 2000}>Nobody will miss the old one.</p>")
    assert run("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    record = json.loads((tmp_path / "out" / "articles.jsonl").read_text().splitlines()[1])
    assert record["page"]["notes"] == [NOTE]
    assert "old one" in cleaner.clean_html((tmp_path / "in" / "a.html").read_text()).article.text
