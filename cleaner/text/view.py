"""The article as it is looked at: one way of typing for all, with the way back to the text as it was read.

Two texts that a reader can't tell apart must lose the same words. So detectors never see the text as it was typed but
its view: composed (NFC), quotes, dashes and full-width signs folded, runs of white space as one space or one line end,
and nothing that has no width (soft hyphens, zero-width spaces, byte order and direction marks, variation selectors).
Every span in the view has one in the text. A view of a view is itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from sys import maxunicode
from unicodedata import is_normalized, normalize

import numpy as np
import numpy.typing as npt
import regex

from cleaner.article.model import Article, Decision, Evidence, Finding, Page, Paragraph, Span
from cleaner.text.folding import fold

UNSEEN = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""The characters of category Cf, and others that show nothing, as a range of a pattern."""
LINE_ENDS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
"""Where ``str.splitlines`` splits."""

# Runs that become shorter, in two spellings: most texts hold nothing but plain letters, and the short one is faster.
_PLAIN = re.compile(r"\s{2,}|\A\s|\s\Z")
_ANY = re.compile(rf"[\s{UNSEEN}]{{2,}}|[{UNSEEN}]|\A\s|\s\Z")
_NO_WIDTH = re.compile(f"[{UNSEEN}]")
_SPACE, _NOTHING = 1, 2
SHORT = 200
"""Characters of the longest text in which such runs are looked for without asking first whether there are any."""
# What may compose: a letter with its marks, a Korean syllable in parts.
_PARTS = r"[^\p{M}\s]?\p{M}+|[\u1100-\u115f\uac00-\ud7a3][\u1160-\u11ff]+"


@dataclass(frozen=True, slots=True)
class _Edits:
    """Places where a text differs in length from what it was made of, in order; all else stands as it stood.

    The edit ``n`` has put ``sizes[n]`` characters at ``places[n]`` for the ``was_sizes[n]`` that stood at ``was[n]``.
    """

    places: tuple[int, ...]
    sizes: tuple[int, ...]
    was: tuple[int, ...]
    was_sizes: tuple[int, ...]

    @classmethod
    def of(cls, changes: Iterable[tuple[int, int, int]]) -> _Edits:
        """The edits, each given as place, size and new size in what was there before."""
        rows = []
        shift = 0
        for place, was_size, size in changes:
            rows.append((place + shift, size, place, was_size))
            shift += size - was_size
        places, sizes, was, was_sizes = zip(*rows, strict=True)
        return cls(places, sizes, was, was_sizes)

    def start(self, place: int) -> int:
        """Where the character at ``place`` began."""
        number = bisect_right(self.places, place) - 1
        if number < 0:
            return place
        past = place - self.places[number] - self.sizes[number]
        return self.was[number] + (self.was_sizes[number] + past if past >= 0 else 0)

    def end(self, place: int) -> int:
        """Where the character before ``place`` ended."""
        number = bisect_right(self.places, place - 1) - 1
        if number < 0:
            return place
        past = place - self.places[number] - self.sizes[number]
        return self.was[number] + self.was_sizes[number] + max(0, past)

    def forth(self, span: Span) -> Span:
        """What has become of a span, without what stood half in an edit."""
        start, end = self._after(span.start), self._before(span.end)
        return Span(start, max(start, end))

    def _after(self, place: int) -> int:
        number = bisect_right(self.was, place) - 1
        if number < 0:
            return place
        if place == self.was[number]:
            return self.places[number]
        return self.places[number] + self.sizes[number] + max(0, place - self.was[number] - self.was_sizes[number])

    def _before(self, place: int) -> int:
        number = bisect_right(self.was, place) - 1
        if number < 0:
            return place
        past = place - self.was[number] - self.was_sizes[number]
        return self.places[number] + (self.sizes[number] + past if past >= 0 else 0)


def plain(text: str) -> str:
    """How ``text`` is seen.

    >>> plain("\\ufeff \\u201cRead\\u00a0 mo\\u00adre\\u201d\\r\\n\\r\\n cafe\\u0301 ")
    '"Read more"\\ncafé'
    """
    return _seen(text)[0]


def shown(text: str) -> str:
    """``text`` composed and without what has no width; white space, quotes and dashes as they are typed.

    >>> shown("\\u201cRead\\u00a0 mo\\u00adre\\u201d cafe\\u0301\\ufeff") == "\\u201cRead\\u00a0 more\\u201d café"
    True
    """
    return text if text.isascii() else normalize("NFC", _NO_WIDTH.sub("", text))


def plain_article(text: str) -> str:
    """``plain`` of an article's text. It is kept until the next article: its language is asked for, then its view."""
    return _article(text)[0]


@lru_cache(maxsize=1)
def _article(text: str) -> tuple[str, tuple[_Edits, ...]]:
    return _seen(text)


