"""Pages with gold, and which of their blocks are the article according to it. Pure.

A page is a line of a set: ``id``, ``url``, ``html``, and ``gold`` (the article's text) or ``with`` and ``without``
(phrases of it, and of what stands around it).
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.errors import GoldFault
from cleaner.text.words import bare

Grams = Counter[tuple[str, ...]]

GRAM = 4
"""The number of words in a run that is sought in the gold text."""
LONG = 300
"""Words of a block that is looked for last: a whole article in one block, as data of a page has it."""


@dataclass(frozen=True, slots=True)
class PageGold:
    """A page and what is known of it: the article's ``text``, or phrases inside and outside of it.

    ``digest``: the SHA-256 of its line.
    """

    set: str
    id: str
    url: str | None
    digest: str
    html: str
    text: str
    phrases: tuple[tuple[str, ...], tuple[str, ...]] | None = None


def read_page_gold(line: str, name: str, number: int) -> PageGold:
    """The page of line ``number`` of the set ``name``. Raises ``GoldFault`` if it is none."""
    try:
        record = json.loads(line)
        known = (name, str(record["id"]), record.get("url"), _digest(line), str(record["html"]))
        if "gold" in record:
            return PageGold(*known, str(record["gold"]))
        inside, outside = (tuple(map(str, record[key])) for key in ("with", "without"))
        return PageGold(*known, " ".join(inside), (inside, outside))
    except (ValueError, KeyError, TypeError):
        want = "`id`, `html`, and `gold` or `with` and `without`"
        raise GoldFault(f"{name}:{number}: a page is an object with {want}") from None


def _digest(line: str) -> str:
    return hashlib.sha256(line.rstrip("\n").encode("utf-8", "surrogatepass")).hexdigest()


def grams(text: str) -> Grams:
    """The runs of four words of a text, or all of its words if they are fewer."""
    words = re.findall(r"\w+", text)
    if len(words) < GRAM:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[at:] for at in range(GRAM)), strict=False))


def shares(texts: Sequence[str], parents: Sequence[tuple[int, ...]], gold: str) -> list[float]:
    """For each block, the share of it that the gold text holds.

    Blocks in the element that holds most of the gold come first, so that what stands twice on a page (a teaser of the
    article itself) is found once. Blocks of fewer than four words must stand in the gold text between those around.
    """
    left = grams(gold)
    words = [re.findall(r"\w+", text) for text in texts]
    held: Counter[tuple[int, ...]] = Counter()
    for parent, own in zip(parents, words, strict=True):
        held[parent] += sum(tuple(own[at : at + GRAM]) in left for at in range(len(own) - GRAM + 1))
    result: list[float | None] = [None] * len(texts)
    for number in sorted(range(len(texts)), key=lambda n: (len(words[n]) > LONG, -held[parents[n]], parents[n], n)):
        own = words[number]
        if len(own) < GRAM:
            continue
        hit = [False] * len(own)
        for at in range(len(own) - GRAM + 1):
            gram = tuple(own[at : at + GRAM])
            if left[gram] > 0:
                left[gram] -= 1
                hit[at : at + GRAM] = [True] * GRAM
        result[number] = sum(hit) / len(own)
    return _short(texts, bare(gold), result)


def _short(texts: Sequence[str], gold: str, known: Sequence[float | None]) -> list[float]:
    """The shares with those of short blocks, which are looked for between the places of the long ones around them."""
    bares = [bare(text) for text in texts]
    places: dict[int, tuple[int, int]] = {}
    position = 0
    for number, (own, share) in enumerate(zip(bares, known, strict=True)):
        if share is not None and share > 0.8 and len(own) >= 20:
            place = gold.find(own, position)
            place = place if place >= 0 else gold.find(own)
            if place >= 0:
                position = place + len(own)
                places[number] = (place, position)
    anchors = sorted(places)
    result = []
    for number, (own, share) in enumerate(zip(bares, known, strict=True)):
        if share is None:
            share = 0.0
            at = bisect_right(anchors, number)
            start = places[anchors[at - 1]][1] if at else 0
            end = places[anchors[at]][0] if at < len(anchors) else len(gold)
            if at == 0:
                start = max(0, end - 1000)
            if at == len(anchors):
                end = min(len(gold), start + 1000)
            place = gold.find(own, start, end) if len(own) > 3 and start <= end else -1
            if place >= 0:
                share = 1.0
                places[number] = (place, place + len(own))
                insort(anchors, number)
        result.append(share)
    return result


def by_phrases(texts: Sequence[str], inside: Sequence[str], outside: Sequence[str]) -> list[float | None]:
    """The shares that phrases give: 1 for a block with one of ``inside``, 0 with one of ``outside``, else unknown."""
    within = [each for each in map(bare, inside) if len(each) > 8]
    beyond = [each for each in map(bare, outside) if len(each) > 5]
    result: list[float | None] = []
    for text in map(bare, texts):
        if any(each in text for each in within):
            result.append(1.0)
        else:
            result.append(0.0 if any(each in text for each in beyond) else None)
    return result


def compared(gold: Grams, found: Grams) -> tuple[float | None, float | None, bool]:
    """Precision, recall and whether all is right; ``None`` where there is nothing to divide by."""
    hit, total, right = (gold & found).total(), found.total(), gold.total()
    return hit / total if total else None if right else 1.0, hit / right if right else None, hit == total == right


def figures(pages: Sequence[PageGold], texts: Sequence[str]) -> list[str]:
    """Return the quality of cleaned pages, one line per set: means over its pages, or the number of correct phrases."""
    results: dict[str, list[tuple[float | None, float | None, bool]]] = {}
    phrases: dict[str, Counter[str]] = {}
    for page, text in zip(pages, texts, strict=True):
        if page.phrases:
            plain = " ".join(text.split())
            counts = phrases.setdefault(page.set, Counter())
            for kind, group in zip("+-", page.phrases, strict=True):
                counts.update(kind + str(" ".join(each.split()) in plain) for each in group)
        else:
            results.setdefault(page.set, []).append(compared(grams(page.text), grams(text)))
    return [*(_means(name, each) for name, each in results.items()), *(_hits(*each) for each in phrases.items())]


def _means(name: str, triples: Sequence[tuple[float | None, float | None, bool]]) -> str:
    precisions = [precision for precision, _, _ in triples if precision is not None]
    recalls = [recall for _, recall, _ in triples if recall is not None]
    p, r = sum(precisions) / (len(precisions) or 1), sum(recalls) / (len(recalls) or 1)
    exact = sum(right for _, _, right in triples) / len(triples)
    return f"  {name:12} P {p:.4f}  R {r:.4f}  F1 {2 * p * r / ((p + r) or 1):.4f}  exact {exact:.3f}"


def _hits(name: str, counts: Counter[str]) -> str:
    hit, wrong, missed = counts["+True"], counts["-True"], counts["+False"]
    return f"  {name:12} F1 {2 * hit / ((2 * hit + wrong + missed) or 1):.4f}"
