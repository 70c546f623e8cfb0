"""The hosts of addresses, and the sites that they belong to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def hostname(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return urlsplit(url if "//" in url else "//" + url).hostname
    except ValueError:
        return None


def is_of(host: str | None, site: str) -> bool:
    return host is not None and (host == site or host.endswith("." + site))


_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)
_BETWEEN = re.compile(r"[^\w.]+")


def site(source: str) -> str | None:
    """The host that a folder on the way to an article is named after.

    >>> site("news/www.example.org/1.txt"), site("news/1.txt")
    ('example.org', None)
    """
    named = (part.lower().removeprefix("www.") for part in source.split("/")[:-1] if _HOST.fullmatch(part))
    return next(named, None)


def host_of(url: str | None) -> str | None:
    """The host of an address, as sites are named here.

    >>> host_of("https://www.example.org/a"), host_of("a.txt")
    ('example.org', None)
    """
    if not url or "//" not in url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def named(value: object) -> str | None:
    """The site that a field names: by an address, a host, or the name of an outlet, which is written as a host is.

    >>> named("https://www.example.org/a"), named("WWW.Example.org"), named(" The Marlow Post "), named(None)
    ('example.org', 'example.org', 'the-marlow-post', None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    head = value.strip().split("/")[0]
    if _HOST.fullmatch(head):
        value = head
    return host_of(value) or _BETWEEN.sub("-", value).strip("-.").lower().removeprefix("www.") or None
