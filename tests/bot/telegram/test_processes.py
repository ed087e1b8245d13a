"""
Several processes serve one store: each answer counts once, in order, and so does each card.

Real processes behind a balancer, with a webhook; one is killed, one more starts.
"""

import asyncio
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import aiohttp
import psycopg
import pytest
from aiohttp import web

from bot.telegram.intake import Intake
from bot.telegram.jobs import dumps
from bot.telegram.peers import LEASE, LOOK_EVERY, Peers
from bot.telegram.receiving import CONFLICT
from bot.telegram.schedule import Permit, Priority, Schedule
from bot.telegram.talk import DoorSettings
from conversations.wording import talk as talk_words
from storage import Store
from storage.messages import FETCH, SENT, Messages
from storage.processes import Processes
from tests.bot.telegram.door import ROWS, Serve, door, free_port, seated, serve
from tests.bot.telegram.test_serve_killed import Killed
from tests.botapi import BotServer
from tests.botapi.calls import Call
from tests.storage.servers import postgres

NOW = datetime(2026, 1, 5, tzinfo=UTC)


class Balancer:
    """
    What stands before several processes: a delivery goes to one that takes it.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.behind: list[int] = []
        self.chance = random.Random(7)

    @asynccontextmanager
    async def balancing(self) -> AsyncIterator[None]:
        runner = web.ServerRunner(web.Server(self._pass_on))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        async with aiohttp.ClientSession() as self._http:
            try:
                yield
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        for port in self.chance.sample(self.behind, len(self.behind)):
            try:
                async with self._http.post(
                    f"http://127.0.0.1:{port}{request.path}", data=body, headers=request.headers
                ) as answer:
                    return web.Response(status=answer.status)
            except aiohttp.ClientError:
                continue
        return web.Response(status=502)

    def settings(self, port: int) -> dict[str, str]:
        return {
            "NIANBAO_WEBHOOK_URL": f"http://127.0.0.1:{self.port}/hook",
            "NIANBAO_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "NIANBAO_WEBHOOK_SECRET": "a-secret-for-tests",
        }


class Kill(NamedTuple):
    """
    When a process stopped and was gone; which messages (chat, id) the store knew to be sent.
    """

    stopped: float
    gone: float
    known: frozenset[tuple[Any, Any]]


class Several(Killed):
    """
    People who answer while processes come and go; how long each waits is measured.
    """

    def __init__(self, server: BotServer, tmp: Path, database: str, people: int) -> None:
        super().__init__(server, tmp, "webhook", 7, database)
        self.people += seated(self.data, server, people)[len(self.people) :]
        self.sent = dict.fromkeys((person.id for person in self.people), 0)
        self.tmp = tmp
        self.waits: list[float] = []
        self.kills: list[Kill] = []
        self.database = database

    def process(self, log: str, **settings: str) -> Serve:
        """
        One that is not started yet.
        """
        return Serve(
            self.server,
            self.tmp / "data",
            self.tmp / log,
            NIANBAO_DATABASE_URL=self.database,
            **settings,
        )

    async def kills_at_once(self, process: Serve) -> None:
        assert process.process is not None
        process.process.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        known = await asyncio.to_thread(self.known)
        await process.kill()
        self.kills.append(Kill(stopped, time.monotonic(), known))

    async def talks(self, number: int, times: int) -> None:
        """
        One person: an answer when the question is there, and at once the next but one.
        """
        person = self.people[number]
        for _ in range(times):
            began = time.monotonic()
            for _ in range(2):
                self.sent[person.id] += 1
                await person.says(f"{self.sent[person.id]} 0 0 0 0 0")
            line = ROWS[self.sent[person.id] - 1]
            await person.sees(f"✓ {line.short}")
            self.waits.append(time.monotonic() - began)

    def known(self) -> frozenset[tuple[Any, Any]]:
        """
        The messages that the store knows to be sent.
        """
        with psycopg.connect(self.database) as outside:
            rows = outside.execute("SELECT chat, message_id FROM outgoing WHERE state = %s", [SENT])
            return frozenset((chat, number) for chat, number in rows)

    def repeats(self) -> list[tuple[Call, Call]]:
        """
        What was sent once more, with the time before.
        """
        sent = defaultdict(list)
        for call in self.server.called("sendMessage"):
            if call.outcome == "ok":
                sent[call.chat, call.parameters["text"]].append(call)
        return [pair for calls in sent.values() for pair in pairwise(calls)]


class Balanced(Several):
    """
    Equal processes with a webhook, behind a balancer.
    """

    def __init__(self, server: BotServer, tmp: Path, database: str, people: int) -> None:
        super().__init__(server, tmp, database, people)
        self.balancer = Balancer()
        self.running: list[tuple[int, Serve]] = []

    async def begins(self) -> None:
        port = free_port()
        process = self.process(f"log{port}.txt", **self.balancer.settings(port))
        await process.start()
        self.running.append((port, process))
        self.balancer.behind.append(port)

    async def dies(self) -> None:
        """
        The one that has served longest, at once.
        """
        port, process = self.running.pop(0)
        await self.kills_at_once(process)
        self.balancer.behind.remove(port)


async def play(tmp: Path, people: int, times: int, processes: int = 2) -> Balanced:
    """
    Some processes; one is killed amid answers; another starts; a kill again.
    """
    with postgres() as database:
        async with BotServer() as server:
            several = Balanced(server, tmp, database, people)
            async with several.balancer.balancing():
                try:
                    for _ in range(processes):
                        await several.begins()
                    talking = asyncio.gather(*(several.talks(n, times) for n in range(people)))
                    await server.until(lambda: len(several.waits) > people, "answers")
                    await several.dies()
                    await several.begins()
                    await server.until(lambda: len(several.waits) > 2 * people, "answers")
                    await several.dies()
                    await several.begins()
                    await talking
                    await server.handled()
                    await server.quiet(0.2)
                finally:
                    for _, process in several.running:
                        await process.kill()
            several.check()
            assert not any("Traceback" in process.shown for _, process in several.running)
    return several


def was_in_order_and_once(several: Several) -> None:
    # Only what was on its way when its process died, or not yet noted as sent.
    for call, again in several.repeats():
        message = (call.chat, call.result["message_id"])
        assert any(
            call.at <= kill.gone and kill.stopped <= again.at and message not in kill.known
            for kill in several.kills
        )


async def test_processes_come_and_go_and_every_answer_counts_once(tmp_path: Path):
    """
    Ten people, two processes at a time, four in all.
    """
    was_in_order_and_once(await play(tmp_path, 10, 4))


@pytest.mark.soak
async def test_twenty_people_and_processes_that_come_and_go(tmp_path: Path):
    """
    The same with three at a time, longer; the figures are printed.
    """
    several = await play(tmp_path, 20, 10, 3)
    waits = sorted(several.waits)
    print(f"waits: median {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.2f} s")
    print(f"sent twice: {len(several.repeats())} of {len(several.server.called('sendMessage'))}")
    was_in_order_and_once(several)


async def test_a_text_that_is_being_fetched_is_stored_once_though_another_process_starts(
    tmp_path: Path,
):
    """
    What the person writes meanwhile waits for it, whichever process gets it.
    """
    with postgres() as database:
        async with BotServer() as server:
            several = Balanced(server, tmp_path, database, 10)
            person = several.people[0]
            async with several.balancer.balancing():
                try:
                    await several.begins()
                    await several.running[0][1].asks(person, "一、总体情况")
                    fault = server.fail("getFile", delay=2.0)
                    await person.sends_file("a.txt", "本镇依法公开。".encode())
                    await server.until(lambda: fault.done, "the fetch")
                    await several.begins()
                    several.balancer.behind.pop(0)
                    await person.says("另有一句。")
                    await person.says("/status")
                    await person.sees(talk_words.STATUS)
                    await server.handled()
                finally:
                    for _, process in several.running:
                        await process.kill()
            assert 1 == len(server.called("getFile"))
            with Store.open(database) as store, store.begin() as unit:
                report = unit.find_report("第0镇人民政府", 2023)
                assert report is not None
                changes = [one.after for one in unit.history(report, "overview")]
    assert "本镇依法公开。" in str(changes[0])
    assert Counter({"本镇依法公开。": 1, "另有一句。": 1}) == Counter(
        sentence + "。" for sentence in str(changes[-1]).replace("\n", "").split("。") if sentence
    )


async def test_what_is_taken_over_goes_out_before_what_waited_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Also when it is taken over at the moment at which nothing more is to be waited for.
    """
    async with BotServer() as server, door(tmp_path / "data", server) as office:
        person = await office.joins()
        await office.rests()
        sender = office.service.sender
        assert sender is not None
        with office.store.begin() as unit:
            unit.process = office.service.peers.name
            first, second = (
                Messages(unit).say(person.id, "sendMessage", dumps({"text": text}), None, NOW)
                for text in ("1", "2")
            )
        loop = asyncio.get_running_loop()
        left = [first]

        def is_behind(_: object) -> bool:
            if left:
                loop.call_soon_threadsafe(sender.take_over, [left.pop()])
            return False

        monkeypatch.setattr(sender.intake, "is_behind", is_behind)
        sender.take_over([replace(second, behind=True)])
        await office.rests()
        assert ["1", "2"] == [message.text for message in person.from_bot[-2:]]


