"""
The Telegram door: answers from raw update to recorded reply, acknowledgement, memory, start.

The baseline is the bare library: an `Application` with one handler that echoes, behind a
request that answers at once. Ours stores every answer with full sync before it replies.
"""

import asyncio
import contextlib
import gc
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import Application, MessageHandler, filters
from telegram.request import BaseRequest, RequestData

from bot.telegram.intake import Intake
from bot.telegram.limiter import SendLimiter
from bot.telegram.sender import RawBot, Sender
from conversations.effects import Save
from conversations.form import ANNUAL_REPORT_2021
from conversations.session import Place, State
from storage import Store
from storage.messages import SENT
from storage.people import People
from tests.bench import spread
from tests.botapi import TOKEN, BotServer

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
        self.told: Callable[[int], None] = lambda chat: None
        self._ids = itertools.count(1_000_000)
        chat = {"id": 1, "type": "private", "first_name": "王"}
        self._message = json.dumps(
            {"ok": True, "result": {"message_id": 0, "date": 1, "chat": chat, "from": ME, "text": ""}}
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
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        if url.endswith("/sendMessage"):
            assert request_data is not None
            # As a real client would: the parameters are encoded.
            assert request_data.json_parameters["text"]
            self.sent += 1
            self.told(int(request_data.json_parameters["chat_id"]))
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


class Echo:
    """
    The bare library: parse, dispatch, reply; nothing is stored.
    """

    def __init__(self) -> None:
        self.request = Stub()
        self.app = (
            Application.builder().token(TOKEN).request(self.request).updater(None).build()
        )

        async def echo(given: Update, _: Any) -> None:
            assert given.message is not None
            await given.message.reply_text(given.message.text or "")

        self.app.add_handler(MessageHandler(filters.TEXT, echo))

    async def begin(self) -> None:
        await self.app.initialize()

    async def answer(self, raws: list[bytes]) -> None:
        await asyncio.gather(*(self._one(raw) for raw in raws))

    async def _one(self, raw: bytes) -> None:
        await self.app.process_update(Update.de_json(json.loads(raw), self.app.bot))


class Door:
    """
    Our door in one process: `take`, then send, then the mark that it was sent.
    """

    def __init__(self, folder: Path, people: int) -> None:
        self.store = Store.open(folder)
        self.request = Stub()
        self.people = [1_000 + number for number in range(people)]
        prepare(self.store, self.people)
        limiter = SendLimiter(per_second=1e6, per_chat=1e6)
        self.bot = RawBot(TOKEN, request=self.request, rate_limiter=limiter)
        self.intake = Intake(self.store, "nianbao_bot", folder, ZONE)
        self.sender = Sender(self.bot, self.store, self.intake, pictures=False)

    async def begin(self) -> None:
        await self.bot.initialize()

    async def answer(self, raws: list[bytes]) -> None:
        before = self.request.sent
        self.sender.do(self.intake.take([json.loads(raw) for raw in raws]))
        while self.intake.pending:
            self.sender.do(self.intake.take())
        # Done when every reply is out; reactions and edits follow by themselves.
        while self.request.sent < before + len(raws):
            await asyncio.sleep(0)

    async def end(self) -> None:
        await self.sender.idle()
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
            members.join(person, members.organ(name, now), "clerk", now)
            members.look_at(person, report, None)
            saves = [Save(cell, None, 0) for cell in cells]
            unit.save(report, saves, by=str(person), at=now, door="telegram")
    reopen(store, people)


def reopen(store: Store, people: list[int]) -> None:
    """
    The three figures are open, and the first is asked.
    """
    now = datetime.now(UTC)
    place = Place(State.LINE, "proactive_disclosure.licensing").dumps()
    with store.begin() as unit:
        for person in people:
            screen = People(unit).screen(person)
            assert screen is not None
            assert screen.report_id is not None
            held = unit.load(screen.report_id, str(person)).answers
            saves = [Save(cell, held[cell], None) for cell in OPEN if cell in held]
            unit.save(screen.report_id, saves, by=str(person), at=now, door="telegram")
            unit.place(screen.report_id, str(person), place, now)


# ------------------------------------------------------------------------- rates


def rates() -> None:
    """
    Answers a second, against the echo in the same round.
    """
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        count = ANSWERS // len(OPEN)
        door = Door(Path(folder), count)
        echo = Echo()
        runner.run(door.begin())
        runner.run(echo.begin())
        for title, size, goal in (
            ("one person at a time", 1, 0.35),
            (f"{AT_ONCE} people at once", AT_ONCE, 0.6),
        ):
            ours: list[float] = []
            theirs: list[float] = []
            for turn in range(ROUNDS + 1):
                reopen(door.store, door.people)
                pair = [(door, ours), (echo, theirs)]
                for who, rate in pair if turn % 2 else reversed(pair):
                    raws = [
                        json.dumps(update(person, str(next(_figures))), ensure_ascii=False).encode()
                        for _ in OPEN
                        for person in door.people
                    ]
                    gc.collect()
                    seconds = runner.run(timed(who, raws, size))
                    if turn:
                        rate.append(len(raws) / seconds)
                runner.run(door.sender.idle())
            ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
            print(
                f"{title}: ratio {spread(ratios)} to the bare library's echo"
                f" ({statistics.median(ours):,.0f}/s, echo {statistics.median(theirs):,.0f}/s)"
                f"  goal ≥ {goal}"
            )
        runner.run(door.end())


_figures = itertools.count(1)


async def timed(who: Door | Echo, raws: list[bytes], size: int) -> float:
    began = time.perf_counter()
    for start in range(0, len(raws), size):
        await who.answer(raws[start : start + size])
    return time.perf_counter() - began


def run() -> None:
    """
    Everything about the Telegram door.
    """
    print("-- answered prompts a second: raw update to recorded reply (SQLite, FULL)")
    rates()
