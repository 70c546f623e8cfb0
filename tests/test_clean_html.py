"""Pages from end to end: ``Cleaner.clean_html``."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import PAGE, PROSE
from sample import Program

import cleaner
from cleaner.article.model import Cleaned, Evidence, Finding, Span
from cleaner.detectors.page_judge import judge as page_judge
from cleaner.detectors.page_judge.article_part import Inner
from cleaner.errors import DecodeFault, OptionFault
from cleaner.files import rule_folders
from cleaner.reading.html import parse, read

CLEANERS = {fast: cleaner.Cleaner(profile="body", fast=fast, full=not fast) for fast in (False, True)}


@pytest.mark.parametrize(
    ("options", "doubts", "asked"),
    [({}, False, 0), ({}, True, 1), ({"full": True}, False, 1), ({"fast": True}, True, 0)],
)
def test_trafilatura_is_asked_where_the_markup_leaves_doubts(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], doubts: bool, asked: int
) -> None:
    calls: list[object] = []
    lines = page_judge.lines

    def counted(root: Any) -> tuple[str, ...]:
        calls.append(root)
        return lines(root)

    monkeypatch.setattr(page_judge, "lines", counted)
    monkeypatch.setattr(page_judge.Look, "unsure", lambda self, signs: doubts)
    cleaned = cleaner.Cleaner(profile="body", **options).clean_html(PAGE)
    assert len(calls) == asked
    rules = {removed.rule for removed in cleaned.removed if removed.detector == page_judge.NAME}
    assert rules == {"maincontent/outside" if asked else "maincontent/outside-by-markup"}
    holds(cleaned)


def test_fast_and_full_are_two_things() -> None:
    with pytest.raises(OptionFault, match="choose one"):
        cleaner.Cleaner(fast=True, full=True)


def holds(cleaned: Cleaned) -> None:
    """What is true of every result."""
    assert cleaner.restore(cleaned.text, cleaned.removed) == cleaned.article.text
    end = 0
    for span in cleaned.removed:
        assert end <= span.start < span.end
        assert cleaned.article.text[span.start : span.end] == span.text
        end = span.end


@pytest.mark.parametrize("fast", [False, True])
def test_the_article_of_a_page(fast: bool) -> None:
    cleaned = CLEANERS[fast].clean_html(PAGE)
    holds(cleaned)
    assert all(text in cleaned.text.split("\n") for text in PROSE)
    for gone in ("Home", "Old bridge closes", "Photo:", "Share", "Ferry", "About time", "©", "Privacy"):
        assert gone not in cleaned.text
    assert "  " not in cleaned.text


def test_headlines_stay_by_default_and_list_items_keep_their_mark() -> None:
    lines = cleaner.clean_html(PAGE).text.split("\n")
    assert lines[0] == "Old bridge closes for repairs"
    assert "A pier that moves" in lines
    assert "- Both will open again in May." in lines


@pytest.mark.parametrize("tag", ["p", "div", "span", "aside"])
def test_a_label_between_paragraphs_goes(tag: str) -> None:
    told = "The council voted on {} to close the old bridge, and traffic will be sent along the quay until spring."
    one, two, three = (f"<p>{told.format(day)}</p>" for day in ("Monday", "Friday", "Sunday"))
    label = f"<{tag}>Article continues below</{tag}>"
    result = cleaner.clean_html(f"<article><h1>Bridge to close</h1>{one}{two}{label}{three}</article>")
    assert [removed.text.strip() for removed in result.removed] == ["Article continues below"]
    assert all(told.format(day) in result.text for day in ("Monday", "Friday", "Sunday"))


def test_a_menu_is_one_removed_span() -> None:
    cleaned = cleaner.clean_html(PAGE)
    menu = cleaned.removed[0]
    assert menu.text == "- Home\n- Sport\n- Weather\n"
    assert (menu.category, menu.detector, menu.rule) == ("navigation", "maincontent", "maincontent/outside-by-markup")
    assert menu.reason


def test_bytes_and_text_give_the_same() -> None:
    assert CLEANERS[False].clean_html(PAGE.encode()).text == CLEANERS[False].clean_html(PAGE).text


def test_facts_reach_the_article() -> None:
    article = cleaner.clean_html(PAGE, url="https://other.example/x").article
    assert (article.url, article.title) == ("https://other.example/x", "Old bridge closes for repairs")


def test_rules_see_the_article_and_their_findings_are_put_back() -> None:
    line = "Support independent journalism. Donate today."
    cleaned = cleaner.clean_html(PAGE.replace("<h2>", f"<p>{line}</p><h2>"))
    assert line not in cleaned.text
    assert any(span.category == "donation-appeal" and line in span.text for span in cleaned.removed)


def test_what_nothing_has_weighed_goes_as_the_rules_say(tmp_path: Path) -> None:
    line = "Support independent journalism. Donate today."
    page = PAGE.replace("<h2>", f"<p>{line}</p><h2>")
    assert line not in cleaner.Cleaner(profile="body", ignore=["maincontent"]).clean_html(page).text
    markup = tmp_path / "markup"
    markup.mkdir()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "own.yaml").write_text("about: Of one's own.\nextends: body\n")
    for source in rule_folders.read_markup():
        if source.path.endswith(".yaml"):
            (markup / Path(source.path).name).write_text(source.text)
    own = cleaner.Cleaner(tmp_path, profile="own")
    assert own.pipeline.profile.weighed
    assert line not in own.clean_html(page).text


def test_only_text_and_bytes_are_pages() -> None:
    with pytest.raises(TypeError):
        cleaner.clean_html(None)  # type: ignore[arg-type]
    with pytest.raises(DecodeFault, match="PDF"):
        cleaner.clean_html(b"%PDF-1.4")


def test_detectors_can_be_left_out() -> None:
    plain = cleaner.Cleaner(ignore=["maincontent", "dom", "phrases"]).clean_html(PAGE)
    assert plain.removed == ()
    assert plain.text == plain.article.text


def test_a_cleaner_for_pages_can_be_pickled() -> None:
    again = pickle.loads(pickle.dumps(CLEANERS[True]))
    assert again.clean_html(PAGE) == CLEANERS[True].clean_html(PAGE)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize(
    "page",
    [
        "",
        "<frameset><frame src=a></frameset>",
        "<div>" * 3000 + PROSE[0],
        f"<table><tr><td colspan={2**53}>a<td>b</table><p>{PROSE[0]}",
        "<p>" + "line of words<br>" * 3000,
        "<ul>" + "<li><a href=x>An item of a list</a>" * 3000,
        "<p>a\ud800b\0c</p>" + PAGE,
        "\U000e0041" * 50,
    ],
)
def test_pages_that_break_things(page: str, fast: bool) -> None:
    holds(CLEANERS[fast].clean_html(page))


TAGS = [
    "<p>",
    "</p>",
    "<div class='share comments'>",
    "</div>",
    "<nav>",
    "</nav>",
    "<li>",
    "<br>",
    "<h1>",
    "</h1>",
    "<a>",
    "</a>",
]


@given(st.lists(st.sampled_from([*TAGS, *PROSE, "Advertisement", "Share", "Read more: A bridge", " "]), max_size=30))
@settings(max_examples=60)
def test_nothing_is_lost(parts: list[str]) -> None:
    holds(CLEANERS[True].clean_html("".join(parts)))


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes(data: bytes) -> None:
    try:
        cleaned = CLEANERS[True].clean_html(data)
    except DecodeFault:
        return
    holds(cleaned)


def test_the_inner_article_leaves_out_and_puts_back() -> None:
    article = read(parse("<nav><p>Menu</p></nav><ul><li>One two.</li></ul><p>Three four.</p>"))
    inner = Inner.of(article, [Span(0, 4)])
    assert inner.article.text == "One two.\nThree four."
    finding = Finding(
        Span(0, len(inner.article.text)), "other", "phrases", "r", 0.9, (Evidence("p", "x", Span(9, 14)),)
    )
    back = list(inner.back([finding]))
    assert [each.span.of(article.text) for each in back] == ["- One two.", "Three four."]
    seen = back[0].evidence[0].span
    assert seen is not None and seen.of(article.text) == "Three"


def test_pages_and_texts_in_one_run(tmp_path: Path, command: Program) -> None:
    articles, out = tmp_path / "articles", tmp_path / "out"
    articles.mkdir()
    (articles / "a.txt").write_text("The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon.\n")
    (articles / "b.HTML").write_text(PAGE)
    (articles / "c.html").write_bytes(b"%PDF-1.4")
    (articles / "d.htm").write_text("<frameset><frame src=a></frameset>")
    done = command("run", articles, "--out", out, "--profile", "body", "--fast")
    assert done.returncode == 1, done.stderr
    assert PROSE[0] in (out / "clean" / "b.HTML.txt").read_text()
    source = (out / "source" / "b.HTML.txt").read_text()
    spans = [json.loads(line) for line in (out / "removed.jsonl").read_text().splitlines()[1:]]
    assert all(source[s["start"] : s["end"]] == s["text"] for s in spans if s["article"] == "b.HTML")
    records = {
        record["article"]: record for record in map(json.loads, (out / "articles.jsonl").read_text().splitlines()[1:])
    }
    assert records["b.HTML"]["title"] == "Old bridge closes for repairs"
    assert records["b.HTML"]["page"]["author"] == "Ada Brook"
    assert records["d.htm"]["status"] == "empty"
    (error,) = map(json.loads, (out / "errors.jsonl").read_text().splitlines()[1:])
    assert (error["article"], error["kind"]) == ("c.html", "binary")
    assert command("verify", out).returncode == 0
    assert command("restore", out, "b.HTML").stdout.decode() == source
    (out / "source" / "b.HTML.txt").write_text(source + "x")
    assert command("verify", out).returncode == 1


def test_a_page_is_explained(tmp_path: Path, command: Program, program: Program) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = program("explain", tmp_path / "a.html")
    assert done.returncode == 0, done.stderr
    assert "maincontent/outside" in done.stdout.decode()
    (tmp_path / "b.html").write_bytes(b"%PDF-1.4")
    assert command("explain", tmp_path / "b.html").returncode == 2


def test_a_log_of_the_residue(tmp_path: Path, command: Program) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text(PAGE)
    (tmp_path / "in" / "b.txt").write_text("The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon.\n")
    out, full = tmp_path / "out", tmp_path / "full"
    assert command("run", tmp_path / "in", "--out", out, "--log", "residue").returncode == 0
    assert command("run", tmp_path / "in", "--out", full).returncode == 0

    def spans(folder: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (folder / "removed.jsonl").read_text().splitlines()[1:]]

    source = (out / "source" / "a.html.txt").read_text()
    assert any(span["text"] is None for span in spans(out))
    for span, whole in zip(spans(out), spans(full), strict=True):
        assert (span["text"] is None) == (whole["detector"] == "maincontent")
        if span["text"] is None:
            assert source[span["start"] : span["end"]] == whole["text"]
        assert {**span, "text": whole["text"]} == whole
    assert json.loads((out / "summary.json").read_text())["options"]["log"] == "residue"

    assert command("verify", out).returncode == 0
    assert command("restore", out, "a.html").stdout.decode() == source
    assert command("restore", out, "--all", "--to", tmp_path / "back").returncode == 0
    assert (tmp_path / "back" / "b.txt").read_bytes() == (tmp_path / "in" / "b.txt").read_bytes()


@pytest.mark.parametrize("change", [lambda text: text.replace("Weather", "Wetter!"), lambda text: text + "x", None])
def test_a_residue_that_was_changed_is_found(
    change: Callable[[str], str] | None, tmp_path: Path, command: Program
) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    out = tmp_path / "out"
    command("run", tmp_path / "a.html", "--out", out, "--log", "residue")
    source = out / "source" / "a.html.txt"
    if change:
        source.write_text(change(source.read_text()))
    else:
        source.unlink()
    assert command("verify", out).returncode == 1
    if change is None or "Wetter" in source.read_text():
        assert command("restore", out, "a.html").returncode == 1


def test_only_pages_may_leave_out_the_text_of_a_span(tmp_path: Path, command: Program) -> None:
    (tmp_path / "a.txt").write_text("The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon.\n")
    out = tmp_path / "out"
    command("run", tmp_path / "a.txt", "--out", out, "--log", "residue")
    log = out / "removed.jsonl"
    assert '"text": null' not in log.read_text()
    log.write_text(log.read_text().replace('"text": "Advertisement\\n"', '"text": null'))
    assert '"text": null' in log.read_text()
    assert command("verify", out).returncode == 1
