"""Adds up the articles of a run and makes its summary. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cleaner.article.model import CATEGORIES, STATUSES, Cleaned, status
from cleaner.results import log

NAMED = 20
"""The number of files of each untaken kind that the summary names. It counts them all."""
NO_SITE = "(none)"
"""The key for articles without a site."""


@dataclass(slots=True)
class Count:
    """The number of removed spans of one kind, of articles that had any, and of their characters."""

    spans: int = 0
    articles: int = 0
    characters: int = 0

    def add(self, record: Mapping[str, int]) -> None:
        """Add the ``record`` of a count over other articles."""
        self.spans += record["spans"]
        self.articles += record["articles"]
        self.characters += record["characters"]

    def record(self) -> dict[str, int]:
        """Return the count as the summary shows it."""
        return {"spans": self.spans, "articles": self.articles, "characters": self.characters}


@dataclass(slots=True)
class Met:
    """What a selector of the user's has matched: ``pages`` that it applies to, and ``articles`` among them with a
    match."""

    pages: int = 0
    articles: int = 0
    elements: int = 0
    characters: int = 0

    def record(self) -> dict[str, int]:
        """Return the count as the summary shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


def add_met(css: dict[str, Met], page: Mapping[str, Mapping[str, int]]) -> None:
    """Count what the selectors have matched on one page, from its record."""
    for name, found in page.items():
        met = css.setdefault(name, Met())
        met.pages += 1
        met.articles += found["elements"] > 0
        met.elements += found["elements"]
        met.characters += found["characters"]


