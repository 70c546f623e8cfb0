"""The blocks of a tree: their text, joined by line breaks, and where each stands. Without recursion."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree, html

from cleaner.model import Emphasis, Paragraph, Span

BLOCK = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol",
    "optgroup", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "video", "audio", "iframe", "object", "amp-sidebar",
))  # fmt: skip
"""Elements that begin and end a line."""
UNSEEN = frozenset((
    "script", "style", "template", "noscript", "noframes", "svg", "canvas", "select", "datalist", "textarea",
    "input", "map", "area", "rp", "param", "source", "track", "embed", "object", "iframe", "video", "audio",
    "applet", "annotation", "annotation-xml", "title", "meta", "link", "base",
))  # fmt: skip
"""Elements that hold nothing a reader reads."""
ITALIC, BOLD = frozenset(("em", "i")), frozenset(("strong", "b"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WHOLE = frozenset(("html", "body", "main", "article"))
"""Elements whose hiding is a trick of the page's script (fade in, AMP), not a wish that nobody reads them."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = " \u200b\u200c\u200d\u2060\ufeff\u00ad\ufffc"
_NAMES = frozenset(("id", "role", "itemprop", "data-testid"))
"""The attributes, beside ``class``, by which an element is named."""
_HIDERS = frozenset(("style", "hidden", "aria-hidden"))
LONGEST = 300
"""Characters of an element's names that are kept: some pages write their whole style sheet into them."""
ROW = 600
"""Characters of a table row from which on its cells are laid out, not tabled: each is read by itself."""

PATH, DEEP = 400, 16
"""Characters of a path and elements around a block that are kept, the innermost ones: on pages of absurd depth all of
them would fill the memory."""


_LINE, _UNSEEN, _CELL, _BREAK, _LINK, _ROW, _PRE, _ITALIC, _BOLD = (1 << bit for bit in range(9))
_KINDS: dict[str, int] = defaultdict(int)
for _kind, _tags in (
    (_LINE, BLOCK), (_UNSEEN, UNSEEN), (_CELL, ("td", "th")), (_BREAK, ("br",)), (_LINK, ("a",)), (_ROW, ("tr",)),
    (_PRE, ("pre",)), (_ITALIC, ITALIC), (_BOLD, BOLD),
):  # fmt: skip
    for _tag in _tags:
        _KINDS[_tag] |= _kind
