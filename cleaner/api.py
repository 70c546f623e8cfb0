"""What Python users call: ``Cleaner`` binds rules, profile and detectors; ``clean`` is one with the default rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import pipeline
from cleaner.detectors import justext, page_kinds
from cleaner.detectors.phrases.detector import Phrases
from cleaner.detectors.text_judge.judge import load
from cleaner.errors import OptionFault
from cleaner.files import rule_folders
from cleaner.model import CATEGORIES, PRECISION, Article, Cleaned, Finding, moved
from cleaner.reading.plain_text import parted, segment
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.values import Rule, Rulebook
from cleaner.rulebook.yaml_tree import Source
from cleaner.text.hosts import hostname, is_of
from cleaner.text.language import UNKNOWN

if TYPE_CHECKING:
    from cleaner.detectors.page_judge.weights_file import Markup

DETECTORS = ("phrases", "prose", "judge", "dom", "maincontent")


class Cleaner:
    """Rules, profile and choices of a run, compiled once. Picklable; cleaning leaves nothing behind in it.

    ``rules``: a folder or file of YAML rules in place of the shipped ones. ``profile``: the name of one of its
    profiles. ``language``: the language of all articles, in place of detection. ``select`` and ``ignore``: names of
    categories, rules or detectors to use alone, or not to use; ``ignore=["judge"]`` leaves rules alone. ``precision``:
    ``careful``, ``default`` or ``thorough``, how sure to be before something goes. ``fast``: pages are judged without
    trafilatura.

    Raises ``RuleFaults`` for bad rules, ``OptionFault`` for a name that there isn't, ``OSError`` for a folder that
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
        fast: bool = False,
    ) -> None:
        folder = None if rules is None else Path(rules)
        sources, weights, markup = (
            rule_folders.read_rules(folder),
            rule_folders.read_weights(folder),
            rule_folders.read_markup(folder),
        )
        if folder is None:
            sources = tuple(replace(source, proven=True) for source in sources)
        self._prepare(sources, markup, weights, profile, language, tuple(select), tuple(ignore), precision, fast)

    def _prepare(
        self,
        sources: tuple[Source, ...],
        markup: tuple[Source, ...],
        weights: Source | None,
        profile: str,
        language: str | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        precision: str,
        fast: bool,
    ) -> None:
        self._arguments = (sources, markup, weights, profile, language, select, ignore, precision, fast)
        self.markup, self.fast = markup, fast
        self.rulebook: Rulebook = _rulebook(sources)
        if profile not in self.rulebook.profiles:
            raise OptionFault(
                f"there is no profile {profile!r}; there are: {', '.join(sorted(self.rulebook.profiles))}"
            )
        known = {*CATEGORIES, *DETECTORS, *(rule.id for rule in self.rulebook.rules)}
        for name in (*select, *ignore):
            if name not in known:
                raise OptionFault(f"{name!r} is no category, detector or rule; `cleaner rules list` names the rules")
        if precision not in PRECISION:
            raise OptionFault(f"there is no precision {precision!r}; there are: {', '.join(PRECISION)}")
        self.profile = moved(self.rulebook.profiles[profile], PRECISION[precision])
        self.sources = (*self.rulebook.sources, *markup, *((weights,) if weights else ()))
        """All that the answers depend on beside the articles."""
        self.weights = weights
        self._judge = load(weights.text) if weights and "judge" not in ignore else None
        self._hosts = frozenset(name for rule in self.rulebook.rules for name in rule.hosts)
        self.language = language
        self._select, self._ignore = frozenset(select), frozenset(ignore)
        self._phrases: dict[tuple[str, tuple[str, ...], bool], Phrases] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, self._arguments)

    def clean(
        self, text: str, *, id: str = "", url: str | None = None, title: str | None = None, language: str | None = None
    ) -> Cleaned:
        """``text`` cleaned. ``url`` brings in the rules of its site; ``language`` overrides detection.

        Raises ``TypeError`` if ``text`` is no string, ``PatternTimeout`` if a rule takes too long on it.
        """
        article = self.segment(text, id=id, url=url, title=title, language=language)
        return pipeline.clean(article, (self.findings,), self.profile, self._judged if self._judge else None)

    def segment(
        self, text: str, *, id: str = "", url: str | None = None, title: str | None = None, language: str | None = None
    ) -> Article:
        """``text`` as the article that is looked at: the first step of ``clean``."""
        if not isinstance(text, str):
            raise TypeError(f"clean takes a string, not {type(text).__name__}; decode bytes first")
        return segment(text, id=id, language=language or self.language, url=url, title=title)

    def findings(self, article: Article) -> tuple[Finding, ...]:
        """What the rules and the shape of the paragraphs claim in an article, before anything is decided."""
        return (*self._phrases_for(article)(parted(article)), *self._prose(article))

    def applying(self, article: Article) -> tuple[Rule, ...]:
        """The rules that are asked about an article, by its language and site."""
        return self._phrases_for(article).rules

    def clean_html(
        self, html: str | bytes, *, id: str = "", url: str | None = None, language: str | None = None
    ) -> Cleaned:
        """A page cleaned: ``result.article.text`` is the text of all its blocks, which the removed spans point into.

        Raises ``TypeError`` if ``html`` is neither text nor bytes, ``DecodeFault`` if it is no page (a PDF, XML),
        ``PatternTimeout`` if a rule takes too long on it.
        """
        if not isinstance(html, (str, bytes)):
            raise TypeError(f"clean_html takes a string or bytes, not {type(html).__name__}")
        from cleaner.detectors.page_judge import judge as page_judge
        from cleaner.reading.html import parse, read  # here, because runs over text need neither lxml nor trafilatura

        known = _markup(self.markup)
        tree = parse(html)
        article = read(tree, id=id, language=language or self.language, url=url)
        ask = not self.fast and len(article.paragraphs) <= page_judge.MOST_BLOCKS
        lines = page_judge.lines(tree.root) if ask else None
        weights, forest = (known.full, known.full_forest) if ask else (known.fast, known.fast_forest)
        look = None
        if self._wanted("other", "", page_judge.NAME):
            look = page_judge.Look.of(article, known.kinds.groups, weights, lines, forest)

        def around(article: Article) -> Iterable[Finding]:
            for finding in page_kinds.detect(article, known.kinds):
                if self._wanted(finding.category, finding.rule, page_kinds.NAME):
                    yield finding

        return pipeline.clean_page(
            article, (around,), look, lambda inner: (self._phrases_for(inner, page=True),), self.profile
        )

    def found(
        self, text: str, *, id: str = "", url: str | None = None, language: str | None = None
    ) -> tuple[Article, tuple[Finding, ...]]:
        """The article of a text, and what is found in it before the judge is asked."""
        article = self.segment(text, id=id, url=url, language=language)
        return article, self.findings(article)

    def _wanted(self, category: str, rule: str, detector: str) -> bool:
        names = {category, rule, detector}
        return (not self._select or not names.isdisjoint(self._select)) and names.isdisjoint(self._ignore)

    def _prose(self, article: Article) -> Iterable[Finding]:
        return justext.detect(article) if self._wanted("other", "", justext.NAME) else ()

    def _judged(self, article: Article, findings: Sequence[Finding]) -> Iterable[Finding]:
        judged = self._judge(article, findings) if self._judge else ()
        return (finding for finding in judged if self._wanted(finding.category, "", finding.detector))

    def _phrases_for(self, article: Article, page: bool = False) -> Phrases:
        """The rules for an article. Rules without a pattern guess from lengths and places what a page's markup says
        (a caption, a list of titles): on a page they would take headings and list items for it."""
        host = hostname(article.url)
        sites = tuple(sorted(name for name in self._hosts if is_of(host, name))) if host else ()
        key = (article.language, sites, page)
        if key not in self._phrases:
            self._phrases[key] = Phrases.of(
                rule
                for rule in self.rulebook.rules
                if self._applies(rule, article.language, sites)
                and (rule.keys or not page)
                and self._wanted(rule.category, rule.id, "phrases")
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
def _markup(sources: tuple[Source, ...]) -> Markup:
    from cleaner.detectors.page_judge.weights_file import read_markup

    return read_markup(sources)


@lru_cache(maxsize=4)
def _rulebook(sources: tuple[Source, ...]) -> Rulebook:
    return compile_rules(sources)


@lru_cache(maxsize=1)
def _default() -> Cleaner:
    return Cleaner()


def clean(text: str, *, url: str | None = None, title: str | None = None, language: str | None = None) -> Cleaned:
    """``text`` cleaned with the shipped rules and the profile ``default``. See ``Cleaner.clean``.

    >>> clean("The bridge opened on Monday.\\nAdvertisement\\nTraffic flowed by noon.").text
    'The bridge opened on Monday.\\nTraffic flowed by noon.'
    """
    return _default().clean(text, url=url, title=title, language=language)


def clean_html(html: str | bytes, *, url: str | None = None, language: str | None = None) -> Cleaned:
    """A page cleaned with the shipped rules and the profile ``default``. See ``Cleaner.clean_html``."""
    return _default().clean_html(html, url=url, language=language)
