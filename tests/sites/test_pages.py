"""Places on the pages of a site: what stands where the template is goes, what stands where articles are stays."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from sample import Run, tree

from cleaner import Cleaner
from cleaner.article.model import BODY, Evidence, Finding
from cleaner.detectors import repeats
from cleaner.reading import html
from cleaner.reading.names import Names
from cleaner.sites.counts import Counts, count
from cleaner.sites.places import Place, names_hold
from cleaner.sites.records import counts_from, counts_record, sketch_from, sketch_record
from cleaner.sites.sample import Sketch, digest, sketch
from cleaner.sites.says import Shape, in_template
from cleaner.sites.selectors import selectors
from cleaner.text.paragraphs import ArticleFacts

HOST = "www.tidewater.example"
SITE = "tidewater.example"
THINGS = [
    "harbour",
    "mill",
    "bridge",
    "market",
    "tower",
    "orchard",
    "library",
    "quarry",
    "ferry",
    "chapel",
    "lock",
    "weir",
]
NOTICE = "Our reporters walk every street of the town so that you know first what happens in it."


def line(number: int, words: int = 22) -> str:
    """A line that no other article has."""
    rnd = random.Random(number)
    return " ".join(f"{rnd.choice(THINGS)}{rnd.randrange(10**6):x}" for _ in range(words)).capitalize() + "."


def title(number: int) -> str:
    """A title of another article: one of nine that many pages name."""
    return f"{THINGS[number % 9]} and {THINGS[(number + 4) % 9]} in the days of rain".capitalize()


def page(number: int, *, last: str | None = None, naming: str = "same") -> str:
    """A page all of div elements: a text, a notice in it, and five titles of other articles behind it."""
    rnd = random.Random(number)

    def named(role: str) -> str:
        return {"same": f' class="q{role}7"', "anew": f' class="q{role}{rnd.randrange(10**6)}"', "none": ""}[naming]

    text = [line(100 * number + at) for at in range(6)]
    inner = "".join(f"<div{named('t')}>{each}</div>" for each in [*text[:3], NOTICE, *text[3:]])
    titles = [title(rnd.randrange(99)) for _ in range(4)] + [last or title(number)]
    more = "".join(f"<section><div{named('m')}>{each}</div></section>" for each in titles)
    head = f"<head><title>{line(7000 + number, 6)}</title></head>"
    return (
        f"<html>{head}<body><div{named('b')}>{inner}</div><div id='more-here' class='q9f'><div>Most read</div>{more}"
        "</div></body></html>"
    )


def sketched(source: str, day: int | None = None) -> Sketch:
    """The sketch of a page."""
    known = html.parse(source)
    article = html.read(known, language="und", url=f"//{HOST}/")
    return sketch(article, digest(source, page=True), day, Names.of(known.root).selectors)


def counted(naming: str, number: int = 20) -> Counts:
    """The counts of the outlet."""
    return count(SITE, [sketched(page(at, naming=naming)) for at in range(number)])


def found(source: str, counts: Counts, claims: tuple[Finding, ...] = ()) -> dict[str, Finding]:
    """What the counts say of a page's blocks, by their text."""
    article = html.read(html.parse(source), url=f"//{HOST}/")
    said = repeats.detect(ArticleFacts.of(article), claims, counts)
    return {finding.span.of(article.text): finding for finding in said}


@pytest.mark.parametrize("naming", ["same", "anew", "none"])
def test_a_new_text_at_a_place_of_the_template_goes(naming: str) -> None:
    counts = counted(naming)
    new = "A whale was seen off the old pier at dawn"
    said = found(page(500, last=new, naming=naming), counts)
    assert said[new].rule == repeats.PLACE and said[new].score > 0.5
    assert f"texts here repeat, on 20 pages of {SITE}" in said[new].evidence[0].text
    assert not any(said[each].score for each in said if each.startswith(line(50_000)[:5]))


