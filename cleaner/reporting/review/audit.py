"""Turns a sample and people's judgements of it into draws. ``reporting.intervals`` computes the figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cleaner.article.model import CATEGORIES
from cleaner.reporting import intervals
from cleaner.reporting.intervals import Draw, Population
from cleaner.reporting.review.corrections import BOILERPLATE, Correction
from cleaner.reporting.review.sample import Drawn
from cleaner.results.by_article import Place

Said = Mapping[Place, Sequence[Correction]]


def verdicts(unit: Drawn, said: Sequence[Correction]) -> dict[str, tuple[float, str]]:
    """Return for each reviewer who is sure of a unit the share of it that is boilerplate, and its category."""
    found = {}
    for reviewer in dict.fromkeys(one.reviewer for one in said):
        mine = [one for one in said if one.reviewer == reviewer]
        judged = _judged(unit, mine)
        if judged is not None:
            found[reviewer] = judged
    return found


def _judged(unit: Drawn, said: Sequence[Correction]) -> tuple[float, str] | None:
    size = unit.end - unit.start
    codes: list[str | None] = [None] * size
    if any(one.action == "done" for one in said):
        codes = ["" if unit.kept else unit.category] * size
    for one in said:
        start, end = max(one.start, unit.start), min(one.end, unit.end)
        if one.action != "done" and start < end:
            code = one.category if one.action in BOILERPLATE else None if one.action == "unsure" else ""
            codes[start - unit.start : end - unit.start] = [code] * (end - start)
    known = [code for code in codes if code is not None]
    if 2 * len(known) < size:
        # A part alone was judged: what somebody has restored of a span says that the rest of it is right.
        if not known or unit.kept:
            return None
        known += [unit.category] * (size - len(known))
    wrong = [code for code in known if code]
    category = max(sorted(set(wrong)), key=wrong.count, default="")
    return len(wrong) / len(known), category


def draws(units: Iterable[Drawn], said: Said) -> tuple[list[Draw], list[Draw], list[tuple[bool, bool]]]:
    """Return the judged draws among removed and among remaining text, and two people's judgements of the same unit."""
    went: list[Draw] = []
    stayed: list[Draw] = []
    pairs = []
    for unit in units:
        found = list(verdicts(unit, said.get(unit.place, ())).values())
        if not found:
            continue
        boilerplate = sum(share for share, _ in found) / len(found)
        category = next((name for _, name in found if name), "")
        one = Draw(unit.stratum, unit.weight, boilerplate, category, unit.language)
        (stayed if unit.kept else went).extend([one] * unit.times)
        if len(found) > 1:
            pairs.append((found[0][0] >= 0.5, found[1][0] >= 0.5))
    return went, stayed, pairs


def figures(went: Sequence[Draw], stayed: Sequence[Draw], population: Population) -> dict[str, Any]:
    """Return all figures of the certificate: for the run, by category, and by language."""
    sizes = population.removed, population.kept
    found: dict[str, Any] = {
        "precision": intervals.precision(went).record(),
        "recall": intervals.recall(went, stayed, sizes).record(),
        "article_lost": intervals.article_lost(went, stayed, sizes).record(),
    }
    categories = {}
    for name in CATEGORIES:
        # Precision goes by what the run said, recall by what people say.
        mine = [one for one in went if one.stratum.rpartition(" ")[0] == name]
        seen = [one for one in (*went, *stayed) if one.category == name]
        if mine or seen:
            entry = {"precision": intervals.precision(mine).record()} if mine else {}
            categories[name] = entry | {"recall": intervals.recall_of(name, went, stayed, sizes).record()}
    languages = {}
    for language, (gone, kept) in sorted(population.languages.items()):
        mine, others = ([one for one in part if one.language == language] for part in (went, stayed))
        if mine or others:
            languages[language] = {
                "precision": intervals.precision(mine).record(),
                "recall": intervals.recall(mine, others, (gone, kept)).record(),
                "article_lost": intervals.article_lost(mine, others, (gone, kept)).record(),
            }
    return found | {"categories": categories, "languages": languages}
