"""The likely article of a page as an article of its own, for rules that are made for articles.

Rules ask what stands at the start or the end, what comes before and after; on a whole page the answer would be a menu.
So they see only the blocks that may belong to the article, without list marks, and what they find is put back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cleaner.article.model import Article, Evidence, Finding, Paragraph, Span

MARK = "- "


@dataclass(frozen=True, slots=True)
class Inner:
    """``article`` is cut from a page: its paragraph ``n`` begins at ``starts[n]`` here, at ``origins[n]`` there."""

    article: Article
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    marked: frozenset[int]

    @classmethod
    def of(cls, article: Article, out: Iterable[Span]) -> Inner:
        """The blocks of ``article`` that begin in none of the spans ``out``, which are sorted and disjoint."""
        texts: list[str] = []
        paragraphs: list[Paragraph] = []
        origins: list[int] = []
        marked: set[int] = set()
        length = 0
        waiting = iter(out)
        gone = next(waiting, None)
        for paragraph in article.paragraphs:
            start = paragraph.span.start
            while gone and gone.end <= start:
                gone = next(waiting, None)
            if gone and gone.start <= start:
                continue
            text = paragraph.span.of(article.text)
            if text.startswith(MARK) and len(text) > len(MARK):
                marked.add(len(texts))
                start, text = start + len(MARK), text[len(MARK) :]
            texts.append(text)
            origins.append(start)
            span = Span(length, length + len(text))
            paragraphs.append(
                Paragraph(span, paragraph.path, paragraph.classes, paragraph.link_chars, paragraph.within)
            )
            length += len(text) + 1
        inner = replace(article, text="\n".join(texts), paragraphs=tuple(paragraphs))
        return cls(inner, tuple(p.span.start for p in paragraphs), tuple(origins), frozenset(marked))

    def back(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Findings in the inner article as findings in the page. One over several blocks is one for each of them."""
        for finding in findings:
            evidence = tuple(self._evidence(seen) for seen in finding.evidence)
            first = max(0, bisect_right(self.starts, finding.span.start) - 1)
            for number in range(first, len(self.starts)):
                own = self.article.paragraphs[number].span
                if own.start >= finding.span.end:
                    break
                start, end = max(own.start, finding.span.start), min(own.end, finding.span.end)
                if start < end:
                    mark = len(MARK) if number in self.marked and (start, end) == (own.start, own.end) else 0
                    shift = self.origins[number] - own.start
                    yield replace(finding, span=Span(start + shift - mark, end + shift), evidence=evidence)

    def _evidence(self, seen: Evidence) -> Evidence:
        if seen.span is None or not self.starts:
            return seen
        shifts = []
        for place in (seen.span.start, max(seen.span.start, seen.span.end - 1)):
            number = max(0, bisect_right(self.starts, place) - 1)
            shifts.append(self.origins[number] - self.starts[number])
        return replace(seen, span=Span(seen.span.start + shifts[0], seen.span.end + shifts[1]))
