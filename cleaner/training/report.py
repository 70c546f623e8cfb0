"""Figures of accuracy as lines and as JSON. All pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.training.measure import Figures, Outcome, figures, grouped, recalls

HEAD = f"{'':24s}{'articles':>9s}{'P':>8s}{'R':>8s}{'F1':>8s}{'lost':>9s}{'exact':>8s}{'harmed':>8s}"
FEWEST = 3
"""Articles that a language or a site needs for a line of its own."""
MOST = 12


def row(name: str, f: Figures) -> str:
    """The measures as a line under ``HEAD``."""
    return (
        f"{name[:24]:24s}{f.articles:9,d}{f.precision:8.3f}{f.recall:8.3f}{f.f1:8.3f}"
        f"{f.article_lost:9.2%}{f.exact:8.1%}{f.harmed:8.1%}"
    )


def eval_lines(outcomes: Sequence[Outcome], worst: int) -> Iterator[str]:
    """The measures, by category, language and site, and the articles with the most wrong characters."""
    yield HEAD
    yield row("all", figures(outcomes))
    yield ""
    yield from recall_lines(recalls(outcomes))
    for name, key in (("language", language), ("site", _site)):
        groups = [(n, f) for n, f in grouped(outcomes, key).items() if f.articles >= FEWEST][:MOST]
        if len(groups) > 1:
            yield ""
            yield f"By {name}"
            yield from (row(n, f) for n, f in groups)
    yield from _worst_lines(outcomes, worst)


def recall_lines(found: Mapping[str, tuple[float, int]]) -> Iterator[str]:
    """The recalls, a line a category."""
    yield "Recall by category"
    for category, (share, total) in found.items():
        yield f"  {category:22s}{share:8.3f}  of {total:,} characters"


def _worst_lines(outcomes: Sequence[Outcome], worst: int) -> Iterator[str]:
    bad = [o for o in sorted(outcomes, key=lambda o: (-o.wrong, o.gold.id)) if o.wrong][:worst]
    if bad:
        yield ""
        yield "Most wrong characters"
        for o in bad:
            yield f"  {o.gold.id:40s}{o.lost:7,d} lost{o.missed:7,d} left in"


def comparison_lines(one: Sequence[Outcome], other: Sequence[Outcome], worst: int) -> Iterator[str]:
    """Two configurations side by side, and the articles that differ most."""
    yield HEAD
    yield row("this", figures(one))
    yield row("against", figures(other))
    yield ""
    yield f"{'Recall by category':24s}{'this':>8s}{'against':>9s}"
    before = recalls(other)
    for category, (share, _) in recalls(one).items():
        yield f"  {category:22s}{share:8.3f}{before[category][0]:9.3f}"
    pairs = sorted(
        zip(one, other, strict=True), key=lambda pair: (-abs(pair[0].wrong - pair[1].wrong), pair[0].gold.id)
    )
    different = [(a, b) for a, b in pairs if a.wrong != b.wrong]
    better = sum(a.wrong < b.wrong for a, b in different)
    yield ""
    yield f"Of {len(one):,} articles {better:,} are better and {len(different) - better:,} worse than against."
    for a, b in different[:worst]:
        yield f"  {a.gold.id:40s}{a.wrong:7,d} wrong{b.wrong:7,d} against"


def eval_record(outcomes: Sequence[Outcome], worst: int) -> dict[str, Any]:
    """The measures as JSON has them."""

    def record(f: Figures) -> dict[str, Any]:
        return {
            "articles": f.articles,
            **{
                name: round(getattr(f, name), 5)
                for name in ("precision", "recall", "f1", "article_lost", "exact", "harmed")
            },
        }

    bad = sorted(outcomes, key=lambda o: (-o.wrong, o.gold.id))[:worst]
    return {
        **record(figures(outcomes)),
        "categories": {c: {"recall": round(s, 4), "characters": n} for c, (s, n) in recalls(outcomes).items()},
        "languages": {name: record(f) for name, f in grouped(outcomes, language).items()},
        "sites": {name: record(f) for name, f in grouped(outcomes, _site).items()},
        "worst": [{"id": o.gold.id, "lost": o.lost, "left_in": o.missed} for o in bad],
    }


def language(each: Outcome) -> str:
    """The language that gold names."""
    return each.gold.language or "und"


def _site(each: Outcome) -> str:
    return each.gold.site
