"""The conditions of a rule, asked of a paragraph in its surroundings: first whether the cheap ones hold, then what was
seen of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleaner.article.model import Evidence
from cleaner.detectors.phrases.facts import Facts
from cleaner.rulebook.values import Conditions
from cleaner.text.words import count_words, ends_in_stop

Test = Callable[[Facts, int], bool]
Beside = Mapping[int, set[str]]
"""The categories found so far, by paragraph."""

_SAID = {"headline": "repeats the headline", "neighbour": "repeats its neighbour", "article": "stands twice"}
_NONE: set[str] = set()


def tests(when: Conditions) -> tuple[Test, ...]:
    """What can be asked of a whole paragraph before its patterns are tried, the cheapest first: surroundings that are
    noted once for each paragraph. What ``Facts`` tells of all paragraphs at once is not among it."""
    found: list[Test] = []
    if when.before:
        before = when.before
        found.append(lambda facts, number: facts.any_matches(before, number + 1))
    if when.repeats is not None:
        what = when.repeats
        found.append(lambda facts, number: facts.repeats(number, what))
    if when.after:
        after = when.after
        found.append(lambda facts, number: facts.any_matches(after, number - 1))
    return tuple(found)


def near(when: Conditions, number: int, beside: Beside) -> bool:
    """Whether the neighbours are of the categories that are asked for."""
    if when.beside and not _beside(when, number, beside):
        return False
    return not when.between or bool(_between(when, number, beside))


def _beside(when: Conditions, number: int, beside: Beside) -> set[str]:
    found = beside.get(number - 1, _NONE) | beside.get(number + 1, _NONE)
    return found if "any" in when.beside else found & set(when.beside)


def _between(when: Conditions, number: int, beside: Beside) -> set[str]:
    before, after = beside.get(number - 1, _NONE), beside.get(number + 1, _NONE)
    if "any" in when.between:
        return before if after else _NONE
    return before & after & set(when.between)


def hold(
    when: Conditions, facts: Facts, number: int, beside: Beside, unit: str | None = None
) -> tuple[Evidence, ...] | None:
    """What was seen to meet the conditions, or ``None`` if one is not met. ``unit``: a part of the paragraph."""
    seen: list[str] = []
    if (
        _by_itself(when, facts, number, unit, seen)
        and _between_neighbours(when, facts, number, beside, seen)
        and _in_its_place(when, facts, number, seen)
        and _by_rarer_words(when, facts, number, seen)
    ):
        return tuple([Evidence("condition", text) for text in seen])
    return None


def _by_itself(when: Conditions, facts: Facts, number: int, unit: str | None, seen: list[str]) -> bool:
    """Whether length and final mark are as asked; what was seen of them is added to ``seen``, as by those below."""
    if when.words is not None:
        words = facts.words[number] if unit is None else count_words(unit)
        if words not in when.words:
            return False
        seen.append(f"{words} words")
    if when.stop is not None:
        if (facts.stops[number] if unit is None else ends_in_stop(unit)) is not when.stop:
            return False
        seen.append("ends in a final mark" if when.stop else "no final mark")
    return True


def _between_neighbours(when: Conditions, facts: Facts, number: int, beside: Beside, seen: list[str]) -> bool:
    """Whether the paragraphs before and after say, or are, what is asked for."""
    if when.after:
        if not facts.any_matches(when.after, number - 1):
            return False
        seen.append("after " + _short(facts.paragraphs[number - 1]))
    if when.before:
        if not facts.any_matches(when.before, number + 1):
            return False
        seen.append("before " + _short(facts.paragraphs[number + 1]))
    if when.beside:
        wanted = _beside(when, number, beside)
        if not wanted:
            return False
        seen.append("beside " + ", ".join(sorted(wanted)))
    if when.between:
        wanted = _between(when, number, beside)
        if not wanted:
            return False
        seen.append("between two of " + ", ".join(sorted(wanted)))
    return True


def _in_its_place(when: Conditions, facts: Facts, number: int, seen: list[str]) -> bool:
    """Whether it stands in prose, in a line or for the second time, as asked."""
    if when.around is not None:
        if not facts.in_prose(number):
            return False
        seen.append("the paragraphs around it end in final marks")
    if when.joined is not None:
        if not facts.joined(number, number + (1 if when.joined == "next" else -1)):
            return False
        seen.append(f"run together with the {when.joined} part of its line")
    if when.repeats is not None:
        if not facts.repeats(number, when.repeats):
            return False
        seen.append(_SAID[when.repeats])
    return True


def _by_rarer_words(when: Conditions, facts: Facts, number: int, seen: list[str]) -> bool:
    """Whether its rarer words stand elsewhere in the article as often as asked."""
    if when.restates is not None:
        share = facts.restates(number, when.restates.least)
        if share not in when.restates:
            return False
        seen.append(f"{share:.0%} of its rarer words stand in one other paragraph")
    if when.cohesion is not None:
        share = facts.cohesion(number)
        if share not in when.cohesion:
            return False
        seen.append(f"{share:.0%} of its rarer words stand elsewhere in the article")
    return True


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "\u2026")