def _seen(text: str) -> tuple[str, tuple[_Edits, ...]]:
    edits: list[_Edits] = []
    runs = _PLAIN if text.isascii() else _ANY
    found = runs.finditer(text) if len(text) <= SHORT or _has_runs(text) else ()
    changes = [(*run.span(), _one(text, *run.span())) for run in found]
    if changes:
        edits.append(_Edits.of((start, end - start, len(new)) for start, end, new in changes))
        text = _replaced(text, changes)
    text = fold(text)
    if not is_normalized("NFC", text):
        changes = list(_composed(text))
        if changes:
            edits.append(_Edits.of((start, end - start, len(new)) for start, end, new in changes))
            text = fold(_replaced(text, changes))
    return text, tuple(edits)


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Which characters are white space, and which show nothing."""
    kinds = np.zeros(maxunicode + 1, np.uint8)
    for first, last in re.findall("(.)(?:-(.))?", UNSEEN):
        kinds[ord(first) : ord(last or first) + 1] = _NOTHING
    kinds[[code for code in range(0x3001) if chr(code).isspace()]] = _SPACE
    return kinds


def _has_runs(text: str) -> bool:
    """Whether a text, which is not empty, has runs that become shorter."""
    kinds = _kinds().take(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
    space = kinds == _SPACE
    return bool(space[0] or space[-1] or (space[1:] & space[:-1]).any() or (kinds == _NOTHING).any())


def _one(text: str, start: int, end: int) -> str:
    """What is seen of a run of white space and of what has no width."""
    if not start or end == len(text):
        return ""
    run = text[start:end]
    if not LINE_ENDS.isdisjoint(run):
        return "\n"
    return " " if any(map(str.isspace, run)) else ""


def _replaced(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, new in changes:
        pieces += (text[at:start], new)
        at = end
    return "".join((*pieces, text[at:]))


def _composed(text: str) -> Iterator[tuple[int, int, str]]:
    """Where composing changes a text, and into what."""
    odd = "".join(re.escape(each) for each in sorted(set(text)) if not is_normalized("NFC", each))
    for found in regex.finditer(f"{_PARTS}|[{odd}]" if odd else _PARTS, text):
        new = normalize("NFC", found[0])
        if new != found[0]:
            yield found.start(), found.end(), new


@dataclass(frozen=True, slots=True)
class View:
    """An article as it is looked at, and what has been edited to make it so; nothing for most articles."""

    article: Article
    edits: tuple[_Edits, ...]

    @classmethod
    def of(cls, article: Article) -> View:
        """The view of an article. Paragraphs that hold nothing to be seen are not in it."""
        text, edits = _article(article.text)
        title = article.title and plain(article.title)
        page = article.page and _page(article.page)
        if text == article.text and title == article.title and page is article.page:
            return cls(article, ())
        view = cls(replace(article, text=text, title=title, page=page), edits)
        return replace(view, article=replace(view.article, paragraphs=tuple(view._paragraphs()))) if edits else view

    def _paragraphs(self) -> Iterator[Paragraph]:
        for paragraph in self.article.paragraphs:
            span = self.forth(paragraph.span)
            if span.start < span.end:
                if span == paragraph.span:
                    yield paragraph
                elif paragraph.path:
                    yield replace(paragraph, span=span, link_chars=self._linked(paragraph, span), emphasis=(), links=())
                else:  # of a text, of which nothing else is known
                    yield Paragraph(span)

    def _linked(self, paragraph: Paragraph, seen: Span) -> int:
        """The seen characters of a paragraph in links: about, where not all the links' places are known."""
        links = [link.span for link in paragraph.links]
        if sum(span.end - span.start for span in links) == paragraph.link_chars:
            return sum(span.end - span.start for span in map(self.forth, links))
        was = paragraph.span.end - paragraph.span.start
        return round(paragraph.link_chars * (seen.end - seen.start) / was)

    def forth(self, span: Span) -> Span:
        """A span of the article in the view."""
        for edits in self.edits:
            span = edits.forth(span)
        return span

    def back(self, span: Span) -> Span:
        """A span of the view in the article: no more than the characters that it was seen in."""
        if span.start == span.end:
            start = end = span.start
            for edits in reversed(self.edits):
                start = end = edits.start(start)
            return Span(start, end)
        start, end = span.start, span.end
        for edits in reversed(self.edits):
            start, end = edits.start(start), edits.end(end)
        return Span(start, end)

    def findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings in the view as findings in the article."""
        if not self.edits:
            return tuple(findings)
        return tuple(map(self._finding, findings))

    def _finding(self, seen: Finding) -> Finding:
        # Not by `replace`, which takes four times as long: most texts have edits, and many findings.
        evidence = tuple([self._evidence(each) if each.span else each for each in seen.evidence])
        of = seen.category, seen.detector, seen.rule, seen.score
        return Finding(self.back(seen.span), *of, evidence, seen.role, seen.own)

    def _evidence(self, seen: Evidence) -> Evidence:
        return Evidence(seen.kind, seen.text, self.back(seen.span)) if seen.span else seen

    def decisions(self, decisions: Iterable[Decision], *, whole: bool = False) -> tuple[Decision, ...]:
        """Decisions about the view as decisions about the article. Without ``whole``, findings of what goes are still
        about the view: once it is cut, nobody asks for them.
        """
        decisions = tuple(decisions)
        if not self.edits:
            return decisions
        known: dict[int, Finding] = {}
        for decision in decisions:
            if whole or decision.action == "keep":
                new = [each for each in decision.findings if id(each) not in known]
                known.update(zip(map(id, new), self.findings(new), strict=True))
        spans = [self.back(Span(decision.start, decision.end)) for decision in decisions]
        moved = []
        for each, span in zip(decisions, spans, strict=True):
            findings = tuple([known.get(id(finding), finding) for finding in each.findings])
            of = each.action, each.category, each.rule, each.detector, each.score, each.reason
            moved.append(Decision(span.start, span.end, *of, findings))
        return tuple(moved)


def _page(page: Page) -> Page:
    """What a page says of itself, as it is seen; the same object where nothing differs."""
    texts = (page.title, page.author, page.description, page.body)
    titles = tuple(map(plain, page.titles))
    title, author, description, body = (text and plain(text) for text in texts)
    if titles == page.titles and (title, author, description, body) == texts:
        return page
    return replace(page, title=title, author=author, description=description, body=body, titles=titles)
