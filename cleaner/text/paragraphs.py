"""What can be said of an article's paragraphs: their folded text, how many words they have, their final marks.

``ArticleFacts`` is made once, after an article was read, and handed on to all detectors and to ``decide``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from cleaner.article.model import Article, Page
from cleaner.text.folding import fold
from cleaner.text.words import UNSPACED, count_words, ends_in_stop


@dataclass(frozen=True, eq=False)
class ArticleFacts:
    """An article whose text and titles are folded, and what can be said of its paragraphs.

    Make it with ``ArticleFacts.of``. Each fact is computed when it is first asked for; the same article always has the
    same facts.
    """

    article: Article

    @classmethod
    def of(cls, article: Article) -> ArticleFacts:
        """The facts of an article. Folding keeps every length, so all offsets stay what they are.

        >>> from cleaner.article.model import Paragraph, Span
        >>> facts = ArticleFacts.of(Article("", "\u201cNo,\u201d she said.", (Paragraph(Span(0, 15)),), "en"))
        >>> facts.texts, facts.words, facts.stops
        (('"No," she said.',), (3,), (True,))
        """
        text = fold(article.text)
        title = article.title and fold(article.title)
        page = article.page and _page(article.page)
        if text is article.text and title is article.title and page is article.page:
            return cls(article)
        return cls(replace(article, text=text, title=title, page=page))

    @classmethod
    def of_view(cls, article: Article) -> ArticleFacts:
        """The facts of a view (see ``View``), whose text and title are folded."""
        page = article.page and _page(article.page)
        return cls(article if page is article.page else replace(article, page=page))

    def divided(self, article: Article) -> ArticleFacts:
        """The facts of the same article in other paragraphs: those of ``article``."""
        if article.paragraphs == self.article.paragraphs:
            return self
        return ArticleFacts(replace(self.article, paragraphs=article.paragraphs))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The folded text of each paragraph."""
        text = self.article.text
        return tuple([text[p.span.start : p.span.end] for p in self.article.paragraphs])

    @cached_property
    def words(self) -> tuple[int, ...]:
        """How many words each paragraph has."""
        text = self.article.text
        if not text.isascii() and UNSPACED.search(text):
            return tuple([count_words(one) for one in self.texts])
        if "  " in text or any(one[:1] == " " or one[-1:] == " " or "\n" in one for one in self.texts):
            return tuple([len(one.split()) for one in self.texts])
        return tuple([one.count(" ") + 1 for one in self.texts])  # folding leaves no other white space

    @cached_property
    def stops(self) -> tuple[bool, ...]:
        """Whether each paragraph ends in a final mark."""
        return tuple([ends_in_stop(one) for one in self.texts])

    @cached_property
    def all_words(self) -> int:
        """How many words the whole article has."""
        return count_words(self.article.text)


def _page(page: Page) -> Page:
    """What a page says of itself, folded; the same object where nothing differs."""
    texts = (page.title, page.author, page.description, page.body)
    folded = tuple([text and fold(text) for text in texts])
    titles, parts = tuple(map(fold, page.titles)), tuple(map(fold, page.parts))
    if (*texts, page.titles, page.parts) == (*folded, titles, parts):
        return page
    title, author, description, body = folded
    return replace(page, title=title, author=author, description=description, body=body, titles=titles, parts=parts)
