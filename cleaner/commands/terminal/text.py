"""Text for people: the table after a run, numbers, names, and characters that a terminal would obey made visible.

All pure: what is shown depends on the arguments alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import category, east_asian_width

from cleaner.article.model import CATEGORIES

BOLD, DIM, UNDERLINE, STRIKE = "1", "2", "4", "9"
COLORS: tuple[str, ...] = ("31", "33", "32", "36", "35", "34", "91", "93", "92", "96", "95", "94")
RESET = "\x1b[0m"

# What a terminal would obey instead of showing (control codes, line separators, marks that turn the direction of
# writing), and what shows nothing at all, so that words could hide in it (zero-width spaces, tag characters). Joiners
# stay: emoji, Persian and the scripts of India need them.
_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """``text`` with every character that a terminal would obey replaced, each by one.

    >>> visible("a\\x1b[31mb\\tc")
    'a␛[31mb c'
    """
    return _OBEYED.sub(lambda match: _picture(match.group()), text)


def escaped(text: str) -> str:
    """JSON with every such character as an escape, where it means the same: JSON itself leaves only the lowest out.

    >>> print(escaped('{"name": "a\u202eb\U000e0041"}'))
    {"name": "a\\u202eb\\udb40\\udc41"}
    """
    if text.isascii():
        return text
    # What is below a space is the colours of a line that is no JSON.
    return _OBEYED.sub(lambda match: match[0] if match[0] < " " else json.dumps(match[0])[1:-1], text)


def _picture(character: str) -> str:
    if character in "\t\n\r\x85\u2028\u2029":
        return " "
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\ufffd"


def paint(text: str, codes: Sequence[str], color: bool) -> str:
    """``text`` in the given SGR codes, or as it is."""
    return f"\x1b[{';'.join(codes)}m{text}{RESET}" if color and codes and text else text


def color_of(name: str) -> str:
    """The colour of a category, the same everywhere."""
    return COLORS[CATEGORIES.index(name) % len(COLORS)] if name in CATEGORIES else COLORS[0]


@lru_cache(maxsize=65536)
def _cell(character: str) -> int:
    if east_asian_width(character) in "WF":
        return 2
    return 0 if category(character) in ("Mn", "Me", "Cf") else 1


def cells(text: str) -> int:
    """How many columns ``text`` takes in a terminal.

    >>> cells("abc"), cells("首相"), cells("e\\u0301")
    (3, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_cell, text))


