"""The page of a report: one HTML file that asks nothing of any other."""

from __future__ import annotations

from cleaner.reporting import shown
from cleaner.reporting.gather import P
from cleaner.reporting.markup import number, percent, safe, section
from cleaner.reporting.plots import histogram
from cleaner.reporting.report import Report
from cleaner.reporting.style import CSS

LARGEST = 2_000_000
"""Bytes that the page has at most."""

# Nothing is loaded and no program runs, even if something of an article had slipped through as markup.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a page is allowed: its own style, and nothing else."""

PARTS: tuple[tuple[str, str], ...] = (
    ("overview", "Overview"),
    ("categories", "Categories"),
    ("sites", "Sites"),
    ("languages", "Languages"),
    ("rules", "Rules"),
    ("articles", "Articles that lost most"),
    ("errors", "Errors"),
    ("run", "About this run"),
)


def page(report: Report[P], largest: int = LARGEST) -> str:
    """The whole page, with fewer samples and shorter tables where it would be larger than ``largest`` bytes."""
    size = 1.0
    while True:
        html = _page(report, size)
        if len(html.encode("utf-8")) <= largest or size < 0.01:
            return html
        size /= 2


def _page(report: Report[P], size: float) -> str:
    contents = {
        "overview": _overview(report),
        "categories": shown.categories(report, size),
        "sites": shown.sites(report, size),
        "languages": shown.languages(report, size),
        "rules": shown.rules(report, size),
        "articles": shown.losers(report, size),
        "errors": shown.errors(report),
        "run": shown.about(report),
    }
    links = "".join(f'<li><a href="#{anchor}">{title}</a></li>' for anchor, title in PARTS)
    sections = "".join(section(anchor, title, contents[anchor]) for anchor, title in PARTS)
    total = report.first.total
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What went from {safe(report.name)} – cleaner</title><style>{CSS}</style></head><body>"
        '<a class="skip" href="#main">To the report</a>'
        f"<header><h1>What went from <bdi>{safe(report.name)}</bdi></h1>"
        f"<p>{percent(total.share)} of the characters of {number(total.articles)} articles went, "
        f"in {number(total.spans)} spans.</p>"
        f'<nav aria-label="Parts of the report"><ul>{links}</ul></nav></header><main id="main">{sections}</main>'
        "<footer><p>Made by <code>cleaner report</code>. Samples are drawn by digests of their texts: the "
        "same run gives the same page.</p></footer></body></html>\n"
    )


def _fact(name: str, value: str, more: str = "") -> str:
    small = f"<small>{more}</small>" if more else ""
    return f"<div><dt>{name}</dt><dd>{value}{small}</dd></div>"


def _overview(report: Report[P]) -> str:
    total, words, summary = report.first.total, report.words, report.summary
    about = "" if words.exact else "about "
    status = summary.get("status", {})
    failed = sum(report.errors.counts.values())
    facts = [
        _fact("Articles", number(total.articles), f"{number(total.touched)} lost something"),
        _fact(
            "Failed", f'<span class="warn">{number(failed)}</span>' if failed else "0", "named below" if failed else ""
        ),
        _fact("Characters removed", percent(total.share), f"{number(total.removed)} of {number(total.characters)}"),
        _fact("Words before", about + number(words.before)),
        _fact("Words after", about + number(words.after), f"{_saved(words.removed, words.before)} fewer"),
        _fact(
            "Nothing left", number(status.get("nothing-left", 0)), f"and {number(status.get('empty', 0))} empty before"
        ),
    ]
    if report.tokens is not None:
        tokens, name = report.tokens, safe(report.tokenizer)
        some = "" if tokens.exact else "about "
        facts += [
            _fact("Tokens before", some + number(tokens.before), name),
            _fact("Tokens after", some + number(tokens.after), f"{_saved(tokens.removed, tokens.before)} fewer"),
        ]
    counted = ""
    if not words.exact:
        what = "Words and tokens" if report.tokens else "Words"
        counted = (
            f"<p class=soft>{what} were counted in {number(words.counted)} articles, drawn by digests of their names, "
            "and in what went; the rest is estimated from these by characters.</p>"
        )
    plots = (
        ("How much articles lost", report.first.shares, "share of an article's characters that went", "Articles"),
        ("How sure it was", report.second.scores, "score of the removed spans", "Spans"),
    )
    figures = "".join(
        f"<figure>{histogram(f'{title}: {what.lower()} by {axis}', counts)}"
        f"<figcaption><b>{title}.</b> {what} by {axis}; heights are square roots.</figcaption></figure>"
        for title, counts, axis, what in plots
    )
    return f'<dl class="facts">{"".join(facts)}</dl>{counted}<div class="plots">{figures}</div>'


def _saved(removed: int, before: int) -> str:
    return percent(removed / before if before else 0.0)
