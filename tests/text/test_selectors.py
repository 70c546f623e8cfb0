"""What users say of elements by CSS selectors stays or goes, is counted and logged, and told where it did nothing."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import APART

from cleaner import Cleaner, restore
from cleaner.commands.cli import cli
from cleaner.errors import OptionFault, RuleFaults

PAGE = """<html><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>The bridge opens at last</h1>
<p>The bridge over the river opened on Monday after seven years of work, the mayor said before a crowd of hundreds.</p>
<p>It cost <span class="price">12 million <b>euros</b></span>, twice as much as planned; the town must find more.</p>
<div class="found"><p>What the engineers met below the bed of the river was in none of the maps that they had.</p>
<ul><li>Sand</li><li>A wreck</li></ul></div>
<pre class="log">10:00 open
10:05 shut</pre>
<aside class="promo"><p>Subscribe to our newsletter.</p></aside>
<div class="more" style="display:none"><p>Unfold me</p></div></article>
<footer><p>Copyright of the town</p></footer></body></html>"""


def left(**wishes: object) -> str:
    result = Cleaner(**wishes).clean_html(PAGE)  # type: ignore[arg-type]
    assert restore(result.text, result.removed) == result.article.text
    assert all(a.end <= b.start for a, b in zip(result.removed, result.removed[1:], strict=False))
    return result.text


def test_what_a_selector_drops_goes_with_its_lists_and_inside_a_line() -> None:
    assert "engineers" in left()
    text = left(drop_css=[".found", ".price"])
    assert "engineers" not in text and "Sand" not in text
    assert "It cost , twice as much" in text


def test_a_dropped_span_is_logged_under_its_selector() -> None:
    removed = Cleaner(drop_css=".found, .price").clean_html(PAGE).removed
    ours = {span.rule: span for span in removed if span.detector == "css"}
    assert set(ours) == {"drop-css/.found", "drop-css/.price"}
    assert ours["drop-css/.price"].text == "12 million euros"
    assert ours["drop-css/.found"].text.strip().endswith("- A wreck")
    assert ours["drop-css/.found"].reason == "the selector .found drops it"
    assert ours["drop-css/.found"].score == 1


def test_the_headline_goes_though_the_profile_keeps_headlines() -> None:
    assert "at last" in left() and "at last" not in left(drop_css="h1")


def test_what_a_selector_keeps_stays_though_all_speaks_against_it() -> None:
    text = left(keep_css=["aside", "footer"])
    assert "Subscribe to our newsletter." in text and "Copyright of the town" in text
    assert "Subscribe" not in left()
    kept = Cleaner(keep_css="aside").clean_html(PAGE).kept
    assert any(decision.reason == "the selector aside keeps it" for decision in kept)


def test_what_is_hidden_is_read_if_a_selector_keeps_it() -> None:
    assert "Unfold me" not in Cleaner().clean_html(PAGE).article.text
    assert "Unfold me" in left(keep_css=".more")


def test_the_inner_of_two_elements_counts_and_of_two_on_one_what_keeps() -> None:
    text = left(drop_css="article", keep_css=".found")
    assert "engineers" in text and "The bridge over" not in text
    text = left(drop_css=".found", keep_css="article")
    assert "engineers" not in text and "The bridge over" in text
    assert "engineers" in left(drop_css=".found", keep_css="div.found")


def test_lines_of_code_go_whole() -> None:
    assert "10:05 shut" in left(keep_css=".log") and "10:0" not in left(drop_css=".log")


def test_what_a_selector_has_met_is_told() -> None:
    page = Cleaner(drop_css=[".price", ".none"]).clean_html(PAGE).article.page
    assert page is not None
    assert [(met.wish.name, met.elements, len(met.spans)) for met in page.wished] == [
        ("drop-css/.price", 1, 1),
        ("drop-css/.none", 0, 0),
    ]


def test_a_page_cannot_mark_its_own_elements() -> None:
    page = PAGE.replace('class="found"', 'class="found" cleaner-wish="d0"')
    assert "engineers" in Cleaner(drop_css=".none").clean_html(page).text
    assert "engineers" in Cleaner().clean_html(page).text


def test_a_cleaner_with_selectors_can_be_pickled() -> None:
    cleaner = pickle.loads(pickle.dumps(Cleaner(drop_css=".found")))
    assert "engineers" not in cleaner.clean_html(PAGE).text


@pytest.mark.parametrize("selector", ["div[", "", "p::before", "ns|a", "a:foo", "a:nth-child(x)"])
def test_a_selector_that_cannot_be_read_is_refused(selector: str) -> None:
    with pytest.raises(OptionFault, match=r"drop-css: .* is not a CSS selector"):
        Cleaner(drop_css=[selector])


# -- profiles and rules of a site -----------------------------------------------------------------------------------


def test_a_profile_may_hold_selectors_and_hands_them_on(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "base.yaml").write_text("about: One.\nextends: default\ndrop-css: ['.found']\n", encoding="utf-8")
    (folder / "mine.yaml").write_text("about: Two.\nextends: base\nkeep-css: aside\n", encoding="utf-8")
    text = Cleaner(tmp_path, "mine").clean_html(PAGE).text
    assert "engineers" not in text and "Subscribe" in text


def test_the_file_of_a_site_may_hold_selectors_for_its_pages_alone(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "example.yaml").write_text(
        "host: example.com\ncategory: promotion\ndrop-css: ['.found']\n", encoding="utf-8"
    )
    cleaner = Cleaner(tmp_path)
    here = cleaner.clean_html(PAGE, url="https://www.example.com/1")
    assert "engineers" not in here.text
    assert {span.category for span in here.removed if span.detector == "css"} == {"promotion"}
    assert "engineers" in cleaner.clean_html(PAGE, url="https://example.org/1").text
    assert "engineers" in cleaner.clean_html(PAGE).text
    said = PAGE.replace("<body>", '<head><link rel="canonical" href="https://example.com/2"></head><body>')
    assert "engineers" not in cleaner.clean_html(said).text


def test_faults_in_files_are_told_with_their_line(tmp_path: Path) -> None:
    for name in ("profiles", "sites", "en"):
        (tmp_path / name).mkdir()
    (tmp_path / "profiles" / "mine.yaml").write_text("about: One.\ndrop-css:\n  - '.a'\n  - 'b['\n", encoding="utf-8")
    (tmp_path / "sites" / "x.yaml").write_text("host: x.org\nkeep-css: []\n", encoding="utf-8")
    (tmp_path / "en" / "y.yaml").write_text("language: en\nkeep-css: ['p']\n", encoding="utf-8")
    with pytest.raises(RuleFaults) as caught:
        Cleaner(tmp_path)
    told = "\n".join(map(str, caught.value.faults))
    assert "mine.yaml:4: 'b[' is not a CSS selector" in told
    assert "x.yaml:2: a CSS selector is missing here" in told
    assert "`keep-css` and `drop-css` need `host:` here" in told


# -- runs -----------------------------------------------------------------------------------------------------------


def run(*arguments: str, input: str | None = None) -> tuple[int, str, str]:
    result = CliRunner(**APART).invoke(cli, [*arguments], input=input)
    return result.exit_code, result.stdout, result.stderr


def pages(folder: Path, *names: str) -> Path:
    source = folder / "pages"
    source.mkdir()
    for name in names:
        (source / name).write_text(PAGE, encoding="utf-8")
    return source


def test_a_run_counts_what_selectors_meet_and_names_those_that_meet_nothing(tmp_path: Path) -> None:
    source, out = pages(tmp_path, "a.html", "b.html"), tmp_path / "out"
    code, shown, told = run(
        "run", str(source), "--out", str(out), "--drop-css", ".found, promo", "--keep-css", "img, aside"
    )
    assert code == 0
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["css"]["drop-css/.found"] == {"pages": 2, "articles": 2, "elements": 2, "characters": 206}
    assert summary["css"]["drop-css/promo"]["elements"] == 0
    assert summary["rules"]["drop-css/.found"]["articles"] == 2
    assert "drop-css 'promo' matched nothing on 2 pages; for elements of that class write '.promo'" in told
    assert "keep-css 'img' matched nothing" in told and "aside" not in told
    assert "drop-css .found" in shown
    assert summary["options"]["drop_css"] == [".found, promo"]


def test_a_run_that_goes_on_knows_what_was_met_before(tmp_path: Path) -> None:
    source, out = pages(tmp_path, "a.html"), tmp_path / "out"
    arguments = ("run", str(source), "--out", str(out), "--drop-css", ".found")
    run(*arguments)
    first = json.loads((out / "summary.json").read_text(encoding="utf-8"))["css"]
    (source / "b.html").write_text(PAGE, encoding="utf-8")
    run(*arguments, "--incremental")
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["css"]["drop-css/.found"] == {
        name: 2 * number for name, number in first["drop-css/.found"].items()
    }


def test_a_selector_for_texts_alone_is_told_to_do_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The bridge opened on Monday.", encoding="utf-8")
    _, _, told = run("run", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), "--drop-css", ".found")
    assert "drop-css '.found' did nothing: it is about web pages, and none was cleaned" in told


def test_a_bad_selector_stops_a_run_before_anything_is_written(tmp_path: Path) -> None:
    source, out = pages(tmp_path, "a.html"), tmp_path / "out"
    code, _, told = run("run", str(source), "--out", str(out), "--keep-css", "p >")
    assert (code, out.exists()) == (2, False)
    assert "'p >' is not a CSS selector" in told


def test_standard_input_knows_selectors_too() -> None:
    code, text, told = run("run", "-", "--drop-css", ".found", "--drop-css", ".none", input=PAGE)
    assert code == 0 and "engineers" not in text
    assert "drop-css '.none' matched nothing on 1 page" in told
    rows = "".join(json.dumps({"id": str(number), "html": PAGE}) + "\n" for number in range(3))
    code, text, told = run("run", "-", "--drop-css", ".found", "--drop-css", ".none", input=rows)
    assert code == 0 and not any("engineers" in json.loads(line)["text"] for line in text.splitlines())
    assert "drop-css '.none' matched nothing on 3 pages" in told and ".found" not in told


def test_a_selector_may_stand_in_a_file_of_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cleaner.toml").write_text('drop-css = [".found", "h1"]\n', encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner(**APART).invoke(cli, ["run", "a.html"])
    assert result.exit_code == 0
    text = (tmp_path / "out" / "clean" / "a.html.txt").read_text(encoding="utf-8")
    assert "engineers" not in text and "at last" not in text
