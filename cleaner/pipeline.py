"""One article through detection, decision and cut. Pure: the same article, rules and profile give the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cleaner.cut import cut
from cleaner.deciding.decide import decide
from cleaner.detectors.page_judge.article_part import Inner
from cleaner.model import Article, Cleaned, Finding, Profile

if TYPE_CHECKING:
    from cleaner.detectors.page_judge.judge import Look

Detector = Callable[[Article], Iterable[Finding]]
Weigher = Callable[[Article, Sequence[Finding]], Iterable[Finding]]
"""What reads the others' findings too: the judge. To it they are facts about the article like any other."""


def clean(article: Article, detectors: Iterable[Detector], profile: Profile, judge: Weigher | None = None) -> Cleaned:
    """The article without what the detectors find and the profile lets go.

    Detectors don't see one another. The judge comes after them and sees what all have found.
    """
    findings = [finding for detector in detectors for finding in detector(article)]
    if judge is not None:
        findings += judge(article, findings)
    return _done(article, findings, profile)


def clean_page(
    article: Article,
    around: Iterable[Detector],
    look: Look | None,
    within: Callable[[Article], Iterable[Detector]],
    profile: Profile,
) -> Cleaned:
    """A page without what isn't its article. ``around`` see the whole page; ``within``, made for texts, only what may
    be the article at first sight (``look``; without it all). Then the look is taken again, with what they have found.
    """
    findings = [finding for detector in around for finding in detector(article)]
    inner = Inner.of(article, look.outside() if look else ())
    claims = [finding for detector in within(inner.article) for finding in inner.back(detector(inner.article))]
    findings += claims
    if look:
        findings += look.findings(claims)
    if look is None or look.forest is None:
        profile = replace(profile, weighed=False)  # nothing has weighed what the rules claim
    return _done(article, findings, profile)


def _done(article: Article, findings: list[Finding], profile: Profile) -> Cleaned:
    cleaned = cut(article, decide(article, findings, profile))
    return replace(cleaned, fields=_fields(cleaned, profile)) if profile.fields else cleaned


def _fields(cleaned: Cleaned, profile: Profile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    texts = {name: tuple(r.text.strip() for r in cleaned.removed if r.category == name) for name in profile.fields}
    return tuple((name, found) for name, found in texts.items() if found)
