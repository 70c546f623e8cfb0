"""Proposes rules from counts: YAML about what a site repeats, with examples, for people to read and edit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from cleaner.sites import keys
from cleaner.sites.listing import Listed
from cleaner.sites.sample import MOST
from cleaner.sites.selectors import Chosen

SURE = 0.7
"""The score of a count from which a rule is proposed."""
WORDS = 2
"""The smallest number of words of a text: a single word may be anything."""
SELECTORS = 20
"""The largest number of proposed selectors."""

_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_SHORTENED = re.compile(r" \u2026[a-p]{16}\u2026 ")


def rules(
    site: str,
    listed: Iterable[Listed],
    articles: int,
    category: Callable[[str], str],
    without: frozenset[str] = frozenset(),
    elements: Sequence[Chosen] = (),
    covered: frozenset[int] = frozenset(),
) -> str:
    """Return a rule file for a site, or an empty text if there is nothing to propose.

    ``elements``: elements that hold only repeating texts. ``covered``: the keys of texts that are nowhere else.
    ``category`` returns the likely category of a text. ``without``: ids of rules to leave out.
    """
    lines = [
        f"# What {articles:,} articles of {site} repeat{' (a sample)' if articles >= MOST else ''}. Proposed from",
        "# counts: read each rule, edit it, take out what is a part of the articles.",
        f"host: {site}",
        "language: any",
        *_selectors(elements[:SELECTORS]),
    ]
    ruled: list[str] = []
    names: set[str] = set()
    for one in listed:
        if one.said.score < SURE or one.near or len(one.text.split()) < WORDS or "[[" in one.text or "]]" in one.text:
            continue
        if keys.exact(one.text) in covered:
            continue
        kind = category(one.text)
        name = _free(f"{kind}/{_slug(site)}-{_slug(one.text, 4)}", names)
        if name not in without:
            ruled += _rule(one, articles, kind, name)
    if not ruled and not elements:
        return ""
    return "\n".join([*lines, *(["rules:", *ruled] if ruled else [])]) + "\n"


def _rule(one: Listed, articles: int, category: str, name: str) -> list[str]:
    long = _SHORTENED.split(one.text)
    text = one.text if len(long) == 1 else f"{long[0]} and so on {long[1]}"
    pattern = ".*".join(map(pattern_of, long))
    before = "The bridge opened on Monday. " if one.part else "The bridge opened on Monday.\n"
    example = f"{before}[[{text}]]".split("\n")
    return [
        f"  - id: {name}",
        f"    category: {category}",
        f"    about: {_quoted(f'In {one.repeat.articles:,} of {articles:,} articles.')}",
        f"    unit: {'sentence' if one.part else 'paragraph'}",
        "    any:",
        f"      - {_quoted(f'^{pattern}$')}",
        f"    score: {min(one.said.score, 0.95):g}",
        "    removes:",
        *(
            ["      - |-", *(f"        {line}" for line in example)]
            if len(example) > 1
            else [f"      - {_quoted(example[0])}"]
        ),
        "    keeps:",
        "      - 'The bridge opened on Monday, and the first to cross it was a baker on her way to work.'",
        "",
    ]


def pattern_of(text: str) -> str:
    """Return the pattern of a text. Special characters are escaped, and a number matches any number.

    >>> print(pattern_of("34 comments (so far)"))
    [0-9][0-9.,:/]* comments \\(so far\\)
    """
    parts = [_SPECIAL.sub(r"\\\g<0>", part) for part in _NUMBER.split(text)]
    return "[0-9][0-9.,:/]*".join(parts)


def _selectors(elements: Sequence[Chosen]) -> list[str]:
    """Return the lines for elements to remove, each with its counts."""
    if not elements:
        return []
    told = [
        f"  - {_quoted(one.selector)}  # {one.repeating:,} of {one.texts:,} texts in it repeat, on {one.pages:,} pages"
        for one in elements
    ]
    return ["drop-css:", *told]


def _slug(text: str, words: int = 3) -> str:
    """Return the first words in lower-case letters and digits, for an id.

    >>> _slug("Sign up: It's free!", 4), _slug("\\u30cb\\u30e5\\u30fc\\u30b9")
    ('sign-up-it-s', 'text')
    """
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:words]) or "text"


def _free(name: str, names: set[str]) -> str:
    found, number = name, 1
    while found in names:
        number += 1
        found = f"{name}-{number}"
    names.add(found)
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
