"""What the articles of one site share: what goes, what stays, and that neither order nor workers make a difference."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from outlets import BACKGROUND, HOST, NAMES, NOTICE, body, outlet
from sample import Run, tree

from cleaner import Cleaner
from cleaner.reading.plain_text import segment
from cleaner.results import out_folder
from cleaner.sites.counts import Counts, Repeat, count
from cleaner.sites.sample import MOST, Sketch, Wanted, digest, sketch, smallest
from cleaner.sites.says import Shape, verdict


def counts(*articles: list[str]) -> Counts:
    """What articles given by their paragraphs share."""
    texts = ["\n\n".join(article) for article in articles]
    return count("marlow-post.example", [sketch(segment(text), digest(text)) for text in texts])


def cleaned(article: list[str], known: Counts) -> str:
    """The text of an article that is left with these counts and no rules."""

    class One:
        def of_site(self, site: str) -> Counts | None:
            return known if site == known.site else None

    return Cleaner(repeats=One()).clean("\n\n".join(article), url=f"https://{HOST}/a").text


def test_what_most_articles_say_goes_and_their_own_stays() -> None:
    articles = outlet()
    known = counts(*articles)
    for article in articles[:6]:
        assert cleaned(article, known) == "\n\n".join(article[:-2])


def test_the_reason_says_in_how_many() -> None:
    articles = outlet()
    known = counts(*articles)
    assert known.articles == 30

    class One:
        def of_site(self, site: str) -> Counts | None:
            return known

    text = "\n\n".join(articles[1])
    removed = Cleaner(repeats=One()).clean(text, url=f"//{HOST}/").removed
    assert {span.detector for span in removed} == {"repeats"}
    assert "in 30 of 30 articles of marlow-post.example" in removed[0].reason


def test_the_same_article_many_times_is_one() -> None:
    twice = [*body(99), "It is the last line of this one and has been sent to all of us."]
    known = counts(*[body(number) for number in range(20)], *[[*twice, f"Seen {n} times"] for n in range(9)])
    assert known.articles == 21
    assert known.of("It is the last line of this one and has been sent to all of us.") is None


def test_a_sentence_at_the_end_of_paragraphs_goes_alone() -> None:
    articles = [[*body(n), f"{body(n + 100, 1)[0]} Write to us at the desk of the Marlow Post."] for n in range(20)]
    known = counts(*articles)
    left = cleaned(articles[0], known)
    assert left.endswith(body(100, 1)[0]) and "Write to us" not in left


def test_names_and_prices_may_differ() -> None:
    line = "Follow {} for more from the town hall and pay {} pounds a month"
    articles = [[*body(n), line.format(f"{NAMES[n % 18]} {NAMES[n // 2]}", n)] for n in range(20)]
    known = counts(*articles)
    assert cleaned([*body(500), line.format("Zora Quill", 99)], known) == "\n\n".join(body(500))


@pytest.mark.parametrize(
    ("repeat", "shape", "against"),
    [
        (Repeat(40, inside=40), Shape(30, True), "background"),
        (Repeat(90, inside=88), Shape(3, False), "sub-heading"),
        (Repeat(200, inside=0), Shape(30, True, first=True), "begin"),
        (Repeat(40, end=40, together=0.9), Shape(30, True), "story"),
        (Repeat(40, several=40), Shape(9, True), "several"),
        (Repeat(40, end=40), Shape(9, True, part=True), "sentence"),
    ],
)
def test_what_repeats_and_is_article_stays(repeat: Repeat, shape: Shape, against: str) -> None:
    said = verdict(repeat, 240, shape)
    assert said.score == 0.0 and against in said.against


def test_few_articles_say_nothing() -> None:
    known = counts(*outlet(5))
    assert not known.repeats
    text = "\n\n".join(outlet(5)[1])
    assert cleaned(outlet(5)[1], known) == Cleaner().clean(text, url=f"https://{HOST}/a").text


def test_the_order_makes_no_difference() -> None:
    sketches = [Sketch(digest("\n".join(article)), tuple(article)) for article in outlet(MOST + 40)]
    mixed = random.Random(3).sample(sketches, len(sketches))
    assert smallest(mixed) == smallest(sketches) == smallest([*smallest(sketches[:99]), *smallest(sketches[90:])])
    assert count("a.example", mixed) == count("a.example", sketches)
    assert count("a.example", mixed).more


def test_wanted_lets_through_all_that_is_in_the_sample() -> None:
    names = [digest(str(number)) for number in range(1000)]
    wanted = Wanted()
    through = [name for name in names if wanted("a.example", name)]
    assert sorted(through)[:MOST] == sorted(names)[:MOST]
    assert len(through) < 800


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A folder of two outlets, named after their hosts."""
    for host in (HOST, "news.example"):
        folder = tmp_path / "crawl" / host
        folder.mkdir(parents=True)
        for number, article in enumerate(outlet(20)):
            (folder / f"{number:02}.txt").write_text(
                "\n\n".join([*article, f"Printed by {host}, all through the night."])
            )
    return tmp_path / "crawl"


