"""
Starts programs of this project without the second that their imports take.

A `Program` is a process of its own, with its own memory, environment, folder and pipes, and can be
killed. It is forked from a process that has imported everything and done nothing else. What the
imports themselves do is tested by the tests that start Python. New stores are made as in the tests
(`tests/storage/made_once.py`).

The process that reads files for a program (`bot/files/child.py`) is a fork, too. As its memory is
limited, it is forked from a process that has imported only what reading needs.
"""

from __future__ import annotations

import atexit
import faulthandler
import fcntl
import gc
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import time_machine

from bot.files import child

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("conversations", "storage", "bot")
# What the packages import only where they use it, and what the programs of the tests need.
MORE = (
    "alembic.command",
    "docxtpl",
    "openpyxl",
    "prompt_toolkit",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tests.botapi.server",
    "tests.county",
    "uvicorn",
)


class Program:
    """
    `python -m MODULE ARGUMENTS…`; the streams are given as for `subprocess.Popen`.

    If its input is a terminal, or with `leads`, the process leads a session of its own and Ctrl-C
    reaches it.
    """

    def __init__(
        self,
        module: str,
        *arguments: str | Path,
        env: Mapping[str, str],
        cwd: Path | None = None,
        stdin: int | IO[Any] = subprocess.PIPE,
        stdout: int | IO[Any] = subprocess.PIPE,
        stderr: int | IO[Any] = subprocess.PIPE,
        leads: bool = False,
        orders: socket.socket | None = None,
    ) -> None:
        ours: list[Any] = []
        theirs: list[int] = []
        for stream, mode in ((stdin, "wb"), (stdout, "rb"), (stderr, "rb")):
            pipe = None
            if stream == subprocess.PIPE:
                read, write = os.pipe()
                pipe = os.fdopen(write if mode == "wb" else read, mode)
                theirs.append(read if mode == "wb" else write)
            elif stream == subprocess.DEVNULL:
                theirs.append(os.open(os.devnull, os.O_RDWR))
            else:
                theirs.append(os.dup(stream if isinstance(stream, int) else stream.fileno()))
            ours.append(pipe)
        self.stdin, self.stdout, self.stderr = ours
        self.returncode: int | None = None
        self._ends, tells = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [module, *map(str, arguments)]
        set_to = time_machine.escape_hatch.is_travelling()  # then the program has the same clock
        ahead = time.time() - time_machine.escape_hatch.time.time() if set_to else 0.0
        order = json.dumps((command, dict(env), str(cwd or ROOT), leads, ahead))
        with tells:
            to = orders or nursery()
            socket.send_fds(to, [order.encode()], [*theirs, tells.fileno()])
        for descriptor in theirs:
            os.close(descriptor)
        self.pid = int(self._ends.recv(99))

    def wait(self, timeout: float | None = None) -> int:
        """
        The exit code, or the negative number of the signal that ended the program.

        Raises:
            TimeoutError: The program is still running.
        """
        if self.returncode is None:
            self._ends.settimeout(timeout)
            self.returncode = int(self._ends.recv(99))
            self._ends.close()
        return self.returncode

    def poll(self) -> int | None:
        with suppress(BlockingIOError):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, data: bytes = b"", timeout: float = 120) -> tuple[bytes, bytes]:
        """
        Send the whole input, read both outputs, and wait for the end.

        Raises:
            TimeoutError: The program did not end in time; the error contains the end of its error
                output.
        """

        def feed() -> None:
            with suppress(BrokenPipeError), self.stdin:
                self.stdin.write(data)

        def read(pipe: Any) -> bytes:
            with pipe:
                return bytes(pipe.read())

        with ThreadPoolExecutor() as pool:
            if self.stdin is not None:
                pool.submit(feed)
            results = [pool.submit(read, pipe) if pipe else None for pipe in self.pipes]
            try:
                self.wait(timeout)
            except TimeoutError:
                self.send_signal(signal.SIGABRT)  # it prints its stack
                told = results[1].result() if results[1] else b""
                raise TimeoutError(told.decode(errors="replace")[-4000:]) from None
            out, error = (result.result() if result else b"" for result in results)
        return out, error

    @property
    def pipes(self) -> tuple[Any, Any]:
        return self.stdout, self.stderr


@cache
def nursery() -> socket.socket:
    """
    The socket for orders to the process that programs are forked from; it ends with this one.
    """
    return _started(os.environ | {"PYTHONUTF8": "1"}, readers())


@cache
def readers() -> socket.socket:
    """
    The socket for orders to the process that the reading processes are forked from.
    """
    return _started({"PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"})


def _started(environment: Mapping[str, str], *more: socket.socket) -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    given = [each.fileno() for each in (theirs, *more)]
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.programs", *map(str, given)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=given,
        )

    def end() -> None:
        ours.close()
        process.kill()
        process.wait()

    atexit.register(end)
    return ours


class Forked:
    """
    Stands for `subprocess` in `bot/files/child.py`; the process is forked and needs no imports.
    """

    DEVNULL = subprocess.DEVNULL

    def __init__(self, orders: Callable[[], socket.socket]) -> None:
        self.orders = orders

    def Popen(  # noqa: N802
        self,
        command: list[str],
        *,
        stdin: int,
        stdout: int,
        stderr: int,
        cwd: str,
        env: Mapping[str, str],
        start_new_session: bool,
    ) -> Program:
        return Program(
            command[-1],
            env=env,
            cwd=Path(cwd),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            leads=start_new_session,
            orders=self.orders(),
        )


def main(orders: socket.socket, readers: socket.socket | None = None) -> None:
    """
    Import everything, or only what reading needs; then fork for each order.

    Only a forked program returns from here.
    """
    if readers is None:
        for name in child.LOADED:
            import_module(name)
    else:
        _import_everything(readers)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, 1 << 20, 4)
        if not order:
            os._exit(0)
        if os.fork() == 0:
            orders.close()
            start(*json.loads(order), *descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)


def _import_everything(readers: socket.socket) -> None:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if "migrations." not in module.name and not module.name.endswith("__main__"):
                import_module(module.name)
    for name in MORE:
        import_module(name)
    from storage import migrations
    from tests.storage import made_once

    made_once.script()
    migrations.make = made_once.from_the_script
    readers.set_inheritable(False)
    vars(child)["subprocess"] = Forked(lambda: readers)


def start(
    command: list[str],
    environment: dict[str, str],
    folder: str,
    leads: bool,
    ahead: float,
    *descriptors: int,
) -> None:
    """
    Fork again: the parent waits for the program and reports its process id and exit code.
    """
    *streams, told = descriptors
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        for descriptor in streams:
            os.close(descriptor)
        with socket.socket(fileno=told) as tells, suppress(BrokenPipeError):
            tells.send(str(pid).encode())
            tells.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
        os._exit(0)
    os.close(told)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    terminal = os.isatty(streams[0])
    if leads or terminal:
        os.setsid()
    if terminal:
        fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    faulthandler.enable(sys.stderr)
    os.chdir(folder)
    if ahead:
        time_machine.travel(time.time() + ahead, tick=True).start()
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    module, *sys.argv[1:] = command
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*(socket.socket(fileno=int(number)) for number in sys.argv[1:]))
