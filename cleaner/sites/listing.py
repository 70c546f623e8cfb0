"""Lists the repeats of a site with their texts, the most frequent first, for readers and for making rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.sites import keys
from cleaner.sites.counts import Counts, Repeat, count
from cleaner.sites.sample import Sketch, smallest
from cleaner.sites.says import Shape, Verdict, verdict
from cleaner.text.words import count_words, ends_in_stop


@dataclass(frozen=True, slots=True)
class Listed:
    """A repeating text in one of its wordings, and what its count says. ``near``: whether names or words in it
    differ."""

    text: str
    repeat: Repeat
    said: Verdict
    near: bool
    part: bool
    """Return whether it is mostly a sentence of a longer paragraph."""


def listed(site: str, sketches: Iterable[Sketch]) -> tuple[Counts, tuple[Listed, ...]]:
    """Return the counts of a site, and the texts that repeat."""
    sample = smallest(sketches)
    counts = count(site, sample)
    texts: dict[tuple[int, bool], str] = {}
    for one in sample:
        for line in one.lines:
            for text in (line, *(span.of(line) for span in keys.sentences(line))):
                for key, near in _keys(text, counts):
                    if (key, near) not in texts or text < texts[key, near]:
                        texts[key, near] = text
    found = []
    for (key, near), text in texts.items():
        repeat = (counts.near if near else counts.repeats)[key]
        if near and _told_exactly(text, repeat, counts):
            continue
        if not near and (known := counts.of(text)) is not None and known[1]:
            continue  # told with those nearly the same, as it is when articles are cleaned
        part = 2 * repeat.glued > repeat.articles
        shape = Shape(count_words(text), ends_in_stop(text), part=part)
        found.append(Listed(text, repeat, verdict(repeat, counts.articles, shape, near=near), near, part))
    return counts, tuple(sorted(found, key=lambda one: (-one.repeat.articles, one.text)))


def _keys(text: str, counts: Counts) -> list[tuple[int, bool]]:
    key = keys.exact(text)
    found = [(key, False)] if key is not None and key in counts.repeats else []
    return [*found, *((each, True) for each in keys.near(text) if each in counts.near)]


def _told_exactly(text: str, repeat: Repeat, counts: Counts) -> bool:
    """Return whether the exact text repeats about as often as its variants."""
    key = keys.exact(text)
    same = counts.repeats.get(key) if key is not None else None
    return same is not None and repeat.articles <= 1.5 * same.articles
