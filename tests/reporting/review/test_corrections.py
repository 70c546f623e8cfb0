"""The file of corrections: nothing of it is lost, and it is gold as it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sample import Run

from cleaner.errors import GoldFault, LogFault
from cleaner.reporting.review.corrections import Correction, article_record, is_corrections, read
from cleaner.reporting.review.store import Store
from cleaner.results.by_article import Place
from cleaner.training.corrected import read_corrections
from cleaner.training.gold import Gold

TEXT = "By Ann Weaver\nIt rained.\nBuy it now!\nIt was cold.\n"
SPANS = [
    {"start": 0, "end": 14, "category": "byline", "rule": "byline/by", "score": 0.9},
    {"start": 25, "end": 37, "category": "promotion", "rule": "promotion/buy", "score": 0.8},
]
PLACE = Place("a.txt")


def article(
    place: Place = PLACE, text: str = TEXT, sha: str = "1", site: str = "news.example.org"
) -> dict[str, object]:
    record = {"article": place.clean, "sha256": sha, "site": site, "language": "en", "url": None, "title": None}
    return article_record(record, place, text, SPANS)


def one(
    name: str, action: str, start: int = 0, end: int = 0, category: str = "", who: str = "ann", of: str = ""
) -> Correction:
    return Correction(name, PLACE, "a.txt", who, action, start, end, category, of)


def gold(path: Path, *more: Path) -> list[Gold]:
    return read_corrections((str(each), each.read_text().splitlines(keepends=True)) for each in (path, *more))


def labels(found: list[Gold]) -> list[tuple[str, str]]:
    (only,) = found
    return [(label.category, label.span.of(only.text).strip()) for label in only.labels]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corrections.jsonl"


def test_what_was_judged_counts_and_the_rest_only_when_done(path: Path) -> None:
    store = Store(str(path))
    store.append(one("1", "restore", 0, 14), article())
    store.append(one("2", "recategorise", 25, 37, "donation-appeal"), article())
    assert labels(gold(path)) == [
        ("unsure", "It rained."),
        ("donation-appeal", "Buy it now!"),
        ("unsure", "It was cold."),
    ]
    store.append(one("3", "done"), article())
    assert labels(gold(path)) == [("donation-appeal", "Buy it now!")]
    store.append(one("4", "undo", of="1"))
    store.append(one("5", "mark", 14, 25, "other"), article())
    assert labels(gold(path)) == [
        ("byline", "By Ann Weaver"),
        ("other", "It rained."),
        ("donation-appeal", "Buy it now!"),
    ]
    assert sum('"text"' in line for line in path.read_text().splitlines()) == 1, "the text stands there once"


def test_where_people_disagree_it_is_unsure(path: Path, tmp_path: Path) -> None:
    store = Store(str(path))
    store.append(one("1", "done"), article())
    other = Store(str(tmp_path / "bob.jsonl"))
    other.append(one("1", "restore", 0, 14, who="bob"), article())
    other.append(one("2", "recategorise", 25, 37, "comments", who="bob"), article())
    assert labels(gold(path, tmp_path / "bob.jsonl")) == [("unsure", "By Ann Weaver"), ("promotion", "Buy it now!")]


def test_what_was_undone_is_no_gold(path: Path) -> None:
    store = Store(str(path))
    store.append(one("1", "done"), article())
    store.append(one("2", "undo", of="1"))
    assert gold(path) == []
    assert store.last("ann") is None


def test_after_another_run_the_article_is_another(path: Path) -> None:
    store = Store(str(path))
    store.append(one("1", "restore", 0, 14), article())
    text = "It snowed.\n" + TEXT
    record = article_record({"article": "a.txt", "sha256": "2", "site": None, "language": "und"}, PLACE, text, [])
    store.append(one("2", "done"), record)
    (found,) = gold(path)
    assert found.text == text and found.labels == () and found.language is None


def test_a_line_that_is_not_whole_is_cut_off(path: Path) -> None:
    Store(str(path)).append(one("1", "done"), article())
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"action": "rest')
    assert len(gold(path)) == 1, "readers leave it out"
    store = Store(str(path))
    assert path.read_bytes() == whole
    with open(path, "ab") as file:
        file.write(b'{"action"')  # somebody else dies meanwhile
    store.append(one("2", "undo", of="1"))
    assert [json.loads(line).get("action") for line in path.read_text().splitlines()[1:]] == ["article", "done", "undo"]


def test_several_people_at_once(path: Path) -> None:
    first, second = Store(str(path)), Store(str(path))
    for number in range(20):
        (first, second)[number % 2].append(
            one(str(number), "restore", number, number + 1, who="ab"[number % 2]), article()
        )
    first.refresh()
    second.refresh()
    assert [each.id for each in first.order] == [each.id for each in second.order] == [str(n) for n in range(20)]
    assert first.last("b") == second.last("b") and first.last("b").id == "19"  # type: ignore[union-attr]


WRITER = """
import sys
from cleaner.results.by_article import Place
from cleaner.reporting.review.corrections import Correction, article_record
from cleaner.reporting.review.store import Store
store = Store(sys.argv[1])
record = article_record({"article": "a", "sha256": "1"}, Place("a"), "It rained. " * 5000, [])
for number in range(100000):
    one = Correction(f"{sys.argv[2]}{number}", Place("a"), "a", sys.argv[2], "restore", number, number + 1)
    store.append(one, record)
    print(number, flush=True)
