"""One article through detection, decision and cut. Pure: the same article, rules and profile give the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from cleaner.cut import cut
from cleaner.decide import decide
from cleaner.detectors import maincontent
from cleaner.inner import Inner
from cleaner.model import Article, Cleaned, Finding
from cleaner.rulebook import Profile

Detector = Callable[[Article], Iterable[Finding]]


def clean(article: Article, detectors: Iterable[Detector], profile: Profile) -> Cleaned:
    """The article without what the detectors find and the profile lets go."""
    findings = [finding for detector in detectors for finding in detector(article)]
    return _done(article, findings, profile)


def clean_page(
    article: Article, around: Iterable[Detector], within: Callable[[Article], Iterable[Detector]], profile: Profile
) -> Cleaned:
    """A page without what isn't its article. ``around`` see the whole page; ``within``, made for texts, only what may
    be the article."""
    findings = [finding for detector in around for finding in detector(article)]
    out = [
        finding.span
        for finding in findings
        if finding.detector == maincontent.NAME and finding.score >= maincontent.SURE
    ]
    inner = Inner.of(article, out)
    for detector in within(inner.article):
        findings += inner.back(detector(inner.article))
    return _done(article, findings, profile)


def _done(article: Article, findings: list[Finding], profile: Profile) -> Cleaned:
    cleaned = cut(article, decide(article, findings, profile))
    return replace(cleaned, fields=_fields(cleaned, profile)) if profile.fields else cleaned


def _fields(cleaned: Cleaned, profile: Profile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    texts = {name: tuple(r.text.strip() for r in cleaned.removed if r.category == name) for name in profile.fields}
    return tuple((name, found) for name, found in texts.items() if found)
