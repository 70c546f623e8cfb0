"""What a count says about a paragraph: how likely it is boilerplate, and what speaks against that.

Frequency alone decides nothing. A text that a minority of articles have inside their own text, and that reads like it,
counts as theirs: the background of a running story, a regular sub-heading, a step of a recipe, a quotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from cleaner.sites.counts import LONG_WORDS, PROSE_WORDS, Repeat
from cleaner.sites.places import Place

SURE = 0.9
"""The highest score of a count."""
MINORITY = 0.3
"""The share of articles from which a repeating text is not the background of a story: the lower bound of a confidence
interval is compared with it."""
WIDE = 0.5
"""The share of articles that few sub-headings reach."""
HEADING_WORDS, TITLE_WORDS = 8, 4
"""The most words in a line without a final mark that may be a sub-heading: of some articles, and of most."""
LIST = 3
"""The number of texts from which a block is neither a single heading nor a single paragraph of a story."""
BACKED, FIRM, STRONG = 0.25, 0.6, 0.8
"""The score that the claims of others need to support a count. It rises with what speaks against the count."""
DOUBTLESS = 0.95
"""The same for texts that are most likely the article's."""
STORY = 0.3
"""The share of pairs of articles about the same thing from which a text belongs to a running story."""
TEMPLATE, TEMPLATE_KINDS = 0.75, 3
"""The share of repeating texts, and the number of different ones, from which a place belongs to the template."""
SOME = 10
"""The number of articles within a short time from which a text in most of them is a campaign of the outlet, not a
story."""
PROSE = 0.4
"""The score that a place of the template gives to prose that does not repeat. It is not enough by itself."""
GOES_ON, GOES_ON_AFTER_COMMENTS = 0.1, 0.35
"""The share of the articles with a text from which their own prose counts as following it."""
MOST = 0.5
"""The share of the articles with a text that counts as most of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a paragraph: its number of words, and whether it ends in a final mark.

    ``backed``: the score that others give it as boilerplate. ``first``: whether it is the first of the article.
    ``part``: whether it is a sentence at the end of a paragraph. ``template``: whether its place on the page holds the
    site's template.
    """

    words: int
    stop: bool
    backed: float = 0.0
    first: bool = False
    part: bool = False
    template: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score of a paragraph as boilerplate according to its count, and what speaks against more."""

    score: float
    against: str = ""


def verdict(repeat: Repeat, articles: int, shape: Shape, *, near: bool = False) -> Verdict:
    """Return what a count says about a paragraph.

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
    """Return whether the articles continue after a text: it is in their midst, and opens neither a list of titles nor
    comments. A text taken for ``comments`` may be followed by more comments, which are prose as well.

    >>> goes_on(Repeat(30, inside=30, followed=28, on=27)), goes_on(Repeat(30, followed=28, on=1))
    (True, False)
    """
    return repeat.on >= (GOES_ON_AFTER_COMMENTS if comments else GOES_ON) * repeat.followed


def at_least(some: int, of: int) -> float:
    """Return the lower bound of the share of ``some``: that of the 90 % Wilson interval.

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
    """Return whether a place holds a site's template: nearly all its texts repeat, and there are several of them.

    >>> is_template(Place(40, 80, 76, 8)), is_template(Place(40, 40, 40, 1)), is_template(Place(40, 80, 4, 4))
    (True, False, False)
    """
    return place is not None and place.kinds >= TEMPLATE_KINDS and at_least(place.repeating, place.texts) >= TEMPLATE


def _days(number: int) -> str:
    return "one day" if number == 1 else f"{number:,} days"


def _against(repeat: Repeat, articles: int, share: float, common: float, shape: Shape, near: bool) -> tuple[str, float]:
    """Return why a repeating text may still be the article's own, and the score that others must give it
    nevertheless."""
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
    """Return the score of a text that does not repeat, from its place, where nearly all texts repeat. Prose may still
    be an article's own, so others must claim it as well."""
    if linked or shape.words < PROSE_WORDS or not shape.stop:
        return round(min(0.75, at_least(place.repeating, place.texts)), 3)
    return PROSE
