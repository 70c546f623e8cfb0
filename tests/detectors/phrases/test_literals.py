"""The prefilter may let too much through, never too little."""

from __future__ import annotations

import regex
from hypothesis import example, given
from hypothesis import strategies as st
from pytest import mark

from cleaner.detectors.phrases.gates import LETTERLESS, UP_TO_40
from cleaner.detectors.phrases.literals import caseless, needs
from cleaner.detectors.phrases.prefilter import Prefilter, choices
from cleaner.rulebook.patterns import FLAGS, compiled, read
from cleaner.text.folding import fold


def agree(patterns: list[str], paragraphs: list[str]) -> None:
    """Every pattern that matches a paragraph must be among its candidates."""
    folded = [text for paragraph in paragraphs if (text := fold(paragraph).replace("\n", " ").strip())]
    prefilter = Prefilter.of(choices([needs(pattern) for pattern in patterns]))
    for text, candidates in zip(folded, prefilter.candidates(folded), strict=True):
        for number, pattern in enumerate(patterns):
            if compiled(pattern).search(text) and len(text) <= read(pattern).widest:
                assert number in candidates, (pattern, text, needs(pattern))


WORDS = [
    "subscribe",
    "Ёлка",
    "ΣΊΣΥΦΟΣ",
    "straße",
    "İstanbul",
    "ılık",
    "写真",
    "читайте",
    "ﬁne",
    "Kelvin",
    "ſun",
    "©",
    "1 2",
    "ǅ",
]
GLUE = [" ", "\u00a0", ".{0,3}", r"\s+", r"\W*", r"\b", "(?: now)?", r"\d+", "[ab]", "x{2,3}", "(?=.)", r"\p{L}?", "-"]


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Patterns in the shapes that rules have, over words of many scripts."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        word = draw(
            st.sampled_from([*map(fold, WORDS), f"(?:{WORDS[0]}|{WORDS[1]}|x)", f"({WORDS[2]}|.{{0,2}}{WORDS[3]})"])
        )
        parts.append(word if draw(st.booleans()) else f"(?:{word}){draw(st.sampled_from(['?', '+', '{1,2}', '{2}']))}")
        parts.append(draw(st.sampled_from([fold(glue) for glue in GLUE])))
    body = "".join(parts)
    return draw(st.sampled_from(["", "^", r"^\W{0,3}"])) + body + draw(st.sampled_from(["", "$", r"\W*$"]))


TEXT = st.lists(
    st.sampled_from(
        [
            *WORDS,
            *(w.upper() for w in WORDS),
            *(w.lower() for w in WORDS),
            " ",
            "\u00a0",
            "x",
            "xx",
            "a",
            "·",
            " now",
            "-",
            "!",
        ]
    ),
    max_size=7,
).map("".join)


@given(st.lists(patterns(), min_size=1, max_size=4), st.lists(TEXT, min_size=1, max_size=4))
@example([r"^\W*ёлка"], ["«ЁЛКА» горит", "Ёлка"])
@example([r"i"], ["İ", "ı", "I"])
@example([r"写真(=|提供)"], ["【写真】", "写真＝共同"])
@example([r"foo\W*.{2,5}$"], ["foo bar", "foo"])
@example([r"^(?:(?:share|x|g\+)[\W\d]*){2,9}$"], ["x g+ 1", "Share - X!", "share it x"])
@example([r"^(?:(?:rss|web)(?: |$){1,2}){1,3}$"], ["via web", "web rss"])
@example([r"read\s+more$"], ["Read\u00a0\u2009more", "…read more"])
def test_prefilter_and_plain_matching_agree(found: list[str], paragraphs: list[str]) -> None:
    agree([pattern for pattern in found if not read(pattern).empty and not read(pattern).impossible], paragraphs)


@given(st.text(st.characters(), min_size=1, max_size=3))
def test_any_literal_is_found_in_itself_in_any_case(text: str) -> None:
    pattern = regex.escape(fold(text).strip())
    if pattern:
        agree([pattern], [text, text.upper(), text.lower(), text.title(), text.swapcase()])


def test_case_is_folded_as_widely_as_the_matcher_folds_it() -> None:
    for code in range(0x20000):
        character = chr(code)
        for other in {character.upper(), character.lower(), character.title(), character.swapcase()} - {character}:
            if len(other) == 1 and regex.fullmatch(regex.escape(character), other, FLAGS):
                assert caseless(character) == caseless(other), (character, other)
    for one in "iIıİ":
        for other in "iIıİ":
            assert caseless(one) == caseless(other)


@mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\b(support|fund) our (?-i:News)\b", [{"support our news", "fund our news"}]),
        (r"^\W*share\W*$", [{"\nshare"}]),
        (r"(more|all)\W*$", [{"more\n", "all\n"}, {"more", "all"}]),
        (r"x(?:ab)+y", [{"aby"}, {"xab"}]),
        (r"foo.{0,30}(bar|bazaar)", [{"foo"}, {"bar", "bazaar"}]),
        (r"\w+ \w+", []),
    ],
)
def test_what_a_pattern_needs(pattern: str, literals: list[set[str]]) -> None:
    assert sorted(map(sorted, needs(pattern).groups)) == sorted(map(sorted, literals))


def test_short_bound_patterns_need_short_paragraphs() -> None:
    assert needs(r"^\d{1,3}$").mask & (UP_TO_40 | LETTERLESS) == UP_TO_40 | LETTERLESS
    prefilter = Prefilter.of(choices([needs(r"^\d{1,3}$")]))
    assert prefilter.candidates(["12", "12 apples", "1" * 50]) == [[0], [], []]


def test_every_paragraph_has_its_own_candidates() -> None:
    prefilter = Prefilter.of(choices([needs("alpha"), needs("beta"), needs("^gamma$")]))
    paragraphs = ["x", "Alpha", "beta alpha", "no", "«Gamma»", "gamma", "gamma ray"]
    assert prefilter.candidates(paragraphs) == [[], [0], [0, 1], [], [2], [2], []]
