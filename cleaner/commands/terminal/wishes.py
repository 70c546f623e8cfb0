"""What the user's CSS selectors have met on the pages of a run, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cleaner.commands.terminal.text import count
from cleaner.text.selectors import hint


def unmet(css: Mapping[str, Mapping[str, int]], names: Iterable[str]) -> Iterator[str]:
    """A sentence for each selector that did nothing. ``css``: as it stands in the summary; ``names``: of all wishes."""
    for name in dict.fromkeys((*names, *css)):
        option, _, selector = name.partition("/")
        met = css.get(name)
        if met is None:
            yield f"cleaner: {option} {selector!r} did nothing: it is about web pages, and none was cleaned"
        elif not met["elements"]:
            pages = count(met["pages"], "page")
            yield f"cleaner: {option} {selector!r} matched nothing on {pages}{hint(selector)}"
        elif not met["characters"]:
            elements = count(met["elements"], "element")
            yield f"cleaner: {option} {selector!r} matched {elements}, and none holds text of its own that is read"
