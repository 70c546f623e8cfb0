"""Every rule must prove itself: its examples, run alone and with all other rules.

Alone, a rule's findings must equal the marks of its ``removes`` and find nothing in its ``keeps``. With all rules, what
the default profile removes must equal the marks, and nothing of a ``keeps`` may go. A ``misses`` must not be found
yet: one that is has to move up to ``removes``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from cleaner.article.model import CATEGORIES, Finding
from cleaner.deciding.decide import decide
from cleaner.detectors import justext
from cleaner.detectors.phrases.detector import Phrases
from cleaner.detectors.phrases.tables import Keep, tables
from cleaner.reading.plain_text import parted, segment
from cleaner.rulebook.profiles import Profile
from cleaner.rulebook.values import Example, Rule, Rulebook
from cleaner.text.paragraphs import ArticleFacts

# Examples are short, so nothing may be kept because too much of them would go.
_EVERYTHING = Profile("examples", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 1.0)


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that a rule fails: which one, where it is, and its lines with ``[[ ]]`` marks.

    A line that came out right is given once; any other is given twice, as ``wanted`` and as ``found``.
    """

    rule: str
    kind: str
    path: str
    line: int
    message: str
    rows: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> str:
        """The lines as a text."""
        return "\n".join(f"{side + ':' if side else '':<8}{line}".rstrip() for side, line in self.rows)


def prover(rulebook: Rulebook, keep: Keep | None = None) -> Callable[[Rule], list[Failure]]:
    """Finds the examples that a rule fails, with the other rules of a rulebook around it. ``keep``: their tables, if
    kept.

    The rules that an example is tried with are prepared once per language and host, however many rules are tested.
    """

    @cache
    def together(language: str, hosts: tuple[str, ...]) -> Phrases:
        beside = [
            rule
            for rule in rulebook.rules
            if (set(hosts) & set(rule.hosts) if rule.hosts else {language, "any"} & set(rule.languages))
        ]
        return Phrases.of(beside, tables(beside, keep))

    return lambda rule: list(_check(rule, together))


def check(
    rulebook: Rulebook,
    ids: Sequence[str] = (),
    tell: Callable[[Rule], object] = lambda rule: None,
    keep: Keep | None = None,
) -> list[Failure]:
    """The failures of all examples, or of those of the rules named by id or by the beginning of an id.

    ``tell`` hears of every rule when its turn comes. ``keep``: the tables of the rules, if they are kept.
    """
    prove = prover(rulebook, keep)
    failures: list[Failure] = []
    for rule in chosen(rulebook, ids):
        tell(rule)
        failures += prove(rule)
    return failures


def chosen(rulebook: Rulebook, names: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that are named by id, or else by the beginning of an id; all if there are no names."""
    known = {rule.id for rule in rulebook.rules}
    whole = known.intersection(names)
    beginnings = tuple(name for name in names if name not in whole)
    return tuple(
        rule
        for rule in rulebook.rules
        if not names or rule.id in whole or (beginnings and rule.id.startswith(beginnings))
    )


def _check(rule: Rule, together: Callable[[str, tuple[str, ...]], Phrases]) -> Iterator[Failure]:
    language = "en" if rule.languages[0] == "any" else rule.languages[0]
    alone = Phrases.of([rule])
    everyone = together(language, rule.hosts)
    for kind, examples in (("removes", rule.removes), ("keeps", rule.keeps), ("misses", rule.misses)):
        for example in examples:
            article = segment(example.plain, language=language)
            wanted = _covered(article.text, example.marks)
            notes: list[str] = []
            facts = ArticleFacts.of(article)
            parts = facts.divided(parted(article))
            found = _covered(article.text, ((f.span.start, f.span.end) for f in alone(parts, notes.append)))
            whole = _removed(facts, everyone(parts))
            if notes:
                rows = tuple(("", line) for line in example.marked.split("\n"))
                yield Failure(rule.id, kind, rule.path, example.line, notes[0], rows)
                continue
            yield from _compare(rule, kind, example, article.text, wanted, found, whole)


def _compare(
    rule: Rule, kind: str, example: Example, text: str, wanted: set[int], found: set[int], whole: set[int]
) -> Iterator[Failure]:
    def failure(message: str, spans: set[int]) -> Failure:
        return Failure(rule.id, kind, rule.path, example.line, message, tuple(_rows(text, wanted, spans)))

    # A rule that depends on its neighbour's category needs the other rules; a weak rule removes nothing by itself.
    lonely = not (rule.when.beside or rule.when.between or rule.when.joined)
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


def _removed(facts: ArticleFacts, claims: Iterable[Finding]) -> set[int]:
    findings = [*claims, *justext.detect(facts)]
    decisions = decide(facts.article, findings, replace(_EVERYTHING))
    return _covered(facts.article.text, ((d.start, d.end) for d in decisions if d.action == "remove"))


def _covered(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The places that the spans cover, white space aside."""
    return {place for start, end in spans for place in range(start, end) if not text[place].isspace()}


def _rows(text: str, wanted: set[int], found: set[int]) -> Iterator[tuple[str, str]]:
    """The lines of ``text``, ``[[ ]]`` around what is wanted; those that differ, once more around what was found."""
    start = 0
    for line in text.split("\n"):
        places = range(start, start + len(line))
        if wanted.isdisjoint(places) and found.isdisjoint(places):
            yield "", line
        elif wanted.intersection(places) == found.intersection(places):
            yield "", _marked(line, {place - start for place in wanted.intersection(places)})
        else:
            yield "wanted", _marked(line, {place - start for place in wanted.intersection(places)})
            yield "found", _marked(line, {place - start for place in found.intersection(places)})
        start += len(line) + 1


def _marked(line: str, places: set[int]) -> str:
    """The line with ``[[ ]]`` around the runs of places; white space in a run belongs to it.

    >>> _marked("An ad. Here.", {0, 1, 3, 4, 5})
    '[[An ad.]] Here.'
    """
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and not line[runs[-1][1] : place].strip():
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    for start, end in reversed(runs):
        line = f"{line[:start]}[[{line[start:end]}]]{line[end:]}"
    return line
