"""
The bot as people meet it: the real service against the Bot API server of `tests/botapi`.

A `Door` runs in this process and is quick; a `Serve` is `nianbao serve`, a process of its own
that can be killed. Both may be stopped and started again over the same data.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.handle import Clock
from bot.inviting import invite
from bot.settings import load_settings
from bot.telegram.decorations import CARD
from bot.telegram.service import Service, make_bot
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.derived import asked_lines
from conversations.talk.session import Place, State
from conversations.wording import door as door_words
from conversations.wording import talk
from storage import Store
from storage.messages import Messages
from storage.people import People
from tests.bot.doors import environment
from tests.botapi import BotServer, Person
from tests.botapi.people import PATIENCE
from tests.botapi.server import hold_port
from tests.programs import Program

ROOT = Path(__file__).resolve().parents[3]
ZONE = ZoneInfo("Asia/Shanghai")
TOWN = "雷鸣镇人民政府"
OTHER_TOWN = "龙门镇人民政府"
ADMIN = 99
FAST = {
    "NIANBAO_SENDS_PER_SECOND": "10000",
    "NIANBAO_SENDS_PER_CHAT_PER_SECOND": "1000",
    "NIANBAO_SENDS_PER_GROUP_PER_MINUTE": "10000",
    "NIANBAO_REMINDERS_PER_SECOND": "1000",
}


def settings_for(server: BotServer, data: Path, **more: str) -> dict[str, str]:
    """
    Settings that point the bot at the server, its sending limits out of the way.
    """
    return {
        "TELEGRAM_BOT_TOKEN": server.token,
        "NIANBAO_BASE_URL": server.base_url,
        "NIANBAO_BASE_FILE_URL": server.base_file_url,
        "NIANBAO_DATA_DIR": str(data),
        "NIANBAO_ADMIN_IDS": str(ADMIN),
        **FAST,
        **more,
    }


async def rest(server: BotServer, store: Store, seconds: float = 30) -> None:
    """
    Wait until every update is handled and every message of the store is out, then for quiet.

    Silence alone proves nothing: on a busy machine the bot may not have begun yet.
    """
    await server.handled(seconds)
    async with asyncio.timeout(seconds):
        while not _is_done(store):  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.02)
    await server.quiet()


def _is_done(store: Store) -> bool:
    with store.begin() as unit:
        messages = Messages(unit)
        return not messages.waiting() and not messages.unsent()


class Office:
    """
    The server, the data and the people; how the bot runs is the subclass's matter.
    """

    def __init__(self, server: BotServer, data: Path, **settings: str) -> None:
        self.server = server
        self.data = data
        self.target: Path | str = settings.get("NIANBAO_DATABASE_URL", "") or data
        self.settings = settings_for(server, data, **settings)

    @property
    def database(self) -> dict[str, str]:
        """
        The setting that names the database, where it is not the file in the data folder.
        """
        return {"NIANBAO_DATABASE_URL": self.target} if isinstance(self.target, str) else {}

    @property
    def place(self) -> dict[str, str]:
        """
        The settings that name where the data are.
        """
        return {"NIANBAO_DATA_DIR": str(self.data), **self.database}

    @contextlib.contextmanager
    def opened(self) -> Any:
        """
        The store, from outside.
        """
        with Store.open(self.target) as store:
            yield store

    def invitation(self, organ: str = TOWN, role: str = "clerk") -> str:
        """
        The payload of a fresh link.
        """
        with self.opened() as store, store.begin() as unit:
            link = invite(unit, "nianbao_bot", organ, role, "test", Clock.read(ZONE).now)
        return str(link).partition("=")[2]

    async def joins(
        self, name: str = "王芳", organ: str = TOWN, *, role: str = "clerk", year: int = 2023
    ) -> Person:
        """
        Somebody follows a link, joins, and is at the list of sections of a year.
        """
        person = self.server.person(name)
        await self.joins_as(person, organ, role=role, year=year)
        return person

    async def joins_as(
        self, person: Person, organ: str = TOWN, *, role: str = "clerk", year: int = 2023
    ) -> None:
        await person.starts(self.invitation(organ, role))
        await person.sees(door_words.join(organ, role))
        await person.taps(door_words.JOIN)
        asked = await person.sees_next(
            door_words.JOINED.format(organ=organ, role=door_words.ROLES[role])
        )
        await person.sees("", after=asked)
        if year:
            await person.says(f"/year {year}")
            await person.sees("📋", talk.head(organ, year), after=asked)

    async def asks(self, person: Person, line: str) -> Any:
        """
        Let a line's question come up by searching for it, from the list of sections.
        """
        await person.says("/menu")
        found = await person.sees_next("📋")
        if line in found.labels:
            await person.taps(line, found)
            return await person.sees(line, after=found)
        await person.says(line)
        found = await person.sees_next(line, "📋")
        await person.taps(line, found)
        return await person.sees(line, after=found)

    def answers(self, organ: str = TOWN, year: int = 2023) -> Answers:
        """
        What is stored.
        """
        with self.opened() as store, store.begin() as unit:
            report = unit.find_report(organ, year)
            assert report is not None
            found: Answers = unit.load(report, "test").answers
            return found

    def key(self, person: Person) -> str:
        """
        What rows name somebody by.
        """
        with self.opened() as store, store.begin() as unit:
            return People(unit).key(person.id)

    def changes(self, item: str, organ: str = TOWN, year: int = 2023) -> list[tuple[str, Any]]:
        """
        Who set an item to what, in order.
        """
        with self.opened() as store, store.begin() as unit:
            report = unit.find_report(organ, year)
            assert report is not None
            return [(one.by, one.after) for one in unit.history(report, item)]


class Door(Office):
    """
    The service in this process.
    """

    service: Service
    task: asyncio.Task[None] | None = None
    receives = True

    async def start(self) -> None:
        settings = load_settings(**self.settings)
        self.store = Store.open(self.target)
        self.service = Service(
            settings, self.store, make_bot(settings), pictures=False, receives=self.receives
        )
        self.task = asyncio.create_task(self.service.run())

    async def stop(self) -> None:
        task, self.task = self.task, None
        if task is not None:
            self.service.stopping.set()
            try:
                await task
            finally:
                self.store.close()

    async def rests(self) -> None:
        await rest(self.server, self.store)
        sender = self.service.sender
        tasks = sender.decorations.tasks if sender is not None else ()  # it may yet be starting
        cards = [task for task in tasks if task.get_name() == CARD]
        if cards:
            await asyncio.wait(cards)

    async def dies(self) -> None:
        """
        As a kill would have it: nothing is finished, nothing is said.
        """
        task, self.task = self.task, None
        assert task is not None
        sender = self.service.sender
        if sender is not None:
            sender.intake.flush = lambda: None  # type: ignore[method-assign]
            for sending in [*sender.at_work, *sender.decorations.tasks]:
                sending.cancel()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.store.close()

    @contextlib.contextmanager
    def opened(self) -> Any:
        """
        The store, from outside; the running service's own does as well.
        """
        if self.task is not None:
            yield self.store
        else:
            with Store.open(self.target) as store:
                yield store


@contextlib.asynccontextmanager
async def door(data: Path, server: BotServer, **settings: str) -> AsyncIterator[Door]:
    found = Door(server, data, **settings)
    await found.start()
    try:
        yield found
    finally:
        await found.stop()


class Serve(Office):
    """
    `nianbao serve` as a process of its own, or another command that runs the bot.
    """

    process: Program | None = None
    command = "serve"

    def __init__(self, server: BotServer, data: Path, log: Path, **settings: str) -> None:
        super().__init__(server, data, **settings)
        self.log = log
        self.options: tuple[str, ...] = ()

    async def start(self, *, wait: bool = True) -> None:
        before = len(self.server.called("getMe"))
        with self.log.open("ab") as log:
            self.process = await asyncio.to_thread(
                Program,
                "bot",
                self.command,
                *self.options,
                env=environment(**self.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if wait:
            await self.server.until(lambda: len(self.server.called("getMe")) > before, "the start")

    async def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    async def ends(self) -> int:
        """
        Wait for its own end; the exit code.
        """
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, PATIENCE)

    async def terminate(self) -> int:
        """
        SIGTERM; the exit code.
        """
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await self.ends()

    @property
    def shown(self) -> str:
        """
        Everything it has printed.
        """
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


@contextlib.asynccontextmanager
async def serve(tmp: Path, server: BotServer, **settings: str) -> AsyncIterator[Serve]:
    found = Serve(server, tmp / "data", tmp / "log.txt", **settings)
    await found.start()
    try:
        yield found
    finally:
        if found.process is not None and found.process.returncode is None:
            await found.kill()


def free_port() -> int:
    """
    A port at which nobody listens, and which no other process is given.
    """
    held = hold_port()
    atexit.register(held.close)
    port: int = held.getsockname()[1]
    return port


def webhook() -> Mapping[str, str]:
    """
    Settings for deliveries to a port of this machine.
    """
    port = free_port()
    return {
        "NIANBAO_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "NIANBAO_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "NIANBAO_WEBHOOK_SECRET": "a-secret-for-tests",
    }


def seated(data: Path | str, server: BotServer, count: int) -> list[Person]:
    """
    So many people, each an own organ's clerk, at the first row of table three.
    """
    now = Clock.read(ZONE).now
    people = [server.person(f"人{number}") for number in range(count)]
    with Store.open(data) as store, store.begin() as unit:
        members = People(unit)
        for number, person in enumerate(people):
            organ = f"第{number}镇人民政府"
            report = unit.open_report(organ, 2023, now=now, edition="2021")
            members.begin(person.id, now, person.name)
            members.join(person.id, unit.organ(organ, now), "clerk", now)
            members.focus_on(person.id, report, None)
            place = Place(State.LINE, ROWS[0].id)
            unit.place(report, members.key(person.id), place.dumps(), now)
            server.chats[person.id].started = True
    return people


# The rows of table three that are typed, in order.
ROWS = asked_lines(FORM.tables[1])
