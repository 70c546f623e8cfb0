"""What the judge would remove from texts that are not prose: verse, lists that count on, tables, lone headings.

Short lines are what boilerplate mostly looks like. In a poem, a programme or a list of chapters they are the article,
and the form says so: verses run on with commas, times rise, one row is like the other. Where a rule is sure, or the
judge is nearly certain, what has such a form may go nevertheless. On real articles of sites that the judge had not
seen, these forms keep two characters of the article for each of boilerplate that they keep.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence

from cleaner.article.model import Decision
from cleaner.deciding.isolated import judged
from cleaner.rulebook.profiles import Profile
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import bare, count_words, ends_in_stop

SURE = 0.8
"""The least score of a rule's claim on which what has a form may go."""
CERTAIN = 0.95
"""The least score at which verses and lines of a list that counts on go."""
VERSE, VERSES = 65, 4
"""The most characters of a verse, and the fewest of them that make a poem."""
COMMAS, RUN_ON = 0.2, 0.3
"""The least shares of verses that end in a comma, and that do or begin with a small letter."""
REACH = 2
"""How far from a verse that runs on another may be: a stanza's last line ends in nothing."""
STEPS = 4
"""The fewest numbers or times that count on, and the most lines from one to the next."""
COLUMNS, COLUMN = 4, 110
"""The fewest lines of a table, and the most characters of one of them."""
PROSE_WORDS = 12
"""The fewest words of a paragraph that counts as prose if it ends in a stop."""
UNPROSAIC = 0.78
"""The least score at which anything goes of a text with at most one paragraph of prose."""
HEADS = frozenset(("comments", "navigation", "related-links"))
"""Categories whose buttons are words that head parts of articles, too, so that a rule can't be sure of them."""
HEAD_WORDS, BELOW_WORDS = 3, 8
"""The most words of a heading that neither a rule nor the judge is sure of; the fewest of the paragraph below it."""

_COMMA = re.compile(r'[,;\u060c\uff0c\u3001-]"?\s*\Z')
_TIME = re.compile(r"[\s(\[*-]*(\d{1,2})(?:[:.]| ?h ?|\u6642)(\d{2})(?:[:.](\d{2}))?(?!\d)")
_ROMAN = re.compile(r"[\s(\[]*([IVX]{1,6})[.):\]]")
_LETTERS = {"I": 1, "V": 5, "X": 10}
_SHAPES = (
    re.compile(r"(?:(?! [-=] ).)+ [-=] (?:(?! [-=] ).)+\Z"),
    re.compile(r".*\d[\d.,:%\u00bd]*\)?\s?(?:[^\W\d]{1,3}|[^\w\s])?\s*\Z"),
    re.compile(r"[^\d]*\d\S*\s(?:[^\d]*\s)?[^\d\s]*\d"),
    re.compile(r"[^\t|]*[\t|].*[\t|]"),
)
"""How lines of a table are alike: one dash, a number with its unit at the end, two numbers, cells."""
_LABELLED = re.compile(r"[:\d]")

Draft = tuple[int, int, Decision]
"""A decision with its number and the number of its paragraph."""


def formed(facts: ArticleFacts, drafts: Sequence[Decision], profile: Profile) -> dict[int, str]:
    """The numbers of the judge's drafts that are to be kept, each with the reason."""
    if facts.article.page is not None:
        return {}
    weak = list(_weak(facts, drafts))
    doubtful = [each for each in weak if _claim(each[2]) < SURE]
    kept: dict[int, str] = {}
    for form in FORMS:
        kept.update(form(facts, doubtful))
    return {**kept, **_headings(facts, drafts, weak)}


def _weak(facts: ArticleFacts, drafts: Sequence[Decision]) -> Iterator[Draft]:
    """The judge's decisions to remove of which it is not certain, but for those between two lines that certainly go."""
    starts = [paragraph.span.start for paragraph in facts.article.paragraphs]
    for number, draft in enumerate(drafts):
        if draft.action != "remove" or draft.score >= CERTAIN or not judged(draft):
            continue
        if not _enclosed(facts.article.text, drafts, number):
            text = facts.article.text[draft.start : draft.end]
            begins = draft.start + len(text) - len(text.lstrip())
            yield number, max(0, bisect_right(starts, begins) - 1), draft


def _enclosed(text: str, drafts: Sequence[Decision], number: int) -> bool:
    """Whether what stands right before and right after a decision goes for certain."""
    if not 0 < number < len(drafts) - 1:
        return False
    before, draft, after = drafts[number - 1 : number + 2]
    certain = all(each.action == "remove" and each.score >= CERTAIN for each in (before, after))
    return certain and not (text[before.end : draft.start] + text[draft.end : after.start]).strip()


def _claim(draft: Decision) -> float:
    """The score of the strongest rule that claims a part of it."""
    return max((f.score for f in draft.findings if f.role == "claim" and f.category is not None), default=0.0)


