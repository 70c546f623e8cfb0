"""Steps for other pipelines: with the packages that are installed, and small stand-ins of those that are not."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from sample import ROOT

import cleaner
from cleaner.integrations.one_text import cited, cleaned_text

TEXT = "The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon."
CLEAN = "The bridge opened on Monday.\nTraffic flowed by noon."
URL = "https://example.org/bridge"


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **names: Any) -> None:
    """A module of that name, unless the package is installed."""
    top = name.split(".")[0]
    if top not in STOOD_IN and find_spec(top) is not None:
        return
    STOOD_IN.add(top)
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        parent = ".".join(parts[:count])
        if parent not in sys.modules:
            monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
    for key, value in names.items():
        setattr(sys.modules[name], key, value)


STOOD_IN: set[str] = set()


def loaded(monkeypatch: pytest.MonkeyPatch, name: str) -> Any:
    """One of our modules, which is forgotten afterwards: its package may be a stand-in."""
    whole = f"cleaner.integrations.{name}"
    monkeypatch.delitem(sys.modules, whole, raising=False)
    module = import_module(whole)
    monkeypatch.setitem(sys.modules, whole, module)
    return module


def whole(text: str, log: dict[str, Any]) -> str:
    return cleaner.restore(text, [cleaner.Removed(**span) for span in log["removed"]])


class Fails(cleaner.Cleaner):
    """Can't clean anything."""

    def __init__(self) -> None:
        pass

    def clean(self, text: str, **_: Any) -> cleaner.Cleaned:
        raise cleaner.DecodeFault("binary", "this is no text")


def test_a_text_that_fails_stays() -> None:
    assert cleaned_text(TEXT, None, Fails()) == (TEXT, {"removed": [], "clean_error": "binary: this is no text"})
    text, log = cleaned_text(TEXT, 7, {"ignore": ["phrases", "judge"]})
    assert text == TEXT and log == {"removed": []}
    with pytest.raises(cleaner.OptionFault):
        cleaned_text(TEXT, None, {"profile": "none such"})


def test_a_citation_leads_back() -> None:
    text, log = cleaned_text(TEXT, URL, None)
    at = text.index("Traffic")
    start, end = cited(log["removed"], at, len(text))
    assert TEXT[start:end] == text[at:] and whole(text, log) == TEXT


def test_langchain() -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.documents import Document

    from cleaner.integrations.langchain import CleanTransformer, cite

    given = [Document(TEXT, id="7", metadata={"source": URL, "start_index": 29}), Document("It rained.")]
    first, second = CleanTransformer().transform_documents(given)
    assert first.page_content == CLEAN and first.id == "7" and first.metadata["source"] == URL
    assert whole(CLEAN, first.metadata) == TEXT and second.metadata == {"removed": []}
    assert given[0].page_content == TEXT and "removed" not in given[0].metadata
    (chunk,) = cite([first.model_copy(update={"page_content": CLEAN[29:]})])
    assert TEXT[chunk.metadata["source_start"] : chunk.metadata["source_end"]] == CLEAN[29:]
    assert "removed" not in chunk.metadata and "removed" in first.metadata
    with pytest.raises(KeyError, match="start_index"):
        cite([second])
    (kept,) = CleanTransformer(Fails()).transform_documents(given[:1])
    assert kept.page_content == TEXT and kept.metadata["clean_error"] == "binary: this is no text"


@dataclass
class HaystackDocument:
    id: str = ""
    content: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def component(made: Any) -> Any:
    return made


component.output_types = lambda **types: lambda run: run  # type: ignore[attr-defined]


def test_haystack(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "haystack", Document=HaystackDocument, component=component)
    step = loaded(monkeypatch, "haystack").CleanComponent()
    kind = import_module("haystack").Document
    given = [kind(id="7", content=TEXT, meta={"url": URL}), kind(id="8", content=None)]
    first, second = step.run(documents=given)["documents"]
    assert first.content == CLEAN and first.id == "7" and first.meta["url"] == URL
    assert whole(CLEAN, first.meta) == TEXT and given[0].meta == {"url": URL}
    assert second == given[1]


class Transform:
    """What LlamaIndex's does with fields, without pydantic."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


class Node:
    def __init__(self, text: str = "", id_: str = "", metadata: dict[str, Any] | None = None) -> None:
        self.text, self.id_, self.metadata = text, id_, metadata or {}
        self.excluded_embed_metadata_keys: list[str] = ["url"]
        self.excluded_llm_metadata_keys: list[str] = []

    def get_content(self) -> str:
        return self.text

    def set_content(self, text: str) -> None:
        self.text = text

    def model_copy(self, *, deep: bool) -> Node:
        assert deep
        return copy.deepcopy(self)


def test_llamaindex(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "llama_index.core.schema", BaseNode=Node, TextNode=Node, TransformComponent=Transform)
    step = loaded(monkeypatch, "llamaindex").CleanTransform(options={"profile": "body"})
    given = import_module("llama_index.core.schema").TextNode(text=TEXT, id_="7", metadata={"url": URL})
    (node,) = step([given])
    assert node.get_content() == CLEAN and node.id_ == "7" and node.metadata["url"] == URL
    assert whole(CLEAN, node.metadata) == TEXT and given.get_content() == TEXT
    for keys in (node.excluded_embed_metadata_keys, node.excluded_llm_metadata_keys):
        assert {"removed", "clean_error"} <= {*keys}
    (again,) = step([node])
    assert again.excluded_llm_metadata_keys == node.excluded_llm_metadata_keys


class Step:
    """datatrove's, with counts alone."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def stat_update(self, *labels: str, value: int = 1) -> None:
        for label in labels:
            self.counts[label] = self.counts.get(label, 0) + value

    @contextmanager
    def track_time(self) -> Iterator[None]:
        yield


