"""The process that forks workers, and the loop inside a worker. ``pool`` decides what they do.

Only the parent process handles signals: ^C in a terminal reaches every process, and workers ignore it. When the parent
dies for any reason, the nursery and the workers end with it.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from cleaner.files import disk

IDLE = -1
LOOK = 0.5
"""Seconds between two measurements of a worker's memory. The system counts all pages for each, which takes as long as a
small article."""
_MARK = struct.Struct("<qqdd")
_ASK = struct.Struct("<cq")
_ANSWER = struct.Struct("<q")


class Marks:
    """Shared memory with a slot for each worker: the number of its task, the current item, when it began that item, and
    the processor time used until then."""

    def __init__(self, slots: int, fd: int | None = None) -> None:
        if fd is None:
            with tempfile.TemporaryFile() as file:
                file.write(bytes(_MARK.size * slots))
                file.flush()
                self.fd = os.dup(file.fileno())
        else:
            self.fd = fd
        self.slots = slots
        self._memory = mmap.mmap(self.fd, _MARK.size * slots)
        for slot in range(slots if fd is None else 0):
            self.clear(slot)

    def set(self, slot: int, number: int, item: int) -> None:
        """Record that the worker in ``slot`` begins an item of a task."""
        _MARK.pack_into(self._memory, slot * _MARK.size, number, item, time.monotonic(), time.process_time())

    def clear(self, slot: int) -> None:
        """Record that the worker is idle."""
        _MARK.pack_into(self._memory, slot * _MARK.size, IDLE, IDLE, 0.0, 0.0)

    def get(self, slot: int) -> tuple[int, int, float, float]:
        """Return what the worker recorded last: task, item, start (monotonic seconds) and processor time (seconds)."""
        number, item, since, used = _MARK.unpack_from(self._memory, slot * _MARK.size)
        return number, item, since, used

    def close(self) -> None:
        """Release the memory."""
        self._memory.close()
        os.close(self.fd)


class Nursery:
    """The parent's handle on the nursery. Work that is slow to build may come as an object with a method ``ready``. The
    nursery calls it, and the parent never builds the work.
    """

    def __init__(self, work: Any, marks: Marks) -> None:
        here, there = socket.socketpair()
        self._socket = here
        self._ready = False
        self._program: subprocess.Popen[bytes] | None = None
        if may_fork():
            sys.stdout.flush()
            sys.stderr.flush()
            self._pid = os.fork()
            if not self._pid:
                here.close()
                _nursery(there, lambda: work, marks)
        else:
            self._program = _program(there, marks)
            self._pid = self._program.pid
            there.close()  # before anything is sent: if the program dies at once, sending fails and does not wait
            data = pickle.dumps(work)
            here.sendall(_ANSWER.pack(len(data)) + data)
        there.close()

    def fork(self, slot: int) -> tuple[int, Connection]:
        """Fork a worker. Returns its process id and the connection to it. Raises whatever building the work raised."""
        self._wait()
        here, there = socket.socketpair()
        with there:
            socket.send_fds(self._socket, [_ASK.pack(b"f", slot)], [there.fileno()])
        return self._answer(), Connection(here.detach())

    def reap(self, pid: int) -> int:
        """Wait until a worker has ended. Returns its exit code, or minus the number of the signal that killed it."""
        self._socket.sendall(_ASK.pack(b"w", pid))
        return self._answer()

    def kill(self, pid: int) -> None:
        """Kill a worker."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _wait(self) -> None:
        """Wait until the work is ready."""
        if not self._ready and (length := self._answer()):
            raise pickle.loads(_receive(self._socket, length))
        self._ready = True

    def _answer(self) -> int:
        data = _receive(self._socket, _ANSWER.size)
        if not data:
            raise RuntimeError("the process that starts the workers has died")
        (number,) = _ANSWER.unpack(data)
        return int(number)

    def close(self) -> None:
        """End the nursery."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # others that were forked since hold it, too
        self._socket.close()
        if self._program:
            self._program.wait()
        else:
            with suppress(ChildProcessError):
                os.waitpid(self._pid, 0)


def hang_up(line: Connection) -> None:
    """Close a connection to a worker. The worker notices, although processes forked later hold copies of the
    connection."""
    with suppress(OSError), socket.socket(fileno=os.dup(line.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
    line.close()


def may_fork() -> bool:
    """Return whether this process can be forked safely: not if it has threads, and never on macOS."""
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return threading.active_count() == 1


def _program(there: socket.socket, marks: Marks) -> subprocess.Popen[bytes]:
    """Start the nursery as a separate program, which receives the work by pickle."""
    paths = [path or os.getcwd() for path in sys.path]
    numbers = f"{there.fileno()}, {marks.fd}, {marks.slots}"
    code = f"import sys; sys.path[:] = {paths!r}; from cleaner.run.forkserver import program; program({numbers})"
    return subprocess.Popen(
        [sys.executable, "-c", code], pass_fds=(there.fileno(), marks.fd, *disk.HELD), stdin=subprocess.DEVNULL
    )


def program(line: int, marks: int, slots: int) -> None:
    """Run the nursery in a separate program. The work comes by pickle."""
    there = socket.socket(fileno=line)
    (length,) = _ANSWER.unpack(_receive(there, _ANSWER.size) or sys.exit())
    data = _receive(there, length)
    _nursery(there, lambda: pickle.loads(data), Marks(slots, marks))


def _receive(line: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        try:
            part = line.recv(length - len(data))
        except OSError:
            part = b""
        if not part:
            return b""
        data += part
    return data


def _die_with_parent(parent: int) -> None:
    """End this process together with its parent. On Linux the kernel does it; elsewhere the next read from the parent
    fails."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _made(line: socket.socket, make: Callable[[], Any]) -> Any:
    """Build the work and report to the parent that it is ready, or the exception."""
    try:
        work = make()
        work = work.ready() if hasattr(work, "ready") else work
    except BaseException as error:
        data = _packed(error)
        line.sendall(_ANSWER.pack(len(data)) + data)
        raise
    line.sendall(_ANSWER.pack(0))
    return work


