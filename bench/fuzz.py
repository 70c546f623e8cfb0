"""Texts and pages made to be slow, from the rules' own words: whether a rule runs out of time, or time outgrows size.

    python bench/fuzz.py [--minutes M] [--seed N] [--language CODE ...] [--rules FOLDER]

Texts are made in every language from samples of the patterns' own parts: one repeated again and again, two in turn,
many at random, nearly right, glued or spaced, as capitals, in one line or many, among other scripts, open quotes or
halves of characters. Pages wrap these in random elements: with many or long attributes, deep, unclosed, in rows, as
lines with ``<br>``, links, tables, or the page's data. Each input is cleaned; one that raises, leaves a note, or can't
be had back is named. One that takes over the time that its size allows is made at a quarter of the size and at twice
the size, too, and named if the time has grown faster than the size in both steps: on a busy machine one step often
seems to. The same seed makes the same inputs. Interrupted, it tells how far it came. Exits 1 if anything was found.
Times are of the processor. In every 20 inputs for each language, all ways to make one are tried once; among the
languages is `und`, one that can't be told, for which the rules of all languages run.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import log
from time import process_time

from fuzz_inputs import Kind, kinds, pieces

from cleaner import Cleaner, restore
from cleaner.article.model import Cleaned
from cleaner.errors import DecodeFault
from cleaner.text.language import UNKNOWN

SIZES = (600, 3_000, 12_000, 48_000)
SLOW, A_CHARACTER = 0.15, 1.2e-5
"""Seconds that any input may take, and those that each character adds, before its growth is measured."""
SHRINK = 4
EXPONENT = 1.45


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
            all_rules = cleaner.rulebook.rules
            rules = [rule for rule in all_rules if language == UNKNOWN or {language, "any"} & set(rule.languages)]
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
    except Exception as error:  # whatever it is, no input may lead to it
        return found(f"{type(error).__name__}: {error}")
    if result.notes:
        return found(result.notes[0])
    if lost := _lost(kind, text, result):
        return found(lost)
    if took < SLOW + A_CHARACTER * len(text):
        return None
    growth, took = _growth(cleaner, kind, language, seed, size // SHRINK, size)
    if growth <= EXPONENT or took < SLOW + A_CHARACTER * len(text):
        return None
    growth = min(growth, _growth(cleaner, kind, language, seed, size, 2 * size)[0])
    return found(f"{took:.2f} s for {len(text):,} characters, growth {growth:.2f}") if growth > EXPONENT else None


def _growth(cleaner: Cleaner, kind: Kind, language: str, seed: str, less: int, more: int) -> tuple[float, float]:
    """How the time grows from one size to another (1 is linear), and the time at the larger: the best of three."""
    small, large = (kind.make(random.Random(seed), size) for size in (less, more))
    ratio = len(large) / max(1, len(small))
    short, long = (min(_clean(cleaner, kind, text, language)[1] for _ in range(3)) for text in (small, large))
    return log(max(long / max(short, 1e-4), 1)) / log(ratio) if ratio > 1.5 else 0.0, long


def _lost(kind: Kind, text: str, result: Cleaned) -> str | None:
    """What is wrong with the promise that nothing is lost: in words, if anything."""
    ends = [place for span in result.removed for place in (span.start, span.end)]
    if ends != sorted(ends):
        return "removed spans that overlap or are not in order"
    if not kind.page and result.article.text != text:
        return "the article is another text than the input"
    if restore(result.text, result.removed) != result.article.text:
        return "clean text and removed spans don't give the article back"
    return None


def _clean(cleaner: Cleaner, kind: Kind, text: str, language: str) -> tuple[Cleaned, float]:
    began = process_time()
    call = cleaner.clean_html if kind.page else cleaner.clean
    result = call(text, language=language)
    return result, process_time() - began


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=10, help="of processor time (default: 10)")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--language", action="append", help="one of the rules' languages, or und; may be repeated")
    arguments.add_argument("--rules", help="a folder of own rules, on top of the shipped ones")
    given = arguments.parse_args()
    cleaner = Cleaner(given.rules)
    known = [*sorted({code for rule in cleaner.rulebook.rules for code in rule.languages} - {"any"}), UNKNOWN]
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
    print(f"{tried['inputs']:,} inputs in {len(languages)} languages: {wrong or 'none'} found")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
