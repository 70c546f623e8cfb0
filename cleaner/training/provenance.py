"""What a model was trained on, so that others can repeat it, and see when rules have moved away from it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from cleaner import __version__
from cleaner.detectors.text_judge.features import ALL_NAMES
from cleaner.rulebook.values import Rule
from cleaner.training.fit_text import Snippet
from cleaner.training.gold import Gold

LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy")


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
