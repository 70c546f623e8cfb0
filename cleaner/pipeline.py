"""One article through detection, decision and cut. Pure: the same article, rules and profile give the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from cleaner.article.cut import cut, emptied
from cleaner.article.model import Article, Cleaned, Finding, Wish
from cleaner.deciding.decide import tidied, weighed
from cleaner.deciding.wishes import obeyed
from cleaner.detectors import justext, page_kinds, repeats
from cleaner.detectors.page_judge.article_part import Inner
from cleaner.detectors.phrases.detector import NAME as PHRASES
from cleaner.detectors.phrases.detector import Note, Phrases, unnoted
from cleaner.detectors.phrases.tables import Keep, tables
from cleaner.detectors.text_judge.judge import Judge
from cleaner.reading.page_kind import page_kind
from cleaner.reading.plain_text import parted, segment
from cleaner.rulebook.profiles import Profile
from cleaner.rulebook.values import Rule
from cleaner.rulebook.yaml_tree import Source
from cleaner.sites.counts import Counts, Known
from cleaner.text.hosts import hostname, is_of
from cleaner.text.language import UNKNOWN
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.view import View

if TYPE_CHECKING:
    from cleaner.detectors.page_judge.judge import Facts, PageJudge
    from cleaner.detectors.page_judge.weights_file import Markup
    from cleaner.reading.html import Tree

RULE_SETS = 64
"""How many sets of rules are kept ready at once: one for a language, a site, and texts or pages."""


@dataclass(frozen=True, eq=False)
class Pipeline:
    """The steps for an article, text or page, with all that they need. Picklable; no article leaves anything behind.

    ``judge``: the judge of texts, if it is asked. ``markup``: the files about pages, which are read for the first page.
    ``language``: of all articles, in place of detection. ``select`` and ``ignore``: names of categories, rules or
    detectors whose findings alone count, or don't. ``fast``: pages are judged without trafilatura. ``full``:
    it is asked about every page, not only where the markup leaves doubts.
    ``known``: what articles of the same site repeat. ``tables``: what keeps the tables of the rules, if anything does.
    ``only_articles``: nothing is left of pages that are something else. ``wishes``: what the user says of elements of
    pages, those that count more later.
    """

    rules: tuple[Rule, ...]
    profile: Profile
    judge: Judge | None = None
    markup: tuple[Source, ...] = ()
    language: str | None = None
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    fast: bool = False
    full: bool = False
    known: Known | None = None
    tables: Keep | None = None
    wishes: tuple[Wish, ...] = ()
    only_articles: bool = False
    _sites: frozenset[str] = field(init=False, repr=False)
    _languages: frozenset[str] = field(init=False, repr=False)
    _ready: Callable[[str, tuple[str, ...], bool], Phrases] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = {language for rule in self.rules for language in rule.languages}
        object.__setattr__(self, "_sites", frozenset(name for rule in self.rules for name in rule.hosts))
        object.__setattr__(self, "_languages", frozenset(known | {UNKNOWN}))
        object.__setattr__(self, "_ready", lru_cache(maxsize=RULE_SETS)(self._prepared))

    def __reduce__(self) -> tuple[object, ...]:
        return Pipeline, tuple(getattr(self, one.name) for one in fields(self) if one.init)

    def read(
        self,
        text: str,
        *,
        id: str = "",
        url: str | None = None,
        title: str | None = None,
        language: str | None = None,
        site: str | None = None,
    ) -> Article:
        """A plain text as the article that is looked at. Raises ``TypeError`` if ``text`` is no string."""
        if not isinstance(text, str):
            raise TypeError(f"clean takes a string, not {type(text).__name__}; decode bytes first")
        return segment(text, id=id, language=language or self.language, url=url, title=title, site=site)

    def findings(self, article: Article) -> tuple[Finding, ...]:
        """What the rules and the shape of the paragraphs claim in a text, before the judge is asked."""
        view = View.of(article)
        seen = ArticleFacts.of_view(view.article)
        return view.findings(self._found(seen, seen.divided(parted(seen.article))))

    def _found(self, seen: ArticleFacts, parts: ArticleFacts, note: Note = unnoted) -> Iterable[Finding]:
        shape = justext.detect(seen) if self.wants("other", "", justext.NAME) else ()
        return (*self.rules_for(seen.article.language, seen.article.url, seen.article.site)(parts, note), *shape)

    def clean(self, article: Article) -> Cleaned:
        """A text cleaned: the detectors don't see one another, the judge sees what they have found."""
        notes: list[str] = []
        view = View.of(article)
        seen = ArticleFacts.of_view(view.article)
        parts = seen.divided(parted(seen.article))
        claims = tuple(self._found(seen, parts, notes.append))
        found, kinds = self._with_verdicts(seen, parts, claims)
        return self._cut(article, view, seen, found, self.profile, notes, kinds)

    def clean_page(
        self,
        html: str | bytes,
        *,
        id: str = "",
        url: str | None = None,
        language: str | None = None,
        site: str | None = None,
    ) -> Cleaned:
        """A page cleaned. Raises as ``Cleaner.clean_html`` does."""
        if not isinstance(html, (str, bytes)):
            raise TypeError(f"clean_html takes a string or bytes, not {type(html).__name__}")
        from cleaner.detectors.page_judge import judge as page_judge
        from cleaner.reading.html import parse, read  # here, because runs over text need neither lxml nor trafilatura

        known = read_models(self.markup)
        tree = parse(html)
        article = read(
            tree,
            id=id,
            language=language or self.language,
            url=url,
            groups=known.kinds.groups.of,
            wished=self._wishes(tree, url, site) if self.wishes else (),
            site=site,
        )
        may_ask = not self.fast and len(article.paragraphs) <= page_judge.MOST_BLOCKS
        ask = may_ask and (self.full or known.fast.trees is None)
        taken = page_judge.lines(tree.root) if ask else None
        judge = known.full if ask else known.fast
        view = View.of(article)
        seen = ArticleFacts.of_view(view.article)
        facts = judge.facts(seen, taken) if self.wants("other", "", page_judge.NAME) else None
        if facts and facts.signs.took_all and known.fast.trees is not None:
            judge = known.fast
            facts = judge.facts(seen, None)
        ask_then = (lambda: page_judge.lines(tree.root)) if may_ask and not ask else None
        return self.judged_page(article, view, seen, judge, facts, ask_then)

    def judged_page(
        self,
        article: Article,
        view: View,
        seen: ArticleFacts,
        judge: PageJudge,
        facts: Facts | None,
        ask_then: Callable[[], tuple[str, ...]] | None = None,
    ) -> Cleaned:
        """A page cleaned that was read; ``seen``: the facts of its view. Without ``facts`` the judge is not asked.
        ``ask_then`` asks trafilatura, where the judge has not and is in doubt.

        The rules are made for texts: they see only what may be the article at first sight.
        """
        notes: list[str] = []
        known = read_models(self.markup)
        kinds = (
            finding
            for finding in page_kinds.detect(seen, known.kinds)
            if self.wants(finding.category, finding.rule, page_kinds.NAME)
        )
        part = judge.likely(facts) if facts else Inner.of(seen.article, ())
        rules = self.rules_for(part.article.language, part.article.url, part.article.site, page=True)
        claims = tuple(part.back(rules(ArticleFacts(part.article), notes.append)))
        sense = self.judge.sense if self.judge else None
        look = judge.look(facts, claims, sense) if facts else None
        if facts and look and ask_then and look.unsure(facts.signs):
            asked = known.full.facts(seen, ask_then())
            if not asked.signs.took_all:
                judge, facts = known.full, asked
                look = judge.look(facts, claims, sense)
        verdicts = judge.verdicts(facts, look) if facts and look else ()
        weighs = facts is not None and judge.weighs(facts)
        profile = self.profile if weighs else replace(self.profile, weighed=False)
        cleaned = self._cut(article, view, seen, (*kinds, *claims, *verdicts), profile, notes)
        kind = page_kind(cleaned, known.cues)
        if self.only_articles and not kind.article:
            cleaned = emptied(cleaned, kind)
        return replace(cleaned, kind=kind)

    def rules_for(
        self, language: str, url: str | None = None, site: str | None = None, *, page: bool = False
    ) -> Phrases:
        """The rules for articles of a language and a site, ready to run.

        Rules without a pattern guess from lengths and places what a page's markup says (a caption, a list of titles):
        on a page they would take headings and list items for it, and are left out.
        """
        hosts = [host for host in (hostname(url), site) if host]
        sites = tuple(sorted(name for name in self._sites if any(is_of(host, name) for host in hosts)))
        return self._ready(language if language in self._languages else "any", sites, page)

    def _wishes(self, tree: Tree, url: str | None, site: str | None) -> tuple[Wish, ...]:
        """The wishes that are about a page."""
        from cleaner.reading.metadata import read_page

        if all(not wish.hosts for wish in self.wishes):
            return self.wishes
        hosts = [hostname(url or read_page(tree.root, ()).url), site]
        return tuple(
            wish for wish in self.wishes if not wish.hosts or any(is_of(h, name) for h in hosts for name in wish.hosts)
        )

    def wants(self, category: str | None, rule: str, detector: str) -> bool:
        """Whether a finding counts, by ``select`` and ``ignore``."""
        names = {category, rule, detector}
        return (not self.select or not names.isdisjoint(self.select)) and names.isdisjoint(self.ignore)

    def _prepared(self, language: str, sites: tuple[str, ...], page: bool) -> Phrases:
        chosen = tuple(
            rule
            for rule in self.rules
            if _applies(rule, language, sites)
            and (rule.keys or not page)
            and self.wants(rule.category, rule.id, PHRASES)
        )
        return Phrases.of(chosen, tables(chosen, self.tables))

    def _judged(self, parts: ArticleFacts, findings: Sequence[Finding]) -> Iterable[Finding]:
        judged = self.judge(parts, findings) if self.judge else ()
        return (finding for finding in judged if self.wants(finding.category, "", finding.detector))

    def _counts(self, seen: ArticleFacts) -> Counts | None:
        """What is known of the site of an article."""
        if self.known is None:
            return None
        site = seen.article.site or (hostname(seen.article.url) or "").removeprefix("www.")
        return self.known.of_site(site) if site else None

    def _with_verdicts(
        self, seen: ArticleFacts, parts: ArticleFacts, claims: tuple[Finding, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The claims, and what the judge makes of them; then findings that name the kinds of what it did not look at.

        It looks at the article without what is surely the site's: what is around that must not be taken for more of it.
        """
        counts = self._counts(seen)
        aside = repeats.aside(seen, claims, counts) if counts is not None else ()
        kinds: tuple[Finding, ...] = ()
        if aside:
            kinds = tuple(self.judge.kinds(seen, aside)) if self.judge else ()
            parts, claims = parts.divided(repeats.without(parts.article, aside)), repeats.ended(claims, aside)
        return (*claims, *self._judged(parts, claims)), kinds

    def _repeating(self, seen: ArticleFacts, findings: Sequence[Finding]) -> Iterable[Finding]:
        """What the articles of the same site repeat. It comes last: what others claim may stand behind a count."""
        counts = self._counts(seen)
        if counts is None:
            return ()
        found = repeats.detect(seen, findings, counts)
        return (finding for finding in found if self.wants(finding.category, "", finding.detector))

    def _cut(
        self,
        article: Article,
        view: View,
        seen: ArticleFacts,
        found: tuple[Finding, ...],
        profile: Profile,
        notes: Sequence[str],
        kinds: tuple[Finding, ...] = (),
    ) -> Cleaned:
        """The article without what the profile lets go; what its view has shown is taken back to it as it was read.
        ``kinds`` only name the kinds of what repeats."""
        findings = (*found, *self._repeating(seen, (*found, *kinds)))
        wished = article.page is not None and bool(article.page.wished)
        decisions = view.decisions(weighed(seen, findings, profile), whole=wished)
        if article.page is not None and wished:
            decisions = obeyed(article.text, decisions, article.page.wished)
        cleaned = cut(article, tidied(article.text, decisions))
        return replace(cleaned, fields=_fields(cleaned, profile), notes=tuple(notes))


def _applies(rule: Rule, language: str, sites: tuple[str, ...]) -> bool:
    if rule.hosts:
        return not set(sites).isdisjoint(rule.hosts)
    # Where the language can't be told, mostly in texts of a few words, every language may be it.
    return language == UNKNOWN or language in rule.languages or "any" in rule.languages


@lru_cache(maxsize=4)
def read_models(sources: tuple[Source, ...]) -> Markup:
    """What the files about pages hold. Raises ``RuleFaults``."""
    from cleaner.detectors.page_judge.weights_file import read_markup

    return read_markup(sources)


def _fields(cleaned: Cleaned, profile: Profile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    texts = {name: tuple(r.text.strip() for r in cleaned.removed if r.category == name) for name in profile.fields}
    return tuple((name, found) for name, found in texts.items() if found)
