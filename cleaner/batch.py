"""Many articles: each is read, cleaned and written, in the order of their ids; what fails is named, the rest goes on.

Runs in one process. ``clean_one`` is what a worker would do: it takes plain values and gives one back.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Protocol

from cleaner import files, log, outfolder
from cleaner.decode import Decoded, DecodeFault, decode
from cleaner.markdown import markdown
from cleaner.model import Cleaned, Page
from cleaner.patterns import PatternTimeout
from cleaner.plan import Job
from cleaner.protect import OUTSIDE
from cleaner.summary import NO_SITE, Tally, status, summary
from cleaner.walk import PAGES, Listing

DISTRIBUTION = "article-cleaner"
"""The name of the package in an index; `cleaner` there is somebody else's."""

LIBRARIES: tuple[str, ...] = (
    "ahocorasick_rs", "charset-normalizer", "justext", "lxml", "pycld2", "regex", "sentencex",
    "trafilatura",
)  # fmt: skip
"""What the results depend on besides our own version and the rules."""

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)


class Cleans(Protocol):
    """What a run needs of ``cleaner.api.Cleaner``."""

    def clean(
        self, text: str, *, id: str = "", url: str | None = None, title: str | None = None, language: str | None = None
    ) -> Cleaned:
        """Clean one article."""

    def clean_html(
        self, html: str | bytes, *, id: str = "", url: str | None = None, language: str | None = None
    ) -> Cleaned:
        """Clean one page."""


@dataclass(frozen=True, slots=True)
class Done:
    """An article that is clean, and how it was read."""

    job: Job
    read: Decoded
    cleaned: Cleaned
    site: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """An article that is not, and why."""

    job: Job
    kind: str
    message: str


Outcome = Done | Failed


def clean_one(cleaner: Cleans, job: Job) -> Outcome:
    """Read and clean one article. Whatever goes wrong with it is an outcome, not an exception."""
    try:
        data = files.read(job.path)
        host = site(job.source)
        # A url that names the host alone is enough for the rules of its site.
        url = f"//{host}/" if host else None
        if job.source.lower().endswith(PAGES):
            page = cleaner.clean_html(data, id=job.id, url=url)
            # What spans point into is the text of the page's blocks, which is written beside the results.
            return Done(job, Decoded(page.article.text, "utf-8"), page, host)
        read = decode(data)
        return Done(job, read, cleaner.clean(read.text, id=job.id, url=url), host)
    except OSError as error:
        return Failed(job, *files.why(error))
    except DecodeFault as fault:
        return Failed(job, fault.kind, str(fault))
    except PatternTimeout as fault:
        return Failed(job, "timeout", str(fault))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # A fault of ours in one article must not cost the others; a panic in a Rust library is no `Exception`.
        return Failed(job, "internal", f"{type(error).__name__}: {error}")


