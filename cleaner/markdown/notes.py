"""Notes at the foot of a page, and the numbers in its text that call them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleaner.article.model import Paragraph, Span

_CALL = re.compile(r"\[?\(?([\w*†‡§]{1,4})\)?\]?")
"""The text of a link that calls a note: a number, a letter, a star."""
_BEFORE = re.compile(r"^(?:[\s↑^↩]|\\?\[?[\w*†‡§]{1,3}\\?\]?(?:[.):]|(?=\s*[↑^])))+\s*")
_AFTER = re.compile(r"[\s↑^↩⤴\ufe0e\ufe0f]+$")


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a page. ``called``: where in the text each is called, and its label; ``labels``: by block."""

    called: Mapping[int, str]
    labels: Mapping[int, str]

    @staticmethod
    def plain(body: str) -> str:
        """A note without the number before it and the arrows that lead back.

        >>> Notes.plain("1. See the report. ↩")
        'See the report.'
        """
        return _AFTER.sub("", _BEFORE.sub("", body, count=1)) or body


def notes_of(text: str, left: Sequence[tuple[Paragraph, Sequence[Span]]]) -> Notes:
    """The notes of which both the call and the text are left, by the links that lead to them. ``left``: the blocks of
    the page, and what is left of each."""
    calls: dict[str, list[tuple[int, int, str]]] = {}
    for place, (paragraph, spans) in enumerate(left):
        for link in paragraph.links if spans else ():
            call = _CALL.fullmatch(link.span.of(text).strip())
            if link.target.startswith("#") and len(link.target) > 1 and call:
                calls.setdefault(link.target[1:], []).append((place, link.span.start, call[1]))
    called: dict[int, str] = {}
    labels: dict[int, str] = {}
    for place, (paragraph, spans) in enumerate(left):
        if not calls or not any(span.of(text).strip() for span in spans):
            continue
        named = {name for classes in paragraph.classes[-3:] for name in classes.split()}
        for name in sorted(named & calls.keys()):
            # A note stands below its call; what stands above is the call that the note's own arrow leads back to.
            above = [call for call in calls[name] if call[0] < place]
            if above:
                labels[place] = above[0][2]
                called.update((start, above[0][2]) for _, start, _ in above)
                del calls[name]
                break
    return Notes(called, labels)
