"""Findings -> decisions: the only place where claims are weighed.

The text is divided at every edge of a finding. On each stretch ``weigh`` combines the claims; the category with the
highest score is compared with its threshold. Then come the protections, each with a reason that the log names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from cleaner.article.model import CERTAIN, Action, Article, Decision, Finding, Span
from cleaner.deciding.changed import moved, reasoned
from cleaner.deciding.combine import UNKNOWN_KIND, Weight, names_kind, weigh
from cleaner.deciding.protect import protected
from cleaner.deciding.runs import completed
from cleaner.deciding.tidy import tidy, whole_characters
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words

SPOKEN = frozenset(
    (
        "donation-appeal",
        "subscription-prompt",
        "newsletter-prompt",
        "social-share",
        "comments",
        "promotion",
        "legal-notice",
    )
)
"""Categories that address the reader; inside a quotation somebody else is speaking, or is spoken of."""
QUOTED_WORDS = 4
"""The least number of words between quotation marks that count as speech, and not as the name of a button."""
TOLD_WORDS = 8
"""The number of words around them that makes fewer count too: the sentence then tells about a notice or a button."""
FAINT = 0.05
"""Below this score a stretch of a page is not worth a decision."""
SEEN = 60
"""The number of characters of each piece of evidence that a reason quotes."""


class _Stretch(NamedTuple):
    span: Span
    findings: tuple[Finding, ...]
    weight: Weight


def decide(article: Article, findings: Iterable[Finding], profile: Profile) -> tuple[Decision, ...]:
    """The decision on each claimed span, sorted by place. Removed spans are disjoint and tidied."""
    return tidied(article.text, weighed(ArticleFacts.of(article), findings, profile))


def weighed(facts: ArticleFacts, findings: Iterable[Finding], profile: Profile) -> tuple[Decision, ...]:
    """``decide``, without the white space that goes with what is removed."""
    article = facts.article
    stretches = _stretches(tuple(findings), profile)
    if article.page is not None:
        # Findings over runs of blocks leave line ends between their edges; those that only name a kind claim nothing.
        stretches = [s for s in stretches if s.weight.score >= FAINT and not s.span.of(article.text).isspace()]
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    drafts = completed(article.text, [_draft(facts, starts, stretch, profile) for stretch in stretches], profile)
    drafts = _joined(article, protected(facts, drafts, profile), profile)
    removed = [draft for draft in drafts if draft.action == "remove"]
    removed = _whole_characters(article.text, _with_leftovers(article, removed))
    kept = [draft for draft in drafts if draft.action == "keep"]
    return (*[reasoned(draft, draft.action, _told(draft)) for draft in removed], *kept)


def tidied(text: str, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions, sorted by place, where the removed spans take with them the white space that would be left."""
    decisions = tuple(decisions)
    removed = [each for each in decisions if each.action == "remove"]
    spans = tidy(text, [Span(each.start, each.end) for each in removed])
    grown = [moved(each, span) for each, span in zip(removed, spans, strict=True)]
    return tuple(sorted((*grown, *(d for d in decisions if d.action == "keep")), key=lambda d: (d.start, d.end)))


def _whole_characters(text: str, removed: list[Decision]) -> list[Decision]:
    """The decisions, adjusted so that no letter is separated from its combining marks: both stay."""
    if text.isascii():
        return removed
    spans = [whole_characters(text, Span(each.start, each.end)) for each in removed]
    return [moved(each, span) for each, span in zip(removed, spans, strict=True) if span.start < span.end]


def _told(decision: Decision) -> str:
    """The reason, with what the deciding claim saw."""
    claims = [f for f in decision.findings if f.rule == decision.rule and f.category in (decision.category, None)]
    seen = [evidence.text for evidence in max(claims, key=_score).evidence]
    short = [text if len(text) <= SEEN else text[: SEEN - 1] + "\u2026" for text in seen]
    return f"{decision.reason}: {'; '.join(short)}" if short else decision.reason


def _stretches(findings: Sequence[Finding], profile: Profile) -> list[_Stretch]:
    """The text between the edges of the findings, wherever there are any, with those that cover it."""
    result = []
    for span, group in _apart(findings):
        if span is None:
            result += _divided(group, profile)
        else:
            one = tuple(group)
            result.append(_Stretch(span, one, weigh(one, profile)))
    return result


