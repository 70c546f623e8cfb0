"""One article as a page: what was cut, struck and coloured by category, and at a touch why. It loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaner.article.model import CATEGORIES, Cleaned, Decision, Removed
from cleaner.reporting.markup import details, number, percent, safe
from cleaner.reporting.page import POLICY
from cleaner.reporting.style import CSS

HUES: tuple[int, ...] = (0, 25, 45, 130, 210, 280, 260, 320, 190, 85, 105, 170, 230, 60, 300, 15)
"""The hue of each category, in their order; the same as in the page of ``cleaner review``."""

_STYLE = (
    ":root{--sat:70%;--back:92%;--fore:21%}"
    "@media(prefers-color-scheme:dark){:root{--sat:45%;--back:19%;--fore:86%}}"
    "@media print{:root{--sat:70%;--back:92%;--fore:21%}}"
    ".line{white-space:pre-wrap;unicode-bidi:plaintext;margin:0 0 .35rem;max-width:50rem}"
    "del,.tag{background:hsl(var(--hue) var(--sat) var(--back));color:hsl(var(--hue) var(--sat) var(--fore));"
    "border-radius:.2rem;padding:.05rem .2rem}.tag{font-size:.85rem;font-weight:600}"
    ".near{text-decoration:underline dotted 2px hsl(var(--hue) 60% 50%)}"
    "main details{border:0;margin:0 0 .5rem;font-size:.9rem;max-width:50rem}main summary{padding:.1rem 0}"
    "main details p{margin:.15rem 0 .15rem 1rem}"
    + "".join(f".c{place}{{--hue:{hue}}}" for place, hue in enumerate(HUES))
)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    span: Removed | Decision

    @property
    def gone(self) -> bool:
        """Whether it was cut."""
        return isinstance(self.span, Removed)


def page(cleaned: Cleaned, abouts: Mapping[str, str], hidden: int = 0) -> str:
    """The page. ``abouts`` says for a rule's id what the rule finds; ``hidden``: claims that are left out."""
    article = cleaned.article
    gone = sum(span.end - span.start for span in cleaned.removed)
    language = "language not known" if article.language == "und" else f"language {safe(article.language)}"
    parts = [
        *(language, f"{number(len(article.text))} characters"),
        f"{percent(gone / len(article.text) if article.text else 0.0)} cut in {number(len(cleaned.removed))} spans",
        f"{number(len(cleaned.kept))} nearly cut",
    ]
    name = safe(article.title or article.id or "standard input")
    more = f"<p class=soft>{number(hidden)} claims far below their thresholds are left out.</p>" if hidden else ""
    body = "".join(_lines(cleaned, abouts)) if article.text.strip() else "<p>There is nothing in this article.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name} – cleaner</title><style>{CSS}{_STYLE}</style></head><body>"
        f"<header><h1><bdi>{name}</bdi></h1><p class=soft>{' · '.join(parts)}</p>{more}</header>"
        f'<main><section aria-label="The article, what was cut struck out">{body}</section></main>'
        "<footer><p>Made by <code>cleaner explain --html</code>.</p></footer></body></html>\n"
    )


def _lines(cleaned: Cleaned, abouts: Mapping[str, str]) -> list[str]:
    text = cleaned.article.text
    spans: list[Removed | Decision] = [*cleaned.removed, *cleaned.kept]
    marks = sorted((_Mark(span.start, span.end, span) for span in spans), key=lambda mark: (mark.start, mark.end))
    found = []
    start = first = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        while first < len(marks) and marks[first].end <= start:
            first += 1
        here = []
        for mark in marks[first:]:
            if mark.start > end:
                break
            if mark.end > start:
                here.append(mark)
        found.append(f'<p class="line" dir="auto">{_line(text, start, end, here)}</p>' if end > start else "")
        # A span that goes on in the next line is told of where it ends.
        ending = [mark for mark in here if mark.end <= end + 1 or not text[end : mark.end].strip()]
        found += [_note(mark, abouts) for mark in ending if mark.start < end or end == start]
        start = end + 1
    return found


def _line(text: str, start: int, end: int, marks: Sequence[_Mark]) -> str:
    edges = sorted({start, end, *(e for mark in marks for e in (mark.start, mark.end) if start < e < end)})
    parts = []
    for left, right in pairwise(edges):
        over = [mark for mark in marks if mark.start < right and mark.end > left]
        best = next((mark for mark in over if mark.gone), over[0] if over else None)
        piece = safe(text[left:right])
        if best is None:
            parts.append(piece)
        else:
            kind = _class(best.span.category)
            tag = f'del class="{kind}"' if best.gone else f'span class="near {kind}"'
            parts.append(f"<{tag}>{piece}</{tag.split()[0]}>")
    return "".join(parts)


def _class(category: str) -> str:
    return f"c{CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES) - 1}"


def _note(mark: _Mark, abouts: Mapping[str, str]) -> str:
    span = mark.span
    rule = span.rule or span.detector
    head = (
        f'{"cut" if mark.gone else "kept"} <span class="tag {_class(span.category)}">{safe(span.category)}</span> '
        f"<span class=soft>score {span.score:.2f}</span>"
    )
    told = [f"<p><code>{safe(rule)}</code>: {safe(span.reason)}</p>"]
    if rule in abouts:
        told.append(f"<p>{safe(abouts[rule])}</p>")
    return details(head, "".join(told))