@pytest.mark.parametrize("naming", ["same", "anew", "none"])
def test_what_stands_where_articles_have_their_text_is_told_so(naming: str) -> None:
    counts = counted(naming)
    source = page(500, naming=naming)
    article = html.read(html.parse(source))
    first = article.paragraphs[1].span
    doubt = Finding(first, None, "maincontent", "maincontent/outside", 0.6, (Evidence("sign", "short"),), "verdict")
    said = found(source, counts, (doubt,))
    assert said[first.of(article.text)].rule == BODY
    assert [finding.rule for finding in said.values()].count(BODY) == 1, "where nobody doubts, nothing is said"


def test_names_that_change_are_no_part_of_places() -> None:
    assert counted("same").named and not counted("anew").named and counted("none").named
    assert names_hold([])


def test_prose_at_a_place_of_the_template_needs_others() -> None:
    place = Place(40, 200, 196, 8)
    assert in_template(place, Shape(30, True), linked=False) < 0.5 < in_template(place, Shape(30, True), linked=True)


def test_counts_of_pages_and_sketches_are_records() -> None:
    counts = counted("same")
    assert counts.places and counts_from(counts_record(counts)) == counts
    one = replace(sketched(page(3), 738_000))
    assert one.where and sketch_from(sketch_record(one)) == one
    for fault in ({"at": [99]}, {"places": [["a", "b"]]}, {"day": "x"}, {"places": [[1, "", 0]]}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            sketch_from(sketch_record(one) | fault)


def test_the_order_of_pages_makes_no_difference() -> None:
    sketches = [sketched(page(at)) for at in range(20)]
    assert count(SITE, sketches) == count(SITE, sketches[::-1])


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A folder of the outlet's pages."""
    folder = tmp_path / "crawl" / HOST
    folder.mkdir(parents=True)
    for number in range(16):
        last = "A whale was seen off the old pier at dawn" if number == 3 else None
        (folder / f"{number:02}.html").write_text(page(number, last=last))
    return tmp_path / "crawl"


def test_a_run_over_pages_is_the_same_with_any_workers(run: Run, crawl: Path, tmp_path: Path) -> None:
    for name, workers in (("one", "1"), ("two", "2")):
        assert run("run", crawl, "--out", tmp_path / name, "--workers", workers, "--fast", "-q").exit_code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    text = (tmp_path / "one" / "clean" / HOST / "03.html.txt").read_text()
    assert "A whale" not in text and NOTICE not in text and line(300) in text
    assert run("verify", tmp_path / "one").exit_code == 0


def test_elements_that_hold_only_what_repeats_are_proposed(run: Run, crawl: Path, tmp_path: Path) -> None:
    kept, mine = tmp_path / "kept", tmp_path / "mine" / "sites" / f"{SITE}.yaml"
    assert run("sites", "count", crawl, "--out", kept, "--workers", "1").exit_code == 0
    done = run("sites", "suggest", kept, HOST, "--out", mine)
    assert done.exit_code == 0 and "1 rules and 1 selectors of elements" in done.stdout
    proposed = mine.read_text()
    assert "drop-css:\n  - '#more-here'  # 96 of 96" in proposed and "texts in it repeat, on 16 pages" in proposed
    assert "Most read" not in proposed, "what goes with its element needs no rule"
    assert "Our reporters walk every street" in proposed, "what stands among an article's text does"
    assert run("rules", "check", tmp_path / "mine").exit_code == 0
    assert run("rules", "test", "--rules", tmp_path / "mine").exit_code == 0
    result = Cleaner(tmp_path / "mine", fast=True).clean_html(page(900, last="A new song of the sea"), url=f"//{HOST}/")
    assert "A new song" not in result.text and line(90_000) in result.text
    assert "drop-css/#more-here" in {removed.rule for removed in result.removed}


def test_an_element_with_text_of_articles_is_not_proposed() -> None:
    sketches = [sketched(page(at)) for at in range(20)]
    chosen, covered = selectors(sketches, count(SITE, sketches))
    assert [one.selector for one in chosen] == ["#more-here"], "of two names of an element one"
    assert chosen[0].pages == 20 and chosen[0].repeating == chosen[0].texts == 120
    assert covered
