"""What stays although its score is high enough: headline, lead, what stands alone, and most of the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cleaner.deciding.combine import JUDGE, RULES
from cleaner.deciding.isolated import alone
from cleaner.model import OUTSIDE, STAYS, Article, Decision, Profile, Span
from cleaner.text.folding import fold
from cleaner.text.words import count_words, ends_in_stop

HEADLINE_WORDS = 5
"""Words from which on a first line without a final mark may be the headline rather than a menu entry or a date."""
LEAD_WORDS = 25
HALF = 0.5
"""The score from which on a block counts as outside of a page's article."""
STRONG = 0.8
"""The score from which on a claim may take the lead, and more than the profile's share of the article."""
DOUBTLESS = 0.95
"""The score from which on a claim may take what the counts of a site say is its articles' own."""


def protected(article: Article, drafts: list[Decision], profile: Profile) -> list[Decision]:
    """Keeps headline and lead from weak claims, and the article from losing too much to them.

    Most of a page is not its article: what stands outside of it is neither the lead nor a loss, and its headline is
    told by its markup.
    """
    lacking = alone(article, drafts, profile)
    drafts = [_keep(draft, lacking[n]) if n in lacking else draft for n, draft in enumerate(drafts)]
    drafts = [_keep(draft, reason) if (reason := _repeating(draft)) else draft for draft in drafts]
    outside = [draft for draft in drafts if _is_outside(draft)]
    first = article.paragraphs[0].span if len(article.paragraphs) > 2 and article.page is None else Span(0, 0)
    if _like_headline(first.of(article.text)):
        drafts = [
            _keep(draft, "perhaps the headline")
            if draft.action == "remove" and draft.score < STRONG and draft.start < first.end
            else draft
            for draft in drafts
        ]
    lead = next(
        (p for p in _without(article, outside) if _is_prose(article.text[p.start : p.end])),
        None,
    )
    if lead is not None:
        drafts = [
            _keep(draft, "perhaps the headline") if _may_head(article, draft, lead) else draft for draft in drafts
        ]
        drafts = [
            _keep(draft, "the article's lead")
            if draft.action == "remove" and draft.score < STRONG and draft.start < lead.end and lead.start < draft.end
            else draft
            for draft in drafts
        ]
    total = _letters(article.text) - sum(_letters(article.text[d.start : d.end]) for d in outside)
    gone = [draft for draft in drafts if draft.action == "remove" and not _is_outside(draft)]
    if total and sum(_letters(article.text[d.start : d.end]) for d in gone) > profile.most * total:
        drafts = [
            _keep(draft, f"over {profile.most:.0%} of the article would go")
            if draft.action == "remove" and draft.score < STRONG and not _is_outside(draft)
            else draft
            for draft in drafts
        ]
    return drafts


def _repeating(draft: Decision) -> str:
    """Why what repeats on a site stays all the same: its counts say so, and no rule is sure of the contrary."""
    stays = next((finding for finding in draft.findings if finding.rule == STAYS), None)
    if stays is None or draft.action == "keep" or draft.score >= DOUBTLESS:
        return ""
    if any(finding.detector == RULES and finding.score >= STRONG for finding in draft.findings):
        return ""
    return stays.evidence[0].text


def _like_headline(text: str) -> bool:
    text = fold(text)
    return count_words(text) >= HEADLINE_WORDS and not ends_in_stop(text)


def _may_head(article: Article, draft: Decision, lead: Span) -> bool:
    """Whether the judge, none too sure, takes the line above the lead for boilerplate: a site's own lines may stand
    above the headline."""
    weak = draft.action == "remove" and draft.detector == JUDGE and draft.score < STRONG
    above = weak and draft.end <= lead.start and not article.text[draft.end : lead.start].strip()
    return above and _like_headline(article.text[draft.start : draft.end])


def _without(article: Article, outside: Sequence[Decision]) -> Iterator[Span]:
    """The paragraphs that begin in none of the stretches, which are sorted and disjoint."""
    number = 0
    for paragraph in article.paragraphs:
        span = paragraph.span
        while number < len(outside) and outside[number].end <= span.start:
            number += 1
        if number == len(outside) or span.start < outside[number].start:
            yield span


def _is_outside(draft: Decision) -> bool:
    """Whether a stretch goes because it stands outside of a page's article."""
    return draft.action == "remove" and any(
        finding.detector == OUTSIDE and finding.score >= HALF for finding in draft.findings
    )


def _is_prose(text: str) -> bool:
    return len(text.split()) >= LEAD_WORDS and text.rstrip("\"'”’»)").endswith((".", "!", "?", "…"))


def _letters(text: str) -> int:
    return len(text) - sum(map(text.count, " \n\t\r\u00a0"))


def _keep(draft: Decision, reason: str) -> Decision:
    return replace(draft, action="keep", reason=reason)
