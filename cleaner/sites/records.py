"""Counts and sketches as records for JSON, and back. Knows no files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from cleaner.sites.counts import Counts, Repeat
from cleaner.sites.sample import Sketch


def counts_record(counts: Counts) -> dict[str, Any]:
    """Counts as a record; the same counts give the same record, in the same order.

    >>> counts = Counts("example.org", 9, False, {7: Repeat(4, end=3)}, {}, {"html.body.p": 0.5})
    >>> counts_from(counts_record(counts)) == counts
    True
    """
    return {
        "site": counts.site,
        "articles": counts.articles,
        "more": counts.more,
        "repeats": {str(key): list(astuple(repeat)) for key, repeat in sorted(counts.repeats.items())},
        "near": {str(key): list(astuple(repeat)) for key, repeat in sorted(counts.near.items())},
        "places": dict(sorted(counts.places.items())),
    }


def counts_from(record: Mapping[str, Any]) -> Counts:
    """The counts of a record. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is none."""
    return Counts(
        record["site"],
        record["articles"],
        record["more"],
        {int(key): Repeat(*values) for key, values in record["repeats"].items()},
        {int(key): Repeat(*values) for key, values in record["near"].items()},
        dict(record["places"]),
    )


def sketch_record(sketch: Sketch) -> dict[str, Any]:
    """A sketch as a record.

    >>> sketch_from(sketch_record(Sketch("0a", ("It rained.",))))
    Sketch(digest='0a', lines=('It rained.',), places=())
    """
    places = {"places": list(sketch.places)} if sketch.places else {}
    return {"article": sketch.digest, "lines": list(sketch.lines), **places}


def sketch_from(record: Mapping[str, Any]) -> Sketch:
    """The sketch of a record. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is none."""
    digest, lines, places = record["article"], record["lines"], record.get("places", [])
    if not all(isinstance(text, str) for text in (digest, *lines, *places)):
        raise ValueError("an article's digest, lines and places are texts")
    int(digest, 16)
    return Sketch(digest, tuple(lines), tuple(places))
