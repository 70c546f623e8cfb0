"""What the judge would remove from among paragraphs that stay, and how sure it must be to do so.

Boilerplate comes in runs, and what stands by itself (a heading, a row of a table, a line of a poem) is more often
article than the score of one paragraph can say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from cleaner.article.model import Article, Decision, Finding
from cleaner.deciding.combine import names_kind
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import count_words

MOST = 0.5
"""The share of a paragraph that a decision must cover to count for it."""
LIKELY = 0.5
"""The minimum score of a neighbour that counts as company: boilerplate comes in runs, and one line vouches for the
next."""
SAYS = 0.7
"""The minimum score of a claim that is as good as company."""
FEW = 40
"""The number of words that must be left after the other detectors for the judge to remove anything: shape, place and
shared words say nothing about a few lines."""
SURE = 0.95
"""The minimum score at which the judge may leave fewer words than that."""
_TOKEN = re.compile(r"(\d+)|[^\W\d_]+")


def judged(draft: Decision) -> bool:
    """Whether a decision follows a verdict that names a kind, and no claim."""
    return any(f.rule == draft.rule and f.detector == draft.detector and names_kind(f) for f in draft.findings)


def isolated(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The numbers of the judge's drafts that are to be kept, each with the reason.

    A score of ``Profile.judge`` is enough next to a paragraph that is also likely boilerplate, or where a rule says the
    same. Otherwise, and next to a similar row that stays, it must reach ``Profile.alone``.
    """
    by_judge = [n for n, d in enumerate(drafts) if d.action == "remove" and judged(d)]
    if by_judge and _words_left(facts, drafts) < FEW:
        return dict.fromkeys(by_judge, f"under {FEW} words are too few to judge a part of them")
    kept: dict[int, str] = {}
    if by_judge and _words_staying(facts, drafts) < FEW:
        reason = f"under {FEW} words would stay, and the judge is not sure"
        kept = {n: reason for n in by_judge if drafts[n].score < SURE}
    weak = [n for n in by_judge if n not in kept and drafts[n].score < profile.alone]
    if not weak:
        return kept
    article = facts.article
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    texts = facts.texts
    likely = _covered(article, (d for d in drafts if d.score >= LIKELY and _goes(d, profile)), starts)
    for each in weak:
        number = max(0, bisect_right(starts, drafts[each].start) - 1)
        beside = [other for other in (number - 1, number + 1) if 0 <= other < len(starts)]
        if any(other not in likely and _same_rows(texts[number], texts[other]) for other in beside):
            kept[each] = f"a row beside one that stays, under the threshold {profile.alone:g}"
        elif likely.isdisjoint(beside) and not any(f.score >= SAYS and _names(f) for f in drafts[each].findings):
            kept[each] = f"alone among what stays, under the threshold {profile.alone:g}"
    return kept


def _words_staying(facts: ArticleFacts, drafts: Sequence[Decision]) -> int:
    """The number of words of an article that no decision removes."""
    return facts.all_words - sum(
        count_words(facts.article.text[draft.start : draft.end]) for draft in drafts if draft.action == "remove"
    )


def _names(finding: Finding) -> bool:
    return finding.role == "claim" and finding.category is not None


def _goes(draft: Decision, profile: Profile) -> bool:
    """Whether what is decided on would go if the score were high enough."""
    return profile.actions[draft.category] == "remove"


def _words_left(facts: ArticleFacts, drafts: Sequence[Decision]) -> int:
    """The number of words of an article without what detectors other than the judge remove."""
    taken = sum(
        count_words(facts.article.text[draft.start : draft.end])
        for draft in drafts
        if draft.action == "remove" and not judged(draft)
    )
    return facts.all_words - taken


def _covered(article: Article, drafts: Iterable[Decision], starts: Sequence[int]) -> set[int]:
    """The numbers of the paragraphs of which the drafts cover most."""
    covered: dict[int, int] = defaultdict(int)
    for draft in drafts:
        number = max(0, bisect_right(starts, draft.start) - 1)
        while number < len(starts) and starts[number] < draft.end:
            span = article.paragraphs[number].span
            covered[number] += max(0, min(span.end, draft.end) - max(span.start, draft.start))
            number += 1
    spans = {number: article.paragraphs[number].span for number in covered}
    return {number for number, span in spans.items() if covered[number] > MOST * (span.end - span.start)}


def _same_rows(one: str, other: str) -> bool:
    """Whether two paragraphs are rows of one table: words and numbers in the same order, with two numbers or more."""
    return len(re.findall(r"\d+", one)) > 1 and _make(one) == _make(other)


def _make(text: str) -> str:
    """``a`` for words and ``#`` for numbers, runs of them as one.

    >>> _make("Port Hewitt 25 19 53"), _make("1. Lindell (4)")
    ('a#', '#a#')
    """
    return "".join(kind for kind, _ in groupby("#" if token[1] else "a" for token in _TOKEN.finditer(text)))
