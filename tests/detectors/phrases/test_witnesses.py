"""Claims on one paragraph: those that go by the same words are one witness."""

from __future__ import annotations

from dataclasses import replace

from cleaner.article.model import Evidence, Finding, Span
from cleaner.detectors.phrases.witnesses import witnesses

LINE = Span(0, 40)


def claim(rule: str, score: float, seen: Span, category: str = "promotion", span: Span = LINE) -> tuple[Finding, int]:
    evidence = (Evidence("phrase", "words", seen), Evidence("words", "7 words"))
    return Finding(span, category, "phrases", rule, score, evidence, own=False), 0


def rules(*claims: tuple[Finding, int]) -> list[str]:
    return [finding.rule for finding, _ in witnesses(claims)]


def test_the_strongest_of_those_that_saw_the_same_words_counts() -> None:
    assert rules(claim("a/sentence", 0.7, Span(3, 9)), claim("a/paragraph", 0.9, Span(5, 12))) == ["a/paragraph"]


def test_other_words_another_category_and_another_span_are_witnesses_of_their_own() -> None:
    first = claim("a/one", 0.9, Span(3, 9))
    assert rules(first, claim("a/two", 0.7, Span(9, 12))) == ["a/one", "a/two"]
    assert rules(first, claim("b/two", 0.7, Span(3, 9), category="comments")) == ["a/one", "b/two"]
    assert rules(first, claim("a/two", 0.7, Span(3, 9), span=Span(0, 12))) == ["a/one", "a/two"]


def test_rules_of_the_user_all_count() -> None:
    finding, last = claim("mine/one", 0.7, Span(3, 9))
    mine = (replace(finding, own=True), last)
    assert rules(claim("a/one", 0.9, Span(3, 9)), mine) == ["a/one", "mine/one"]


def test_a_sentence_rule_and_its_paragraph_twin_do_not_vouch_for_each_other() -> None:
    from cleaner import Cleaner

    pipeline = Cleaner(language="fr").pipeline
    line = "Soutenez notre journal, qui vit de ses lecteurs."
    article = pipeline.read(f"Le pont a rouvert lundi, avec un an de retard.\n{line}\nLa circulation a repris.")
    claims = [finding.rule for finding in pipeline.findings(article)]
    twins = [rule for rule in claims if rule.startswith("donation-appeal/fr-support")]
    assert twins == ["donation-appeal/fr-support-us"]
