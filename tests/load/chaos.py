"""
What can go wrong goes wrong while clerks answer: `python -m tests.load.chaos --seed N`.

Processes are killed, frozen and started anew, with clocks that are wrong and leap; connections to
PostgreSQL are cut, files may not grow; Telegram refuses, is slow, is away, loses answers. The
events come by chance, which the printed seed repeats. Afterwards every answer that was sent is
compared with the store, and every chain of the history is looked at.
"""

import argparse
import asyncio
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg

from storage.databases import FILE_NAME
from storage.verify import verify
from tests.load.clerks import faults
from tests.load.fill import Reports, fill
from tests.load.process import DAY
from tests.load.processes import Process
from tests.load.season import Season, closed, placed

PEOPLE = 12
THINK = 0.3  # seconds
QUIET = 1.0  # seconds between two events, on the average
FROZEN = (1.0, 8.0)  # seconds: a process is taken for dead after 5


class Chaos:
    """
    Everything that may happen, one thing after another.
    """

    def __init__(self, season: Season, *, aloud: bool) -> None:
        self.season = season
        self.chance = random.Random(season.seed)
        self.aloud = aloud
        self.happened: Counter[str] = Counter()
        self.events: list[Callable[[], Awaitable[None]]] = [
            self.kill,
            self.freeze,
            self.leap,
            self.refuse,
            self.slow,
            self.cut,
            self.away,
            self.lose,
            self.cut_connections if isinstance(season.target, str) else self.full_disk,
        ]

    async def rages(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(self.chance.expovariate(1 / QUIET))
            event = self.chance.choice(self.events)
            self.happened[event.__name__] += 1
            if self.aloud:
                print(f"{seconds - end + time.monotonic():6.1f} s {event.__name__}", flush=True)
            await event()

    def _anyone(self) -> Process:
        return self.chance.choice(self.season.processes)

    # ---- processes -----------------------------------------------------------------------

    async def begin(self) -> None:
        """
        A process more, by its own clock.
        """
        await self.season.start(self.chance.uniform(-DAY, DAY))

    async def kill(self) -> None:
        process = self._anyone()
        self.season.processes.remove(process)
        self.season.telegram.ports.remove(process.port)
        await process.ends(signal.SIGKILL)
        await asyncio.sleep(self.chance.random())
        await self.begin()

    async def freeze(self) -> None:
        process = self._anyone()
        process.program.send_signal(signal.SIGSTOP)
        await asyncio.sleep(self.chance.uniform(*FROZEN))
        process.program.send_signal(signal.SIGCONT)

    async def leap(self) -> None:
        self._anyone().program.send_signal(signal.SIGUSR1)

    # ---- Telegram ------------------------------------------------------------------------

    async def refuse(self) -> None:
        self.season.telegram.fail("send*", error=self.chance.choice((429, 502)), times=5)

    async def slow(self) -> None:
        self.season.telegram.fail("*", delay=self.chance.uniform(1, 4), times=20)

    async def cut(self) -> None:
        self.season.telegram.fail("*", cut=self.chance.choice(("before", "after")), times=2)

    async def away(self) -> None:
        async with self.season.telegram.outage():
            await asyncio.sleep(self.chance.uniform(0, 3))

    async def lose(self) -> None:
        self.season.telegram.lost_answers = 5

    # ---- the store -----------------------------------------------------------------------

    async def cut_connections(self) -> None:
        """
        Some of the program's, at whatever they are.
        """
        address = str(self.season.target)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = current_setting('application_name')"
                " AND pid <> pg_backend_pid() AND random() < 0.7"
            )

    async def full_disk(self) -> None:
        """
        The file of what was written last may not grow, as on a full disk.
        """
        pid = self._anyone().program.pid
        assert isinstance(self.season.target, Path)
        size = (self.season.target / f"{FILE_NAME}-wal").stat().st_size
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
        await asyncio.sleep(self.chance.uniform(0.5, 4))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


async def play(season: Season, processes: int, seconds: float, *, aloud: bool = False) -> list[str]:
    """
    Clerks answer while everything breaks; what is wrong afterwards.
    """
    chaos = Chaos(season, aloud=aloud)
    async with season.running(0):
        for _ in range(processes):
            await chaos.begin()
        coming = asyncio.create_task(closed(season, PEOPLE, seconds, THINK))
        await chaos.rages(seconds)
        await coming
        season.telegram.faults.clear()
        season.telegram.lost_answers = 0
        await season.drained()
        codes = [await process.ends() for process in season.processes]
        found = [f"a process ended with {code}" for code in codes if code]
        found += faults(season.store, season.seated, troubled=True)
        with season.store.read() as reader:
            found += map(str, verify(reader))
        waits = sorted(season.telegram.waits.replied)
        print(
            f"{sum(clerk.sent for clerk in season.seated):,} updates of {len(season.seated)}"
            f" clerks,"
            f" reply after {waits[len(waits) // 2]:.1f} s (median), {waits[-1]:.1f} s (longest);"
            f" {sum(clerk.repeats for clerk in season.seated)} messages twice,"
            f" {sum(clerk.given_up for clerk in season.seated)} said to be perhaps missing;"
            f" {dict(chaos.happened)}; {len(found)} faults"
        )
        for log in sorted(season.folder.glob("log*.txt")):
            if "Traceback" in log.read_text(errors="replace"):
                found.append(f"{log.name}: {log.read_text(errors='replace')}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.chaos", description=(__doc__ or "").strip()
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--processes", type=int, default=3, help="with SQLite there is one")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    processes = 1 if given.database == "sqlite" else given.processes
    print(f"seed {given.seed}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        target = stack.enter_context(placed(given.database, folder))
        fill(target, PEOPLE + int(PEOPLE * given.seconds / 20), Reports(0, 0, 1))
        season = Season(target, folder, given.seed)
        found = asyncio.run(play(season, processes, given.seconds, aloud=True))
    print("\n".join(found[:20]), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
