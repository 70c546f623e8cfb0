"""How far a run is: a bar on a terminal, a line now and then elsewhere; the first failures by name; diffs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import colored, echo, safe, silence

if TYPE_CHECKING:
    from cleaner.run.news import News

FAILURES_SHOWN = 10
"""Failed articles that are named on standard error; all are in errors.jsonl."""

SITES_SHOWN = 3
"""Sites that are named where there may be many."""

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


class Progress:
    """What is shown while a run is going on. ``total``: articles, if that is known; ``size``: bytes of all tables.

    ``verbose``: 1: the steps, and every failure; 2: every article. ``log_file``: all that goes there, too, with times.
    """

    def __init__(
        self,
        total: int | None,
        *,
        diff: bool,
        quiet: bool,
        verbose: int = 0,
        log_file: str | None = None,
        size: int | None = None,
    ) -> None:
        from tqdm import tqdm

        from cleaner.files import disk

        tqdm.monitor_interval = 0  # no thread: workers are forked from this process
        self._others: int | None = None
        self._failures = 0
        self._diff, self._quiet, self._verbose, self._whole = diff, quiet, verbose, size
        self._log = disk.log_lines(log_file) if log_file else None
        self._logged = time.monotonic()
        self._total = total
        self._lines = not quiet and not sys.stderr.isatty()
        self._begin = self._last = time.monotonic()
        self._done = self._size = self._before = self._counted = 0
        self._bar = tqdm(
            total=total,
            unit=" articles",
            file=sys.stderr,
            disable=quiet or not sys.stderr.isatty(),
            leave=False,
            dynamic_ncols=True,
            smoothing=0.05,
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._bar.close()
        if self._others is not None and kind is None:
            are = {0: "none is", 1: "1 is"}.get(self._others, f"{self._others:,} are")
            told = f"Of the articles that were there before and have not changed, {are} cleaned differently now."
            self._write(told)
            if not self._quiet:
                click.echo(told, err=True)
        if self._failures > FAILURES_SHOWN and not self._verbose:
            click.echo(f"… and {self._failures - FAILURES_SHOWN:,} more, in errors.jsonl", err=True)
        if self._log is not None:
            if kind is not None:
                self._write(f"stopped: {kind.__name__}")
            self._log.close()

    def step(self, text: str) -> None:
        """Hear what is done now."""
        self._write(text)
        if self._verbose:
            self._say(text)

    def _say(self, text: str) -> None:
        with self._bar.external_write_mode(file=sys.stderr):
            click.echo(safe(text), err=True)

    def _write(self, text: str) -> None:
        if self._log is not None:
            self._log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {safe(text)}\n")

    def failure(self, name: str, message: str) -> None:
        """Name an article that failed, if not too many have been."""
        self._failures += 1
        self._write(f"failed: {name}: {message}")
        if self._failures <= FAILURES_SHOWN or self._verbose:
            self._say(f"{name}: {message}")

    def counting(self, articles: int) -> None:
        """Hear of some articles that were read to count what their sites repeat."""
        self._counted += articles
        now = time.monotonic()
        of, left = "", ""
        if self._total and 0 < self._counted <= self._total:
            of = f" of {self._total:,}"
            left = f", {duration((now - self._begin) * (self._total - self._counted) / self._counted)} left of that"
        self._bar.set_postfix_str(f"counting what sites repeat: {self._counted:,}{of} read{left}", refresh=True)
        told = f"counting what sites repeat: {self._counted:,}{of} articles read{left}"
        if self._lines and now - self._last >= EVERY:
            self._last = now
            click.echo(told, err=True)
        if now - self._logged >= EVERY:
            self._logged = now
            self._write(told)

    def changes(self, sites: frozenset[str] | None) -> None:
        """Hear of sites that repeat other things than before, so that old articles of theirs are cleaned again."""
        names = sorted(sites or ())
        shown = ", ".join(names[:SITES_SHOWN]) + (
            f" and {len(names) - SITES_SHOWN:,} more" if names[SITES_SHOWN:] else ""
        )
        which = f"of {shown}" if names else "of all sites"
        told = f"What they repeat has changed: the articles {which} are cleaned again."
        self._write(told)
        self._others = 0
        if not self._quiet:
            self._say(told)

    def tell(self, news: News) -> None:
        """Hear of some articles."""
        if self._others is not None:
            self._others += news.other
        for record in news.failures:
            self.failure(record["article"], record["message"])
        if self._verbose > 1:
            for line in _told(news):
                self._write(line)
                self._say(line)
        if self._diff:
            try:
                with self._bar.external_write_mode(file=sys.stdout):
                    _show_diffs(news)
            except BrokenPipeError:  # whoever read the diffs has enough of them; the run goes on
                self._diff = False
                silence()
        self._size += news.size
        if news.size or not news.reused:
            self._done += news.articles
        else:  # done by a run that was stopped: no measure of speed
            self._before += news.articles
            self._bar.initial = self._before
        now = time.monotonic()
        self._bar.set_postfix_str(", ".join(self._more(news, now)), refresh=False)
        self._bar.update(news.articles)
        if self._lines and now - self._last >= EVERY:
            self._last = now
            click.echo(self._line(news, now), err=True)
        if now - self._logged >= EVERY:
            self._logged = now
            self._write(self._line(news, now))

    def _more(self, news: News, now: float) -> list[str]:
        from cleaner.commands.terminal.text import share

        tally = news.tally
        rate = self._size / 1e6 / max(now - self._begin, 0.001)
        found = [f"{rate:.1f} MB/s" if rate >= 0.1 else f"{1000 * rate:.0f} kB/s"]
        found.append(f"{share(tally.removed.characters, tally.characters)} removed")
        if tally.failed:
            found.append(f"{tally.failed:,} failed")
        if self._whole and 0 < self._size < self._whole:
            found.append(f"about {duration((self._whole - self._size) * (now - self._begin) / self._size)} left")
        return found

    def _line(self, news: News, now: float) -> str:
        rate = self._done / max(now - self._begin, 0.001)
        done = self._done + self._before
        parts = [
            f"{done:,}{f' of {self._total:,}' if self._total else ''} articles",
            f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s",
        ]
        parts += self._more(news, now)
        if self._total and rate:
            parts.append(f"{duration((self._total - done) / rate)} left")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """A time in words.

    >>> duration(42), duration(600), duration(8000)
    ('42 s', '10 min', '2 h 13 min')
    """
    if seconds < 60:
        return f"{max(seconds, 0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _told(news: News) -> Iterator[str]:
    """A line for each article that has just been done."""
    from cleaner.commands.terminal.text import count, share
    from cleaner.results import log

    for line in news.lines.articles.decode().splitlines():
        record = log.load(line)
        went = share(record["removed_characters"], record["characters"] or 1)
        yield f"{record['article']}: {record['status']}, {count(record['removed_spans'], 'span')} cut ({went})"


def _show_diffs(news: News) -> None:
    """The diffs of articles that have just been written, from what was written."""
    from cleaner.article.cut import restore
    from cleaner.files import disk
    from cleaner.results import log, out_folder

    spans = [log.load(line) for line in news.lines.removed.decode().splitlines()]
    for line in news.lines.articles.decode().splitlines():
        record = log.load(line)
        mine = [log.removed_from(span) for span in spans[: record["removed_spans"]]]
        del spans[: record["removed_spans"]]
        if mine and "row" not in record:
            data = disk.read(os.path.join(news.folder, out_folder.CLEAN, record["clean"]))
            show_diff(restore(data.decode("utf-8", "surrogatepass"), mine), mine, record["article"])


def show_diff(text: str, removed: object, name: str) -> None:
    """What goes from a text, as a diff."""
    from cleaner.article.model import Removed, Span
    from cleaner.commands.terminal.diff import unified
    from cleaner.commands.terminal.text import paint, visible

    color = colored()
    colors = {"-": ["31"], "+": ["32"], "@": ["36"]}
    assert isinstance(removed, (list, tuple))
    spans = [Span(span.start, span.end) for span in removed if isinstance(span, Removed)]
    for line in unified(text, spans, name):
        echo(paint(visible(line), colors.get(line[0], []), color))
