"""The parts of the page below its overview: tables, and samples of what went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cleaner.article.model import CATEGORIES
from cleaner.reporting.gather import SITES, Loss, P, Sample, largest
from cleaner.reporting.markup import Column, clipped, details, number, percent, safe, table
from cleaner.reporting.outliers import FEWEST
from cleaner.reporting.plots import bar
from cleaner.reporting.report import Report
from cleaner.reporting.samples import Lowest

RULE_ROWS, SITE_ROWS, LANGUAGE_ROWS, ERROR_ROWS = 1500, 200, 100, 100
"""Rows of tables; what is beyond them is counted below."""

# The share comes first: on a phone the others are out of sight until one scrolls.
_LOST = (
    *(Column("Share gone"), Column("Articles"), Column("lost something"), Column("Spans"), Column("Characters gone")),
)
_COUNTED = (Column("Of all that went"), Column("Spans"), Column("Articles"), Column("Characters"))


def sample(report: Report[P], one: Sample[P]) -> str:
    """A removed span, struck out between what stays before and after it, and why it went."""
    text = one.text if one.text is not None else report.texts.get((one.place, one.start, one.end))
    said = safe(text.strip()) if text is not None else f"[{number(one.end - one.start)} characters, logged by place]"
    # White space at its ends is shown outside: a struck line end would look like a line.
    lead, end = _white(text or "")
    before, after = report.contexts.get((one.place, one.at), ("", ""))
    site = "" if one.site == report.no_site else f" · {clipped(one.site, 80)}"
    language = f' lang="{safe(one.language)}"' if one.language != "und" else ""
    return (
        f'<div class="sample"><p class="text" dir="auto"{language}>{safe(before)}{lead}<del>'
        f'<span class="hidden">Removed: </span>{said}'
        f'<span class="hidden"> End of what was removed. </span></del>{end}{safe(after.rstrip())}</p>'
        f'<p class="meta"><b>{one.score:.2f}</b> · {safe(one.category)} · {clipped(one.rule, 80)} · '
        f"<bdi>{clipped(one.reason, 160)}</bdi><br><bdi>{clipped(one.article)}</bdi> {one.start:,}–{one.end:,}{site}"
        "</p></div>"
    )


def _white(text: str) -> tuple[str, str]:
    bare = text.strip()
    start = text.find(bare) if bare else len(text)
    return text[:start], text[start + len(bare) :]


def _some(report: Report[P], lowest: Lowest[Sample[P]] | None, size: float, seen: Iterable[Sample[P]] = ()) -> str:
    if lowest is None:
        return ""
    skip = {(one.place, one.start) for one in seen}
    items = [one for _, one in lowest.items() if (one.place, one.start) not in skip]
    return "".join(sample(report, one) for one in items[: max(1, round(len(items) * size))])


def categories(report: Report[P], size: float) -> str:
    """What went by category, with the most doubtful and some others of each."""
    counts: Mapping[str, Any] = report.summary.get("categories", {})
    names = [name for name in (*CATEGORIES, *sorted(set(counts) - set(CATEGORIES))) if name in counts]
    names.sort(key=lambda name: -counts[name]["characters"])
    if not names:
        return "<p>Nothing was removed.</p>"
    columns = (Column("Category", False), *_COUNTED)
    parts = [table("What went by category", columns, _counts(counts, names)), "<h3>Samples</h3>"]
    for name in names:
        doubtful = report.second.doubtful.get(name)
        if doubtful is None:
            continue
        shown = [one for _, one in doubtful.items()]
        others = _some(report, report.second.drawn[name], size, shown)
        content = f"<h4>Lowest scores</h4>{_some(report, doubtful, size)}"
        if others:
            content += f"<h4>Drawn from all</h4>{others}"
        parts.append(
            details(f"<b>{safe(name)}</b> <span class=soft>{number(counts[name]['spans'])} spans</span>", content)
        )
    return "".join(parts)


def _counts(counts: Mapping[str, Mapping[str, int]], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Rows of a table of counts in the summary; ``names`` are those to show, the largest first."""
    total = max(1, sum(count["characters"] for count in counts.values()))
    most = counts[names[0]]["characters"] / total
    for name in names:
        share = counts[name]["characters"] / total
        numbers = (number(counts[name][key]) for key in ("spans", "articles", "characters"))
        yield (clipped(name, 80), percent(share) + bar(share, most), *numbers)


