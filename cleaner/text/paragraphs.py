"""An article's folded text, and what can be said of each paragraph: its words, its final mark."""

from __future__ import annotations

from cleaner.model import Article
from cleaner.text.folding import fold
from cleaner.text.words import UNSPACED, count_words, ends_in_stop


class Lines:
    """An article's folded text and its paragraphs, how many words each has, and whether it ends in a final mark."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = fold(article.text)
        self.paragraphs = [self.text[p.span.start : p.span.end] for p in article.paragraphs]
        if not article.text.isascii() and UNSPACED.search(self.text):
            self.words = [count_words(p) for p in self.paragraphs]
        elif "  " in self.text or any(p[:1] == " " or p[-1:] == " " or "\n" in p for p in self.paragraphs):
            self.words = [len(p.split()) for p in self.paragraphs]
        else:  # folding leaves no other white space
            self.words = [p.count(" ") + 1 for p in self.paragraphs]
        self.stops = [ends_in_stop(paragraph) for paragraph in self.paragraphs]


_last: list[Lines] = []


def lines(article: Article) -> Lines:
    """What ``Lines`` tells of an article, which is told once when several ask about the same one in a row."""
    for known in _last:
        if known.article is article:
            return known
    found = Lines(article)
    _last[:] = [found]
    return found
