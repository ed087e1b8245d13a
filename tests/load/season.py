"""
Telegram, the processes of the program and the clerks of one run, and how the clerks come.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import text

from storage import Store
from storage.tables import Base
from tests.bot.telegram.door import FAST, free_port
from tests.load.clerks import Clerk, faults
from tests.load.processes import Process
from tests.load.telegram import Telegram
from tests.storage.servers import postgres

DRAIN = 120.0  # seconds for the last replies
SWEEP_EVERY = 20.0  # seconds
SECRET = "a-secret-for-tests"

# Clerks whose report is empty, spread over the whole store.
FREE = text(
    "SELECT person.id, report.id, organ.name FROM report"
    " JOIN person ON person.report_id = report.id JOIN organ ON organ.id = report.organ_id"
    " WHERE NOT EXISTS (SELECT 1 FROM answer WHERE answer.report_id = report.id)"
)


class Season:
    """
    Telegram, the processes and the clerks of one run.
    """

    def __init__(self, target: Path | str, folder: Path, seed: int, **settings: str) -> None:
        self.target = target
        self.folder = folder
        self.store = Store.open(target)
        self.seed = seed
        self.telegram = Telegram(seed)
        self.settings = settings
        self.processes: list[Process] = []
        self.numbers = count(1)
        self.waiting = free_clerks(self.store, seed)
        self.seated: list[Clerk] = []

    @asynccontextmanager
    async def running(self, processes: int) -> AsyncIterator[None]:
        async with self.telegram:
            try:
                for _ in range(processes):
                    await self.start()
                yield
            finally:
                for process in self.processes:
                    await process.ends(9)
                self.store.close()

    async def start(self, wrong: float | None = None) -> None:
        """
        One process more; its clock may be so many seconds wrong.
        """
        on_server = isinstance(self.target, str)
        settings = {
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "NIANBAO_BASE_URL": self.telegram.base_url,
            "NIANBAO_BASE_FILE_URL": self.telegram.base_file_url,
            "NIANBAO_WEBHOOK_URL": "http://127.0.0.1:80/hook",
            "NIANBAO_WEBHOOK_SECRET": SECRET,
            "NIANBAO_DATA_DIR": str(self.folder if on_server else self.target),
            "NIANBAO_LOG_LEVEL": "WARNING",
            **FAST,
            **({"NIANBAO_DATABASE_URL": str(self.target)} if on_server else {}),
            **self.settings,
        }
        log = self.folder / f"log{next(self.numbers)}.txt"
        process = Process(settings, free_port(), log, wrong)
        await process.is_ready()
        self.processes.append(process)
        self.telegram.ports.append(process.port)

    def sits_down(self) -> Clerk | None:
        """
        The next clerk; None where there is none left.
        """
        if not self.waiting:
            return None
        clerk = self.waiting.popleft()
        self.telegram.sit(clerk)
        self.seated.append(clerk)
        return clerk

    async def drained(self) -> None:
        """
        Wait for the last replies, and until the store has nothing left to do.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                # The store tells nobody.
                while self._waits() or faults(self.store, ()):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)

    def _waits(self) -> bool:
        waiting = any(clerk.waits and not clerk.given_up for clerk in self.seated)
        return bool(self.telegram.pending) or waiting


def free_clerks(store: Store, seed: int) -> deque[Clerk]:
    """
    Clerks with an empty report, in the order of chance.
    """
    with store.engine.connect() as connection:
        rows = sorted(tuple(row) for row in connection.execute(FREE))
    random.Random(seed).shuffle(rows)
    return deque(Clerk(id_, report, organ, report) for id_, report, organ in rows)


# ---- how they come -----------------------------------------------------------------------


async def closed(season: Season, people: int, seconds: float, think: float) -> None:
    """
    So many people, each of whom waits for the reply before the next answer.
    """
    telegram, chance = season.telegram, random.Random(season.seed)
    loop = asyncio.get_running_loop()
    end = time.monotonic() + seconds

    def answers(clerk: Clerk) -> None:
        if time.monotonic() < end:
            telegram.act(clerk)

    def goes_on(clerk: Clerk | None) -> None:
        if clerk is not None and (clerk.is_done or clerk.given_up):
            clerk = season.sits_down()
        if clerk is not None and think:
            loop.call_later(chance.expovariate(1 / think), answers, clerk)
        elif clerk is not None:
            answers(clerk)

    telegram.heard = goes_on
    for _ in range(people):
        goes_on(season.sits_down())
    await asyncio.sleep(seconds)
    telegram.heard = lambda _: None


async def opened(season: Season, people: int, seconds: float, rate: float) -> None:
    """
    So many answers a second, each of whoever has waited longest; who waits counts from the
    moment at which the answer was due.
    """
    telegram = season.telegram
    free: deque[Clerk] = deque()

    def is_free(clerk: Clerk | None) -> None:
        if clerk is not None and (clerk.is_done or clerk.given_up):
            clerk = season.sits_down()
        if clerk is not None:
            free.append(clerk)

    telegram.heard = is_free
    for _ in range(people):
        is_free(season.sits_down())
    began = time.monotonic()
    for number in range(int(seconds * rate)):
        due = began + number / rate
        if (pause := due - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        if not free:
            telegram.waits.late += 1
            continue
        telegram.act(free.popleft(), due)
    telegram.heard = lambda _: None


@contextmanager
def placed(database: str, folder: Path) -> Iterator[Path | str]:
    """
    An empty place for a store.
    """
    if database == "sqlite":
        yield folder
        return
    with postgres() as address:
        yield address


async def swept(target: Path | str) -> None:
    """
    Do, until cancelled, what PostgreSQL does by itself each minute where it is left to.

    Without it plans that were made for empty tables would stay, and what is gone be read again.
    """
    if isinstance(target, Path):
        return
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    async with await psycopg.AsyncConnection.connect(target, autocommit=True) as connection:
        await connection.execute("SET vacuum_cost_delay = 2")  # ms, as autovacuum has it
        while True:
            await connection.execute(f"VACUUM (ANALYZE, SKIP_LOCKED) {tables}")
            await asyncio.sleep(SWEEP_EVERY)
