"""What the judge would take alone from among paragraphs that stay, and how sure it must be to do so.

Boilerplate comes in runs, and what stands by itself (a heading, a row of a table, a line of a poem) is more often
article than the score of one paragraph can say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from cleaner.deciding.combine import names_kind
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


@dataclass(frozen=True, slots=True)
class _Place:
    """A paragraph that a judge would take: its text, its words if it is a sentence, and its neighbours."""

    text: str
    words: int
    staying: tuple[str, ...]
    """The texts of the paragraphs beside it that stay."""
    beside: int
    """How many paragraphs are beside it: one at an end of the text."""


def _short_sentence(place: _Place) -> bool:
    return 0 < place.words <= SHORT


def _row(place: _Place) -> bool:
    return any(_same_rows(place.text, other) for other in place.staying)


def _between(place: _Place) -> bool:
    return len(place.staying) == 2


def _at_an_end(place: _Place) -> bool:
    return len(place.staying) == place.beside


def _long_sentence(place: _Place) -> bool:
    return 0 < place.words <= LONG


CASES: tuple[tuple[str, Callable[[_Place], bool], float], ...] = (
    ("a short sentence", _short_sentence, 1.0),
    ("a row beside one that stays", _row, 1.0),
    ("alone among what stays", _between, 1.0),
    ("alone among what stays", _at_an_end, 0.5),
    ("a sentence", _long_sentence, 0.5),
)
"""What may be article although a judge takes it: in the log's words, a test, and how much of the way from
``Profile.judge`` to ``Profile.alone`` the score must go. The first that holds counts. Many an article ends in a short
sentence, and few of those to learn from do; at an end of the text boilerplate is commoner."""


def judged(draft: Decision) -> bool:
    """Whether a decision follows a verdict that names a kind, and no claim."""
    return any(f.rule == draft.rule and f.detector == draft.detector and names_kind(f) for f in draft.findings)


def isolated(article: Article, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The numbers of the drafts of a judge that are to be kept, each with the reason."""
    by_judge = [n for n, d in enumerate(drafts) if d.action == "remove" and judged(d)]
    if by_judge and _words_left(article, drafts) < FEW:
        return dict.fromkeys(by_judge, f"under {FEW} words are too few to judge a part of them")
    weak = [n for n in by_judge if drafts[n].score < profile.alone]
    if not weak:
        return {}
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    texts = [paragraph.span.of(article.text) for paragraph in article.paragraphs]
    gone = _gone(article, drafts, starts)
    kept: dict[int, str] = {}
    for each in (*weak, *reversed(weak)):  # what stays may hold its neighbours on either side
        number = max(0, bisect_right(starts, drafts[each].start) - 1)
        beside = [other for other in (number - 1, number + 1) if 0 <= other < len(starts)]
        staying = tuple(texts[other] for other in beside if other not in gone)
        place = _Place(texts[number], _sentence(texts[number]), staying, len(beside))
        what, way = next(((what, way) for what, holds, way in CASES if holds(place)), ("", 0.0))
        least = profile.alone if way == 1.0 else (profile.alone + profile.judge) / 2
        if what and drafts[each].score < least:
            kept[each] = f"{what}, under the threshold {least:g}"
            gone.discard(number)
    return kept


def _words_left(article: Article, drafts: Sequence[Decision]) -> int:
    """The words of an article without what others than the judge take."""
    taken = sum(
        count_words(article.text[draft.start : draft.end])
        for draft in drafts
        if draft.action == "remove" and not judged(draft)
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
