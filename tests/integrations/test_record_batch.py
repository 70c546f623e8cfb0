"""``clean_batch``: all columns stay, every kind of text is read, and the schema is the same whatever the rows hold."""

from __future__ import annotations

import os
import pickle
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sample import ARTICLE, CLEAN, RULES

import cleaner
from cleaner.errors import OptionFault

pa = pytest.importorskip("pyarrow")

PAGE = (
    "<html><head><title>A bridge | Times</title><meta name='author' content='Ann Lee'></head><body><article>"
    "<h1>A bridge</h1><p>The council voted on Monday evening to build a new bridge over the river, at last.</p>"
    "<p>Work begins in spring and will take three years, the mayor said, and it will cost nine million.</p>"
    "</article></body></html>"
)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> cleaner.Cleaner:
    """A cleaner with rules from a folder that is gone when it is used."""
    folder = tmp_path_factory.mktemp("rules")
    path = Path(folder, "promotion.yaml")
    path.write_text(RULES)
    made = cleaner.Cleaner(rules=folder, rules_only=True)
    path.unlink()
    return made


def batch(**columns: Any) -> Any:
    return pa.RecordBatch.from_pydict(columns)


def test_all_columns_stay_in_their_places(ours: cleaner.Cleaner) -> None:
    given = batch(id=[7, 8], text=[ARTICLE, None], tags=[["a"], []]).replace_schema_metadata({b"made": b"here"})
    found = cleaner.clean_batch(given, cleaner=ours)
    assert found.schema.names == ["id", "text", "tags", "removed", "language", "status", "error", "page"]
    assert found.schema.equals(cleaner.batch_schema(given.schema), check_metadata=True)
    assert found.schema.metadata == {b"made": b"here"}
    assert found.column("id").equals(given.column("id")) and found.column("tags").equals(given.column("tags"))
    assert found.column("text").to_pylist() == [CLEAN, None]
    assert found.column("error").to_pylist() == [None, "wrong-field: the column text holds nothing"]


def test_with_a_prefix_the_text_stays_too(ours: cleaner.Cleaner) -> None:
    given = batch(text=[ARTICLE], language=["en"])
    with pytest.raises(OptionFault, match=r"column language already.*prefix='clean_'"):
        cleaner.clean_batch(given, cleaner=ours)
    found = cleaner.clean_batch(given, cleaner=ours, prefix="clean_")
    assert found.schema == cleaner.batch_schema(given.schema, prefix="clean_")
    assert found.column("text").to_pylist() == [ARTICLE] and found.column("language").to_pylist() == ["en"]
    assert found.column("clean_text").to_pylist() == [CLEAN]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.binary(),
        pa.large_binary(),
        pa.binary_view(),
        pa.dictionary(pa.int32(), pa.binary()),
    ],
    ids=str,
)
def test_every_kind_of_text_is_read(kind: Any, ours: cleaner.Cleaner) -> None:
    plain = pa.binary() if "binary" in str(kind) else pa.string()
    values = [ARTICLE.encode() if plain == pa.binary() else ARTICLE, None]
    encoded = pa.types.is_dictionary(kind)
    column = pa.array(values, plain).dictionary_encode().cast(kind) if encoded else pa.array(values, kind)
    for name in ("text", "body"):
        given = pa.RecordBatch.from_arrays([column], [name])
        found = cleaner.clean_batch(given, cleaner=ours)
        assert found.column("text").to_pylist() == [CLEAN, None]
        assert found.schema.field("text").type == pa.string()
        if name == "body":
            assert found.column("body").equals(column)


def test_bytes_are_decoded_or_named(ours: cleaner.Cleaner) -> None:
    given = batch(text=["Das Café schloß gestern für immer.".encode("cp1252"), b"%PDF-1.7", b"\xff\xfeA\0"])
    found = cleaner.clean_batch(given, cleaner=ours)
    assert found.column("text").to_pylist() == ["Das Café schloß gestern für immer.", None, "A"]
    assert found.column("error")[1].as_py().startswith("binary: this is a PDF file")


