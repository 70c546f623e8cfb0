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
@settings(max_examples=100, deadline=None)
def test_the_words_are_those_of_the_text(parts: list[str]) -> None:
    for cleans in (AS_IT_IS, FAST):
        cleaned = cleans.clean_html("".join(parts))
        marked = re.sub(r"(?<=\w)\*+(?=\w)", "", markdown(cleaned))  # emphasis may end within a word
        assert re.findall(r"\w+", marked) == re.findall(r"\w+", cleaned.text)


def test_a_run(tmp_path: Path, program: Program) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text(PAGE)
    (tmp_path / "in" / "b.txt").write_text("The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon.\n")
    out, plain = tmp_path / "out", tmp_path / "plain"
    assert program("run", tmp_path / "in", "--out", out, "--format", "markdown", "--fast").returncode == 0
    assert program("run", tmp_path / "in", "--out", plain, "--fast").returncode == 0
    assert [path.name for path in (out / "markdown").iterdir()] == ["a.html.md"]
    assert (out / "markdown" / "a.html.md").read_text() == markdown(FAST.clean_html(PAGE))
    for name in ("clean/a.html.txt", "clean/b.txt", "removed.jsonl", "articles.jsonl"):
        assert (out / name).read_bytes() == (plain / name).read_bytes()
    assert json.loads((out / "summary.json").read_text())["options"]["format"] == "markdown"
    assert program("verify", out).returncode == 0
    (out / "markdown" / "mine.md").write_text("A note.")
    assert program("verify", out).returncode == 1
    assert program("run", tmp_path / "in", "--out", out).returncode == 2  # it would be lost
    (out / "markdown" / "mine.md").unlink()
    assert program("run", tmp_path / "in", "--out", out, "--fast").returncode == 0
    assert not (out / "markdown").exists()
    assert program("run", "-", "--format", "markdown", "--json").returncode == 2
