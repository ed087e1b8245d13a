"""
The Telegram door: answers from raw update to recorded reply, acknowledgement, memory, start.

The baseline is a bot by hand: the library's `Application` with one handler that echoes, behind
a request that answers at once, and one row stored with full sync before it replies. Ours stores
every answer, its place, its history and the reply with full sync before it replies.
"""

import asyncio
import gc
import itertools
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import Application, MessageHandler, filters
from telegram.request import BaseRequest, RequestData

from bot.telegram.client import RawBot
from bot.telegram.inbox import Inbox
from bot.telegram.intake import Intake
from bot.telegram.limiter import SendLimiter
from bot.telegram.sender import Sender
from bot.telegram.talk import DoorSettings
from bot.telegram.worker import Worker
from conversations.form import ANNUAL_REPORT_2021
from conversations.talk.effects import Save
from conversations.talk.session import Place, State
from storage import Store
from storage.people import People
from tests.bench import spread
from tests.botapi import TOKEN, BotServer

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
ME = {"id": 110201543, "is_bot": True, "first_name": "年报助手", "username": "nianbao_bot"}
ROUNDS = int(os.environ.get("NIANBAO_BENCH_ROUNDS", "9"))
ANSWERS = 320  # in a round
AT_ONCE = 32
PEOPLE = 200
PER_SECOND = 100
SECONDS = float(os.environ.get("NIANBAO_BENCH_SECONDS", "20"))
UPDATES = int(os.environ.get("NIANBAO_BENCH_UPDATES", "100000"))

# Lines of one figure: what is open in everybody's half-filled report, in order.
LINES = ("licensing", "penalties", "coercion")
LATER = tuple(f"proactive_disclosure.{line}." for line in (*LINES, "administrative_fees"))
OPEN = tuple(f"proactive_disclosure.{line}.decisions" for line in LINES)


class Stub(BaseRequest):
    """
    Telegram in the same process: every call succeeds at once.
    """

    def __init__(self) -> None:
        self.sent = 0
        self._ids = itertools.count(1_000_000)
        chat = {"id": 1, "type": "private", "first_name": "王"}
        self._message = json.dumps(
            {
                "ok": True,
                "result": {"message_id": 0, "date": 1, "chat": chat, "from": ME, "text": ""},
            }
        )
        self._head, self._tail = self._message.split('"message_id": 0')

    @property
    def read_timeout(self) -> float | None:
        return 5

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_given: Any,
        **_how: Any,
    ) -> tuple[int, bytes]:
        assert method == "POST"
        if url.endswith("/sendMessage"):
            assert request_data is not None
            # As a real client would: the parameters are encoded.
            assert request_data.json_parameters["text"]
            self.sent += 1
            return 200, f'{self._head}"message_id": {next(self._ids)}{self._tail}'.encode()
        if url.endswith("/getMe"):
            return 200, json.dumps({"ok": True, "result": ME}).encode()
        return 200, b'{"ok":true,"result":true}'


_updates = itertools.count(1)
_messages = itertools.count(10_000_000)


def update(person: int, text: str) -> dict[str, Any]:
    """
    One message as Telegram's JSON has it, parsed.
    """
    sender = {"id": person, "is_bot": False, "first_name": "芳", "language_code": "zh-hans"}
    return {
        "update_id": next(_updates),
        "message": {
            "message_id": next(_messages),
            "from": sender,
            "chat": {"id": person, "first_name": "芳", "type": "private"},
            "date": 1_780_000_000,
            "text": text,
        },
    }


class ByHand:
    """
    The bare library: parse, store one row, dispatch, reply.
    """

    def __init__(self, path: Path) -> None:
        self.app = Application.builder().token(TOKEN).request(Stub()).updater(None).build()
        self.disk = sqlite3.connect(path, isolation_level=None)
        self.disk.execute("PRAGMA journal_mode = WAL")
        self.disk.execute("PRAGMA synchronous = FULL")
        self.disk.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, value TEXT)")

        async def echo(given: Update, _: Any) -> None:
            assert given.message is not None
            await given.message.reply_text(given.message.text or "")

        self.app.add_handler(MessageHandler(filters.TEXT, echo))

    async def begin(self) -> None:
        await self.app.initialize()

    async def answer(self, raws: list[bytes]) -> None:
        self.disk.execute("BEGIN IMMEDIATE")
        for raw in raws:
            self.disk.execute("INSERT INTO answer (value) VALUES (?)", (raw.decode()[-40:],))
        self.disk.execute("COMMIT")
        await asyncio.gather(*(self._one(raw) for raw in raws))

    async def _one(self, raw: bytes) -> None:
        await self.app.process_update(Update.de_json(json.loads(raw), self.app.bot))


