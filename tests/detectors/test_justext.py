"""jusText's own classes, in linear time."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st
from justext.core import classify_paragraphs, revise_paragraph_classification

from cleaner.detectors.justext import Block, by_itself, classify, detect, revise
from cleaner.reading.plain_text import segment
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.stoplists import stoplist

BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["short", "neargood", "good", "bad"]),
        st.booleans(),
        st.sampled_from(["x", "y" * 90, "z" * 150]),
    ),
    max_size=40,
)


def blocks(rows: list[tuple[str, bool, str]]) -> list[Block]:
    found = []
    for name, heading, text in rows:
        block = Block(text, "body.h2" if heading else "body.p")
        block.cf_class, block.heading = name, heading
        found.append(block)
    return found


@given(BLOCKS)
@settings(max_examples=400)
def test_classes_are_those_of_justext(rows: list[tuple[str, bool, str]]) -> None:
    ours, theirs = blocks(rows), blocks(rows)
    revise(ours)
    revise_paragraph_classification(theirs)
    assert [block.class_type for block in ours] == [block.class_type for block in theirs]


WORDS = st.lists(st.sampled_from(["the", "Of", "bridge", "\u00a9", "&copy;", "\u0130t", "x" * 30]), max_size=60)


@given(WORDS, st.sampled_from(["", "body.p", "body.h2", "body.select.p"]), st.integers(0, 200))
def test_classes_without_context_are_those_of_justext(words: list[str], path: str, links: int) -> None:
    ours, theirs = (Block(" ".join(words), path, links) for _ in range(2))
    stopwords = stoplist("en")
    assert stopwords is not None
    classify_paragraphs([theirs], stopwords)
    assert by_itself(ours, stopwords) == theirs.cf_class
    assert classify([ours], stopwords)[0].heading == theirs.heading


def test_fifty_thousand_short_lines_do_not_take_quadratic_time() -> None:
    lines = [Block("Tickets on sale now") for _ in range(50_000)]
    stopwords = stoplist("en")
    assert stopwords is not None
    began = time.process_time()
    classify(lines, stopwords)
    # jusText itself takes over three minutes here; the bound only tells a walk from a search in a search.
    assert time.process_time() - began < 20
    assert {block.class_type for block in lines} == {"bad"}


def test_weak_evidence_by_name() -> None:
    text = (
        "Menu\n" + "The council has said that it will be the first of the towns to do this for all who live in it. " * 4
    )
    found = list(detect(ArticleFacts.of(segment(text, language="en"))))
    assert [(f.span.of(text), f.category, f.rule) for f in found] == [("Menu", None, "prose/bad")]
    assert found[0].score < 0.5 and "short" in found[0].evidence[0].text


def test_a_language_without_stoplist_has_no_vote() -> None:
    assert list(detect(ArticleFacts.of(segment("メニュー\n今日は晴れです。", language="ja")))) == []
