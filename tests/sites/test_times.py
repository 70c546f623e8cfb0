"""When a text stands in the articles of a site: at all times, or in those of a few days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from outlets import BACKGROUND, NOTICE, body

from cleaner.reading.plain_text import segment
from cleaner.sites.counts import Counts, Repeat, count
from cleaner.sites.sample import Sketch, digest, sketch, smallest
from cleaner.sites.says import Shape, verdict
from cleaner.sites.times import UNKNOWN, Time, time_of
from cleaner.text.days import day, day_in

START = date(2024, 1, 1)
FEW = "The inquiry into the mill hears its last witnesses this week, as it has since the water fell."


def sketched(number: int, lines: list[str], when: date | None) -> Sketch:
    text = "\n\n".join(lines)
    return sketch(segment(text), digest(text), when.toordinal() if when else None)


def year(*, dated: bool = True) -> Counts:
    """The counts of 90 articles, one every four days: a notice in most, a text in each of a fortnight's, an appeal."""
    sketches = []
    for number in range(90):
        lines = body(number)
        if number % 6 == 0:
            lines = [*lines[:4], BACKGROUND, *lines[4:]]
        if number in (40, 41, 43, 44):
            lines = [*lines, FEW]
        if 20 <= number < 34:
            lines = [*lines, "Winter is here: give a coat to those who have none, at our door on any day."]
        sketches.append(sketched(number, [*lines, NOTICE], START + timedelta(4 * number) if dated else None))
    return count("marlow-post.example", sketches)


def said(counts: Counts, text: str) -> tuple[Repeat, float, str]:
    known = counts.of(text)
    assert known is not None
    found = verdict(known[0], counts.articles, Shape(len(text.split()), True))
    return known[0], found.score, found.against


def test_what_stands_in_articles_of_a_few_days_alone_is_less_a_sign() -> None:
    repeat, score, against = said(year(), FEW)
    assert repeat.time.days == 17 and repeat.time.having == 4 and repeat.time.articles == 5
    assert score == 0.0 and against == "it stands in articles of 17 days alone"
    assert said(year(dated=False), FEW)[1] > 0.5, "where no day is known, that can't be told"


def test_what_most_articles_of_some_weeks_say_is_an_appeal() -> None:
    counts = year()
    repeat, score, _ = said(counts, "Winter is here: give a coat to those who have none, at our door on any day.")
    assert (repeat.time.having, repeat.time.articles) == (12, 12)
    assert score > verdict(Repeat(14, end=14), counts.articles, Shape(16, True)).score


def test_what_stands_in_articles_of_all_times_is_no_running_story() -> None:
    repeat, score, against = said(year(), BACKGROUND)
    assert repeat.time.steady and score == 0.0 and "background" in against
    shape = Shape(24, True, backed=0.7)
    assert verdict(repeat, 90, shape).score > 0.5
    assert verdict(Repeat(repeat.articles, inside=repeat.inside), 90, shape).score == 0.0


def test_few_days_tell_nothing() -> None:
    assert time_of([5, 5, 5], [1, 2, 3, 4, 5, 5, 5]) == UNKNOWN
    assert time_of([5, 6], list(range(99))) == UNKNOWN
    assert Time(steady=True) == time_of(list(range(0, 99, 7)), list(range(99)))


def test_of_the_same_article_twice_the_earliest_day_counts() -> None:
    one, two, three = (Sketch("0a", ("It rained.",), day=day) for day in (0, 738_002, 738_001))
    assert smallest([one, two, three]) == smallest([three, two, one]) == (three,)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2024-05-12", date(2024, 5, 12)),
        ("20240512T0800", date(2024, 5, 12)),
        ("2024/5/2", date(2024, 5, 2)),
        (datetime(2024, 5, 12, 23, tzinfo=UTC), date(2024, 5, 12)),
        (1715472000, date(2024, 5, 12)),
        (1715472000000, date(2024, 5, 12)),
        ("2024-13-40", None),
        (True, None),
        (12, None),
    ],
)
def test_days_of_fields(given: object, expected: date | None) -> None:
    assert day(given) == (expected.toordinal() if expected else None)


def test_days_in_paths() -> None:
    assert day_in("a/2023-01-02/2024/05/12.txt") == date(2024, 5, 12).toordinal()
    assert day_in("a/20249912.txt") is None and day_in(None) is None
