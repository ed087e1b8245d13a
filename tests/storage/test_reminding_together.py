"""
Two and four processes that remind from one store at the same time, and one that is killed.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.reminding.claim import tick
from storage import Store
from storage.tasks import TaskReader
from tests.bot.doors import environment
from tests.botapi.server import BotServer
from tests.county import WEEK_BEFORE, office
from tests.programs import Program

OFFICES = 40
FIRST = 1_000_000_500


async def start(target: Path | str, *arguments: str) -> Program:
    process = await asyncio.to_thread(
        Program, "tests.reminder", target, *arguments, env=environment()
    )
    assert b"open\n" == await asyncio.to_thread(process.stdout.readline)
    return process


async def goes(process: Program) -> None:
    """
    Let it begin, and wait for its end.
    """
    await asyncio.to_thread(process.communicate, b"\n")


@asynccontextmanager
async def county(target: Path | str) -> AsyncIterator[BotServer]:
    """
    Forty offices, two clerks each, every fifth clerk in two of them; all can be written to.
    """
    with Store.open(target) as store:
        for number in range(OFFICES):
            clerks = {FIRST + 2 * number: "甲", FIRST + 2 * number + 1: "乙"}
            if number % 5 == 4:
                clerks[FIRST] = "甲"
            office(store, f"第{number}镇人民政府", clerks)
    async with BotServer() as server:
        for number in range(2 * OFFICES):
            person = server.person(f"人{number}", FIRST + number)
            server.chats[person.id].started = True
        yield server


def got(server: BotServer) -> Counter[int]:
    """
    How many reminders each person has on the phone.
    """
    return Counter(
        {
            id_: len([m for m in chat.messages.values() if m.from_bot])
            for id_, chat in server.chats.items()
        }
    )


def minutes(count: int) -> tuple[str, str]:
    last = WEEK_BEFORE + timedelta(minutes=count)
    return f"{WEEK_BEFORE:%Y-%m-%dT%H:%M}", f"{last:%Y-%m-%dT%H:%M}"


async def test_processes_together_send_each_reminder_once(target: Path | str):
    """
    Four begin at the same moment, with the same eighty people due.
    """
    async with county(target) as server:
        processes = [await start(target, server.base_url, *minutes(2)) for _ in range(4)]
        await asyncio.gather(*map(goes, processes))

        assert [0] * 4 == [process.returncode for process in processes]
        assert {FIRST + n: 1 for n in range(2 * OFFICES)} == dict(got(server))
        with Store.open(target) as store, store.begin() as unit:
            claims = unit.connection.exec_driver_sql("SELECT COUNT(*) FROM notice").scalar()
            rows = unit.connection.exec_driver_sql("SELECT COUNT(*) FROM reminded").scalar()
    # Somebody who works for nine offices has nine reminders in one message.
    assert (2 * OFFICES, 2 * OFFICES + 8) == (claims, rows)


async def test_a_killed_process_doubles_at_most_what_was_on_its_way(target: Path | str):
    """
    Killed (kill -9) in the middle of sending; another process takes over after the lease.

    Nobody is left out, and at most as many people have two as were being written to.
    """
    workers = 2
    chance = random.Random(3)
    async with county(target) as server:
        server.fail("sendMessage", delay=0.01, times=None)
        process = await start(target, server.base_url, *minutes(0), str(workers))
        process.stdin.write(b"\n")
        process.stdin.flush()
        stop = chance.randrange(15, 60)
        await server.until(lambda: sum(got(server).values()) >= stop, "some are sent", 20)
        process.kill()
        await goes(process)
        server.faults.clear()
        before = sum(got(server).values())
        assert before < 2 * OFFICES

        other = await start(target, server.base_url, *minutes(6))
        await goes(other)

        counts = got(server)
    twice = [person for person, number in counts.items() if number > 1]
    assert 2 * OFFICES == len([number for number in counts.values() if number])
    assert len(twice) <= workers
    assert max(counts.values()) <= 2


async def test_an_outage_of_days_ends_in_one_message_each(target: Path | str):
    """
    Claimed on the day of the step, killed; three days later each hears once, of that day.
    """
    async with county(target) as server:
        with Store.open(target) as store:
            while tick(store, WEEK_BEFORE).looked:
                pass
        moment = WEEK_BEFORE + timedelta(days=4)
        times = f"{moment:%Y-%m-%dT%H:%M}", f"{moment + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
        process = await start(target, server.base_url, *times)
        await goes(process)

        assert {1} == set(got(server).values())
        with Store.open(target) as store, store.begin() as unit:
            one = TaskReader(unit).person_to_remind(FIRST + 1, moment)
            assert one is not None
            days = {delivery.day for delivery in one.deliveries}
    assert {moment.date()} == days
