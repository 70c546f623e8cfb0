"""The inputs of ``fuzz.py``: texts and pages from samples of the rules' patterns, and from shapes that were slow once.

Every way to make one takes a generator and a size, and makes the same of the same.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleaner.authoring.pumping import attacks, patterns_of
from cleaner.authoring.samples import samples
from cleaner.rulebook.patterns import sampled_tree
from cleaner.rulebook.values import Rule

JOINTS = ("", " ", "\n", ". ", ", ", " | ", "\u00a0", "> ", "\r\n", " - ", "\u3002", "\n\n")
NOISE = ("\u200b", "\u00ad", "\u0301", "\ufeff", "\U0001f600", "\u00a7!", "\t", "]]>", "\u202e", "0", "%", '"', "\x00")
SCRIPTS = (
    "Abc",
    "абв",
    "αβγ",
    "漢字",
    "かな",
    "한글",
    "ابج",
    "अआ",
    "ไทย",
    "אבג",
    "e\u0301\u0323",
    "\U0001f469\u200d\U0001f52c",
)
"""A bit of each: what stands beside another script, joined or composed, is where spans go wrong."""
BROKEN = ("\ud800", "\udc00", "\udfff\ud83d")
"""Halves of pairs, as a line of JSON may hold them."""
TAGS = (
    "p",
    "div",
    "li",
    "a",
    "span",
    "b",
    "td",
    "h2",
    "figcaption",
    "blockquote",
    "section",
    "aside",
    "br",
    "ul",
    "em",
)
TAGS += ("table", "tr", "pre", "svg", "template")
NAMES = ("class", "id", "style", "data-x", "href", "title", "alt", "aria-label", "itemprop", "role", "hidden", "CLASS")

Make = Callable[[random.Random, int], str]
"""An input of about a size, the same for the same state of the generator."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to make inputs. ``page``: they are pages."""

    name: str
    make: Make
    page: bool = False


def pieces(rules: Sequence[Rule]) -> tuple[list[str], list[str]]:
    """Samples of the patterns of rules, and attacks on them."""
    found: set[str] = set()
    pumps: set[str] = set()
    for rule in rules:
        for pattern in patterns_of(rule):
            try:
                found.update(samples(sampled_tree(pattern), 4))
            except (re.error, RecursionError, OverflowError):
                continue
            for number, attack in enumerate(attacks(pattern)):
                if number % 7 == 0:
                    pumps.add(attack.head + attack.pump)
                    pumps.add(attack.pump)
    return sorted(found - {""}), sorted(pumps - {""})


