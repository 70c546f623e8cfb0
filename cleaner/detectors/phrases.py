"""The YAML rules as a detector: which rules' patterns and conditions hold, and what they claim.

One pass of a prefilter over each paragraph names the patterns that may match; those are matched exactly, each under a
time limit. Rules without patterns are asked of every paragraph. Rules that look for a neighbour's category come last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from cleaner.facts import Facts, count_words, ends_in_stop
from cleaner.literals import needs
from cleaner.model import Article, Evidence, Finding, Span
from cleaner.patterns import TIMEOUT, compiled, read, search, too_slow
from cleaner.prefilter import Prefilter
from cleaner.rulebook import Conditions, Rule
from cleaner.segment import sentences

NAME = "phrases"
LONGEST = 20_000
"""Characters of the longest paragraph that is looked at as one unit. A longer one is no prompt or caption: only rules
for a sentence or a match look into it, a part of this length at a time."""
START_SHARE, START_PARAGRAPHS = 0.3, 8
END_SHARE, END_PARAGRAPHS = 0.4, 8


@dataclass(frozen=True, slots=True)
class _Key:
    """A pattern that can make a rule hold, with what decides cheaply whether to try it."""

    rule: int
    pattern: str
    widest: int


Hits = list[tuple[str, regex.Match[str]]]
"""The patterns of a rule that match a paragraph, each with its first match."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Rules that apply together, ready to run."""

    rules: tuple[Rule, ...]
    prefilter: Prefilter
    keys: tuple[_Key, ...]
    shapes: tuple[int, ...]  # rules without patterns
    gates: tuple[tuple[float, float, bool | None, str], ...]  # rule -> words, final mark, place

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Phrases:
        """Builds the prefilter over the rules' patterns."""
        rules = tuple(rules)
        keys = [(number, pattern) for number, rule in enumerate(rules) for pattern in rule.keys]
        return cls(
            rules,
            Prefilter.of([needs(pattern) for _, pattern in keys]),
            tuple(_Key(number, pattern, read(pattern).widest) for number, pattern in keys),
            tuple(number for number, rule in enumerate(rules) if not rule.keys),
            tuple(map(_gate, rules)),
        )

    def __call__(self, article: Article) -> Iterator[Finding]:
        """The findings of all rules, paragraph by paragraph. Raises ``PatternTimeout``."""
        facts = Facts(article)
        beside: dict[int, set[str]] = defaultdict(set)
        waiting: list[tuple[int, Rule, Hits]] = []
        for number, patterns in enumerate(self.prefilter.candidates(facts.paragraphs)):
            if not patterns and not self.shapes:
                continue
            for rule_number, hits in self._hits(patterns, facts, number).items():
                rule = self.rules[rule_number]
                if rule.when.beside or rule.when.between:
                    waiting.append((number, rule, hits))
                    continue
                for finding, last in _findings(rule, hits, facts, number, beside):
                    if finding.score >= 0.5 and _covers(finding.span, article.paragraphs[number].span):
                        for covered in range(number, last + 1):
                            beside[covered].add(finding.category)
                    yield finding
        for number, rule, hits in waiting:
            for finding, _ in _findings(rule, hits, facts, number, beside):
                yield finding

    def _hits(self, patterns: Sequence[int], facts: Facts, number: int) -> dict[int, Hits]:
        """The rules of which a pattern matches the paragraph, and those that have none, as far as their gates let."""
        text = facts.paragraphs[number]
        words, stop, places = facts.words[number], facts.stops[number], _places(facts, number)
        gates = self.gates
        found: dict[int, Hits] = {}
        if len(text) > LONGEST:
            return self._hits_in_parts(patterns, text, places)
        for rule_number in self.shapes:
            least, most, wanted, place = gates[rule_number]
            if least <= words <= most and (wanted is None or wanted is stop) and place in places:
                found[rule_number] = []
        for pattern_number in patterns:
            key = self.keys[pattern_number]
            least, most, wanted, place = gates[key.rule]
            if (
                len(text) <= key.widest
                and least <= words <= most
                and (wanted is None or wanted is stop)
                and place in places
                and (match := search(key.pattern)(text))
            ):
                found.setdefault(key.rule, []).append((key.pattern, match))
        return found

    def _hits_in_parts(self, patterns: Sequence[int], text: str, places: tuple[str, ...]) -> dict[int, Hits]:
        found: dict[int, Hits] = {}
        for pattern_number in patterns:
            key = self.keys[pattern_number]
            rule = self.rules[key.rule]
            if (
                rule.unit in ("match", "sentence")
                and rule.where in places
                and (matches := _all_matches(key.pattern, text))
            ):
                found.setdefault(key.rule, []).append((key.pattern, matches[0]))
        return found


