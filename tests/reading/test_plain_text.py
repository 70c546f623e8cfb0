"""Paragraphs and sentences: exact offsets, whatever the line ends."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.article.model import Span
from cleaner.reading.plain_text import segment
from cleaner.text.sentences import LONGEST, sentences

ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\n\n", "\r\n \t\r\n"]


@pytest.mark.parametrize("end", ENDS)
def test_every_line_end_parts_paragraphs(end: str) -> None:
    text = f"  One two.{end}Three.{end}"
    article = segment(text)
    assert [p.span.of(text) for p in article.paragraphs] == ["One two.", "Three."]


@given(st.text(st.sampled_from("ab .!\n\r\t\u2028\u00a0\u3000\x1f\x0b\ud800\u200b漢")))
def test_every_character_lies_in_one_paragraph_or_is_white_space(text: str) -> None:
    article = segment(text)
    covered = [place for p in article.paragraphs for place in range(p.span.start, p.span.end)]
    assert covered == sorted(set(covered))
    assert all(text[place].isspace() for place in set(range(len(text))) - set(covered))
    for paragraph in article.paragraphs:
        inside = paragraph.span.of(text)
        assert inside == inside.strip() and len(inside.splitlines()) == 1


@given(
    st.text(st.sampled_from("aB. !?。U.S\"'”\u00a0é1\ud800")), st.sampled_from(["en", "de", "ja", "und", "xx", "../x"])
)
def test_sentences_cover_their_paragraph(text: str, language: str) -> None:
    span = Span(3, 3 + len(text))
    found = sentences("___" + text + "___", span, language)
    assert found[0].start == span.start and found[-1].end == span.end
    assert all(a.end == b.start for a, b in itertools.pairwise(found))


def split(text: str, language: str = "en") -> list[str]:
    return [s.of(text).strip() for s in sentences(text, Span(0, len(text)), language)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Your help makes all the difference.US envoys met.",
            ["Your help makes all the difference.", "US envoys met."],
        ),
        ("Thank you!The vote is on Friday.", ["Thank you!", "The vote is on Friday."]),
        ("They left Moscow.The talks go on.", ["They left Moscow.", "The talks go on."]),
        ("mr. Aldous spoke. He sat.", ["mr. Aldous spoke.", "He sat."]),
        ("Paul N. Whelan left. So did she.", ["Paul N. Whelan left.", "So did she."]),
        ("The U.S. offer stands. It is good.", ["The U.S. offer stands.", "It is good."]),
        ("Dr. Who came. Nobody saw it.", ["Dr. Who came.", "Nobody saw it."]),
        ("It runs on ASP.NET and Node.JS today. Why?", ["It runs on ASP.NET and Node.JS today.", "Why?"]),
        ("See www.BBC.co.uk for more. Or don't.", ["See www.BBC.co.uk for more.", "Or don't."]),
        ("Go to example.com.Now it works.", ["Go to example.com.", "Now it works."]),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_german_date_is_no_end() -> None:
    assert split("Am 3. Mai kam er. Dann ging er.", "de") == ["Am 3. Mai kam er.", "Dann ging er."]


def test_a_paragraph_without_end_is_split_in_bounded_parts() -> None:
    text = "word " * (LONGEST // 2)
    assert len(sentences(text, Span(0, len(text)))) >= 1


def test_language_is_told_and_can_be_said() -> None:
    text = "Der Stadtrat hat am Montag beschlossen, die Brücke bis zum Frühjahr zu sperren, sagte die Bürgermeisterin."
    assert segment(text).language == "de"
    assert segment(text, language="fr").language == "fr"
    assert segment("12").language == "und"
