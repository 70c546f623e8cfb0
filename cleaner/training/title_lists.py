"""Makes lists of other articles' titles from the titles of gold articles.

Pages hold them by the dozen: most read, the latest, more of the section. They are much of what stays in real articles,
and nobody writes enough of them by hand. A list takes titles of many articles of one language in one of the ways in
which sites print them: with dates, sections, counts, marks of a list, beginnings of the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleaner.article.model import Span
from cleaner.training.gold import Gold, Label

LONGEST = 34
"""The most titles in a list. Short lists are more frequent."""
FEWEST = 12
"""The smallest number of titles in a language from which lists are made."""
TITLE = range(18, 131)
"""Characters of a title."""
BEGINNING = (60, 160)
"""Characters of the beginning of a text, from and to."""
KIND = "related-links"

Chance = Callable[[str], float]
"""Return a number from 0 to 1 that is always the same for a name."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The material for lists in a language: titles, beginnings of texts, names of sections."""

    titles: tuple[str, ...]
    texts: tuple[str, ...]
    sections: tuple[str, ...]


def made(stock: Stock, number: int, language: str, chance: Chance) -> tuple[Gold, ...]:
    """Return ``number`` lists, each a gold article that is all boilerplate; none if there are too few titles."""
    if len(stock.titles) < FEWEST:
        return ()
    lists = []
    for at in range(number):
        name = f"titles-{language}-{at}"
        text, marks = "", []
        for line in _lines(stock, name, chance):
            marks.append(Label(Span(len(text), len(text) + len(line)), KIND))
            text += line + "\n"
        lists.append(Gold(name, text, tuple(marks), name, language))
    return tuple(lists)


def _lines(stock: Stock, name: str, chance: Chance) -> Sequence[str]:
    before, after = _form(f"{name} before", _BEFORE, chance), _form(f"{name} after", _AFTER, chance)
    teased = bool(stock.texts) and chance(f"{name} teased") < 0.2
    lines: list[str] = []
    for place in range(2 + int(chance(f"{name} length") ** 2 * (LONGEST - 2))):
        each = f"{name} {place}"
        title = _one(stock.titles, f"{each} title", chance)
        pieces = (
            before(place, _one(stock.sections, f"{each} section", chance), f"{each} before", chance),
            title,
            after(place, _one(stock.sections, f"{each} section", chance), f"{each} after", chance),
        )
        lines.append(" ".join(piece for piece in pieces if piece))
        if teased:
            text = _one(stock.texts, f"{each} text", chance)
            least, most = BEGINNING
            lines.append(text[: least + int(chance(f"{each} cut") * (most - least))].rstrip() + "…")
    return list(dict.fromkeys(lines))


def _one(some: Sequence[str], name: str, chance: Chance) -> str:
    return some[int(chance(name) * len(some))] if some else ""


Form = Callable[[int, str, str, Chance], str]
"""(place in the list, a section, a name to draw by, chance) -> what stands before or after a title."""


def _none(place: int, section: str, name: str, chance: Chance) -> str:
    return ""


def _day(place: int, section: str, name: str, chance: Chance) -> str:
    return f"{1 + int(28 * chance(name)):02}.{1 + int(12 * chance(name + ' month')):02}."


def _time(place: int, section: str, name: str, chance: Chance) -> str:
    return f"{int(24 * chance(name)):02}:{int(60 * chance(name + ' minute')):02}"


def _count(place: int, section: str, name: str, chance: Chance) -> str:
    return str(int(2 ** (13 * chance(name))))


def _numbered(place: int, section: str, name: str, chance: Chance) -> str:
    return f"{place + 1}."


def _section(place: int, section: str, name: str, chance: Chance) -> str:
    return section


def _marked(place: int, section: str, name: str, chance: Chance) -> str:
    return "-"


_BEFORE: Sequence[tuple[float, Form]] = (
    *((0.5, _none), (0.62, _marked), (0.7, _section), (0.78, _day), (0.85, _time), (0.92, _numbered)),
    (1.0, lambda place, section, name, chance: f"{section}:" if section else ""),
)
_AFTER: Sequence[tuple[float, Form]] = (
    *((0.6, _none), (0.72, _section), (0.82, _count), (0.9, _day)),
    (0.95, lambda place, section, name, chance: f"({_count(place, section, name, chance)})"),
    (1.0, lambda place, section, name, chance: f"| {section}" if section else ""),
)


def _form(name: str, forms: Sequence[tuple[float, Form]], chance: Chance) -> Form:
    drawn = chance(name)
    return next(form for most, form in forms if drawn < most)
