"""What Python users call: ``Cleaner`` binds rules, profile and detectors; ``clean`` is one with the default rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaner import files, pipeline
from cleaner.detectors import prose
from cleaner.detectors.judge import load
from cleaner.detectors.phrases import Phrases
from cleaner.language import UNKNOWN
from cleaner.model import CATEGORIES, Article, Cleaned, Finding
from cleaner.rule import PRECISION, moved
from cleaner.rulebook import Rule, Rulebook, Source, compile_rules
from cleaner.segment import parted, segment

DETECTORS = ("phrases", "prose", "judge")


class Cleaner:
    """Rules, profile and choices of a run, compiled once. Picklable; cleaning leaves nothing behind in it.

    ``rules``: a folder or file of YAML rules in place of the shipped ones. ``profile``: the name of one of its
    profiles. ``language``: the language of all articles, in place of detection. ``select`` and ``ignore``: names of
    categories, rules or detectors to use alone, or not to use; ``ignore=["judge"]`` leaves rules alone. ``precision``:
    ``careful``, ``default`` or ``thorough``, how sure to be before something goes.

    Raises ``RuleFaults`` for bad rules, ``ValueError`` for a name that there isn't, ``OSError`` for a folder that
    can't be read.
    """

    def __init__(
        self,
        rules: str | Path | None = None,
        profile: str = "default",
        *,
        language: str | None = None,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        precision: str = "default",
    ) -> None:
        folder = None if rules is None else Path(rules)
        sources, weights = files.read_rules(folder), files.read_weights(folder)
        self._prepare(sources, weights, profile, language, tuple(select), tuple(ignore), precision)

    def _prepare(
        self,
        sources: tuple[Source, ...],
        weights: Source | None,
        profile: str,
        language: str | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        precision: str,
    ) -> None:
        self._arguments = (sources, weights, profile, language, select, ignore, precision)
        self.rulebook: Rulebook = _rulebook(sources)
        if profile not in self.rulebook.profiles:
            raise ValueError(f"there is no profile {profile!r}; there are: {', '.join(sorted(self.rulebook.profiles))}")
        known = {*CATEGORIES, *DETECTORS, *(rule.id for rule in self.rulebook.rules)}
        for name in (*select, *ignore):
            if name not in known:
                raise ValueError(f"{name!r} is no category, detector or rule; `cleaner rules list` names the rules")
        if precision not in PRECISION:
            raise ValueError(f"there is no precision {precision!r}; there are: {', '.join(PRECISION)}")
        self.profile = moved(self.rulebook.profiles[profile], PRECISION[precision])
        self.sources = (*self.rulebook.sources, *((weights,) if weights else ()))
        """All that the answers depend on beside the articles."""
        self.weights = weights
        self._judge = load(weights.text) if weights and "judge" not in ignore else None
        self.language = language
        self._select, self._ignore = frozenset(select), frozenset(ignore)
        self._phrases: dict[tuple[str, tuple[str, ...]], Phrases] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, self._arguments)

    def clean(
        self, text: str, *, id: str = "", url: str | None = None, title: str | None = None, language: str | None = None
    ) -> Cleaned:
        """``text`` cleaned. ``url`` brings in the rules of its site; ``language`` overrides detection.

        Raises ``TypeError`` if ``text`` is no string, ``PatternTimeout`` if a rule takes too long on it.
        """
        if not isinstance(text, str):
            raise TypeError(f"clean takes a string, not {type(text).__name__}; decode bytes first")
        article = segment(text, id=id, language=language or self.language, url=url, title=title)
        return pipeline.clean(article, self._detectors(article), self.profile, self._judged if self._judge else None)

    def findings(
        self, text: str, *, id: str = "", url: str | None = None, language: str | None = None
    ) -> tuple[Article, tuple[Finding, ...]]:
        """The article of a text, and what is found in it before the judge is asked."""
        article = segment(text, id=id, language=language or self.language, url=url)
        return article, tuple(finding for detector in self._detectors(article) for finding in detector(article))

    def _detectors(self, article: Article) -> tuple[pipeline.Detector, ...]:
        phrases = self._phrases_for(article)
        return (lambda _: phrases(parted(article)), self._prose)

    def _wanted(self, category: str, rule: str, detector: str) -> bool:
        names = {category, rule, detector}
        return (not self._select or not names.isdisjoint(self._select)) and names.isdisjoint(self._ignore)

    def _prose(self, article: Article) -> Iterable[Finding]:
        return prose.detect(article) if self._wanted("other", "", prose.NAME) else ()

    def _judged(self, article: Article, findings: Sequence[Finding]) -> Iterable[Finding]:
        judged = self._judge(article, findings) if self._judge else ()
        return (finding for finding in judged if self._wanted(finding.category, "", finding.detector))

    def _phrases_for(self, article: Article) -> Phrases:
        host = _host(article.url)
        sites = (
            tuple(sorted({name for rule in self.rulebook.rules for name in rule.hosts if _is_of(host, name)}))
            if host
            else ()
        )
        key = (article.language, sites)
        if key not in self._phrases:
            self._phrases[key] = Phrases.of(
                rule
                for rule in self.rulebook.rules
                if self._applies(rule, *key) and self._wanted(rule.category, rule.id, "phrases")
            )
        return self._phrases[key]

    @staticmethod
    def _applies(rule: Rule, language: str, sites: tuple[str, ...]) -> bool:
        if rule.hosts:
            return not set(sites).isdisjoint(rule.hosts)
        # Where the language can't be told, mostly in texts of a few words, every language may be it.
        return language == UNKNOWN or language in rule.languages or "any" in rule.languages


def _again(*arguments: Any) -> Cleaner:
    cleaner = Cleaner.__new__(Cleaner)
    cleaner._prepare(*arguments)
    return cleaner


@lru_cache(maxsize=4)
def _rulebook(sources: tuple[Source, ...]) -> Rulebook:
    return compile_rules(sources)


def _host(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return urlsplit(url if "//" in url else "//" + url).hostname
    except ValueError:
        return None


def _is_of(host: str | None, site: str) -> bool:
    return host is not None and (host == site or host.endswith("." + site))


@lru_cache(maxsize=1)
def _default() -> Cleaner:
    return Cleaner()


def clean(text: str, *, url: str | None = None, title: str | None = None, language: str | None = None) -> Cleaned:
    """``text`` cleaned with the shipped rules and the profile ``default``. See ``Cleaner.clean``.

    >>> clean("The bridge opened on Monday.\\nAdvertisement\\nTraffic flowed by noon.").text
    'The bridge opened on Monday.\\nTraffic flowed by noon.'
    """
    return _default().clean(text, url=url, title=title, language=language)
