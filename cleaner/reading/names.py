"""Turns the names of a page's elements into selectors: it knows which words are classes, and which are ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

_PLAIN = re.compile(r"-?[A-Za-z_][\w-]*", re.ASCII)
"""Matches a name that a selector can contain without escapes."""
LONGEST = 60
"""The length in characters up to which a name is used."""


@dataclass(frozen=True, slots=True)
class Names:
    """The classes and the ids of a page."""

    classes: frozenset[str]
    ids: frozenset[str]

    @classmethod
    def of(cls, root: html.HtmlElement) -> Names:
        """Return the names of a tree."""
        found: set[str] = set()
        for names in set(root.xpath("//@class")):
            found.update(str(names).split())
        return cls(frozenset(found), frozenset(str(each).strip() for each in root.xpath("//@id")))

    def selectors(self, names: str) -> str:
        """Return the selectors of an element from its names, as ``Paragraph.classes`` of a block has them.

        >>> Names(frozenset(("promo", "css-1x")), frozenset(("main",))).selectors("main promo css-1x banner")
        '#main .promo .css-1x'
        """
        return " ".join(filter(None, (self._selector(name) for name in names.split())))

    def _selector(self, name: str) -> str:
        if len(name) > LONGEST or not _plain(name):
            return ""
        return f".{name}" if name in self.classes else f"#{name}" if name in self.ids else ""


@lru_cache(maxsize=10_000)
def _plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None
