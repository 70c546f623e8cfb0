"""What stays although its score is high enough: the headline, the lead, isolated paragraphs, and most of the
article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from cleaner.article.model import BODY, STAYS, Article, Decision, Span
from cleaner.deciding.changed import reasoned
from cleaner.deciding.forms import formed
from cleaner.deciding.isolated import isolated, judged
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words, ends_in_stop

HEADLINE_WORDS = 5
"""The fewest words of a first line without a final mark that may be the headline, not a menu entry or a date."""
LEAD_WORDS = 25
HALF = 0.5
"""The minimum score of a block that counts as outside of a page's article."""
FEW_WORDS = 40
"""The number of words up to which a page may be kept from coming out empty."""
ENOUGH = 1000
"""Characters of a page's beginning that mostly hold more words than that."""
STRONG = 0.8
"""The minimum score of a claim that may remove the lead, or more than the profile's share of the article."""
SENTENCE_WORDS = 4
"""The fewest words of a sentence that a credit run on to it must leave."""
DOUBTLESS = 0.95
"""The minimum score of a claim that may remove what a site's counts call the articles' own text."""

Protection = Callable[[ArticleFacts, Sequence[Decision], Profile], Mapping[int, str]]
"""The numbers of the decisions that are to be kept, each with the reason that the log gives."""


def protected(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> list[Decision]:
    """The decisions, where those that a protection keeps are decisions to keep. Each protection sees what those before
    it have left to go.

    Most of a page is not its article: what is outside of it is neither the lead nor a loss, and its headline is told by
    its markup.
    """
    drafts = list(drafts)
    for _, protection in PROTECTIONS:
        for number, reason in protection(facts, drafts, profile).items():
            drafts[number] = reasoned(drafts[number], "keep", reason)
    return drafts


def first_line(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The first line of a text, from weak claims, if it may be the headline."""
    article = facts.article
    first = article.paragraphs[0].span if len(article.paragraphs) > 2 and article.page is None else Span(0, 0)
    if not _like_headline(first.of(article.text)):
        return {}
    return {number: "perhaps the headline" for number, draft in _weak(drafts) if draft.start < first.end}


def above_lead(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The line above the lead, from a judge that is none too sure: a site's own lines may be above the headline."""
    lead = _lead(facts.article, drafts)
    if lead is None:
        return {}
    return {
        number: "perhaps the headline"
        for number, draft in _weak(drafts)
        if judged(draft)
        and draft.end <= lead.start
        and not facts.article.text[draft.end : lead.start].strip()
        and _like_headline(facts.article.text[draft.start : draft.end])
    }


def lead(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The first paragraph of prose, from weak claims."""
    span = _lead(facts.article, drafts)
    if span is None:
        return {}
    return {
        number: "the article's lead"
        for number, draft in _weak(drafts)
        if draft.start < span.end and span.start < draft.end
    }


def repeating(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """What the counts of a site call its articles' own text, unless a rule is sure of the contrary: text that repeats
    the way articles' own text does, and text at the place of a page where that text stands."""
    kept = {}
    for number, draft in enumerate(drafts):
        stays = next((finding for finding in draft.findings if finding.rule in (STAYS, BODY)), None)
        if stays is None or draft.action == "keep":
            continue
        if draft.score >= (DOUBTLESS if stays.rule == STAYS else STRONG):
            continue
        if not any(finding.own is not None and finding.score >= STRONG for finding in draft.findings):
            kept[number] = stays.evidence[0].text
    return kept


def run_on(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """A sentence that another line is run on to without a space, which rules claim. A verdict on the paragraph that the
    two make up knows nothing of the seam."""
    if facts.article.page is not None:
        return {}
    kept = {}
    for number, (draft, after) in enumerate(pairwise(drafts)):
        text = facts.article.text[draft.start : draft.end]
        if (
            draft.action == "remove"
            and draft.end == after.start
            and judged(draft)
            and not any(finding.own is not None for finding in draft.findings)
            and any(f.own is not None and f.score >= STRONG and f.span.start == after.start for f in after.findings)
            and not (text[-1:].isspace() or facts.article.text[after.start].isspace())
            and ends_in_stop(text)
            and count_words(text) >= SENTENCE_WORDS
        ):
            kept[number] = "a sentence that another line is run on to"
    return kept


def share(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """All weak claims, if more of the article would go than the profile allows."""
    outside = [draft for draft in drafts if _is_outside(draft)]
    total = _letters(facts.article.text) - sum(_letters(facts.article.text[d.start : d.end]) for d in outside)
    gone = (draft for draft in drafts if draft.action == "remove" and not _is_outside(draft))
    if not total or sum(_letters(facts.article.text[d.start : d.end]) for d in gone) <= profile.most * total:
        return {}
    reason = f"over {profile.most:.0%} of the article would go"
    return {number: reason for number, draft in _weak(drafts) if not _is_outside(draft)}


def nothing_left(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """What is weakly outside of a page's article, where nothing would be left of a page of few words: a page that short
    tells nothing of where its article is."""
    article = facts.article
    if article.page is None or count_words(article.text[:ENOUGH]) > FEW_WORDS or facts.all_words > FEW_WORDS:
        return {}
    gone = sum(_letters(facts.article.text[d.start : d.end]) for d in drafts if d.action == "remove")
    if gone < _letters(facts.article.text):
        return {}
    return {number: "nothing would be left" for number, draft in _weak(drafts) if _is_outside(draft)}


PROTECTIONS: tuple[tuple[str, Protection], ...] = (
    ("isolated", isolated),
    ("form", formed),
    ("repeating", repeating),
    ("run on", run_on),
    ("first line", first_line),
    ("line above the lead", above_lead),
    ("lead", lead),
    ("share", share),
    ("nothing left", nothing_left),
)
"""Each with a name, in the order in which they are asked."""


def _weak(drafts: Sequence[Decision]) -> Iterator[tuple[int, Decision]]:
    """The decisions to remove that rest on weak evidence, with their numbers."""
    return ((n, draft) for n, draft in enumerate(drafts) if draft.action == "remove" and draft.score < STRONG)


def _lead(article: Article, drafts: Sequence[Decision]) -> Span | None:
    """The first paragraph of prose that is not outside of a page's article."""
    outside = [draft for draft in drafts if _is_outside(draft)]
    return next((p for p in _without(article, outside) if _is_prose(article.text[p.start : p.end])), None)


def _like_headline(text: str) -> bool:
    return count_words(text) >= HEADLINE_WORDS and not ends_in_stop(text)


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
    """Whether a stretch goes because it is outside of a page's article: by a verdict that names no kind."""
    return draft.action == "remove" and any(
        finding.role == "verdict" and finding.category is None and finding.score >= HALF for finding in draft.findings
    )


def _is_prose(text: str) -> bool:
    return len(text.split()) >= LEAD_WORDS and text.rstrip("\"'”’»)").endswith((".", "!", "?", "…"))


def _letters(text: str) -> int:
    return len(text) - sum(map(text.count, " \n\t\r\u00a0"))
