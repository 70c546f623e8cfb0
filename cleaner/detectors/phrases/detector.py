"""The YAML rules as a detector: which rules' patterns and conditions hold, and what they claim.

One pass of a prefilter over each paragraph names the patterns that may match; those are matched exactly, each under a
time limit. Rules without patterns are asked of every paragraph. Rules that look for a neighbour's category come last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

import regex

from cleaner.article.model import Evidence, Finding, Span
from cleaner.detectors.phrases.conditions import Beside, Test, hold, near, tests
from cleaner.detectors.phrases.facts import Facts
from cleaner.detectors.phrases.gates import FREE
from cleaner.detectors.phrases.literals import ALL, needs
from cleaner.detectors.phrases.matches import LONGEST, all_matches, cut, sentences_at, trimmed
from cleaner.detectors.phrases.prefilter import ANYWHERE, Choice, Prefilter
from cleaner.detectors.phrases.tables import Table, ready
from cleaner.detectors.phrases.witnesses import witnesses
from cleaner.errors import PatternTimeout
from cleaner.rulebook.patterns import Search, search
from cleaner.rulebook.values import Range, Rule
from cleaner.text.paragraphs import ArticleFacts

NAME = "phrases"
START_SHARE, START_PARAGRAPHS = 0.3, 8
END_SHARE, END_PARAGRAPHS = 0.4, 8

PARTS = ("match", "sentence")
_PLACES = {"anywhere": 0, "start": FREE, "end": FREE << 1, "outer": FREE << 2}
_AT_START, _AT_END = _PLACES["start"] | _PLACES["outer"], _PLACES["end"] | _PLACES["outer"]
_STOP, _NO_STOP, _WHOLE = FREE << 3, FREE << 4, FREE << 5
_PROSE, _NEXT, _PREVIOUS, _TWIN, _WORDS = FREE << 6, FREE << 7, FREE << 8, FREE << 9, FREE << 10
"""Bits of a mask beside those of ``asks``: places, a final mark or none, short enough for rules that look at it as a
whole, among prose, run together with the next or previous part of its line, perhaps its neighbour's twin; then one for
each range of words."""

Hits = list[tuple[str, regex.Match[str]]]
"""The patterns of a rule that match a paragraph, each with its first match."""
Found = Iterator[tuple[Finding, int]]
"""Findings, each with the number of the last paragraph that it covers."""

Note = Callable[[str], object]
"""A function that is told, in words, which rules were skipped."""


def unnoted(note: str) -> None:
    """The default: nothing is done with the note."""


class _Entry(NamedTuple):
    """One way in which a rule may apply: by one of its patterns, or by its conditions alone."""

    late: bool
    rule: int
    find: Search | None
    pattern: str
    whole: bool
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Rules that apply together, ready to run."""

    rules: tuple[Rule, ...]
    entries: tuple[_Entry, ...]  # those that wait for their neighbours' categories last
    early: int  # how many don't wait
    sought: tuple[str, ...]  # the patterns of neighbours that the prefilter looks for, numbered after the entries
    prefilter: Prefilter
    by_words: tuple[int, ...]  # number of words -> the bits of the ranges that hold it

    @classmethod
    def of(cls, rules: Iterable[Rule], known: Table | None = None) -> Phrases:
        """Builds the prefilter over the rules' patterns. ``known``: the tables of all or some of them."""
        rules = tuple(rules)
        ranges = sorted({rule.when.words for rule in rules if rule.when.words}, key=astuple)
        entries = sorted(
            (_entry(rule, number, pattern) for number, rule in enumerate(rules) for pattern in rule.keys or ("",)),
            key=lambda entry: (entry.late, entry.find is not None, entry.rule),
        )
        masks = [_mask(rule, ranges) for rule in rules]
        prepared = ready(rules, known or {})
        prepared[""] = ANYWHERE, False
        neighbours = sorted({pattern for rule in rules for pattern in (*rule.when.after, *rule.when.before)})
        sought = tuple(pattern for pattern in neighbours if prepared[pattern][1])
        wanted = [
            Choice(choice.keys, choice.mask | masks[entry.rule], choice.others)
            for entry in entries
            for choice, _ in [prepared[entry.pattern]]
        ]
        return cls(
            rules,
            tuple(entries),
            sum(not entry.late for entry in entries),
            sought,
            Prefilter.of([*wanted, *(prepared[pattern][0] for pattern in sought)]),
            tuple(
                sum(_WORDS << place for place, words in enumerate(ranges) if number in words)
                for number in range(max((_last(words) for words in ranges), default=0) + 2)
            ),
        )

    def __call__(self, seen: ArticleFacts, note: Note = unnoted) -> Iterator[Finding]:
        """The findings of all rules, paragraph by paragraph. A rule that takes too long on a paragraph is left out
        there; ``note`` is told of each such rule, in words, at the end."""
        facts = Facts(seen)
        beside: dict[int, set[str]] = defaultdict(set)
        waiting: list[tuple[int, list[int]]] = []
        candidates = self.prefilter.candidates(facts.paragraphs, self._masks(facts))
        start, end = self.early, len(self.entries)
        facts.may = {pattern: set() for pattern in self.sought}
        for number, found in enumerate(candidates):
            if found and found[-1] >= start:
                first, second = bisect_left(found, start), bisect_left(found, end)
                candidates[number] = found[:first]
                if first < second:
                    waiting.append((number, found[first:second]))
                for pattern in found[second:]:
                    facts.may[self.sought[pattern - end]].add(number)
        for number, found in enumerate(candidates):
            for finding, last in witnesses(self._findings(found, facts, number, beside)) if found else ():
                whole = last > number or _covers(finding.span, facts.article.paragraphs[number].span)
                if finding.score >= 0.5 and whole:
                    for covered in range(number, last + 1):
                        beside[covered].add(str(finding.category))
                yield finding
        for number, found in waiting:
            if number - 1 in beside or number + 1 in beside:
                for finding, _ in witnesses(self._findings(found, facts, number, beside)):
                    yield finding
        for rule, reasons in sorted(facts.left_out.items()):
            where = "a paragraph" if len(reasons) == 1 else f"{len(reasons)} paragraphs and those that followed"
            note(f"{rule} was left out of {where}: {next(iter(reasons.values()))}")

    def _masks(self, facts: Facts) -> list[int]:
        """What the rules' gates may ask of each paragraph, as bits."""
        masks: list[int] = []
        length, many, most = len(facts.text), len(facts.paragraphs), len(self.by_words) - 1
        early, late = min(START_PARAGRAPHS, many - many // 3), max(many - END_PARAGRAPHS, many // 3)
        head, tail = START_SHARE * length, (1 - END_SHARE) * length
        last = -1
        for number, (paragraph, words, stop, prose, twin) in enumerate(
            zip(facts.article.paragraphs, facts.words, facts.stops, facts.prose, facts.twins, strict=True)
        ):
            span = paragraph.span
            start, end = span.start, span.end
            mask = self.by_words[words if words < most else most] | (_STOP if stop else _NO_STOP)
            if number < early or start < head:
                mask |= _AT_START
            if number >= late or start >= tail:
                mask |= _AT_END
            if prose:
                mask |= _PROSE
            if twin:
                mask |= _TWIN
            if start == last:
                mask |= _PREVIOUS
                masks[-1] |= _NEXT
            last = end
            masks.append(mask | _WHOLE if end - start <= LONGEST else mask)
        return masks

    def _findings(self, entries: Sequence[int], facts: Facts, number: int, beside: Beside) -> Found:
        """What the rules claim that have one of the entries, as far as they hold at the paragraph."""
        text = facts.paragraphs[number]
        found: dict[int, Hits] = {}
        for entry in entries:
            late, rule_number, find, pattern, whole, tests = self.entries[entry]
            if (whole and rule_number in found) or (late and not near(self.rules[rule_number].when, number, beside)):
                continue
            if facts.left_out and facts.gave_up(self.rules[rule_number].id, number):
                continue
            try:
                for test in tests:
                    if not test(facts, number):
                        break
                else:
                    if find is None:
                        found[rule_number] = []
                    elif match := find(text) if len(text) <= LONGEST else next(iter(all_matches(pattern, text)), None):
                        found.setdefault(rule_number, []).append((pattern, match))
            except PatternTimeout as reason:
                found.pop(rule_number, None)
                facts.give_up(self.rules[rule_number].id, number, str(reason))
        for rule_number, hits in found.items():
            rule = self.rules[rule_number]
            try:
                claims = list((_parts if rule.unit in PARTS else _whole)(rule, hits, facts, number, beside))
            except PatternTimeout as reason:
                facts.give_up(rule.id, number, str(reason))
            else:
                yield from claims


def _covers(claim: Span, paragraph: Span) -> bool:
    """Whether a claim takes most of a paragraph, or more than it."""
    return 2 * (min(claim.end, paragraph.end) - claim.start) > paragraph.end - paragraph.start


def _entry(rule: Rule, number: int, pattern: str) -> _Entry:
    late = bool(rule.when.beside or rule.when.between)
    find = search(pattern) if pattern else None
    return _Entry(late, number, find, pattern, rule.unit not in PARTS, tests(rule.when))


def _mask(rule: Rule, ranges: Sequence[Range]) -> int:
    """The bits of what a rule asks of the whole paragraph that costs less to see than a pattern."""
    when = rule.when
    mask = _PLACES[rule.where] | (0 if when.around is None else _PROSE)
    if when.joined is not None:
        mask |= _NEXT if when.joined == "next" else _PREVIOUS
    if when.repeats == "neighbour":
        mask |= _TWIN
    if rule.unit in PARTS:
        return mask
    mask |= _WHOLE if when.stop is None else _WHOLE | _STOP if when.stop else _WHOLE | _NO_STOP
    return mask | _WORDS << ranges.index(when.words) if when.words else mask


def _last(words: Range) -> int:
    """The number of words beyond which each range holds all or none."""
    return int(words.least if words.most == float("inf") else words.most)


def _whole(rule: Rule, hits: Hits, facts: Facts, number: int, beside: Beside) -> Found:
    """Claims of the paragraph, or of a block from it on."""
    text, span = facts.paragraphs[number], facts.article.paragraphs[number].span
    seen = [_evidence(hits[0][1], span.start)] if hits else []
    for pattern in rule.all if rule.any else rule.all[1:]:
        match = search(pattern)(text)
        if match is None:
            return
        seen.append(_evidence(match, span.start))
    # A rule without patterns has few paragraphs left after its conditions, and often many exceptions.
    holds = None if rule.keys else hold(rule.when, facts, number, beside)
    if (holds is None and not rule.keys) or facts.any_matches(rule.unless, number):
        return
    holds = hold(rule.when, facts, number, beside) if holds is None else holds
    if holds is None:
        return
    last = _block_end(rule, facts, number) if rule.unit == "block" else number
    if last is None:
        return
    first = number
    if (
        rule.unit == "block"
    ):  # what an earlier block covers is not claimed again: a list may hold an opening on each line
        covered = facts.block_ends.get(rule.id, -1)
        facts.block_ends[rule.id] = max(covered, last)
        first = max(number, covered + 1)
    if first <= last:
        claim = Span(facts.article.paragraphs[first].span.start, facts.article.paragraphs[last].span.end)
        yield Finding(claim, rule.category, NAME, rule.id, rule.score, (*seen, *holds), own=rule.own), last


def _evidence(match: regex.Match[str], offset: int) -> Evidence:
    return Evidence("phrase", match[0], Span(offset + match.start(), offset + match.end()))


def _parts(rule: Rule, hits: Hits, facts: Facts, number: int, beside: Beside) -> Found:
    """Claims of sentences or matches within a paragraph."""
    paragraph = facts.article.paragraphs[number].span
    text = facts.paragraphs[number]
    claimed: set[Span] = set()
    found = trimmed(facts.article, paragraph) if rule.unit == "sentence" else ()
    for pattern, _ in hits:
        fits: dict[Span, bool] = {}  # of what was read already: a line may hold thousands of matches
        for match in all_matches(pattern, text):
            unit = sentences_at(found, paragraph, match) if found else cut(paragraph, match)
            whole = unit if found else paragraph
            if unit in claimed or unit.start >= unit.end or not fits.get(whole, True):
                continue
            body = facts.text[unit.start : unit.end] if found else text
            if whole not in fits:
                rest = (search(other)(body) for other in rule.all if other != pattern)
                fits[whole] = all(rest) and not any(search(other)(body) for other in rule.unless)
                if not fits[whole]:
                    continue
            holds = hold(rule.when, facts, number, beside, body if found else match[0])
            if holds is None:
                fits[whole] = not found
                continue
            claimed.add(unit)
            seen = (_evidence(match, paragraph.start), *holds)
            yield Finding(unit, rule.category, NAME, rule.id, rule.score, seen, own=rule.own), number


def _block_end(rule: Rule, facts: Facts, first: int) -> int | None:
    """The number of the block's last paragraph, or ``None`` where neither closing nor run follows as the rule asks."""
    limit = min(len(facts.paragraphs), first + 1 + rule.most)
    for number in range(first + 1, limit):
        if number - first >= rule.least and facts.any_matches(rule.until, number):
            return number
    if rule.while_ is None:
        return None
    last = first
    if not rule.until:  # as far as an earlier block runs on, this one does
        last = max(first, min(facts.block_ends.get(rule.id, -1), limit - 1))
    for number in range(last + 1, limit):
        if rule.while_.any and not facts.any_matches(rule.while_.any, number):
            break
        if facts.any_matches(rule.while_.unless, number) or hold(rule.while_, facts, number, {}) is None:
            break
        last = number
    return last if last - first >= rule.least else None


def always(rule: Rule) -> tuple[str, ...]:
    """The patterns of a rule that the prefilter can't look for, so that they are tried on every paragraph."""
    return tuple(pattern for pattern in rule.keys if needs(pattern) == ALL)
