"""
Nobody waits for the database but those whose answer is in it.
"""

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.telegram.inbox import Inbox
from bot.telegram.intake import SLICE
from bot.telegram.jobs import Job
from bot.telegram.outage import Held
from bot.telegram.worker import Worker
from bot.watching.following import Arrivals
from conversations.wording import talk as say
from storage.databases import FILE_NAME
from tests.bot.telegram.door import OTHER_TOWN, ROWS, door, seated, serve, webhook
from tests.botapi import BotServer
from tests.said import result

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@contextlib.asynccontextmanager
async def locked(data: Path) -> AsyncIterator[None]:
    """
    Another program keeps the store to itself.
    """
    file = data / FILE_NAME
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, file, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    assert b"held\n" == await process.stdout.readline()
    try:
        yield
    finally:
        process.stdin.write(b"\n")
        await process.wait()


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_while_another_program_locks_the_store_everything_else_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, way: str
):
    """
    Updates are fetched, a message that was decided before goes out, the health page answers;
    and what needs the store comes when the lock is gone.
    """
    more = webhook() if way == "webhook" else {}
    data = tmp_path / "data"
    async with (
        BotServer() as server,
        door(data, server, **more) as office,
        aiohttp.ClientSession() as http,
    ):
        person = await office.joins()
        await office.asks(person, "行政许可")
        other = await office.joins("李强", OTHER_TOWN)
        await server.handled()
        await server.quiet()
        fault = server.fail("sendMessage", error=429, retry_after=1, chat=other.id)
        await other.says("/status")
        await server.until(lambda: fault.done, "the message that must wait")
        await server.handled()
        before = len(other.from_bot)
        async with locked(data):
            said = await person.says("295")
            if way == "webhook":
                await server.until(lambda: server._in_flight, "the delivery")
                health = more["NIANBAO_WEBHOOK_URL"].replace("/hook", "/health")
                async with http.get(health) as response:
                    assert (await response.json())["ok"]
            else:
                number = server._updates[-1]["update_id"]
                await server.until(
                    lambda: (number, 0) in server.deliveries, "the update is fetched"
                )
            await server.until(lambda: len(other.from_bot) > before, "the message")
            # Not confirmed, not answered: nothing is true before it is stored.
            assert 1 == server.pending
            assert not said.reactions
            # Nor was the lock waited for until the store gave up, everybody standing still.
            assert "the store failed" not in caplog.text
        await person.sees_next(result("行政许可", 295))
        await server.handled()


async def test_the_end_does_not_wait_for_a_locked_store(tmp_path: Path):
    """
    What was not stored is not confirmed either, and comes again.
    """
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        async with serve(tmp_path, server) as running:
            await person.says("1 0 0 0 0 0")
            await person.sees("✓")
            await server.handled()
            async with locked(tmp_path / "data"):
                await person.says("2 0 0 0 0 0")
                number = server._updates[-1]["update_id"]
                await server.until(
                    lambda: (number, 0) in server.deliveries, "the update is fetched"
                )
                assert 0 == await running.terminate(), running.shown
            assert "the store failed" not in running.shown
            await running.start()
            await person.sees(f"✓ {ROWS[1].short}")


async def test_what_waits_while_a_transaction_runs_shares_the_next(
    monkeypatch: pytest.MonkeyPatch,
):
    """
    Deliveries of one update each, in order; a large one is a group of its own.
    """
    groups: list[list[int]] = []
    inbox = Inbox(Worker("test"), Taking(groups))  # type: ignore[arg-type]
    running = asyncio.create_task(inbox.run(lambda _: None, lambda *_: None))
    kept = await asyncio.gather(
        *(inbox.keep([number]) for number in range(SLICE + 3)),
        inbox.keep(list(range(1000, 1100))),
        inbox.keep([7]),
    )
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert all(kept)
    assert [*range(SLICE)] == groups[0]
    assert [*range(SLICE, SLICE + 3)] == groups[1]
    assert [[*range(1000, 1100)], [7]] == groups[2:]
    assert not await inbox.keep([8])


class Taking:
    """
    An intake that remembers what it was given at once.
    """

    pending = False
    held = Held()
    arrivals = Arrivals()

    def __init__(self, groups: list[list[int]]) -> None:
        self.groups = groups

    def take(self, updates: list[int]) -> Job:
        self.groups.append(updates)
        return Job()


async def test_a_request_is_answered_200_only_when_its_update_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    Some at once, the store failing the first time: each is refused and comes again.
    """
    more = {**webhook(), "NIANBAO_WEBHOOK_MAX_CONNECTIONS": "8"}
    async with BotServer() as server, door(tmp_path / "data", server, **more) as office:
        people = [await office.joins(f"人{n}", f"第{n}镇人民政府") for n in range(4)]
        await server.handled()
        assert office.service.intake is not None
        take = office.service.intake.take
        failures: list[int] = []

        def fails_once(updates: list[object]) -> Job:
            if not failures:
                failures.append(len(updates))
                from storage.errors import StoreBusy

                raise StoreBusy("busy")
            return take(updates)

        monkeypatch.setattr(office.service.intake, "take", fails_once)
        before = len(server.deliveries)
        with caplog.at_level(logging.INFO, "nianbao"):
            await asyncio.gather(*(person.says("/status") for person in people))
            for person in people:
                await person.sees_next(say.STATUS)
        await server.handled()

        answers = [status for _, status in server.deliveries[before:]]
        assert 4 == answers.count(200)
        assert failures[0] == answers.count(503)
        assert json.dumps(caplog.text).count("trying again") == 1
