"""``cleaner report``: what a run removed, as one page."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample import Run

from cleaner.reporting.gather import COUNTED, FirstLook, SecondLook
from cleaner.reporting.outliers import outliers
from cleaner.reporting.page import LARGEST, page
from cleaner.reporting.report import Errors, Report, Words, estimate
from cleaner.reporting.samples import Lowest, digest

HOSTILE = '<script>alert(1)</script><img src="//evil.example/x" onerror="alert(2)">\u202e\x00'
STORY = "The bridge opened on Monday, and thousands came.\nAdvertisement\nTraffic flowed by noon. Buy it now!\n"


class Page(HTMLParser):
    """The elements of a page, checked to be closed in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the results lie that the tests copy: a run takes longer."""
    return tmp_path_factory.mktemp("report")


@pytest.fixture
def out(run: Run, articles: Path, tmp_path: Path, kept: Path) -> Path:
    """The results of a run over texts of two sites, a file that can't be read and a table."""
    for number in range(6):
        for site in ("news.example.org", "post.example.com"):
            (articles / site).mkdir(exist_ok=True)
            (articles / site / f"{number}.txt").write_text(STORY.replace("bridge", f"bridge {number}"))
    (articles / "post.example.com" / "hostile.txt").write_text(
        f"Before {HOSTILE}.\nIt rose. Buy it now {HOSTILE}!\nAfter.\n"
    )
    (articles / "broken.txt.gz").write_bytes(b"\x1f\x8b broken")
    rows = [{"id": f"row {n}", "text": f"It rained, {n}.\nBuy it now for {n}!\nIt was cold."} for n in range(3)]
    (articles / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    if not (kept / "out").exists():
        assert run("run", articles, "--out", kept / "out", "--workers", "1").exit_code == 1
    shutil.copytree(kept / "out", tmp_path / "out")
    return tmp_path / "out"


def reported(run: Run, out: Path) -> Page:
    result = run("report", out)
    assert result.exit_code == 0, result.stderr
    return Page((out / "report.html").read_text(encoding="utf-8"))


def test_the_page_tells_what_went(run: Run, out: Path) -> None:
    text = reported(run, out).text
    assert "promotion/ad" in text and "promotion/buy" in text
    assert "news.example.org" in text and "post.example.com" in text
    assert "broken.txt.gz" in text
    assert "Removed: Advertisement End of what was removed." in text


def test_a_sample_is_in_its_place(run: Run, out: Path) -> None:
    text = reported(run, out).text
    mark = r"Removed: Buy it now for (\d)! End of what was removed\. "
    assert re.search(rf"It rained, \d\.\s+{mark}\s+It was cold\.", text)
    assert re.search(r"It rose\. Removed: Buy it now <script>.* End of what was removed\. \s*After\.", text)


def test_words_before_and_after(run: Run, articles: Path, tmp_path: Path) -> None:
    assert run("run", articles, "--out", tmp_path / "out").exit_code == 0
    text = reported(run, tmp_path / "out").text
    # a.txt: 16 words, of which 4 go; b.txt: 5.
    assert "Words before21" in text and "Words after17" in text and "about" not in text.partition("Categories")[2][:300]


def test_tokens_before_and_after(run: Run, articles: Path, tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    made.save(str(tmp_path / "words.json"))
    assert run("run", articles, "--out", tmp_path / "out").exit_code == 0
    assert run("report", tmp_path / "out", "--tokenizer", tmp_path / "words.json").exit_code == 0
    text = Page((tmp_path / "out" / "report.html").read_text(encoding="utf-8")).text
    # One for each word of 21, of which 4 go.
    assert "Tokens before21words.json" in text and "Tokens after17" in text


def test_a_tokenizer_that_there_is_not(run: Run, out: Path) -> None:
    result = run("report", out, "--tokenizer", "no-such-encoding")
    assert result.exit_code == 2 and "no-such-encoding" in result.stderr and not (out / "report.html").exists()


def test_nothing_of_an_article_is_markup(run: Run, out: Path) -> None:
    shown = reported(run, out)
    assert not shown.named("script") and not shown.named("img")
    assert not [name for _, attributes in shown.elements for name in attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in shown.text, "it is shown as it was"
    assert "\u202e" not in shown.text and "\x00" not in shown.text


def test_nothing_is_loaded(run: Run, out: Path) -> None:
    shown = reported(run, out)
    assert {tag for tag, _ in shown.elements}.isdisjoint(
        {"link", "iframe", "object", "embed", "audio", "video", "base"}
    )
    addresses = [
        v for _, attributes in shown.elements for k, v in attributes.items() if k in ("href", "src", "xlink:href")
    ]
    assert addresses and all(address and address.startswith("#") for address in addresses)
    css = "".join(re.findall("<style>(.*?)</style>", (out / "report.html").read_text(), re.DOTALL))
    assert "url(" not in css and "@import" not in css
    [policy] = [m["content"] for m in shown.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy and policy.startswith("default-src 'none'")


def test_it_can_be_read_aloud(run: Run, out: Path) -> None:
    shown = reported(run, out)
    assert shown.named("html")[0]["lang"] == "en"
    assert len(shown.named("main")) == len(shown.named("header")) == len(shown.named("nav")) == 1
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"] for a in shown.named("a")} <= {f"#{name}" for name in ids}
    assert {s["aria-labelledby"] for s in shown.named("section")} <= set(ids)
    assert len(shown.named("caption")) == len(shown.named("table")) > 4
    assert all(head.get("scope") in ("col", "row") for head in shown.named("th"))
    drawn = [svg for svg in shown.named("svg") if svg.get("aria-hidden") != "true"]
    assert drawn and all(svg["role"] == "img" for svg in drawn)


def test_the_same_run_gives_the_same_page(run: Run, out: Path, tmp_path: Path) -> None:
    assert run("report", out, "--to", tmp_path / "one.html").exit_code == 0
    assert run("report", out, "--to", tmp_path / "two.html").exit_code == 0
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert not (out / "report.html").exists()


def test_it_is_no_more_open_than_the_results(run: Run, out: Path) -> None:
    os.chmod(out / "summary.json", 0o600)
    reported(run, out)
    assert stat.S_IMODE((out / "report.html").stat().st_mode) == 0o600


def test_the_next_run_takes_it_away(run: Run, articles: Path, out: Path) -> None:
    reported(run, out)
    assert run("verify", out).exit_code == 0
    assert run("run", articles, "--out", out).exit_code == 1
    assert not (out / "report.html").exists()


def test_a_run_without_articles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("")
    assert run("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert "Nothing was removed." in reported(run, tmp_path / "out").text


def test_clean_texts_that_are_gone(run: Run, out: Path) -> None:
    for path in (out / "clean").rglob("*"):
        if path.is_file():
            path.unlink()
    assert "Removed: Advertisement" in reported(run, out).text


def test_a_page_logged_by_offsets(run: Run, tmp_path: Path) -> None:
    paragraphs = "".join(
        f"<p>The council met for the {n}th time to talk about the bridge, and about roads.</p>" for n in range(9)
    )
    (tmp_path / "in").mkdir()
    around = (
        "<html><body><nav><a href=/>Start</a></nav><article>{}</article><footer>Imprint of us</footer></body></html>"
    )
    (tmp_path / "in" / "a.html").write_text(around.format(paragraphs))
    assert run("run", tmp_path / "in", "--out", tmp_path / "out", "--log", "residue").exit_code == 0
    spans = [json.loads(line) for line in (tmp_path / "out" / "removed.jsonl").read_text().splitlines()[1:]]
    assert any(span["text"] is None for span in spans), "the test needs one"
    assert "Imprint of us" in reported(run, tmp_path / "out").text


@pytest.mark.parametrize("name", ["gone", "empty"])
def test_what_is_no_result(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run("report", tmp_path / name)
    assert result.exit_code == 2 and "cleaner run" in result.stderr


def test_logs_that_do_not_fit(run: Run, out: Path) -> None:
    lines = (out / "removed.jsonl").read_text().splitlines(keepends=True)
    (out / "removed.jsonl").write_text("".join(lines[:1] + lines[2:]))
    result = run("report", out)
    assert result.exit_code == 2 and "cleaner verify" in result.stderr


# -- the numbers ----------------------------------------------------------------------------------------------------


def looks(articles: int, sites: int) -> tuple[FirstLook[int], SecondLook[int]]:
    """Both looks at a made-up run; site 7 loses most of its text."""
    first: FirstLook[int] = FirstLook()
    names = [f"site{number}.example.org" for number in range(sites)]
    second: SecondLook[int] = SecondLook.of([f"other/{n}" for n in range(150)], ["en"], names[:40])
    for number in range(articles):
        site = names[number % sites]
        gone = 800 if number % sites == 7 else 50
        record = {
            **{"article": f"{site}/{number}", "language": "en", "status": "ok"},
            **{"characters": 1000, "removed_characters": gone, "removed_spans": 1},
        }
        span = {
            **{"start": 0, "end": gone, "category": "other", "rule": f"other/{number % 300}", "detector": "phrases"},
            **{
                "score": 0.5 + number % 50 / 100,
                "reason": "seen: " + "<" * 150,
                "text": f"{number} " + "& " * (gone // 2),
            },
        }
        first.add(number, record, site)
        second.add(number, record, site, [span])
    return first, second


def made(articles: int, sites: int) -> Report[int]:
    first, second = looks(articles, sites)
    rules = {f"other/{n}": {"spans": 1, "articles": 1, "characters": 50} for n in range(3000)}
    summary = {"categories": {"other": {"spans": 1, "articles": 1, "characters": 9}}, "rules": rules}
    contexts = {(s.place, s.at): ("<" * 90, "&" * 90) for s in second.samples()}
    return Report("run", summary, first, second, Errors(), Words(9, 1, 10, False), contexts, {}, "(none)")


def test_the_page_is_small_whatever_the_run() -> None:
    large = page(made(20000, 4000))
    assert len(large.encode()) <= LARGEST
    assert len(page(made(20000, 4000), 300_000).encode()) <= 300_000
    Page(large)


def test_a_site_that_loses_most_is_named_first() -> None:
    text = Page(page(made(4000, 200))).text
    far = text[text.index("Sites far from the others") :]
    assert re.search(r"site\d+\.example\.org", far).group() == "site7.example.org"  # type: ignore[union-attr]


def test_words_are_estimated_from_some() -> None:
    first, second = looks(COUNTED * 2, 10)
    words = estimate(100 * COUNTED, 500 * COUNTED, COUNTED, first, second)
    assert not words.exact and words.counted == COUNTED
    assert words.after == round((first.total.characters - first.total.removed) / 5)
    assert words.before == words.after + words.removed


def test_sites_that_agree_have_no_outliers() -> None:
    assert outliers({f"{n}": 0.2 for n in range(100)} | {"x": 0.24})[1] == {}
    assert outliers({})[1] == {}
    assert list(outliers({f"{n}": 0.2 + n % 5 / 100 for n in range(100)} | {"low": 0.0, "high": 0.9})[1]) == [
        "high",
        "low",
    ]


def test_lowest_are_the_lowest() -> None:
    lowest: Lowest[int] = Lowest(5)
    numbers = [digest(str(number)) % 1000 for number in range(500)]
    for number in numbers:
        lowest.add((number, 0), number, number)
    assert [item for _, item in lowest.items()] == sorted(set(numbers))[:5]
