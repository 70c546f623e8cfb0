"""A cleaned page as Markdown: headings, lists, quotes, tables, code, notes and emphasis as the page has them.

It is a rendering beside the clean text, not a replacement: it adds marks that were nowhere on the page, so the input
can't be rebuilt from it. It holds the same words in the same order, and on request the links, and the figures with
their captions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from urllib.parse import urljoin

from cleaner.article.markup import Cell, Emphasis, Link
from cleaner.article.model import Cleaned, Paragraph, Span
from cleaner.markdown.figures import figures_of
from cleaner.markdown.notes import Notes, notes_of
from cleaner.markdown.tables import CELL, cells, table

BULLET = "- "
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_BOXES = frozenset(("div", "section", "center", "header", "hgroup", "label", "button"))
"""Elements that say nothing of what they hold."""
_IN_TABLE = frozenset(("tr", "td", "th"))
_LANGUAGE = re.compile(
    r"(?:^|[\s_-])(?:language|lang|highlight-source|brush:|sourceCode|highlight)[\s-]+([A-Za-z][\w+#.-]{0,20})"
)
"""How the classes of a block of code name its language."""
_NO_LANGUAGE = frozenset(("none", "plaintext", "text", "plain", "nohighlight", "auto", "source", "code", "block"))
_IN_ITEM = frozenset(("p", "div", "label"))
"""Elements whose text still belongs to the list item around them."""
# What would be taken for a mark. An underscore inside a word is none, nor is an & alone.
_MARKS = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)")
_LINE_MARKS = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|>|(?:=+|-+)\s*$")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_ADDRESS = re.compile(r"[\s()<>\\|]")
VERSE = 70
"""Characters of the longest line of a paragraph whose lines are kept apart as lines, as in a poem or an address."""
_CLOSING = re.compile(r"(?<=\s)#(?=#*$)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and the kind of block that it is part of: of one with its neighbours if ``number`` is the same, too."""

    kind: str
    number: int
    quote: bool
    text: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What of links is written: where they lead, or notes alone. ``base``: the page's own address."""

    links: bool
    base: str
    notes: Notes

    def target(self, link: Link) -> str | None:
        """Where a link leads, as Markdown writes it; ``None`` if it leads nowhere else."""
        if not self.links or link.target.startswith(("#", "javascript:", "data:")):
            return None
        try:
            found = urljoin(self.base, link.target.strip())
        except ValueError:
            found = link.target.strip()
        return _ADDRESS.sub(lambda odd: f"%{ord(odd[0]):02X}", found)


@dataclass(slots=True)
class _Lists:
    """The lists around the place where the rendering is: their depths and indents, and the items counted so far."""

    depths: list[int] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    width: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    def item(self, depth: int, mark: str) -> str:
        """What stands before an item of a list so deep in the page."""
        while self.depths and self.depths[-1] > depth:
            self.depths.pop()
            self.indents.pop()
        gap = ""
        if not self.depths or self.depths[-1] < depth:
            # Only an item that is the first of its list, by its number, may follow a line of text at once.
            gap = "\n" if self.depths and mark not in (BULLET, "1. ") else ""
            self.indents.append(self.width if self.depths else 0)
            self.depths.append(depth)
        self.width = self.indents[-1] + len(mark)
        return gap + " " * self.indents[-1] + mark

    def end(self) -> None:
        """Something stands here that is in no list."""
        self.depths, self.indents, self.width = [], [], 0


def markdown(cleaned: Cleaned, *, links: bool = False, figures: bool = False) -> str:
    """Render the clean text of a page as Markdown. A plain text becomes one block per line.

    ``links``: keep links with their targets. ``figures``: keep the images of the article, with their captions below.
    """
    blocks: list[tuple[bool, str]] = []
    lines = _lines(cleaned, links=links, figures=figures)
    for (kind, element, quote), group in groupby(lines, key=lambda line: (line.kind, line.number, line.quote)):
        ones = list(group)
        texts = [line.text for line in ones]
        if kind.startswith("pre"):
            blocks.append((quote, _fenced(texts, kind.removeprefix("pre"))))
        elif kind == "row":
            blocks.append((quote, table([cells(line.text, line.cells) for line in ones])))
        elif kind == "list":
            blocks.append((quote, "\n".join(texts)))
        elif element and kind == "text" and max(map(len, texts)) <= VERSE:
            blocks.append((quote, "  \n".join(texts)))
        else:
            blocks += ((quote, text) for text in texts)
    pieces: list[str] = []
    for number, (quote, text) in enumerate(blocks):
        if number:
            pieces.append("\n>\n" if quote and blocks[number - 1][0] else "\n\n")
        pieces.append("\n".join(f"> {line}" if line else ">" for line in text.split("\n")) if quote else text)
    return "".join((*pieces, "\n")) if pieces else ""


