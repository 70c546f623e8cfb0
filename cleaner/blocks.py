"""The blocks of a tree: their text, joined by line breaks, and where each stands. Without recursion."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from cleaner.model import Paragraph, Span

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


class _Frame:
    """An element around the place where the walk is."""

    __slots__ = ("classes", "depth", "line", "list_item", "parent", "path", "tag", "within")

    def __init__(
        self, parent: _Frame | None, tag: str, path: str, classes: tuple[str, ...], line: bool, within: tuple[int, ...]
    ) -> None:
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.tag = tag
        self.path = path
        self.classes = classes
        self.line = line
        self.within = within
        self.list_item: bool = tag == "li"


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
    length: int = 0
    hidden_chars: int = 0

    def run(self, root: html.HtmlElement) -> None:
        """Walks the tree once. ``parts`` is the line so far, ``first`` the frame where it began."""
        stack: list[_Frame] = []
        frame = _Frame(None, "", "", (), True, ())
        parts: list[str] = []
        links: list[str] = []
        first = frame
        low = 0  # depth of the innermost frame that holds all of the line
        pending = 0  # like low, since the last text
        numbers = in_link = in_row = in_pre = 0
        link_left = False  # whether a link ended, and nothing stood after it
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            if event == "start":
                stack.append(frame)
                own = ""
                hidden = tag in UNSEEN
                if not hidden:
                    for name, value in element.items():
                        if name == "class" or name in _NAMES:
                            own = f"{own} {value}" if own else value
                        elif name in _HIDERS and self._hides(tag, name, value):
                            hidden = True
                if hidden:
                    if tag not in UNSEEN:
                        self.hidden_chars += len("".join(element.itertext()).strip())
                    events.skip_subtree()
                    continue
                line = tag in BLOCK
                if line:
                    if in_row and tag in ("td", "th"):
                        if parts and parts[-1] != " | ":
                            parts.append(" | ")
                        line = False
                    elif parts:
                        self._flush(parts, links, first, low)
                        parts, links = [], []
                    link_left = False
                elif tag == "br":
                    if in_row:
                        parts.append(" ")
                    elif parts:
                        self._flush(parts, links, first, low)
                        parts, links = [], []
                if line:
                    numbers += 1
                    frame = _Frame(
                        frame,
                        tag,
                        f"{frame.path[-PATH:]}.{tag}" if frame.path else tag,
                        (*frame.classes, own[:LONGEST]) if own else frame.classes,
                        True,
                        (*frame.within[1 - DEEP :], numbers),
                    )
                elif own:
                    frame = _Frame(frame, tag, frame.path, (*frame.classes, own[:LONGEST]), False, frame.within)
                if tag == "a":
                    in_link += 1
                    if link_left and parts:
                        parts.append(" ")
                elif tag == "tr" and not in_row:
                    in_row = _is_row(element)
                elif tag == "pre":
                    in_pre += 1
                text = element.text
            else:
                frame = stack.pop()
                pending = min(pending, frame.depth)
                if tag in BLOCK:
                    if in_row and tag in ("td", "th"):
                        pass
                    elif parts:
                        self._flush(parts, links, first, low)
                        parts, links = [], []
                    if tag == "tr":
                        in_row = 0
                    elif tag == "pre":
                        in_pre -= 1
                if tag == "a" and in_link:
                    in_link -= 1
                    link_left = True
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
                        self._flush(parts, links, first, low, pre=True)
                        parts, links = [], []
                    if piece.strip():
                        first, low = (frame, frame.depth) if not parts else (first, low)
                        parts.append(piece)
                continue
            if not parts:
                first, low = frame, frame.depth
            else:
                low = min(low, pending, frame.depth)
                if _runs_together(parts[-1], text, event):
                    parts.append(" ")
            pending = frame.depth
            parts.append(text)
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
        joined = "".join(parts)
        text = joined.rstrip() if pre else " ".join(joined.split())
        if text.endswith(" |"):
            text = text[:-2]
        if not text.strip(_INVISIBLE + "|"):
            return
        frame = first
        while frame.depth > low and frame.parent is not None:
            frame = frame.parent
        holder = frame
        while not holder.line and holder.parent is not None:
            holder = holder.parent
        item = holder
        while (
            item.parent is not None
            and not item.list_item
            and item.tag in ("p", "div", "span", "a", "li", "label", "strong")
        ):
            item = item.parent
        bullet = ""
        if item.list_item:
            item.list_item = False  # only the first line of an item carries its mark
            bullet = "- "
        if holder.tag in HEADINGS and len(self.headings) < 50:
            self.headings.append(text)
        start = self.length + (1 if self.length else 0)
        if self.length:
            self.lines.append("\n")
        self.lines.append(bullet + text)
        self.length = start + len(bullet) + len(text)
        indent = len(text) - len(text.lstrip())
        span = Span(start + (0 if bullet else indent), self.length)
        linked = min(len(" ".join("".join(links).split())), len(text)) if links else 0
        self.paragraphs.append(Paragraph(span, holder.path, frame.classes, linked, holder.within))


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


def _runs_together(before: str, after: str, event: str) -> bool:
    """Whether two texts of neighbouring elements are two words, though no space stands between them.

    Pages keep such words apart by style. "The" after "by" is a new word, "rchive" after "A" is not.
    """
    last, next_ = before[-1], after[0]
    return (last.islower() or last.isdigit() or last in ".:!?") and next_.isupper() and event == "start"
