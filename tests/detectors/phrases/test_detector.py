"""Rules as a detector: units, places, conditions, blocks, limits."""

from __future__ import annotations

import time
from unittest import mock

import pytest

from cleaner.detectors.phrases import detector
from cleaner.detectors.phrases.detector import Phrases
from cleaner.errors import PatternTimeout
from cleaner.reading.plain_text import parted, segment
from cleaner.rulebook import patterns
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.yaml_tree import Source
from cleaner.text.paragraphs import ArticleFacts


def rule(body: str, name: str = "x", category: str = "promotion") -> Source:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    text = f"category: {category}\nlanguage: en\nrules:\n  - id: {category}/{name}\n    about: Test.\n{lines}"
    return Source(f"rules/{name}.yaml", text + "    removes: ['[[x]]']\n    keeps: ['y']\n")


def found(text: str, *sources: Source) -> list[str]:
    facts = ArticleFacts.of(parted(segment(text, language="en")))
    return [f.span.of(text) for f in Phrases.of(compile_rules(sources).rules)(facts)]


PROSE = "The council met on Monday and spoke at length about the bridge, the ferry and the road."


@pytest.mark.parametrize(
    ("unit", "span"),
    [("match", "Buy it now"), ("sentence", "Buy it now, friend."), ("paragraph", "It is. Buy it now, friend. Or not.")],
)
def test_units(unit: str, span: str) -> None:
    assert found(
        "First.\nIt is. Buy it now, friend. Or not.\nLast.", rule(f"unit: {unit}\nany: ['\\bbuy it now\\b']")
    ) == [span]


def test_a_named_group_is_what_goes() -> None:
    assert found("He fell.(Photo: Ann)", rule("unit: match\nany: ['[.](?P<cut>\\(photo: \\w+\\))']")) == [
        "(Photo: Ann)"
    ]


def test_all_matches_of_a_paragraph_are_found_once() -> None:
    assert found("A [x] b [x] c.", rule("unit: match\nany: ['\\[x\\]', '\\[\\w\\]']")) == ["[x]", "[x]"]


def test_any_all_unless() -> None:
    body = "any: ['\\bnow\\b', 'today']\nall: ['\\bbuy\\b', 'ware']\nunless: ['\\bsaid\\b']"
    assert found("Buy ware now.\nBuy ware.\nBuy now.\nBuy ware today, he said.", rule(body)) == ["Buy ware now."]


@pytest.mark.parametrize(
    ("unit", "refused"),
    [
        *((unit, refused) for unit in ("match", "sentence") for refused in ("all: ['zebra']", "unless: ['reader$']")),
        ("sentence", "when: {words: ..9}"),
    ],
)
def test_what_a_line_refuses_is_asked_once(monkeypatch: pytest.MonkeyPatch, unit: str, refused: str) -> None:
    asked = {name: mock.Mock(wraps=getattr(detector, name)) for name in ("search", "hold")}
    for name, told in asked.items():
        monkeypatch.setattr(detector, name, told)
    text = "share it with a " * 200 + "reader"
    assert found(text, rule(f"unit: {unit}\nany: ['\\bshare\\b']\n{refused}")) == []
    assert 0 < sum(told.call_count for told in asked.values()) < 10


def test_places() -> None:
    text = "\n".join(["mark", *[PROSE] * 30, "mark", *[PROSE] * 30, "mark"])
    lines = [i for i, line in enumerate(text.split("\n")) if line == "mark"]
    for where, wanted in (
        ("anywhere", lines),
        ("start", lines[:1]),
        ("end", lines[2:]),
        ("outer", [lines[0], lines[2]]),
    ):
        facts = ArticleFacts.of(segment(text, language="en"))
        spans = [f.span for f in Phrases.of(compile_rules([rule(f"where: {where}\nany: ['^mark$']")]).rules)(facts)]
        assert [text.count("\n", 0, span.start) for span in spans] == wanted


@pytest.mark.parametrize(
    ("when", "text", "spans"),
    [
        ("{words: 2..3}", "One\nOne two\nOne two three four", ["One two"]),
        ("{words: ..2, stop: no}", "No stop\nA stop.\nThree words here", ["No stop"]),
        ("{stop: no, around: prose}", f"{PROSE}\n{PROSE}\nA line without end\n{PROSE}", ["A line without end"]),
        ("{stop: no, around: prose}", "Milk\nEggs\nFlour and sugar", []),
        ("{words: 2.., after: ['^related$']}", "Related\nA title\nAnother title", ["A title"]),
        ("{words: 2.., before: ['^photo:']}", "Some line\nA caption\nPhoto: Ann", ["A caption"]),
        (
            "{words: 2.., joined: next}",
            "The ferry sailed.Credit: Ann Lee, Varn\nThe ferry sank.",
            ["The ferry sailed."],
        ),
        (
            "{words: 2.., joined: previous}",
            "The ferry sailed.Credit: Ann Lee, Varn\nIt sank.",
            ["Credit: Ann Lee, Varn"],
        ),
        ("{words: ..3, repeats: headline}", "Big news\nText here\nBig News!", ["Big News!"]),
        ("{words: ..3, repeats: neighbour}", "Big news\nbig news\nOther\nBig news", ["Big news", "big news"]),
        ("{words: ..3, repeats: article}", "Big news\nOther\nBig news\nMore", ["Big news", "Big news"]),
        (
            "{stop: no, restates: 0.8..}",
            "Mayor Ellen Pryce opened the Tarn footbridge on Monday.\nMayor Ellen Pryce opens Tarn footbridge\nFerry",
            ["Mayor Ellen Pryce opens Tarn footbridge"],
        ),
        (
            "{stop: no, cohesion: ..0.1}",
            "Mayor Ellen Pryce opened the Tarn footbridge.\nTarn footbridge\nCelebrity divorce shocks fans",
            ["Celebrity divorce shocks fans"],
        ),
    ],
)
def test_conditions(when: str, text: str, spans: list[str]) -> None:
    assert found(text, rule(f"when: {when}")) == spans


