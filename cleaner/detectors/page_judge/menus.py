"""Which blocks of a page are plainly menus: links and little else, or text of an element that holds no article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.article.model import DATA, Paragraph
from cleaner.text.words import ends_in_stop

_MENUS = frozenset(("nav", "footer", "button", "menu", "dialog"))
_AT_A_TOUCH = re.compile(r"(?<=\.h[1-6])\.button$")
"""A heading that opens what stands under it."""
_HEADING_ENDS = (".h2", ".h3", ".h4")
TEXT = 60
"""Characters of the shortest paragraph under a heading that is all a link."""
FEW, SHORT = 2, 12
"""A block of at most so many words is plainly a menu's if half of it is a link, or nearly all of it. With the elements
above these are 60 % of the blocks of a news page and 0.4 % of the words of its article."""


def in_data(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the article stands in the page's data, and nowhere else."""
    return any(paragraph.path.startswith(DATA) for paragraph in paragraphs[-1:])


def open_blocks(
    paragraphs: Sequence[Paragraph], texts: Sequence[str], words: Sequence[int], takes: Sequence[bool]
) -> list[int]:
    """The numbers of the blocks that aren't plainly menus, in order.

    ``texts``: the text of each, without the mark of a list's item; ``words``: how many words it has. ``takes``: whether
    the extractor took it.
    """
    data = in_data(paragraphs)
    known: dict[str, bool] = {}
    result: list[int] = []
    belong = _belonging(paragraphs, texts)
    for number, paragraph in enumerate(paragraphs):
        path = paragraph.path
        menu = known.get(path)
        if menu is None:
            menu = known[path] = not _MENUS.isdisjoint(_AT_A_TOUCH.sub("", path).split("."))
            if data:  # the article is there, and nowhere else
                menu = known[path] = not path.startswith(DATA)
        if not menu:
            linked = paragraph.link_chars
            length = len(texts[number])
            if 2 * linked >= length:
                many = words[number]
                menu = many <= FEW or (many <= SHORT and linked >= 0.9 * length)
                menu = menu and number not in belong
        elif ".article." in path and ".footer" in path and ".nav" not in path and not paragraph.link_chars:
            menu = not ends_in_stop(texts[number]) or words[number] <= SHORT
        if not menu or (takes[number] and not data):
            result.append(number)
    return result


def _belonging(paragraphs: Sequence[Paragraph], texts: Sequence[str]) -> set[int]:
    """Blocks that are links and yet no menu by that alone: headings right above a paragraph of text in their own
    element, rows of a table in which others are not."""
    found: set[int] = set()
    rows: dict[int, list[int]] = {}
    for number, paragraph in enumerate(paragraphs):
        tag = paragraph.path[-3:]
        if tag == ".tr" and len(paragraph.within) > 2:
            rows.setdefault(paragraph.within[-2], []).append(number)
        elif tag in _HEADING_ENDS and number + 1 < len(paragraphs):
            after = paragraphs[number + 1]
            if (
                after.path.endswith(".p")
                and after.within[-2:-1] == paragraph.within[-2:-1]
                and 4 * after.link_chars < len(texts[number + 1])
                and len(texts[number + 1]) >= TEXT
            ):
                found.add(number)
    for row in rows.values():
        if len(row) > 2 and 3 * sum(2 * paragraphs[n].link_chars < len(texts[n]) for n in row) >= len(row):
            found.update(row)
    return found