def _covers(claim: Span, paragraph: Span) -> bool:
    """Whether a claim takes most of a paragraph, or more than it."""
    return 2 * (min(claim.end, paragraph.end) - claim.start) > paragraph.end - paragraph.start


def _gate(rule: Rule) -> tuple[float, float, bool | None, str]:
    """What a rule asks of the whole paragraph that costs less to see than a pattern."""
    if rule.unit in ("match", "sentence"):
        return (0, float("inf"), None, rule.where)
    words = rule.when.words
    return (words.least if words else 0, words.most if words else float("inf"), rule.when.stop, rule.where)


def _places(facts: Facts, number: int) -> tuple[str, ...]:
    """The places (``Rule.where``) that the paragraph is in."""
    start = facts.article.paragraphs[number].span.start
    length = len(facts.text)
    early = number < START_PARAGRAPHS or start < START_SHARE * length
    late = number >= len(facts.paragraphs) - END_PARAGRAPHS or start >= (1 - END_SHARE) * length
    return _WHERE[early, late]


_WHERE = {
    (False, False): ("anywhere",),
    (True, False): ("anywhere", "start", "outer"),
    (False, True): ("anywhere", "end", "outer"),
    (True, True): ("anywhere", "start", "end", "outer"),
}


def _findings(
    rule: Rule, hits: Hits, facts: Facts, number: int, beside: dict[int, set[str]]
) -> Iterator[tuple[Finding, int]]:
    """What ``rule`` claims at the paragraph, with the number of the last paragraph that the claim covers."""
    if rule.unit in ("match", "sentence"):
        for finding in _parts(rule, hits, facts, number, beside):
            yield finding, number
        return
    span = facts.article.paragraphs[number].span
    # A rule without patterns has few paragraphs left after its conditions, and often many exceptions.
    holds = None if rule.keys else _hold(rule.when, facts, number, beside)
    if holds is None and not rule.keys:
        return
    seen = _seen(rule, hits, facts.paragraphs[number], span.start)
    if seen is None:
        return
    holds = _hold(rule.when, facts, number, beside) if holds is None else holds
    if holds is None:
        return
    last = number
    if rule.unit == "block":
        end = _block_end(rule, facts, number)
        if end is None:
            return
        last = end
    span = Span(span.start, facts.article.paragraphs[last].span.end)
    yield Finding(span, rule.category, NAME, rule.id, rule.score, (*seen, *holds)), last


def _seen(rule: Rule, hits: Hits, text: str, offset: int) -> tuple[Evidence, ...] | None:
    """The matches that make the rule's patterns hold in ``text``, or ``None`` if they don't."""
    seen = [_evidence(hits[0][1], offset)] if hits else []
    for pattern in rule.all if rule.any else rule.all[1:]:
        match = search(pattern)(text)
        if match is None:
            return None
        seen.append(_evidence(match, offset))
    if any(search(pattern)(text) for pattern in rule.unless):
        return None
    return tuple(seen)


def _evidence(match: regex.Match[str], offset: int) -> Evidence:
    return Evidence("phrase", match[0], Span(offset + match.start(), offset + match.end()))


def _parts(rule: Rule, hits: Hits, facts: Facts, number: int, beside: dict[int, set[str]]) -> Iterator[Finding]:
    """Claims of sentences or matches within a paragraph."""
    paragraph = facts.article.paragraphs[number].span
    text = facts.paragraphs[number]
    claimed: set[Span] = set()
    for pattern, _ in hits:
        for match in _all_matches(pattern, text):
            if rule.unit == "match":
                start, end = (
                    match.span("cut") if "cut" in match.re.groupindex and match.start("cut") >= 0 else match.span()
                )
                unit = Span(paragraph.start + start, paragraph.start + end)
            else:
                unit = _sentences_at(facts.article, paragraph, match)
            if unit in claimed or unit.start >= unit.end:
                continue
            body = facts.text[unit.start : unit.end] if rule.unit == "sentence" else text
            rest = [search(other)(body) for other in rule.all if other != pattern]
            if not all(rest) or any(search(other)(body) for other in rule.unless):
                continue
            holds = _hold(rule.when, facts, number, beside, body if rule.unit == "sentence" else match[0])
            if holds is None:
                continue
            claimed.add(unit)
            seen = (_evidence(match, paragraph.start), *holds)
            yield Finding(unit, rule.category, NAME, rule.id, rule.score, seen)


