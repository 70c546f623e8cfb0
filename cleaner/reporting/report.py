"""What the page shows of a run: the counts of both looks, and what was read for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from cleaner.reporting.gather import FirstLook, P, SecondLook
from cleaner.reporting.samples import Lowest, digest

MESSAGES = 5
"""Failed articles that are named of each kind of error."""

Context = tuple[str, str]
"""What stays before and after a span."""


@dataclass(slots=True)
class Errors:
    """The articles that failed, by kind of error: how many, and some by name with the message."""

    counts: dict[str, int] = field(default_factory=dict)
    some: dict[str, Lowest[tuple[str, str]]] = field(default_factory=dict)

    def add(self, record: Mapping[str, Any]) -> None:
        """Count a line of ``errors.jsonl``."""
        kind, article, message = (str(record.get(key)) for key in ("kind", "article", "message"))
        self.counts[kind] = self.counts.get(kind, 0) + 1
        key = digest(article)
        self.some.setdefault(kind, Lowest(MESSAGES)).add((key, 0), key, (article, message))


@dataclass(frozen=True, slots=True)
class Words:
    """Words after a run and removed by it. ``counted``: articles of which they were counted; ``exact``: of all."""

    after: int
    removed: int
    counted: int
    exact: bool

    @property
    def before(self) -> int:
        """Words of the articles as they were read."""
        return self.after + self.removed


def estimate(words: int, characters: int, counted: int, first: FirstLook[P], second: SecondLook[P]) -> Words:
    """The words of a run, from those of some of its clean texts.

    Args: words and characters of the clean texts that were read, and how many those were; both looks.
    """
    total = first.total
    stays = total.characters - total.removed
    known = total.removed - second.wordless
    # Spans without text have as many words to a character as the other spans, or else as what stays.
    rate = second.words / known if known else words / characters if characters else 0.0
    return Words(
        after=round(words * stays / characters) if characters else 0,
        removed=second.words + round(rate * second.wordless),
        counted=counted,
        exact=counted == total.articles and not second.wordless,
    )


def estimate_tokens(tokens: int, characters: int, counted: int, first: FirstLook[P], second: SecondLook[P]) -> Words:
    """The tokens of a run, from those of some of its articles: of their clean texts, and of what went from them."""
    total = first.total
    stays = total.characters - total.removed
    kept = tokens / characters if characters else 0.0
    went = second.token_sum / second.token_characters if second.token_characters else kept
    exact = counted == total.articles and second.token_characters == total.removed
    return Words(round(kept * stays), round(went * total.removed), counted, exact)


@dataclass(frozen=True, slots=True)
class Report(Generic[P]):
    """All that the page is made of.

    ``contexts``: by the place of an article and an offset into its clean text. ``texts``: what spans without a text in
    the log say, by place, start and end. ``no_site``: what stands for the site of articles that name none.
    """

    name: str
    summary: Mapping[str, Any]
    first: FirstLook[P]
    second: SecondLook[P]
    errors: Errors
    words: Words
    contexts: Mapping[tuple[P, int], Context]
    texts: Mapping[tuple[P, int, int], str]
    no_site: str
    tokens: Words | None = None
    tokenizer: str = ""