def test_a_string_that_is_not_utf8_costs_its_row(ours: cleaner.Cleaner) -> None:
    broken = pa.array([b"It rained.", b"\xff"], pa.binary()).view(pa.string())
    found = cleaner.clean_batch(pa.RecordBatch.from_arrays([broken, broken], ["text", "url"]), cleaner=ours)
    assert found.column("text").to_pylist() == ["It rained.", None]
    assert found.column("error")[1].as_py() == "undecodable: the column text is not UTF-8 at byte 0"


def test_the_schema_does_not_depend_on_the_rows(ours: cleaner.Cleaner) -> None:
    given = batch(id=[1, 2], text=["It rained.", ARTICLE])
    wanted = cleaner.batch_schema(given.schema)
    for rows in (given.slice(0, 0), given.slice(0, 1), given.slice(1), given):
        found = cleaner.clean_batch(rows, cleaner=ours)
        assert found.schema == wanted and found.num_rows == rows.num_rows
        table = cleaner.clean_batch(pa.Table.from_batches([rows]), cleaner=ours)
        assert isinstance(table, pa.Table) and table.schema == wanted and table.num_rows == rows.num_rows
    assert wanted.field("removed").type == cleaner.batch_schema().field("removed").type
    assert found.column("removed")[0].as_py() == []
    span = cleaner.Removed(**found.column("removed")[1].as_py()[0])
    assert span.text == "Advertisement\n" and span.rule == "promotion/ad"
    nothing = cleaner.clean_batch(pa.RecordBatch.from_arrays([pa.nulls(2)], ["text"]), cleaner=ours)
    assert nothing.schema == cleaner.batch_schema()


def test_a_large_table_comes_out_in_chunks(ours: cleaner.Cleaner) -> None:
    table = pa.table({"id": list(range(1500)), "text": ["It rained."] * 1499 + [ARTICLE]})
    found = cleaner.clean_batch(table, cleaner=ours)
    assert found.column("id").to_pylist() == list(range(1500)) and found.column("text").num_chunks == 2
    assert found.column("text")[1499].as_py() == CLEAN


def test_columns_that_nobody_asks_for_may_share_a_name(ours: cleaner.Cleaner) -> None:
    one, two = pa.array([1]), pa.array(["x"])
    given = pa.RecordBatch.from_arrays([one, pa.array([ARTICLE]), two], ["a", "text", "a"])
    found = cleaner.clean_batch(given, cleaner=ours)
    assert found.column(0).equals(one) and found.column(2).equals(two)
    for name in ("text", "url"):
        twice = pa.RecordBatch.from_arrays([pa.array(["A."]), two, two], ["text" if name == "url" else "x", name, name])
        with pytest.raises(KeyError, match=f"2 columns named {name}"):
            cleaner.clean_batch(twice, cleaner=ours)


def test_what_is_no_batch_is_refused(ours: cleaner.Cleaner) -> None:
    columns: Any = {"text": [ARTICLE]}
    with pytest.raises(TypeError, match=r"RecordBatch or Table of pyarrow, not dict: pyarrow\.table makes one"):
        cleaner.clean_batch(columns, cleaner=ours)
    assert cleaner.clean_batch(pa.table(columns), cleaner=ours).column("text").to_pylist() == [CLEAN]


def test_a_cleaner_travels_with_its_rules(ours: cleaner.Cleaner) -> None:
    function = pickle.loads(pickle.dumps(partial(cleaner.clean_batch, cleaner=ours)))
    assert function(batch(text=[ARTICLE])).column("text").to_pylist() == [CLEAN]
    with pytest.raises(OptionFault, match="not both"):
        function(batch(text=[ARTICLE]), options={"profile": "body"})


