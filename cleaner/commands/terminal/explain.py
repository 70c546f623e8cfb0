"""One article as a terminal shows it: what was cut, struck and coloured by category, and below each line why.

Without colours the cut stands in ``[-…-]`` and what was nearly cut in ``[?…?]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cleaner.article.model import Cleaned, Decision, Evidence, Removed
from cleaner.commands.terminal.text import BOLD, DIM, STRIKE, UNDERLINE, cells, color_of, count, paint, share, visible

# A word with the space after it; in scripts without spaces every character may begin a line.
_WORDS = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]\s*|[^\s\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]+\s*|\s+")  # fmt: skip  # noqa: E501
_LINES = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|$)")


@dataclass(frozen=True, slots=True)
class Look:
    """How to show it: columns to a line (0: don't wrap), and whether there are colours."""

    width: int
    color: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    removed: bool
    category: str
    why: str
    more: str


FAR = 0.5
"""A claim of at most this share of its threshold is far below it."""

_JUSTEXT = {
    "bad": "reads unlike prose",
    "short": "too short to tell",
    "neargood": "reads somewhat like prose",
    "good": "reads like prose",
}
"""jusText's classes in words."""


def what_matters(cleaned: Cleaned, thresholds: Mapping[str, float]) -> tuple[Cleaned, int]:
    """The article without claims that are far below their thresholds, and how many those are.

    What was kept for another reason than its score stays: somebody may have lost it but for that.
    """
    near = tuple(
        one
        for one in cleaned.kept
        if not one.reason.startswith("under the threshold") or one.score > FAR * thresholds.get(one.category, 0.5)
    )
    return replace(cleaned, kept=near), len(cleaned.kept) - len(near)


def explain(cleaned: Cleaned, abouts: Mapping[str, str], look: Look, hidden: int = 0) -> Iterator[str]:
    """The lines to show. ``abouts`` says for a rule's id what the rule finds; ``hidden``: claims that are left out."""
    text = cleaned.article.text
    yield paint(_head(cleaned), [BOLD], look.color)
    if hidden:
        yield paint(f"{count(hidden, 'claim')} far below the threshold not shown; --all shows them", [DIM], look.color)
    if not text.strip():
        yield "There is nothing in this article."
        return
    yield ""
    marks = _marks(cleaned, abouts)
    shown = visible(text)
    first = 0
    for line in _LINES.finditer(text):
        start, end = line.span()
        while first < len(marks) and marks[first].end <= start:
            first += 1
        here = [mark for mark in _from(marks, first, end) if mark.end > start]
        body = start + len(line.group().rstrip("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
        if start == end == len(text) and not here:
            break
        for row_start, row_end in _rows(shown, start, body, look):
            yield _row(shown, row_start, row_end, here, look)
        for mark in here:
            if mark.end <= end:
                yield from _note(mark, look)


def _from(marks: Sequence[_Mark], first: int, end: int) -> Iterator[_Mark]:
    for number in range(first, len(marks)):
        if marks[number].start >= end:
            return
        yield marks[number]


def _head(cleaned: Cleaned) -> str:
    article = cleaned.article
    gone = sum(span.end - span.start for span in cleaned.removed)
    return " · ".join(
        (
            visible(article.id) or "standard input",
            "language unknown" if article.language == "und" else f"language {article.language}",
            count(len(article.text), "character"),
            f"{count(len(cleaned.removed), 'span')} cut ({share(gone, len(article.text) or 1)})",
            f"{len(cleaned.kept):,} nearly cut",
        )
    )


def _marks(cleaned: Cleaned, abouts: Mapping[str, str]) -> list[_Mark]:
    text = cleaned.article.text
    marks = []
    spans: list[Removed | Decision] = [*cleaned.removed, *cleaned.kept]
    for span in spans:
        # The white space at the ends went too, but a strike through blank lines says nothing.
        body = text[span.start : span.end]
        start, end = span.start, span.end
        if body.strip():
            start, end = start + len(body) - len(body.lstrip()), start + len(body.rstrip())
        marks.append(_Mark(start, end, isinstance(span, Removed), span.category, _why(span), _more(span, abouts)))
    return sorted(marks, key=lambda mark: (mark.start, mark.end))


def _why(span: Removed | Decision) -> str:
    return visible(f"{span.rule or span.detector} · score {span.score:.2f} · {span.reason}")


def _more(span: Removed | Decision, abouts: Mapping[str, str]) -> str:
    """What the rule finds, and what was seen, if that is known."""
    parts = [abouts[span.rule]] if span.rule in abouts else []
    if isinstance(span, Decision):
        seen = dict.fromkeys(_told(evidence) for finding in span.findings for evidence in finding.evidence)
        parts += [f"Seen: {'; '.join(seen)}"] if seen else []
    return visible(" ".join(parts))


def _told(evidence: Evidence) -> str:
    """What was seen, in words. jusText's are ``bad (by itself short)``: what it says, and what without neighbours."""
    match = _CLASSES.fullmatch(evidence.text) if evidence.kind == "jusText" else None
    if match is None:
        return evidence.text
    among, alone = (_JUSTEXT.get(name, name) for name in match.groups())
    return f"jusText: {among}" if among == alone else f"jusText: {among} (by itself {alone})"


_CLASSES = re.compile(r"(\w+) \(by itself (\w+)\)")


def _note(mark: _Mark, look: Look) -> Iterator[str]:
    color = [color_of(mark.category)]
    head = f"  └ {'cut' if mark.removed else 'kept'} "
    first = True
    for row in _wrapped(f"{mark.category} · {mark.why}", look, len(head)):
        if first and row.startswith(mark.category):
            row = paint(mark.category, [*color, BOLD], look.color) + row[len(mark.category) :]
        yield (paint(head, color, look.color) if first else " " * len(head)) + row
        first = False
    for row in _wrapped(mark.more, look, 4):
        yield "    " + paint(row, [DIM], look.color)


def _wrapped(text: str, look: Look, indent: int) -> Iterator[str]:
    narrow = Look(max(40, look.width - indent) if look.width else 0, look.color)
    for start, end in _rows(text, 0, len(text), narrow) if text else ():
        yield text[start:end].rstrip()


def _rows(text: str, start: int, end: int, look: Look) -> Iterator[tuple[int, int]]:
    """The part of a text from ``start`` to ``end`` as rows no wider than the terminal."""
    if not look.width or cells(text[start:end]) <= look.width:
        yield start, end
        return
    row, used = start, 0
    for word in _WORDS.finditer(text, start, end):
        wide = cells(word.group().rstrip())
        if used and used + wide > look.width:
            yield row, word.start()
            row, used = word.start(), 0
        while wide > look.width and row + 1 < word.end():  # a word that no row holds is broken anywhere
            at = min(row + look.width, word.end())
            while at > row + 1 and cells(text[row:at]) > look.width:
                at -= 1
            yield row, at
            row = at
            wide = cells(text[row : word.end()].rstrip())
        used += cells(text[max(row, word.start()) : word.end()])
    if row < end:
        yield row, end


def _row(text: str, start: int, end: int, marks: Sequence[_Mark], look: Look) -> str:
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    if not here:
        return text[start:end].rstrip()
    edges = sorted({start, end, *(edge for mark in here for edge in (mark.start, mark.end) if start < edge < end)})
    parts = []
    for left, right in pairwise(edges):
        over = [mark for mark in here if mark.start < right and mark.end > left]
        cut = next((mark for mark in over if mark.removed), None)
        kept = next((mark for mark in over if not mark.removed), None)
        piece = text[left:right]
        if cut and look.color:
            piece = paint(piece, [STRIKE, color_of(cut.category)], True)
        elif kept and look.color:
            piece = paint(piece, [UNDERLINE, color_of(kept.category)], True)
        elif cut:
            piece = _bracketed(piece, "-", left in (cut.start, start), right in (cut.end, end))
        elif kept:
            piece = _bracketed(piece, "?", left in (kept.start, start), right in (kept.end, end))
        parts.append(piece)
    return "".join(parts).rstrip()


def _bracketed(text: str, sign: str, opens: bool, closes: bool) -> str:
    body = text.rstrip() if closes else text
    if not body:
        return text
    return f"[{sign}" * opens + body + f"{sign}]" * closes + text[len(body) :]