def _verses(facts: ArticleFacts, weak: Sequence[Draft]) -> dict[int, str]:
    """Lines of a poem, a song or a prayer: short, and many run on."""
    poem: set[int] = set()
    for run in _runs([len(text) <= VERSE and " " in text.strip() for text in facts.texts], VERSES):
        commas = {line for line in run if _COMMA.search(facts.texts[line])}
        on = commas | {line for line in run if facts.texts[line].lstrip()[:1].islower()}
        if len(commas) >= COMMAS * len(run) and len(on) >= RUN_ON * len(run):
            poem.update(line for line in run if any(line + step in on for step in range(-REACH, REACH + 1)))
    return {number: f"a verse, under {CERTAIN:g}" for number, line, _ in weak if line in poem}


def _counted(facts: ArticleFacts, weak: Sequence[Draft]) -> dict[int, str]:
    """Lines of a programme, of chapters or steps: times or Roman numbers that rise from line to line. Lists with plain
    numbers are as often "most read"."""
    counted = {line for tell in (_time, _roman) for line in _rising(list(map(tell, facts.texts)))}
    return {number: f"in a list that counts on, under {CERTAIN:g}" for number, line, _ in weak if line in counted}


def _time(text: str) -> tuple[int, ...] | None:
    found = _TIME.match(text)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def _roman(text: str) -> tuple[int, ...] | None:
    found = _ROMAN.match(text)
    if found is None:
        return None
    digits = [_LETTERS[letter] for letter in found[1]]
    return (sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True)),)


def _rising(values: Sequence[tuple[int, ...] | None]) -> set[int]:
    """The lines of all runs of rising values."""
    found: set[int] = set()
    run: list[int] = []
    last: tuple[int, ...] = ()
    for line, value in enumerate(values):
        if value is None:
            continue
        if run and (value <= last or line - run[-1] > STEPS):
            found.update(run if len(run) >= STEPS else ())
            run = []
        run.append(line)
        last = value
    return found.union(run if len(run) >= STEPS else ())


def _columns(facts: ArticleFacts, weak: Sequence[Draft]) -> dict[int, str]:
    """Lines of a table, a price list, results or a glossary: one below the other has a dash, cells, or ends in a
    number."""
    found = {
        line
        for shape in _SHAPES
        for run in _runs([len(text) <= COLUMN and shape.match(text) is not None for text in facts.texts], COLUMNS)
        for line in run
    }
    return {number: f"in a table of lines alike, under {CERTAIN:g}" for number, line, _ in weak if line in found}


def _unprosaic(facts: ArticleFacts, weak: Sequence[Draft]) -> dict[int, str]:
    """Anything of a text without prose, where the judge is not surer than usual."""
    prose = sum(stop and words >= PROSE_WORDS for stop, words in zip(facts.stops, facts.words, strict=True))
    if prose > 1:
        return {}
    reason = f"in a text without prose, under {UNPROSAIC:g}"
    return {number: reason for number, _, draft in weak if draft.score < UNPROSAIC}


def _beside(text: str, drafts: Sequence[Decision], number: int) -> bool:
    """Whether a decision to remove stands right beside one."""
    for before, after in ((number - 1, number), (number, number + 1)):
        if before >= 0 and after < len(drafts):
            other = drafts[before if after == number else after]
            if other.action == "remove" and not text[drafts[before].end : drafts[after].start].strip():
                return True
    return False


def _headings(facts: ArticleFacts, drafts: Sequence[Decision], weak: Sequence[Draft]) -> dict[int, str]:
    """A word or few by themselves above a paragraph that stays: "Comment" is a button, and a heading."""
    kept = {}
    for number, line, draft in weak:
        if not 0 < line < len(facts.texts) - 1 or _beside(facts.article.text, drafts, number):
            continue
        below = facts.stops[line + 1] and facts.words[line + 1] >= BELOW_WORDS
        doubtful = draft.category in HEADS or _claim(draft) < SURE
        most = 1 if max(draft.score, _claim(draft)) >= SURE else HEAD_WORDS
        if below and doubtful and _bare(facts.article.text[draft.start : draft.end], most):
            kept[number] = f"perhaps a heading, under {CERTAIN:g}"
    return kept


def _bare(text: str, most: int) -> bool:
    """Whether a line is a word or few and no more: no number, no label with a colon, no sentence."""
    return bool(bare(text)) and count_words(text) <= most and not _LABELLED.search(text) and not ends_in_stop(text)


def _runs(hold: Sequence[bool], least: int) -> Iterator[range]:
    """The runs of lines of which something holds, those of at least as many."""
    start = 0
    for line, holds in enumerate((*hold, False)):
        if not holds:
            if line - start >= least:
                yield range(start, line)
            start = line + 1


Form = Callable[[ArticleFacts, Sequence[Draft]], Mapping[int, str]]
FORMS: tuple[Form, ...] = (_unprosaic, _columns, _counted, _verses)
"""Where two hold, the later gives the reason."""
