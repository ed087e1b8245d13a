"""
`nianbao serve` killed while ten people answer: each answer counts once, in order.

Real processes, a real file, SIGKILL at any moment, by polling and by webhook. The answers
are rows of table three: one lost, doubled or overtaken would shift all that follow.
"""

import asyncio
import random
import re
from pathlib import Path

import pytest

from storage import Store
from tests.bot.telegram.door import ROWS, Serve, seated, webhook
from tests.botapi import BotServer, Person
from tests.storage.servers import postgres_made

PEOPLE = 10


class Killed:
    """
    Ten people who go on answering whether the bot is there or not.
    """

    def __init__(
        self, server: BotServer, tmp: Path, way: str, seed: int, database: str = ""
    ) -> None:
        more = dict(webhook()) if way == "webhook" else {}
        if database:
            more["NIANBAO_DATABASE_URL"] = database
        self.server = server
        self.chance = random.Random(seed)
        self.data: Path | str = database or tmp / "data"
        self.people = seated(self.data, server, PEOPLE)
        self.serve = Serve(server, tmp / "data", tmp / "log.txt", **more)
        self.sent = dict.fromkeys((one.id for one in self.people), 0)

    async def answers(self, person: Person, times: int, within: float) -> None:
        for _ in range(times):
            await asyncio.sleep(self.chance.random() * within / times)
            self.sent[person.id] += 1
            await person.says(f"{self.sent[person.id]} 0 0 0 0 0")

    async def cycle(self, times: int) -> None:
        """
        A start, answers before and after it, a kill at some moment of the work.
        """
        began = asyncio.gather(*(self.answers(one, times, 0.6) for one in self.people))
        await self.serve.start()
        await asyncio.sleep(self.chance.random() * 0.5)
        await self.serve.kill()
        await began

    async def ends_well(self) -> None:
        """
        The last start: everybody gets what is owed.
        """
        await self.serve.start()
        for person in self.people:
            line = ROWS[self.sent[person.id] - 1]
            await person.sees(f"✓ {line.short}")
        await self.server.handled()
        await self.server.quiet(0.2)

    def check(self) -> None:
        """
        What is stored, and in which order people were told.
        """
        with Store.open(self.data) as store, store.begin() as unit:
            for number, person in enumerate(self.people):
                report = unit.find_report(f"第{number}镇人民政府", 2023)
                assert report is not None
                sent = self.sent[person.id]
                rows = [(ROWS[i].cells[0].id, i + 1) for i in range(sent)]
                changes = [
                    (one.item, one.after)
                    for one in unit.history(report)
                    if one.item.endswith(".natural_person")
                ]
                assert rows == changes
                assert sent * 6 == len(unit.history(report))
                self.check_told(person, sent)

    def check_told(self, person: Person, sent: int) -> None:
        """
        Every result was shown, first times in order.
        """
        texts = [
            str(call.parameters.get("text"))
            for call in self.server.called("sendMessage")
            if call.chat == person.id and call.outcome == "ok"
        ]
        found = [re.findall(r"自然人 (\d+)", one.partition("\n")[0]) for one in texts]
        shown = list(dict.fromkeys(int(one[0]) for one in found if one))
        assert list(range(1, sent + 1)) == shown


async def run(tmp: Path, way: str, cycles: int, times: int, seed: int, database: str = "") -> None:
    async with BotServer() as server:
        killed = Killed(server, tmp, way, seed, database)
        try:
            for _ in range(cycles):
                await killed.cycle(times)
            await killed.ends_well()
            code = await killed.serve.terminate()
        finally:
            if killed.serve.process is not None and killed.serve.process.returncode is None:
                await killed.serve.kill()
        assert 0 == code, killed.serve.shown
        killed.check()


@pytest.mark.parametrize("way", ["polling", pytest.param("webhook", marks=pytest.mark.soak)])
async def test_killed_ten_times_every_answer_counts_once(tmp_path: Path, way: str):
    """
    Two answers of each person in every life of the process.
    """
    await run(tmp_path, way, 10, 2, seed=20230131)


async def test_killed_on_postgresql_every_answer_counts_once(tmp_path: Path):
    """
    The same promise on the other database.
    """
    with postgres_made() as address:
        await run(tmp_path, "polling", 4, 2, seed=20230131, database=address)


@pytest.mark.soak
@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("seed", range(10))
async def test_killed_a_hundred_times_every_answer_counts_once(tmp_path: Path, way: str, seed: int):
    """
    Ten lives of ten processes each, every time at other moments.
    """
    await run(tmp_path, way, 10, 2, seed)
