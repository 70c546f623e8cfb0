"""The steps inside the pipelines that they are for, as their users run them: where the package is installed."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sample import ROOT

import cleaner

pytestmark = pytest.mark.engines

TEXT = "The bridge opened on Monday.\nAdvertisement\nTraffic flowed by noon."
CLEAN = "The bridge opened on Monday.\nTraffic flowed by noon."
URL = "https://example.org/bridge"
BAD = "It rained all day on Friday."


def restored(text: str, removed: list[dict[str, Any]]) -> str:
    return cleaner.restore(text, [cleaner.Removed(**span) for span in removed])


def ran(folder: Path, *words: str | Path) -> str:
    """What a program says that ends well."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_haystack() -> None:
    haystack = pytest.importorskip("haystack")
    from haystack.components.preprocessors import DocumentSplitter

    from cleaner.integrations.haystack import CleanComponent

    pipeline = haystack.Pipeline()
    pipeline.add_component("clean", CleanComponent(options={"profile": "index"}))
    pipeline.add_component("split", DocumentSplitter(split_by="passage", split_length=50))
    pipeline.connect("clean.documents", "split.documents")
    kept = pipeline.dumps()  # as it is kept in a file
    pipeline = haystack.Pipeline.loads(kept, allowed_modules=["cleaner.integrations.haystack"])
    given = haystack.Document(content=TEXT, meta={"url": URL})
    (chunk,) = pipeline.run({"clean": {"documents": [given]}})["split"]["documents"]
    assert chunk.content == CLEAN and chunk.meta["url"] == URL and chunk.meta["source_id"] == given.id
    assert restored(CLEAN, chunk.meta["removed"]) == TEXT


def test_llamaindex() -> None:
    pytest.importorskip("llama_index.core")
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import TokenTextSplitter
    from llama_index.core.schema import Document

    from cleaner.integrations.llamaindex import CleanTransform

    splitter = TokenTextSplitter(tokenizer=str.split, chunk_size=200, chunk_overlap=0)
    pipeline = IngestionPipeline(transformations=[CleanTransform(options={"profile": "index"}), splitter])
    given = Document(text=TEXT, id_="7", metadata={"url": URL})
    (node,) = pipeline.run(documents=[given])
    assert node.get_content() == CLEAN and node.ref_doc_id == "7" and node.metadata["url"] == URL
    assert restored(CLEAN, node.metadata["removed"]) == TEXT
    assert "Advertisement" not in node.get_content(metadata_mode="embed")


TROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from cleaner.integrations.datatrove import CleanStep
if __name__ == "__main__":
    steps = [JsonlReader("in"), CleanStep({"profile": "index"}), JsonlWriter("out", compression=None)]
    LocalPipelineExecutor(steps, tasks=1, workers=1, logging_dir="logs").run()
"""


def test_datatrove(tmp_path: Path) -> None:
    pytest.importorskip("datatrove")
    (tmp_path / "in").mkdir()
    for n in range(2):
        record = {"id": f"n{n}", "text": TEXT, "url": URL, "metadata": {"n": n}}
        (tmp_path / "in" / f"{n}.jsonl").write_text(json.dumps(record) + "\n")
    (tmp_path / "trove.py").write_text(TROVE)
    ran(tmp_path, "trove.py")
    (path,) = (tmp_path / "out").glob("*.jsonl")
    done = [json.loads(line) for line in path.read_text().splitlines()]
    assert [record["id"] for record in done] == ["n0", "n1"]
    for record in done:
        assert record["text"] == CLEAN and restored(CLEAN, record["metadata"]["removed"]) == TEXT
        assert record["metadata"]["url"] == URL


SPIDER = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess

class Spider(scrapy.Spider):
    name = "articles"
    start_urls = [sys.argv[1]]

    def parse(self, response):
        yield {"id": 7, "url": response.url, "html": response.body}
        yield {"id": 8, "url": response.url, "text": TEXT}

TEXT = "The bridge opened on Monday.\\nAdvertisement\\nTraffic flowed by noon."
process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.integrations.scrapy.CleanPipeline": 300},
    "CLEANER_OPTIONS": {"profile": "index"},
    "FEEDS": {"items.json": {"format": "json", "fields": ["id", "url", "text", "removed"]}},
    "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Spider)
process.start()
"""


def test_scrapy(tmp_path: Path) -> None:
    pytest.importorskip("scrapy")
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><h1>A bridge</h1><p>{CLEAN}</p></article></body></html>")
    (tmp_path / "spider.py").write_text(SPIDER)
    ran(tmp_path, "spider.py", page.as_uri())
    first, second = sorted(json.loads((tmp_path / "items.json").read_text()), key=lambda item: int(item["id"]))
    assert first["url"] == page.as_uri() and "Traffic flowed by noon." in first["text"]
    assert second["text"] == CLEAN and restored(CLEAN, second["removed"]) == TEXT


def test_dolma(tmp_path: Path) -> None:
    pytest.importorskip("dolma")
    documents = tmp_path / "documents"
    documents.mkdir()
    given = [{"id": str(n), "text": text, "source": "s"} for n, text in enumerate((TEXT, BAD))]
    with gzip.open(documents / "a.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(record) + "\n" for record in given)
    words = ("--documents", f"{documents}/*.gz", "--taggers", "cleaner", "--processes", "1")
    ran(tmp_path, "-m", "dolma.cli.__main__", "tag", *words, "--tagger_modules", "cleaner.integrations.dolma")
    (path,) = tmp_path.glob("attributes/*/*.gz")
    first, second = map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
    (spans,) = first["attributes"].values()
    assert [TEXT[start:end] for start, end, _ in spans] == ["Advertisement\n"] and first["id"] == "0"
    assert [*second["attributes"].values()] == [[]], "the mixer wants the attribute of each document"


JUICER = """
import json, sys, datasets
from data_juicer.config.config import load_custom_operators
from data_juicer.ops.load import load_ops
load_custom_operators([sys.argv[1]])
(operator,) = load_ops([{"cleaner_mapper": {"options": {"profile": "index"}}}])
data = datasets.load_dataset("json", data_files="in.jsonl", split="train", cache_dir="cache")
data = data.map(operator.process, batched=operator.is_batched_op(), batch_size=1, writer_batch_size=1)
data.to_json("out.jsonl")
"""


def test_datajuicer(tmp_path: Path) -> None:
    """As a recipe with ``custom_operator_paths`` does it, without the executor, which installs more when it runs."""
    pytest.importorskip("data_juicer")
    given = [{"id": 1, "text": BAD, "url": URL}, {"id": 2, "text": TEXT, "url": URL}]  # the first has an empty log
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in given))
    (tmp_path / "juicer.py").write_text(JUICER)
    ran(tmp_path, "juicer.py", ROOT / "cleaner" / "integrations" / "datajuicer.py")
    first, second = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines())
    assert (first["id"], first["text"], first["removed"]) == (1, BAD, "[]")
    assert (second["id"], second["text"], second["url"]) == (2, CLEAN, URL)
    assert restored(CLEAN, json.loads(second["removed"])) == TEXT
