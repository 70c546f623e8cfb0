"""Hosts that share nothing but an S3 server, Dask across them, one that loses its power in the middle.

A host is a namespace of processes, of mounts and of the network, with memory of its own in place of ``/tmp``; all else
of the disk it can only read. The hosts are joined by a bridge in a namespace of its own. Needs Linux and root.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sample import ARTICLE, ROOT, tree

pytestmark = pytest.mark.engines
for package in ("distributed", "moto", "s3fs"):
    pytest.importorskip(package)

FILES, TABLES = 18, 48
OWN = ("done/", "parts/", "repeats/", "plan.jsonl")
STORE, DRIVER, OTHER = "10.99.0.1", "10.99.0.2", "10.99.0.3"
SCHEDULER = f"tcp://{DRIVER}:8786"
SILENT = 30
"""Seconds after which the scheduler takes a worker that says nothing for lost."""

ALONE = "mount -o remount,bind,ro / && mount -t tmpfs none /tmp && mount -t tmpfs none /dev/shm && exec sleep 7200"

STORED = """
import base64, json, s3fs, sys
store = s3fs.S3FileSystem()
store.mkdir("bucket")
for name, data in json.load(sys.stdin).items():
    store.pipe(f"bucket/in/{name}", base64.b64decode(data))
"""
FETCHED = """
import base64, json, s3fs, sys
store = s3fs.S3FileSystem()
names = store.find(f"bucket/{sys.argv[1]}")
print(json.dumps({name.split("/", 2)[2]: base64.b64encode(store.cat(name)).decode() for name in names}))
"""
WAITED = """
import s3fs, sys, time
store = s3fs.S3FileSystem(use_listings_cache=False)
while not store.exists("bucket/many/done") or len(store.find("bucket/many/done")) < int(sys.argv[1]):
    time.sleep(0.2)