def _lines(cleaned: Cleaned, *, links: bool, figures: bool) -> Iterator[_Line]:
    text = cleaned.article.text
    lists = _Lists()
    outermost = 0
    left = list(_left(cleaned))
    wanted = _Wanted(links, cleaned.article.url or "", notes_of(text, left))
    pictures = figures_of(cleaned.article, left) if figures else {}
    tables = {_table_of(p, p.path.split(".")) for p, _ in left if p.path.endswith("tr") and CELL in p.span.of(text)}
    for place, (paragraph, spans) in enumerate(left):
        for picture in pictures.get(place, ()):
            lists.end()
            yield _Line("figure", place, False, picture)
        tags = paragraph.path.split(".")
        is_item = paragraph.span.of(text).startswith(BULLET) and "li" in tags
        listed = [at for at, tag in enumerate(tags) if tag in _LISTS]
        mark = BULLET
        if is_item and listed and tags[listed[-1]] == "ol":
            number = _element(paragraph, tags, listed[-1])
            lists.counts[number] += 1  # items that went are counted too: the others keep their numbers
            mark = f"{lists.counts[number]}. "
        if not any(span.of(text).strip() for span in spans):
            continue
        quote = "blockquote" in tags
        if "pre" in tags:
            lists.end()
            number = _element(paragraph, tags, tags.index("pre"))
            yield _Line(f"pre{_language(paragraph)}", number, quote, _verbatim(text, spans))
            continue
        if is_item:
            bullet = paragraph.span.start + len(BULLET)
            spans = [Span(max(span.start, bullet), span.end) for span in spans if span.end > bullet]
        level = _level(tags)
        body = _inline(text, spans, () if level else paragraph.emphasis, paragraph.links, wanted)
        if not body:
            continue
        note = wanted.notes.labels.get(place)
        if note is not None:
            lists.end()
            yield _Line("note", place, quote, f"[^{note}]: {Notes.plain(body)}")
        elif is_item:
            item = lists.item(len(listed), mark) + _unmarked(body)
            around = _element(paragraph, tags, listed[lists.depths[0] - 1]) if listed else 0
            yield _Line("list", around, quote, item)
            outermost = around
        elif lists.depths and _continues(tags):
            yield _Line("list", outermost, quote, "\n" + " " * lists.width + _unmarked(body))
        else:
            lists.end()
            if level:
                yield _Line("heading", 0, quote, "#" * level + " " + _CLOSING.sub(r"\\#", body))
            elif tags[-1] in _IN_TABLE and (CELL in body or _table_of(paragraph, tags) in tables):
                yield _Line("row", _table_of(paragraph, tags), quote, body, paragraph.cells)
            else:
                element = paragraph.within[-1] if tags[-1] == "p" and paragraph.within else 0
                yield _Line("text", element, quote, _unmarked(body))
    for picture in pictures.get(len(left), ()):
        yield _Line("figure", len(left), False, picture)


def _table_of(paragraph: Paragraph, tags: Sequence[str]) -> int:
    """The number of the innermost table around a block; -1 if there is none."""
    at = max((at for at, tag in enumerate(tags) if tag == "table"), default=-1)
    return _element(paragraph, tags, at) if at >= 0 else -1


def _language(paragraph: Paragraph) -> str:
    """The language of a block of code, if the classes around it name one."""
    for classes in paragraph.classes[:-4:-1]:
        found = _LANGUAGE.search(classes)
        if found and found[1].lower() not in _NO_LANGUAGE:
            return found[1].lower()
    return ""


def _left(cleaned: Cleaned) -> Iterator[tuple[Paragraph, list[Span]]]:
    """The paragraphs, with what is left of each."""
    removed = cleaned.removed
    first = 0
    for paragraph in cleaned.article.paragraphs:
        start, end = paragraph.span.start, paragraph.span.end
        while first < len(removed) and removed[first].end <= start:
            first += 1
        spans = []
        number = first
        while number < len(removed) and removed[number].start < end:
            if start < removed[number].start:
                spans.append(Span(start, removed[number].start))
            start = removed[number].end
            number += 1
        if start < end:
            spans.append(Span(start, end))
        yield paragraph, spans