def run(
    cleaner: Cleans,
    jobs: Sequence[Job],
    listing: Listing,
    *,
    out: str | None,
    rules: str,
    options: dict[str, Any],
    kept: bool = False,
    residue: bool = False,
    as_markdown: bool = False,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> dict[str, Any]:
    """Clean all ``jobs`` into the folder ``out`` (``None``: nowhere) and give back the summary.

    ``residue``: what stands outside of a page's article is logged by its offsets, without its text, which is in
    ``source/``. ``as_markdown``: clean pages are written as Markdown, too. ``tell`` hears of every outcome. Raises
    ``WriteFault``, ``OutFault`` or what ``tell`` raises; the folder is then as it was before.
    """
    tally = Tally()
    errors = [log.error_record(trouble.source, trouble.kind, trouble.message) for trouble in listing.troubles]
    tally.failures.update(trouble.kind for trouble in listing.troubles)
    with nullcontext() if out is None else outfolder.staging(out, kept=kept) as writer:
        for job in jobs:
            outcome = clean_one(cleaner, job)
            if writer and isinstance(outcome, Done):
                outcome = _write(writer, outcome, residue=residue, as_markdown=as_markdown)
            if isinstance(outcome, Done):
                tally.add(outcome.cleaned, outcome.site or NO_SITE, _sha256(outcome.read.text))
            else:
                tally.failures[outcome.kind] += 1
                errors.append(log.error_record(job.id, outcome.kind, outcome.message))
            tell(outcome)
        result = summary(
            tally,
            inputs=[_from(out, root) for root in listing.roots],
            not_taken=_not_taken(listing),
            rules=rules,
            options=options,
            versions=versions(),
        )
        if writer:
            errors.sort(key=lambda record: (record["article"], record["kind"]))
            writer.append(writer.errors, _lines(errors))
            writer.summary(result)
    return result


def _write(writer: outfolder.Writer, done: Done, *, residue: bool, as_markdown: bool) -> Outcome:
    """Write an article and its lines of the logs: all of them, or none."""
    job, cleaned = done.job, done.cleaned
    text = cleaned.article.text
    try:
        by_offsets = residue and cleaned.article.page is not None
        removed = _lines(
            log.removed_record(job.id, span, text=not (by_offsets and span.detector == OUTSIDE))
            for span in cleaned.removed
        )
        kept = _lines(log.kept_record(job.id, decision, text) for decision in cleaned.kept) if writer.kept else b""
        article = _lines([article_record(done)])
    except log.LogFault as fault:
        return Failed(job, "internal", str(fault))
    try:
        writer.clean(job.clean, cleaned.text.encode("utf-8", "surrogatepass"))
        if cleaned.article.page is not None:
            writer.source(job.clean, text.encode("utf-8", "surrogatepass"))
            if as_markdown:
                writer.markdown(job.clean, markdown(cleaned).encode("utf-8", "surrogatepass"))
    except outfolder.WriteFault:
        raise
    except OSError as error:
        return Failed(job, *files.why(error))
    writer.append(writer.removed, removed)
    writer.append(writer.articles, article)
    if writer.kept:
        writer.append(writer.kept, kept)
    return done


def article_record(done: Done) -> log.Record:
    """The line of an article in ``articles.jsonl``."""
    job, read, cleaned = done.job, done.read, done.cleaned
    page = cleaned.article.page
    return {
        "article": job.id,
        "source": job.source,
        "input": job.root,
        "clean": job.clean,
        "encoding": read.encoding,
        "bom": read.bom,
        "language": cleaned.article.language,
        "site": done.site,
        "url": page.url if page else None,  # text files tell neither this nor the title
        "title": page.title if page else None,
        "characters": len(read.text),
        "sha256": _sha256(read.text),
        "removed_spans": len(cleaned.removed),
        "removed_characters": sum(span.end - span.start for span in cleaned.removed),
        "status": status(cleaned),
        "fields": dict(cleaned.fields),
        "page": _page_record(page) if page else None,
    }


def _page_record(page: Page) -> log.Record:
    return {
        "author": page.author,
        "date": page.date,
        "sitename": page.sitename,
        "description": page.description,
        "notes": list(page.notes),
    }


def site(source: str) -> str | None:
    """The host that a folder on the way to an article is named after.

    >>> site("news/www.example.org/1.txt"), site("news/1.txt")
    ('example.org', None)
    """
    named = (part.lower().removeprefix("www.") for part in source.split("/")[:-1] if _HOST.fullmatch(part))
    return next(named, None)


def versions() -> dict[str, str]:
    """What the results depend on besides input, options and rules."""
    found = {"cleaner": package_version(), "python": ".".join(platform.python_version_tuple()[:2])}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


def package_version() -> str:
    """The version of this package, as it was installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"


def _lines(records: Iterable[log.Record]) -> bytes:
    return "".join(log.dump(record) + "\n" for record in records).encode()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _from(out: str | None, root: str) -> str:
    """Where an input lies, seen from the results: it stays true when both are moved, and names no machine."""
    if out is None:
        return root
    return os.path.relpath(os.path.realpath(root), os.path.realpath(out))


def _not_taken(listing: Listing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in listing.not_taken:
        found.setdefault(entry.why, []).append(entry.source)
    return dict(sorted(found.items()))
