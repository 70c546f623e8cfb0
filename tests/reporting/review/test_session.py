"""A run gone through: what is listed, what is shown of an article, in whatever files it lies."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import PAGE, http, record
from sample import Run

from cleaner.commands.review import session
from cleaner.reporting.review import index
from cleaner.reporting.review.columns import Filter
from cleaner.reporting.review.rendering import rendering
from cleaner.reporting.review.session import Session
from cleaner.reporting.review.store import Store

TEXT = "It rained, {n}, and the council met.\n"
TEXT += "Buy it now for {n}!\nIt was cold \U0001f9ca.\nA special offer.\nAdvertisement\n"


def made(run: Run, tmp_path: Path, name: str, *more: str) -> Path:
    """A run over a file of 60 rows, two texts and a page: made once, then copied."""
    key = (name, *more)
    if key not in MADE:
        MADE[key] = Path(tempfile.mkdtemp(prefix="cleaner-test-"))
        make(run, MADE[key], name, *more)
    shutil.copytree(MADE[key], tmp_path / "made")
    return tmp_path / "made" / "out"


MADE: dict[tuple[str, ...], Path] = {}


@pytest.fixture(scope="module", autouse=True)
def cleared() -> Iterator[None]:
    yield
    while MADE:  # with several workers, tests of this module may come again after those of others
        shutil.rmtree(MADE.popitem()[1])


def make(run: Run, tmp_path: Path, name: str, *more: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [
        {"id": f"row {n}", "url": f"https://site{n % 3}.example.org/{n}", "text": TEXT.format(n=n)} for n in range(60)
    ]
    if name.endswith(".parquet"):
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.Table.from_pylist(rows), folder / name, row_group_size=25)
    else:
        (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        if name.endswith(".gz"):
            (folder / name).write_bytes(gzip.compress((folder / "rows.jsonl").read_bytes()))
            (folder / "rows.jsonl").unlink()
    (folder / "a.txt").write_text(TEXT.format(n=1000))
    (folder / "b.txt").write_text("It rained.\n")
    paragraphs = "".join(
        f"<p>The council met for the {n}th time to talk about the bridge, and roads.</p>" for n in range(9)
    )
    (folder / "p.html").write_text(
        f"<html><body><nav><a href=/>Start</a></nav><article>{paragraphs}</article></body></html>"
    )
    assert (
        run("run", folder, "--out", tmp_path / "out", "--kept", "--repeats", "off", "--workers", "1", *more).exit_code
        == 0
    )


def opened(out: Path, tmp_path: Path, **more: Any) -> Any:
    return session(str(out), Store(str(tmp_path / "c.jsonl")), "ann", more.pop("share", (0, 1)), audit=False, **more)


def wait(made: Session) -> Session:
    import time

    for _ in range(500):
        if made.columns.complete:
            return made
        time.sleep(0.02)
    raise AssertionError(made.trouble)


ALL = Filter()


def listed(made: Session, wanted: Filter = ALL, *, spans: bool = True, todo: bool = False) -> list[Any]:
    found: list[Any] = []
    number = None
    while True:
        page = made.items(wanted, spans=spans, todo=todo, first=len(found), listed=number)
        number = page["list"]
        if not page["items"]:
            assert len(found) == page["total"]
            return found
        found += page["items"]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz", "rows.parquet"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_article_is_shown_as_it_was(run: Run, tmp_path: Path, name: str, packed: bool) -> None:
    out = made(run, tmp_path, name, *(["--log-format", "jsonl.zst"] if packed else []))
    with opened(out, tmp_path) as started:
        made_ = wait(started)
        assert made_.about()["articles"] == 63 and made_.trouble == ""
        for number in (0, 1, 2, 3, 29, 30, 50, 62):
            article = made_.article(number)
            if article["article"].startswith("row"):
                assert article["text"] == TEXT.format(n=article["article"].split()[1])
            gone = [article["text"][s["start"] : s["end"]].strip() for s in article["removed"]]
            if article["article"] not in ("b.txt", "p.html"):
                assert gone[0].startswith("Buy it now") and gone[-1] == "Advertisement"
                assert "A special offer." in [article["text"][s["start"] : s["end"]].strip() for s in article["kept"]]


def test_a_list_goes_on_where_it_was(run: Run, tmp_path: Path) -> None:
    with opened(made(run, tmp_path, "rows.jsonl"), tmp_path) as started:
        found = listed(wait(started))
        assert len({(one["number"], one["start"]) for one in found}) == len(found) == 2 * 61 + 1


def test_filters(run: Run, tmp_path: Path) -> None:
    with opened(made(run, tmp_path, "rows.jsonl"), tmp_path) as started:
        wait(started)
        assert len(listed(started, Filter(rule="promotion/buy"))) == 61
        assert len(listed(started, Filter(rule="promotion/buy", site="site1.example.org"))) == 20
        assert len(listed(started, Filter(rule="promotion/nothing"))) == 0
        assert len(listed(started, Filter(category="promotion", language="en"), spans=False)) == 61
        assert {one["kind"] for one in listed(started, Filter(near=True))} == {"kept"}
        assert len(listed(started, Filter(near=True, rule="promotion/perhaps", low=0.3))) == 61
        assert len(listed(started, Filter(near=True, rule="promotion/perhaps", high=0.1))) == 0
        assert len(listed(started, Filter(low=2.0))) == 0
        assert len(listed(started, Filter(), spans=False)) == 63
        scores = [_score(started, one) for one in listed(started, Filter(doubtful=True))]
        assert scores == sorted(scores) and all(score < 0.8 for score in scores)


def _score(made: Session, item: dict[str, Any]) -> float:
    return next(float(s["score"]) for s in made.article(item["number"])["removed"] if s["start"] == item["start"])


def test_shares_are_all_articles_once(run: Run, tmp_path: Path) -> None:
    with opened(made(run, tmp_path, "rows.jsonl"), tmp_path) as started:
        wait(started)
        shares = [{one["number"] for one in listed(started, Filter(share=(n, 3)), spans=False)} for n in range(3)]
        assert sum(map(len, shares)) == len(set.union(*shares)) == 63
        assert all(len(share) > 10 for share in shares)
        spans = [len(listed(started, Filter(share=(n, 3)))) for n in range(3)]
        assert sum(spans) == len(listed(started))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_page_of_a_warc_file_beside_its_text(run: Run, tmp_path: Path, name: str) -> None:
    pack = gzip.compress if name.endswith(".gz") else bytes
    pages = [PAGE.replace("until the end of spring", f"until week {n}") for n in range(5)]
    records = [record(http(page.encode()), name=str(n)) for n, page in enumerate(pages)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(b"".join(pack(one) for one in records))
    assert run("run", tmp_path / "in", "--out", tmp_path / "out", "--repeats", "off", "--workers", "1").exit_code == 0
    with opened(tmp_path / "out", tmp_path) as started:
        wait(started)
        for number in (4, 0, 3):
            assert started.article(number)["page"] and "until week" in started.article(number)["text"]
            assert f"until week {number}" in str(started.page(number))


def test_what_was_judged_is_left_out(run: Run, tmp_path: Path) -> None:
    out = made(run, tmp_path, "rows.jsonl")
    with opened(out, tmp_path) as started:
        wait(started)
        first = listed(started)[0]
        told = {"id": "1", "action": "restore", "start": first["start"], "end": first["end"], "category": ""}
        assert [one["action"] for one in started.correct(first["number"], told)] == ["restore"]
        assert first not in listed(started, todo=True) and len(listed(started, todo=True)) == len(listed(started)) - 1
        started.correct(7, {"id": "2", "action": "done"})
    with opened(out, tmp_path) as again:  # another day
        assert again.columns.complete
        assert {"number": 7} not in listed(again, spans=False, todo=True)
        assert first not in listed(again, todo=True)
        assert again.article(first["number"])["said"][0]["action"] == "restore"


def test_columns_are_kept_until_the_run_is_another(run: Run, tmp_path: Path) -> None:
    out = made(run, tmp_path, "rows.jsonl")
    one = index.whole(str(out))
    kept = out / ".cleaner-index.npz"
    assert kept.exists()
    found = index.logs(str(out), "")
    again = index.kept(str(out), index.key(str(out), found))
    assert again is not None and again.sites == one.sites and (again.spans(Filter()) == one.spans(Filter())).all()
    with open(out / "removed.jsonl", "a") as file:
        file.write(" ")
    assert index.kept(str(out), index.key(str(out), found)) is None
    kept.write_bytes(b"broken")
    assert index.kept(str(out), index.key(str(out), found)) is None
    assert run("run", tmp_path / "made" / "in", "--out", out, "--repeats", "off", "--workers", "1").exit_code == 0
    assert not kept.exists(), "it goes with the run that it is about"


def test_clean_texts_that_are_gone(run: Run, tmp_path: Path) -> None:
    out = made(run, tmp_path, "rows.jsonl")
    shutil.rmtree(out / "clean")
    with opened(out, tmp_path) as started:
        article = wait(started).article(0)
        assert article["text"] is None and "a.txt" in article["trouble"]
        with pytest.raises(ValueError, match=r"a\.txt"):
            started.correct(0, {"id": "1", "action": "done"})


def test_logs_that_do_not_fit(run: Run, tmp_path: Path) -> None:
    out = made(run, tmp_path, "rows.jsonl")
    lines = (out / "removed.jsonl").read_text().splitlines(keepends=True)
    (out / "removed.jsonl").write_text("".join(lines[:1] + lines[2:]))
    result = run("review", out)
    assert result.exit_code == 2 and "cleaner verify" in result.stderr


def test_no_result(run: Run, tmp_path: Path) -> None:
    result = run("review", tmp_path)
    assert result.exit_code == 2 and "cleaner run" in result.stderr and not (tmp_path / "corrections.jsonl").exists()
    assert run("review", tmp_path, "--share", "4/3").exit_code == 2


def test_nothing_of_a_page_loads_or_runs() -> None:
    page = (
        "<html><head><link rel=preconnect href=//a.example><base href=//a.example><meta http-equiv=refresh content=0>"
        "<script>x()</script></head><body background=//a.example/b.png onload=x()><img src=//a.example/i.png alt=A>"
        '<img src="data:image/png;base64,AA"><form action=//a.example><button formaction=//a.example>B</button></form>'
        "<iframe src=//a.example></iframe><video poster=//a.example/p.png></video>Text</body></html>"
    )
    shown = rendering(page)
    assert "a.example" not in shown and "x()" not in shown and "Text" in shown and "data:image/png" in shown
    assert "nothing in this page" in rendering("")
    assert "caf\xe9" in rendering("<meta charset=latin-1><p>caf\xe9".encode("latin-1"))
