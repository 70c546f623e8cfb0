"""A cleaned page as Markdown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pages import PAGE, PROSE
from sample import Program

import cleaner
from cleaner.markdown import markdown

AS_IT_IS = cleaner.Cleaner(ignore=["maincontent", "dom", "phrases", "prose"], fast=True)
FAST = cleaner.Cleaner(fast=True)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<h1>A <b>title</b></h1><p>One.</p><div><h3><div>Part</div></h3></div>", "# A title\n\nOne.\n\n### Part\n"),
        ("<p>One <b>bold</b> word, <i>it</i>alic.</p>", "One **bold** word, *it*alic.\n"),
        ("<p><b>Two</b> <b>words</b> <strong><em>both</em> one</strong></p>", "**Two words** ***both*** **one**\n"),
        ("<h3><button>When?</button></h3><p>Now.</p>", "### When?\n\nNow.\n"),
        ("<p>A barge,<br>a smell of steam</p><p>that goes.</p>", "A barge,  \na smell of steam\n\nthat goes.\n"),
        ("<blockquote><p>One line,<br>two</p></blockquote>", "> One line,  \n> two\n"),
        (f"<p>{PROSE[0]}<br><br>Then.</p>", f"{PROSE[0]}\n\nThen.\n"),
        ("<p>To <b> the left </b>of it</p>", "To **the left** of it\n"),
        ("<p><b>stop.</b>x and <i>!</i></p>", "stop.x and !\n"),  # a mark here would not be taken for one
        ("<p>One <a href=x>link</a>.</p>", "One link.\n"),
        ("<ul><li>One<ul><li>Inner</ul><li><p>Two</p><p>more</p></ul>", "- One\n  - Inner\n- Two\n\n  more\n"),
        ("<ol><li>One<li>Two<ul><li>Inner</ul></ol><p>After", "1. One\n2. Two\n   - Inner\n\nAfter\n"),
        ("<ul><li>One</ul><ol><li>Two</ol>", "- One\n\n1. Two\n"),
        ("<blockquote><p>One</p><p>Two</p></blockquote><p>After</p>", "> One\n>\n> Two\n\nAfter\n"),
        ("<blockquote><ul><li>One<li>Two</ul></blockquote>", "> - One\n> - Two\n"),
        ("<pre>def f():\n    return `x` *y*\n</pre><p>z", "```\ndef f():\n    return `x` *y*\n```\n\nz\n"),
        ("<pre>a ``` b</pre>", "````\na ``` b\n````\n"),
        (
            "<table><tr><th>Team<th>Points<tr><td>Reds<td>3<tr><td>a|b<td>4</table>",
            "| Team | Points |\n| --- | --- |\n| Reds | 3 |\n| a\\|b | 4 |\n",
        ),
        (
            "<p>2*3 [a] a_b _c_ &amp;amp; &lt;b> `d` \\ AT&T ~~e",
            "2\\*3 \\[a\\] a_b \\_c\\_ \\&amp; \\<b> \\`d\\` \\\\ AT&T \\~~e\n",
        ),
        (
            "<p># a<p>- b<p>+ c<p>> d<p>1. e<p>1984. f<p>---",
            "\\# a\n\n\\- b\n\n\\+ c\n\n\\> d\n\n1\\. e\n\n1984\\. f\n\n\\---\n",
        ),
        ("<p>#a<p>-b<p>1.5<p>In 1984. f", "#a\n\n-b\n\n1.5\n\nIn 1984. f\n"),
        ("<h2>A #</h2>", "## A \\#\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_it_keeps(page: str, expected: str) -> None:
    assert markdown(AS_IT_IS.clean_html(page)) == expected


def test_of_what_is_left() -> None:
    text = markdown(FAST.clean_html(PAGE))
    assert text.startswith(f"# Old bridge closes for repairs\n\n{PROSE[0]}\n\n{PROSE[1]}\n\n## A pier that moves\n\n")
    assert "later.\n- Both will open again in May.\n\n" in text
    for gone in ("Home", "Photo:", "Share", "Ferry", "©"):
        assert gone not in text


def test_items_keep_their_numbers() -> None:
    items = ("The council voted.", "Support independent journalism. Donate today.", "It rained on Monday.")
    page = "<ol>" + "".join(f"<li>{item}" for item in items) + "</ol>"
    cleaned = cleaner.Cleaner(ignore=["maincontent", "dom", "prose"]).clean_html(page, language="en")
    assert items[1] not in cleaned.text
    assert markdown(cleaned) == f"1. {items[0]}\n3. {items[2]}\n"


TAGS = ["<p>", "</p>", "<li>", "<ul>", "</ul>", "<b>", "</b>", "<i>", "</i>", "<br>", "<h2>", "</h2>", "<blockquote>"]
TAGS += ["</blockquote>", "<pre>", "</pre>", "<table><tr><td>", "<td>", "</table>", "<p hidden><b>", "<div>", "</div>"]


@given(st.lists(st.sampled_from([*TAGS, *PROSE, "Advertisement", "a.", " b ", "\n  c\n", "* #", "Q | r"]), max_size=30))
@example(["<i>", "Q | r", "</i>", PROSE[0]])
@settings(max_examples=100)
def test_the_words_are_those_of_the_text(parts: list[str]) -> None:
    for cleans in (AS_IT_IS, FAST):
        cleaned = cleans.clean_html("".join(parts))
        marked = re.sub(r"(?<=\w)\*+(?=\w)", "", markdown(cleaned))  # emphasis may end within a word
        assert re.findall(r"\w+", marked) == re.findall(r"\w+", cleaned.text)


def test_a_run(tmp_path: Path, command: Program) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text(PAGE)
    (tmp_path / "in" / "b.txt").write_text("The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon.\n")
    out, plain = tmp_path / "out", tmp_path / "plain"
    assert command("run", tmp_path / "in", "--out", out, "--format", "markdown", "--fast").returncode == 0
    assert command("run", tmp_path / "in", "--out", plain, "--fast").returncode == 0
    assert [path.name for path in (out / "markdown").iterdir()] == ["a.html.md"]
    assert (out / "markdown" / "a.html.md").read_text() == markdown(FAST.clean_html(PAGE))
    for name in ("clean/a.html.txt", "clean/b.txt", "removed.jsonl", "articles.jsonl"):
        assert (out / name).read_bytes() == (plain / name).read_bytes()
    assert json.loads((out / "summary.json").read_text())["options"]["format"] == "markdown"
    assert command("verify", out).returncode == 0
    (out / "markdown" / "mine.md").write_text("A note.")
    assert command("verify", out).returncode == 1
    assert command("run", tmp_path / "in", "--out", out).returncode == 2  # it would be lost
    (out / "markdown" / "mine.md").unlink()
    assert command("run", tmp_path / "in", "--out", out, "--fast").returncode == 0
    assert not (out / "markdown").exists()
    assert command("run", "-", "--format", "markdown", "--json").returncode == 2


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>One <a href='/x'>link</a> and <a href='y (z)'><b>two</b> more</a>.</p>",
         "One [link](https://a.example/x) and [**two** more](https://a.example/b/y%20%28z%29).\n"),
        ("<h2>A <a href='https://c.example/'>part</a></h2>", "## A [part](https://c.example/)\n"),
        ("<ul><li><a href='/x'>All of it</a></ul>", "- [All of it](https://a.example/x)\n"),
        ("<p><a href='#top'>Up</a> <a href='javascript:go()'>go</a> <a name=q>mark</a>", "Up go mark\n"),
        ("<p><a href='/x'>cut</a>off<a href='/y'> gap </a>here",
         "[cut](https://a.example/x)off [gap](https://a.example/y) here\n"),
    ],
)  # fmt: skip
def test_links_on_request(page: str, expected: str) -> None:
    cleaned = AS_IT_IS.clean_html(page, url="https://a.example/b/c")
    assert markdown(cleaned, links=True) == expected
    assert "](" not in markdown(cleaned)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Call <code>f(*x)</code> and <kbd>`</kbd>.</p>", "Call `f(*x)` and `` ` ``.\n"),
        ('<pre><code class="language-Python">a = 1\n    b</code></pre>', "```python\na = 1\n    b\n```\n"),
        ('<div class="highlight-source-rust"><pre>a\nb</pre></div>', "```rust\na\nb\n```\n"),
        ('<pre class="brush: js">a</pre>', "```js\na\n```\n"),
        ('<pre class="language-none">a</pre>', "```\na\n```\n"),
    ],
)
def test_code_and_its_language(page: str, expected: str) -> None:
    assert markdown(AS_IT_IS.clean_html(page)) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><th>Year<th colspan=2>Boats<tr><td>1911<td>12<td>3",
         "| Year | Boats |  |\n| --- | --- | --- |\n| 1911 | 12 | 3 |\n"),
        ("<tr><th>Year<th>Kind<tr><td rowspan=2>1911<td>large<tr><td>small",
         "| Year | Kind |\n| --- | --- |\n| 1911 | large |\n|  | small |\n"),
        ("<tr><th><th>A<th>B<tr><td>x<td><td>2<tr><td>y<td>3<td>",
         "|  | A | B |\n| --- | --- | --- |\n| x |  | 2 |\n| y | 3 |  |\n"),
        ("<tr><th colspan=2>Boats<tr><td>large<td>12<tr><td>small<td>3",
         "Boats\n\n| large | 12 |\n| --- | --- |\n| small | 3 |\n"),
        ("<tr><td>a<td>b<tr><td colspan=2>both<tr><td>c<td>d",
         "| a | b |\n| --- | --- |\n| both |  |\n| c | d |\n"),
    ],
)  # fmt: skip
def test_tables_whose_cells_span_or_are_empty(table: str, expected: str) -> None:
    assert markdown(AS_IT_IS.clean_html(f"<table>{table}</table>")) == expected


def test_notes() -> None:
    page = (
        "<p>One<sup><a href='#n1' id=r1>[1]</a></sup> and two<sup><a href='#n2'>b</a></sup>, and "
        "<a href='#n9'>9</a>.</p>"
        "<ol><li id=n1>See the log. <a href='#r1'>↩</a></li><li id=n2><p>^ See the map.</p></li></ol>"
    )
    assert markdown(AS_IT_IS.clean_html(page)) == (
        "One[^1] and two[^b], and 9.\n\n[^1]: See the log.\n\n[^b]: See the map.\n"
    )
    cut = cleaner.Cleaner(fast=True, drop_css="#n1").clean_html(f"<article>{page}{PROSE[0]}</article>")
    assert "[^1]" not in markdown(cut)


def test_figures_on_request() -> None:
    page = PAGE.replace('src="x.jpg"', 'src="data:image/gif;base64,R0" data-src="/x 1.jpg" alt="The [old] bridge"')
    page = page.replace("<nav", "<img src=logo.png><img width=1 src=count.gif><nav")
    cleaned = FAST.clean_html(page)
    text = markdown(cleaned, figures=True)
    assert text.count("![") == 1
    assert (
        "![The old bridge](https://post.example/x%201.jpg)\n\n*The old bridge on Sunday. Photo: Tom Reed*\n\n" in text
    )
    assert "![" not in markdown(cleaned)


def test_links_and_figures_of_a_run(tmp_path: Path, command: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.html").write_text(PAGE.replace("Drivers", '<a href="/way">Drivers</a>'), encoding="utf-8")
    done = command("run", "a.html", "--fast", "--format", "markdown", "--links", "--figures", "--out", "o")
    assert done.returncode == 0
    text = (tmp_path / "o" / "markdown" / "a.html.md").read_text(encoding="utf-8")
    assert "[Drivers](https://post.example/way)" in text and "![" in text
    assert command("run", "a.html", "--links", "--out", "o2").returncode == 2
