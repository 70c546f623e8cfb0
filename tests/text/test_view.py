"""The view: one way of typing, and the exact way back."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_variants import VARIANTS, letters

import cleaner
from cleaner.article.model import Span
from cleaner.deciding.tidy import whole_characters
from cleaner.reading.plain_text import segment
from cleaner.text.view import UNSEEN, View, plain

ODD = st.text("ab \n\r\t\u00a0\u00ad\u200b\ufeff\u0301\u0323\u1100\u1161\u11a8e\u2019\u2014\uff01\u2028\u212b")
BENCH = next(
    (found for up in Path(__file__).parents if (found := up / "shared" / "bench" / "text" / "dev.jsonl").exists()), None
)


def view(text: str) -> View:
    return View.of(segment(text, language="en"))


@given(ODD | st.text())
def test_a_view_of_a_view_is_itself(text: str) -> None:
    seen = plain(text)
    assert plain(seen) == seen
    assert seen == seen.strip() and "  " not in seen and "\n\n" not in seen and " \n" not in seen
    assert unicodedata.is_normalized("NFC", seen)


@given(st.lists(ODD, min_size=1, max_size=6), st.sampled_from(["", "plain words of a text, caf\u00e9 " * 9]))
def test_a_long_text_is_seen_as_a_short_one(parts: list[str], between: str) -> None:
    text = between.join(parts) + between.rstrip()
    seen = plain(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cleaner.text.view.SHORT", len(text))
        assert plain(text) == seen
        patched.setattr("cleaner.text.view.SHORT", 0)
        assert plain(text) == seen


def test_what_is_looked_for_at_once_is_what_the_pattern_finds() -> None:
    found = "".join(re.findall(f"[{UNSEEN}]", "".join(map(chr, range(sys.maxunicode + 1)))))
    for character in (*found, *" \n\u2003\u3000\x1f\x85", *"a\u4e00\U0001f600"):
        with pytest.MonkeyPatch.context() as patched:
            seen = []
            for short in (0, 99):
                patched.setattr("cleaner.text.view.SHORT", short)
                seen += [plain(f"a{character}b"), plain(f"{character}b"), plain(f"a {character}b")]
        assert seen[:3] == seen[3:]


@given(ODD)
def test_every_character_has_its_own_stretch_of_the_text(text: str) -> None:
    seen = view(text)
    ends = 0
    for place, character in enumerate(seen.article.text):
        span = seen.back(Span(place, place + 1))
        assert ends <= span.start or unicodedata.combining(character)
        ends = span.end
        assert character in plain(text[span.start : span.end]) or character.isspace()


@given(ODD)
def test_paragraphs_go_there_and_back(text: str) -> None:
    article = segment(text, language="en")
    seen = View.of(article)
    assert [p.span for p in seen.article.paragraphs] == [p.span for p in segment(seen.article.text).paragraphs]
    for paragraph in seen.article.paragraphs:
        there = seen.back(paragraph.span)
        assert plain(there.of(text)) == paragraph.span.of(seen.article.text)
        assert seen.forth(there) == paragraph.span


def test_plain_text_costs_nothing() -> None:
    article = segment("One line.\nAnother.", language="en")
    assert View.of(article).article is article


def test_a_span_takes_what_it_was_seen_in_and_no_more() -> None:
    text = "Cafe\u0301  \u200bRe\u00adad\u00a0\r\n\r\nmo\u200bre\ufeff"
    seen = view(text)
    assert seen.article.text == "Café Read\nmore"
    assert [text[seen.back(s).start : seen.back(s).end] for s in (Span(0, 4), Span(5, 9), Span(10, 14))] == [
        "Cafe\u0301", "Re\u00adad", "mo\u200bre",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "span", "left"),
    [
        ("x\u0302y\u0302", Span(1, 3), Span(2, 2)),  # a mark without its letter, a letter without its mark
        ("x\u0302 y\u0302 z", Span(1, 5), Span(2, 5)),
        ("ab", Span(0, 1), Span(0, 1)),
        ("\u0302a", Span(0, 1), Span(0, 1)),
    ],
)
def test_letters_keep_their_marks(text: str, span: Span, left: Span) -> None:
    assert whole_characters(text, span) == left


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It opened on Monday.\n\u200bAdver\u00adtisement\u200b\nIt rained.", "It opened on Monday.\nIt rained."),
        ("\ufeffAdvertisement\r\n\r\nTraffic flowed by noon.", "Traffic flowed by noon."),
        ("Traffic flowed by noon.\u2028Advertisement\u200e", "Traffic flowed by noon."),
    ],
)  # fmt: skip
def test_what_has_no_width_goes_as_white_space_does(text: str, clean: str) -> None:
    result = cleaner.clean(text, language="en")
    assert result.text == clean
    assert cleaner.restore(result.text, result.removed) == text


ARTICLES = {
    "en": """Harbour bridge opens after two years