def up_to(size: int, part: Callable[[], str]) -> str:
    """Parts until they are of a size."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(part())
        length += max(1, len(parts[-1]))
    return "".join(parts)


def texts(words: Sequence[str], pumps: Sequence[str]) -> tuple[Make, ...]:
    """The ways to make texts from samples and attacks."""

    def pumped(dice: random.Random, size: int) -> str:
        head, pump, joint = dice.choice(words), dice.choice(pumps), dice.choice(JOINTS)
        tail = dice.choice(("", "\u00a7!", dice.choice(words)))
        return head + joint + up_to(size, lambda: pump + joint) + tail

    def turned(dice: random.Random, size: int) -> str:
        some = [dice.choice((dice.choice(words), dice.choice(pumps))) for _ in range(dice.randint(2, 4))]
        joint = dice.choice(JOINTS)
        return up_to(size, lambda: joint.join(some) + joint)

    def mixed(dice: random.Random, size: int) -> str:
        joints = [dice.choice(JOINTS) for _ in range(3)]
        return up_to(size, lambda: dice.choice(words) + dice.choice(joints))

    def noisy(dice: random.Random, size: int) -> str:
        word = dice.choice(words)
        return up_to(size, lambda: dice.choice((word, word[: dice.randint(0, len(word))], dice.choice(NOISE))))

    def stretched(dice: random.Random, size: int) -> str:
        word = dice.choice(words)
        letter = dice.choice(word)
        return word + letter * size + dice.choice(("", word, "\u00a7!"))

    def capitals(dice: random.Random, size: int) -> str:
        some = [re.sub(r"\W+", "", dice.choice(words)).title() or "Aa" for _ in range(dice.randint(1, 5))]
        joint = dice.choice(("", "", "/", " ", "-", ".", "'"))
        shout = dice.choice((str, str.upper))
        return up_to(size, lambda: shout(dice.choice(some)) + joint)

    def short_lines(dice: random.Random, size: int) -> str:
        some = [dice.choice(words) for _ in range(dice.randint(1, 6))]
        lead = dice.choice(("", "\u00a9 2020 ", "- ", "1. ", "* ", "\u2022 ", "12:30 ", "@", "#", "By ", "(", "Q: "))
        count = iter(range(size + 1))
        return up_to(size, lambda: f"{lead}{dice.choice(some)} {next(count) if dice.random() < 0.5 else ''}\n")

    def nearly(dice: random.Random, size: int) -> str:
        word = dice.choice(words)

        def part() -> str:
            place = dice.randrange(len(word))
            return word[:place] + dice.choice(("", "x", word[place] * 2, " ")) + word[place + 1 :] + " "

        return up_to(size, part)

    def scripts(dice: random.Random, size: int) -> str:
        return up_to(size, lambda: dice.choice((*SCRIPTS, dice.choice(words), dice.choice(NOISE))))

    def open_quotes(dice: random.Random, size: int) -> str:
        marks = "\"'([{\u201c\u00ab\u300c\u2018\u201e"
        return up_to(
            size, lambda: dice.choice(marks) + dice.choice((dice.choice(words), "", "a")) + dice.choice(" \n.")
        )

    def broken(dice: random.Random, size: int) -> str:
        return up_to(size, lambda: dice.choice((dice.choice(words), dice.choice(BROKEN), " ", "\n")))

    return pumped, turned, mixed, noisy, stretched, capitals, short_lines, nearly, scripts, open_quotes, broken


def pages(words: Sequence[str], inners: Sequence[Make]) -> tuple[Make, ...]:
    """The ways to make pages of samples and texts."""

    def page(body: Callable[[random.Random, int, Make], str]) -> Make:
        def made(dice: random.Random, size: int) -> str:
            return f"<html><body><h1>Title</h1>{body(dice, size, dice.choice(inners))}</body></html>"

        made.__name__ = body.__name__
        return made

    def rows(dice: random.Random, size: int, inner: Make) -> str:
        tag, text = dice.choice(TAGS), inner(dice, 60)
        name, value = dice.choice(NAMES), dice.choice(words)
        return up_to(size, lambda: f'<{tag} {name}="{value}">{text}</{tag}>')

    def nested(dice: random.Random, size: int, inner: Make) -> str:
        tag, text = dice.choice(TAGS), inner(dice, 20)
        return up_to(size, lambda: f"<{tag}>{text}") + dice.choice(("", f"</{tag}>" * 20))

    def attributes(dice: random.Random, size: int, inner: Make) -> str:
        tag, name = dice.choice(TAGS), dice.choice(NAMES)
        many = " ".join(f"{name}{number}={dice.choice(words)!r}" for number in range(size // 16))
        return f"<{tag} {many}>{inner(dice, 400)}</{tag}>"

    def long_attribute(dice: random.Random, size: int, inner: Make) -> str:
        value = up_to(size, lambda: dice.choice(words).replace('"', "") + " ")
        return f'<div {dice.choice(NAMES)}="{value}"><p>{inner(dice, 400)}</p></div>'

    def breaks(dice: random.Random, size: int, inner: Make) -> str:
        line = dice.choice((dice.choice(words), inner(dice, 20), "a b"))
        broke = dice.choice(("<br>", "<br/><br/>", "<br>\n", "<hr>", "<wbr>", "&nbsp;<br>"))
        return "<p>" + up_to(size, lambda: line + broke) + "</p>"

    def links(dice: random.Random, size: int, inner: Make) -> str:
        text = dice.choice(words)
        return up_to(size, lambda: f'<a href="/{dice.randrange(99)}">{text}</a>{dice.choice((" ", "", " | ", "<br>"))}')

    def tables(dice: random.Random, size: int, inner: Make) -> str:
        cell = inner(dice, 12)
        span = dice.choice(("", ' colspan="1000"', ' rowspan="65000"', ' colspan="99999999"'))
        return "<table>" + up_to(size, lambda: f"<tr><td{span}>{cell}<td>{cell}") + "</table>"

    def data(dice: random.Random, size: int, inner: Make) -> str:
        text = inner(dice, size // 2)
        deep = "[" * (size // 8) + "]" * dice.choice((0, size // 8))
        held = dice.choice((json.dumps({"@type": "NewsArticle", "articleBody": text}), deep))
        return f'<script type="application/ld+json">{held}</script><p>{inner(dice, size // 4)}</p>'

    def soup(dice: random.Random, size: int, inner: Make) -> str:
        def part() -> str:
            tag, text = dice.choice(TAGS), dice.choice(words)
            attribute = f"<{tag} {dice.choice(NAMES)}='{text}'>"
            odd = dice.choice(
                ("<!--", "<", "&", "&#0;", "<![CDATA[", "</", "<script>", "&lt;&amp", "<plaintext", "-->")
            )
            return dice.choice((f"<{tag}>", f"</{tag}>", attribute, text, odd))

        return up_to(size, part)

    return tuple(map(page, (rows, nested, attributes, long_attribute, breaks, links, tables, data, soup)))


def kinds(words: Sequence[str], pumps: Sequence[str]) -> tuple[Kind, ...]:
    """The ways to make inputs from samples and attacks, texts and pages in turn."""
    plain = texts(words, pumps)
    made = [*(Kind(make.__name__, make) for make in plain)]
    made += [Kind(f"page, {make.__name__}", make, True) for make in pages(words, plain)]
    return tuple(made)
