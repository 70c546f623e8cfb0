"""What Python users call: ``Cleaner`` reads the files and builds a ``Pipeline``; ``clean`` is one with the defaults."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaner.detectors.text_judge.judge import load
from cleaner.errors import OptionFault, unknown
from cleaner.files import rule_folders
from cleaner.files.kept_counts import KeptCounts
from cleaner.model import CATEGORIES, Action, Cleaned, Wish
from cleaner.pipeline import Pipeline
from cleaner.prepared import Tables, rulebook
from cleaner.profiles import PRECISION, moved
from cleaner.rulebook.digest import digest
from cleaner.rulebook.values import Rulebook
from cleaner.rulebook.yaml_tree import Source
from cleaner.sites.counts import Known
from cleaner.text.hosts import named
from cleaner.text.language import checked

DETECTORS = ("phrases", "prose", "judge", "dom", "maincontent", "repeats")


class Cleaner:
    """Rules, profile and choices of a run: their files read, and compiled once. Picklable, safe to share.

    ``rules``: a folder or file of YAML rules, or several, on top of the shipped ones; what they claim over its
    threshold goes, whatever the judge says, and a rule takes the place of a shipped one of the same id.
    ``rules_only``: without the shipped ones, and without the judge, which was fitted with them (unless a folder brings
    its own). ``profile``: the name of a profile, shipped or your own. ``language``: the language of all articles,
    in place of detection. ``select`` and ``ignore``: names of categories, rules or detectors to use alone, or not to
    use (a list, or one text with commas); ``ignore="judge"`` leaves rules alone. ``precision``: ``careful``,
    ``default`` or ``thorough``, how sure to be before something goes. ``fast``: pages are judged without trafilatura.
    ``full``: it is asked about every page, and not only where their markup leaves doubts.
    ``repeats``: a folder of counts (``cleaner sites count``), or whatever looks them up: what the articles of a site
    repeat is then evidence, too. ``keep_css`` and ``drop_css``: CSS selectors of what stays and what goes of pages,
    whatever else is seen (``"aside, .promo"``, or a list); what each has met is in ``result.article.page.wished``.

    ``only="articles"``: nothing is left of pages that are no articles (see ``result.kind``).

    Raises ``RuleFaults`` for bad rules, ``OptionFault`` for a name that there isn't or a selector that can't be read,
    ``OSError`` for a folder that can't be read.
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
        """What stays and what goes of pages by ``keep_css`` and ``drop_css``."""
        chosen = moved(self.rulebook.profiles[profile], PRECISION[precision])
        self.weights = weights
        """The weights of the judge of texts and its word scores, as they were read."""
        self.sources = (*self.rulebook.sources, *markup, *(weights or ()))
        """All that the answers depend on beside the articles."""
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
        """What does the work; it knows no files."""
        self._recipe = rule_folders.held(folders), tuple(sorted(given.items()))

    def __reduce_ex__(self, protocol: Any) -> Any:
        """As what it was made from, with the user's own rules word for word: a few kilobytes. What came with the
        package is taken from there; loading raises ``OptionFault`` where that is another."""
        if type(self) is not Cleaner:
            return super().__reduce_ex__(protocol)
        return _made_again, (*self._recipe, self.sources_digest(), self.pipeline.known)

    def sources_digest(self) -> str:
        """What rules, words and models are known by."""
        return digest(self.sources)

    def with_repeats(self, known: Known | None) -> Cleaner:
        """The same with other counts of what sites repeat, or without."""
        other = object.__new__(type(self))  # `copy` would give one that all who are pickled alike share
        vars(other).update(vars(self), pipeline=replace(self.pipeline, known=known))
        return other

    def counts_digest(self) -> str | None:
        """What the counts of ``repeats`` are known by, if it names a folder."""
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
        """``text`` cleaned. ``url`` brings in the rules of its site; ``language`` overrides detection. ``site`` names
        the outlet, where the host of ``url`` doesn't (an address, a host or a name).

        A rule that takes too long on a paragraph is left out of it, and named in ``notes``. Raises ``TypeError`` if
        ``text`` is no string.
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
        """A page cleaned: ``result.article.text`` is the text of all its blocks, which the removed spans point into.
        The options are those of ``clean``.

        A rule that takes too long on a paragraph is left out of it, and named in ``notes``. Raises ``TypeError`` if
        ``html`` is neither text nor bytes, ``DecodeFault`` if it is no page (a PDF, XML).
        """
        if language is not None:
            checked(language, self._ruled)
        return self.pipeline.clean_page(html, id=id, url=url, language=language, site=named(site))


def _several(given: str | Iterable[str]) -> str | tuple[str, ...]:
    return given if isinstance(given, str) else tuple(given)


def _made_again(held: rule_folders.Held, given: tuple[tuple[str, Any], ...], known_by: str, known: Any) -> Cleaner:
    """A cleaner that was pickled."""
    made = _once(held, given)
    if made.sources_digest() != known_by:
        raise OptionFault("pickled with other rules than those that came with cleaner here: install the same version")
    return made.with_repeats(known) if known is not None else made


@lru_cache(maxsize=4)
def _once(held: rule_folders.Held, given: tuple[tuple[str, Any], ...]) -> Cleaner:
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        return Cleaner(rule_folders.laid(folder, held), **dict(given))


def _wishes(selectors: str | Iterable[str], action: Action) -> tuple[Wish, ...]:
    """What the user says of elements. Raises ``OptionFault``."""
    if not selectors:
        return ()
    from cleaner.text.selectors import parts  # here, because few need what it loads

    each = (selectors,) if isinstance(selectors, str) else selectors
    try:
        return tuple(Wish(part, action) for one in each for part in parts(one))
    except ValueError as error:
        raise OptionFault(f"{'keep' if action == 'keep' else 'drop'}-css: {error}") from None


def _check(rulebook: Rulebook, profile: str, names: Iterable[str], precision: str) -> None:
    """Raises ``OptionFault`` for what there isn't."""
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
    """Names that were given as a list, or as one text with commas between them."""
    return tuple(filter(None, map(str.strip, given.split(",")))) if isinstance(given, str) else tuple(given)


@lru_cache(maxsize=4)
def _rulebook(sources: tuple[Source, ...]) -> tuple[Rulebook, Tables]:
    return rulebook(sources)


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
