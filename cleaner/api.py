"""What Python users call: ``Cleaner`` reads the files and builds a ``Pipeline``; ``clean`` uses one with the
defaults."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaner.article.model import CATEGORIES, Action, Cleaned, Wish
from cleaner.detectors.text_judge.judge import load
from cleaner.errors import OptionFault, unknown
from cleaner.files import rule_folders
from cleaner.files.kept_counts import KeptCounts
from cleaner.pipeline import Pipeline
from cleaner.prepared import Tables, rulebook
from cleaner.rulebook.digest import digest
from cleaner.rulebook.profiles import PRECISION, moved
from cleaner.rulebook.values import Rulebook
from cleaner.rulebook.yaml_tree import Source
from cleaner.sites.counts import Known
from cleaner.text.hosts import named
from cleaner.text.language import checked

DETECTORS = ("phrases", "prose", "judge", "dom", "maincontent", "repeats")


class Cleaner:
    """Rules, a profile and options, read and compiled once. Picklable, and safe to share between threads.

    ``rules``: a folder or file of YAML rules, or several of them, added to the shipped rules. What your rules claim
    above its threshold is removed whatever the judge says, and a rule replaces a shipped one with the same id.
    ``rules_only``: leave out the shipped rules, and the judge that was fitted with them (unless a folder brings its
    own). ``profile``: the name of a profile, shipped or your own. ``language``: the language of all articles, in place
    of detection. ``select`` and ``ignore``: the categories, rules or detectors to use alone, or to leave out (a list,
    or one string with commas); ``ignore="judge"`` uses only the rules. ``precision``: ``careful``, ``default`` or
    ``thorough``: how sure to be before something is removed. ``fast``: judge pages without trafilatura. ``full``: ask
    trafilatura about every page, not only about those whose markup leaves doubts. ``repeats``: a folder of counts (from
    ``cleaner sites count``), or an object that looks counts up; what the articles of a site repeat is then evidence
    too. ``keep_css`` and ``drop_css``: CSS selectors for the elements of pages to keep and to remove, whatever else is
    seen (``"aside, .promo"``, or a list); ``result.article.page.wished`` tells what each of them matched.

    ``only="articles"``: leave nothing of pages that are not articles (see ``result.kind``).

    Raises ``RuleFaults`` for faulty rules, ``OptionFault`` for an unknown name or an invalid selector, and ``OSError``
    for a folder that can't be read.
    """

    def __init__(
        self,
        rules: str | Path | Iterable[str | Path] | None = None,
        profile: str = "default",
        *,
        rules_only: bool = False,
        language: str | None = None,
        select: str | Iterable[str] = (),
        ignore: str | Iterable[str] = (),
        precision: str = "default",
        fast: bool = False,
        full: bool = False,
        repeats: str | Path | Known | None = None,
        keep_css: str | Iterable[str] = (),
        drop_css: str | Iterable[str] = (),
        only: str | None = None,
    ) -> None:
        keep_css, drop_css, select, ignore = map(_several, (keep_css, drop_css, select, ignore))
        given = {name: value for name, value in locals().items() if name not in ("self", "rules", "repeats")}
        folders = tuple(map(Path, (rules,) if isinstance(rules, (str, Path)) else rules or ()))
        sources, weights, markup = (
            rule_folders.read_rules(folders, only=rules_only),
            rule_folders.read_weights(folders, only=rules_only),
            rule_folders.read_markup(folders),
        )
        if only not in (None, "articles"):
            raise OptionFault(unknown("kind to ask for with only", str(only), ["articles"]))
        if fast and full:
            raise OptionFault("fast and full are two ways to judge pages: choose one")
        select, ignore = _names(select), _names(ignore)
        self.rulebook: Rulebook
        self.rulebook, tables = _rulebook(sources)
        _check(self.rulebook, profile, (*select, *ignore), precision)
        self._ruled = frozenset(code for rule in self.rulebook.rules for code in rule.languages)
        if language is not None:
            checked(language, self._ruled)
        self.wishes: tuple[Wish, ...] = (*_wishes(drop_css, "remove"), *_wishes(keep_css, "keep"))
        """The elements of pages to keep and to remove, as ``keep_css`` and ``drop_css`` give them."""
        chosen = moved(self.rulebook.profiles[profile], PRECISION[precision])
        self.weights = weights
        """The weights of the text judge and its word scores, as they were read."""
        self.sources = (*self.rulebook.sources, *markup, *(weights or ()))
        """Everything besides the articles that the results depend on."""
        self.pipeline = Pipeline(
            self.rulebook.rules,
            chosen,
            judge=load(*(each.text for each in weights)) if weights and "judge" not in ignore else None,
            markup=markup,
            language=language,
            select=frozenset(select),
            ignore=frozenset(ignore),
            fast=fast,
            full=full,
            known=KeptCounts(str(repeats)) if isinstance(repeats, (str, Path)) else repeats,
            tables=tables,
            only_articles=only is not None,
            wishes=(*self.rulebook.wishes, *chosen.wishes, *self.wishes),
        )
        """The steps that do the work. It opens no files."""
        self._recipe = rule_folders.held(folders), tuple(sorted(given.items()))

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickle the arguments and the text of the user's own rules: a few kilobytes. The shipped rules and models are
        not included; loading takes them from the package there, and raises ``OptionFault`` if they differ."""
        if type(self) is not Cleaner:
            return super().__reduce_ex__(protocol)
        return _made_again, (*self._recipe, self.sources_digest(), self.pipeline.known)

    def sources_digest(self) -> str:
        """The digest of the rules, the word lists and the models."""
        return digest(self.sources)

    def with_repeats(self, known: Known | None) -> Cleaner:
        """A copy of this cleaner with other counts of what sites repeat, or with none."""
        other = object.__new__(type(self))  # `copy` would give one that all who are pickled alike share
        vars(other).update(vars(self), pipeline=replace(self.pipeline, known=known))
        return other

    def counts_digest(self) -> str | None:
        """The digest of the counts in ``repeats``, if that names a folder."""
        known = self.pipeline.known
        return known.digest() if isinstance(known, KeptCounts) else None

    def clean(
        self,
        text: str,
        *,
        id: str = "",
        url: str | None = None,
        title: str | None = None,
        language: str | None = None,
        site: str | None = None,
    ) -> Cleaned:
        """Clean a plain text. ``url`` brings in the rules for its site; ``language`` overrides detection; ``site``
        names the outlet (an address, a host or a name), where it is not the host of ``url``.

        A rule that takes too long on a paragraph is left out of it, and named in ``notes``. Raises ``TypeError`` if
        ``text`` is not a string.
        """
        if language is not None:
            checked(language, self._ruled)
        return self.pipeline.clean(
            self.pipeline.read(text, id=id, url=url, title=title, language=language, site=named(site))
        )

    def clean_html(
        self,
        html: str | bytes,
        *,
        id: str = "",
        url: str | None = None,
        language: str | None = None,
        site: str | None = None,
    ) -> Cleaned:
        """Clean a web page. ``result.article.text`` is the text of all its blocks, which the removed spans point into.
        The options are those of ``clean``.

        A rule that takes too long on a paragraph is left out of it, and named in ``notes``. Raises ``TypeError`` if
        ``html`` is neither a string nor bytes, and ``DecodeFault`` if it is not a page but, say, a PDF or XML.
        """
        if language is not None:
            checked(language, self._ruled)
        return self.pipeline.clean_page(html, id=id, url=url, language=language, site=named(site))