async def test_what_is_taken_over_waits_for_what_another_has_yet_to_send(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The one that decided it is gone; the one before it in the chat is another's, or a job's.
    """
    monkeypatch.setattr("bot.telegram.peers.LEASE", 1.0)
    monkeypatch.setattr("bot.telegram.service.LOOK_EVERY", 0.05)
    async with BotServer() as server, door(tmp_path / "data", server) as office:
        person = await office.joins()
        await office.rests()
        with office.store.begin() as unit:
            Processes(unit).register("another/1/x", polls=False)
            for process, text in (("another/1/x", "1"), ("gone/1/x", "2")):
                unit.process = process
                Messages(unit).say(person.id, "sendMessage", dumps({"text": text}), None, NOW)
        # Until the other is taken for dead, too.
        await office.rests()
        assert ["1", "2"] == [message.text for message in person.from_bot[-2:]]


async def test_what_waited_behind_another_s_is_not_sent_once_somebody_else_has_taken_it(
    tmp_path: Path,
):
    """
    Whoever was stopped for a while asks before the first of its queue goes out.
    """
    async with BotServer() as server, door(tmp_path / "data", server) as office:
        person = await office.joins()
        await office.rests()
        sender = office.service.sender
        assert sender is not None
        with office.store.begin() as unit:
            unit.process = "another/1/x"
            messages = Messages(unit)
            row = messages.say(person.id, "sendMessage", dumps({"text": "once"}), None, NOW)
            messages.mark(row.id, SENT, 1)
        sender.take_over([replace(row, behind=True)])
        await sender.idle()
        assert "once" not in [message.text for message in person.from_bot]


async def test_of_two_that_poll_over_one_store_the_second_ends_at_once(tmp_path: Path):
    """
    With the sentence, before it has disturbed the first.
    """
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        async with serve(tmp_path, server) as first:
            await person.says("1 0 0 0 0 0")
            await person.sees(f"✓ {ROWS[0].short}")
            second = Serve(server, tmp_path / "data", tmp_path / "second.txt")
            await second.start()
            assert 2 == await second.ends()
            assert CONFLICT in second.shown
            assert not [call for call in server.called("getUpdates") if "Conflict" in call.outcome]
            await person.says("2 0 0 0 0 0")
            await person.sees(f"✓ {ROWS[1].short}")
            assert 0 == await first.terminate()


# ---- who lives ---------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    Two processes of different machines, and the seconds by which time has gone on.
    """
    passed = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])
    with Store.open(tmp_path) as store:
        peers = [Peers(store, polls=False) for _ in range(2)]
        for number, peer in enumerate(peers):
            peer.name = f"machine{number}/1/x"
            peer.join()
        yield store, *peers, passed


