"""Serves the page for reviewers and its data: an ASGI application for the loopback interface only.

Every address contains a secret token. No page may load anything from other hosts. The rendering of a page of the input
is in a sandbox without scripts, under a policy that lets it load nothing.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cleaner.files import disk
from cleaner.reporting.review.columns import Filter
from cleaner.reporting.review.rendering import rendering
from cleaner.reporting.review.session import Session

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names by which the page may be asked for: no other site's name may lead here."""

LARGEST = 10_000
"""The most bytes in a correction."""

_OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_THEIRS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox"
)
_ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

STATIC = {"review.js": "text/javascript", "review.css": "text/css", "icon.svg": "image/svg+xml"}

Answer = Callable[[Request], Awaitable[Response]]


def application(session: Session, token: str) -> Starlette:
    """The application. What it answers lies below ``/TOKEN/``; to all else it says that there is nothing."""
    gets = {"": _home, "api/run": _about, "api/items": _items, "api/article/{number:int}": _article}
    gets |= {"page/{number:int}": _page, "{name}": _file}
    posts = {"api/correct": _correct, "api/undo": _undo}
    routes = [
        Route(f"/{{token}}/{path}", _guarded(answer, token), methods=[method])
        for method, answers in (("GET", gets), ("POST", posts))
        for path, answer in answers.items()
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    made = Starlette(routes=routes, middleware=[hosts])
    made.state.session = session
    return made


def _guarded(answer: Answer, token: str) -> Answer:
    async def asked(request: Request) -> Response:
        given = str(request.path_params["token"])
        if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
            return _text("There is nothing here.", 404)
        return await answer(request)

    return asked


def _session(request: Request) -> Session:
    found = request.app.state.session
    assert isinstance(found, Session)
    return found


async def _home(request: Request) -> Response:
    return _static("review.html", "text/html")


async def _file(request: Request) -> Response:
    name = str(request.path_params["name"])
    return _static(name, STATIC[name]) if name in STATIC else _text("There is nothing here.", 404)


async def _about(request: Request) -> Response:
    return await _tried(_session(request).about)


async def _items(request: Request) -> Response:
    session = _session(request)
    try:
        asked = dict(request.query_params)
        wanted = _filter(asked, session.share)
        first, listed = int(asked.get("first", 0)), asked.get("list")
        number = int(listed) if listed else None
    except ValueError:
        return _text("No such filter.", 400)
    spans, todo = asked.get("mode") != "articles", asked.get("todo") == "1"
    return await _tried(lambda: session.items(wanted, spans=spans, todo=todo, first=first, listed=number))


async def _article(request: Request) -> Response:
    number = int(request.path_params["number"])
    return await _tried(lambda: _session(request).article(number))


async def _correct(request: Request) -> Response:
    told = await _told(request)
    number = told.get("number")
    if not isinstance(number, int):
        return _text("No correction.", 400)
    return await _tried(lambda: {"said": _session(request).correct(number, told)})


async def _undo(request: Request) -> Response:
    name = (await _told(request)).get("id")
    if not isinstance(name, str):
        return _text("No correction.", 400)
    return await _tried(lambda: {"undone": _session(request).undo(name)})


async def _told(request: Request) -> dict[str, Any]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return {}
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


async def _page(request: Request) -> Response:
    number = int(request.path_params["number"])
    try:
        found = await run_in_threadpool(_session(request).page, number)
    except (IndexError, OSError, ValueError):
        found = None
    if found is None:
        return _text("The page is not where it was when the run was made.", 404)
    html = await run_in_threadpool(rendering, found)
    return Response(html, headers={**_ALWAYS, "Content-Security-Policy": _THEIRS}, media_type="text/html")


async def _tried(call: Callable[[], Any]) -> Response:
    try:
        return _json(await run_in_threadpool(call))
    except IndexError as fault:
        return _text(str(fault), 404)
    except ValueError as fault:  # LogFault among them
        return _text(str(fault), 422)
    except OSError as fault:
        return _text(f"{fault.filename}: {fault.strerror}", 500)


def _filter(asked: dict[str, str], share: tuple[int, int]) -> Filter:
    texts = {name: asked.get(name, "") for name in ("category", "rule", "site", "language")}
    low, high = (float(asked[name]) if asked.get(name) else None for name in ("low", "high"))
    show = asked.get("show", "")
    return Filter(**texts, low=low, high=high, near=show == "near", doubtful=show == "doubtful", share=share)


def _static(name: str, kind: str) -> Response:
    data = disk.read(str(files("cleaner.reporting.review").joinpath("static", name)))
    return Response(data, headers={**_ALWAYS, "Content-Security-Policy": _OURS}, media_type=kind)


def _json(value: Any) -> Response:
    # Lone surrogates can't be UTF-8; escaped they can be sent.
    data = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Response(data, headers=_ALWAYS, media_type="application/json")


def _text(message: str, status: int) -> Response:
    data = message.encode("utf-8", "replace")
    return Response(data, status, headers={**_ALWAYS, "Content-Security-Policy": _OURS}, media_type="text/plain")