def _loss(name: str, loss: Loss, most: float) -> tuple[str, ...]:
    return (
        name,
        percent(loss.share) + bar(loss.share, most),
        *(
            number(loss.articles),
            percent(loss.touched / max(1, loss.articles)),
            number(loss.spans),
            number(loss.removed),
        ),
    )


def _more(all_of_them: int, rows: int, what: str) -> str:
    return f"<p class=soft>And {number(all_of_them - rows)} more {what}.</p>" if all_of_them > rows else ""


def sites(report: Report[P], size: float) -> str:
    """The sites that lose far more or less than the others, with samples; the largest; how many lose how much."""
    first = report.first
    named = {name: loss for name, loss in first.sites.items() if name != report.no_site}
    unnamed = first.sites.get(report.no_site)
    parts = []
    if unnamed is not None:
        parts.append(f"<p class=soft>{number(unnamed.articles)} articles name no site.</p>")
    if not named:
        return "".join(parts) or "<p>There are no articles.</p>"
    middle, far = first.site_outliers(report.no_site)
    enough = sum(loss.articles >= FEWEST for loss in named.values())
    parts.append(
        f"<p>{number(len(named))} sites, {number(enough)} of them with {FEWEST} articles or more; these lose "
        f"{percent(middle)} of their characters in the median.</p>"
    )
    most = max(loss.share for loss in named.values())
    columns = (Column("Site", False), *_LOST)
    if far:
        rows = list(far)[: max(10, round(SITE_ROWS * size))]
        caption = f"Sites far from the others: {number(len(far))}, furthest first"
        cells = [
            (*_loss(f"<bdi>{clipped(name, 80)}</bdi>", named[name], most), f"{100 * far[name]:+.1f}") for name in rows
        ]
        parts.append(table(caption, (*columns, Column("Points from median")), cells))
        parts.append(_more(len(far), len(rows), "sites far from the others"))
        for name in rows[:SITES]:
            content = _some(report, report.second.sites.get(name), size) or "<p>Nothing went.</p>"
            parts.append(
                details(f"<b><bdi>{clipped(name, 80)}</bdi></b> <span class=soft>lowest scores</span>", content)
            )
    elif enough:
        parts.append("<p>No site is far from the others.</p>")
    rows = largest(named, "articles", max(10, round(SITE_ROWS * size)))
    cells = [_loss(f"<bdi>{clipped(name, 80)}</bdi>", named[name], most) for name in rows]
    head = f"<b>Sites with most articles</b> <span class=soft>{number(len(rows))}</span>"
    parts.append("<h3>The largest sites</h3>" + details(head, table("Sites with most articles", columns, cells)))
    parts.append(_more(len(named), len(rows), "sites"))
    for name in rows[:SITES]:
        if name not in far:
            content = _some(report, report.second.sites.get(name), size) or "<p>Nothing went.</p>"
            parts.append(
                details(f"<b><bdi>{clipped(name, 80)}</bdi></b> <span class=soft>lowest scores</span>", content)
            )
    return "".join(parts)


def languages(report: Report[P], size: float) -> str:
    """What went by language, with samples."""
    found = report.first.languages
    rows = largest(found, "articles", max(10, round(LANGUAGE_ROWS * size)))
    if not rows:
        return "<p>There are no articles.</p>"
    most = max(loss.share for loss in found.values())
    cells = [_loss(_language(name), found[name], most) for name in rows]
    parts = [
        table("What went by language", (Column("Language", False), *_LOST), cells),
        _more(len(found), len(rows), "languages"),
    ]
    for name in rows:
        content = _some(report, report.second.languages.get(name), size)
        if content:
            parts.append(details(f"<b>{_language(name)}</b> <span class=soft>lowest scores</span>", content))
    return "".join(parts)


