"""The lines that a walk through a page writes: the text of each, where it is, and in which elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.article.markup import Image
from cleaner.article.model import Paragraph, Span
from cleaner.reading.elements import HEADINGS
from cleaner.reading.emphasis import emphases
from cleaner.reading.furnishing import cells_of, links_of

_NOTHING = " \u200b\u200c\u200d\u2060\ufeff\u00ad\ufffc|"
"""What is no text by itself: characters without width, and what separates cells."""
_HEADINGS_KEPT = 50


class Frame(NamedTuple):
    """An element around the place where the walk is."""

    parent: Frame | None
    depth: int
    tag: str
    path: str
    classes: tuple[str, ...]
    line: bool
    within: tuple[int, ...]
    item: int
    """The number of the list item that its first line would carry the mark of; 0 if there is none."""


@dataclass(slots=True)
class Marks:
    """What is known of the parts of a line, each by its number."""

    emphasised: list[tuple[int, str]] = field(default_factory=list)
    """Parts that are emphasised, and how."""
    linked: list[tuple[int, str]] = field(default_factory=list)
    """Parts that lead elsewhere, and where."""
    wishing: list[tuple[int, str]] = field(default_factory=list)
    """Parts that a wish of the user's is about, and its mark."""
    cells: list[list[int]] = field(default_factory=list)
    """The cells of the row: columns, rows, and whether text is in it."""


@dataclass(slots=True)
class Written:
    """The lines of a page so far. ``lines`` joined are its text, of ``length`` characters."""

    lines: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    """The numbers of the list items that carry their mark already."""
    outer: dict[int, int] = field(default_factory=dict)
    """For each list item the one around it."""
    length: int = 0
    images: list[Image] = field(default_factory=list)
    wished: list[tuple[Span, str]] = field(default_factory=list)
    """Where texts are that wishes of the user's are about, each with the mark of its wish."""

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
        """A line of these parts, unless they are nothing but white space.

        ``links``: the parts that are in links. ``first``: the frame where the line began; ``low``: the depth of the
        innermost frame around all of it. ``pre``: white space within the line stays.
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
        """Notes where in a line the parts stand that wishes are about. Of a line of code it is all or nothing."""
        about = dict(wishing)
        texts = [number for number, part in enumerate(parts) if part.strip() and part != " | "]
        marks = {about.get(number, "") for number in texts}
        if len(marks) == 1:
            self.wished.append((line, marks.pop()))
        elif not pre:
            self.wished += [(each.span, each.mark) for each in emphases(parts, wishing, base)]
