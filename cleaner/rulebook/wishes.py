"""``keep-css`` and ``drop-css`` of a profile or of a file of rules for a site."""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.article.model import Action, Wish
from cleaner.rulebook.yaml_tree import Node

KEYS: dict[str, Action] = {"drop-css": "remove", "keep-css": "keep"}
"""What each key wishes, in the order in which they count."""


def read_wishes(keys: Mapping[str, Node], hosts: tuple[str, ...] = (), category: str | None = None) -> tuple[Wish, ...]:
    """The wishes at these keys; what is wrong with a selector is reported to its node.

    ``hosts``: the sites that they are for. ``category``: what is dropped is logged as.
    """
    if KEYS.keys().isdisjoint(keys):
        return ()
    from cleaner.text.selectors import parts  # here, because few need what it loads

    found: list[Wish] = []
    for key, action in KEYS.items():
        if key not in keys:
            continue
        items = [(item, text) for item in keys[key].items() if (text := item.string()) is not None]
        if not items and not keys[key].faulty:
            keys[key].fault(f"a CSS selector is missing here, such as `{key}: ['.promo', 'aside']`")
        for item, text in items:
            try:
                found += [Wish(each, action, category, hosts) for each in parts(text)]
            except ValueError as error:
                item.fault(str(error))
    return tuple(found)


def read_site_wishes(node: Node) -> tuple[Wish, ...]:
    """The wishes of a file of rules, which must be for a site; what else stands in the file is for others to read."""
    keys = dict(node.entries())
    if KEYS.keys().isdisjoint(keys):
        return ()
    hosts = keys["host"].strings() if "host" in keys else ()
    if not hosts:
        node.fault("`keep-css` and `drop-css` need `host:` here; for pages of all sites they stand in a profile")
    return read_wishes(keys, hosts, keys["category"].string() if "category" in keys else None)