def test_beside_another_category() -> None:
    prompt = rule("any: ['^subscribe$']", "prompt", "subscription-prompt")
    near = rule("any: ['^(go|submit)$']\nwhen: {beside: [subscription-prompt]}", "near")
    assert found("Go\nText.\nSubscribe\nSubmit", prompt, near) == ["Subscribe", "Submit"]
    assert found("Go\nText.\nSubmit", prompt, near) == []


def test_blocks() -> None:
    run = rule("unit: block\nany: ['^related$']\nwhile: {words: ..4, stop: no}\nmost: 3")
    assert found("A.\nRelated\nOne title\nTwo titles\nProse ends here.\nLate title", run) == [
        "Related\nOne title\nTwo titles"
    ]
    assert found("Related\n1\n2\n3\n4\n5", run) == ["Related\n1\n2\n3"]
    closed = rule("unit: block\nany: ['^a message from']\nuntil: ['^remind me later']")
    assert found("A.\nA message from us\nDear reader.\nRemind me later.\nB.", closed) == [
        "A message from us\nDear reader.\nRemind me later."
    ]
    assert found("A message from us\nDear reader.", closed) == []
    picked = rule("unit: block\nany: ['^related$']\nwhile: {any: ['^- '], unless: ['keep']}")
    assert found("Related\n- one\n- keep\n- two", picked) == ["Related\n- one"]


def test_every_script_is_matched() -> None:
    assert found(
        "Читайте\u00a0ТАКЖЕ: мост\n関連記事：橋\nΔιαβάστε επίσης",
        rule("any: ['^читайте\\s+также', '関連記事:', 'διαβάστε']"),
    ) == [
        "Читайте\u00a0ТАКЖЕ: мост",
        "関連記事：橋",
        "Διαβάστε επίσης",
    ]


def test_lone_surrogates_and_nul_do_no_harm() -> None:
    assert found("\ud800 buy it now \x00", rule("any: ['buy it now']")) == ["\ud800 buy it now \x00"]


def test_a_very_long_line_is_searched_in_parts() -> None:
    text = "word " * 50_000 + "[File: Ann/Agency] " + "word " * 50_000
    assert found(text, rule("unit: match\nany: ['\\[file: \\w+/\\w+\\]']")) == ["[File: Ann/Agency]"]
    assert found(text, rule("any: ['\\[file: \\w+/\\w+\\]']")) == []


SLOW = "a" * 400 + "!"


@pytest.mark.parametrize(
    "body",
    [
        "any: ['a(a*)*(a*)*b|(a|aa)+$']",
        "any: ['a'] \nall: ['(a|aa)+$']",
        "any: ['a'] \nunless: ['(a|aa)+$']",
        "unit: match\nany: ['a(a|aa)+$']",
        "any: ['a']\nwhen: {after: ['(a|aa)+$']}",
        "unit: block\nany: ['a']\nuntil: ['(a|aa)+$']",
    ],
)
def test_a_rule_that_takes_too_long_is_left_out_there(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "TIMEOUT", 0.02)
    slow, other = rule(body, "slow"), rule("any: ['buy']")
    phrases = Phrases.of(compile_rules([slow, other]).rules)
    notes: list[str] = []
    article = segment("\n".join([SLOW] * 9 + ["Buy it."]), language="en")
    began = time.thread_time()
    assert [finding.span.of(article.text) for finding in phrases(ArticleFacts.of(article), notes.append)] == ["Buy it."]
    assert time.thread_time() - began < 1  # not nine times the limit
    (note,) = notes
    assert note.startswith("promotion/slow was left out of 2 paragraphs and those that followed: the pattern '")
    assert "took over 0.02 s" in note
    again: list[str] = []
    other_article = ArticleFacts.of(segment("Buy it.", language="en"))
    assert len(list(phrases(other_article, again.append))) == 1 and not again


def test_the_time_of_other_threads_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = iter([0.0, 0.2, 0.2, 0.7]), []  # half a second counts for nothing: it is the process's
    monkeypatch.setattr(patterns, "thread_time", lambda: next(clock))

    def call(most: float) -> str:
        asked.append(most)
        raise TimeoutError

    with pytest.raises(PatternTimeout):
        patterns.limited("x", call)
    assert asked == [0.25, 0.5, 1.0]


def test_findings_say_what_was_seen() -> None:
    article = segment("Related\nShort title", language="en")
    (finding,) = Phrases.of(compile_rules([rule("any: ['title']\nwhen: {stop: no, after: ['^related$']}")]).rules)(
        ArticleFacts.of(article)
    )
    assert [e.text for e in finding.evidence] == ["title", "no final mark", "after 'Related'"]
    assert finding.evidence[0].span is not None and finding.evidence[0].span.of(article.text) == "title"
