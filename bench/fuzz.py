"""Texts and pages made to be slow, from the rules' own words: whether a rule runs out of time, or time outgrows size.

    python bench/fuzz.py [--minutes M] [--seed N] [--language CODE ...] [--rules FOLDER]

Texts are made in every language from samples of the patterns' own parts: one repeated again and again, two in turn,
many at random, glued or spaced, in one line or many. Pages wrap these in random elements, with many or long attributes,
deep, unclosed, or in rows. Each input is cleaned; one that leaves a note, or takes over the time that its size allows,
is made at a quarter of the size, too, and named if the time has grown faster than the size. The same seed makes the
same inputs. Interrupted, it tells how far it came. Exits 1 if anything was found. Times are of the processor.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import log
from time import process_time

from cleaner import Cleaner
from cleaner.authoring.pumping import attacks, patterns_of
from cleaner.authoring.samples import samples
from cleaner.errors import DecodeFault
from cleaner.model import Cleaned
from cleaner.rulebook.patterns import sampled_tree
from cleaner.rulebook.values import Rule

SIZES = (600, 3_000, 12_000, 48_000)
SLOW, A_CHARACTER = 0.15, 1.2e-5
"""Seconds that any input may take, and those that each character adds, before its growth is measured."""
SHRINK = 4
EXPONENT = 1.45
JOINTS = ("", " ", "\n", ". ", ", ", " | ", "\u00a0", "> ")
NOISE = ("\u200b", "\u00ad", "\u0301", "\ufeff", "\U0001f600", "\u00a7!", "\t", "]]>", "\u202e", "0", "%", '"')
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
NAMES = ("class", "id", "style", "data-x", "href", "title", "alt", "aria-label", "itemprop", "role")

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


def kinds(words: Sequence[str], pumps: Sequence[str]) -> tuple[Kind, ...]:
    """The ways to make inputs from samples and attacks."""

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

    def cut(dice: random.Random, size: int) -> str:
        word = dice.choice(words)
        letter = dice.choice(word)
        return word + letter * size + dice.choice(("", word, "\u00a7!"))

    texts = (pumped, turned, mixed, noisy, cut)

    def page(body: Callable[[random.Random, int, Make], str]) -> Make:
        def made(dice: random.Random, size: int) -> str:
            inner = dice.choice(texts)
            return f"<html><body><h1>Title</h1>{body(dice, size, inner)}</body></html>"

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

    def soup(dice: random.Random, size: int, inner: Make) -> str:
        def part() -> str:
            tag = dice.choice(TAGS)
            text = dice.choice(words)
            return dice.choice(
                (f"<{tag}>", f"</{tag}>", f"<{tag} {dice.choice(NAMES)}='{text}'>", text, "<!--", "<", "&")
            )

        return up_to(size, part)

    pages = (rows, nested, attributes, soup)
    return (
        *(Kind(make.__name__, make) for make in texts),
        *(Kind(f"page, {body.__name__}", page(body), True) for body in pages),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with an input: how it was made, and in words what happened."""

    kind: str
    language: str
    seed: str
    what: str
    text: str


def fuzz(cleaner: Cleaner, languages: Sequence[str], seed: int, until: Callable[[], bool]) -> Iterator[Found | None]:
    """One input after another in turn of kind and language; what is wrong with it, or ``None``."""
    ready: dict[str, tuple[Kind, ...]] = {}
    number = 0
    while not until():
        language = languages[number % len(languages)]
        if language not in ready:
            rules = [rule for rule in cleaner.rulebook.rules if {language, "any"} & set(rule.languages)]
            ready[language] = kinds(*pieces(rules))
        kind = ready[language][(number // len(languages)) % len(ready[language])]
        size = SIZES[(number // 7) % len(SIZES)]
        yield _tried(cleaner, kind, language, f"{seed}:{number}", size)
        number += 1


def _tried(cleaner: Cleaner, kind: Kind, language: str, seed: str, size: int) -> Found | None:
    text = kind.make(random.Random(seed), size)

    def found(what: str) -> Found:
        return Found(kind.name, language, seed, what, text)

    try:
        result, took = _clean(cleaner, kind, text, language)
    except DecodeFault:
        return None
    if result.notes:
        return found(result.notes[0])
    if took < SLOW + A_CHARACTER * len(text):
        return None
    smaller = kind.make(random.Random(seed), size // SHRINK)
    less = min(_clean(cleaner, kind, smaller, language)[1] for _ in range(2))
    took = min(took, *(_clean(cleaner, kind, text, language)[1] for _ in range(2)))
    ratio = len(text) / max(1, len(smaller))
    if ratio < 1.5 or took < SLOW + A_CHARACTER * len(text):
        return None
    growth = log(max(took / max(less, 1e-4), 1)) / log(ratio)
    return found(f"{took:.2f} s for {len(text):,} characters, growth {growth:.2f}") if growth > EXPONENT else None


def _clean(cleaner: Cleaner, kind: Kind, text: str, language: str) -> tuple[Cleaned, float]:
    began = process_time()
    call = cleaner.clean_html if kind.page else cleaner.clean
    result = call(text, language=language)
    return result, process_time() - began


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=10, help="of processor time (default: 10)")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--language", action="append", help="one of the rules' languages; may be repeated")
    arguments.add_argument("--rules", help="a folder of own rules, on top of the shipped ones")
    given = arguments.parse_args()
    cleaner = Cleaner(given.rules)
    known = sorted({code for rule in cleaner.rulebook.rules for code in rule.languages} - {"any"})
    began = process_time()
    tried, wrong = Counter[str](), 0
    languages = given.language or known
    with suppress(KeyboardInterrupt):
        for found in fuzz(cleaner, languages, given.seed, lambda: process_time() - began > 60 * given.minutes):
            tried["inputs"] += 1
            if found:
                wrong += 1
                shown = found.text if len(found.text) < 160 else f"{found.text[:120]}\u2026{found.text[-40:]}"
                print(f"{found.language}, {found.kind}, seed {found.seed}: {found.what}\n  {shown!r}", flush=True)
    print(f"{tried['inputs']:,} inputs in {len(languages)} languages: {wrong or 'none'} too slow")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