@dataclass
class TroveDocument:
    text: str
    id: str
    metadata: dict[str, Any] = field(default_factory=dict)


def test_datatrove(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "datatrove.pipeline.base", PipelineStep=Step)
    stand_in(monkeypatch, "datatrove.data", Document=TroveDocument)
    module = loaded(monkeypatch, "datatrove")
    kind = import_module("datatrove.data").Document
    given = [kind(text=TEXT, id="7", metadata={"url": URL}), kind(text="It rained.", id="8")]
    step = pickle.loads(pickle.dumps(module.CleanStep(cleaner.Cleaner())))  # as it comes to another machine
    first, second = step.run(iter(given), 0, 1)
    assert (first.text, first.id, first.metadata["url"]) == (CLEAN, "7", URL)
    assert whole(CLEAN, first.metadata) == TEXT and second.metadata == {"removed": []}
    if "datatrove" in STOOD_IN:
        assert step.counts == {"total": 2, "removed_spans": 1}
    assert [*module.CleanStep().run(None)] == []
    failing = module.CleanStep(Fails())
    assert next(failing.run([kind(text=TEXT, id="9")])).metadata["clean_error"]


class Registry:
    @staticmethod
    def add(name: str) -> Any:
        def keep(tagger: Any) -> Any:
            setattr(Registry, name, tagger)
            return tagger

        return keep


def test_dolma(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "Document": lambda source, id, text: SimpleNamespace(source=source, id=id, text=text),
        "DocResult": lambda doc, spans: SimpleNamespace(doc=doc, spans=spans),
        "Span": lambda start, end, type, score: SimpleNamespace(start=start, end=end, type=type, score=score),
    }
    stand_in(monkeypatch, "dolma.core.data_types", **made)
    stand_in(monkeypatch, "dolma.core.registry", TaggerRegistry=Registry)
    stand_in(monkeypatch, "dolma.core.taggers", BaseTagger=object)
    tagger = loaded(monkeypatch, "dolma").CleanTagger()
    document = import_module("dolma.core.data_types").Document(source="s", id="7", text=TEXT)
    result = tagger.predict(document)
    assert [(TEXT[span.start : span.end], span.type) for span in result.spans] == [("Advertisement\n", "removed")]
    assert 0 < result.spans[0].score <= 1 and result.doc is document and tagger.defaults == ["removed"]


class Mapper:
    """data-juicer's, with the name of the column alone."""

    def __init__(self, *_: Any, **options: Any) -> None:
        self.text_key = options.get("text_key", "text")


def test_datajuicer(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = SimpleNamespace(register_module=lambda name: lambda operator: operator)
    stand_in(monkeypatch, "data_juicer.ops.base_op", Mapper=Mapper, OPERATORS=registry)
    kind = loaded(monkeypatch, "datajuicer").CleanerMapper
    given = {"id": 7, "content": TEXT, "url": URL}
    sample = kind({"profile": "body"}, text_key="content").process_single(given)
    assert (sample["content"], sample["id"], sample["clean_error"]) == (CLEAN, 7, "") and given["content"] == TEXT
    assert whole(CLEAN, {"removed": json.loads(sample["removed"])}) == TEXT
    assert kind().process_single({"text": "It rained."})["removed"] == "[]", "never a list of no known type"
    assert kind(Fails()).process_single({"text": TEXT})["clean_error"] == "binary: this is no text"


def test_scrapy() -> None:
    pytest.importorskip("itemadapter")
    from cleaner.integrations.scrapy import CleanPipeline

    settings = SimpleNamespace(getdict=lambda name: {"fast": True} if name == "CLEANER_OPTIONS" else {})
    pipeline = CleanPipeline.from_crawler(SimpleNamespace(settings=settings))
    item = pipeline.process_item({"id": 7, "url": URL, "text": TEXT}, None)
    assert item["text"] == CLEAN and item["id"] == 7 and whole(CLEAN, item) == TEXT
    page = f"<html><body><article><h1>A bridge</h1><p>{CLEAN}</p></article></body></html>"
    item = pipeline.process_item({"url": URL, "html": page.encode(), "text": None})
    assert "Traffic flowed by noon." in item["text"] and item["html"] == page.encode()
    assert pipeline.process_item({"html": "%PDF-1.7"})["clean_error"].startswith("binary: ")
    assert pipeline.process_item({"price": 3}) == {"price": 3}


def test_the_package_itself_needs_none_of_them() -> None:
    code = "import sys, cleaner.integrations.one_text as _; print(*{n.split('.')[0] for n in sys.modules})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    names = {"langchain_core", "haystack", "llama_index", "datatrove", "dolma", "data_juicer", "itemadapter", "pyarrow"}
    assert not names & {*result.stdout.split()}
