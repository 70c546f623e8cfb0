"""The days on which articles came out: told by a field, by what a page says, or by an address or a path."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate

FIRST, LAST = date(1900, 1, 1).toordinal(), date(2200, 1, 1).toordinal()
"""Days between which articles come out; what lies outside of them is no date."""
SECONDS = 86_400
EPOCH = date(1970, 1, 1).toordinal()
SINCE, UNTIL = 631_152_000, 7_258_118_400
"""Seconds since 1970 that are likely a date: from 1990 to 2200. A thousand times as many are thousandths."""

_ISO = re.compile(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_SLASHES = re.compile(r"\s*(\d{4})[/.](\d\d?)[/.](\d\d?)(?!\d)")
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(\d\d)\2(\d\d)(?!\d)")


def day(value: object) -> int | None:
    """The day that a field holds, as the number that ``date.toordinal`` gives it; ``None`` for what is no date.

    >>> day("2024-05-12T08:00:00Z") == day("Sun, 12 May 2024 08:00:00 +0000") == day(date(2024, 5, 12))
    True
    >>> day("last week"), day(None)
    (None, None)
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _since_1970(value)
    if not isinstance(value, str):
        return None
    found = _ISO.match(value) or _SLASHES.match(value)
    if found:
        return _made(found[1], found[2], found[3])
    parts = parsedate(value)
    return _made(*parts[:3]) if parts else None


def day_in(path: str | None) -> int | None:
    """The day that stands in an address or a path, the last if there are several.

    >>> date.fromordinal(day_in("https://example.org/2024/05/12/ferry") or 0), day_in("archive/12345678.txt")
    (datetime.date(2024, 5, 12), None)
    """
    found = None
    for match in _IN_PATH.finditer(path or ""):
        found = _made(match[1], match[3], match[4]) or found
    return found


def _made(year: str | int, month: str | int, number: str | int) -> int | None:
    try:
        found = date(int(year), int(month), int(number)).toordinal()
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def _since_1970(seconds: float) -> int | None:
    if SINCE * 1000 <= seconds <= UNTIL * 1000:
        seconds /= 1000
    return EPOCH + int(seconds // SECONDS) if SINCE <= seconds <= UNTIL else None
