"""Standard input to standard output: a text, a page, or lines of JSON, one by one as they come."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from cleaner.commands.options import clean, echo, safe, tell_met, tell_notes
from cleaner.commands.progress import show_diff

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.article.model import Cleaned
    from cleaner.tables.base import Columns

NAME = "standard input"


@dataclass(frozen=True, slots=True)
class Stream:
    """What standard input is (``auto``, ``text``, ``html``, ``jsonl``), and what of it is shown.

    ``show``: ``text``, ``markdown``, ``json`` or ``diff``. ``most``: bytes of an article. ``kept``: with ``json``, what
    was nearly removed, too. ``links``, ``figures``: of Markdown.
    """

    form: str
    columns: Columns
    most: int
    show: str
    kept: bool
    links: bool = False
    figures: bool = False


def stream(cleaner: Cleaner, wanted: Stream) -> bool:
    """Clean standard input; whether all went well. Raises ``BrokenPipeError`` when nobody reads on."""
    if sys.stdin.isatty():
        click.echo("Reading from the keyboard; ^D ends.", err=True)
    source = _Source(sys.stdin.buffer)
    form = wanted.form if wanted.form != "auto" else source.form(wanted.most)
    if form == "jsonl":
        return _rows(cleaner, wanted, source)
    data = source.rest(wanted.most + 1)
    if len(data) > wanted.most:
        raise click.ClickException(f"{NAME}: larger than {wanted.most:,} bytes; --max-bytes sets the limit")
    _one(cleaner, wanted, data, form)
    return True


class _Source:
    """Standard input, of which some lines may have been read to see what it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._seen: list[bytes] = []

    def form(self, most: int) -> str:
        """``jsonl``, ``html`` or ``text``, by the first line that isn't empty; of a page, by some more."""
        from cleaner.files import sniff

        while (line := self._file.readline(most + 2)) and not line.removeprefix(b"\xef\xbb\xbf").strip():
            self._seen.append(line)
        self._seen.append(line)
        if sniff.is_object(line):
            return "jsonl"
        if not line.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            return "text"
        self._seen.append(self._file.read(sniff.BEGIN))
        return "html" if sniff.is_page(b"".join(self._seen)) else "text"

    def rest(self, most: int) -> bytes:
        """All of it, or the first ``most`` bytes."""
        seen = b"".join(self._seen)
        return seen + self._file.read(max(0, most - len(seen)))

    def readline(self, most: int) -> bytes:
        """The next line, or a part of it."""
        return self._seen.pop(0) if self._seen else self._file.readline(most)


def _one(cleaner: Cleaner, wanted: Stream, data: bytes, form: str) -> None:
    """All of standard input is one article."""
    from cleaner.article.model import status
    from cleaner.errors import DecodeFault
    from cleaner.markdown import markdown
    from cleaner.reading.decoding import Decoded, decode
    from cleaner.results import log

    try:
        if form == "html" or wanted.show == "markdown":
            cleaned = clean(cleaner, data)
            read = Decoded(cleaned.article.text, "utf-8")
        else:
            read = decode(data)
            cleaned = clean(cleaner, read.text)
    except DecodeFault as fault:
        raise click.ClickException(safe(f"{NAME}: {fault}")) from None
    state = status(cleaned)
    if state == "empty":
        click.echo(f"Standard input {'holds no text' if data else 'is empty'}, and the result is empty.", err=True)
    elif state == "nothing-left":
        click.echo("Nothing of standard input is left: all of it was taken for boilerplate.", err=True)
    if wanted.show == "diff":
        show_diff(cleaned.article.text, cleaned.removed, NAME)
    elif wanted.show == "json":
        echo(log.dump({"text": cleaned.text, "encoding": read.encoding, **_record(cleaned, wanted, "")}, indent=2))
    else:
        marked = wanted.show == "markdown"
        text = markdown(cleaned, links=wanted.links, figures=wanted.figures) if marked else cleaned.text
        click.echo(text.encode("utf-8", "surrogatepass"), nl=False)


def _record(cleaned: Cleaned, wanted: Stream, name: str) -> dict[str, Any]:
    """What is known of an article besides its text."""
    from cleaner.article.model import status
    from cleaner.results import log
    from cleaner.run import one_article

    page = cleaned.article.page
    record = {
        "language": cleaned.article.language,
        "status": status(cleaned),
        "fields": dict(cleaned.fields),
        "notes": list(cleaned.notes),
        **({"url": page.url, "title": page.title, "page": one_article.page_record(page)} if page else {}),
        "removed": [log.removed_record(name, span) for span in cleaned.removed],
    }
    if wanted.kept:
        record["kept"] = [log.kept_record(name, decision, cleaned.article.text) for decision in cleaned.kept]
    return record


def _rows(cleaner: Cleaner, wanted: Stream, source: _Source) -> bool:
    """A line out for a line in. Lines that fail are named, and left out."""
    from cleaner.results import log
    from cleaner.results.summary import Met, add_met
    from cleaner.run import one_article, table_worker
    from cleaner.tables import jsonl

    if wanted.show == "markdown":
        raise click.UsageError("--format markdown is for one page; of lines of JSON, text comes out")
    failed = done = 0
    css: dict[str, Met] = {}
    for row in jsonl.read(source, wanted.columns, wanted.most):
        name = row.id if row.id is not None else str(row.number)
        cleaned = table_worker.cleaned(cleaner, row, name, wanted.most)
        if isinstance(cleaned, tuple):
            failed += 1
            click.echo(safe(f"{NAME}:{row.number}: {cleaned[1]}"), err=True)
            continue
        done += 1
        add_met(css, one_article.page_record(cleaned.article.page).get("css", {}) if cleaned.article.page else {})
        tell_notes(cleaned, f"{NAME}:{row.number}")
        if wanted.show == "diff":
            show_diff(cleaned.article.text, cleaned.removed, name)
        elif wanted.show == "json":
            record = {"article": name, "row": row.number, "text": cleaned.text, **_record(cleaned, wanted, name)}
            echo(log.dump(record))
        else:
            click.echo(jsonl.replaced(row, cleaned.text).encode())
    tell_met(cleaner, css)
    if failed:
        click.echo(f"{failed:,} of {failed + done:,} lines failed and were left out.", err=True)
    return not failed
