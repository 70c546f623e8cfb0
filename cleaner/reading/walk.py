"""The walk through a tree, without recursion: lines of text, and where each stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree, html

from cleaner.model import Image, Paragraph, Span
from cleaner.reading.elements import (
    BLOCK,
    BOLD_BIT,
    BREAK_BIT,
    CELL_BIT,
    CODE_BIT,
    HEADINGS,
    ITALIC_BIT,
    KINDS,
    LINE_BIT,
    LINK_BIT,
    PRE_BIT,
    ROW_BIT,
    UNSEEN,
    UNSEEN_BIT,
)
from cleaner.reading.emphasis import emphases
from cleaner.reading.furnishing import IMAGES, cells_of, image_of, links_of, size
from cleaner.reading.hidden import HIDERS, Groups, never_shown, opens, show
from cleaner.reading.wishes import MARK, keeps

_WHOLE = frozenset(("html", "body", "main", "article"))
"""Elements whose hiding is a trick of the page's script (fade in, AMP), not a wish that nobody reads them."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = " \u200b\u200c\u200d\u2060\ufeff\u00ad\ufffc"
_NAMES = frozenset(("id", "role", "itemprop", "data-testid"))
"""The attributes, beside ``class``, by which an element is named."""
_MARKS = frozenset(("id", "name", "class"))
"""The attributes of an ``<a>`` that only marks a place."""
LONGEST = 300
"""Characters of an element's names that are kept: some pages write their whole style sheet into them."""
ROW = 600
"""Characters of a table row from which on its cells are laid out, not tabled: each is read by itself."""

PATH, DEEP = 400, 16
"""Characters of a path and elements around a block that are kept, the innermost ones: on pages of absurd depth all of
them would fill the memory."""


_NAME, _HIDER, _WISH = 1, 2, 3
_ASKED = dict.fromkeys(("class", *_NAMES), _NAME) | dict.fromkeys(HIDERS, _HIDER) | {MARK: _WISH}
_IN_ITEM = frozenset(("p", "div", "span", "a", "li", "label", "strong"))
_NOTHING = _INVISIBLE + "|"


class _Frame(NamedTuple):
    """An element around the place where the walk is."""

    parent: _Frame | None
    depth: int
    tag: str
    path: str
    classes: tuple[str, ...]
    line: bool
    within: tuple[int, ...]
    item: int
    """The number of the list item that its first line would carry the mark of; 0 if there is none."""


