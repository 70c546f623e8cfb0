"""The blocks of a tree: their text, joined by line breaks, the place of each, and what was not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from cleaner.article.markup import Image
from cleaner.article.model import Paragraph, Span
from cleaner.reading.hidden import Groups
from cleaner.reading.unread import Unread
from cleaner.reading.walk import Walk
from cleaner.text.words import counter, ends_in_stop

SHOWN = 1000
"""The number of characters that a note quotes of a text that was left out."""
LINE = 60
"""The length in characters from which a block counts as text of an article."""
AN_ARTICLE = 60
"""The number of words of text from which a page shows an article."""


def _nameless(_: str) -> frozenset[str]:
    return frozenset()


@dataclass(slots=True)
class Blocks:
    """The blocks of a page. ``text``: all of them, joined by line breaks."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wished: tuple[tuple[Span, str], ...] = ()
    """The spans of texts that the user wishes to keep or drop, each with the mark of its wish."""
    images: tuple[Image, ...] = ()

    @classmethod
    def of(cls, root: html.HtmlElement, groups: Groups = _nameless) -> Blocks:
        """Read the blocks of a tree. ``groups`` returns the groups of the words of a class or id.

        Hidden text is left out, and a note says so. Parts of the article that open at a touch are read, and are no
        longer hidden in the tree. A page that shows no article and hides more words than it shows is read with its
        hidden text.
        """
        walk = Walk(Unread(groups, hidden=False))
        walk.run(root)
        notes: list[str] = []
        written = walk.written
        if walk.unread.hidden_chars > written.length and prose(written.paragraphs, "".join(written.lines)) < AN_ARTICLE:
            all_of_it = Walk(Unread(groups, hidden=True))
            all_of_it.run(root)
            if all_of_it.written.length > 2 * written.length:
                walk, written = all_of_it, all_of_it.written
                notes.append("most of the page is hidden until a script shows it: read all the same")
        unread = walk.unread
        if unread.opened:
            notes.append(f"read though hidden until a reader opens it: {_counted(unread.opened, unread.opened_chars)}")
        if unread.hidden_chars:
            notes.append(f"hidden and left out: {_counted(unread.closed, unread.hidden_chars)}")
        notes += [_left_out(kind, texts) for kind, texts in unread.passed.items()]
        return cls(
            "".join(written.lines),
            tuple(written.paragraphs),
            tuple(written.headings),
            tuple(notes),
            tuple(written.wished),
            tuple(written.images),
        )


def prose(paragraphs: Sequence[Paragraph], text: str) -> int:
    """Return the number of words in blocks that read like text: long enough, few links, a sentence's end. ``text``: the
    text into which the offsets of the blocks point.
    """
    words = 0
    count_words = counter(text)
    for paragraph in paragraphs:
        length = paragraph.span.end - paragraph.span.start
        if length >= LINE and 3 * paragraph.link_chars < length:
            own = paragraph.span.of(text)
            if ends_in_stop(own):
                words += count_words(own)
    return words


def _left_out(kind: str, texts: Sequence[str]) -> str:
    """Return the note on texts of one kind that were left out because of their elements, with their beginnings."""
    shown = "; ".join(texts)
    shown = shown if len(shown) <= SHOWN else shown[:SHOWN].rsplit(" ", 1)[0] + " …"
    return f"{kind}, left out: {_counted(len(texts), sum(map(len, texts)))}: {shown}"


def _counted(parts: int, characters: int) -> str:
    return f"{parts} part{'s' if parts > 1 else ''}, {characters:,} characters"
