"""Report and review in a real browser: what a person sees, presses and loses. ``make test-browser`` runs these.

They need Playwright and a Chromium of the system. ``SCREENSHOTS=FOLDER`` keeps what was seen.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Seen, lines, reviewing, saved
from conftest import apart

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PAGE = """<!doctype html><html><head><title>The bridge</title><link rel=stylesheet href="https://a.example/s.css">
<meta http-equiv=refresh content="0;url=https://a.example/"></head><body>
<nav><a href="https://a.example/">Start</a> <a href="/news">News</a></nav>
<article><h1>The bridge opens</h1><img src="https://a.example/i.png">{}</article>
<script>document.title = "run"; fetch("https://a.example/x")</script>
<footer>Imprint of the Post</footer></body></html>"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over some 130 articles, two of them pages."""
    folder = tmp_path_factory.mktemp("run")
    for number in range(130):
        site = folder / "in" / f"site{number % 5}.example.org"
        site.mkdir(parents=True, exist_ok=True)
        day = DAYS[number % 7]
        (site / f"{number}.txt").write_text(
            f"The council of ward {number} met on {day}, and talked about the bridge for {number + 2} hours.\n"
            f"Photo: The mayor waits at ramp {number}. (Jo Field/Harbour Post)\n"
            f"It will open when the paint is dry, the mayor of ward {number} said on {day}.\n"
            f"Sign up for our newsletter no. {number} and get the news each {day}.\n"
            f"Traffic in ward {number} flowed by noon, and a ferry made its last trip.\n"
        )
    text = "".join(
        f"<p>The council met for the {n}th time to talk about the bridge, and about roads.</p>" for n in range(9)
    )
    for number in range(2):
        (folder / "in" / "site0.example.org" / f"a{number}.html").write_text(PAGE.format(text))
    result = apart("run", folder / "in", "--out", folder / "out", "--kept", "--workers", "1")
    assert result.returncode == 0, result.stderr
    assert apart("report", folder / "out").returncode == 0
    return folder / "out"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def look(browser: Any) -> Iterator[Any]:
    seen: list[Seen] = []

    def open_one(**more: Any) -> Seen:
        seen.append(Seen(browser, **more))
        return seen[-1]

    yield open_one
    for one in seen:
        one.context.close()


@pytest.fixture
def fresh(out: Path, tmp_path: Path) -> Path:
    """The run without corrections, in a place of its own."""
    shutil.copytree(out.parent, tmp_path / "run")
    return tmp_path / "run" / "out"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_report(out: Path, look: Any, width: int, scheme: str) -> None:
    seen = look(width=width, scheme=scheme)
    seen.page.goto((out / "report.html").as_uri())
    for part in seen.page.query_selector_all("details")[:6]:
        part.evaluate("part => part.open = true")
    seen.picture(f"report-{width}-{scheme}")
    assert seen.faults() == [] and seen.wrong == [] and seen.outside == [] and not seen.overflows()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_review(fresh: Path, look: Any, width: int, scheme: str) -> None:
    with reviewing(fresh) as started:
        seen = look(width=width, scheme=scheme)
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        for key in ("a", "r", "i"):
            seen.page.keyboard.press(key)
        saved(seen.page, 2)
        seen.page.wait_for_selector("#reason:not([hidden])")
        seen.picture(f"review-{width}-{scheme}")
        assert seen.faults() == [] and not seen.overflows()
        seen.page.keyboard.press("c")
        seen.page.wait_for_selector("#choose[open]")
        seen.picture(f"review-choose-{width}-{scheme}")
        assert seen.faults() == []
        seen.page.keyboard.press("Escape")
        seen.page.click("#filters summary")
        seen.picture(f"review-filters-{width}-{scheme}")
        assert seen.faults() == [] and seen.wrong == [] and seen.outside == [] and not seen.overflows()


def test_two_hundred_corrections_in_one_go(fresh: Path, look: Any) -> None:
    with reviewing(fresh) as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        for number in range(200):
            seen.page.keyboard.press("ar"[number % 2])  # without waiting
        saved(seen.page, 200)
        started.end(signal.SIGKILL)
        assert len(lines(fresh)) == 200
        assert [line["action"] for line in lines(fresh)] == ["accept", "restore"] * 100
        assert len({(line["clean"], line["start"]) for line in lines(fresh)}) == 200
        assert seen.wrong == [] and seen.outside == []
    assert apart("eval", fresh / "corrections.jsonl").returncode == 0


def test_killed_in_the_middle(fresh: Path, look: Any) -> None:
    with reviewing(fresh) as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        for _ in range(60):
            seen.page.keyboard.press("a")
        seen.page.wait_for_function("() => parseInt(document.getElementById('saved').textContent) >= 15")
        started.end(signal.SIGKILL)
        seen.page.wait_for_selector("#trouble:not([hidden])")
        told = int(seen.page.inner_text("#saved").split()[0])
        assert "Not saved yet" in seen.page.inner_text("#trouble")
        assert 15 <= told <= len(lines(fresh)) <= told + 1, "what was said to be saved is on the disk"
    with reviewing(fresh) as again:
        other = look()
        other.page.goto(again.address)
        saved(other.page, len(lines(fresh)))