@dataclass(slots=True)
class Walk:
    """The lines of a tree, once it has ``run``. ``hidden``: read what is hidden too, dialogs and the like aside."""

    groups: Groups
    hidden: bool
    lines: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    emphasised: list[tuple[int, str]] = field(default_factory=list)
    """The parts of the line so far that are emphasised, by their number, and how."""
    marked: set[int] = field(default_factory=set)
    """The numbers of the list items that carry their mark already."""
    outer: dict[int, int] = field(default_factory=dict)
    """For each list item the one around it."""
    length: int = 0
    closed: int = 0
    hidden_chars: int = 0
    """How many elements are hidden and left out, and the characters in them; then what was opened."""
    opened: int = 0
    opened_chars: int = 0
    linked: list[tuple[int, str]] = field(default_factory=list)
    """The parts of the line so far that lead elsewhere, by their number, and where."""
    cells: list[list[int]] = field(default_factory=list)
    """The cells of the row so far: columns, rows, and whether text stands in it."""
    images: list[Image] = field(default_factory=list)
    wishing: list[tuple[int, str]] = field(default_factory=list)
    wished: list[tuple[Span, str]] = field(default_factory=list)
    """The parts of the line so far that a wish of the user's is about, by their number, and its mark; then their
    places."""

    # One loop over every element of a page, with its dozen states in local variables: of all code here it runs most
    # often. Two of its steps made functions (names of an element, taking of text) cost 2 % of the walk (0 to 5 %, over
    # 40 pages); how much a split of all would cost is not measured.
    def run(self, root: html.HtmlElement) -> None:  # noqa: C901
        """Walks the tree once. ``parts`` is the line so far, ``first`` the frame where it began."""
        stack: list[tuple[_Frame, int, str]] = []
        frame = _Frame(None, 0, "", "", (), True, (), 0)
        parts: list[str] = []
        links: list[str] = []
        first = frame
        low = 0  # depth of the innermost frame that holds all of the line
        pending = 0  # like low, since the last text
        numbers = in_link = in_row = in_pre = italic = bold = code = 0
        target = ""  # where the link around leads
        link_left = False  # whether a link ended, and nothing stood after it
        wish = ""  # the mark of the innermost wish around
        wishes: list[tuple[int, str]] = []  # depths of the elements that wishes are about, and the wish around each
        kinds, asked, flush, new = KINDS.get, _ASKED.get, self._flush, _Frame._make
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            start = event == "start"
            if start:
                tag = element.tag
                kind = kinds(tag, 0)
                stack.append((frame, kind, tag))
                own = ""
                hidden = kind & UNSEEN_BIT
                if not hidden:
                    for name in element.keys():  # noqa: SIM118 - not a dict; `items` looks each value up from the first
                        what = asked(name)
                        if what is None:
                            continue
                        value = element.get(name)
                        if what == _NAME:
                            own = f"{own} {value}" if own else value
                        elif what == _WISH:
                            wishes.append((len(stack), wish))
                            wish = value
                        elif self._hides(tag, name, value):
                            hidden = 1
                    if hidden:
                        hidden = self._closed(element)
                if hidden:
                    # Its end comes all the same, and must close nothing that was not opened here.
                    stack[-1] = (frame, kind & (LINE_BIT | CELL_BIT), tag)
                    events.skip_subtree()
                    continue
                if tag in IMAGES and (image := image_of(element, len(self.paragraphs), frame.path, frame.within)):
                    self.images.append(image)
                text = element.text
                if not kind:  # most elements within a line
                    if own:
                        _, depth, _, path, classes, _, within, item = frame
                        if tag not in _IN_ITEM:
                            item = 0
                        frame = new((frame, depth + 1, tag, path, (*classes, own[:LONGEST]), False, within, item))
                else:
                    line = kind & LINE_BIT
                    if line:
                        if in_row and kind & CELL_BIT:
                            if parts and parts[-1] != " | ":
                                parts.append(" | ")
                            self.cells.append([size(element, "colspan"), size(element, "rowspan"), 0])
                            line = 0
                        elif parts:
                            flush(parts, links, first, low)
                            parts, links = [], []
                        link_left = False
                    elif kind & BREAK_BIT:
                        if in_row:
                            parts.append(" ")
                        elif parts:
                            flush(parts, links, first, low)
                            parts, links = [], []
                    if line or own:
                        _, depth, _, path, classes, _, within, item = frame
                        if own:
                            classes = (*classes, own[:LONGEST])
                        if line:
                            numbers += 1
                            path = f"{path[-PATH:]}.{tag}" if path else tag
                            within = (*within[1 - DEEP :], numbers)
                        if tag == "li":
                            self.outer[numbers] = item
                            item = numbers
                        elif tag not in _IN_ITEM:
                            item = 0
                        frame = new((frame, depth + 1, tag, path, classes, line > 0, within, item))
                    if kind & LINK_BIT and not _leads(element, frame):
                        stack[-1] = (stack[-1][0], kind & ~LINK_BIT, tag)
                    elif kind & LINK_BIT:
                        in_link += 1
                        target = element.get("href") or ""
                        if link_left and parts:
                            parts.append(" ")
                    elif kind & ROW_BIT and not in_row:
                        in_row = _is_row(element)
                    elif kind & PRE_BIT:
                        in_pre += 1
                    elif kind & ITALIC_BIT:
                        italic += 1
                    elif kind & BOLD_BIT:
                        bold += 1
                    elif kind & CODE_BIT:
                        code += 1
            else:
                if wishes and wishes[-1][0] == len(stack):
                    wish = wishes.pop()[1]
                frame, kind, tag = stack.pop()
                if pending > frame.depth:
                    pending = frame.depth
                if kind:
                    if kind & LINE_BIT:
                        if in_row and kind & CELL_BIT:
                            pass
                        elif parts:
                            flush(parts, links, first, low, pre=kind & PRE_BIT > 0)
                            parts, links = [], []
                        if kind & ROW_BIT:
                            in_row = 0
                        elif kind & PRE_BIT:
                            in_pre -= 1
                    if kind & LINK_BIT and in_link:
                        in_link -= 1
                        link_left = True
                    elif kind & ITALIC_BIT and italic:
                        italic -= 1
                    elif kind & BOLD_BIT and bold:
                        bold -= 1
                    elif kind & CODE_BIT and code:
                        code -= 1
                text = element.tail
            if not text:
                continue
            if text.isspace():
                if parts:
                    parts.append(" ")
                    link_left = False
                continue
            if in_pre and not in_row and "\n" in text:
                for number, piece in enumerate(text.split("\n")):
                    if number and parts:
                        flush(parts, links, first, low, pre=True)
                        parts, links = [], []
                    if piece.strip():
                        first, low = (frame, frame.depth) if not parts else (first, low)
                        parts.append(piece)
                        if wish:
                            self.wishing.append((len(parts) - 1, wish))
                continue
            depth = frame.depth
            if not parts:
                first, low = frame, depth
            else:
                low = min(low, pending, depth)
                if start and _runs_together(parts[-1], text):
                    parts.append(" ")
            pending = depth
            parts.append(text)
            if italic or bold or code:
                self.emphasised.append((len(parts) - 1, "`" if code else ("***" if italic else "**") if bold else "*"))
            if in_link:
                links.append(text)
                if target:
                    self.linked.append((len(parts) - 1, target))
            if in_row and self.cells:
                self.cells[-1][2] = 1
            if wish:
                self.wishing.append((len(parts) - 1, wish))
            link_left = False
        if parts:
            self._flush(parts, links, first, low)

    def _hides(self, tag: str, name: str, value: str) -> bool:
        """Whether an attribute hides an element, on purpose."""
        if tag in _WHOLE:
            return False
        if name == "style":
            return _HIDING.search(value) is not None
        if name == "hidden":
            return value != "until-found"
        # Screen readers pass over decoration: of words that is counters and doubles, mostly in elements of their own.
        return value == "true" and tag in BLOCK and tag != "p"

    def _closed(self, element: html.HtmlElement) -> bool:
        """Whether a hidden element stays closed."""
        length = len(" ".join("".join(element.itertext()).split()))
        if length:
            if keeps(element) or (self.hidden and not never_shown(element, self.groups)):
                return False
            if opens(element, self.groups):
                self.opened += 1
                self.opened_chars += length
                show(element)
                return False
            self.closed += 1
            self.hidden_chars += length
        return True

    def _flush(self, parts: list[str], links: list[str], first: _Frame, low: int, *, pre: bool = False) -> None:
        emphasised, wishing, leading, cells = self.emphasised, self.wishing, self.linked, self.cells
        if emphasised or wishing or leading or cells:
            self.emphasised, self.wishing, self.linked, self.cells = [], [], [], []
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
        if holder.tag in HEADINGS and len(self.headings) < 50:
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
        if wishing:
            self._wish(parts, wishing, Span(text_start, end), base, pre=pre)
        emphasis = tuple(emphases(parts, emphasised, base)) if emphasised and not pre else ()
        self.paragraphs.append(
            Paragraph(
                Span(text_start, end),
                holder.path,
                frame.classes,
                linked,
                holder.within,
                emphasis,
                links_of(parts, leading, Span(base, end), linked) if leading and not pre else (),
                cells_of(cells) if cells else (),
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


def _is_row(row: html.HtmlElement) -> int:
    """Whether a table row holds two or more cells of data, to be read as one line."""
    cells = 0
    for element in row.iter():
        tag = element.tag
        if tag in ("td", "th"):
            cells += 1
        elif (tag in BLOCK and tag not in ("tr", "div", "p", "center")) or tag in UNSEEN:
            return 0
    return int(cells > 1 and len(row.xpath("string()")) <= ROW)


def _leads(link: html.HtmlElement, frame: _Frame) -> bool:
    """Whether an ``<a>`` leads somewhere: it may only mark a place, or be a heading's link to itself."""
    href = link.get("href")
    if href is None:
        return len(link.attrib) > sum(name in link.attrib for name in _MARKS)
    if len(href) < 2 or href[0] != "#":
        return True
    while not frame.line and frame.parent is not None:
        frame = frame.parent
    return frame.tag not in HEADINGS


def _runs_together(before: str, after: str) -> bool:
    """Whether two texts of neighbouring elements are two words, though no space stands between them.

    Pages keep such words apart by style. "The" after "by" is a new word, "rchive" after "A" is not.
    """
    last = before[-1]
    return after[0].isupper() and (last.islower() or last.isdigit() or last in ".:!?")