"""


@dataclass(frozen=True)
class Host:
    """A namespace; ``init`` is the process that it lives and dies with."""

    address: str
    init: int

    def start(self, *words: str | Path, heard: bool = True) -> subprocess.Popen[str]:
        """A program on the host. What nobody reads must not be ``heard``: it would wait for that."""
        enter = ["nsenter", "-t", str(self.init), "--net", "--mount", "--pid", "--wd=/tmp"]
        env = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "OPENBLAS_NUM_THREADS")}
        env |= {
            "HOME": str(Path.home()),
            "TMPDIR": "/tmp",
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": f"http://{STORE}:5000",
        }
        env |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "of-a-test")
        env |= {"AWS_DEFAULT_REGION": "us-east-1", "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{SILENT}s"}
        return subprocess.Popen(
            [*enter, sys.executable, *map(str, words)],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if heard else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str | Path, given: str = "") -> str:
        """What a program says that ends well."""
        program = self.start(*words)
        said, _ = program.communicate(given, timeout=1500)
        assert program.returncode == 0, said
        return said

    def cleaning(self) -> bool:
        """Whether articles are cleaned there."""
        here = os.readlink(f"/proc/{self.init}/ns/pid")
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.readlink(folder / "ns" / "pid") == here and b"forkserver" in (folder / "cmdline").read_bytes():
                    return True
        return False


@contextmanager
def power(*words: str) -> Iterator[int]:
    """A process with namespaces of its own, for a while; its number."""
    program = subprocess.Popen(["unshare", *words], stderr=subprocess.DEVNULL)
    try:
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        deadline = time.monotonic() + 20
        while "--fork" in words and not children.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield int(children.read_text()) if "--fork" in words else program.pid
    finally:
        program.kill()
        program.wait()


def network(pid: int, *words: str) -> None:
    """A command of ``ip`` in the network of a process."""
    subprocess.run(["nsenter", "-t", str(pid), "--net", "ip", *words], check=True)


@pytest.fixture
def hosts() -> Iterator[list[Host]]:
    """Three hosts on a bridge."""
    if sys.platform != "linux" or os.geteuid() or not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        pytest.skip("hosts of namespaces need Linux, root, unshare, nsenter and ip")
    words = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c")
    if subprocess.run(["unshare", *words, "true"], capture_output=True).returncode:
        pytest.skip("namespaces are not permitted here")
    with ExitStack() as stack:
        bridge = stack.enter_context(power("--net", "sleep", "7200"))
        time.sleep(0.5)  # until it is in its namespace
        network(bridge, "link", "add", "bridge", "type", "bridge")
        network(bridge, "link", "set", "bridge", "up")
        made = []
        for number, address in enumerate((STORE, DRIVER, OTHER)):
            init = stack.enter_context(power(*words, ALONE))
            peer = ("peer", "name", "eth0", "netns", str(init))
            network(bridge, "link", "add", f"host{number}", "type", "veth", *peer)
            network(bridge, "link", "set", f"host{number}", "master", "bridge", "up")
            network(init, "addr", "add", f"{address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                network(init, "link", "set", device, "up")
            made.append(Host(address, init))
        yield made


def given(folder: Path) -> dict[str, str]:
    """Articles and tables below a folder, and the same for a store."""
    for n in range(FILES):
        path = folder / f"www.site{n % 3}.org" / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{ARTICLE}Number {n} is told here.\nAll of it is in our paper on Sunday, they say.\n")
    for n in range(TABLES):
        rows = [{"id": f"{n}-{m}", "text": f"{ARTICLE}Number {n * m} is told.\n"} for m in range(10)]
        (folder / f"{n:02}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return {name: base64.b64encode(data).decode() for name, data in tree(folder).items()}


def alike(files: dict[str, bytes]) -> dict[str, bytes]:
    """Results without what only shards have; where the input lies is another matter."""
    kept = {name: data for name, data in files.items() if not name.startswith(OWN)}
    return {**kept, "summary.json": json.dumps(json.loads(kept["summary.json"]) | {"inputs": []}).encode()}


def test_a_host_loses_its_power(hosts: list[Host], tmp_path: Path) -> None:
    store, driver, other = hosts
    store.start("-m", "moto.server", "-H", STORE, "-p", "5000", heard=False)
    inputs = given(tmp_path / "in")
    words = ("run", tmp_path / "in", "--out", tmp_path / "one", "--quiet")
    command = [sys.executable, "-m", "cleaner", *map(str, words)]
    subprocess.run(command, check=True, cwd=ROOT)
    waited = "import socket, time\nwhile socket.socket().connect_ex(('10.99.0.1', 5000)): time.sleep(0.2)"
    driver.run("-c", waited)
    driver.run("-c", STORED, given=json.dumps(inputs))

    driver.start(
        "-m", "distributed.cli.dask_scheduler", "--host", DRIVER, "--port", "8786", "--no-dashboard", heard=False
    )
    for host in (driver, other):
        own = (
            "--host",
            host.address,
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--local-directory",
            "/tmp",
        )
        host.start("-m", "distributed.cli.dask_worker", SCHEDULER, *own, heard=False)
    driver.run("-m", "cleaner", "plan", "s3://bucket/in", "--out", "s3://bucket/many", "--quiet")
    program = driver.start(
        "-m", "cleaner", "run", "--plan", "s3://bucket/many", "--engine", "dask", "--cluster", SCHEDULER
    )
    driver.run("-c", WAITED, "3")
    deadline = time.monotonic() + 60
    while not other.cleaning() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert other.cleaning() and program.poll() is None, "it is lost in the middle"
    network(other.init, "link", "set", "eth0", "down")  # nothing is said any more, not even that a line is closed
    os.kill(other.init, signal.SIGKILL)
    said, _ = program.communicate(timeout=1500)
    assert program.returncode == 0, said
    units = TABLES + 1
    assert f"{units} of {units} units done" in said, said

    driver.run("-m", "cleaner", "gather", "s3://bucket/many", "--quiet")
    assert "All were compared" in driver.run("-m", "cleaner", "verify", "s3://bucket/many")
    fetched = driver.run("-c", FETCHED, "many").splitlines()[-1]
    found = {name: base64.b64decode(data) for name, data in json.loads(fetched).items()}
    assert alike(found) == alike(tree(tmp_path / "one"))
    assert sum(name.startswith("done/") for name in found) == units, "no unit is lost, none is there twice"
