"""What the page of ``cleaner review`` is answered, and what nobody else is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sample import Run

from cleaner.commands.review import session
from cleaner.reporting.review.store import Store

server = pytest.importorskip("cleaner.reporting.review.server")
TOKEN = "token"


class Client:
    """Asks an ASGI application."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def ask(
        self, path: str, body: bytes | None = None, host: str = "127.0.0.1:80"
    ) -> tuple[int, dict[str, str], bytes]:
        path, _, query = path.partition("?")
        scope = {
            **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http"},
            **{"method": "GET" if body is None else "POST", "path": path, "raw_path": path.encode()},
            **{"query_string": query.encode(), "headers": [(b"host", host.encode())], "root_path": ""},
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body or b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.application(scope, receive, send))
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])

    def get(self, path: str) -> Any:
        status, _, body = self.ask(f"/{TOKEN}/{path}")
        assert status == 200, body
        return json.loads(body)

    def post(self, path: str, **told: Any) -> tuple[int, Any]:
        status, _, body = self.ask(f"/{TOKEN}/{path}", json.dumps(told).encode())
        return status, json.loads(body) if status == 200 else body.decode()


@pytest.fixture
def client(run: Run, articles: Path, tmp_path: Path) -> Iterator[Client]:
    (articles / "p.html").write_text(
        f"<html><body><p>{'The council met again. ' * 9}</p><script>x()</script></body></html>"
    )
    assert run("run", articles, "--out", tmp_path / "out", "--kept").exit_code == 0
    with session(str(tmp_path / "out"), Store(str(tmp_path / "c.jsonl")), "ann", (0, 1), audit=False) as made:
        yield Client(server.application(made, TOKEN))


def test_nothing_without_the_token(client: Client) -> None:
    for path in ("/", "/tokem/", "/tok/api/run", "/api/run", "//", "/tok%C3%A9n/"):
        assert client.ask(path)[0] == 404
    assert client.ask("/tokem/api/correct", b"{}")[0] == 404


def test_no_other_host_leads_here(client: Client) -> None:
    assert client.ask(f"/{TOKEN}/", host="evil.example:80")[0] == 400
    assert client.ask(f"/{TOKEN}/", host="localhost:80")[0] == 200


@pytest.mark.parametrize("path", ["", "review.js", "review.css", "icon.svg", "api/run", "nothing.js"])
def test_nothing_is_loaded_from_elsewhere(client: Client, path: str) -> None:
    _, headers, body = client.ask(f"/{TOKEN}/{path}")
    assert headers["referrer-policy"] == "no-referrer" and headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    if not path.startswith("api"):
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
    assert b"http" not in body.replace(b"http://www.w3.org/2000/svg", b"")


def test_a_correction_and_back(client: Client) -> None:
    items = client.get("api/items")["items"]
    first = items[0]
    status, answer = client.post("api/correct", id="x1", action="accept", category="promotion", **first)
    assert status == 200 and answer["said"][0]["action"] == "accept"
    assert client.post("api/correct", id="x1", action="accept", category="promotion", **first)[1] == answer, "once"
    assert client.get("api/run")["corrections"] == 1
    assert client.get(f"api/article/{first['number']}")["said"] == answer["said"]
    _, undone = client.post("api/undo", id="x2")
    assert undone["undone"]["start"] == first["start"] and undone["undone"]["number"] == first["number"]
    assert client.get(f"api/article/{first['number']}")["said"] == []
    assert client.post("api/undo", id="x3")[1] == {"undone": None}


@pytest.mark.parametrize(
    "told",
    [
        {"action": "accept", "start": 5, "end": 5, "category": "promotion"},
        {"action": "accept", "start": 5, "end": 9_999_999, "category": "promotion"},
        {"action": "mark", "start": 5, "end": 9, "category": "no such"},
        {"action": "burn", "start": 5, "end": 9},
        {"action": "undo", "of": "1"},
        {"action": "accept", "start": "5", "end": 9},
        {"action": "done", "id": 7},
    ],
)
def test_what_is_no_correction(client: Client, told: dict[str, Any]) -> None:
    status, message = client.post("api/correct", **{"id": "x", "number": 0, **told})
    assert status == 422 and message
    assert client.get("api/run")["corrections"] == 0


def test_what_is_no_request(client: Client) -> None:
    assert client.ask(f"/{TOKEN}/api/correct", b"[1]")[0] == 400
    assert client.ask(f"/{TOKEN}/api/correct", b"{")[0] == 400
    assert client.ask(f"/{TOKEN}/api/correct", b'{"number": 0, "id": "' + b"x" * 20_000 + b'"}')[0] == 400
    assert client.ask(f"/{TOKEN}/api/undo", b"{}")[0] == 400
    assert client.ask(f"/{TOKEN}/api/items?low=much")[0] == 400
    assert client.ask(f"/{TOKEN}/api/article/99")[0] == 404
    assert client.post("api/correct", id="x", number=99, action="done")[0] == 404


def test_a_page_in_its_sandbox(client: Client) -> None:
    pages = [n for n in range(4) if client.get(f"api/article/{n}")["page"]]
    status, headers, body = client.ask(f"/{TOKEN}/page/{pages[0]}")
    assert status == 200 and b"council met again" in body and b"script" not in body
    assert "sandbox" in headers["content-security-policy"] and "script-src" not in headers["content-security-policy"]
    (text,) = {0, 1, 2, 3} - set(pages) - {n for n in range(4) if client.get(f"api/article/{n}")["article"] != "a.txt"}
    assert client.ask(f"/{TOKEN}/page/{text}")[0] == 404
    assert client.ask(f"/{TOKEN}/page/99")[0] == 404