def test_pages_say_who_wrote_them() -> None:
    odd = PAGE.replace(
        "</head>", '<script type="application/ld+json">{"@type": "NewsArticle", "author": "B \\ud800"}</script></head>'
    )
    found = cleaner.clean_batch(batch(html=[PAGE, odd, "%PDF-"], text=[None, None, None]), options={"fast": True})
    first, second, third = found.column("page").to_pylist()
    assert first["author"] == "Ann Lee" and first["title"].startswith("A bridge") and first["date"] is None
    assert second is not None and third is None
    assert found.column("error").to_pylist()[:2] == [None, None] and found.column("error")[2].as_py()
    assert found.column("html").to_pylist() == [PAGE, odd, "%PDF-"]
    assert cleaner.clean_batch(batch(text=["It rained."]), options={"fast": True}).column("page").to_pylist() == [None]


class Panics:
    """Fails as a native library does, or as a user who stops it."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault

    def clean(self, text: str, url: str | None = None) -> cleaner.Cleaned:
        if text == "bad":
            raise self.fault
        return cleaner.clean(text, url=url)


def test_a_panic_costs_its_row_and_a_stop_stops() -> None:
    panic = type("PanicException", (BaseException,), {})("index out of range")
    found = cleaner.clean_batch(batch(text=["bad", "It rained."]), cleaner=Panics(panic))  # type: ignore[arg-type]
    assert found.column("text").to_pylist() == [None, "It rained."]
    assert "index out of range" in found.column("error")[0].as_py()
    with pytest.raises(KeyboardInterrupt):
        cleaner.clean_batch(batch(text=["bad"]), cleaner=Panics(KeyboardInterrupt()))  # type: ignore[arg-type]


class Greedy(cleaner.Cleaner):
    """Takes for ever, or much memory, for some texts."""

    def clean(self, text: str, **more: Any) -> cleaner.Cleaned:
        if text == "long":
            sum(iter(lambda: 1, 2))
        if text == "large":
            held = b"x" * 1_500_000_000
            time.sleep(60 * bool(held))
        if text == "death":
            os._exit(3)
        return super().clean(text, **more)


def test_limits_for_one_article() -> None:
    greedy = Greedy(rules_only=False, ignore="judge")
    texts = ["It rained.", "long", ARTICLE, None, "death", None, "It was cold."]
    done = cleaner.clean_batch(batch(id=[*range(7)], text=texts), cleaner=greedy, timeout=3)
    assert done.schema == cleaner.batch_schema(batch(id=[1], text=["A."]).schema)
    errors = done["error"].to_pylist()
    assert errors[1] == "timeout: took longer than 3 s of processor time"
    assert errors[4].startswith("crashed: ") and errors[5] == "wrong-field: the column text holds nothing"
    assert [errors[n] for n in (0, 2, 6)] == [None] * 3
    same = [0, 2, 6]
    plain = cleaner.clean_batch(batch(id=same, text=[texts[n] for n in same]), cleaner=greedy)
    assert done.take(same).to_pydict() == plain.to_pydict()
    large = cleaner.clean_batch(batch(text=["large", "It rained."]), cleaner=greedy, memory=1_200_000_000)
    assert large["error"].to_pylist() == ["memory: needed more than 1,200 MB of memory", None]
    assert cleaner.clean_batch(batch(text=["It rained."]), timeout=30)["error"].to_pylist() == [None]


def test_a_cleaner_is_cheap_to_hand_over(ours: cleaner.Cleaner) -> None:
    data = pickle.dumps(ours)
    assert len(data) < 5_000 and len(pickle.dumps(cleaner.Cleaner())) < 1_000
    there = pickle.loads(data)
    assert there.clean(ARTICLE).text == CLEAN and pickle.loads(data) is there, "it is built once a process"
    other = pickle.loads(pickle.dumps(cleaner.Cleaner(select=["byline"], drop_css="aside", language="en")))
    assert other.clean(ARTICLE).text == ARTICLE and other.wishes[0].name == "drop-css/aside"


def test_a_cleaner_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pickle.dumps(cleaner.Cleaner(language="de"))
    monkeypatch.setattr(cleaner.Cleaner, "sources_digest", lambda self: "another")
    with pytest.raises(OptionFault, match="install the same version"):
        pickle.loads(data)
