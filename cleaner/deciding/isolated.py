"""What the judge would take alone from among paragraphs that stay, and how sure it must be to do so.

Boilerplate comes in runs, and what stands by itself (a heading, a row of a table, a line of a poem) is more often
article than the score of one paragraph can say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from cleaner.deciding.combine import JUDGE
from cleaner.model import Article, Decision, Profile
from cleaner.text.folding import fold
from cleaner.text.words import count_words, ends_in_stop

MOST = 0.5
"""The share of a paragraph that must go for it to count as gone."""
SHORT, LONG = 16, 24
"""Words up to which a paragraph that ends in a final mark is a short sentence, and a longer one."""
FEW = 40
"""Words that an article must have, without what other detectors take, for the judge to take any: shape, place and
shared words tell nothing of a few lines."""
_TOKEN = re.compile(r"(\d+)|[^\W\d_]+")


def alone(article: Article, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The numbers of the drafts of the judge that are to be kept, each with the reason.

    The score that they lack is ``profile.alone`` between two paragraphs that stay, beside a row of the same make that
    stays, and for a short sentence: many an article ends in one, and few of those to learn from do. It is half way to
    that for a longer sentence, and at an end of the text, where boilerplate is commoner.
    """
    judged = [n for n, d in enumerate(drafts) if d.action == "remove" and d.detector == JUDGE]
    if judged and _words_left(article, drafts) < FEW:
        return dict.fromkeys(judged, f"under {FEW} words are too few to judge a part of them")
    weak = [n for n in judged if drafts[n].score < profile.alone]
    if not weak:
        return {}
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    texts = [paragraph.span.of(article.text) for paragraph in article.paragraphs]
    gone = _gone(article, drafts, starts)
    kept: dict[int, str] = {}
    for each in (*weak, *reversed(weak)):  # what stays may hold its neighbours on either side
        number = max(0, bisect_right(starts, drafts[each].start) - 1)
        beside = [other for other in (number - 1, number + 1) if 0 <= other < len(starts)]
        staying = [other for other in beside if other not in gone]
        words = _sentence(texts[number])
        if 0 < words <= SHORT:
            what, least = "a short sentence", profile.alone
        elif any(_same_rows(texts[number], texts[other]) for other in staying):
            what, least = "a row beside one that stays", profile.alone
        elif len(staying) == 2:
            what, least = "alone among what stays", profile.alone
        elif staying == beside:
            what, least = "alone among what stays", (profile.alone + profile.judge) / 2
        elif 0 < words <= LONG:
            what, least = "a sentence", (profile.alone + profile.judge) / 2
        else:
            continue
        if drafts[each].score < least:
            kept[each] = f"{what}, under the threshold {least:g}"
            gone.discard(number)
    return kept


def _words_left(article: Article, drafts: Sequence[Decision]) -> int:
    """The words of an article without what others than the judge take."""
    taken = sum(
        count_words(article.text[draft.start : draft.end])
        for draft in drafts
        if draft.action == "remove" and draft.detector != JUDGE
    )
    return count_words(article.text) - taken


def _gone(article: Article, drafts: Sequence[Decision], starts: Sequence[int]) -> set[int]:
    """The numbers of the paragraphs of which most goes."""
    covered: dict[int, int] = defaultdict(int)
    for draft in drafts:
        number = max(0, bisect_right(starts, draft.start) - 1)
        while draft.action == "remove" and number < len(starts) and starts[number] < draft.end:
            span = article.paragraphs[number].span
            covered[number] += max(0, min(span.end, draft.end) - max(span.start, draft.start))
            number += 1
    spans = {number: article.paragraphs[number].span for number in covered}
    return {number for number, span in spans.items() if covered[number] > MOST * (span.end - span.start)}


def _sentence(text: str) -> int:
    """The words of a text that ends in a final mark; of another, none."""
    text = fold(text)
    return count_words(text) if ends_in_stop(text) else 0


def _same_rows(one: str, other: str) -> bool:
    """Whether two paragraphs are rows of one table: words and numbers in the same order, with two numbers or more."""
    return len(re.findall(r"\d+", one)) > 1 and _make(one) == _make(other)


def _make(text: str) -> str:
    """``a`` for words and ``#`` for numbers, runs of them as one.

    >>> _make("Port Hewitt 25 19 53"), _make("1. Lindell (4)")
    ('a#', '#a#')
    """
    return "".join(kind for kind, _ in groupby("#" if token[1] else "a" for token in _TOKEN.finditer(text)))