def _all_matches(pattern: str, text: str) -> list[regex.Match[str]]:
    try:
        if len(text) <= LONGEST:
            return list(compiled(pattern).finditer(text, timeout=TIMEOUT))
        # Parts overlap by half, so a match up to that length lies whole in one of them.
        found: dict[tuple[int, int], regex.Match[str]] = {}
        for start in range(0, len(text), LONGEST):
            end = min(len(text), start + 2 * LONGEST)
            for match in compiled(pattern).finditer(text, start, end, timeout=TIMEOUT):
                if match.start() < start + LONGEST and not (match.end() == end < len(text)):
                    found.setdefault(match.span(), match)
        return list(found.values())
    except TimeoutError:
        raise too_slow(pattern) from None


def _sentences_at(article: Article, paragraph: Span, match: regex.Match[str]) -> Span:
    """From the start of the sentence in which ``match`` begins to the end of the one in which it ends, trimmed."""
    first, last = paragraph.start + match.start(), paragraph.start + max(match.start(), match.end() - 1)
    start, end = paragraph.start, paragraph.end
    for sentence in sentences(article.text, paragraph, article.language):
        if sentence.start <= first < sentence.end:
            start = sentence.start
        if sentence.start <= last < sentence.end:
            end = sentence.end
            break
    body = article.text[start:end]
    return Span(start + len(body) - len(body.lstrip()), end - len(body) + len(body.rstrip()))


def _block_end(rule: Rule, facts: Facts, first: int) -> int | None:
    """The number of the block's last paragraph, or ``None`` where neither closing nor run follows as the rule asks."""
    limit = min(len(facts.paragraphs), first + 1 + rule.most)
    for number in range(first + 1, limit):
        if number - first >= rule.least and any(search(pattern)(facts.paragraphs[number]) for pattern in rule.until):
            return number
    if rule.while_ is None:
        return None
    last = first
    for number in range(first + 1, limit):
        text = facts.paragraphs[number]
        if rule.while_.any and not any(search(pattern)(text) for pattern in rule.while_.any):
            break
        if (
            any(search(pattern)(text) for pattern in rule.while_.unless)
            or _hold(rule.while_, facts, number, {}) is None
        ):
            break
        last = number
    return last if last - first >= rule.least else None


def _hold(
    when: Conditions, facts: Facts, number: int, beside: dict[int, set[str]], unit: str | None = None
) -> tuple[Evidence, ...] | None:
    """What was seen to meet the conditions, or ``None`` if one is not met. ``unit``: a part of the paragraph."""
    seen: list[str] = []
    if when.words is not None:
        words = facts.words[number] if unit is None else count_words(unit)
        if words not in when.words:
            return None
        seen.append(f"{words} words")
    if when.stop is not None:
        if (facts.stops[number] if unit is None else ends_in_stop(unit)) is not when.stop:
            return None
        seen.append("ends in a final mark" if when.stop else "no final mark")
    if when.after:
        if number == 0 or not any(search(pattern)(facts.paragraphs[number - 1]) for pattern in when.after):
            return None
        seen.append("after " + _short(facts.paragraphs[number - 1]))
    if when.before:
        following = facts.paragraphs[number + 1 : number + 2]
        if not following or not any(search(pattern)(following[0]) for pattern in when.before):
            return None
        seen.append("before " + _short(following[0]))
    if when.beside:
        near = beside.get(number - 1, set()) | beside.get(number + 1, set())
        wanted = near if "any" in when.beside else near & set(when.beside)
        if not wanted:
            return None
        seen.append("beside " + ", ".join(sorted(wanted)))
    if when.between:
        before, after = beside.get(number - 1, set()), beside.get(number + 1, set())
        wanted = before & after if "any" not in when.between else {*before} if after else set()
        wanted = wanted if "any" in when.between else wanted & set(when.between)
        if not wanted:
            return None
        seen.append("between two of " + ", ".join(sorted(wanted)))
    if when.around is not None:
        if not facts.in_prose(number):
            return None
        seen.append("the paragraphs around it end in final marks")
    if when.repeats is not None:
        if not facts.repeats(number, when.repeats):
            return None
        seen.append(
            {"headline": "repeats the headline", "neighbour": "repeats its neighbour"}.get(when.repeats, "stands twice")
        )
    if when.restates is not None:
        share = facts.restates(number)
        if share not in when.restates:
            return None
        seen.append(f"{share:.0%} of its rarer words stand in one other paragraph")
    if when.cohesion is not None:
        share = facts.cohesion(number)
        if share not in when.cohesion:
            return None
        seen.append(f"{share:.0%} of its rarer words stand elsewhere in the article")
    return tuple(Evidence("condition", text) for text in seen)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "\u2026")
