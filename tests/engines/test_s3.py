"""Inputs and results in S3: a server of its own process, lines that break, a shard that is killed."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sample import ARTICLE, CLEAN, tree

pytestmark = pytest.mark.engines
pytest.importorskip("moto")
s3fs = pytest.importorskip("s3fs")

OWN = ("done/", "parts/", "repeats/", "plan.jsonl")


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


class Line:
    """A way to the server that can be cut."""

    def __init__(self, port: int) -> None:
        self.port, self.whole = free_port(), True
        self._there = port
        self._pairs: list[socket.socket] = []
        self._here = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            here, _ = self._here.accept()
            if not self.whole:
                here.close()
                continue
            there = socket.create_connection(("127.0.0.1", self._there))
            self._pairs += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(1 << 16):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break all that goes over it, and let nothing new come."""
        self.whole = False
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    """A server, and the line to it."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        with pytest.MonkeyPatch.context() as patch:
            here = Line(port)
            patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{here.port}")
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                patch.setenv(name, "of-a-test")
            patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
            yield here
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def given(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles here, and the same in s3://bucket/in."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("s3") / "in"
    for n in range(20):
        path = folder / f"www.site{n % 2}.org" / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{ARTICLE}Number {n} is told here.\nAll of it is in our paper on Sunday, they say.\n")
    rows = [{"id": str(n), "n": n, "text": f"{ARTICLE}Number {n}."} for n in range(900)]
    (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pq.write_table(pa.Table.from_pylist(rows), folder / "v.parquet", row_group_size=200)
    store = s3fs.S3FileSystem()
    store.mkdir("bucket")
    store.put(str(folder), "bucket/in", recursive=True)
    return folder


@pytest.fixture(scope="module")
def one(given: Path) -> dict[str, bytes]:
    """What one run makes of it here."""
    run(0, "run", given, "--out", given.parent / "one", "--quiet")
    return tree(given.parent / "one")


def start(*words: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cleaner", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(code: int, *words: str | Path) -> str:
    program = start(*words)
    out, err = program.communicate(timeout=300)
    assert program.returncode == code, out + err
    return out + err


def fetched(name: str, to: Path) -> dict[str, bytes]:
    """The results in a folder of the bucket, without what only shards have, and ``inputs`` made alike."""
    store: Any = s3fs.S3FileSystem(skip_instance_cache=True)
    store.get(f"bucket/{name}", str(to), recursive=True)
    return alike({key: data for key, data in tree(to).items() if not key.startswith(OWN)})


def alike(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "summary.json": json.dumps(json.loads(files["summary.json"]) | {"inputs": []}).encode()}


def test_a_run_from_and_to_a_store(given: Path, one: dict[str, bytes], tmp_path: Path) -> None:
    run(0, "run", "s3://bucket/in", "--out", "s3://bucket/whole", "--quiet")
    assert fetched("whole", tmp_path / "whole") == alike(one)
    assert "All were compared" in run(0, "verify", "s3://bucket/whole")
    assert run(0, "restore", "s3://bucket/whole", "www.site0.org/0.txt") == (given / "www.site0.org/0.txt").read_text()
    run(0, "restore", "s3://bucket/whole", "--all", "--to", tmp_path / "back")
    assert (tmp_path / "back" / "www.site1.org" / "1.txt").read_text().startswith(ARTICLE)
    assert CLEAN.splitlines()[0] in (tmp_path / "whole" / "clean" / "www.site0.org" / "0.txt").read_text()


def test_a_bucket_that_is_not_there(given: Path, tmp_path: Path) -> None:
    said = run(1, "plan", given, "--out", "s3://nothing-there/many")
    assert "s3://nothing-there/many/plan.jsonl: there is no such bucket (or folder) to write to" in said
    assert "no such file or folder" in run(2, "plan", "s3://nothing-there/in", "--out", tmp_path / "many")


def test_shards_one_of_which_is_killed(one: dict[str, bytes], tmp_path: Path) -> None:
    run(0, "plan", "s3://bucket/in", "--out", "s3://bucket/many", "--unit", "30K", "--quiet")
    store: Any = s3fs.S3FileSystem(use_listings_cache=False)
    program = start("run", "--plan", "s3://bucket/many", "--shard", "1/2")
    while program.poll() is None and not (store.exists("bucket/many/done") and store.find("bucket/many/done")):
        time.sleep(0.05)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    for shard in ("2/2", "1/2"):
        run(0, "run", "--plan", "s3://bucket/many", "--shard", shard)
    run(0, "gather", "s3://bucket/many", "--quiet")
    assert fetched("many", tmp_path / "many") == alike(one)
    assert "All were compared" in run(0, "verify", "s3://bucket/many")


def test_a_line_that_breaks_for_a_while(line: Line, one: dict[str, bytes], tmp_path: Path) -> None:
    run(0, "plan", "s3://bucket/in", "--out", "s3://bucket/again", "--unit", "30K", "--quiet")
    program = start("run", "--plan", "s3://bucket/again")
    time.sleep(3)
    line.cut()
    time.sleep(2)
    line.whole = True
    assert program.wait(timeout=300) == 0, program.communicate()
    program.communicate()
    run(0, "gather", "s3://bucket/again", "--quiet")
    assert fetched("again", tmp_path / "again") == alike(one)


def test_a_line_that_stays_broken(line: Line, one: dict[str, bytes], tmp_path: Path) -> None:
    run(0, "plan", "s3://bucket/in", "--out", "s3://bucket/broken", "--quiet")
    line.cut()
    try:
        program = start("run", "--plan", "s3://bucket/broken")
        out, err = program.communicate(timeout=300)
    finally:
        line.whole = True
    assert program.returncode in (1, 2) and "tries)" in err, out + err
    run(0, "run", "--plan", "s3://bucket/broken")
    run(0, "gather", "s3://bucket/broken", "--tidy", "--quiet")
    assert fetched("broken", tmp_path / "broken") == alike(one)
