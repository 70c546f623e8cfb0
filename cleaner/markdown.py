"""A cleaned page as Markdown: headings, lists, quotes, tables, code and emphasis as the page has them, without links.

A rendering beside the clean text, not in its place: it has marks that stood nowhere on the page, so the input can't be
made of it. It holds the same words in the same order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from cleaner.model import Cleaned, Paragraph, Span

BULLET, CELL = "- ", " | "
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_BOXES = frozenset(("div", "section", "center", "header", "hgroup", "label"))
"""Elements that say nothing of what they hold."""
_IN_ITEM = frozenset(("p", "div", "label"))
"""Elements whose text still belongs to the list item around them."""
# What would be taken for a mark. An underscore inside a word is none, nor is an & alone.
_MARKS = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)")
_LINE_MARKS = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|>|(?:=+|-+)\s*$")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(?<=\s)#(?=#*$)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and the kind of block that it is part of: of one with its neighbours if ``number`` is the same, too."""

    kind: str
    number: int
    quote: bool
    text: str


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


def markdown(cleaned: Cleaned) -> str:
    """The clean text of a page as Markdown. Of a plain text, a block a line."""
    blocks: list[tuple[bool, str]] = []
    for (kind, _, quote), group in groupby(_lines(cleaned), key=lambda line: (line.kind, line.number, line.quote)):
        texts = [line.text for line in group]
        if kind == "pre":
            blocks.append((quote, _fenced(texts)))
        elif kind == "row":
            blocks.append((quote, _table(texts)))
        elif kind == "list":
            blocks.append((quote, "\n".join(texts)))
        else:
            blocks += ((quote, text) for text in texts)
    pieces: list[str] = []
    for number, (quote, text) in enumerate(blocks):
        if number:
            pieces.append("\n>\n" if quote and blocks[number - 1][0] else "\n\n")
        pieces.append("\n".join(f"> {line}".rstrip() for line in text.split("\n")) if quote else text)
    return "".join((*pieces, "\n")) if pieces else ""


def _lines(cleaned: Cleaned) -> Iterator[_Line]:
    text = cleaned.article.text
    lists = _Lists()
    outermost = 0
    for paragraph, spans in _left(cleaned):
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
            yield _Line("pre", _element(paragraph, tags, tags.index("pre")), quote, _verbatim(text, spans))
            continue
        if is_item:
            bullet = paragraph.span.start + len(BULLET)
            spans = [Span(max(span.start, bullet), span.end) for span in spans if span.end > bullet]
        level = _level(tags)
        body = _inline(text, spans, paragraph if not level else None)
        if not body:
            continue
        if is_item:
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
            elif tags[-1] == "tr" and CELL in body:
                table = max((at for at, tag in enumerate(tags) if tag == "table"), default=len(tags) - 1)
                yield _Line("row", _element(paragraph, tags, table), quote, body)
            else:
                yield _Line("text", 0, quote, _unmarked(body))


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


def _inline(text: str, spans: Iterable[Span], paragraph: Paragraph | None) -> str:
    """What is left of a block, escaped; with the emphasis of ``paragraph``, if one is given."""
    emphasis = paragraph.emphasis if paragraph else ()
    pieces: list[tuple[str, str]] = []
    for span in spans:
        at = span.start
        for part in emphasis:
            start, end = max(at, part.span.start), min(span.end, part.span.end)
            if start < end:
                pieces += ((text[at:start], ""), (text[start:end], part.mark))
                at = end
        pieces.append((text[at : span.end], ""))
    pieces = [piece for piece in pieces if piece[0]]
    result: list[str] = []
    for number, (piece, mark) in enumerate(pieces):
        before = pieces[number - 1][0][-1] if number else " "
        after = pieces[number + 1][0][0] if number + 1 < len(pieces) else " "
        result.append(_emphasised(piece, mark, before, after) if mark else _MARKS.sub(r"\\\g<0>", piece))
    return "".join(result).strip()


def _emphasised(piece: str, mark: str, before: str, after: str) -> str:
    """A piece between marks, where Markdown would take them for such: not between a letter and a stop."""
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


def _fenced(lines: Sequence[str]) -> str:
    code = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{fence}\n{code}\n{fence}"


def _table(rows: Sequence[str]) -> str:
    """Rows as a table; the first is its head, for Markdown knows no table without."""
    cells = [[cell.strip().replace("|", "\\|") for cell in row.split(CELL)] for row in rows]
    width = max(map(len, cells))
    filled = [row + [""] * (width - len(row)) for row in cells]
    head, *rest = (f"| {CELL.join(row)} |" for row in filled)
    return "\n".join((head, "|" + " --- |" * width, *rest))
