"""The lines that a walk through a page writes: the text of each, its place, and the elements around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.article.markup import Image
from cleaner.article.model import Paragraph, Span
from cleaner.reading.elements import HEADINGS
from cleaner.reading.emphasis import emphases
from cleaner.reading.furnishing import cells_of, links_of

_NOTHING = " \u200b\u200c\u200d\u2060\ufeff\u00ad\ufffc|"
"""Matches what is no text by itself: characters without width, and separators of cells."""
_HEADINGS_KEPT = 50


class Frame(NamedTuple):
    """An element around the current place of the walk."""

    parent: Frame | None
    depth: int
    tag: str
    path: str
    classes: tuple[str, ...]
    line: bool
    within: tuple[int, ...]
    item: int
    """The number of the list item whose mark its first line would carry; 0 if there is none."""


@dataclass(slots=True)
class Marks:
    """What is known about the parts of a line, by their numbers."""

    emphasised: list[tuple[int, str]] = field(default_factory=list)
    """Emphasised parts, and how they are marked."""
    linked: list[tuple[int, str]] = field(default_factory=list)
    """Parts in links, and their targets."""
    wishing: list[tuple[int, str]] = field(default_factory=list)
    """Parts that a wish of the user's matches, and its mark."""
    cells: list[list[int]] = field(default_factory=list)
    """The cells of the row: columns, rows, and whether each has text."""


@dataclass(slots=True)
class Written:
    """The lines of a page so far. Joined, ``lines`` are its text of ``length`` characters."""

    lines: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    """The numbers of the list items that already carry their mark."""
    outer: dict[int, int] = field(default_factory=dict)
    """For each list item the one around it."""
    length: int = 0
    images: list[Image] = field(default_factory=list)
    wished: list[tuple[Span, str]] = field(default_factory=list)
    """The spans of texts that wishes of the user's match, each with the mark of its wish."""

    def add(
        self,
        parts: list[str],
        links: list[str],
        marks: Marks,
        first: Frame,
        low: int,
        *,
        pre: bool = False,
    ) -> None:
        """Write a line of these parts, unless they are only white space.

        ``links``: the parts in links. ``first``: the frame in which the line began. ``low``: the depth of the innermost
        frame around the whole line. ``pre``: whether white space within the line stays.
        """
        joined = parts[0] if len(parts) == 1 else "".join(parts)
        text = joined.rstrip() if pre else " ".join(joined.split())
        if text.endswith(" |"):
            text = text[:-2]
        if not text or not (text[0].isalnum() or text.strip(_NOTHING)):
            return
        frame = first
        while frame.depth > low and frame.parent is not None:
            frame = frame.parent
        holder = frame
        while not holder.line and holder.parent is not None:
            holder = holder.parent
        bullet = ""
        item = holder.item
        if item:
            while item in self.marked:
                item = self.outer[item]
            if item:
                self.marked.add(item)  # only the first line of an item carries its mark
                bullet = "- "
        if holder.tag in HEADINGS and len(self.headings) < _HEADINGS_KEPT:
            self.headings.append(text)
        start = base = self.length
        if start:
            start = base = start + 1
            self.lines.append("\n")
        if bullet:
            base += 2
            text_start = start
            self.lines.append(bullet)
        elif pre:
            text_start = start + len(text) - len(text.lstrip())
        else:
            text_start = start
        self.lines.append(text)
        self.length = end = base + len(text)
        linked = 0
        if links:
            linked = len(text) if links == parts and not pre else min(len(" ".join("".join(links).split())), len(text))
        line = own = Span(text_start, end)
        if base != text_start:
            own = Span(base, end)
        if marks.wishing:
            self._wish(parts, marks.wishing, line, base, pre=pre)
        emphasis = tuple(emphases(parts, marks.emphasised, base)) if marks.emphasised and not pre else ()
        self.paragraphs.append(
            Paragraph(
                line,
                holder.path,
                frame.classes,
                linked,
                holder.within,
                emphasis,
                links_of(parts, marks.linked, own, linked) if marks.linked and not pre else (),
                cells_of(marks.cells) if marks.cells else (),
            )
        )

    def _wish(self, parts: list[str], wishing: list[tuple[int, str]], line: Span, base: int, *, pre: bool) -> None:
        """Record the places in a line of the parts that wishes match. A line of code matches as a whole or not at
        all."""
        about = dict(wishing)
        texts = [number for number, part in enumerate(parts) if part.strip() and part != " | "]
        marks = {about.get(number, "") for number in texts}
        if len(marks) == 1:
            self.wished.append((line, marks.pop()))
        elif not pre:
            self.wished += [(each.span, each.mark) for each in emphases(parts, wishing, base)]
