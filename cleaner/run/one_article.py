"""Reads and cleans one article. A failure is an outcome like any other.

``worker`` calls this in the worker processes, and ``run`` brings all together.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from typing import Protocol

from cleaner.article.model import Cleaned, Page, Wished, status
from cleaner.errors import CompressionFault, failure
from cleaner.files import disk, sniff
from cleaner.files.compressed import bare
from cleaner.reading.decoding import Decoded, decode
from cleaner.reading.page_kind import page_kind
from cleaner.results import log
from cleaner.results.log import sha256
from cleaner.run.naming import Job
from cleaner.sites.counts import Known
from cleaner.tables.formats import PAGES

DISTRIBUTION = "article-cleaner"
"""The name of the package in an index; `cleaner` there is somebody else's."""

LIBRARIES: tuple[str, ...] = (
    "ahocorasick_rs", "charset-normalizer", "justext", "lxml", "pycld2", "regex", "sentencex",
    "trafilatura",
)  # fmt: skip
"""The libraries on which the results depend."""

MOST_BYTES = 100_000_000
"""The size limit of an unpacked article in bytes, unless ``--max-bytes`` changes it."""


class Cleans(Protocol):
    """What a run needs of ``cleaner.api.Cleaner``."""

    def clean(
        self,
        text: str,
        *,
        id: str = "",
        url: str | None = None,
        title: str | None = None,
        language: str | None = None,
        site: str | None = None,
    ) -> Cleaned:
        """Clean one article."""

    def with_repeats(self, known: Known | None) -> Cleans:
        """Return this cleaner with these counts of what sites repeat."""

    def clean_html(
        self,
        html: str | bytes,
        *,
        id: str = "",
        url: str | None = None,
        language: str | None = None,
        site: str | None = None,
    ) -> Cleaned:
        """Clean one page."""


@dataclass(frozen=True, slots=True)
class Done:
    """A cleaned article, and how it was read. ``content``: the digest of its file."""

    job: Job
    read: Decoded
    cleaned: Cleaned
    site: str | None
    content: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """An article that could not be cleaned, and why."""

    job: Job
    kind: str
    message: str
    content: str = ""


Outcome = Done | Failed


def clean_one(cleaner: Cleans, job: Job, most: int = MOST_BYTES, site: str | None = None) -> Outcome:
    """Read and clean one article. A failure is returned, not raised. ``site``: the site of the article, if its folder
    names none.
    """
    try:
        data = disk.read_article(job.path, most)
    except OSError as error:
        return Failed(job, *disk.why(error))
    except CompressionFault as fault:
        return Failed(job, fault.kind, str(fault))
    content = hashlib.sha256(data).hexdigest()
    try:
        host = job.site(site)
        # A url that names the host alone is enough for the rules of its site.
        url = f"//{host}/" if host else None
        if bare(job.source).lower().endswith(PAGES) or sniff.is_page(data):
            page = cleaner.clean_html(data, id=job.id, url=url)
            # What spans point into is the text of the page's blocks, which is written beside the results.
            return Done(job, Decoded(page.article.text, "utf-8"), page, host, content, len(data))
        read = decode(data)
        return Done(job, read, cleaner.clean(read.text, id=job.id, url=url), host, content, len(data))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a Rust library is no `Exception`
        return Failed(job, *failure(error), content)


def article_record(done: Done) -> log.Record:
    """Return the record of an article in ``articles.jsonl``."""
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
        "sha256": sha256(read.text),
        "removed_spans": len(cleaned.removed),
        "removed_characters": sum(span.end - span.start for span in cleaned.removed),
        "status": status(cleaned),
        "fields": dict(cleaned.fields),
        "notes": list(cleaned.notes),
        "page": page_record(page) | kind_record(cleaned) | ({"file": done.content} if done.content else {})
        if page
        else None,
    }


def page_record(page: Page) -> log.Record:
    """Return the metadata of a page other than its address and title, as in ``articles.jsonl``."""
    return {
        "author": page.author,
        "date": page.date,
        "sitename": page.sitename,
        "description": page.description,
        "notes": list(page.notes),
        **({"css": {each.wish.name: met_record(each) for each in page.wished}} if page.wished else {}),
    }


def met_record(wished: Wished) -> log.Record:
    """Return how much of a page the user's selector matches: elements and characters."""
    return {"elements": wished.elements, "characters": sum(span.end - span.start for span in wished.spans)}


def kind_record(cleaned: Cleaned) -> log.Record:
    """Return the kind of a page, the confidence in it, and the reason."""
    kind = cleaned.kind or page_kind(cleaned)
    return {"kind": kind.name, "confidence": kind.confidence, "reason": kind.reason}


def versions() -> dict[str, str]:
    """Return the versions on which the results depend: of this package, of Python and of libraries, by name;
    ``unknown`` if a library doesn't state one."""
    return dict(_versions())


@lru_cache(maxsize=1)
def _versions() -> Mapping[str, str]:  # each is a file of a library's to find and to read
    found = {"cleaner": package_version(), "python": ".".join(platform.python_version_tuple()[:2])}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


def package_version() -> str:
    """Return the installed version of this package."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
