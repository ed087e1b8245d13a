"""
Child processes for work that may take long or cost much, with limits.

One warm process has loaded everything that reads files; children are forked from it at once. A
child does one piece of work at a time, and a limited number of them; after an error, or if it has
grown, it is not used again. The kernel ends a child that takes too much processor or clock time,
and limits its memory. Children know neither the token nor any other setting, and answer only with
values (`plain.py`).

The parent waits in a thread; `end` ends all running work.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import math
import os
import pickle
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from bot.faults import outline
from bot.files import plain

SECONDS = 10.0  # of the processor
BUSY = 3  # times as much of the clock: the machine may be busy
MEMORY = 600_000_000  # bytes of address space
PATIENCE = 2.0  # seconds more before the parent ends the child itself
STARTING = 60.0  # seconds until a child has begun
MOST_ANSWER = 100_000_000  # bytes
MOST_WORK = 50  # pieces that one child does
GROWN = 200_000_000  # bytes of a child that is not used again
AT_ONCE = min(max(2, os.cpu_count() or 1), 16)
ROOT = Path(__file__).parents[2]

VALUE = b'["tuple","value"'

T = TypeVar("T")


class Ended(Exception):  # noqa: N818
    """The work was ended before there was an answer."""


class TooSlow(Ended):
    """It took more time than it may."""


class TooMuchMemory(Ended):
    """It wanted more memory than it may have."""


class Died(Ended):
    """Its process died, or all work was ended."""


class Fault(Exception):  # noqa: N818
    """A bug of ours; the message is its `outline`, as the child has it."""


# ------------------------------------------------------------------------ the parent


class Children:
    """The warm process, and the work given to it."""

    def __init__(self) -> None:
        """No process starts before there is work, or `warm`."""
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._idle: list[socket.socket] = []
        self._lives = 0  # how often all work was ended

    def run(
        self,
        work: Callable[..., T],
        *arguments: Any,
        raises: tuple[type[Exception], ...] = (),
        seconds: float = SECONDS,
    ) -> T:
        """
        The result of a function of a module, computed by a child.

        Args:
            work: The function.
            arguments: Its arguments.
            raises: Errors of the function that are passed on; each is made from its `args`.
            seconds: Of processor time, and `BUSY` times as many of the clock.

        Raises:
            Ended: There is no answer.
            Fault: Any other error.
        """
        life = self._lives
        names = [kind.__name__ for kind in raises]
        request = pickle.dumps((seconds, work.__module__, work.__qualname__, arguments, names))
        with self._slots:
            if life != self._lives:
                raise Died
            line, begun = self._at_work(request)
            answer = self._answer(line, begun + BUSY * seconds + PATIENCE)
            ended = time.monotonic()
            if answer.startswith(VALUE):
                with self._lock:
                    self._idle.append(line)
            else:
                line.close()
        if not answer:
            raise TooSlow if ended - begun >= seconds else Died
        try:
            kind, *said = plain.loads(answer)
        except (ValueError, TypeError) as error:
            raise Died from error
        if kind == "value":
            value: T = said[0]
            return value
        if kind == "memory":
            raise TooMuchMemory
        if kind == "raised" and said[0] in names:
            raise raises[names.index(said[0])](*said[1])
        raise Fault(str(said)[-4000:])

    def _at_work(self, request: bytes) -> tuple[socket.socket, float]:
        """
        The connection to a child that has begun, and the time of its start by the machine's clock.
        """
        for new in (False, True):  # an idle child may have ended itself meanwhile
            line = self._line(new=new)
            with contextlib.suppress(OSError, ValueError):
                line.settimeout(STARTING)
                _send(line, request)
                return line, float(_received(line, time.monotonic() + STARTING))
            line.close()
        raise Died

    def _answer(self, line: socket.socket, until: float) -> bytes:
        """The child's answer, empty if it died."""
        try:
            return _received(line, until)
        except TimeoutError:
            self.end()  # the kernel should have ended it
        except OSError:
            pass
        return b""

    def _line(self, *, new: bool = False) -> socket.socket:
        """A connection to an idle child."""
        with self._lock:
            while self._idle and not new:
                line = self._idle.pop()
                if not select.select([line], [], [], 0)[0]:
                    return line
                line.close()  # it has ended itself
            for _ in range(2):
                # A machine without free resources starts no child.
                with contextlib.suppress(OSError, MemoryError), _connection() as (ours, theirs):
                    try:
                        socket.send_fds(self._started(), [b"+"], [theirs.fileno()])
                    except OSError:  # the warm process is gone
                        self._stop()
                        raise
                    return ours
        raise Died

    def _started(self) -> socket.socket:
        if self._control is not None:
            return self._control
        with _connection() as (ours, theirs):
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "bot.files.child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _stop(self) -> None:
        if self._process is not None and self._control is not None:
            self._control.close()
            # The work is in the process group of the warm process.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = self._control = None
        while self._idle:
            self._idle.pop().close()

    def warm(self) -> None:
        """Start the warm process, so that the first file need not wait for it."""
        with self._lock:
            self._started()

    def end(self) -> None:
        """End all running and waiting work; later work starts anew."""
        with self._lock:
            self._lives += 1
            self._stop()
        for group in tuple(programs):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)


