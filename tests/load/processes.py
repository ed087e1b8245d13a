"""
The program's processes, and what each part has used of the machine.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.bot.doors import environment
from tests.programs import Program

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """
    `nianbao serve`, its output in a file; its clock may be so many seconds wrong.
    """

    def __init__(
        self, settings: Mapping[str, str], port: int, log: Path, wrong: float | None = None
    ) -> None:
        self.port = port
        self.log = log
        what = ("bot", "serve") if wrong is None else ("tests.load.process", str(wrong))
        with log.open("ab") as out:
            self.program = Program(
                *what,
                env=environment(**settings, NIANBAO_WEBHOOK_LISTEN=f"127.0.0.1:{port}"),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    async def is_ready(self) -> None:
        """
        Wait until it takes deliveries.

        Raises:
            RuntimeError: It has ended instead; with what it said.
        """
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                if self.program.poll() is not None:
                    raise RuntimeError(self.log.read_text(errors="replace")) from None
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    async def ends(self, number: int = signal.SIGTERM) -> int:
        """
        A signal, and the exit code.
        """
        self.program.send_signal(number)
        return await asyncio.to_thread(self.program.wait, 60)


def used(pids: Iterable[int]) -> float:
    """
    CPU seconds of these processes and of the children they have buried.
    """
    return sum(
        sum(map(int, fields[11:15])) / TICKS
        for pid in pids
        if (fields := stat(Path(f"/proc/{pid}/stat")))
    )


def stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []  # gone


def machine() -> tuple[float, float]:
    """
    CPU seconds that all cores together have worked, and have had.
    """
    user, nice, system, idle, wait, *rest = map(int, Path("/proc/stat").read_text().split()[1:9])
    working = user + nice + system + sum(rest)
    return working / TICKS, (working + idle + wait) / TICKS


def memory(pid: int) -> float:
    """
    MiB of a process.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    (size,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(size) / 1024


def backends(address: str) -> list[int]:
    """
    The processes of PostgreSQL that serve whoever uses this address, by the `application_name`
    in it; none where the server is another machine.
    """
    named = conninfo_to_dict(address).get("application_name", "")
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = %s AND pid <> pg_backend_pid()",
            [named],
        )
        return [pid for (pid,) in found]
