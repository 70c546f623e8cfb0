"""Gold as people write it: articles with their boilerplate marked in the text itself.

    === en-harbour-017 en
    First paragraph of the article.
    ⟦donation-appeal|If you can spare $5 a month, please do.⟧

``=== id language`` begins an article, ``=== id language hard`` one that is hard on purpose; what stands between
``⟦category|`` and ``⟧``, on one line or several, is boilerplate of that category.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleaner.article.model import CATEGORIES, Span
from cleaner.errors import GoldFault
from cleaner.training.gold import NEUTRAL, Gold, Label

_HEAD = re.compile(r"=== (\S+) ([a-z]{2,3})( hard)?\s*$")
_MARK = re.compile(r"⟦([a-z-]+)\|(.*?)⟧", re.DOTALL)


def read_marked(lines: Iterable[str], where: str) -> list[Gold]:
    """The articles of a file. Raises ``GoldFault`` with file and line.

    >>> (gold,) = read_marked(["=== en-a-1 en", "News.⟦promotion| Buy now.⟧", ""], "a")
    >>> gold.text, gold.site, [(label.span.of(gold.text), label.category) for label in gold.labels]
    ('News. Buy now.', 'en-a', [('Buy now.', 'promotion')])
    """
    found: list[Gold] = []
    head: tuple[str, str, bool, int] | None = None
    body: list[str] = []
    for number, line in enumerate((*lines, "=== end en"), 1):
        match = _HEAD.match(line)
        if match is None:
            if head is None and line.strip():
                raise GoldFault(f"{where}:{number}: an article begins with a line like `=== en-outlet-001 en`")
            body.append(line.rstrip("\n"))
            continue
        if head is not None:
            found.append(_gold(head, "\n".join(body).strip("\n"), where))
        head, body = (match[1], match[2], bool(match[3]), number), []
    return found


def _gold(head: tuple[str, str, bool, int], body: str, where: str) -> Gold:
    name, language, hard, number = head
    text, labels, place = "", [], 0
    for mark in _MARK.finditer(body):
        line = number + 1 + body.count("\n", 0, mark.start())
        category, marked = mark.groups()
        if category not in CATEGORIES and category not in NEUTRAL:
            raise GoldFault(f"{where}:{line}: there is no category {category!r}")
        text += body[place : mark.start()]
        start = len(text) + len(marked) - len(marked.lstrip())
        labels.append(Label(Span(start, len(text) + len(marked.rstrip())), category))
        text += marked
        place = mark.end()
    text += body[place:]
    if "⟦" in text or "⟧" in text:
        raise GoldFault(f"{where}:{number}: in {name} a mark is not closed, or lacks its category: ⟦category|text⟧")
    return Gold(name, text, tuple(labels), name.rpartition("-")[0] or name, language, hard=hard)
