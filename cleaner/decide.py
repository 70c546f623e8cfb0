"""Findings -> decisions: the one place where claims are weighed.

The text is divided at every edge of a finding. On each stretch ``weigh`` combines the claims; the category with the
highest score is compared with its threshold. Then come the protections, each with a reason that the log names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cleaner.cut import tidy
from cleaner.facts import count_words, ends_in_stop
from cleaner.fold import fold
from cleaner.model import Action, Article, Decision, Finding, Span
from cleaner.rulebook import Profile
from cleaner.weigh import weigh

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
"""Categories that speak to the reader; inside a quotation somebody else is speaking, or is spoken of."""
QUOTED_WORDS = 4
"""Words from which on quotation marks hold speech, not a button's name."""
TOLD_WORDS = 8
"""Words around them from which on they may hold fewer: a sentence that tells of a notice or a button."""
HEADLINE_WORDS = 5
"""Words from which on a first line without a final mark may be the headline rather than a menu entry or a date."""
LEAD_WORDS = 25
SEEN = 60
"""Characters of each thing seen that a reason repeats."""
STRONG = 0.8
"""The score from which on a claim may take the lead, and more than the profile's share of the article."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    span: Span
    findings: tuple[Finding, ...]
    category: str
    score: float


def decide(article: Article, findings: Iterable[Finding], profile: Profile) -> tuple[Decision, ...]:
    """What becomes of each claimed span, sorted by place. Removed spans are disjoint and tidied."""
    stretches = _stretches(tuple(findings), profile)
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    drafts = [_draft(article, starts, stretch, profile) for stretch in stretches]
    drafts = _joined(_protected(article, drafts, profile))
    removed = [draft for draft in drafts if draft.action == "remove"]
    removed = _with_leftovers(article, removed)
    spans = tidy(article.text, [Span(draft.start, draft.end) for draft in removed])
    tidied = [
        replace(draft, start=span.start, end=span.end, reason=_told(draft))
        for draft, span in zip(removed, spans, strict=True)
    ]
    kept = [draft for draft in drafts if draft.action == "keep"]
    return tuple(sorted((*tidied, *kept), key=lambda d: (d.start, d.end)))


def _told(decision: Decision) -> str:
    """The reason, with what the deciding claim saw."""
    claims = [f for f in decision.findings if (f.rule, f.category) == (decision.rule, decision.category)]
    seen = [evidence.text for evidence in max(claims, key=lambda f: f.score).evidence]
    short = [text if len(text) <= SEEN else text[: SEEN - 1] + "\u2026" for text in seen]
    return f"{decision.reason}: {'; '.join(short)}" if short else decision.reason


def _stretches(findings: Sequence[Finding], profile: Profile) -> list[_Stretch]:
    """The text between the edges of the findings, wherever there are any, with those that cover it."""
    opening: dict[int, list[Finding]] = defaultdict(list)
    closing: dict[int, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=_order):
        if finding.span.start < finding.span.end:
            opening[finding.span.start].append(finding)
            closing[finding.span.end].append(finding)
    edges = sorted({*opening, *closing})
    active: list[Finding] = []
    result = []
    for start, end in pairwise(edges):
        gone = {id(finding) for finding in closing[start]}
        active = [finding for finding in active if id(finding) not in gone] + opening[start]
        if active:
            result.append(_Stretch(Span(start, end), tuple(active), *weigh(active, profile)))
    return result


def _order(finding: Finding) -> tuple[int, int, str, str, str, float]:
    span = finding.span
    return (span.start, -span.end, finding.category, finding.detector, finding.rule, -finding.score)


def _draft(article: Article, starts: Sequence[int], stretch: _Stretch, profile: Profile) -> Decision:
    category = stretch.category
    own = [finding for finding in stretch.findings if finding.category == category]
    strongest = max(own, key=lambda finding: finding.score)
    threshold = profile.thresholds[category]
    action: Action = "keep"
    if profile.actions[category] == "keep":
        reason = f"the profile {profile.name} keeps {category}"
    elif stretch.score < threshold:
        reason = f"under the threshold {threshold:g}"
    elif category in SPOKEN and _quoted(article, starts, strongest):
        reason = "inside a quotation"
    else:
        action, reason = "remove", f"over the threshold {threshold:g}"
    return Decision(
        start=stretch.span.start,
        end=stretch.span.end,
        action=action,
        category=category,
        rule=strongest.rule,
        detector=strongest.detector,
        score=stretch.score,
        reason=reason,
        findings=stretch.findings,
    )


_QUOTATION = re.compile('"[^"]*"|\u300c[^\u300c\u300d]*\u300d|\u300e[^\u300e\u300f]*\u300f')


def _quoted(article: Article, starts: Sequence[int], finding: Finding) -> bool:
    """Whether what the finding saw stands inside quotation marks, in a paragraph that also speaks outside of them."""
    seen = next((evidence.span for evidence in finding.evidence if evidence.span is not None), None)
    if seen is None:
        return False
    number = bisect_right(starts, seen.start) - 1
    if number < 0:
        return False
    paragraph = article.paragraphs[number].span
    text = fold(article.text[paragraph.start : paragraph.end])
    start, end = seen.start - paragraph.start, seen.end - paragraph.start
    for quotation in _QUOTATION.finditer(text):
        if quotation.start() <= start and end <= quotation.end():
            inside = count_words(quotation[0])
            outside = count_words(text) - inside
            return outside >= 2 and (inside >= QUOTED_WORDS or (inside >= 2 and outside >= TOLD_WORDS))
    return False


def _protected(article: Article, drafts: list[Decision], profile: Profile) -> list[Decision]:
    """Keeps headline and lead from weak claims, and the article from losing too much to them."""
    first = article.paragraphs[0].span if len(article.paragraphs) > 2 else Span(0, 0)
    headline = fold(first.of(article.text))
    if count_words(headline) >= HEADLINE_WORDS and not ends_in_stop(headline):
        drafts = [
            _keep(draft, "perhaps the headline")
            if draft.action == "remove" and draft.score < STRONG and draft.start < first.end
            else draft
            for draft in drafts
        ]
    lead = next((p.span for p in article.paragraphs if _is_prose(article.text[p.span.start : p.span.end])), None)
    if lead is not None:
        drafts = [
            _keep(draft, "the article's lead")
            if draft.action == "remove" and draft.score < STRONG and draft.start < lead.end and lead.start < draft.end
            else draft
            for draft in drafts
        ]
    total = _letters(article.text)
    gone = [draft for draft in drafts if draft.action == "remove"]
    if total and sum(_letters(article.text[d.start : d.end]) for d in gone) > profile.most * total:
        drafts = [
            _keep(draft, f"over {profile.most:.0%} of the article would go")
            if draft.action == "remove" and draft.score < STRONG
            else draft
            for draft in drafts
        ]
    return drafts


def _is_prose(text: str) -> bool:
    return len(text.split()) >= LEAD_WORDS and text.rstrip("\"'”’»)").endswith((".", "!", "?", "…"))


def _letters(text: str) -> int:
    return len(text) - sum(map(text.count, " \n\t\r\u00a0"))


def _keep(draft: Decision, reason: str) -> Decision:
    return replace(draft, action="keep", reason=reason)


def _joined(drafts: Iterable[Decision]) -> list[Decision]:
    """Neighbouring stretches of one action, category and reason that touch become one decision."""
    result: list[Decision] = []
    for draft in drafts:
        last = result[-1] if result else None
        if (
            last
            and last.end == draft.start
            and (last.action, last.category, last.reason) == (draft.action, draft.category, draft.reason)
        ):
            known = {id(finding) for finding in last.findings}
            new = tuple(finding for finding in draft.findings if id(finding) not in known)
            stronger = max((last, draft), key=lambda d: d.score)
            result[-1] = replace(stronger, start=last.start, end=draft.end, findings=last.findings + new)
        else:
            result.append(draft)
    return result


def _with_leftovers(article: Article, removed: list[Decision]) -> list[Decision]:
    """Grows removed spans over what would be left of a paragraph, where that holds no letter and no digit."""
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
        inside = range(number, last)
        edges = [start, *(edge for each in inside for edge in (grown[each].start, grown[each].end)), end]
        rest = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)
        if rest.strip() and not any(map(str.isalnum, rest)):
            for each in inside:
                head = start if each == number and grown[each].start > start else grown[each].start
                tail = end if each == last - 1 else grown[each + 1].start
                grown[each] = replace(grown[each], start=head, end=max(tail, grown[each].end))
    return grown
