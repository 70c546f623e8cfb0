"""Remarks on rules that have no faults but are odd: slow, shadowed, misplaced or unfinished ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from cleaner.article.model import CATEGORIES, Finding, Span
from cleaner.authoring.skeleton import TO_DO
from cleaner.detectors.phrases.detector import Phrases, always
from cleaner.detectors.phrases.tables import Keep, tables
from cleaner.reading.plain_text import parted, segment
from cleaner.rulebook.patterns import search
from cleaner.rulebook.values import Rule, Rulebook
from cleaner.text.paragraphs import ArticleFacts

SHOWN = 60
"""The number of characters of a pattern that a remark quotes."""
PLAIN = ("en", "any")
"""Languages whose rules have ids without the language."""


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something odd about a rule: the kind of remark, where it applies, and what it says."""

    kind: str
    path: str
    line: int
    rule: str
    message: str
    others: tuple[str, ...] = ()
    """The other rules that it is about."""


def remarks(
    rulebook: Rulebook,
    root: str = "",
    tell: Callable[[Rule], object] = lambda rule: None,
    *,
    own: bool = False,
    keep: Keep | None = None,
) -> list[Remark]:
    """All remarks on all rules, or with ``own`` only on the user's rules. ``root``: the folder that the rules' paths
    begin with. ``tell`` hears of every rule that is looked at. ``keep``: the tables of the rules, if they are kept."""
    rules = [rule for rule in rulebook.rules if rule.own or not own]
    found = [*_slow(rules), *_unfinished(rules), *_unproven(rules)]
    for rule in rules:
        found += _misplaced(rule, root)
    found += _shadowed(rules, rulebook.rules, tell, keep)
    return sorted(found)


def _remark(kind: str, rule: Rule, message: str, others: tuple[str, ...] = ()) -> Remark:
    return Remark(kind, rule.path, rule.line, rule.id, message, others)


def _slow(rules: Iterable[Rule]) -> Iterator[Remark]:
    for rule in rules:
        for pattern in always(rule):
            yield _remark("slow", rule, pattern)


def _unfinished(rules: Iterable[Rule]) -> Iterator[Remark]:
    for rule in rules:
        texts = (rule.about, *rule.any, *rule.all, *(example.marked for example in (*rule.removes, *rule.keeps)))
        left = sum(TO_DO in text for text in texts)
        if left:
            yield _remark("unfinished", rule, f"{TO_DO} still stands in {left} of its texts; write them")


def _unproven(rules: Iterable[Rule]) -> Iterator[Remark]:
    """Rules with patterns that none of their own examples shows at work."""
    for rule in rules:
        if any(TO_DO in example.marked for example in (*rule.removes, *rule.keeps)):
            continue  # there are no examples yet
        parts = []
        for name, patterns, examples in (
            ("removes", (*rule.any, *rule.all), rule.removes),
            ("keeps", rule.unless, rule.keeps),
        ):
            lines = [line for example in examples for line in example.folded.split("\n")]
            idle = [each for each in patterns if not any(map(search(each), lines))]
            if idle:
                what = "patterns" if name == "removes" else "`unless`"
                shown = idle[0] if len(idle[0]) <= SHOWN else idle[0][: SHOWN - 1] + "\u2026"
                parts.append(f"{len(idle)} of {len(patterns)} {what} match in none of its `{name}`, first {shown}")
        if parts:
            yield _remark("unproven", rule, "; ".join(parts))


# -- where a rule stands --------------------------------------------------------------------------------------------


def _misplaced(rule: Rule, root: str) -> Iterator[Remark]:
    path = PurePath(rule.path)
    parts = (
        path.relative_to(root).parts if root and path != PurePath(root) and path.is_relative_to(root) else path.parts
    )
    folder = parts[-2] if len(parts) > 1 else ""
    name = rule.id.partition("/")[2]
    if rule.hosts:
        if folder != "sites":
            yield _remark("misplaced", rule, "a rule for a site stands in the folder sites/")
        elif path.stem not in rule.hosts:
            yield _remark("misplaced", rule, f"the file is named after its host, {rule.hosts[0]}.yaml")
        return
    if path.stem in CATEGORIES and path.stem != rule.category:
        yield _remark("misplaced", rule, f"a rule for {rule.category} stands in {rule.category}.yaml")
    if re.fullmatch("any|[a-z]{2,3}", folder) and folder not in rule.languages:
        yield _remark("misplaced", rule, f"a rule for {' '.join(rule.languages)} does not belong in {folder}/")
    if len(rule.languages) == 1 and rule.languages[0] not in PLAIN and not name.startswith(f"{rule.languages[0]}-"):
        wanted = f"{rule.category}/{rule.languages[0]}-{name}"
        yield _remark("misplaced", rule, f"for its language its id should be {wanted}")


# -- shadows --------------------------------------------------------------------------------------------------------


def _shadowed(
    rules: Sequence[Rule], everyone: Sequence[Rule], tell: Callable[[Rule], object], keep: Keep | None
) -> Iterator[Remark]:
    """Rules whose own examples another rule also finds, in full and with at least the same score."""

    @cache
    def together(language: str, hosts: tuple[str, ...]) -> Phrases:
        beside = [
            rule
            for rule in everyone
            if (set(hosts) & set(rule.hosts) if rule.hosts else {language, "any"} & set(rule.languages))
        ]
        return Phrases.of(beside, tables(beside, keep))

    by_id = {rule.id: rule for rule in everyone}
    for rule in rules:
        tell(rule)
        language = "en" if rule.languages[0] == "any" else rule.languages[0]
        others: set[str] | None = None
        for example in rule.removes:
            facts = ArticleFacts.of(parted(segment(example.plain, language=language)))
            findings = list(together(language, rule.hosts)(facts))
            own = [finding for finding in findings if finding.rule == rule.id]
            if own:
                covering = _covering(own, findings)
                others = covering if others is None else others & covering
        shadows = [by_id[name] for name in sorted(others or ()) if _shadows(by_id[name], rule)]
        if shadows:
            places = ", ".join(f"{shadow.id} ({shadow.path}:{shadow.line})" for shadow in shadows)
            yield _remark("shadowed", rule, f"by {places}", tuple(shadow.id for shadow in shadows))


def _covering(own: Iterable[Finding], findings: Iterable[Finding]) -> set[str]:
    """The other rules of the same category that claim all that a rule claims."""
    result: set[str] | None = None
    findings = tuple(findings)
    for claim in own:
        here = {
            finding.rule
            for finding in findings
            if finding.rule != claim.rule and finding.category == claim.category and _holds(finding.span, claim.span)
        }
        result = here if result is None else result & here
    return result or set()


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _shadows(other: Rule, rule: Rule) -> bool:
    """Whether ``other`` applies wherever ``rule`` does, has at least its score, and would find as much without it."""
    if other.score < rule.score or other.when.beside or other.when.between:
        return False
    if rule.hosts and other.hosts:
        return set(rule.hosts) <= set(other.hosts)
    return not other.hosts and ("any" in other.languages or set(rule.languages) <= set(other.languages))