def _element(paragraph: Paragraph, tags: Sequence[str], at: int) -> int:
    """The number of the element whose tag stands ``at`` that place of the path; 0 if it is too far out to be known."""
    back = len(tags) - at
    return paragraph.within[-back] if back <= len(paragraph.within) else 0


def _level(tags: Sequence[str]) -> int:
    """The level of the heading that a block is, or 0."""
    tag = next((tag for tag in reversed(tags) if tag not in _BOXES), "")
    return _LEVELS.get(tag, 0)


def _continues(tags: Sequence[str]) -> bool:
    """Whether a line is a further one of a list item."""
    return next((tag for tag in reversed(tags) if tag not in _IN_ITEM), "") == "li"


def _inline(
    text: str, spans: Iterable[Span], emphasis: Sequence[Emphasis], links: Sequence[Link], wanted: _Wanted
) -> str:
    """What is left of a block, escaped, with its emphasis and its links."""
    marked = [part.span for part in emphasis] + [part.span for part in links]
    edges = sorted({edge for span in marked for edge in (span.start, span.end)})
    pieces: list[tuple[str, str, Link | None]] = []
    for span in spans:
        cuts = [span.start, *(edge for edge in edges if span.start < edge < span.end), span.end]
        for start, end in pairwise(cuts):
            mark = next((part.mark for part in emphasis if part.span.start <= start < part.span.end), "")
            link = next((part for part in links if part.span.start <= start < part.span.end), None)
            if start < end:
                pieces.append((text[start:end], mark, link))
    rendered: list[tuple[str, Link | None]] = []
    for number, (piece, mark, link) in enumerate(pieces):
        before = pieces[number - 1][0][-1] if number else " "
        after = pieces[number + 1][0][0] if number + 1 < len(pieces) else " "
        rendered.append((_emphasised(piece, mark, before, after) if mark else _escaped(piece), link))
    result = []
    for link, group in groupby(rendered, key=lambda each: each[1]):
        result.append(_linked("".join(each for each, _ in group), link, wanted))
    return "".join(result).strip()


def _escaped(piece: str) -> str:
    return _MARKS.sub(r"\\\g<0>", piece)


def _linked(piece: str, link: Link | None, wanted: _Wanted) -> str:
    """A piece as a link, or as the number of a note."""
    core = piece.strip()
    if link is None or not core:
        return piece
    head, tail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    note = wanted.notes.called.get(link.span.start)
    if note is not None:
        return f"{head}[^{note}]{tail}"
    target = wanted.target(link)
    return piece if target is None else f"{head}[{core}]({target}){tail}"


def _code(piece: str) -> str:
    """A piece as code, between more back ticks than stand together in it."""
    core = piece.strip()
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", core)), default=0))
    gap = " " if core.startswith("`") or core.endswith("`") else ""
    head, tail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    return f"{head}{ticks}{gap}{core}{gap}{ticks}{tail}" if core else piece


def _emphasised(piece: str, mark: str, before: str, after: str) -> str:
    """A piece between marks, where Markdown would take them for such: not between a letter and a stop."""
    if mark == "`":
        return _code(piece)
    core = piece.strip()
    escaped = _MARKS.sub(r"\\\g<0>", core)
    head, tail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    opens = head or not before.isalnum() or core[:1].isalnum()
    closes = tail or not after.isalnum() or core[-1:].isalnum()
    if not any(map(str.isalnum, core)) or not opens or not closes or "*" in (before, after):
        return head + escaped + tail
    return f"{head}{mark}{escaped}{mark}{tail}"


def _unmarked(line: str) -> str:
    """A line that begins like a heading, an item or a quote, and is none."""
    if _LINE_MARKS.match(line):
        return "\\" + line
    return _NUMBER.sub(r"\1\\\2", line, count=1) if _NUMBER.match(line) else line


def _verbatim(text: str, spans: Sequence[Span]) -> str:
    """A line of code, with the indent that stands before it."""
    start = text.rfind("\n", 0, spans[0].start) + 1
    indent = text[start : spans[0].start]
    return (indent if indent.isspace() else "") + "".join(span.of(text) for span in spans).rstrip()


def _fenced(lines: Sequence[str], language: str = "") -> str:
    code = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{fence}{language}\n{code}\n{fence}"
