"""What a model was trained on, so that others can repeat it, and see when rules have moved away from it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from cleaner import __version__
from cleaner.api import Cleaner
from cleaner.detectors.class_names import Kinds
from cleaner.detectors.page_judge.surroundings import NAMES as PAGE_NAMES
from cleaner.detectors.text_judge.features import ALL_NAMES
from cleaner.pipeline import read_models
from cleaner.rulebook.values import Rule
from cleaner.training.fit_text import Snippet
from cleaner.training.gold import Gold
from cleaner.training.page_gold import PageGold

LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy")
PAGE_LIBRARIES = ("lxml", "numpy", "trafilatura")


def trained_on(
    gold: Sequence[Gold], snippets: Sequence[Snippet], rules: Iterable[Rule], files: Sequence[str], *, fresh: bool
) -> dict[str, Any]:
    """The block ``trained_on`` of a model file: digests of gold, rules and features, counts, versions, command."""
    languages = Counter(each.language or "und" for each in gold)
    marks = [(each.id, each.text, [(m.span.start, m.span.end, m.category) for m in each.labels]) for each in gold]
    return {
        "gold": digest([marks, [(each.category, each.text) for each in snippets]]),
        "rules": rules_digest(rules),
        "features": digest(list(ALL_NAMES)),
        "articles": len(gold),
        "sites": len({each.site for each in gold}),
        "snippets": len(snippets),
        "languages": dict(languages.most_common()),
        "command": " ".join(("cleaner fit text", *(name.rstrip("/").rpartition("/")[2] for name in files)))
        + (" --fresh" if fresh else ""),
        "versions": {"article-cleaner": __version__, **{name: _version(name) for name in LIBRARIES}},
    }


def pages_trained_on(
    pages: Sequence[PageGold], sites: int, cleaner: Cleaner, command: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """The block ``trained_on`` of a model file for pages: digests of gold, rules, words of class names and features,
    counts, settings, versions, command."""
    return {
        "gold": digest([(each.set, each.digest) for each in pages]),
        "rules": rules_digest(cleaner.rulebook.rules),
        "words": words_digest(read_models(cleaner.pipeline.markup).kinds),
        "features": digest(list(PAGE_NAMES)),
        "pages": len(pages),
        "sites": sites,
        "sets": dict(Counter(each.set for each in pages).most_common()),
        "command": command,
        "settings": dict(settings),
        "versions": {"article-cleaner": __version__, **{name: _version(name) for name in PAGE_LIBRARIES}},
    }


def words_digest(words: Kinds) -> str:
    """A digest of the words of class names, their groups and the categories of these."""
    return digest([sorted(words.groups.of_word.items()), sorted(words.of_group.items()), sorted(words.of_tag.items())])


def rules_digest(rules: Iterable[Rule]) -> str:
    """A digest of what rules find: their ids, patterns, conditions and scores."""
    return digest(sorted(repr(rule) for rule in rules))


def digest(value: Any) -> str:
    """The SHA-256 of a value as JSON."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