def _several(given: str | Iterable[str]) -> str | tuple[str, ...]:
    return given if isinstance(given, str) else tuple(given)


def _made_again(held: rule_folders.Held, given: tuple[tuple[str, Any], ...], known_by: str, known: Any) -> Cleaner:
    """Rebuild a cleaner from its pickled form."""
    made = _once(held, given)
    if made.sources_digest() != known_by:
        raise OptionFault("pickled with other rules than those that came with cleaner here: install the same version")
    return made.with_repeats(known) if known is not None else made


@lru_cache(maxsize=4)
def _once(held: rule_folders.Held, given: tuple[tuple[str, Any], ...]) -> Cleaner:
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        return Cleaner(rule_folders.laid(folder, held), **dict(given))


def _wishes(selectors: str | Iterable[str], action: Action) -> tuple[Wish, ...]:
    """The selectors as wishes. Raises ``OptionFault`` for an invalid one."""
    if not selectors:
        return ()
    from cleaner.text.selectors import parts  # imported here, because it takes time and few users need it

    each = (selectors,) if isinstance(selectors, str) else selectors
    try:
        return tuple(Wish(part, action) for one in each for part in parts(one))
    except ValueError as error:
        raise OptionFault(f"{'keep' if action == 'keep' else 'drop'}-css: {error}") from None


def _check(rulebook: Rulebook, profile: str, names: Iterable[str], precision: str) -> None:
    """Raise ``OptionFault`` for names that don't exist."""
    if profile not in rulebook.profiles:
        raise OptionFault(unknown("profile", profile, sorted(rulebook.profiles)))
    known = {*CATEGORIES, *DETECTORS, *(rule.id for rule in rulebook.rules)}
    where = f"{', '.join((*CATEGORIES, *DETECTORS))}, and the rules that `cleaner rules list` names"
    for name in names:
        if name not in known:
            raise OptionFault(unknown("category, detector or rule", name, sorted(known), where))
    if precision not in PRECISION:
        raise OptionFault(unknown("precision", precision, PRECISION))


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    """The names in a list, or in one string that separates them by commas."""
    return tuple(filter(None, map(str.strip, given.split(",")))) if isinstance(given, str) else tuple(given)


@lru_cache(maxsize=4)
def _rulebook(sources: tuple[Source, ...]) -> tuple[Rulebook, Tables]:
    return rulebook(sources)


@lru_cache(maxsize=1)
def _default() -> Cleaner:
    return Cleaner()


def clean(text: str, *, url: str | None = None, title: str | None = None, language: str | None = None) -> Cleaned:
    """Clean a plain text with the shipped rules and the profile ``default``. See ``Cleaner.clean``.

    >>> clean("The bridge opened on Monday.\\nAdvertisement\\nTraffic flowed by noon.").text
    'The bridge opened on Monday.\\nTraffic flowed by noon.'
    """
    return _default().clean(text, url=url, title=title, language=language)


def clean_html(html: str | bytes, *, url: str | None = None, language: str | None = None) -> Cleaned:
    """Clean a web page with the shipped rules and the profile ``default``. See ``Cleaner.clean_html``."""
    return _default().clean_html(html, url=url, language=language)
