"""HTML -> Article: the text of all that a page shows, and where each block stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import PAGE, PROSE

from cleaner.article.model import Article
from cleaner.errors import DecodeFault
from cleaner.reading import html


def read(source: str | bytes) -> Article:
    return html.read(html.parse(source))


def lines(source: str | bytes) -> list[str]:
    article = read(source)
    return [paragraph.span.of(article.text) for paragraph in article.paragraphs]


def test_each_block_is_a_line() -> None:
    assert lines("<h1>Title</h1><div>One <b>bold</b> word<p>Two</p>after</div>tail") == [
        "Title",
        "One bold word",
        "Two",
        "after",
        "tail",
    ]


def test_white_space_is_folded_and_words_stay_apart() -> None:
    assert lines("<p>a\n  b\u00a0c</p><p><span>By</span><span>Ada</span></p><p><a>Home</a><a>News</a></p>") == [
        "a b c",
        "By Ada",
        "Home News",
    ]


def test_a_word_split_by_markup_stays_whole() -> None:
    assert lines("<p><b>B</b>ridge and w<i>or</i>d</p>") == ["Bridge and word"]


def test_breaks_end_a_line_of_the_same_element() -> None:
    article = read("<p>One.<br>Two.<br><br>Three.</p><p>Four.</p>")
    assert [p.span.of(article.text) for p in article.paragraphs] == ["One.", "Two.", "Three.", "Four."]
    elements = [p.within[-1] for p in article.paragraphs]
    assert elements[0] == elements[1] == elements[2] != elements[3]


def test_list_items_carry_a_mark_once() -> None:
    assert lines("<ul><li>One</li><li><p>Two</p><p>more</p></li></ul>") == ["- One", "- Two", "more"]


def test_a_table_row_is_a_line() -> None:
    assert lines("<table><tr><th>Team</th><th>Points</th></tr><tr><td>Reds</td><td></td><td>3</td></tr></table>") == [
        "Team | Points",
        "Reds | 3",
    ]


def test_cells_that_lay_out_a_page_are_read_by_themselves() -> None:
    rows = "<table><tr><td><ul><li>Menu</li></ul></td><td><p>Text</p></td></tr></table>"
    assert lines(rows) == ["- Menu", "Text"]


def test_preformatted_lines_stay() -> None:
    article = read("<pre>def f():\n    return 1\n\nf()</pre>")
    assert article.text == "def f():\n    return 1\nf()"
    assert [p.span.of(article.text) for p in article.paragraphs] == ["def f():", "return 1", "f()"]


def test_the_call_of_a_note_is_no_digit_of_the_number_before_it() -> None:
    assert read("<p>In 1794<sup><a href=#n1>1</a></sup> it was 3 m<sup>2</sup></p>").text == "In 1794 1 it was 3 m2"


def test_code_whose_words_are_set_in_colours_keeps_its_lines_and_how_far_they_are_set_in() -> None:
    source = "<pre><span>def</span> <b>f</b>():\n    <span>if</span> x:\n        <i>y</i>  <i>z</i>\n<i>f</i>()</pre>"
    article = read(source)
    assert article.text == "def f():\n    if x:\n        y  z\nf()"


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>no</script>",
        "<style>no</style>",
        "<template><p>no</p></template>",
        "<!-- no -->",
        "<noscript>no</noscript>",
        "<p hidden>no</p>",
        '<div style="color: red; display : none">no</div>',
        '<div aria-hidden="true">no</div>',
        "<select><option>no</option></select>",
        "<svg><text>no</text></svg>",
    ],
)
def test_what_no_reader_sees_is_left_out(unseen: str) -> None:
    assert lines(f"<p>One longer line</p>{unseen}after<p>Two</p>") == ["One longer line", "after", "Two"]


def test_a_page_that_hides_itself_is_read_all_the_same() -> None:
    article = read(f'<body style="display:none"><p>{PROSE[0]}</p></body>')
    assert PROSE[0] in article.text
    article = read(f"<p>Loading</p><div hidden><p>{PROSE[0]}</p><p>{PROSE[1]}</p></div>")
    assert PROSE[1] in article.text
    assert article.page is not None and "hidden" in article.page.notes[0]


def test_facts_of_a_block() -> None:
    article = read('<body class="home"><nav id="top-nav"><p class="x">See <a href="#">all news</a></p></nav></body>')
    (paragraph,) = article.paragraphs
    assert paragraph.path.endswith("nav.p")
    assert paragraph.classes == ("home", "top-nav", "x")
    assert paragraph.link_chars == len("all news")


def test_the_page_tells_of_itself() -> None:
    article = read(PAGE)
    page = article.page
    assert page is not None
    assert (page.title, page.author, page.sitename) == (
        "Old bridge closes for repairs",
        "Ada Brook",
        "The Riverside Post",
    )
    assert (page.date, page.language, article.url) == ("2024-03-04T10:00:00Z", "en", "https://post.example/bridge")
    assert article.title == page.title
    assert article.language == "en"


def test_json_ld_carries_the_body() -> None:
    data = '{"@graph": [{"@type": "NewsArticle", "headline": "H", "author": [{"name": "A"}], "articleBody": "Text."}]}'
    page = read(f'<script type="application/ld+json">{data}</script><p>x').page
    assert page is not None
    assert (page.body, page.title, page.author) == ("Text.", "H", "A")


@pytest.mark.parametrize(
    "broken", ["{", "[" * 10_000, "null", '{"@type": 5}', '{"@type": "Article", "articleBody": 5}']
)
def test_broken_json_ld_is_passed_over(broken: str) -> None:
    assert lines(f'<script type="application/ld+json">{broken}</script><p>x') == ["x"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<meta charset=iso-8859-1><p>caf\xe9 \x80", "café €"),
        ("<p>Straße".encode("utf-16"), "Straße"),
        ("<html><p>Straße</p></html>".encode("utf-16-le"), "Straße"),
        (b"\xef\xbb\xbf<p>caf\xc3\xa9", "café"),
        (b"<meta charset=utf-16><p>caf\xc3\xa9", "café"),
        (b"<meta charset=windows-1252><p>caf\xc3\xa9", "café"),
        (b"<meta charset=utf-8><p>caf\xe9", "café"),
        (b"<meta charset=nonsense><p>caf\xe9", "café"),
        (b"<meta http-equiv=content-type content='text/html; charset=windows-1251'><p>\xcc\xee\xf1\xf2", "Мост"),
        (b"<p>a\0b", "ab"),
        (b"\0<p>a</p>\0 \0<img alt='\0'>\0", "a"),
        (b"<scr\0ipt>a</scr\0ipt>", "a"),
    ],
)
def test_bytes_are_read_as_browsers_read_them(data: bytes, text: str) -> None:
    assert lines(data) == [text]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 \x00\x01", "binary"),
        (b"PK\x03\x04xxxx", "binary"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "not-html"),
        (b'<?xml version="1.0"?><!-- a --><feed xmlns="http://www.w3.org/2005/Atom"></feed>', "not-html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "not-html"),
    ],
)
def test_what_is_no_page_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(DecodeFault) as fault:
        html.parse(data)
    assert fault.value.kind == kind


def test_xhtml_is_a_page() -> None:
    assert lines('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Text</p></body></html>') == [
        "Text"
    ]


@pytest.mark.parametrize(
    "nothing", ["", " \n", "<html></html>", "<frameset><frame src=a></frameset>", "<!--", "<head><title>x</title>"]
)
def test_pages_with_nothing_in_them(nothing: str) -> None:
    assert read(nothing).text == ""


def test_absurd_depth_is_read_and_said() -> None:
    article = read(
        "<body>" + "<div>" * 100_000 + f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p>" + "</div>" * 100_000 + "end</body>"
    )
    assert article.text == f"{PROSE[0]}\n{PROSE[1]}\nend"
    assert article.page is not None and "deeper" in article.page.notes[0]


def test_huge_spans_of_cells_are_cut() -> None:
    tree = html.parse(f"<table><tr><td colspan={2**53}>a<td rowspan=x>b<td colspan=2>c</table>")
    assert [cell.get("colspan") for cell in tree.root.iter("td")] == [None, None, "2"]


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + PROSE[0] + "</p>",
        "<li><a href=x>An item</a>",
        "line<br>",
        "<td>x",
        "<b>",
        "<!-- ",
        "<!---->",
        "<p title='",
    ],
)
def test_time_grows_with_the_page_not_faster(page: str) -> None:
    began = time.process_time()
    read("<html>" + page * 20_000)
    assert time.process_time() - began < 10


PIECES = [*"<>/='! -ab\n\0&;", "<p>", "</p>", "<br>", "<li>", "<td>", "<tr>", "<a>", "<pre>", "<b>"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=200)
def test_blocks_are_disjoint_lines_of_the_text(source: str) -> None:
    article = read(source)
    end = -1
    for paragraph in article.paragraphs:
        text = paragraph.span.of(article.text)
        assert paragraph.span.start > end
        assert text == text.strip() and text and "\n" not in text and "  " not in text.replace("\u00a0", " ")
        end = paragraph.span.end
    # What stands outside of all blocks is line ends and the indents of preformatted lines.
    assert [p.span.of(article.text) for p in article.paragraphs] == [
        line.strip() for line in article.text.split("\n") if line
    ]


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_are_a_page_or_a_named_fault(data: bytes) -> None:
    try:
        read(data)
    except DecodeFault as fault:
        assert fault.kind in ("binary", "not-html")


def test_what_is_hidden_closes_nothing_that_is_open() -> None:
    prose = "The council met on Monday\nin the hall and voted\nto close the bridge."
    for hidden in ("<pre hidden>x</pre>", '<pre style="display:none">x</pre>', "<table><tr hidden><td>x</table>"):
        article = read(f"{hidden}<p>{prose}</p><p>{prose}</p>")
        assert article.text == "\n".join([" ".join(prose.split())] * 2)
