"""The images of an article, with their captions, where they belong between its blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urljoin

from cleaner.article.markup import Image
from cleaner.article.model import Article, Paragraph, Span

MOST = 0.6
"""The share of the text that the innermost element around the article holds at least."""


def figures_of(article: Article, left: Sequence[tuple[Paragraph, Sequence[Span]]]) -> dict[int, list[str]]:
    """The images as Markdown, by the number of the block that they stand before.

    Those count that stand between blocks of the article, in a figure or in its innermost element; of one image that
    stands twice, the first. A caption that went is below its image again.
    """
    page, text = article.page, article.text
    kept = [n for n, (_, spans) in enumerate(left) if any(span.of(text).strip() for span in spans)]
    if page is None or not kept:
        return {}
    held: Counter[int] = Counter()
    for number in kept:
        paragraph = left[number][0]
        for element in paragraph.within:
            held[element] += paragraph.span.end - paragraph.span.start
    total = sum(left[n][0].span.end - left[n][0].span.start for n in kept)
    home = max((element for element, length in held.items() if length >= MOST * total), default=0)
    found: dict[int, list[str]] = {}
    seen: set[str] = set()
    for image in page.images:
        inside = kept[0] <= image.after <= kept[-1] + 1
        if inside and (image.figure or home in image.within) and image.source not in seen:
            seen.add(image.source)
            found.setdefault(image.after, []).append(_written(article, image, left, set(kept)))
    return found


def _written(article: Article, image: Image, left: Sequence[tuple[Paragraph, Sequence[Span]]], kept: set[int]) -> str:
    """An image, and its caption if it is not in the text."""
    try:
        source = urljoin(article.url or "", image.source)
    except ValueError:
        source = image.source
    plain = image.text.replace("[", "").replace("]", "")
    lines = [f"![{plain}]({source.replace(' ', '%20').replace('(', '%28').replace(')', '%29')})"]
    for number in range(max(0, image.after - 3), min(len(left), image.after + 4)):
        paragraph = left[number][0]
        if (
            number not in kept
            and "figcaption" in paragraph.path
            and not set(paragraph.within[-3:]).isdisjoint(image.within[-2:])
        ):
            lines.append(f"*{paragraph.span.of(article.text).replace('*', '')}*")
    return "\n\n".join(lines)
