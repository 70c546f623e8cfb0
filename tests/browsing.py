"""What the tests in a browser share: a page and what goes wrong on it, and ``cleaner review`` as a program."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Seen:
    """A page, and what went wrong on it."""

    def __init__(self, browser: Any, width: int = 1440, scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.wrong: list[str] = []
        self.outside: list[str] = []
        self.page.on(
            "console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.context.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not re.match(r"(http://127\.0\.0\.1:\d+/|file:|data:|about:|blob:)", url):
            self.outside.append(url)

    def faults(self) -> list[str]:
        """The serious faults that axe finds."""
        import axe_playwright_python.base as axe

        self.page.evaluate(axe.AXE_SCRIPT)
        result = self.page.evaluate("axe.run()")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    def picture(self, name: str) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}.png")

    def overflows(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


class Reviewing:
    """``cleaner review`` as a program of its own."""

    def __init__(self, out: Path, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cleaner", "review", str(out), "--reviewer", "ann", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.process.stderr.read() if self.process.stderr else ""

    def end(self, how: int = signal.SIGINT) -> None:
        self.process.send_signal(how)
        self.process.wait(20)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


@contextlib.contextmanager
def reviewing(out: Path, *more: str) -> Iterator[Reviewing]:
    started = Reviewing(out, *more)
    try:
        yield started
    finally:
        started.end(signal.SIGKILL)


def lines(out: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (out / "corrections.jsonl").read_text().splitlines()[1:]]
    return [line for line in found if line["action"] != "article"]


def saved(page: Any, number: int) -> None:
    """Wait until so many corrections are saved."""
    page.wait_for_function(
        "n => document.getElementById('saved').textContent === `${n} corrections, saved`", arg=number, timeout=60_000
    )
