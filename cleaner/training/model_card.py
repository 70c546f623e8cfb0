"""What ``cleaner fit`` says of a judge: a few lines, and the card that lies beside its weights. All pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.rulebook.yaml_tree import Source
from cleaner.training.fit_text import FOLDS, Fitted
from cleaner.training.gold import Gold
from cleaner.training.measure import Outcome, figures, grouped, recalls
from cleaner.training.report import FEWEST, HEAD, language, recall_lines, row


def fit_lines(result: Fitted, weights: Source) -> Iterator[str]:
    """What ``cleaner fit`` says at the end."""
    yield HEAD
    yield row("rules alone", figures(result.rules))
    yield row("sites not seen", figures(result.crossed))
    yield row("sites seen", figures(result.own))
    yield ""
    yield from recall_lines(recalls(result.crossed))
    yield ""
    yield f"Wrote {weights.path}, {len(weights.text) / 1000:,.0f} kB. `sites seen` flatters; go by `sites not seen`."


def card(result: Fitted, files: Sequence[str], further: bool) -> str:
    """The card: what the judge was fitted to, what it reaches, where it fails."""
    gold: list[Gold] = [each.gold for each in result.crossed]
    languages = Counter(each.language or "und" for each in gold)
    told = ", ".join(f"{name} {number}" for name, number in languages.most_common())
    base = ", on top of the weights that came with the rules" if further else ""
    sites = len({each.site for each in gold})
    bare = figures(result.clean)
    lines = [
        "# The judge's weights",
        "",
        "`judge.json` holds two forests of small decision trees over facts about a paragraph and its surroundings"
        " (`cleaner/detectors/text_judge/features.py` names them): numbers and names of features, no text. They were"
        " made by",
        "",
        f"    cleaner fit {' '.join(files)}{'' if further else ' --fresh'} --out ...",
        "",
        f"Fitted to {len(gold):,} articles of {sites:,} sites, by one careful reader's marks{base}. Languages: {told}.",
        "",
        "## What it reaches",
        "",
        f"Sites not seen: {FOLDS} judges, each fitted without a fifth of the sites and measured on those, rules,"
        " protections and all. Sites seen: the judge in `judge.json` on what it was fitted to, for comparison only.",
        "",
        "```",
        HEAD,
        row("rules alone", figures(result.rules)),
        row("sites not seen", figures(result.crossed)),
        row("  same, careful", figures(result.careful)),
        row("  same, thorough", figures(result.thorough)),
        row("  rules of one site off", figures(result.fewer)),
        row("sites seen", figures(result.own)),
        "",
        *recall_lines(recalls(result.crossed)),
        "```",
        "",
        "Rules written with these articles in view flatter `rules alone`, and through it the judge. `rules of one"
        " site off` leaves out every rule that finds something on one of the sites only: nearer to what a new site"
        " sees.",
        "",
        f"Articles without boilerplate, the same once all that was marked in them is cut, lose {bare.article_lost:.2%}"
        f" of their text on sites not seen; {bare.exact:.0%} come back whole.",
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
        *_failures(result.crossed),
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
        "- It knows no words of its own: what a prompt says, the rules must say. In a language without rules it"
        " judges by shape and place, and errs to keeping."
    )