"""


def test_killed_while_writing(path: Path) -> None:
    """Two write, and are killed: what either said to be saved is there, and no line is broken."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, name], stdout=subprocess.PIPE, text=True) for name in "ab"
    ]
    told = []
    for writer in writers:
        assert writer.stdout
        for line in writer.stdout:
            if int(line) >= 50:
                break
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        assert writer.stdout
        last = [line for line in writer.stdout if line.endswith("\n")]
        told.append(int(last[-1]) if last else 50)
        writer.stdout.close()
        writer.wait()
    made = {each.id for each in Store(str(path)).order}
    for name, number in zip("ab", told, strict=True):
        assert {f"{name}{n}" for n in range(number + 1)} <= made
    (found,) = read(path.read_text().splitlines(keepends=True), "c")
    assert len(found.corrections) == len(made)


def test_what_is_no_such_file(path: Path) -> None:
    path.write_text('{"format": "cleaner-removed", "version": 1}\n')
    with pytest.raises(LogFault, match="cleaner-corrections"):
        Store(str(path))
    assert not is_corrections(path.read_text())
    path.write_text('{"format": "cleaner-corrections", "version": 1}\n{"action": "done", "id": "1"}\n')
    with pytest.raises(GoldFault, match=":2: not a correction"):
        gold(path)
    line = '{"action": "done", "id": "1", "article": "a", "clean": "a", "reviewer": "ann"}\n'
    path.write_text('{"format": "cleaner-corrections", "version": 1}\n' + line)
    with pytest.raises(GoldFault, match="before the line that holds its text"):
        gold(path)


def test_commands_take_it_as_it_is(run: Run, path: Path, tmp_path: Path) -> None:
    store = Store(str(path))
    for number in range(8):
        place = Place(f"{number}.txt")
        text = TEXT.replace("It rained.", f"It rained for {number} hours on the old bridge.")
        moved = [{**SPANS[0]}]
        record = {"article": place.clean, "sha256": str(number), "site": "news.example.org", "language": "en"}
        line = "Everyone who reads the Post owns a part of it."
        told = article_record(record, place, f"{text}{line}\n", moved)
        store.append(Correction(f"d{number}", place, place.clean, "ann", "done"), told)
        start = text.index("Buy")
        store.append(Correction(f"r{number}", place, place.clean, "ann", "keep", start, start + 11), told)
        end = len(text) + len(line)
        store.append(
            Correction(f"m{number}", place, place.clean, "ann", "mark", len(text), end, "donation-appeal"), told
        )
    result = run("eval", path, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["articles"] == 8, result.output
    result = run("sites", "suggest", path, "news.example.org")
    assert result.exit_code == 0, result.output
    assert "category: donation-appeal" in result.stdout and "owns a part of it" in result.stdout
    assert "Buy it now" not in result.stdout, "people said that it is article"
    assert "not 7" not in result.stdout
    other = run("sites", "suggest", path, "other.example.org")
    assert other.exit_code == 2 and "nothing in it" in other.stderr
    (tmp_path / "mine" / "sites").mkdir(parents=True)
    assert run("sites", "suggest", path, "news.example.org", "--out", tmp_path / "mine/sites/news.yaml").exit_code == 0
    assert run("rules", "check", tmp_path / "mine").exit_code == 0


def test_counts_with_what_was_corrected(run: Run, path: Path, tmp_path: Path) -> None:
    site = tmp_path / "in" / "news.example.org"
    site.mkdir(parents=True)
    heading, appeal = "In brief: the week in the harbour", "The Harbour Post belongs to all who read it, every day."
    days = ("Monday", "Tuesday", "Friday", "Sunday", "June", "July", "May", "March")
    for number, day in enumerate(days):
        (site / f"{number}.txt").write_text(
            f"{heading}\nThe {day} vote on item {number * 7} was close, the mayor said.\n{appeal}\n"
        )
    assert run("sites", "count", tmp_path / "in", "--out", tmp_path / "counts").exit_code == 0
    before = run("sites", "suggest", tmp_path / "counts", "news.example.org")
    assert "belongs to all who read it" in before.stdout
    store = Store(str(path))
    text = (site / "0.txt").read_text()
    record = {"article": "0.txt", "sha256": "1", "site": "www.news.example.org"}
    start = text.index(appeal)
    told = article_record(record, Place("0.txt"), text, [])
    store.append(Correction("1", Place("0.txt"), "0.txt", "ann", "keep", start, start + len(appeal)), told)
    after = run("sites", "suggest", tmp_path / "counts", "news.example.org", "--corrections", path)
    assert "belongs to all who read it" not in after.stdout
