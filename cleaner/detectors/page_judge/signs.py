"""What can be seen of a page's blocks, as signs with names in plain words: the evidence that ``judge`` weighs.

A sign either stands at a block or doesn't; what is a number (words, share of links, place) is cut into ranges. What
each sign weighs was measured and stands in models/page-weights-*.yaml, under the same names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import nextafter

from cleaner.article.model import Paragraph
from cleaner.detectors.class_names import Groups
from cleaner.detectors.page_judge.alignment import taken
from cleaner.detectors.page_judge.block_signs import COARSE, KNOWN_TAGS, STEPS, rank, signs_of, tag_of
from cleaner.detectors.page_judge.menus import in_data, open_blocks
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.stoplists import stoplist
from cleaner.text.words import bare, ends_in_stop
from cleaner.text.words import bares as bared

_AROUND = frozenset((
    "article", "main", "nav", "aside", "footer", "header", "form", "figure", "table", "ul", "ol", "blockquote",
    "section", "dl", "button", "label", "details",
))  # fmt: skip
FAR = 1000
ALL = 0.95
"""The share of a page's letters that an extractor takes if it found no article and takes everything."""
_WHERE = ("named ", "inside ", "inside ", "further inside ")

_DECILES = tuple(f"place {number}0 %" for number in range(10))
_HOLDERS = (("parent", -2), ("its parent", -3), ("and its parent", -4))
_EDGES = (nextafter(0.01, 1), 0.1, 0.4, 0.75)
_PARTS = ("none", "under 10 %", "10-40 %", "40-75 %", "over 75 %")


def _table(name: str) -> tuple[str, ...]:
    return tuple(f"{name}: {part}" for part in _PARTS)


_HOLD_NAMES = tuple(
    (_table(name + " holds of the prose"), _table(name + " links"), _table(name + " taken"), at)
    for name, at in _HOLDERS
)
_LIKE_HOLD, _LIKE_PROSE, _LIKE_TAKEN = map(_table, ("its like hold of the prose", "its like prose", "its like taken"))
_ELEMENT_WORDS = tuple(f"element has words: {words}" for words in COARSE)
_BESIDE = {
    side: (
        {tag: side + tag for tag in KNOWN_TAGS},
        {
            (words, links): f"{side}{words} words, {'links' if links else 'no links'}"
            for words in COARSE
            for links in (False, True)
        },
    )
    for side in ("before it: ", "after it: ")
}


