"""What ``cleaner fit`` says of a judge: a few lines, and the card that lies beside its weights. All pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cleaner.rulebook.profiles import PRECISION, Profile, moved
from cleaner.training.augmentation import RULES, Row
from cleaner.training.fit_text import FOLDS, Fitted, decided, found_by
from cleaner.training.measure import Outcome, figures, grouped, recalls
from cleaner.training.report import FEWEST, HEAD, language, recall_lines, row


def fit_lines(result: Fitted, rows: Sequence[Row], profile: Profile, folder: str) -> Iterator[str]:
    """What ``cleaner fit text`` says at the end."""
    crossed = decided(rows, found_by(result.crossed, rows), profile)
    yield HEAD
    yield row("rules alone", figures(decided(rows, [each.findings for each in rows], profile)))
    yield row("sites not seen", figures(crossed))
    yield ""
    yield from recall_lines(recalls(crossed))
    yield ""
    yield f"Wrote {folder}. Judge it by articles that neither it nor the rules have seen: cleaner eval GOLD --rules ..."


def card(result: Fitted, rows: Sequence[Row], bare: Sequence[Row], profile: Profile, origin: Mapping[str, Any]) -> str:
    """The card: what the judge was fitted to, what it reaches, where it fails.

    ``bare``: the same articles, in the same order, without all that was marked in them.
    """
    crossed = decided(rows, found_by(result.crossed, rows), profile)
    careful, thorough = (
        decided(rows, found_by(result.crossed, rows), moved(profile, PRECISION[step]))
        for step in ("careful", "thorough")
    )
    hidden = [replace(each, findings=tuple(f for f in each.findings if f.detector != RULES)) for each in rows]
    without = decided(hidden, found_by(result.crossed, hidden), profile)
    clean = figures(decided(bare, found_by(result.crossed, bare), profile))
    told = ", ".join(f"{name} {number}" for name, number in origin["languages"].items())
    lines = [
        "# The judge of texts",
        "",
        "`judge.json` holds small decision trees over facts about a paragraph and its surroundings"
        " (`cleaner/detectors/text_judge/features.py` names them), and networks that read all paragraphs of an"
        " article in their row (`cleaner/detectors/text_judge/context.py`); `sense.json` holds numbers for hashed words"
        " and runs"
        " of characters (`cleaner/detectors/sense.py`). No text is in them. They were made by",
        "",
        f"    {origin['command']} --out ...",
        "",
        f"from {origin['articles']:,} articles of {origin['sites']:,} sites and {origin['snippets']:,} snippets."
        f" Languages: {told}. Digests and versions are in `trained_on` in each file.",
        "",
        "## What it reaches, cross-validated",
        "",
        f"{FOLDS} judges, each fitted without a fifth of the sites and measured on those, rules, protections and all."
        " The rules were written with a part of these articles at hand, so these figures flatter (in-sample); the"
        " README gives figures on articles that neither rules nor judge had seen.",
        "",
        "```",
        HEAD,
        row("rules alone", figures(decided(rows, [each.findings for each in rows], profile))),
        row("sites not seen", figures(crossed)),
        row("  same, careful", figures(careful)),
        row("  same, thorough", figures(thorough)),
        row("  without any rule", figures(without)),
        "",
        *recall_lines(recalls(crossed)),
        "```",
        "",
        f"Articles without boilerplate, the same once all that was marked in them is cut, lose {clean.article_lost:.2%}"
        f" of their text on sites not seen; {clean.exact:.0%} come back whole.",
        "",
        "A score means what it says: of paragraphs of sites not seen",
        "",
        "| score | paragraphs | boilerplate |",
        "| --- | --- | --- |",
        *(f"| {low:.1f} to {low + 0.1:.1f} | {number:,} | {share:.0%} |" for low, number, share in result.bins),
        "",
        "(`reliability.svg` shows the same.)",
        "",
        "## Where it fails",
        "",
        *_failures(crossed),
        "",
    ]
    return "\n".join(lines)


def _failures(outcomes: Sequence[Outcome]) -> Iterator[str]:
    poor = sorted((share, name) for name, (share, total) in recalls(outcomes).items() if total >= 500)[:3]
    yield f"- It misses most of: {', '.join(f'{name} ({share:.0%} found)' for share, name in poor)}."
    by_language = {n: f for n, f in grouped(outcomes, language).items() if f.articles >= FEWEST}
    worst = sorted(by_language, key=lambda name: by_language[name].f1)[:3]
    yield f"- Languages it does worst in: {', '.join(f'{n} (F1 {by_language[n].f1:.2f})' for n in worst)}."
    yield (
        "- A caption that is a plain sentence on the subject, and a teaser that is a whole paragraph of prose, look"
        " like the article: they mostly stay. Lists of facts in an article without prose may go."
    )
    yield (
        "- Words in a language that it has not learnt from mean nothing to it: there it judges by shape and place, and"
        " errs to keeping."
    )
