"""Decides what a walk through a tree leaves out: hidden elements, and elements of kinds that are not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import html

from cleaner.reading.elements import LEFT_OUT
from cleaner.reading.hidden import Groups, never_shown, opens, show
from cleaner.reading.wishes import keeps


@dataclass(slots=True)
class Unread:
    """Counts what is left out. ``hidden``: whether hidden elements are read, too, except dialogs and the like.

    ``groups`` returns the groups of the words of a class or id.
    """

    groups: Groups
    hidden: bool
    closed: int = 0
    hidden_chars: int = 0
    """The number of hidden elements that were left out, and of the characters in them; then those that were opened."""
    opened: int = 0
    opened_chars: int = 0
    passed: dict[str, list[str]] = field(default_factory=dict)
    """The texts that were left out because of their elements, by kind."""

    def leave_out(self, element: html.HtmlElement, tag: str) -> None:
        """Record the text of an element whose kind is not read."""
        texts = [" ".join(text.split()) for text in element.itertext() if not text.isspace()]
        if texts:
            self.passed.setdefault(LEFT_OUT[tag], []).append(" / ".join(texts))

    def closes(self, element: html.HtmlElement) -> bool:
        """Return whether a hidden element stays closed. If not, it must be read."""
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
