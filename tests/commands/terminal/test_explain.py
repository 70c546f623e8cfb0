"""``cleaner explain``: what a reader sees."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import ARTICLE, Run

from cleaner.article.model import Article, Cleaned, Decision, Evidence, Finding, Removed, Span
from cleaner.commands.terminal.explain import Look, explain, what_matters
from cleaner.commands.terminal.text import cells, visible

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE + "A special offer was made.\n")
    return path


def test_what_goes_and_why(run: Run, article: Path) -> None:
    lines = run("explain", article, "--ignore", "prose").stdout.splitlines()
    assert lines[0].startswith(f"{article} · language en · 125 characters · 2 spans cut (")
    assert lines[2:] == [
        "The bridge opened on Monday, and thousands came.",
        "[-Advertisement-]",
        "  └ cut promotion · promotion/ad · score 0.90 · over the threshold 0.5: Advertisement",
        "    Says that an advertisement stood here.",
        "Traffic flowed by noon. [-Buy it now!-]",
        "  └ cut promotion · promotion/buy · score 0.90 · over the threshold 0.5: Buy it now",
        "    Tells the reader to buy.",
        "[?A special offer was made.?]",
        "  └ kept promotion · promotion/perhaps · score 0.30 · under the threshold 0.5",
        lines[-1],
    ]
    assert lines[-1].startswith("    May be an offer. Seen: ")


def test_colours_are_for_terminals_that_want_them(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run("explain", article).stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[9;" in run("explain", article).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("explain", article).stdout


def on_a_terminal(*arguments: str | Path, **environment: str) -> str:
    """What a program writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "", **environment},
    ) as child:
        os.close(theirs)
        written = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            written += piece
        child.wait(timeout=60)
    os.close(ours)
    return written.decode()


def test_on_a_terminal(article: Path, rules: Path) -> None:
    article.write_text(ARTICLE + "Many words make a line that no terminal holds. " * 20)
    shown = on_a_terminal("explain", article, "--rules", rules, "--rules-only")
    assert "\x1b[9;" in shown
    assert all(len(ESCAPES.sub("", line)) <= 80 for line in shown.split("\r\n")[2:])
    assert "[-Advertisement-]" in on_a_terminal("explain", article, "--rules", rules, "--rules-only", NO_COLOR="1")


def test_a_bar_on_a_terminal_only(article: Path, rules: Path, tmp_path: Path) -> None:
    words = ("run", article, "--rules", rules, "--rules-only", "--out", tmp_path / "out")
    assert "articles/s" in on_a_terminal(*words)
    assert "articles/s" not in on_a_terminal(*words, "--quiet")


def test_standard_input(run: Run) -> None:
    assert "standard input · " in run("explain", "-", input=ARTICLE).stdout


def test_json(run: Run, article: Path) -> None:
    record = json.loads(run("explain", article, "--json").stdout)
    assert [span["rule"] for span in record["removed"]] == ["promotion/ad", "promotion/buy"]
    assert record["text"].startswith("The bridge")


def test_an_empty_article(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    assert "There is nothing in this article." in run("explain", tmp_path / "empty.txt").stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [("gone.txt", "no such file"), (".", "a folder; name one article in it"), ("zip.txt", "a ZIP archive")],
)
def test_refused(run: Run, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "zip.txt").write_bytes(b"PK\x03\x04")
    result = run("explain", tmp_path / name)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_article_cannot_command_the_terminal(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("A title\x1b]0;mine\x07 and \u202ebackwards\u202c.\x9b31m\nAdvertisement\n")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = ESCAPES.sub("", run("explain", tmp_path / "a.txt").stdout)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def removed(start: int, end: int, text: str) -> Removed:
    return Removed(start, end, "other", "other/x", "phrases", 0.9, "why", text[start:end])


def kept(start: int, end: int) -> Decision:
    finding = Finding(Span(start, end), "other", "prose", "prose/bad", 0.2, (Evidence("class", "bad"),))
    return Decision(start, end, "keep", "other", "prose/bad", "prose", 0.2, "under", (finding,))


@st.composite
def results(draw: st.DrawFn) -> Cleaned:
    text = draw(st.text(st.sampled_from("ab  \n\r日本é\u2028\t."), max_size=80))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [removed(a, b, text) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    start = draw(st.integers(0, len(text)))
    more = [kept(start, draw(st.integers(start + 1, len(text))))] if start < len(text) else []
    return Cleaned(Article("a", text, ()), "", tuple(spans), tuple(more))


@given(results(), st.integers(1, 30), st.booleans())
def test_every_word_is_shown_and_fits(cleaned: Cleaned, width: int, color: bool) -> None:
    lines = list(explain(cleaned, {}, Look(width, color)))
    bodies = [ESCAPES.sub("", line) for line in lines[1:] if "└" not in line and "Seen: " not in line]
    if not cleaned.article.text.strip():
        return
    if color and not cleaned.kept:
        assert all(cells(line) <= max(width, 2) for line in bodies)
        assert "".join("".join(bodies).split()) == "".join(visible(cleaned.article.text).split())
    assert len([line for line in lines if "└" in line]) == len(cleaned.removed) + len(cleaned.kept)


def test_what_is_far_below_its_threshold_is_not_shown(run: Run, article: Path) -> None:
    short = run("explain", article).stdout
    full = run("explain", article, "--all").stdout
    assert "claims far below the threshold not shown" in short or "claim far below" in short
    assert "prose/" in full and "prose/" not in short and "promotion/perhaps" in short
    assert "jusText: " in full and "by itself bad" not in full


def test_what_was_protected_is_shown_whatever_its_score() -> None:
    def kept(reason: str, score: float) -> Decision:
        return Decision(0, 4, "keep", "byline", "r", "phrases", score, reason, ())

    every = (kept("under the threshold 0.5", 0.25), kept("under the threshold 0.5", 0.26), kept("in the lead", 0.1))
    shown, hidden = what_matters(Cleaned(Article("a", "Text", ()), "Text", (), every), {"byline": 0.5})
    assert shown.kept == every[1:] and hidden == 1


def test_as_a_page(run: Run, article: Path) -> None:
    article.write_text("<b>It</b> rained, and rained.\nAdvertisement\nIt was cold. Buy it now!\n")
    page = run("explain", article, "--html").stdout
    assert "&lt;b&gt;It" in page and "<b>It" not in page
    assert re.search("<del class=.c7.>Advertisement</del>", page) and re.search("> ?Buy it now!</del>", page)
    assert "Says that an advertisement stood here." in page and "default-src &#x27;none&#x27;" not in page
    assert "default-src 'none'" in page and "src=" not in page.replace("default-src=", "") and "href=" not in page
    assert page.count("<details") == page.count("</details>") >= 2
    article.write_text("")
    assert "nothing in this article" in run("explain", article, "--html").stdout
    assert run("explain", article, "--html", "--json").exit_code == 2
