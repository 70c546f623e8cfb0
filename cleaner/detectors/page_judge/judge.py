"""How sure we are that a block of a page stands outside of its article: all evidence of the page weighed in one place.

trafilatura is asked by its own call on the tree that we have parsed already; what it takes speaks for a block, what it
leaves out against it. That, the markup and the words are signs (see ``signs``); each has a weight that was measured
(models/page-weights-full.yaml, or page-weights-fast.yaml where no extractor is asked). Then a forest of small trees
(page-trees-full.json, page-trees-fast.json) looks again, at what stands around each block by those first scores and
at what the rules claim of it. Evidence for a block lowers the score of its one finding, so that ``decide`` has only
claims of boilerplate to combine.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

import numpy as np
from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from cleaner.article.model import Evidence, Finding, Span
from cleaner.detectors.class_names import Groups
from cleaner.detectors.page_judge.article_part import Inner
from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.page_judge.surroundings import GROUPS, ROW, claimed, group_rows, surroundings
from cleaner.detectors.page_judge.together import settled
from cleaner.detectors.page_judge.wording import Said, asked
from cleaner.detectors.sense import Sense
from cleaner.detectors.trees import Forest, Matrix
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.view import shown

NAME = "maincontent"
LEAST = 0.2
"""The minimum score at which a block gets a finding: below it there is nothing to combine."""
SURE = 0.97
"""The minimum score at which rules are no longer asked about a block: it goes whatever they say, and they take
time."""
MENU = 0.99
FAINTEST = 1e-6
MOST_BLOCKS = 20_000
"""The number of blocks up to which trafilatura is asked about a page: its time grows faster than the page."""
UNSURE = 0.2
"""A block whose score is further than this from 0 and 1 may be on either side."""
UNSURE_BLOCKS, UNSURE_SHARE = 0.125, 0.3
"""The least share of such blocks, and of the text that stays the least share that may as well not, at which the markup
leaves doubts and trafilatura is asked: on 23 of 100 pages of 341. Word F1 is then at most 0.003 under that of always
asking on each of four sets, and 0.001 on average. The sites of the pages were known; none of eight other choices was
better."""
WORTH_A_WORD = 0.25
PLAIN = frozenset(("donation-appeal", "subscription-prompt", "newsletter-prompt", "photo-caption"))
"""Categories that articles are never written in: a rule's claim of one of them counts in addition to everything
else."""
NAMING = 0.022
"""The score of a finding that only names a block's kind by its words, which count ahead of its markup."""
SHOWN = 3
"""How many signs the evidence lists, the heaviest first."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a parser lets pass in a text, and a tree does not take (the characters of XML 1.0, section 2.2)."""
_NEVER_TAKEN = ("nav", "footer", "svg", "button", "menu", "select", "style", "noscript", "iframe", "template")

_ASKED = Extractor(fast=True, comments=False)
"""How trafilatura is asked. Making this again for each page, and having the result written out as text, took a tenth of
its time."""

# It logs an empty page as an error, on standard error if nobody has set up logging. What it takes says as much.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Weights:
    """``start``, and what each sign adds to it: where the extractor leaves a block out, and where it takes it."""

    start: float
    left_out: Mapping[str, float]
    taken: Mapping[str, float]
    worth_a_word: tuple[Mapping[str, float], Mapping[str, float]] = field(init=False, repr=False, compare=False)
    """Those that are worth a word in explanations, left out and taken."""

    def __post_init__(self) -> None:
        heavy = [
            {sign: weight for sign, weight in table.items() if weight > WORTH_A_WORD}
            for table in (self.left_out, self.taken)
        ]
        object.__setattr__(self, "worth_a_word", tuple(heavy))