def _apart(findings: Iterable[Finding]) -> Iterator[tuple[Span | None, list[Finding]]]:
    """The findings in groups of which no two overlap, in order of place; with the span of a group that has but one, as
    most have."""
    alike: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        span = finding.span
        if span.start < span.end:
            place = span.start, -span.end
            if place in alike:
                alike[place].append(finding)
            else:
                alike[place] = [finding]
    places = sorted(alike)
    first = 0
    while first < len(places):
        last, end = first + 1, -places[first][1]
        while last < len(places) and places[last][0] < end:
            end = max(end, -places[last][1])
            last += 1
        group = [one for place in places[first:last] for one in sorted(alike[place], key=_order)]
        yield group[0].span if last == first + 1 else None, group
        first = last


def _divided(findings: Sequence[Finding], profile: Profile) -> list[_Stretch]:
    """The stretches of findings of which some overlap, in the order of ``_apart``."""
    opening: dict[int, list[Finding]] = defaultdict(list)
    closing: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        opening[finding.span.start].append(finding)
        closing[finding.span.end].append(finding)
    edges = sorted({*opening, *closing})
    active: list[Finding] = []
    result = []
    for start, end in pairwise(edges):
        gone = {id(finding) for finding in closing[start]}
        active = [finding for finding in active if id(finding) not in gone] + opening[start]
        if active:
            result.append(_Stretch(Span(start, end), tuple(active), weigh(active, profile)))
    return result


def _order(finding: Finding) -> tuple[str, str, str, float]:
    """Of findings on one span."""
    return finding.category or UNKNOWN_KIND, finding.detector, finding.rule, -finding.score


def _draft(facts: ArticleFacts, starts: Sequence[int], stretch: _Stretch, profile: Profile) -> Decision:
    category, score = stretch.weight.category, stretch.weight.score
    judged = stretch.weight.judged
    counted = [f for f in stretch.weight.counted if f.category in (category, None) and names_kind(f) is judged]
    named = [f for f in counted if f.category == category]
    # On a page one finding may name the kind and another be sure that it goes: the latter decides.
    deciding = counted if facts.article.page is not None or not named else named
    strongest = max(deciding, key=_score)
    least = max(profile.thresholds[category], profile.judge if judged else 0.0)
    action: Action = "keep"
    if profile.actions[category] == "keep":
        reason = f"the profile {profile.name} keeps {category}"
    elif score < least:
        reason = f"under the threshold {least:g}"
    elif category in SPOKEN and _quoted(facts, starts, stretch.findings):
        reason = "inside a quotation"
    else:
        action, reason = "remove", f"over the threshold {least:g}{_together(strongest, counted, least)}"
    span, by = stretch.span, (strongest.rule, strongest.detector)
    return Decision(span.start, span.end, action, category, *by, score, reason, stretch.findings)


_score = attrgetter("score")


def _together(strongest: Finding, counted: Iterable[Finding], least: float) -> str:
    """The rules that the strongest needs to reach the threshold, in words; empty if it needs none."""
    doubt = 1 - strongest.score
    if round(1 - doubt, 4) >= least:
        return ""
    rules: list[str] = []
    for finding in sorted(counted, key=lambda f: (-f.score, f.rule)):
        if round(1 - doubt, 4) >= least:
            break
        if finding.rule not in (strongest.rule, *rules):
            rules.append(finding.rule)
            doubt *= 1 - finding.score
    return f", together with {', '.join(rules)}" if rules else ""


_QUOTATION = re.compile('"[^"]*"|\u300c[^\u300c\u300d]*\u300d|\u300e[^\u300e\u300f]*\u300f')


def _quoted(facts: ArticleFacts, starts: Sequence[int], findings: Iterable[Finding]) -> bool:
    """Whether the words that were seen stand in quotation marks, in a paragraph that also speaks outside of them."""
    seen = next(
        (e.span for f in sorted(findings, key=lambda f: -f.score) for e in f.evidence if e.span is not None), None
    )
    if seen is None:
        return False
    number = bisect_right(starts, seen.start) - 1
    if number < 0:
        return False
    paragraph, text = facts.article.paragraphs[number].span, facts.texts[number]
    start, end = seen.start - paragraph.start, seen.end - paragraph.start
    for quotation in _QUOTATION.finditer(text):
        if quotation.start() <= start and end <= quotation.end():
            inside = count_words(quotation[0])
            outside = facts.words[number] - inside
            return outside >= 2 and (inside >= QUOTED_WORDS or (inside >= 2 and outside >= TOLD_WORDS))
    return False


