"""What the markup says about the kind of a block: its elements and the words in class names and ids.

``page_judge`` says how sure we are that a block goes: it weighs the same markup together with everything else. Most
findings here only name the kind, with a score too small to matter by itself. The headline is recognised here: it is the
block that repeats the page's own title.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.article.model import Article, Evidence, Finding, Paragraph, Span
from cleaner.detectors.class_names import Kinds
from cleaner.text.paragraphs import ArticleFacts
from cleaner.text.words import bare, count_words

NAME = "dom"
NAMING = 0.02
"""The score of a finding that only names the kind of a block."""
NEAR = 4
"""How many elements with names, from the block outwards, are asked for its kind."""
HEADLINE, LIKELY_HEADLINE, TITLE_AGAIN = 0.95, 0.7, 0.6
SHORTEST_TITLE = 12
"""Letters of the shortest part of the page's title that counts as the headline: the rest of it names the site."""


def detect(facts: ArticleFacts, kinds: Kinds) -> Iterator[Finding]:
    """The findings of a page."""
    article = facts.article
    yield from _headlines(article)
    known: dict[tuple[str, tuple[str, ...]], tuple[str, str] | None] = {}
    open_, start, end = None, 0, 0
    for paragraph in article.paragraphs:
        key = (paragraph.path, paragraph.classes)
        if key not in known:
            known[key] = _kind(paragraph, kinds)
        found = known[key]
        if open_ and (found is None or found[0] != open_[0]):
            yield _named(start, end, *open_)
            open_ = None
        if found:
            if open_ is None:
                open_, start = found, paragraph.span.start
            end = paragraph.span.end
    if open_:
        yield _named(start, end, *open_)


def _named(start: int, end: int, category: str, why: str) -> Finding:
    """The finding over a run of blocks of one kind."""
    return Finding(Span(start, end), category, NAME, f"{NAME}/{category}", NAMING, (Evidence("markup", why),), "kind")


def _kind(paragraph: Paragraph, kinds: Kinds) -> tuple[str, str] | None:
    tags = paragraph.path.split(".")[::-1]
    for tag in tags[:3]:
        if tag in kinds.of_tag:
            return kinds.of_tag[tag], f"<{tag}>"
    for classes in paragraph.classes[: -NEAR - 1 : -1]:
        groups = kinds.groups.of(classes)
        if groups:  # mostly there are none
            for group in sorted(groups):
                if group in kinds.of_group:
                    return kinds.of_group[group], f"named {classes[:60]!r}"
    for tag in tags[3:]:
        if tag in kinds.of_tag:
            return kinds.of_tag[tag], f"in <{tag}>"
    return None


def _headlines(article: Article) -> Iterator[Finding]:
    """The block that is the page's title; what repeats it elsewhere (a crumb, a list of links) is navigation."""
    titles = {bare(title).casefold() for title in (article.page.titles if article.page else ())} - {""}
    longest = 2 * max(map(len, titles), default=0) + 50
    text = article.text
    firsts = {title[0] for title in titles}
    bares = [
        # Most blocks can be passed over by a look at their first characters.
        bare(text[start:end]).casefold()
        if end - start <= longest and not firsts.isdisjoint(text[start : start + 5].casefold())
        else ""
        for start, end in ((p.span.start, p.span.end) for p in article.paragraphs)
    ]
    equal = [number for number, text in enumerate(bares) if text in titles]
    parts = [
        number
        for number, text in enumerate(bares)
        if len(text) >= SHORTEST_TITLE and text not in titles and any(title.startswith(text) for title in titles)
    ]
    tops = [number for number, paragraph in enumerate(article.paragraphs) if paragraph.path.endswith("h1")]
    candidates = [number for number in tops if number in {*equal, *parts}] or [
        number for number in (*equal, *parts) if article.paragraphs[number].path[-3:] in (".h1", ".h2", ".h3")
    ]
    best = next(iter(candidates or equal or parts), None)
    score, why = HEADLINE, "repeats the page's title"
    if best is None and len(tops) == 1 and count_words(article.paragraphs[tops[0]].span.of(article.text)) >= 3:
        best, score, why = tops[0], LIKELY_HEADLINE, "the page's only <h1>"
    for number in sorted({*equal, *([best] if best is not None else [])}):
        paragraph = article.paragraphs[number]
        if number == best:
            yield Finding(paragraph.span, "headline", NAME, f"{NAME}/headline", score, (Evidence("title", why),))
        else:
            seen = Evidence("title", "the page's title again")
            yield Finding(paragraph.span, "navigation", NAME, f"{NAME}/title-again", TITLE_AGAIN, (seen,))