def lines(root: html.HtmlElement) -> tuple[str, ...]:
    """What trafilatura takes of a page, as the pieces of text in its result; none if it finds nothing.

    Elements that it never takes anything from are taken off the tree: it copies and searches it a dozen times.
    """
    etree.strip_elements(root, *_NEVER_TAKEN, with_tail=False)
    for element in root.iter():  # it counts characters, those without width too
        text, tail = element.text, element.tail
        if text and (seen := shown(text)) is not text:  # to write the same again takes longer than to look
            element.text = _UNWRITABLE.sub("", seen)
        if tail and (seen := shown(tail)) is not tail:
            element.tail = _UNWRITABLE.sub("", seen)
    try:
        found = bare_extraction(root, options=_ASKED)
    except (ValueError, RecursionError, AttributeError, TypeError):  # its own faults on odd trees
        return ()
    body = getattr(found, "body", None)
    return tuple(text for text in body.itertext() if not text.isspace()) if body is not None else ()


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is seen of a page before the rules are asked about it. ``first``: the score of each open block by its signs
    (``own``) alone."""

    signs: Signs
    own: Sequence[Sequence[str]]
    first: Sequence[float]

    def span(self, first: int, last: int) -> Span:
        """Where the blocks from ``first`` to ``last`` are."""
        paragraphs = self.signs.article.paragraphs
        return Span(paragraphs[first].span.start, paragraphs[last].span.end)

    def of_all(self, scores: Sequence[float]) -> list[float]:
        """The scores of all blocks, from those of the open ones."""
        result = [MENU] * len(self.signs.article.paragraphs)
        for number, each in zip(self.signs.open, scores, strict=True):
            result[number] = each
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a second look saw: (facts about surroundings, open blocks) float32, the score of each open block, and what
    the words of some say."""

    seen: Matrix
    scores: Sequence[float]
    said: tuple[Said, ...] = ()

    def unsure(self, signs: Signs) -> bool:
        """Whether it leaves doubts about the page, or about the caption of a figure."""
        doubts = [UNSURE < score < 1 - UNSURE for score in self.scores]
        if any(doubt and tag == "figcaption" for doubt, tag in zip(doubts, signs.tags, strict=True)):
            return True
        sizes = [*map(len, signs.texts)]
        stays = sum(size * (1 - score) for size, score in zip(sizes, self.scores, strict=True))
        doubt = sum(size * min(score, 1 - score) for size, score in zip(sizes, self.scores, strict=True))
        return sum(doubts) >= UNSURE_BLOCKS * max(1, len(doubts)) or doubt >= UNSURE_SHARE * (stays + 1)