def test_what_was_missed_another_category_and_undo(fresh: Path, look: Any) -> None:
    with reviewing(fresh) as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        seen.page.select_option("select[name=mode]", "articles", force=True)
        seen.page.wait_for_selector("del.chosen")
        seen.page.evaluate("document.activeElement.blur()")
        seen.page.keyboard.press("c")
        seen.page.wait_for_selector("#choose[open]")
        seen.page.keyboard.press("o")
        saved(seen.page, 1)
        seen.page.keyboard.press("[")
        seen.page.wait_for_selector("span.chosen")
        text = seen.page.inner_text("span.chosen")
        seen.page.keyboard.press("m")
        seen.page.wait_for_selector("#choose[open]")
        seen.page.keyboard.press("b")
        saved(seen.page, 2)
        seen.page.wait_for_selector("del.missed")
        seen.page.keyboard.press("x")
        saved(seen.page, 3)
        seen.page.keyboard.press("u")
        saved(seen.page, 2)
        seen.page.keyboard.press("d")
        saved(seen.page, 3)
    made = lines(fresh)
    assert [line["action"] for line in made] == ["recategorise", "mark", "unsure", "undo", "done"]
    assert made[0]["category"] == "promotion" and made[1]["category"] == "byline" and made[3]["of"] == made[2]["id"]
    (article,) = [
        json.loads(line)
        for line in (fresh / "corrections.jsonl").read_text().splitlines()
        if '"article", ' in line[:30]
    ]
    assert article["text"][made[1]["start"] : made[1]["end"]] == text


def test_a_part_selected_with_the_mouse(fresh: Path, look: Any) -> None:
    with reviewing(fresh) as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        seen.page.evaluate(
            """() => { const node = document.querySelector("del.chosen").firstChild, range = document.createRange();
            range.setStart(node, 2); range.setEnd(node, 6);
            getSelection().removeAllRanges(); getSelection().addRange(range); }"""
        )
        seen.page.keyboard.press("r")
        saved(seen.page, 1)
        start = int(seen.page.evaluate("document.querySelector('.restored').dataset.start"))
    (made,) = lines(fresh)
    assert made["action"] == "restore" and made["end"] - made["start"] == 4 and made["start"] == start


def test_filters(fresh: Path, look: Any) -> None:
    with reviewing(fresh) as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        everything = seen.page.inner_text("#where")
        seen.page.click("#filters summary")
        seen.page.select_option("select[name=category]", "photo-caption")
        seen.page.wait_for_function("text => document.getElementById('where').textContent !== text", arg=everything)
        assert "photo-caption" in seen.page.inner_text("#unit")
        few = seen.page.inner_text("#where")
        seen.page.fill("input[name=site]", "site2.example.org")
        seen.page.press("input[name=site]", "Enter")
        seen.page.wait_for_function("text => document.getElementById('where').textContent !== text", arg=few)
        assert "site2.example.org" in seen.page.inner_text("#meta")
        seen.page.select_option("select[name=show]", "near")
        seen.page.wait_for_function("() => !document.querySelector('del.chosen')")
        assert seen.wrong == []


def test_a_page_beside_its_text(fresh: Path, look: Any) -> None:
    with reviewing(fresh) as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector("del.chosen")
        while "a0.html" not in seen.page.inner_text("#title"):
            before = seen.page.inner_text("#title")
            seen.page.keyboard.press("n")
            seen.page.wait_for_function("text => document.getElementById('title').textContent !== text", arg=before)
            if seen.page.inner_text("#meta").startswith("site0.example.org/a"):
                break
        seen.page.keyboard.press("v")
        frame = seen.page.wait_for_selector("#beside iframe").content_frame()
        frame.wait_for_selector("article")
        assert "The bridge opens" in frame.inner_text("body") and frame.title() == "The bridge"
        seen.picture("review-page")
        assert seen.page.get_attribute("#beside iframe", "sandbox") == ""
        assert seen.outside == []


def test_explained_in_the_browser(out: Path, look: Any, tmp_path: Path) -> None:
    article = next((out.parent / "in").glob("*/*.txt"))
    result = apart("explain", article, "--html")
    assert result.returncode == 0, result.stderr
    (tmp_path / "a.html").write_bytes(result.stdout)
    for width, scheme in ((390, "dark"), (1440, "light")):
        seen = look(width=width, scheme=scheme)
        seen.page.goto((tmp_path / "a.html").as_uri())
        seen.picture(f"explain-{width}-{scheme}")
        assert seen.page.query_selector_all("del")
        assert seen.faults() == [] and seen.wrong == [] and seen.outside == [] and not seen.overflows()


def test_an_audit(fresh: Path, look: Any) -> None:
    assert apart("audit", fresh, "--sample", "30").returncode == 0
    with reviewing(fresh, "--audit") as started:
        seen = look()
        seen.page.goto(started.address)
        seen.page.wait_for_selector(".chosen")
        number = int(seen.page.inner_text("#where").split()[-1])
        for _ in range(number):
            seen.page.keyboard.press("a")
        saved(seen.page, number)
        assert seen.faults() == [] and seen.wrong == []
    assert {line["action"] for line in lines(fresh)} == {"accept", "keep"}
    result = apart("audit", fresh)
    assert result.returncode == 0 and b"30 of 30 draws judged by ann" in result.stdout
