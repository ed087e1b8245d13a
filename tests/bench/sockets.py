"""
Fifty people who do not think, through `nianbao serve` over real sockets.

Everybody types the next row as soon as the bot has answered the last one. The server that plays
Telegram is this process, the bot one of its own; every round begins on an empty store.
"""

import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests.bench import spread
from tests.bot.telegram.door import Serve, seated, webhook
from tests.botapi import BotServer, Person
from tests.botapi.messages import Message
from tests.botapi.state import Chat
from tests.storage.servers import postgres, server

PEOPLE = 50
FIRST, THEN = 3, 15  # rows before the clock runs, and while it does
ROUNDS = int(os.environ.get("NIANBAO_BENCH_SOCKET_ROUNDS", "5"))


class Listening(BotServer):
    """
    A server that says at once in which chat the bot has said something.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keep_calls = False
        self.heard: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    def new_message(self, chat: Chat, sender: int, **content: Any) -> Message:
        message = super().new_message(chat, sender, **content)
        if message.from_bot:
            self.heard[chat.id].set()
        return message


async def rate(folder: Path, **settings: str) -> float:
    """
    Updates a second.
    """
    async with Listening() as telegram:
        people = seated(settings.get("NIANBAO_DATABASE_URL", folder / "data"), telegram, PEOPLE)
        bot = Serve(telegram, folder / "data", folder / "log.txt", **settings)
        await bot.start(wait=False)
        figures = itertools.count(1)

        async def types(person: Person, count: int) -> None:
            heard = telegram.heard[person.id]
            for _ in range(count):
                heard.clear()
                await person.says(f"{next(figures)} 0 0 0 0 0")
                async with asyncio.timeout(60):
                    await heard.wait()

        try:
            await asyncio.gather(*(types(person, FIRST) for person in people))
            began = time.perf_counter()
            await asyncio.gather(*(types(person, THEN) for person in people))
            return PEOPLE * THEN / (time.perf_counter() - began)
        finally:
            await bot.kill()


def measured(way: str, database: str) -> float:
    more = dict(webhook()) if way == "webhook" else {}
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres() if database == "PostgreSQL" else nullcontext("") as address,
    ):
        if address:
            more["NIANBAO_DATABASE_URL"] = address
        return asyncio.run(rate(Path(folder), **more))


def run() -> None:
    """
    Webhook against polling, PostgreSQL against SQLite, each inside a round.
    """
    databases = ["SQLite"] + (["PostgreSQL"] if server()[0] else [])
    candidates = [(way, database) for database in databases for way in ("polling", "webhook")]
    rates: dict[tuple[str, str], list[float]] = {candidate: [] for candidate in candidates}
    for turn in range(ROUNDS):
        start = turn % len(candidates)
        for candidate in candidates[start:] + candidates[:start]:
            rates[candidate].append(measured(*candidate))
    print(f"{PEOPLE} people without thinking, one process of ours, over loopback, updates a second")
    for (way, database), found in rates.items():
        print(f"{way}, {database}: {statistics.median(found):,.0f}/s")
    for database in databases:
        goal = "  goal ≥ 0.85" if database == "SQLite" else ""
        ratios = ratio(rates["webhook", database], rates["polling", database])
        print(f"webhook / polling, {database}: ratio {ratios}{goal}")
    for way in ("polling", "webhook"):
        if len(databases) > 1:
            ratios = ratio(rates[way, "PostgreSQL"], rates[way, "SQLite"])
            print(f"PostgreSQL / SQLite, {way}: ratio {ratios}  goal ≥ 0.6")


def ratio(rates: list[float], baselines: list[float]) -> str:
    return spread([rate / base for rate, base in zip(rates, baselines, strict=True)])


if __name__ == "__main__":
    run()
