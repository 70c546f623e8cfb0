"""What a walk through a tree leaves out: what is hidden, and elements whose kind is not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import html

from cleaner.reading.elements import LEFT_OUT
from cleaner.reading.hidden import Groups, never_shown, opens, show
from cleaner.reading.wishes import keeps


@dataclass(slots=True)
class Unread:
    """What is left out, counted. ``hidden``: what is hidden is read too, dialogs and the like aside.

    ``groups`` tells what the words of a class or id stand for.
    """

    groups: Groups
    hidden: bool
    closed: int = 0
    hidden_chars: int = 0
    """How many elements are hidden and left out, and the characters in them; then what was opened."""
    opened: int = 0
    opened_chars: int = 0
    passed: dict[str, list[str]] = field(default_factory=dict)
    """Of each kind of text that is left out for its element, the texts."""

    def leave_out(self, element: html.HtmlElement, tag: str) -> None:
        """Notes the text of an element that is not read for its kind."""
        texts = [" ".join(text.split()) for text in element.itertext() if not text.isspace()]
        if texts:
            self.passed.setdefault(LEFT_OUT[tag], []).append(" / ".join(texts))

    def closes(self, element: html.HtmlElement) -> bool:
        """Whether a hidden element stays closed; if not, it is to be read."""
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