def left_by(store: Store, peer: Peers) -> int:
    """
    A message that is a process's to send.
    """
    with store.begin() as unit:
        unit.process = peer.name
        return Messages(unit).say(1, "sendMessage", "{}", None, NOW).id


def test_what_a_process_leaves_is_taken_over_when_its_lease_is_over(two):
    """
    Once; not before, and not as long as it shows that it lives.
    """
    store, first, second, passed = two
    row = left_by(store, first)
    for _ in range(20):
        passed[0] += LOOK_EVERY
        first.look()
        assert () == second.look().messages
        assert 2 == second.living
    passed[0] += LEASE
    assert () == second.look().messages
    passed[0] += 0.1
    assert [row] == [message.id for message in second.look().messages]
    assert () == second.look().messages
    assert 1 == second.living


def test_whoever_was_taken_for_dead_learns_it(two):
    """
    And what is no longer its own.
    """
    store, first, second, passed = two
    left_by(store, first)
    first.look()
    second.look()
    passed[0] += LEASE + 0.1
    second.look()

    look = first.look()

    assert look.lost
    assert frozenset() == look.own
    assert not first.look().lost
    second.look()
    assert 2 == second.living


def test_whoever_was_taken_for_dead_by_a_process_that_is_gone_learns_it(two):
    """
    Nobody else is there to compare with.
    """
    store, first, second, passed = two
    left_by(store, first)
    second.look()
    passed[0] += LEASE + 0.1
    second.look()
    second.leave()

    assert first.look().lost
    assert not first.look().lost