def _deciding(draft: Decision, profile: Profile) -> frozenset[str]:
    """The rules each of which would have been enough for the decision, beside the one that it names."""
    decider = max([f for f in draft.findings if f.rule == draft.rule], key=_score)
    least = max(profile.thresholds[draft.category], profile.judge if names_kind(decider) else 0.0)
    if not names_kind(decider) and decider.own is False and any(names_kind(f) for f in draft.findings):
        least = max(least, CERTAIN)  # less would not have outweighed the verdict
    enough = {f.rule for f in draft.findings if (f.role, f.category) == (decider.role, decider.category)
              and f.score >= least} if decider.score >= least else set()  # fmt: skip
    return frozenset((draft.rule, *enough))


def _joined(article: Article, drafts: Iterable[Decision], profile: Profile) -> list[Decision]:
    """Neighbouring stretches of one action, category and reason that touch become one decision, as far as one rule is
    enough for all of them: what goes is logged under a rule without which it would have stayed. Parts of one paragraph
    are one decision in any case, and the reason names the other rules.

    On a page only line ends may stand between two that go, so that a menu of a hundred items is one removed span.
    """
    runs: list[list[Decision]] = []
    common: list[frozenset[str]] = []
    starts = {paragraph.span.start for paragraph in article.paragraphs}
    for draft in drafts:
        deciding = _deciding(draft, profile)
        last = runs[-1][-1] if runs else None
        if (
            last
            and (common[-1] & deciding or draft.start not in starts)
            and (last.action, last.category, last.reason) == (draft.action, draft.category, draft.reason)
            and (
                last.end == draft.start
                or (
                    article.page is not None
                    and draft.action == "remove"
                    and article.text[last.end : draft.start].isspace()
                )
            )
        ):
            runs[-1].append(draft)
            common[-1] &= deciding
        else:
            runs.append([draft])
            common.append(deciding)
    return [_one(run, rules) if len(run) > 1 else run[0] for run, rules in zip(runs, common, strict=True)]


def _one(run: Sequence[Decision], rules: frozenset[str]) -> Decision:
    """The decisions as one, under the strongest of the rules that are enough for all of them. If there is none, under
    the strongest of all, and the reason names the others."""
    findings = {id(finding): finding for draft in run for finding in draft.findings}
    strongest = max(run, key=lambda draft: draft.score)
    others = sorted({draft.rule for draft in run} - {strongest.rule}) if not rules else []
    decider = max(
        (f for f in findings.values() if f.rule in (rules or {strongest.rule})),
        key=lambda f: (f.score, f.rule == strongest.rule),
    )
    return replace(
        strongest,
        start=run[0].start,
        end=run[-1].end,
        rule=decider.rule,
        detector=decider.detector,
        reason=f"{strongest.reason}, a part of it by {', '.join(others)}" if others else strongest.reason,
        findings=tuple(findings.values()),
    )


def _with_leftovers(article: Article, removed: list[Decision]) -> list[Decision]:
    """Extend removed spans over the rest of a paragraph, where that holds no letter and no digit."""
    text = article.text
    grown = list(removed)
    number = 0
    for paragraph in article.paragraphs:
        start, end = paragraph.span.start, paragraph.span.end
        while number < len(grown) and grown[number].end <= start:
            number += 1
        last = number
        while last < len(grown) and grown[last].start < end:
            last += 1
        if last == number:
            continue
        if grown[number].start <= start and end <= grown[number].end:
            continue
        inside = range(number, last)
        edges = [start, *(edge for each in inside for edge in (grown[each].start, grown[each].end)), end]
        rest = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)
        if rest.strip() and not any(map(str.isalnum, rest)):
            for each in inside:
                head = start if each == number and grown[each].start > start else grown[each].start
                tail = end if each == last - 1 else grown[each + 1].start
                grown[each] = moved(grown[each], Span(head, max(tail, grown[each].end)))
    return grown
