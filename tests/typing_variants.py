"""Ways of typing one text or page that a reader can't tell apart, and what must not depend on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_MARKS = re.compile(r"[.,;:!?]")


def _within_words(text: str, odd: str) -> str:
    return re.sub(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})", odd, text)


def _curly(text: str) -> str:
    text = re.sub(r'(?<![^\s(\[])"', "\u201c", text).replace('"', "\u201d")
    return re.sub(r"(?<![^\s(\[])'", "\u2018", text).replace("'", "\u2019")


def _straight(text: str) -> str:
    return re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))


VARIANTS: dict[str, Callable[[str], str]] = {
    "double spaces": lambda text: text.replace(" ", "  "),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "zero-width spaces at line ends": lambda text: text.replace("\n", "\u200b\n") + "\u200b",
    "zero-width joiners within words": lambda text: _within_words(text, "\u2060"),
    "soft hyphens": lambda text: _within_words(text, "\u00ad"),
    "byte order mark": lambda text: "\ufeff" + text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "spaces around lines": lambda text: "  " + text.replace("\n", " \t\n   ") + "  ",
    "blank lines added": lambda text: "\n\n" + text.replace("\n", "\n \n\n") + "\n\n",
    "blank lines gone": lambda text: re.sub(r"\s*\n\s*", "\n", text.strip()),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "curly quotes": _curly,
    "straight quotes": _straight,
}


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w-]+)(?:=(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?")
_BLOCK = re.compile(
    r"(</?(?:p|div|section|article|ul|ol|li|h[1-6]|main|aside|nav|header|footer|body|figure|figcaption)\b[^<>]*>)"
)
_NOT_SHOWN = re.compile(
    r"(?is)(<!--.*?-->|<(?:script|style|title|textarea|pre|svg)\b.*?</(?:script|style|title|textarea|pre|svg)>|<![^>]*>)"
)


def _markup(change: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    """A page with its tags changed, outside of what is not shown."""
    return lambda page: _where_shown(page, lambda part: _TAG.sub(change, part))


def _where_shown(page: str, change: Callable[[str], str]) -> str:
    return "".join(part if number % 2 else change(part) for number, part in enumerate(_NOT_SHOWN.split(page)))


def _words(change: Callable[[str], str]) -> Callable[[str], str]:
    """A page with the text between its tags changed; text with entities stays."""
    return lambda page: _where_shown(
        page,
        lambda part: "".join(
            each if each.startswith("<") or "&" in each else change(each) for each in re.split(r"(<[^<>]*>)", part)
        ),
    )


def _tag(tag: re.Match[str], attributes: list[str], name: str = "", space: str = "") -> str:
    inside = "".join(f"{space} {each}" for each in attributes)
    return f"<{tag[1]}{name or tag[2]}{inside}{space}{' /' if tag[4] else ''}>"


def _attributes(tag: re.Match[str]) -> list[re.Match[str]]:
    return list(_ATTRIBUTE.finditer(tag[3]))


PAGE_VARIANTS: dict[str, Callable[[str], str]] = {
    "attributes in another order": _markup(lambda tag: _tag(tag, [each[0] for each in _attributes(tag)][::-1])),
    "upper case": _markup(
        lambda tag: _tag(
            tag, [each[1].upper() + (f"={each[2]}" if each[2] else "") for each in _attributes(tag)], tag[2].upper()
        )
    ),
    "spaces in tags": _markup(lambda tag: _tag(tag, [each[0] for each in _attributes(tag)], space="\n ")),
    "blanks around blocks": lambda page: _where_shown(page, lambda part: _BLOCK.sub(r"\n  \1 \n", part)),
    "comments behind blocks": lambda page: _where_shown(page, lambda part: _BLOCK.sub(r"\1<!-- a -->", part)),
    "entities": _words(lambda text: "".join(c if c.isascii() else f"&#{ord(c)};" for c in text)),
    "hexadecimal entities": _words(lambda text: "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in text)),
    "line ends for spaces": _words(lambda text: text.replace(" ", "\n")),
    "CRLF": VARIANTS["CRLF"],
    "byte order mark": VARIANTS["byte order mark"],
    **{name: _words(VARIANTS[name]) for name in ("decomposed", "double spaces", "soft hyphens")},
    "zero-width joiners within words": _words(VARIANTS["zero-width joiners within words"]),
}
"""Ways of writing one page that a browser shows alike."""


def letters(text: str) -> str:
    """What a reader sees of a text, without white space: composed, quotes plain."""
    seen = (
        c
        for c in unicodedata.normalize(
            "NFC", "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
        )
    )
    return _straight("".join(seen))