class Door:
    """
    Our door in one process: kept and handled, then sent, then the mark that it was sent.
    """

    def __init__(self, folder: Path, people: int) -> None:
        self.store = Store.open(folder)
        self.request = Stub()
        self.people = [1_000 + number for number in range(people)]
        prepare(self.store, self.people)
        limiter = SendLimiter(per_second=1e6, per_chat=1e6)
        self.bot = RawBot(TOKEN, request=self.request, rate_limiter=limiter)
        self.intake = Intake(self.store, DoorSettings("nianbao_bot", folder, ZONE))
        self.worker = Worker("store")
        self.sender = Sender(self.bot, self.worker, self.intake, pictures=False)
        self.inbox = Inbox(self.worker, self.intake)

    async def begin(self) -> None:
        await self.bot.initialize()
        self.taking = asyncio.create_task(self.inbox.run(self.sender.do, self.sender.tell))

    async def answer(self, raws: list[bytes]) -> None:
        before = self.request.sent
        await self.inbox.keep([json.loads(raw) for raw in raws])
        # Done when every reply is out; reactions and edits follow by themselves.
        while self.request.sent < before + len(raws):  # noqa: ASYNC110 - as fast as may be
            await asyncio.sleep(0)

    async def end(self) -> None:
        await self.sender.idle()
        self.taking.cancel()
        self.store.close()


def prepare(store: Store, people: list[int]) -> None:
    """
    Each person a member of an own organ, with a report half filled in.
    """
    now = datetime.now(UTC)
    cells = [cell for cell in ANNUAL_REPORT_2021.asked if not cell.startswith(LATER)][:117]
    with store.begin() as unit:
        members = People(unit)
        for person in people:
            name = f"第{person}镇人民政府"
            report = unit.open_report(name, 2025, now=now, edition="2021")
            members.begin(person, now, "芳")
            members.join(person, unit.organ(name, now), "clerk", now)
            members.focus_on(person, report, None)
            saves = [Save(cell, None, 0) for cell in cells]
            unit.save(report, saves, by=members.key(person), at=now, door="telegram")
    reopen(store, people)


def reopen(store: Store, people: list[int]) -> None:
    """
    The three figures are open, and the first is asked.
    """
    now = datetime.now(UTC)
    place = Place(State.LINE, "proactive_disclosure.licensing").dumps()
    with store.begin() as unit:
        for person in people:
            screen = People(unit).focus(person)
            assert screen is not None
            assert screen.report_id is not None
            held = unit.load(screen.report_id, screen.key).answers
            saves = [Save(cell, held[cell], None) for cell in OPEN if cell in held]
            unit.save(screen.report_id, saves, by=screen.key, at=now, door="telegram")
            unit.place(screen.report_id, screen.key, place, now)


# ------------------------------------------------------------------------- rates