By Mara Lindqvist
The bridge over the old harbour opened on Monday, and the first lorries crossed before dawn. “We have waited long
enough,” said the mayor’s deputy.

Advertisement

Traffic flowed by noon. The ferry, which carried cars for forty years, will be sold.
Support our journalism. Donate today.
Read more: The ferry that nobody wanted""",
    "de": """Neue Brücke über den Hafen eröffnet
Von Jana Köhler
Die Brücke über den alten Hafen wurde am Montag eröffnet. „Wir haben lange genug gewartet“, sagte der Bürgermeister.
Anzeige
Bis zum Mittag rollte der Verkehr ohne Störung.

Lesen Sie auch: Die Fähre, die niemand wollte
Abonnieren Sie unseren Newsletter""",
    "fr": """Le pont du vieux port est ouvert
Publicité
Le pont du vieux port a été ouvert lundi matin, après deux ans de travaux. «\u00a0Nous avons assez attendu\u00a0», a
déclaré le maire.
Lire aussi : le bac dont personne ne voulait
À midi, la circulation était fluide sur les deux rives.
Partager sur Facebook""",
    "ru": """Новый мост открыт
Мост через старую гавань открылся в понедельник, и первый грузовик проехал по нему до рассвета.
Читайте также: паром, который никому не нужен
Реклама""",
}


@pytest.fixture(scope="module")
def own() -> cleaner.Cleaner:
    return cleaner.Cleaner()


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("language", ARTICLES)
def test_typing_changes_nothing_that_goes(own: cleaner.Cleaner, language: str, variant: str) -> None:
    text = ARTICLES[language]
    result, other = own.clean(text), own.clean(VARIANTS[variant](text))
    assert result.removed, "an article without boilerplate shows nothing"
    assert letters(other.text) == letters(result.text)
    assert cleaner.restore(other.text, other.removed) == VARIANTS[variant](text)


@given(
    st.sampled_from(sorted(ARTICLES)),
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from("\u00ad\u200b\u2060\ufeff\u200e")), max_size=20
    ),
    st.sets(st.sampled_from(sorted(VARIANTS)), max_size=4),
)
def test_many_oddities_at_once_change_nothing(
    own: cleaner.Cleaner, language: str, odd: list[tuple[float, str]], variants: set[str]
) -> None:
    text = ARTICLES[language]
    changed = text
    for name in sorted(variants):
        changed = VARIANTS[name](changed)
    for place, character in odd:
        at = int(place * len(changed))
        changed = changed[:at] + character + changed[at:]
    result = own.clean(changed)
    assert letters(result.text) == letters(own.clean(text).text)
    assert cleaner.restore(result.text, result.removed) == changed


@pytest.mark.slow
@pytest.mark.skipif(BENCH is None, reason="the development articles are not here")
def test_typing_changes_nothing_in_real_articles(own: cleaner.Cleaner) -> None:
    assert BENCH is not None
    differ = total = 0
    for line in BENCH.read_text(encoding="utf-8").splitlines()[::4]:
        text = json.loads(line)["text"]
        wanted = letters(own.clean(text).text)
        for vary in VARIANTS.values():
            total += 1
            differ += letters(own.clean(vary(text)).text) != wanted
    assert differ < 0.005 * total