@dataclass(frozen=True, slots=True, eq=False)
class PageJudge:
    """The models, ready to run: words of class names, weights of signs, and the trees that look again, if there are
    some. As the judge of texts does, it takes facts and findings and gives verdicts."""

    groups: Groups
    weights: Weights
    trees: Forest | None

    def facts(self, seen: ArticleFacts, taken: Sequence[str] | None) -> Facts:
        """What is seen of a page at first sight. ``taken``: the extractor's lines, if it was asked."""
        signs = Signs(seen, self.groups, taken)
        own = signs.own()
        if signs.data:  # there is no markup to weigh; what the rules claim still goes
            return Facts(signs, own, [0.0] * len(own))
        return Facts(signs, own, [score(self.weights, each, took) for each, took in zip(own, signs.takes, strict=True)])

    def weighs(self, facts: Facts) -> bool:
        """Whether verdicts weigh what the rules claim: not without trees, nor of what stands in a page's data alone."""
        return self.trees is not None and not facts.signs.data

    def likely(self, facts: Facts) -> Inner:
        """What may be the article at first sight: the part that rules, which are made for texts, are asked about."""
        sure = (facts.span(first, last) for first, last in runs(facts.of_all(facts.first), SURE))
        return Inner.of(facts.signs.article, sure)

    def __call__(self, facts: Facts, claims: Sequence[Finding], sense: Sense | None = None) -> Iterator[Finding]:
        """The ``verdicts`` of a second look, which sees what the rules claim."""
        return self.verdicts(facts, self.look(facts, claims, sense))

    def look(self, facts: Facts, claims: Sequence[Finding], sense: Sense | None = None) -> Look:
        """A second look: at what is around each block, and at what the rules claim (``claims``).

        ``sense``: the model of what words are about, if it is to be asked.
        """
        signs = facts.signs
        seen = surroundings(signs, np.array([_odds(each) for each in facts.first]), claims)
        scores = list(facts.first)
        said: tuple[Said, ...] = ()
        if self.trees is not None and not signs.data and signs.open:
            scores = (1 / (1 + np.exp(-self.trees.outputs(seen)[0]))).round(3).tolist()
            scores = settled(signs, scores, seen[ROW["rule"]].tolist(), _plainly(signs, claims))
            said = tuple(asked(signs, scores, seen[ROW["rule"]].tolist(), sense)) if sense else ()
            for each in said:
                scores[each.number] = each.score
        return Look(seen, scores, said)

    def verdicts(self, facts: Facts, look: Look) -> Iterator[Finding]:
        """Findings for the blocks that may be outside of the article, and for those that the rules claim. Neighbouring
        blocks that surely are outside are one finding.
        """
        signs, seen = facts.signs, look.seen
        scores = facts.of_all(look.scores)
        for said in look.said:
            span = facts.span(signs.open[said.number], signs.open[said.number])
            yield Finding(span, said.category, NAME, f"{NAME}/words", NAMING, (said.evidence,), "kind")
        place = {block: at for at, block in enumerate(signs.open)}
        claimed = {block for block, at in place.items() if seen[ROW["rule"], at] > 0}
        found = [*runs(scores, LEAST, claimed)]
        lowest = [min(range(first, last + 1), key=scores.__getitem__) for first, last in found]
        columns = [place[block] for block in lowest if block in place]
        moved = dict(zip(columns, self._moved(facts, seen[:, columns]), strict=True))
        rule = f"{NAME}/outside" if signs.extractor else f"{NAME}/outside-by-markup"
        for (first, last), block in zip(found, lowest, strict=True):
            at = place.get(block)
            if at is None:
                evidence: tuple[Evidence, ...] = (
                    Evidence("sign", "a menu: short and all links, or in an element for menus"),
                )
            else:
                evidence = tuple(self._evidence(facts, at, moved[at]))
            yield Finding(facts.span(first, last), None, NAME, rule, round(scores[block], 3), evidence, "verdict")

    def _moved(self, facts: Facts, seen: Matrix) -> list[dict[str, float]]:
        """How much each group of facts about a block's surroundings speaks against it, by block."""
        if self.trees is None or facts.signs.data or not seen.shape[1]:
            return [{} for _ in range(seen.shape[1])]
        return [dict(zip(GROUPS, column, strict=True)) for column in self.trees.contributions(seen, _ROWS).T]

    def _evidence(self, facts: Facts, at: int, moved: Mapping[str, float]) -> Iterator[Evidence]:
        took = facts.signs.takes[at]
        if facts.signs.extractor:
            yield Evidence("extractor", f"trafilatura {'takes it' if took else 'leaves it out'}")
        table = self.weights.worth_a_word[took]
        heavy = sorted([(table[sign], sign) for sign in facts.own[at] if sign in table], reverse=True)
        for weight, sign in heavy[:SHOWN]:
            yield Evidence("sign", f"{sign} (+{weight:g})")
        against = [(round(weight, 1), group) for group, weight in moved.items() if weight > WORTH_A_WORD]
        for weight, group in sorted(against, reverse=True)[:SHOWN]:
            if group != "the block itself":
                yield Evidence("surroundings", f"against it: {group} (+{weight:g})")


_ROWS = group_rows()


def _plainly(signs: Signs, claims: Sequence[Finding]) -> list[float]:
    """How strongly rules claim that each open block is of a kind that no article is written in."""
    asking = [claim for claim in claims if claim.category in PLAIN]
    if not asking:
        return [0.0] * len(signs.open)
    return [float(each) for each in claimed(signs.article, signs.open, asking)[0]]


def _odds(share: float) -> float:
    share = min(max(share, FAINTEST), 1 - FAINTEST)
    return log(share / (1 - share))


def runs(
    scores: Sequence[float], least: float = LEAST, also: Collection[int] = frozenset()
) -> Iterator[tuple[int, int]]:
    """First and last block of what is one finding: a run of blocks that surely stand outside, or one that may.

    ``least``: the least score of a block that may. ``also``: blocks that are to be named whatever their score.

    >>> list(runs([0.99, 0.98, 0.5, 0.01, 0.99]))
    [(0, 1), (2, 2), (4, 4)]
    """
    number = 0
    while number < len(scores):
        last = number
        if scores[number] >= SURE and number not in also:
            while last + 1 < len(scores) and scores[last + 1] >= SURE and last + 1 not in also:
                last += 1
        if scores[number] >= least or number in also:
            yield number, last
        number = last + 1


def score(weights: Weights, signs: Sequence[str], taken: bool) -> float:
    """The score of a block that shows ``signs``.

    >>> score(Weights(0.0, {"tag p": -2.0}, {}), ["tag p"], False) < 0.2
    True
    """
    table = weights.taken if taken else weights.left_out
    total = weights.start
    for sign in signs:
        total += table.get(sign, 0.0)
    return 1 / (1 + exp(-total)) if total > -30 else 0.0
