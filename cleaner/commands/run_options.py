"""The options of ``cleaner run``: workers, limits, fields, logs, formats of the results."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from cleaner.run.options import RunOptions

Command = TypeVar("Command", bound=Callable[..., Any])


def size(value: int | str) -> int:
    """A number of bytes, with K, M or G behind it if one likes: a type of option.

    >>> size("1.5k")
    1500
    """
    if isinstance(value, int):
        return value
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", value.strip().lower())
    if not match or not (number := int(float(match[1]) * {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}[match[2]])):
        raise click.BadParameter(f"{value!r} is not a size; write a number of bytes, or 500K, 20M, 1G")
    return number


def run_options(command: Command) -> Command:
    """The options of a run, in the order in which help names them; the command gets them as one value, ``options``.

    Stands below ``cleaner_options``, whose values go into the summary.
    """

    @wraps(command)
    def call(*arguments: Any, **given: Any) -> Any:
        return command(*arguments, options=_made(given), **given)

    for option in reversed(
        (
            click.option(
                "--kept", is_flag=True, help="Also log what was nearly removed, and why it stayed (kept.jsonl)."
            ),
            click.option(
                "--log",
                "log_text",
                type=click.Choice(["full", "residue"]),
                default="full",
                show_default=True,
                help="residue: of a page, what stands outside its article is logged by offsets alone; "
                "source/ holds the text.",
            ),
            click.option(
                "--format",
                "form",
                type=click.Choice(["text", "markdown"]),
                default="text",
                show_default=True,
                help="markdown: also write clean web pages with their headings, lists and emphasis (markdown/).",
            ),
            click.option("--links", is_flag=True, help="With --format markdown: keep links and their addresses."),
            click.option(
                "--figures",
                is_flag=True,
                help="With --format markdown: keep the images of articles, with their captions.",
            ),
            click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes.  [default: cores]"),
            click.option(
                "--timeout",
                type=click.FloatRange(0.001),
                default=60.0,
                show_default=True,
                metavar="SECONDS",
                help="The most processor time that one article may take.",
            ),
            click.option(
                "--max-bytes",
                type=size,
                default="100M",
                show_default=True,
                metavar="SIZE",
                help="The largest size of one article, unpacked.",
            ),
            click.option(
                "--repeats",
                metavar="on|off|FOLDER",
                default="on",
                show_default=True,
                help="What the articles of each site repeat is counted first (on), or read from a folder that "
                "cleaner sites count has written.",
            ),
            click.option(
                "--site",
                metavar="NAME",
                help="The site of articles whose address and folder name none.",
            ),
            click.option(
                "--incremental",
                is_flag=True,
                help="Clean only new and changed articles, but all of them if the rules changed.",
            ),
            click.option(
                "--text-field",
                metavar="NAME",
                help="The field of the text, and for pages where it is written.  [default: text, content, body]",
            ),
            click.option(
                "--html-field", metavar="NAME", help="The field of a web page.  [default: html, without a text]"
            ),
            click.option("--id-field", metavar="NAME", help="The field of the id.  [default: id]"),
            click.option("--url-field", metavar="NAME", help="The field of the address.  [default: url]"),
            click.option(
                "--site-field", metavar="NAME", help="The field that names the site, in place of the address."
            ),
            click.option("--date-field", metavar="NAME", help="The field of the day it came out.  [default: date]"),
            click.option(
                "--log-format",
                type=click.Choice(["jsonl", "jsonl.zst", "parquet"]),
                default="jsonl",
                show_default=True,
                help="The format of the logs.",
            ),
            click.option(
                "--export",
                type=click.Choice(["dolma"]),
                multiple=True,
                help="Also write the removed spans as attributes for dolma's mixer (JSONL input).",
            ),
        )
    ):
        call = option(call)
    return cast(Command, call)


def _made(given: dict[str, Any]) -> RunOptions:
    """The options as one value; takes what is its own out of ``given``."""
    from cleaner.run.options import RunOptions
    from cleaner.run.pool import Limits
    from cleaner.tables.base import Columns
    from cleaner.text.hosts import named

    fields = Columns(**{name: given.pop(f"{name}_field") for name in ("text", "id", "url", "html", "site", "date")})
    export = given.pop("export")
    repeats = given["repeats"]
    given["repeats"] = None if repeats in ("on", "off") else repeats  # a folder, which the cleaner reads
    if fields.text and fields.text == fields.html:
        raise click.UsageError("--text-field and --html-field name the same field: it can't hold both page and text")
    if export and fields.html:
        raise click.UsageError("--export dolma is about texts: the spans of a page don't point into a field of its row")
    for name in ("links", "figures"):
        if given[name] and given["form"] != "markdown":
            raise click.UsageError(f"--{name} is about Markdown: name --format markdown, too")
    return RunOptions(
        cleaning={
            "profile": given["profile"],
            "precision": given["precision"],
            "select": sorted({name for names in given["select"] for name in names}),
            "ignore": sorted({name for names in given["ignore"] for name in names}),
            "language": given["language"],
            "fast": given["fast"],
            **({"full": True} if given["full"] else {}),
            **{name: list(given[name]) for name in ("keep_css", "drop_css") if given[name]},
            **({"only": given["only"]} if given["only"] else {}),
        },
        limits=Limits(given.pop("workers") or cores(), given.pop("timeout")),
        kept=given.pop("kept"),
        log=given.pop("log_text"),
        format=given.pop("form"),
        links=given.pop("links"),
        figures=given.pop("figures"),
        most=given.pop("max_bytes"),
        incremental=given.pop("incremental"),
        columns=fields,
        log_format=given.pop("log_format"),
        export=tuple(sorted(set(export))),
        repeats=repeats if repeats in ("on", "off") else "kept",
        site=named(given.pop("site")),
    )


def cores() -> int:
    """The cores that this process may use."""
    import os

    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class Terminated(BaseException):
    """Somebody has sent SIGTERM: end as for ^C."""


@contextmanager
def terminable() -> Iterator[None]:
    """Make SIGTERM an exception, so that files are closed and workers ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
