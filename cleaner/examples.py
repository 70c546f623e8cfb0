"""Every rule must prove itself: its examples, run alone and with all other rules.

Alone, a rule's findings must equal the marks of its ``removes`` and find nothing in its ``keeps``. With all rules, what
the default profile removes must equal the marks, and nothing of a ``keeps`` may go. A ``misses`` must not be found
yet: one that is has to move up to ``removes``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from cleaner.decide import decide
from cleaner.detectors import prose
from cleaner.detectors.phrases import Phrases
from cleaner.model import CATEGORIES, Article, Finding
from cleaner.patterns import PatternTimeout
from cleaner.rulebook import Example, Profile, Rule, Rulebook
from cleaner.segment import parted, segment

MISS_LEFT, MISS_RIGHT = "\u27e6", "\u27e7"
"""Marks in ``Failure.shown`` around what was found: ``[[ ]]`` is what should have been."""

# Examples are short, so nothing may be kept because too much of them would go.
_EVERYTHING = Profile("examples", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 1.0)


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that a rule does not meet: which, where, and the text with what was found marked."""

    rule: str
    kind: str
    path: str
    line: int
    shown: str
    message: str


def check(rulebook: Rulebook, ids: Sequence[str] = ()) -> list[Failure]:
    """The failures of all examples, or of those of the rules named by id or by the beginning of an id."""
    chosen = [rule for rule in rulebook.rules if not ids or any(rule.id.startswith(name) for name in ids)]

    @cache
    def together(language: str, hosts: tuple[str, ...]) -> Phrases:
        return Phrases.of(
            rule
            for rule in rulebook.rules
            if (set(hosts) & set(rule.hosts) if rule.hosts else {language, "any"} & set(rule.languages))
        )

    return [failure for rule in chosen for failure in _check(rule, together)]


def _check(rule: Rule, together: Callable[[str, tuple[str, ...]], Phrases]) -> Iterator[Failure]:
    language = "en" if rule.languages[0] == "any" else rule.languages[0]
    alone = Phrases.of([rule])
    everyone = together(language, rule.hosts)
    for kind, examples in (("removes", rule.removes), ("keeps", rule.keeps), ("misses", rule.misses)):
        for example in examples:
            article = segment(example.plain, language=language)
            wanted = _covered(article.text, example.marks)
            try:
                found = _covered(article.text, ((f.span.start, f.span.end) for f in alone(parted(article))))
                whole = _removed(article, everyone)
            except PatternTimeout as error:
                yield Failure(rule.id, kind, rule.path, example.line, example.marked, str(error))
                continue
            yield from _compare(rule, kind, example, article.text, wanted, found, whole)


def _compare(
    rule: Rule, kind: str, example: Example, text: str, wanted: set[int], found: set[int], whole: set[int]
) -> Iterator[Failure]:
    def failure(message: str, spans: set[int]) -> Failure:
        return Failure(rule.id, kind, rule.path, example.line, _shown(text, wanted, spans), message)

    # A rule that asks for its neighbour's category needs the others; a weak one removes nothing by itself.
    lonely = not (rule.when.beside or rule.when.between)
    strong = rule.score >= 0.5
    if kind == "misses":
        if (found >= wanted) if lonely else (whole >= wanted):
            yield failure("this known miss is found now; move it up to `removes`", found)
        return
    if kind == "removes":
        if lonely and found != wanted:
            yield failure("the rule alone does not find exactly what is marked", found)
        elif strong and whole != wanted:
            yield failure("with all rules not exactly what is marked goes", whole)
        return
    if found:
        yield failure("the rule finds something in an example that stays", found)
    elif whole:
        yield failure("another rule removes something of an example that stays", whole)


def _removed(article: Article, phrases: Phrases) -> set[int]:
    findings: list[Finding] = [*phrases(parted(article)), *prose.detect(article)]
    decisions = decide(article, findings, replace(_EVERYTHING))
    return _covered(article.text, ((d.start, d.end) for d in decisions if d.action == "remove"))


def _covered(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The places that the spans cover, white space aside."""
    return {place for start, end in spans for place in range(start, end) if not text[place].isspace()}


def _shown(text: str, wanted: set[int], found: set[int]) -> str:
    """The text with ``[[ ]]`` around what is wanted and ⟦ ⟧ around what was found."""
    result: list[str] = []
    in_wanted = in_found = False
    for place, character in enumerate(text + "\n"):
        skipped = character.isspace() and place + 1 < len(text)
        if not skipped:
            if in_found and place not in found:
                result.append(MISS_RIGHT)
            if in_wanted and place not in wanted:
                result.append("]]")
            if not in_wanted and place in wanted:
                result.append("[[")
            if not in_found and place in found:
                result.append(MISS_LEFT)
            in_wanted, in_found = place in wanted, place in found
        result.append(character)
    return "".join(result).rstrip("\n")