def results(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("*.json*")}


def test_a_run_counts_first(run: Run, crawl: Path, tmp_path: Path) -> None:
    assert run("run", crawl, "--out", tmp_path / "one", "--workers", "1", "-q").exit_code == 0
    assert run("run", crawl, "--out", tmp_path / "two", "--workers", "2", "-q").exit_code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert NOTICE not in (tmp_path / "one" / "clean" / HOST / "03.txt").read_text()
    assert BACKGROUND in (tmp_path / "one" / "clean" / HOST / "05.txt").read_text()
    assert sorted(json.loads((tmp_path / "one" / "summary.json").read_text())["repeats"]) == [
        "marlow-post.example",
        "news.example",
    ]
    assert run("verify", tmp_path / "one").exit_code == 0


def test_a_run_that_was_stopped_comes_to_the_same(
    run: Run, crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise RuntimeError("stopped")

    run("run", crawl, "--out", tmp_path / "fresh", "-q")
    monkeypatch.setattr(out_folder, "put_in_place", stop)
    with pytest.raises(RuntimeError):
        run("run", crawl, "--out", tmp_path / "out", "-q")
    monkeypatch.undo()
    assert run("run", crawl, "--out", tmp_path / "out", "-q").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_repeats_off_counts_nothing(run: Run, crawl: Path, tmp_path: Path) -> None:
    assert run("run", crawl, "--out", tmp_path / "out", "--repeats", "off", "-q").exit_code == 0
    assert NOTICE in (tmp_path / "out" / "clean" / HOST / "03.txt").read_text()


def test_an_input_without_hosts_may_be_one_site(run: Run, crawl: Path, tmp_path: Path) -> None:
    shutil.copytree(crawl / HOST, tmp_path / "flat")
    assert run("run", tmp_path / "flat", "--out", tmp_path / "no", "-q").exit_code == 0
    assert NOTICE in (tmp_path / "no" / "clean" / "03.txt").read_text()
    assert run("run", tmp_path / "flat", "--out", tmp_path / "yes", "--site", "the-post", "-q").exit_code == 0
    assert NOTICE not in (tmp_path / "yes" / "clean" / "03.txt").read_text()


def test_tables_are_counted_by_their_addresses(run: Run, tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": str(at), "url": f"https://{HOST}/{at}", "text": "\n".join(article)})
        for at, article in enumerate(outlet(20))
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(rows))
    assert run("run", tmp_path / "news.jsonl", "--out", tmp_path / "out", "-q").exit_code == 0
    assert NOTICE not in (tmp_path / "out" / "clean" / "news.jsonl").read_text()


def test_incremental_does_again_what_a_new_article_changes(run: Run, crawl: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("run", crawl, "--out", out, "-q")
    (crawl / HOST / "new.txt").write_text("\n\n".join([*body(777), NOTICE]))
    again = run("run", crawl, "--out", out, "--incremental")
    assert again.exit_code == 0
    assert "the articles of marlow-post.example are cleaned again" in again.stderr
    assert "not changed, none is cleaned differently now" in again.stderr, "one more has the notice"
    assert run("run", crawl, "--out", tmp_path / "fresh", "-q").exit_code == 0
    assert results(out) == results(tmp_path / "fresh")


def _with_notice(number: int) -> list[str]:
    own = body(number)
    return [*own[:4], NOTICE, *own[4:]]


def test_pages_are_counted_by_their_blocks(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "pages" / HOST
    folder.mkdir(parents=True)
    for number in range(20):
        blocks = "".join(f'<div class="x{at}q"><p>{text}</p></div>' for at, text in enumerate(_with_notice(number)))
        (folder / f"{number:02}.html").write_text(f"<html><body><article>{blocks}</article></body></html>")
    assert run("run", tmp_path / "pages", "--out", tmp_path / "off", "--repeats", "off", "-q").exit_code == 0
    assert run("run", tmp_path / "pages", "--out", tmp_path / "on", "-q").exit_code == 0
    before, after = ((tmp_path / name / "clean" / HOST / "03.html.txt").read_text() for name in ("off", "on"))
    assert NOTICE in before and NOTICE not in after
    assert all(text in after for text in body(3))


def test_counts_are_kept_merged_and_used_on_a_new_article(run: Run, crawl: Path, tmp_path: Path) -> None:
    names = sorted((crawl / HOST).iterdir())
    for part, paths in (("a", names[:8]), ("b", names[8:])):
        (tmp_path / part / HOST).mkdir(parents=True)
        for path in paths:
            shutil.copy(path, tmp_path / part / HOST)
        assert run("sites", "count", tmp_path / part, "--out", tmp_path / f"k{part}", "--workers", "1").exit_code == 0
    run("sites", "count", crawl / HOST, "--out", tmp_path / "all", "--site", HOST.removeprefix("www."))
    assert run("sites", "merge", tmp_path / "ka", tmp_path / "kb", "--out", tmp_path / "ab").exit_code == 0
    assert run("sites", "merge", tmp_path / "kb", tmp_path / "ka", "--out", tmp_path / "ba").exit_code == 0
    kept = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("all", "ab", "ba")]
    assert kept[0] == kept[1] == kept[2]
    new = [*body(4711), NOTICE]
    result = Cleaner(repeats=tmp_path / "ab").clean("\n\n".join(new), url=f"https://{HOST}/new")
    assert result.text == "\n\n".join(new[:-1])
    assert run("run", crawl, "--out", tmp_path / "out", "--repeats", tmp_path / "ab", "-q").exit_code == 0
    assert NOTICE not in (tmp_path / "out" / "clean" / HOST / "03.txt").read_text()


def test_counts_are_shown_and_made_rules_of(run: Run, crawl: Path, tmp_path: Path) -> None:
    kept, mine = tmp_path / "kept", tmp_path / "mine" / "sites" / "marlow-post.example.yaml"
    run("sites", "count", crawl, "--out", kept)
    assert "marlow-post.example" in run("sites", "show", kept).stdout
    shown = run("sites", "show", kept, HOST).stdout
    assert NOTICE[:60] in shown and "stays: it may be a sub-heading" in shown
    rows = json.loads(run("sites", "show", kept, HOST, "--json").stdout)["repeats"]
    assert {"text": NOTICE, "articles": 20, "near": False, "score": 0.9, "against": ""} in rows
    assert run("sites", "suggest", kept, HOST, "--out", mine).exit_code == 0
    assert "[0-9][0-9.,:/]* neighbours have told us" in mine.read_text()
    assert BACKGROUND not in mine.read_text()
    assert run("rules", "check", tmp_path / "mine").exit_code == 0
    assert run("rules", "test", "--rules", tmp_path / "mine").exit_code == 0


def test_a_folder_without_counts_is_refused(run: Run, crawl: Path, tmp_path: Path) -> None:
    result = run("run", crawl, "--out", tmp_path / "out", "--repeats", tmp_path)
    assert result.exit_code == 2 and "cleaner sites count" in result.stderr
    (tmp_path / "sites.json").write_text("[]")
    assert "count again" in run("sites", "show", tmp_path).stderr
    assert "no counts in this folder" in run("sites", "show", tmp_path / "sites.json").stderr


def test_incremental_says_how_many_old_articles_are_other_now(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "crawl" / HOST
    folder.mkdir(parents=True)
    for number in range(7):
        last = [NOTICE] if number < 2 else []
        (folder / f"{number}.txt").write_text("\n\n".join([*body(number), *last]))
    run("run", tmp_path / "crawl", "--out", tmp_path / "out", "-q")
    for number in range(7, 12):
        (folder / f"{number}.txt").write_text("\n\n".join([*body(number), NOTICE]))
    again = run("run", tmp_path / "crawl", "--out", tmp_path / "out", "--incremental")
    assert "before and have not changed, 2 are cleaned differently now" in again.stderr
    assert NOTICE not in (tmp_path / "out" / "clean" / HOST / "0.txt").read_text()
    (folder / "12.txt").write_text("\n\n".join([*body(12), NOTICE]))
    again = run("run", tmp_path / "crawl", "--out", tmp_path / "out", "--incremental")
    assert "before and have not changed, none is cleaned differently now" in again.stderr
