"""Offsets lead from the clean text to the source and back."""

from __future__ import annotations

import itertools
import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.article.cut import cut
from cleaner.article.model import Cleaned, Decision, Finding, Span
from cleaner.article.offsets import Offsets
from cleaner.errors import ResultFault
from cleaner.reading.plain_text import segment

PAGE = (
    "<html><body><nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>Weather</a></li></ul></nav><article>"
    "<h1>Council votes for a new bridge</h1>"
    "<p>The council voted on Monday evening to build a new bridge over the river, after two years of debate.</p>"
    "<div class='newsletter'><p>Sign up for our newsletter</p></div>"
    "<p>Work begins in spring and will take three years, the mayor said, and it will cost nine million.</p>"
    "</article><footer><p>Copyright. All rights reserved.</p></footer></body></html>"
)


@st.composite
def cleaned(draw: st.DrawFn) -> Cleaned:
    """A text and any spans that may be cut from it, those that touch each other among them."""
    text = draw(st.text(st.sampled_from("ab \n\U0001f600e\u0301"), max_size=40))
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    spans = [(a, b) for a, b in itertools.pairwise(edges) if a < b and draw(st.booleans())]
    finding = Finding(Span(0, 1), "other", "test", "test/x", 0.9)
    decisions = [Decision(a, b, "remove", "other", "test/x", "test", 0.9, "", (finding,)) for a, b in spans]
    return cut(segment(text), decisions)


def kept(result: Cleaned) -> list[int]:
    """The places of the source that stayed, told the slow way."""
    gone = {at for span in result.removed for at in range(span.start, span.end)}
    return [at for at in range(len(result.article.text)) if at not in gone]


@given(cleaned())
def test_each_character_leads_to_itself_and_back(result: Cleaned) -> None:
    places = kept(result)
    assert [result.source_offset(at) for at in range(len(result.text))] == places
    clean = {source: at for at, source in enumerate(places)}
    assert [result.clean_offset(at) for at in range(len(result.article.text))] == [
        clean.get(at) for at in range(len(result.article.text))
    ]
    assert result.source_offset(len(result.text)) == len(result.article.text)
    assert result.clean_offset(len(result.article.text)) == len(result.text)


@given(cleaned(), st.integers(0, 40), st.integers(0, 40))
def test_a_clean_span_leads_to_its_characters_and_back(result: Cleaned, one: int, other: int) -> None:
    start, end = sorted((min(one, len(result.text)), min(other, len(result.text))))
    span = result.source_span(start, end)
    inside = kept(result)[start:end]
    if inside:
        assert span == Span(inside[0], inside[-1] + 1)
        assert result.clean_span(span.start, span.end) == Span(start, end)
    else:
        assert span.start == span.end == result.source_offset(start)


@given(cleaned(), st.integers(0, 40), st.integers(0, 40))
def test_a_source_span_leads_to_what_stayed_of_it(result: Cleaned, one: int, other: int) -> None:
    length = len(result.article.text)
    start, end = sorted((min(one, length), min(other, length)))
    span = result.clean_span(start, end)
    inside = [at for at, source in enumerate(kept(result)) if start <= source < end]
    if inside:
        assert span == Span(inside[0], inside[-1] + 1)
    elif start < end:
        assert span is None
    else:
        at = result.clean_offset(start)
        assert span == (None if at is None else Span(at, at))


@given(cleaned())
def test_the_place_of_a_character_is_in_its_paragraph(result: Cleaned) -> None:
    paragraphs = result.article.paragraphs
    for at, character in enumerate(result.text):
        place = result.place(at)
        if place is None:
            assert character.isspace()
            continue
        assert place.offset == result.source_offset(at) and place.path == ""
        assert paragraphs[place.paragraph].span.of(result.article.text)[place.character] == character


def test_of_a_page_the_place_is_the_block() -> None:
    result = cleaner.clean_html(PAGE)
    assert "newsletter" not in result.text
    place = result.place(result.text.index("spring"))
    assert place is not None and place.path == "html.body.article.p"
    block = result.article.paragraphs[place.paragraph].span.of(result.article.text)
    assert block.startswith("Work begins") and block[place.character :].startswith("spring")
    assert result.place(result.text.index("\n")) is None


def test_outside_of_the_text_there_is_no_place() -> None:
    result = cleaner.clean("The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon.")
    clean, source = len(result.text), len(result.article.text)
    for call, arguments in (
        (result.source_offset, (-1,)),
        (result.source_offset, (clean + 1,)),
        (result.place, (clean + 1,)),
        (result.clean_offset, (-1,)),
        (result.clean_offset, (source + 1,)),
        (result.source_span, (0, clean + 1)),
        (result.source_span, (-1, 1)),
        (result.source_span, (2, 1)),
        (result.clean_span, (0, source + 1)),
        (result.clean_span, (-1, 1)),
        (result.clean_span, (2, 1)),
    ):
        with pytest.raises(IndexError, match=r"no place|from 0|not at 1"):
            call(*arguments)


def test_a_result_that_was_asked_is_the_same_result() -> None:
    text = "The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon."
    asked, fresh = cleaner.clean(text), cleaner.clean(text)
    at = asked.text.index("Traffic")
    assert asked.source_offset(at) == text.index("Traffic")
    assert asked == fresh and hash(asked) == hash(fresh) and repr(asked) == repr(fresh)
    assert pickle.loads(pickle.dumps(asked)).source_offset(at) == text.index("Traffic")
    # With other spans it answers for those.
    assert replace(asked, text=text, removed=()).source_offset(at) == at


def test_spans_may_come_in_any_order_but_not_overlap() -> None:
    assert Offsets.of([(8, 9), (2, 4)]) == Offsets.of([(2, 4), (8, 9)])
    for spans in ([(2, 5), (4, 6)], [(5, 4)]):
        with pytest.raises(ResultFault, match="overlaps"):
            Offsets.of(spans)