class Digest:
    """A digest of all articles of a run: the sum of their digests, so that the order doesn't matter."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, article: str, sha256: str) -> None:
        """Add an article by its id and the digest of its text."""
        one = hashlib.sha256(f"{sha256} {article}\0".encode("utf-8", "surrogatepass")).digest()
        self._sum = (self._sum + int.from_bytes(one, "big")) % (1 << 256)

    def merge(self, hexdigest: str) -> None:
        """Add the articles of another digest."""
        self._sum = (self._sum + int(hexdigest, 16)) % (1 << 256)

    def hexdigest(self) -> str:
        """Return the digest so far."""
        return f"{self._sum:064x}"


@dataclass(slots=True)
class Tally:
    """The sums of a run so far. Unlike other values, it changes; it belongs to one run."""

    statuses: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    removed: Count = field(default_factory=Count)
    categories: dict[str, Count] = field(default_factory=dict)
    rules: dict[str, Count] = field(default_factory=dict)
    sites: dict[str, Count] = field(default_factory=dict)
    css: dict[str, Met] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[str]] = field(default_factory=dict)
    """The number of pages that are no articles, by their kind, and the names of the first of each kind."""
    nothing_left: list[str] = field(default_factory=list)
    """The names of the first articles of which nothing is left."""
    digest: Digest = field(default_factory=Digest)

    def add(self, cleaned: Cleaned, site: str, sha256: str) -> None:
        """Count a cleaned article."""
        article = {
            "article": cleaned.article.id,
            "status": status(cleaned),
            "characters": len(cleaned.article.text),
            "sha256": sha256,
            "site": site,
        }
        spans = ("category", "rule", "detector", "start", "end")
        self.add_record(article, [{name: getattr(span, name) for name in spans} for span in cleaned.removed])

    def add_record(self, article: Mapping[str, Any], removed: Iterable[Mapping[str, Any]]) -> None:
        """Count a cleaned article from its records in the logs."""
        self.statuses[article["status"]] += 1
        self.characters += article["characters"]
        self.digest.add(article["article"], article["sha256"])
        if article["status"] == "nothing-left" and len(self.nothing_left) < NAMED:
            self.nothing_left.append(article["article"])
        if article["status"] == "no-article":
            kind = str((article.get("page") or {}).get("kind"))
            self.kinds[kind] += 1
            if self.kinds[kind] <= NAMED:
                self.named.setdefault(kind, []).append(article["article"])
        add_met(self.css, (article.get("page") or {}).get("css", {}))
        site = article["site"] or NO_SITE
        self.sites.setdefault(site, Count())
        seen: set[int] = set()
        for span in removed:
            for count in (
                self.removed,
                self.categories.setdefault(span["category"], Count()),
                self.rules.setdefault(span["rule"] or span["detector"], Count()),
                self.sites[site],
            ):
                count.spans += 1
                count.characters += span["end"] - span["start"]
                count.articles += id(count) not in seen
                seen.add(id(count))

    def add_counts(self, record: Mapping[str, Any], digest: str) -> None:
        """Add the ``counts`` of another run or shard, and the digest of its articles."""
        self.statuses.update(record["status"])
        self.failures.update(record["errors"])
        self.characters += record["characters"]
        self.digest.merge(digest)
        self.nothing_left = [*self.nothing_left, *record.get("nothing_left", ())][:NAMED]
        for kind, pages in record.get("no_articles", {}).items():
            self.kinds[kind] += pages["pages"]
            self.named[kind] = [*self.named.get(kind, ()), *pages["names"]][:NAMED]
        self.removed.add(record["removed"])
        for mine, theirs in (
            (self.categories, record["categories"]),
            (self.rules, record["rules"]),
            (self.sites, record["sites"]),
        ):
            for name, count in theirs.items():
                mine.setdefault(name, Count()).add(count)
        for name, counts in record.get("css", {}).items():
            met = self.css.setdefault(name, Met())
            for key, number in counts.items():
                setattr(met, key, getattr(met, key) + number)

    @property
    def done(self) -> int:
        """The number of cleaned articles."""
        return self.statuses.total()

    @property
    def failed(self) -> int:
        """The number of articles that failed."""
        return self.failures.total()

    def _no_articles(self) -> dict[str, Any]:
        return {kind: {"pages": self.kinds[kind], "names": names} for kind, names in sorted(self.named.items())}

    def counts(self) -> dict[str, Any]:
        """Return the counts as the summary shows them, in an order that depends on the counts alone."""
        return {
            "articles": self.done,
            "failed": self.failed,
            "status": {name: self.statuses[name] for name in STATUSES},
            **({"nothing_left": self.nothing_left} if self.nothing_left else {}),
            **({"no_articles": self._no_articles()} if self.kinds else {}),
            "errors": dict(sorted(self.failures.items())),
            "characters": self.characters,
            "removed": self.removed.record(),
            "categories": {name: self.categories[name].record() for name in CATEGORIES if name in self.categories},
            "rules": {name: count.record() for name, count in sorted(self.rules.items())},
            "sites": {name: count.record() for name, count in sorted(self.sites.items())},
            **({"css": {name: met.record() for name, met in sorted(self.css.items())}} if self.css else {}),
        }


def summary(
    tally: Tally,
    *,
    inputs: Sequence[str],
    not_taken: Mapping[str, Sequence[str]],
    rules: str,
    options: Mapping[str, Any],
    versions: Mapping[str, str],
    left_out: Mapping[str, Mapping[str, int]] = {},
    repeats: str | None = None,
    sites: Mapping[str, str] = {},
) -> dict[str, Any]:
    """Return the summary of a run. It names no time and no machine: the same input and rules give the same bytes.

    ``repeats``: the digest of the counts of all sites. ``sites``: the digest for each counted site.
    """
    return {
        **log.header(log.SUMMARY),
        **tally.counts(),
        "inputs": list(inputs),
        "not_taken": {why: {"files": len(names), "names": list(names[:NAMED])} for why, names in not_taken.items()},
        "left_out": {name: dict(sorted(counts.items())) for name, counts in sorted(left_out.items())},
        "options": dict(options),
        "digests": {"rules": rules, "inputs": tally.digest.hexdigest(), "repeats": repeats},
        "repeats": dict(sorted(sites.items())),
        "versions": dict(versions),
    }