def _language(code: str) -> str:
    return "not known" if code == "und" else safe(code)


def rules(report: Report[P], size: float) -> str:
    """What went by rule (or detector, where no rule found it), with samples of those that removed most."""
    counts: Mapping[str, Any] = report.summary.get("rules", {})
    rows = largest(counts, "characters", max(50, round(RULE_ROWS * size)))
    if not rows:
        return "<p>Nothing was removed.</p>"
    parts = [
        details(
            f"<b>All rules</b> <span class=soft>{number(len(counts))}</span>",
            table("What went by rule", (Column("Rule", False), *_COUNTED), _counts(counts, rows)),
        ),
        _more(len(counts), len(rows), "rules, which are in summary.json"),
        "<h3>Samples of the rules that removed most</h3>",
    ]
    with_samples = [name for name in rows if name in report.second.rules]
    for name in with_samples[: max(10, round(len(with_samples) * size))]:
        content = _some(report, report.second.rules[name], 1)
        head = f"<b>{clipped(name, 80)}</b> <span class=soft>{number(counts[name]['spans'])} spans</span>"
        parts.append(details(head, content))
    return "".join(parts)


def losers(report: Report[P], size: float) -> str:
    """The articles that lost most."""
    items = [one for _, one in report.first.losers.items()]
    if not items:
        return "<p>No article lost anything.</p>"
    rows = [
        (
            f"<bdi>{clipped(one.article)}</bdi>",
            percent(one.removed / one.characters) + bar(one.removed / one.characters),
            "" if one.site == report.no_site else f"<bdi>{clipped(one.site, 60)}</bdi>",
            _language(one.language),
            number(one.removed),
            number(one.characters),
        )
        for one in items[: max(10, round(len(items) * size))]
    ]
    columns = (
        *(Column("Article", False), Column("Share gone"), Column("Site", False), Column("Language", False)),
        *(Column("Characters gone"), Column("of")),
    )
    return table("By characters lost times share lost", columns, rows)


def errors(report: Report[P]) -> str:
    """The articles that failed, by kind."""
    counts = report.errors.counts
    if not counts:
        return "<p>No article failed.</p>"
    kinds = sorted(counts, key=lambda kind: (-counts[kind], kind))
    rows = kinds[:ERROR_ROWS]
    parts = [
        table(
            "Articles that failed, by kind of error",
            (Column("Kind", False), Column("Articles")),
            [(clipped(kind), number(counts[kind])) for kind in rows],
        ),
        _more(len(kinds), len(rows), "kinds"),
    ]
    for kind in rows:
        said = "".join(
            f"<li><bdi>{clipped(article)}</bdi>: <bdi>{clipped(message, 300)}</bdi></li>"
            for _, (article, message) in report.errors.some[kind].items()
        )
        parts.append(details(f"<b>{clipped(kind)}</b> <span class=soft>some by name</span>", f"<ul>{said}</ul>"))
    return "".join(parts)


def about(report: Report[P]) -> str:
    """Inputs, options and versions of the run, and what was left out."""
    summary = report.summary
    rows: list[tuple[str, str]] = []
    for name in summary.get("inputs", [])[:20]:
        rows.append(("Input", f"<bdi>{clipped(str(name), 200)}</bdi>"))
    for part in ("options", "digests", "versions"):
        for name, value in sorted(dict(summary.get(part, {})).items()):
            if value not in (None, False, [], ""):
                rows.append((f"{part.rstrip('s').capitalize()}: {safe(name)}", clipped(str(value), 200)))
    for why, files in dict(summary.get("not_taken", {})).items():
        rows.append((f"Files not taken: {safe(why)}", number(files["files"])))
    for name, counts in list(dict(summary.get("left_out", {})).items())[:20]:
        said = ", ".join(f"{number(count)} {safe(why)}" for why, count in counts.items())
        rows.append((f"Left out of <bdi>{clipped(name)}</bdi>", said))
    return table("What the run was told, and what it was made with", (Column("What", False), Column("Is", False)), rows)
