"""What a count says of a paragraph: how sure it makes that this is boilerplate, and what stands against it.

Share alone decides nothing. What stands inside of the articles' own text and reads like it, in a minority of them, is
taken for theirs: the background of a running story, a sub-heading of the house, a step of a recipe, a quotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from cleaner.sites.counts import LONG_WORDS, PROSE_WORDS, Repeat
from cleaner.sites.places import Place

SURE = 0.9
"""The most that a count comes to."""
MINORITY = 0.3
"""The share from which what repeats is no story's background: at the least, as far as so many articles can tell."""
WIDE = 0.5
"""The share from which few sub-headings repeat."""
HEADING_WORDS, TITLE_WORDS = 8, 4
"""Words of the longest line without a final mark that may be a sub-heading: of some articles, and of most."""
LIST = 3
"""Texts of a block that is no single heading and no single paragraph of a story."""
BACKED, FIRM, STRONG = 0.25, 0.6, 0.8
"""How sure others must be for their claim to stand behind a count: the more, the more is against it."""
DOUBTLESS = 0.95
"""The same, for what is most likely the article's."""
STORY = 0.3
"""The least share of pairs of articles about the same thing for a text to belong to a running story."""
TEMPLATE, TEMPLATE_KINDS = 0.75, 3
"""The least share of texts of a place that repeat, and how many different ones must, for it to be the template's."""
SOME = 10
"""Articles that a short time must have for what most of them say to be no story, but an outlet's campaign."""
PROSE = 0.4
"""What the place of the template says of prose that does not repeat: less than is enough by itself."""
GOES_ON, GOES_ON_AFTER_COMMENTS = 0.1, 0.35
"""The least share of the articles with a text in which prose of theirs follows."""
MOST = 0.5
"""Of the articles with a text, the share that counts as most of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a paragraph looks like: its words, and whether it ends in a final mark.

    ``backed``: how sure others are that it is boilerplate. ``first``: it is the first of the article. ``part``: it is
    a sentence at the end of a paragraph. ``template``: it stands at a place of its page that holds the site's template.
    """

    words: int
    stop: bool
    backed: float = 0.0
    first: bool = False
    part: bool = False
    template: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure a count makes that a paragraph is boilerplate, and why no more."""

    score: float
    against: str = ""


def verdict(repeat: Repeat, articles: int, shape: Shape, *, near: bool = False) -> Verdict:
    """What a count says of a paragraph.

    >>> verdict(Repeat(212, end=200), 240, Shape(14, True)).score
    0.9
    >>> verdict(Repeat(40, inside=40), 240, Shape(34, True))
    Verdict(score=0.0, against='it may be the background of a story')
    """
    share = at_least(repeat.articles, articles)
    common = at_least(max(repeat.widest, repeat.articles), articles)
    if repeat.time.articles >= SOME:
        # An appeal of three weeks is in most articles of these weeks, and in few of a year.
        share = max(share, at_least(repeat.time.having, repeat.time.articles))
        common = max(common, share)
    against, needed = _against(repeat, articles, share, common, shape, near)
    if against and shape.backed < needed:
        return Verdict(0.0, against)
    score = min(SURE, 0.5 + share)
    if against:
        score = min(score, 0.75)
    return Verdict(round(max(0.5, score - 0.1 * near), 3))


def goes_on(repeat: Repeat, *, comments: bool = False) -> bool:
    """Whether behind a text the articles go on: it stands in their midst, and opens no list of titles and no comments.
    What is taken for ``comments`` may be followed by more of them, which is prose as well.

    >>> goes_on(Repeat(30, inside=30, followed=28, on=27)), goes_on(Repeat(30, followed=28, on=1))
    (True, False)
    """
    return repeat.on >= (GOES_ON_AFTER_COMMENTS if comments else GOES_ON) * repeat.followed


def at_least(some: int, of: int) -> float:
    """The share that ``some`` of so many have at the least: the lower end of Wilson's interval at 90 %.

    >>> round(at_least(3, 3), 2), round(at_least(200, 240), 2)
    (0.53, 0.79)
    """
    if not of:
        return 0.0
    z = 1.645
    share = some / of
    middle = share + z * z / (2 * of)
    return max(0.0, (middle - z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / (1 + z * z / of))


def is_template(place: Place | None) -> bool:
    """Whether a place holds a site's template: nearly all that stands there repeats, and not always the same.

    >>> is_template(Place(40, 80, 76, 8)), is_template(Place(40, 40, 40, 1)), is_template(Place(40, 80, 4, 4))
    (True, False, False)
    """
    return place is not None and place.kinds >= TEMPLATE_KINDS and at_least(place.repeating, place.texts) >= TEMPLATE


def _days(number: int) -> str:
    return "one day" if number == 1 else f"{number:,} days"


def _against(repeat: Repeat, articles: int, share: float, common: float, shape: Shape, near: bool) -> tuple[str, float]:
    """Why what repeats may still be the article's own, and how sure others must be that it is not."""
    inside = repeat.inside >= MOST * repeat.articles
    prose = shape.words >= (PROSE_WORDS if shape.stop else LONG_WORDS)
    title = HEADING_WORDS if common < WIDE else TITLE_WORDS
    if shape.part and share < MINORITY:
        return "it is a sentence of a paragraph", FIRM
    if shape.first and shape.stop:
        return "it may be how the articles begin", FIRM
    rare = at_least(max(repeat.widest, repeat.articles), articles) < MINORITY
    if repeat.together >= STORY and rare and repeat.block < LIST:
        told = DOUBTLESS if inside and prose else STRONG
        return "it goes with one story", BACKED if repeat.time.steady else told
    if repeat.time.days and common < MINORITY:
        return f"it stands in articles of {_days(repeat.time.days)} alone", FIRM
    if shape.template:
        return "", 0.0
    if inside and not shape.stop and shape.words <= title and repeat.block < LIST:
        return "it may be a sub-heading", BACKED if common >= WIDE else DOUBTLESS
    if inside and common < MINORITY:
        needed = FIRM if repeat.time.steady else DOUBTLESS
        prose = prose and repeat.block < LIST  # a story carries a paragraph along, a notice has many lines
        return "it may be the background of a story", needed if prose else BACKED
    if repeat.several > MOST * repeat.articles and common < MINORITY:
        return "it stands several times in an article", BACKED
    if near and common < MINORITY:
        return "only texts nearly the same repeat", BACKED
    return "", 0.0


def in_template(place: Place, shape: Shape, *, linked: bool) -> float:
    """How sure the place of a text makes that it is boilerplate, though it does not repeat: it stands where nearly all
    does. Prose may be an article's own, that once stands there; others must say so, too."""
    if linked or shape.words < PROSE_WORDS or not shape.stop:
        return round(min(0.75, at_least(place.repeating, place.texts)), 3)
    return PROSE
