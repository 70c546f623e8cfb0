"""What single rules do to an article: which claim something, and without which something else would go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cleaner.article.model import Article, Finding
from cleaner.deciding.decide import decide
from cleaner.rulebook.profiles import Profile


@dataclass(frozen=True, slots=True)
class Effect:
    """The rules that claim something in an article, and those of them that its clean text depends on."""

    claiming: frozenset[str]
    needed: frozenset[str]


def effect(article: Article, findings: Sequence[Finding], profile: Profile, neighbourly: Collection[str]) -> Effect:
    """Leaves out each rule in turn and decides again.

    ``neighbourly`` are the rules that ask for a neighbour's category. Where one of them finds something, every rule of
    the article counts as needed: it may be the one that was asked for, and to know that all rules would have to run
    again.
    """
    claiming = frozenset(finding.rule for finding in findings if finding.rule)
    if any(rule in neighbourly for rule in claiming):
        return Effect(claiming, claiming)
    whole = _going(article, findings, profile)
    needed = {
        rule
        for rule in claiming
        if _going(article, [finding for finding in findings if finding.rule != rule], profile) != whole
    }
    return Effect(claiming, frozenset(needed))


def _going(article: Article, findings: Sequence[Finding], profile: Profile) -> list[tuple[int, int, str]]:
    decisions = decide(article, findings, profile)
    return [(d.start, d.end, d.category) for d in decisions if d.action == "remove"]
