"""A pattern tried as a rule before there is one."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.article.model import Article, Finding, Span
from cleaner.detectors.phrases.detector import NAME, Phrases
from cleaner.errors import Fault, RuleFaults
from cleaner.reading.plain_text import parted
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.values import Rule
from cleaner.rulebook.yaml_tree import Source
from cleaner.text.paragraphs import ArticleFacts

ID = "other/tried"
_PATTERN_LINE, _LANGUAGE_LINE, _WHEN_LINE = 8, 2, 13
"""Lines of the source below at which what was given begins."""


@dataclass(frozen=True, slots=True)
class Match:
    """A span that the rule would claim, what the pattern matched, and the rules that claim all of it already."""

    span: Span
    seen: Span | None
    claimed: tuple[str, ...]


def rule(pattern: str, unit: str, where: str, language: str, when: str | None) -> Rule:
    """The rule that a pattern and its options would be. Raises ``RuleFaults`` whose paths name what was given."""
    lines = [
        "category: other",
        f"language: {json.dumps(language)}",
        "rules:",
        f"  - id: {ID}",
        "    about: A pattern that is tried.",
        f"    unit: {unit}",
        "    any:",
        # The quotes of JSON are quotes of YAML, too.
        f"      - {json.dumps(pattern)}",
        f"    where: {where}",
        "    removes: ['[[x]]']",
        "    keeps: ['x']",
    ]
    if when is not None:
        body = when if "\n" in when or when.lstrip().startswith("{") else "{" + when + "}"
        lines += ["    when:", textwrap.indent(body, " " * 6)]
    try:
        return compile_rules([Source("pattern", "\n".join(lines) + "\n")]).rules[0]
    except RuleFaults as faults:
        raise RuleFaults(tuple(map(_told, faults.faults))) from None


def _told(fault: Fault) -> Fault:
    """The fault with what was given in place of the path, and the line inside that."""
    for first, name in ((_WHEN_LINE, "--when"), (_PATTERN_LINE, "pattern"), (_LANGUAGE_LINE, "--language")):
        if fault.line >= first:
            return Fault(name, fault.line - first + 1, fault.message)
    return fault


def spans(tried: Phrases, article: Article) -> Iterator[tuple[Span, Span | None]]:
    """What the rule would claim in an article, sorted by place, and what its pattern matched there."""
    for finding in sorted(tried(ArticleFacts.of(parted(article))), key=lambda finding: finding.span):
        yield finding.span, next((evidence.span for evidence in finding.evidence if evidence.span), None)


def matches(found: Iterable[tuple[Span, Span | None]], claims: Sequence[Finding]) -> Iterator[Match]:
    """The spans found, with the rules that claim them already; ``claims`` is all that is claimed in the article."""
    for span, seen in found:
        over = (claim for claim in claims if claim.span.start <= span.start and span.end <= claim.span.end)
        rules = (claim.rule for claim in over if claim.detector == NAME)
        yield Match(span, seen, tuple(dict.fromkeys(rules)))
