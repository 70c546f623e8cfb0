"""Finds elements of a site's pages that hold only repeating texts, as CSS selectors for page rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.sites import keys
from cleaner.sites.counts import Counts
from cleaner.sites.places import PAGES, is_heading
from cleaner.sites.sample import Sketch
from cleaner.sites.says import Shape, at_least, is_template, verdict
from cleaner.text.words import count_words, ends_in_stop

TEMPLATE = 0.8
"""The smallest share of an element's texts that must repeat on the site."""
OWN = 0.02
"""The largest share of its texts that may be an article's own: those that repeat nowhere and are no links."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selector: the number of ``pages`` and ``texts`` that it matches, and of the texts that repeat."""

    selector: str
    pages: int
    texts: int
    repeating: int


@dataclass(slots=True)
class _Element:
    """The contents of the elements with one name: lines as (page, line)."""

    lines: set[tuple[int, int]] = field(default_factory=set)
    repeating: int = 0
    own: int = 0


def selectors(sample: Sequence[Sketch], counts: Counts) -> tuple[tuple[Chosen, ...], frozenset[int]]:
    """Return the selectors of a site, the one that matches most first; and the keys of the texts that are nowhere else.

    Of names that match the same lines, such as those of an element and of the one around it, one is chosen.
    """
    elements: dict[str, _Element] = defaultdict(_Element)
    for page, sketch in enumerate(sample):
        for line, kind in enumerate(_kinds(sketch, counts)):
            for name in set(sketch.where[line].names.split()):
                element = elements[name]
                element.lines.add((page, line))
                element.repeating += kind == "repeats"
                element.own += kind == "own"
    chosen: list[Chosen] = []
    covered: set[tuple[int, int]] = set()
    for name in sorted(elements, key=lambda name: (-len(elements[name].lines), _oddness(name))):
        element = elements[name]
        pages = len({page for page, _ in element.lines})
        if pages >= PAGES and _is_template(element) and len({p for p, _ in element.lines - covered}) >= PAGES:
            covered |= element.lines
            chosen.append(Chosen(name, pages, len(element.lines), element.repeating))
    inside: set[int | None] = set()
    outside: set[int | None] = set()
    for page, sketch in enumerate(sample):
        for line, text in enumerate(sketch.lines):
            (inside if (page, line) in covered else outside).add(keys.exact(text))
    return tuple(chosen), frozenset(key for key in inside - outside if key is not None)


def _is_template(element: _Element) -> bool:
    texts = len(element.lines)
    told = element.repeating + element.own
    return (
        element.own <= OWN * texts and 2 * element.repeating >= texts and at_least(element.repeating, told) >= TEMPLATE
    )


def _oddness(name: str) -> tuple[int, int, str]:
    """Return the sort key of a name. Readable names come first: few digits, few letters."""
    return sum(map(str.isdigit, name)), len(name), name


def _kinds(sketch: Sketch, counts: Counts) -> Iterator[str]:
    """Yield for each line of a page whether it ``repeats``, is an article's ``own``, or is a link that may be either
    (empty)."""
    for line, where in zip(sketch.lines, sketch.where, strict=False):
        known = counts.of(line)
        template = is_template(counts.place(where.place)) and not is_heading(where.place)
        if known is not None:
            shape = Shape(count_words(line), ends_in_stop(line), template=template)
            said = verdict(known[0], counts.articles, shape, near=known[1])
            yield "repeats" if said.score else "own"
        elif template:
            yield "repeats"
        else:
            yield "" if where.linked else "own"