_KINDS = dict(_KINDS)
"""What the walk asks of an element's name, in one look-up."""
_NAME, _HIDER = 1, 2
_ASKED = dict.fromkeys(("class", *_NAMES), _NAME) | dict.fromkeys(_HIDERS, _HIDER)
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
class Blocks:
    """The blocks of a page: ``text`` is all of them joined by line breaks."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: html.HtmlElement) -> Blocks:
        """The blocks of a tree. A page that hides more words than it shows is read with what it hides."""
        walk = _Walk(hidden=False)
        walk.run(root)
        notes: tuple[str, ...] = ()
        if walk.hidden_chars > walk.length:
            shown, walk = walk, _Walk(hidden=True)
            walk.run(root)
            if walk.length > 2 * shown.length:
                notes = ("most of the page is hidden until a script shows it: read all the same",)
            else:
                walk = shown
        return cls("".join(walk.lines), tuple(walk.paragraphs), tuple(walk.headings), notes)


@dataclass(slots=True)
class _Walk:
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
    hidden_chars: int = 0

    def run(self, root: html.HtmlElement) -> None:
        """Walks the tree once. ``parts`` is the line so far, ``first`` the frame where it began."""
        stack: list[tuple[_Frame, int, str]] = []
        frame = _Frame(None, 0, "", "", (), True, (), 0)
        parts: list[str] = []
        links: list[str] = []
        first = frame
        low = 0  # depth of the innermost frame that holds all of the line
        pending = 0  # like low, since the last text
        numbers = in_link = in_row = in_pre = italic = bold = 0
        link_left = False  # whether a link ended, and nothing stood after it
        kinds, asked, flush, new = _KINDS.get, _ASKED.get, self._flush, _Frame._make
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            start = event == "start"
            if start:
                tag = element.tag
                kind = kinds(tag, 0)
                stack.append((frame, kind, tag))
                own = ""
                hidden = kind & _UNSEEN
                if not hidden:
                    for name, value in element.items():
                        what = asked(name)
                        if what is None:
                            continue
                        if what == _NAME:
                            own = f"{own} {value}" if own else value
                        elif self._hides(tag, name, value):
                            hidden = 1
                if hidden:
                    if not kind & _UNSEEN:
                        self.hidden_chars += len("".join(element.itertext()).strip())
                    # Its end comes all the same, and must close nothing that was not opened here.
                    stack[-1] = (frame, kind & (_LINE | _CELL), tag)
                    events.skip_subtree()
                    continue
                text = element.text
                if not kind:  # most elements within a line
                    if own:
                        _, depth, _, path, classes, _, within, item = frame
                        if tag not in _IN_ITEM:
                            item = 0
                        frame = new((frame, depth + 1, tag, path, (*classes, own[:LONGEST]), False, within, item))
                else:
                    line = kind & _LINE
                    if line:
                        if in_row and kind & _CELL:
                            if parts and parts[-1] != " | ":
                                parts.append(" | ")
                            line = 0
                        elif parts:
                            flush(parts, links, first, low)
                            parts, links = [], []
                        link_left = False
                    elif kind & _BREAK:
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
                    if kind & _LINK:
                        in_link += 1
                        if link_left and parts:
                            parts.append(" ")
                    elif kind & _ROW and not in_row:
                        in_row = _is_row(element)
                    elif kind & _PRE:
                        in_pre += 1
                    elif kind & _ITALIC:
                        italic += 1
                    elif kind & _BOLD:
                        bold += 1
            else:
                frame, kind, tag = stack.pop()
                if pending > frame.depth:
                    pending = frame.depth
                if kind:
                    if kind & _LINE:
                        if in_row and kind & _CELL:
                            pass
                        elif parts:
                            flush(parts, links, first, low)
                            parts, links = [], []
                        if kind & _ROW:
                            in_row = 0
                        elif kind & _PRE:
                            in_pre -= 1
                    if kind & _LINK and in_link:
                        in_link -= 1
                        link_left = True
                    elif kind & _ITALIC and italic:
                        italic -= 1
                    elif kind & _BOLD and bold:
                        bold -= 1
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
            if italic or bold:
                self.emphasised.append((len(parts) - 1, ("***" if italic else "**") if bold else "*"))
            if in_link:
                links.append(text)
            link_left = False
        if parts:
            self._flush(parts, links, first, low)

    def _hides(self, tag: str, name: str, value: str) -> bool:
        """Whether an attribute hides an element, on purpose."""
        if self.hidden or tag in _WHOLE:
            return False
        if name == "style":
            return _HIDING.search(value) is not None
        if name == "hidden":
            return value != "until-found"
        # Screen readers pass over decoration: of words that is counters and doubles, mostly in elements of their own.
        return value == "true" and tag in BLOCK and tag != "p"

    def _flush(self, parts: list[str], links: list[str], first: _Frame, low: int, *, pre: bool = False) -> None:
        emphasised = self.emphasised
        if emphasised:
            self.emphasised = []
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
        emphasis = tuple(_emphasis(parts, emphasised, base)) if emphasised and not pre else ()
        self.paragraphs.append(
            Paragraph(Span(text_start, end), holder.path, frame.classes, linked, holder.within, emphasis)
        )


def _emphasis(parts: list[str], marks: list[tuple[int, str]], base: int) -> list[Emphasis]:
    """Where the marked parts stand in the line, whose white space is folded; ``base``: where the line stands."""
    by_part = dict(marks)
    result: list[Emphasis] = []
    length = 0
    space = False
    for number, part in enumerate(parts):
        folded = " ".join(part.split())
        if not folded:
            space = space or bool(part)
            continue
        start = length + (1 if length and (space or part[0].isspace()) else 0)
        length = start + len(folded)
        space = part[-1].isspace()
        mark = by_part.get(number)
        if mark is None:
            continue
        last = result[-1] if result else None
        if last and last.mark == mark and base + start - last.span.end <= 1 and by_part.get(number - 1, mark) == mark:
            result[-1] = Emphasis(Span(last.span.start, base + length), mark)
        else:
            result.append(Emphasis(Span(base + start, base + length), mark))
    return result


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


def _runs_together(before: str, after: str) -> bool:
    """Whether two texts of neighbouring elements are two words, though no space stands between them.

    Pages keep such words apart by style. "The" after "by" is a new word, "rchive" after "A" is not.
    """
    last = before[-1]
    return after[0].isupper() and (last.islower() or last.isdigit() or last in ".:!?")