class Signs:
    """The signs of the blocks of an article that aren't plainly menus. ``lines``: what the extractor took, if asked.

    ``open`` are the numbers of those blocks, in order; all other lists go by their place in it. ``took_all``: what the
    extractor took says nothing, since it took plain menus too.
    """

    def __init__(self, facts: ArticleFacts, groups: Groups, lines: Sequence[str] | None) -> None:
        article = self.article = facts.article
        self.groups = groups
        texts = [_unmarked(text) for text in facts.texts]
        self.extractor = lines is not None
        bares = bared(texts) if lines is not None else ()
        takes = [share >= 0.5 for share in taken(bares, lines)] if lines is not None else [False] * len(texts)
        self.data = in_data(article.paragraphs)
        # The mark of a list's item is a word of its own.
        words = [many - (len(own) < len(text)) for many, text, own in zip(facts.words, facts.texts, texts, strict=True)]
        self.open = open_blocks(article.paragraphs, texts, words, takes)
        self.took_all = self.extractor and _all_of_it(bares, takes) and self._holds_menus(texts, words)
        self.paragraphs = [article.paragraphs[number] for number in self.open]
        self.texts = [texts[number] for number in self.open]
        letters = [bares[number] for number in self.open] if bares else bared(self.texts)
        self.bares = [each.casefold() for each in letters]
        self.takes = [takes[number] for number in self.open]
        self.words = [words[number] for number in self.open]
        self.total_words = sum(self.words) or 1
        self.links = [p.link_chars / max(1, len(each)) for p, each in zip(self.paragraphs, self.texts, strict=True)]
        self.stops = [ends_in_stop(each) for each in self.texts]
        self.tags = [tag_of(p.path) for p in self.paragraphs]

    def _holds_menus(self, texts: Sequence[str], words: Sequence[int]) -> bool:
        paragraphs = self.article.paragraphs
        return len(open_blocks(paragraphs, texts, words, [False] * len(texts))) < len(texts)

    def own(self) -> list[list[str]]:
        """The signs of each open block."""
        blocks = zip(self.texts, self.words, self.links, self.stops, self.tags, strict=True)
        result = [signs_of(*block, self._stopwords, self._author) for block in blocks]
        for signs, more in zip(result, self._names(), strict=True):
            signs += more
        self._places(result)
        self._repeats(result)
        self._holders(result)
        self._alike(result)
        self._beside(result)
        if self.extractor:
            self._near_taken(result)
        return result

    @cached_property
    def _author(self) -> str:
        name = (self.article.page.author if self.article.page else None) or ""
        return name.casefold() if len(name) > 4 else ""

    @cached_property
    def _stopwords(self) -> frozenset[str] | None:
        return stoplist(self.article.language)

    # -- names and elements around it

    def _names(self) -> Iterator[list[str]]:
        known: dict[object, list[str]] = {}
        for paragraph in self.paragraphs:
            key = (paragraph.path, paragraph.classes)
            found = known.get(key)
            if found is None:
                found = known[key] = self._names_of(paragraph)
            yield found

    def _names_of(self, paragraph: Paragraph) -> list[str]:
        result = ["in " + tag for tag in dict.fromkeys(paragraph.path.split(".")[:-1]) if tag in _AROUND]
        seen: set[str] = set()
        for distance, classes in enumerate(reversed(paragraph.classes[-12:])):
            where = _WHERE[min(distance, 3)]
            groups = self.groups.of(classes)
            if groups:  # mostly there are none
                for group in sorted(groups - seen):
                    result.append(where + group)
                seen |= groups
        if not paragraph.classes:
            result.append("no names around it")
        return result

    # -- place

    def _places(self, result: list[list[str]]) -> None:
        before = 0
        for number, signs in enumerate(result):
            share = (before + self.words[number] / 2) / self.total_words
            signs.append(_DECILES[min(9, int(10 * share))])
            before += self.words[number]

    def _repeats(self, result: list[list[str]]) -> None:
        page = self.article.page
        bares = self.bares
        counts = Counter(bares)
        titles = {bare(title).casefold() for title in (page.titles if page else ())}
        described = bare(page.description or "").casefold() if page else ""
        body = bare(page.body or "").casefold() if page else ""
        if body and sum(len(each) for each in bares if len(each) > 60 and each in body) < 0.5 * len(body):
            body = ""  # it is of another article, or written otherwise
        for each, signs in zip(bares, result, strict=True):
            if counts[each] > 1:
                signs.append("stands twice on the page")
            if each in titles:
                signs.append("is the page's title")
            if (
                described
                and len(each) > 15
                and (each == described or described.startswith(each) or each.startswith(described[:200]))
            ):
                signs.append("is the page's description")
            if body:
                signs.append(
                    "in the articleBody of the page's JSON-LD"
                    if each in body
                    else "not in the articleBody of the page's JSON-LD"
                )

    def _holders(self, result: list[list[str]]) -> None:
        """How much of the page's prose the element around a block holds, and what its other blocks are like."""
        holds: dict[int, list[float]] = {}  # words, words in links, blocks, words of prose, words taken
        total = 1
        known = holds.get
        for paragraph, count, links, stop, takes in zip(
            self.paragraphs, self.words, self.links, self.stops, self.takes, strict=True
        ):
            prose = count if count > 12 and links < 0.3 and stop else 0
            total += prose
            linked, took = count * links, count if takes else 0
            for holder in paragraph.within[-4:]:
                sums = known(holder)
                if sums is None:
                    holds[holder] = [count, linked, 1, prose, took]
                else:
                    sums[0] += count
                    sums[1] += linked
                    sums[2] += 1
                    sums[3] += prose
                    sums[4] += took
        extractor = self.extractor
        for paragraph, own, links, takes, signs in zip(
            self.paragraphs, self.words, self.links, self.takes, result, strict=True
        ):
            around = paragraph.within
            for of_prose, of_links, of_taken, at in _HOLD_NAMES[: max(0, len(around) - 1)]:
                sums = holds[around[at]]
                signs.append(of_prose[bisect_right(_EDGES, sums[3] / total)])
                others = sums[0] - own
                if others:
                    signs.append(of_links[bisect_right(_EDGES, (sums[1] - own * links) / others)])
                    if extractor:
                        signs.append(of_taken[bisect_right(_EDGES, (sums[4] - own if takes else sums[4]) / others)])
            if around:
                sums = holds[around[-1]]
                if sums[2] > 1:
                    signs.append("one of several lines of its element")
                    signs.append(_ELEMENT_WORDS[rank(sums[0], STEPS)])

    @cached_property
    def alike(self) -> list[int]:
        """For each block the number of the kind of place it has: same elements and same names around it."""
        known: dict[object, int] = {}
        return [known.setdefault((p.path, p.classes), len(known)) for p in self.paragraphs]

    def _alike(self, result: list[list[str]]) -> None:
        """What the blocks with the same elements and names around them are like: paragraphs of an article mostly share
        them, comments and teasers have their own."""
        words: Counter[int] = Counter()
        prose: Counter[int] = Counter()
        took: Counter[int] = Counter()
        blocks: Counter[int] = Counter()
        total = 1
        for kind, count, links, stop, takes in zip(
            self.alike, self.words, self.links, self.stops, self.takes, strict=True
        ):
            words[kind] += count
            blocks[kind] += 1
            if count > 12 and links < 0.3 and stop:
                prose[kind] += count
                total += count
            if takes:
                took[kind] += count
        for number, (kind, signs) in enumerate(zip(self.alike, result, strict=True)):
            signs.append(_LIKE_HOLD[bisect_right(_EDGES, prose[kind] / total)])
            rest = words[kind] - self.words[number]
            if rest:
                signs.append(_LIKE_PROSE[bisect_right(_EDGES, prose[kind] / words[kind])])
                if self.extractor:
                    own = self.words[number] if self.takes[number] else 0
                    signs.append(_LIKE_TAKEN[bisect_right(_EDGES, (took[kind] - own) / rest)])
            else:
                signs.append("none of its like")

    def _beside(self, result: list[list[str]]) -> None:
        coarse = [COARSE[rank(words, STEPS)] for words in self.words]
        shapes = [(words, links > 0.5) for words, links in zip(coarse, self.links, strict=True)]
        parents = [paragraph.within[-2:-1] for paragraph in self.paragraphs]
        for name, step in (("before it: ", -1), ("after it: ", 1)):
            tags, named = _BESIDE[name]
            stop, menu, same = name + "a sentence's end", name + "a menu between", name + "same parent"
            for number, signs in enumerate(result):
                at = number + step
                if not 0 <= at < len(result):
                    signs.append(name + "nothing")
                    continue
                signs.append(tags[self.tags[at]])
                signs.append(named[shapes[at]])
                if self.stops[at]:
                    signs.append(stop)
                if abs(self.open[at] - self.open[number]) > 1:
                    signs.append(menu)
                if parents[at] == parents[number]:
                    signs.append(same)

    def _near_taken(self, result: list[list[str]]) -> None:
        count = len(result)
        numbers = [number for number, takes in enumerate(self.takes) if takes]
        if not numbers:
            for signs in result:
                signs.append("nothing is taken")
            return
        first, last = numbers[0], numbers[-1]
        forward, backward = _distances(self.takes), _distances(self.takes[::-1])[::-1]
        for number, signs in enumerate(result):
            side = "above" if number < first else "below" if number > last else "amid"
            near = min(forward[number], backward[number])
            signs.append(f"{side} what is taken, {_far(near)}")
            if number - 1 >= 0 and self.takes[number - 1]:
                signs.append("before it: taken")
            if number + 1 < count and self.takes[number + 1]:
                signs.append("after it: taken")
            if number == first:
                signs.append("the first that is taken")
            if number == last:
                signs.append("the last that is taken")


def _all_of_it(texts: Sequence[str], takes: Sequence[bool]) -> bool:
    """Whether nearly all text of a page was taken."""
    sizes = [*map(len, texts)]
    return sum(size for size, took in zip(sizes, takes, strict=True) if took) >= ALL * sum(sizes)


def _unmarked(text: str) -> str:
    return text[2:] if text.startswith("- ") else text


def _distances(marks: Sequence[bool]) -> list[int]:
    """How many blocks back the nearest marked one stands."""
    result, distance = [], FAR
    for marked in marks:
        distance = 0 if marked else distance + 1
        result.append(distance)
    return result


_NEARNESS = ((0, "0"), (1, "1"), (3, "2-3"), (9, "4-9"), (29, "10-29"))


def _far(distance: int) -> str:
    return next((name for most, name in _NEARNESS if distance <= most), "far")