def _packed(error: BaseException) -> bytes:
    """Pickle an exception for another process. One that can't be pickled becomes a ``RuntimeError`` with its
    message."""
    try:
        data = pickle.dumps(error)
        pickle.loads(data)
        return data
    except Exception:
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))


def _nursery(line: socket.socket, make: Callable[[], Any], marks: Marks) -> NoReturn:
    """Fork workers and wait for them on request, until the connection closes."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _die_with_parent(os.getppid())
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)  # so that a pipe that somebody reads ends with the program, not with the last worker
        work = _made(line, make)
        gc.collect()
        gc.freeze()  # workers would copy all of it when they look for garbage
        while True:
            data, fds, _, _ = socket.recv_fds(line, _ASK.size, 1)
            if len(data) < _ASK.size:
                break
            kind, number = _ASK.unpack(data)
            if kind == b"w":
                _, ended = os.waitpid(number, 0)
                line.sendall(_ANSWER.pack(os.waitstatus_to_exitcode(ended)))
                continue
            nursery = os.getpid()
            pid = os.fork()
            if not pid:
                line.close()
                _die_with_parent(nursery)
                _work(Connection(fds[0]), work, marks, number)
            os.close(fds[0])
            line.sendall(_ANSWER.pack(pid))
        status = 0
    finally:
        os._exit(status)  # what this process has inherited is not its to clean up


def _work(line: Connection, work: Any, marks: Marks, slot: int) -> NoReturn:
    """Do one attempt after the other. An exception is sent to the parent: a full disk does not concern one article
    alone."""
    status, size, measured = 1, 0, -LOOK
    try:
        while True:
            try:
                attempt = line.recv()
            except (EOFError, OSError):
                status = 0
                break
            reply = fault = None
            try:
                reply = work(attempt, lambda item, number=attempt.number: marks.set(slot, number, item))
            except BaseException as error:
                fault = error
            marks.clear(slot)
            if time.monotonic() >= measured + LOOK:
                size, measured = held(), time.monotonic()
            try:
                line.send((reply, fault, size))
            except (TypeError, AttributeError, pickle.PicklingError):
                line.send((None, RuntimeError(f"{type(fault).__name__}: {fault}"), 0))
    finally:
        os._exit(status)


def held() -> int:
    """Return the memory of this process in bytes. Pages shared with other processes count in part."""
    try:
        fd = os.open("/proc/self/smaps_rollup", os.O_RDONLY)
    except OSError:
        return resident()
    try:
        words = os.read(fd, 4096).split()
        return int(words[words.index(b"Pss:") + 1]) * 1024
    except (OSError, ValueError, IndexError):
        return resident()
    finally:
        os.close(fd)


def resident(pid: int | str = "self") -> int:
    """Return the resident memory of a process in bytes, or 0 if the system doesn't report it."""
    try:
        fd = os.open(f"/proc/{pid}/statm", os.O_RDONLY)
    except OSError:
        return 0
    try:
        return int(os.read(fd, 200).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
    finally:
        os.close(fd)


def processor_time(pid: int) -> float | None:
    """Return the processor time of a process in seconds, or ``None`` if the system doesn't report it."""
    try:
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    except OSError:
        return None
    try:  # the name, in brackets, may hold anything; behind it the 12th and 13th are times in the program and for it
        fields = os.read(fd, 2000).rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None
    finally:
        os.close(fd)
