"""``cleaner review``: go through what a run removed, in a browser, and correct it."""

from __future__ import annotations

import getpass
import os
import re
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, echo, safe

if TYPE_CHECKING:
    from cleaner.reporting.review.index import Logs
    from cleaner.reporting.review.session import Session, Unit
    from cleaner.reporting.review.store import Store


def part(value: str | tuple[int, int]) -> tuple[int, int]:
    """A share of the articles, as in ``2/3``: a type of option. Counted from 0 in what comes out.

    >>> part("2/3")
    (1, 3)
    """
    if isinstance(value, tuple):
        return value
    match = re.fullmatch(r"(\d+)/(\d+)", value.strip())
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise click.BadParameter(f"{value!r} is not a share; write 1/3, 2/3 and 3/3 for three people")
    return int(match[1]) - 1, int(match[2])


def whoever() -> str:
    """The name of the user."""
    with suppress(Exception):  # a container may have a user without a name; what is raised differs by version
        return getpass.getuser()
    return "reviewer"


@click.command()
@click.argument("out", type=click.Path())
@click.option("--to", metavar="FILE", type=click.Path(), help="Where corrections go.  [default: OUT/corrections.jsonl]")
@click.option("--reviewer", metavar="NAME", help="Who corrects.  [default: the name of the user]")
@click.option("--share", type=part, default="1/1", metavar="K/N", help="The K-th of N shares of the articles.")
@click.option("--audit", is_flag=True, help="Go through the sample that cleaner audit has drawn.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port of the page.  [default: a free one]")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def review(
    out: str, to: str | None, reviewer: str | None, share: tuple[int, int], audit: bool, port: int, opens: bool
) -> None:
    """Go through what a run removed, in a browser, and correct it.

    OUT is a folder that cleaner run has written. The page is for this machine alone, under an address that nobody can
    guess; ^C ends it. What goes is struck out in its place; keys accept, restore, change the category and mark what
    was missed. Every correction is on the disk at once. The file of corrections is gold: cleaner fit text, cleaner
    eval and cleaner sites suggest take it as it is.
    """
    import secrets

    from cleaner.reporting.review.store import Store

    try:
        import uvicorn

        from cleaner.reporting.review.server import application
    except ImportError as error:
        raise Refusal(
            f"cleaner: {error.name} is missing; the page needs it: pip install 'article-cleaner[review]'"
        ) from None
    from cleaner.errors import LogFault, OutFault
    from cleaner.files import disk
    from cleaner.results import out_folder

    path = to or os.path.join(out, out_folder.CORRECTIONS)
    try:
        out_folder.read_summary(out)
        with disk.no_more_open(out_folder.closed(out)):
            store = Store(path)
        with session(out, store, reviewer or whoever(), share, audit=audit) as made:
            if made.trouble:
                raise LogFault(made.trouble)
            token = secrets.token_urlsafe(24)
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", port))
            sock.listen(128)  # before the address is told: whoever comes at once waits, and is not sent away
            address = f"http://127.0.0.1:{sock.getsockname()[1]}/{token}/"
            config = uvicorn.Config(
                application(made, token), log_level="warning", access_log=False, lifespan="off", server_header=False
            )
            echo(address)
            click.echo(safe(f"Corrections go to {path}. ^C ends."), err=True)
            if opens:
                click.launch(address)
            uvicorn.Server(config).run(sockets=[sock])
    except (OutFault, LogFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except OSError as error:
        where = error.filename or f"port {port}"
        raise Refusal(safe(f"cleaner: {where}: {error.strerror}")) from None


@contextmanager
def session(out: str, store: Store, reviewer: str, share: tuple[int, int], *, audit: bool) -> Iterator[Session]:
    """A session over a run; its logs are read while it is going on, if they were not read before."""
    from cleaner.reporting.review import index
    from cleaner.reporting.review.columns import Columns
    from cleaner.reporting.review.session import Session
    from cleaner.reporting.review.texts import Texts
    from cleaner.results import out_folder

    with tempfile.TemporaryDirectory(prefix="cleaner-") as unpacked:
        found = index.logs(out, unpacked)
        key = index.key(out, found)
        columns = index.whole(out) if audit else index.kept(out, key)
        known = columns is not None
        columns = columns if columns is not None else Columns()
        made = Session(columns, Texts(out, out_folder.read_summary(out), found, columns), store, reviewer, share)
        if audit:
            made.units = _units(out)
        if not known:
            _begin(out, key, found, made)
        yield made


def _begin(out: str, key: str, found: list[Logs], made: Session) -> None:
    """Read the logs in the background; comes back when there is something to see."""
    from cleaner.errors import LogFault
    from cleaner.reporting.review import index

    ready = threading.Event()

    def read() -> None:
        try:
            for _ in index.read(found, made.columns):
                ready.set()
            index.keep(out, key, made.columns)
        except (LogFault, OSError) as fault:
            made.trouble = str(fault)
        ready.set()

    threading.Thread(target=read, daemon=True, name="index").start()
    ready.wait()


def _units(out: str) -> Sequence[Unit]:
    """What the sample of an audit holds."""
    from cleaner.reporting.review.sample import read
    from cleaner.reporting.review.session import Unit

    return [Unit(one.number, one.start, one.end, one.kept) for one in read(out)[1]]