def test_a_process_that_ends_well_is_followed_at_once(two):
    """
    By the next look of any other.
    """
    store, first, second, _ = two
    row = left_by(store, first)
    second.look()
    first.leave()
    assert [row] == [message.id for message in second.look().messages]


def test_a_file_that_comes_late_from_a_lost_claim_is_dropped(two, tmp_path: Path):
    """
    Whoever has taken it over stores what it holds.
    """
    store, first, second, _ = two
    door = DoorSettings("bot", tmp_path, ZoneInfo("Asia/Shanghai"), frozenset({7}))
    slow, quick = (Intake(store, door, peer.name) for peer in (first, second))
    with store.begin() as unit:
        unit.process = first.name
        row = Messages(unit).say(7, FETCH, "{}", None, NOW)
    first.leave()
    second.look()

    assert [] == slow.uploaded(row, {"message": 1}, "What it holds.").sends
    assert 1 == len(quick.uploaded(row, {"message": 1}, "What it holds.").sends)
    assert [] == quick.uploaded(row, {"message": 1}, "What it holds.").sends


def test_of_one_chat_only_one_process_handles_updates():
    """
    Until its transaction ends (PostgreSQL; a file of SQLite's takes one at a time anyway).
    """
    with postgres() as address, Store.open(address) as store:
        with store.begin() as first, store.begin() as second:
            assert {1, 2} == first.alone([2, 1])
            assert {3} == second.alone([1, 2, 3])
        with store.begin() as unit:
            assert {1} == unit.alone([1])


def test_rates_are_shared():
    """
    Two processes send as many reminders a second as one alone.
    """
    sent = []
    for processes in (1, 2):
        schedule = Schedule(reminders=3)
        schedule.share(processes)
        for chat in range(60):
            schedule.enter(0.0, chat + 1, Permit(Priority.REMINDER))
        now, count = 0.0, schedule.waiting
        while now < 10:
            wake = schedule.release(now)
            assert wake is not None
            now = wake
        sent.append((count - schedule.waiting) * processes)
    assert sent[0] == pytest.approx(sent[1], abs=2)