def count(number: int, one: str, many: str = "") -> str:
    """A number with its word.

    >>> count(1, "article"), count(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: float, whole: float) -> str:
    """A share in percent that is zero only if it is."""
    if not part:
        return "0 %"
    percent = 100 * part / whole
    return "< 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def table(rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """Rows in columns; the first ``left`` columns flush left, the others flush right."""
    rows = list(rows)
    widths = [max(cells(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - cells(cell)) if number < left else " " * (width - cells(cell)) + cell
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def run_summary(
    summary: Mapping[str, Any], inputs: Sequence[str], out: str | None, color: bool, tables: bool = False
) -> list[str]:
    """What a run has come to, for somebody who has never seen one. ``tables``: whether any could be read."""
    status, removed = summary["status"], summary["removed"]
    parts = [f"{status['ok']:,} with boilerplate cut", f"{status['unchanged']:,} with nothing to cut"]
    if status["nothing-left"]:
        parts.append(f"{status['nothing-left']:,} of which nothing is left")
    if status["empty"]:
        parts.append(f"{status['empty']:,} empty")
    if status.get("no-article"):
        parts.append(f"{status['no-article']:,} no article")
    where = visible(", ".join(inputs[:3])) + (" …" if len(inputs) > 3 else "")
    lines = [paint(f"{count(summary['articles'], 'article')} from {where}: ", [BOLD], color) + ", ".join(parts)]
    if summary["failed"]:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in summary["errors"].items())
        lines.append(paint(f"{summary['failed']:,} failed: ", [BOLD, "31"], color) + kinds)
    lines += ["", *_categories(summary, color)] if removed["spans"] else []
    lines += ["", *table(_css(summary["css"]))] if "css" in summary else []
    lines += _nothing_left(summary.get("nothing_left", ()), status["nothing-left"])
    lines += _no_articles(summary.get("no_articles", {}))
    lines += _not_taken(summary["not_taken"]) + _left_out(summary.get("left_out", {}))
    lines.append("")
    if out is None:
        lines.append("Nothing was written (--dry-run).")
        return lines
    shown = visible(out)
    results = [
        (f"  {shown}/clean/", "the clean articles"),
        (f"  {shown}/removed.jsonl", "every removed span: place, category, rule, score, text"),
    ]
    if tables:
        results.append((f"  {shown}/removed/", "the same of articles in tables, a file for each"))
    if summary["options"].get("kept"):
        results.append((f"  {shown}/kept.jsonl", "what was nearly removed, and why it stayed"))
        if tables:
            results.append((f"  {shown}/kept/", "the same of articles in tables"))
    if summary["failed"]:
        results.append((f"  {shown}/errors.jsonl", "what failed, and why"))
    lines += [paint("Results", [BOLD], color), *table(results, left=2)]
    lines.append(f"  Nothing is lost: cleaner verify {shown} proves that these give every input back.")
    return lines


def _categories(summary: Mapping[str, Any], color: bool) -> list[str]:
    rows = [("Removed", "spans", "articles", "characters", "share of text")]
    found = sorted(summary["categories"].items(), key=lambda item: -item[1]["characters"])
    for name, counts in [*found, ("all", summary["removed"])]:
        rows.append(
            (
                f"  {name}",
                f"{counts['spans']:,}",
                f"{counts['articles']:,}",
                f"{counts['characters']:,}",
                share(counts["characters"], summary["characters"]),
            )
        )
    lines = table(rows)
    for number, (name, _) in enumerate(found, 1):
        lines[number] = lines[number].replace(name, paint(name, [color_of(name)], color), 1)
    return [paint(lines[0], [BOLD], color), *lines[1:-1], paint(lines[-1], [BOLD], color)]


def _nothing_left(names: Sequence[str], articles: int) -> list[str]:
    """The articles of which nothing is left, the first of them by name.

    >>> _nothing_left(["a.txt", "b.txt", "c.txt", "d.txt"], 12)
    ['', 'Nothing is left of a.txt, b.txt, c.txt and 9 more.']
    """
    more = f" and {articles - 3:,} more" if articles > 3 else ""
    return ["", f"Nothing is left of {', '.join(map(visible, names[:3]))}{more}."] if names else []


def _no_articles(kinds: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The pages that are no articles, some of each kind by name."""
    lines = []
    for kind, entry in kinds.items():
        names = ", ".join(map(visible, entry["names"][:3])) + (" …" if entry["pages"] > 3 else "")
        lines.append(f"  {entry['pages']:,} × {visible(kind)}: {names}")
    return ["", "Pages that are no articles (--only articles leaves nothing of them):", *lines] if lines else []


def _css(css: Mapping[str, Mapping[str, int]]) -> list[tuple[str, ...]]:
    """A row for each CSS selector of the user's, and a head: what it has met."""
    rows: list[tuple[str, ...]] = [("By CSS", "elements", "articles", "characters")]
    for name, met in css.items():
        numbers = (f"{met[key]:,}" for key in ("elements", "articles", "characters"))
        rows.append((f"  {visible(name.replace('/', ' ', 1))}", *numbers))
    return rows


def _left_out(left_out: Mapping[str, Mapping[str, int]]) -> list[str]:
    lines = []
    for name, counts in list(left_out.items())[:3]:
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        kinds = ", ".join(f"{number:,} × {visible(why)}" for why, number in most[:5])
        lines.append(f"  {visible(name)}: {kinds}{' …' if len(most) > 5 else ''}")
    if len(left_out) > 3:
        lines.append(f"  … and {len(left_out) - 3:,} more files, in summary.json")
    return ["", "Left out of the results (records that are no articles, encodings):", *lines] if lines else []


def _not_taken(not_taken: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = []
    for why, entry in not_taken.items():
        names = ", ".join(visible(name) for name in entry["names"][:3])
        more = " …" if entry["files"] > 3 else ""
        lines.append(f"  {entry['files']:,} × {why}: {names}{more}")
    return ["", "Not taken:", *lines] if lines else []