def rates() -> None:
    """
    Answers a second, against the bot by hand in the same round.
    """
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        door = Door(Path(folder), ANSWERS // len(OPEN))
        by_hand = ByHand(Path(folder) / "by_hand.sqlite3")
        for who in (door, by_hand):
            runner.run(who.begin())
        for title, size, goal in (
            ("one person at a time", 1, "≥ 0.8"),
            (f"{AT_ONCE} people at once", AT_ONCE, "≥ 0.5"),
        ):
            ratios: dict[str, list[float]] = {"wall": [], "CPU": []}
            for turn in range(ROUNDS + 1):
                rates: dict[Door | ByHand, tuple[float, float]] = {}
                for who in (door, by_hand) if turn % 2 else (by_hand, door):
                    runner.run(door.sender.idle())
                    reopen(door.store, door.people)
                    raws = answers(door.people)
                    gc.collect()
                    began = time.perf_counter(), time.process_time()
                    runner.run(several(who, raws, size))
                    ended = time.perf_counter(), time.process_time()
                    rates[who] = (
                        len(raws) / (ended[0] - began[0]),
                        len(raws) / (ended[1] - began[1]),
                    )
                if turn:
                    ratios["wall"].append(rates[door][0] / rates[by_hand][0])
                    ratios["CPU"].append(rates[door][1] / rates[by_hand][1])
            for clock, found in ratios.items():
                told = f"  goal {goal}" if clock == "wall" else ""
                print(f"{title}, {clock} clock, our door / a bot by hand: {spread(found)}{told}")
        runner.run(door.end())


def answers(people: list[int]) -> list[bytes]:
    """
    A round's messages: each person's answers to the three open figures, in order.
    """
    return [
        json.dumps(update(person, str(next(_figures))), ensure_ascii=False).encode()
        for _ in OPEN
        for person in people
    ]


async def several(who: Door | ByHand, raws: list[bytes], size: int) -> None:
    for start in range(0, len(raws), size):
        await who.answer(raws[start : start + size])


_figures = itertools.count(1)


# ------------------------------------------------------------------ acknowledgement


def acknowledgement() -> None:
    """
    200 people at 100 answers a second, through a real socket: how long until the nod.
    """
    with tempfile.TemporaryDirectory() as folder:
        waits = asyncio.run(typing(Path(folder)))
    waits.sort()
    p50, p99 = (waits[int(len(waits) * part)] * 1000 for part in (0.5, 0.99))
    print(
        f"{PEOPLE} people, {PER_SECOND} answers a second, {len(waits):,} answers, polling over"
        f" loopback: acknowledged after {p50:.0f} ms (p50), {p99:.0f} ms (p99)"
        "  goal p99 < 150 ms (absolute)"
    )


async def typing(folder: Path) -> list[float]:
    """
    Seconds from each message to the bot's reaction to it; server and bot share one loop.
    """
    from bot.settings import load_settings
    from bot.telegram.service import Service, make_bot

    async with BotServer() as server:
        server.keep_calls = False
        people = [server.person(f"人{number}", 1_000 + number) for number in range(PEOPLE)]
        for person in people:
            server.chats[person.id].started = True
        store = Store.open(folder)
        prepare(store, [person.id for person in people])
        settings = load_settings(
            TELEGRAM_BOT_TOKEN=TOKEN,
            NIANBAO_BASE_URL=server.base_url,
            NIANBAO_DATA_DIR=str(folder),
            NIANBAO_SENDS_PER_SECOND="100000",
            NIANBAO_SENDS_PER_CHAT_PER_SECOND="1000",
        )
        service = Service(settings, store, make_bot(settings), pictures=False)
        task = asyncio.create_task(service.run())
        while service.sender is None:  # noqa: ASYNC110 - once
            await asyncio.sleep(0.05)
        waits: list[float] = []
        pending: set[asyncio.Task[None]] = set()

        async def answer(number: int) -> None:
            person = people[number % PEOPLE]
            began = time.perf_counter()
            said = await person.says(str(next(_figures)))
            await server.until(lambda: said.reactions, "the nod", 30)
            waits.append(time.perf_counter() - began)

        began = time.perf_counter()
        for number in range(int(SECONDS * PER_SECOND)):
            if number % (PEOPLE * len(OPEN)) == 0:
                reopen(store, [person.id for person in people])
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            one = asyncio.create_task(answer(number))
            pending.add(one)
            one.add_done_callback(pending.discard)
        await asyncio.gather(*pending)
        service.stopping.set()
        await task
        store.close()
        return waits


# ------------------------------------------------------------------------- memory


def memory() -> None:
    """
    Resident memory while updates go through the door, after the first tenth and at the end.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(many(Path(folder), UPDATES))
    print(
        f"{UPDATES:,} updates: {found[0]:.0f} MiB after a tenth, {found[-1]:.0f} MiB at the end,"
        f" {found[-1] / found[0]:.3f}×  goal ≤ 1.05"
        " (NIANBAO_BENCH_UPDATES makes it shorter)"
    )


async def many(folder: Path, count: int) -> list[float]:
    door = Door(folder, 100)
    await door.begin()
    found = []
    done = 0
    step = max(1, count // 10)
    while done < count:
        goal = done + step
        while done < goal:
            reopen(door.store, door.people)
            for _ in OPEN:
                raws = [
                    json.dumps(update(person, str(next(_figures)))).encode()
                    for person in door.people
                ]
                await door.answer(raws)
                done += len(raws)
            await door.sender.idle()
        gc.collect()
        found.append(resident())
    await door.end()
    return found


def resident() -> float:
    """
    MiB of this process in memory now.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


# -------------------------------------------------------------------------- start

PACKAGES = "import telegram.ext, sqlmodel, jinja2, aiohttp, pydantic_settings"


def start() -> None:
    """
    From the start of the process to its first poll, against importing the packages it needs.
    """
    with tempfile.TemporaryDirectory() as folder:
        Store.open(Path(folder)).close()
        found = asyncio.run(starts(Path(folder)))
    ours, imports = zip(*found, strict=True)
    ratios = [a / b for a, b in found]
    print(
        f"start to the first poll: {spread(ratios)}× importing the packages"
        f" ({statistics.median(ours) * 1000:,.0f} ms, imports"
        f" {statistics.median(imports) * 1000:,.0f} ms)  goal ≤ 1.15"
    )


async def starts(folder: Path) -> list[tuple[float, float]]:
    found = []
    async with BotServer() as server:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("NIANBAO_", "TELEGRAM_"))},
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "NIANBAO_BASE_URL": server.base_url,
            "NIANBAO_DATA_DIR": str(folder),
            "NIANBAO_LOG_LEVEL": "ERROR",
        }
        for turn in range(ROUNDS + 1):
            before = len(server.called("getUpdates"))
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", cwd=ROOT, env=environment
            )
            await server.until(
                lambda before=before: len(server.called("getUpdates")) > before,  # type: ignore[misc]
                "the first poll",
                60,
            )
            ours = time.perf_counter() - began
            process.kill()
            await process.wait()
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", PACKAGES, cwd=ROOT)
            await process.wait()
            if turn:
                found.append((ours, time.perf_counter() - began))
    return found


def run() -> None:
    """
    Everything about the Telegram door.
    """
    print("-- answered prompts a second: raw update to recorded reply (SQLite, FULL)")
    rates()
    print("-- acknowledgement, memory, start")
    acknowledgement()
    memory()
    start()
