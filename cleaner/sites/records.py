"""Converts counts and sketches to records for JSON and back. It knows no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

from cleaner.sites.counts import Counts, Repeat
from cleaner.sites.places import Place
from cleaner.sites.sample import Sketch, Where
from cleaner.sites.times import UNKNOWN, Time


def counts_record(counts: Counts) -> dict[str, Any]:
    """Return counts as a record. The same counts give the same record, in the same order.

    >>> repeats = {7: Repeat(4, end=3), 8: Repeat(9, time=Time(5, 9, 9))}
    >>> counts = Counts("example.org", 9, False, repeats, {}, {12: Place(8, 9, 8, 2)})
    >>> counts_from(counts_record(counts)) == counts
    True
    """
    return {
        "site": counts.site,
        "articles": counts.articles,
        "more": counts.more,
        "repeats": {str(key): _repeat_record(repeat) for key, repeat in sorted(counts.repeats.items())},
        "near": {str(key): _repeat_record(repeat) for key, repeat in sorted(counts.near.items())},
        "named": counts.named,
        "places": {str(key): list(astuple(place)) for key, place in sorted(counts.places.items())},
    }


def counts_from(record: Mapping[str, Any]) -> Counts:
    """Return the counts of a record. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for an invalid record."""
    return Counts(
        record["site"],
        record["articles"],
        record["more"],
        {int(key): _repeat_from(values) for key, values in record["repeats"].items()},
        {int(key): _repeat_from(values) for key, values in record["near"].items()},
        {int(key): Place(*values) for key, values in record["places"].items()},
        record["named"],
    )


def _repeat_record(repeat: Repeat) -> list[Any]:
    *numbers, time = astuple(repeat)
    return numbers if repeat.time == UNKNOWN else [*numbers, list(time)]


def _repeat_from(values: Sequence[Any]) -> Repeat:
    if isinstance(values[-1], list):
        *values, time = values
        return replace(Repeat(*values), time=Time(*time))
    return Repeat(*values)


def sketch_record(sketch: Sketch) -> dict[str, Any]:
    """Return a sketch as a record. Each place is written once; lines refer to places by number.

    >>> sketch_record(Sketch("0a", ("It rained.",)))
    {'article': '0a', 'lines': ['It rained.']}
    >>> page = Sketch("0b", ("It rained.", "It was cold."), (Where("html.body.p"),) * 2, 738_000)
    >>> sketch_from(sketch_record(page)) == page
    True
    """
    record: dict[str, Any] = {"article": sketch.digest, "lines": list(sketch.lines)}
    if sketch.day:
        record["day"] = sketch.day
    if sketch.where:
        places = list(dict.fromkeys(sketch.where))
        numbers = {where: number for number, where in enumerate(places)}
        record["places"] = [[where.place, where.names, int(where.linked)] for where in places]
        record["at"] = [numbers[where] for where in sketch.where]
    return record


def sketch_from(record: Mapping[str, Any]) -> Sketch:
    """Return the sketch of a record. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for an invalid record."""
    digest, lines, day = record["article"], record["lines"], record.get("day", 0)
    places = [Where(place, names, bool(linked)) for place, names, linked in record.get("places", ())]
    texts = (digest, *lines, *(text for where in places for text in where[:2]))
    numbers = record.get("at", ())
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("an article's digest, lines and places are texts")
    if not all(isinstance(number, int) and number >= 0 for number in (day, *numbers)):
        raise ValueError("an article's day and the places of its lines are numbers")
    int(digest, 16)
    if any(number >= len(places) for number in numbers) or len(numbers) not in (0, len(lines)):
        raise ValueError("the places of an article's lines are not those of its lines")
    return Sketch(digest, tuple(lines), tuple(places[number] for number in numbers), day)