@contextlib.contextmanager
def _connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends; if one cannot be passed on, both are closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            yield ours, theirs
        except BaseException:
            ours.close()
            raise


# Process groups of other programs at work (LibreOffice), which `end` ends, too.
programs: set[int] = set()

_children = Children()
run, warm, end = _children.run, _children.warm, _children.end


@atexit.register
def _end_with_us() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C would only add a traceback
    end()


# ------------------------------------------------------- the process that is kept warm

# Loaded one after the other while there is nothing to do.
LOADED = (
    "bot.files.received",
    "bot.files.checking",
    "conversations.document.read.docx",
    "conversations.document.read.html",
    "conversations.document.read.pdf",
    "pdfplumber",
    "bot.files.warming",
)


def _serve() -> None:
    """Fork for each connection that is passed in, until the other end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no exit status is asked for
    left = list(reversed(LOADED))
    with socket.socket(fileno=0) as control:
        while True:
            if left and not select.select([control], [], [], 0)[0]:
                with contextlib.suppress(Exception):  # missing packages are reported when used
                    import_module(left.pop())
                gc.collect()
                gc.freeze()  # shared memory stays shared
                continue
            _, given, _, _ = socket.recv_fds(control, 1, 1)
            if not given:
                # The parent is gone: everything in our group ends.
                os.killpg(0, signal.SIGKILL)
            if os.fork() == 0:
                control.close()
                _work(given[0])
            os.close(given[0])


def _work(line: int) -> NoReturn:
    """Pieces of work, one after the other, in a process of its own, which ends with them."""
    try:
        with socket.socket(fileno=line) as parent:
            for _ in range(MOST_WORK):
                request = _received(parent)
                if not request:
                    break
                _send(parent, str(time.monotonic()).encode())  # one clock for both
                answer = _answer(request)
                signal.setitimer(signal.ITIMER_REAL, 0)
                _send(parent, answer)
                grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > GROWN
                if grown or not answer.startswith(VALUE):
                    break
    finally:
        os._exit(0)  # a fork's own end: what the warm process has open is not its to close


def _answer(request: bytes) -> bytes:
    try:
        seconds, module, name, given, raises = pickle.loads(request)  # noqa: S301  # our parent's
        _limit(seconds)
        work = getattr(import_module(module), name)
        try:
            return plain.dumps(("value", work(*given)))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # the parent is told of each
            if type(error).__name__ in raises:
                return plain.dumps(("raised", type(error).__name__, error.args))
            return plain.dumps(("fault", outline(error)))
    except MemoryError:
        return b'["tuple","memory"]'


def _limit(seconds: float) -> None:
    """Set the limits of the kernel."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, BUSY * seconds)
    processor = math.ceil(time.process_time() + seconds)
    for limit, most, hard in (
        (resource.RLIMIT_CPU, processor, resource.RLIM_INFINITY),
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has each
            resource.setrlimit(limit, (most, hard))
    # If the machine runs out of memory, this process goes first.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


# ---------------------------------------------------------------------- what is said


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(len(message).to_bytes(8, "big") + message)


def _received(line: socket.socket, until: float | None = None) -> bytes:
    """A message, empty if the other side has gone or says too much."""
    message = bytearray()
    size = 8
    while len(message) < size:
        if until is not None:
            line.settimeout(max(0.01, until - time.monotonic()))
        piece = line.recv(min(size - len(message), 1 << 20))
        if not piece:
            return b""
        message += piece
        if len(message) == size == 8:
            size += int.from_bytes(message, "big")
            if size > MOST_ANSWER:
                return b""
    return bytes(message[8:])


if __name__ == "__main__":
    _serve()
