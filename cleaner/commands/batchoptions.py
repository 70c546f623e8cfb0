"""The options of ``cleaner run`` that are about many articles: workers, limits, fields, formats of the logs."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from cleaner.run.options import Choices

Command = TypeVar("Command", bound=Callable[..., Any])


class Size(click.ParamType[int]):
    """A number of bytes, with K, M or G behind it if one likes."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number in ``value``."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", str(value).strip().lower())
        if not match or not (size := int(float(match[1]) * {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}[match[2]])):
            self.fail(f"{value!r} is no size; write a number of bytes, or 500K, 20M, 1G", param, ctx)
        return size


def batch_options(command: Command) -> Command:
    """The options, in the order in which help names them."""
    for option in reversed(
        (
            click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes.  [default: cores]"),
            click.option(
                "--timeout",
                type=click.FloatRange(0.001),
                default=60.0,
                show_default=True,
                metavar="SECONDS",
                help="How long one article may take.",
            ),
            click.option(
                "--max-bytes",
                type=Size(),
                default="100M",
                show_default=True,
                metavar="SIZE",
                help="How large one article may be, unpacked.",
            ),
            click.option("--incremental", is_flag=True, help="Do only new and changed articles; all if rules changed."),
            click.option(
                "--text-field",
                metavar="NAME",
                help="The field of the text; of pages, where it goes.  [default: text, content, body]",
            ),
            click.option(
                "--html-field", metavar="NAME", help="The field of a web page.  [default: html, without a text]"
            ),
            click.option("--id-field", metavar="NAME", help="The field of the id.  [default: id]"),
            click.option("--url-field", metavar="NAME", help="The field of the address.  [default: url]"),
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
        command = option(command)
    return command


def choices(
    workers: int | None,
    timeout: float,
    max_bytes: int,
    incremental: bool,
    kept: bool,
    residue: bool,
    as_markdown: bool,
    text_field: str | None,
    html_field: str | None,
    id_field: str | None,
    url_field: str | None,
    log_format: str,
    export: tuple[str, ...],
) -> Choices:
    """The options as one value."""
    from cleaner.run.options import Choices
    from cleaner.run.pool import Limits
    from cleaner.tables.base import Columns

    if text_field and text_field == html_field:
        raise click.UsageError("--text-field and --html-field name the same field: it can't hold both page and text")
    if export and html_field:
        raise click.UsageError("--export dolma is about texts: the spans of a page don't point into a field of its row")
    return Choices(
        limits=Limits(workers or cores(), timeout),
        kept=kept,
        residue=residue,
        as_markdown=as_markdown,
        most=max_bytes,
        incremental=incremental,
        columns=Columns(text_field, id_field, url_field, html_field),
        log_format=log_format,
        export=tuple(sorted(set(export))),
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
