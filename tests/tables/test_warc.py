"""WARC files: whole, broken, cut short, and of other make."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import zlib
from pathlib import Path
from typing import Any

import pytest
from pages import PAGE, http, record
from sample import ARTICLE, CLEAN, Run

from cleaner.errors import BodyFault, CompressionFault
from cleaner.files import salvage
from cleaner.tables import http_message, warc, warc_records
from cleaner.tables.base import DEFAULTS


def page(number: int = 0) -> bytes:
    return PAGE.replace("until the end of spring", f"until the end of week {number}").encode()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def errors(out: Path) -> list[tuple[str, str]]:
    return [(entry["article"].partition(":")[2], entry["kind"]) for entry in lines(out / "errors.jsonl")[1:]]


def read(data: bytes, tmp_path: Path, name: str = "a.warc", most: int = 10**8) -> list[str]:
    """What the rows of a file come to: their ids, or kinds of faults."""
    path = tmp_path / name
    path.write_bytes(data)
    found = [warc._row(n, meta, body, most) for n, (meta, body, _) in enumerate(warc._articles(str(path), most), 1)]
    return [row.fault[0] if row.fault else str(row.id).rpartition(":")[2] for row in found]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio leaves files to the collector
def test_a_file_that_another_program_wrote(run: Run, tmp_path: Path) -> None:
    writer = pytest.importorskip("warcio.warcwriter")
    from warcio.statusandheaders import StatusAndHeaders

    for name in ("a.warc.gz", "b.warc"):
        with open(tmp_path / name, "wb") as file:
            made = writer.WARCWriter(file, gzip=name.endswith(".gz"))
            made.write_record(made.create_warcinfo_record(name, {"software": "test"}))
            for status in ("200 OK", "404 Not Found"):
                headers = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
                block = io.BytesIO(page())
                url = "https://www.post.example/1"
                made.write_record(made.create_warc_record(url, "response", payload=block, http_headers=headers))
            text = io.BytesIO(ARTICLE.encode())
            made.write_record(
                made.create_warc_record(
                    "https://x.example/t", "conversion", payload=text, warc_content_type="text/plain"
                )
            )
    for more in ((), ("--log", "residue"), ("--log-format", "jsonl.zst")):
        if "jsonl.zst" in more:
            pytest.importorskip("zstandard")
        out = tmp_path / "out"
        assert run("run", tmp_path / "a.warc.gz", tmp_path / "b.warc", "--out", out, *more).exit_code == 0
        for name in ("a.warc.jsonl", "b.warc.jsonl"):
            first, second = lines(out / "clean" / name)
            assert first["url"] == "https://www.post.example/1" and first["author"] == "Ada Brook"
            assert "council voted" in first["text"] and "Weather" not in first["text"]
            assert first["id"].startswith("urn:uuid:") and first["title"] == "Old bridge closes for repairs"
            assert second["text"] == CLEAN
        assert json.loads((out / "summary.json").read_text())["left_out"]["b.warc"] == {"HTTP status 404": 1}
        assert "All were compared" in run("verify", out).stdout
        whole = run("restore", out, first["id"]).stdout
        assert "Weather" in whole and "council voted" in whole
    for name, end in (("source", ".zst"), ("articles", ".zst")):
        assert (out / name / f"b.warc.jsonl.jsonl{end}").exists()
        assert not (out / name / "b.warc.jsonl.jsonl").exists()


def test_verify_reads_the_texts_of_pages(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join(record(http(page(n)), name=str(n)) for n in range(3)))
    out = tmp_path / "out"
    assert run("run", tmp_path / "a.warc", "--out", out).exit_code == 0
    for name in ("source/a.warc.jsonl.jsonl", "clean/a.warc.jsonl"):
        text = (out / name).read_text()
        (out / name).write_text(text.replace("week 1", "week 9"))
        assert "urn:uuid:1" in run("verify", out).stdout
        (out / name).write_text(text)
    (out / "source" / "a.warc.jsonl.jsonl").unlink()
    assert run("verify", out).exit_code == 1


def test_what_is_broken_is_named_and_the_rest_done(run: Run, tmp_path: Path) -> None:
    dice = random.Random(7)
    good = [record(http(page(n)), name=f"good{n}") for n in range(70)]
    bad = [
        record(http(page()), name="no-length", length=-1),
        record(http(page()), name="too-short", length=100),
        b"not a record at all\r\n" * 3,
        record(http(page()), name="too-long", length=len(page()) + 9000),
        record(b"nothing of HTTP", name="no-http"),
        record(http(b"%PDF-1.4 no page"), name="pdf"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(x for n, one in enumerate(good) for x in [one, *bad[n : n + 1]]))
    packed = [gzip.compress(one) for one in good]
    broken = bytearray(packed[20])
    broken[len(broken) // 2 :] = dice.randbytes(len(broken) - len(broken) // 2)
    packed[20] = bytes(broken)
    packed.insert(40, gzip.compress(record(http(page()), name="tail"))[:-300])
    (tmp_path / "b.warc.gz").write_bytes(b"".join(packed) + b"trailing")
    (tmp_path / "cut.warc.gz").write_bytes(gzip.compress(b"".join(good[:3]))[:-20])
    (tmp_path / "cut.warc").write_bytes(b"".join(good[:3])[:-2000])
    (tmp_path / "empty.warc").write_bytes(b"")
    (tmp_path / "text.warc").write_text(ARTICLE)
    for workers in ("1", "2"):
        out = tmp_path / f"out{workers}"
        inputs = sorted(tmp_path.glob("*.warc*"))
        assert run("run", *inputs, "--out", out, "--workers", workers).exit_code == 1
        whole = [f"urn:uuid:good{n}" for n in range(70)]
        # A length that is too long hides the record behind it, if another can't be told inside: here it can.
        assert [entry["id"] for entry in lines(out / "clean" / "a.warc.jsonl")] == whole
        assert [entry["id"] for entry in lines(out / "clean" / "b.warc.jsonl")] == whole[:20] + whole[21:]
        assert len(lines(out / "clean" / "cut.warc.jsonl")) == 2
        assert run("verify", out).exit_code == 0
    assert errors(out) == [
        *(("urn:uuid:no-length", "bad-record"), ("urn:uuid:too-short", "bad-record"), ("6", "bad-record")),
        *(("urn:uuid:too-long", "bad-record"), ("urn:uuid:no-http", "bad-record"), ("urn:uuid:pdf", "binary")),
        *(("urn:uuid:good20", "broken"), ("urn:uuid:tail", "broken"), ("72", "broken")),
        *(("urn:uuid:good2", "truncated"), ("urn:uuid:good2", "truncated")),
        *(("", "truncated"), ("1", "bad-record")),
    ]
    tree = [
        sorted((p.relative_to(o), p.read_bytes()) for p in o.rglob("*") if p.is_file())
        for o in (tmp_path / "out1", out)
    ]
    assert tree[0] == tree[1]


def test_kinds_of_records(tmp_path: Path) -> None:
    data = b"".join(
        [
            record(b"x", "warcinfo"),
            record(page(), "resource", "resource"),
            record(http(page(), "image/png"), name="picture"),
            record(http(page(), ""), name="untyped"),
            record(http(b"no page", ""), name="untyped-other"),
            record(http(page(), "image/png"), name="identified", WARC_Identified_Payload_Type="text/html"),
            record(http(b"It rained.", "text/plain; charset=utf-8"), name="text"),
            record(http(page(), status=301), name="moved"),
            record(b"", "revisit"),
            record(b"1 2 3", "response", "dns", Content_Type="text/dns"),
            record(http(page()).replace(b"HTTP/1.1", b"HTTP/2"), name="http2"),
            record(http(page() + b"x" * 50_000), name="large"),
        ]
    )
    assert read(data, tmp_path, most=40_000) == ["resource", "untyped", "identified", "text", "http2", "too-large"]


def test_bodies(tmp_path: Path) -> None:
    packed = gzip.compress(page())
    chunks = b"".join(
        b"%x;a=b\r\n%b\r\n" % (len(packed[a : a + 99]), packed[a : a + 99]) for a in range(0, len(packed), 99)
    )
    cases = {
        "gzip": (packed, "Content-Encoding: gzip\r\n"),
        "chunks": (chunks + b"0\r\n\r\n", "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        "stored-unpacked": (page(), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        "deflate": (zlib.compress(page()), "Content-Encoding: deflate\r\n"),
        "raw-deflate": (zlib.compress(page(), wbits=-15), "Content-Encoding: deflate\r\n"),
    }
    for name, (body, more) in cases.items():
        path = tmp_path / name
        path.write_bytes(record(http(body, more=more), name=name))
        (row,) = warc.every(str(path), DEFAULTS)
        assert row.fault is None and row.html == page().decode(), name
    for body, more, kind in (
        (packed[:-50], "Content-Encoding: gzip\r\n", "truncated"),
        (packed[:-8] + bytes(8), "Content-Encoding: gzip\r\n", "broken"),
        (chunks[:-60], "Transfer-Encoding: chunked\r\n", "truncated"),
        (packed, "Content-Encoding: rot13\r\n", "not-taken"),
        (gzip.compress(bytes(20_000_000)), "Content-Encoding: gzip\r\n", "too-large"),
    ):
        assert read(record(http(body, more=more)), tmp_path, most=10**7) == [kind]


def test_packed_with_brotli() -> None:
    brotli = pytest.importorskip("brotli")
    assert http_message.body(brotli.compress(page()), False, "br", 10**6) == page()
    assert http_message.body(page(), False, "br", 10**6) == page()
    with pytest.raises(BodyFault, match="max-bytes"):
        http_message.body(brotli.compress(page()), False, "br", 100)


def test_what_the_server_says_of_the_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(
        record(http("<p>Москва и область".encode("koi8-r"), "text/html; charset=koi8-r"), name="1")
        + record(http("Zażółć gęślą".encode("iso8859-2"), 'text/plain; charset="iso-8859-2"'), name="2")
    )
    first, second = warc.every(str(tmp_path / "a.warc"), DEFAULTS)
    assert first.html == "<p>Москва и область" and second.text == "Zażółć gęślą"


def test_a_bomb_in_a_member_costs_that_member(tmp_path: Path) -> None:
    bomb = record(http(bytes(200_000_000), "text/html"), name="bomb")
    data = gzip.compress(record(http(page()))) + gzip.compress(bomb, 9) + gzip.compress(record(http(page()), name="2"))
    assert read(data, tmp_path, "a.warc.gz", most=10**6) == ["1", "bomb", "2"]


def test_members_that_are_broken_anywhere(tmp_path: Path) -> None:
    """Whatever byte is hit, only the member that it is in is lost."""
    packed = [gzip.compress(record(http(b"<p>%d" % n), name=str(n))) for n in range(6)]
    begin, end = sum(map(len, packed[:2])), sum(map(len, packed[:3]))
    data = b"".join(packed)
    dice = random.Random(1)
    for at in dice.sample(range(begin, end), 60):
        hit = bytearray(data)
        hit[at] ^= dice.randrange(1, 256)
        found = read(bytes(hit), tmp_path, "a.warc.gz")
        assert [name for name in found if name in "013456"] == ["0", "1", "3", "4", "5"], at
        assert found.count("broken") + found.count("bad-record") + ("2" in found) >= 1
    for at in dice.sample(range(len(data)), 40):
        whole = sum(at >= sum(map(len, packed[: n + 1])) for n in range(6))
        found = read(data[:at], tmp_path, "a.warc.gz")
        assert found[:whole] == [str(n) for n in range(whole)]


def test_padding_and_nothing() -> None:
    data = gzip.compress(b"WARC/1.1") + bytes(100_000)
    assert list(salvage.salvaged(io.BytesIO(data), ".gz", b"WARC/")) == [b"WARC/1.1"]
    (fault,) = salvage.salvaged(io.BytesIO(b""), ".gz", b"WARC/")
    assert isinstance(fault, CompressionFault) and fault.kind == "truncated"


def test_large_records_are_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [record(b"x" * 1000, length=50_000_000)[:-4], *[bytes(1_000_000)] * 50]
    pieces[-1] = pieces[-1][:-1000]
    held = 0
    take = warc_records._Source.take

    def watched(self: warc_records._Source, length: int) -> bytes:
        nonlocal held
        data = take(self, length)
        held = max(held, len(self._held))
        return data

    monkeypatch.setattr(warc_records._Source, "take", watched)
    (found,) = warc_records.records([*pieces, b"\r\n\r\n"], 10_000)
    assert isinstance(found, warc_records.Record) and len(found.block) == warc_records.HEAD
    assert held < 3_000_000


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_cut_in_its_first_chunk(encoding: str) -> None:
    data = gzip.compress(page()) if encoding else page()
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)
    assert http_message.body(sent, True, encoding, 10**6) == page()
    with pytest.raises(BodyFault, match="cut off"):
        http_message.body(sent[: len(sent) // 2], True, encoding, 10**6)
    assert http_message.body(b"2024\r\nwas a year", True, "", 100) == b"2024\r\nwas a year"


def test_pages_that_are_not_packed_as_they_say() -> None:
    assert http_message.body(b"<html>A", False, "UTF8", 100) == b"<html>A"
    with pytest.raises(BodyFault, match="not known here"):
        http_message.body(b"\x01\x02", False, "UTF8", 100)


def test_brotli_that_is_broken_or_cut() -> None:
    brotli = pytest.importorskip("brotli")
    packed = brotli.compress(page() + os.urandom(2000))
    for data, kind in ((packed[:-20], "truncated"), (packed[:40] + bytes(400) + packed[440:], "broken")):
        with pytest.raises(BodyFault) as fault:
            http_message.body(data, False, "br", 10**6)
        assert fault.value.kind in (kind, "truncated")
