"""What the words of a block are about, as evidence where the judge of pages is not sure.

A box that asks for money or for an address may stand in the article's own element under a name that tells nothing, in
words that no rule knows. The model of words (``sense``) was fitted to texts. Of 6,046 blocks of pages that stay and
that no rule claims it speaks against five, all of them right to stay, and turns none of them. As one more sign for all
blocks it brings nothing: cross-validated over sites the share of misjudged words is the same within 0.0006.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

from cleaner.article.model import Evidence
from cleaner.detectors.page_judge.signs import Signs
from cleaner.detectors.sense import LABELS, Sense

ASKED = tuple(LABELS.index(name) for name in ("donation-appeal", "subscription-prompt", "newsletter-prompt"))
"""The kinds that no article is written in and that speak in sentences."""
LEAST, MOST = 0.02, 0.5
"""The scores between which a block's words are asked about: below they could not turn it, above they need not."""
BOILERPLATE, KIND = 1.0, 0.0
"""The least log-odds, for boilerplate and for a kind, at which words speak against a block."""
WORDS = 4
"""Words of the shortest block that is asked about."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of an open block say: its number, of which category it is, its score then, and what was seen."""

    number: int
    category: str
    score: float
    evidence: Evidence


def asked(signs: Signs, scores: Sequence[float], claims: Sequence[float], sense: Sense) -> Iterator[Said]:
    """The open blocks whose words speak against them.

    ``claims``: how strongly rules claim each; these have been weighed.
    """
    unsure = [
        number
        for number, (score, claim) in enumerate(zip(scores, claims, strict=True))
        if LEAST <= score < MOST and not claim and signs.words[number] >= WORDS and signs.links[number] < MOST
    ]
    if not unsure:
        return
    for number, row in zip(unsure, sense.scores([signs.texts[number] for number in unsure]), strict=True):
        kind = max(ASKED, key=row.__getitem__)
        against = float(row[0])
        if against >= BOILERPLATE and row[kind] >= KIND:
            score = scores[number]
            moved = round(1 / (1 + exp(-log(score / (1 - score)) - against)), 3)
            (words,) = sense.words([signs.texts[number]], [kind])
            told = f"; most by {', '.join(words)}" if words else ""
            yield Said(number, LABELS[kind], moved, Evidence("words", f"its words speak of a {LABELS[kind]}{told}"))
