"""What Python users call: ``Cleaner`` reads the files and builds a ``Pipeline``; ``clean`` is one with the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cleaner.detectors.text_judge.judge import load
from cleaner.errors import OptionFault
from cleaner.files import rule_folders
from cleaner.model import CATEGORIES, PRECISION, Cleaned, moved
from cleaner.pipeline import Pipeline
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.values import Rulebook
from cleaner.rulebook.yaml_tree import Source

DETECTORS = ("phrases", "prose", "judge", "dom", "maincontent")


class Cleaner:
    """Rules, profile and choices of a run: their files read, and compiled once. Picklable, safe to share.

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
        self.rulebook: Rulebook = _rulebook(sources)
        _check(self.rulebook, profile, (*select, *ignore), precision)
        self.weights = weights
        """The weights of the judge of texts, as they were read."""
        self.sources = (*self.rulebook.sources, *markup, *((weights,) if weights else ()))
        """All that the answers depend on beside the articles."""
        self.pipeline = Pipeline(
            self.rulebook.rules,
            moved(self.rulebook.profiles[profile], PRECISION[precision]),
            judge=load(weights.text) if weights and "judge" not in ignore else None,
            markup=markup,
            language=language,
            select=frozenset(select),
            ignore=frozenset(ignore),
            fast=fast,
        )
        """What does the work; it knows no files."""

    def clean(
        self, text: str, *, id: str = "", url: str | None = None, title: str | None = None, language: str | None = None
    ) -> Cleaned:
        """``text`` cleaned. ``url`` brings in the rules of its site; ``language`` overrides detection.

        A rule that takes too long on a paragraph is left out of it, and named in ``notes``. Raises ``TypeError`` if
        ``text`` is no string.
        """
        return self.pipeline.clean(self.pipeline.read(text, id=id, url=url, title=title, language=language))

    def clean_html(
        self, html: str | bytes, *, id: str = "", url: str | None = None, language: str | None = None
    ) -> Cleaned:
        """A page cleaned: ``result.article.text`` is the text of all its blocks, which the removed spans point into.

        A rule that takes too long on a paragraph is left out of it, and named in ``notes``. Raises ``TypeError`` if
        ``html`` is neither text nor bytes, ``DecodeFault`` if it is no page (a PDF, XML).
        """
        return self.pipeline.clean_page(html, id=id, url=url, language=language)


def _check(rulebook: Rulebook, profile: str, names: Iterable[str], precision: str) -> None:
    """Raises ``OptionFault`` for what there isn't."""
    if profile not in rulebook.profiles:
        raise OptionFault(f"there is no profile {profile!r}; there are: {', '.join(sorted(rulebook.profiles))}")
    known = {*CATEGORIES, *DETECTORS, *(rule.id for rule in rulebook.rules)}
    for name in names:
        if name not in known:
            raise OptionFault(f"{name!r} is no category, detector or rule; `cleaner rules list` names the rules")
    if precision not in PRECISION:
        raise OptionFault(f"there is no precision {precision!r}; there are: {', '.join(PRECISION)}")


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
