"""
`nianbao work`: processes that answer beside those in which updates come in (PostgreSQL).

What one of them leaves to the others is told by a notice.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.telegram.budget import EVERY, Budget
from bot.telegram.intake import Intake
from bot.telegram.jobs import dumps
from bot.telegram.limiter import SendLimiter
from bot.telegram.peers import Peers
from bot.telegram.schedule import MOST_HEARD, Permit, Priority, Schedule
from bot.telegram.talk import DoorSettings
from storage import Store
from storage.listening import LOOK, Listening
from storage.messages import Messages, Update
from tests.bot.doors import nianbao
from tests.bot.telegram.door import ROWS, ZONE, Door, door, seated
from tests.bot.telegram.test_outage import becomes
from tests.bot.telegram.test_processes import Several, was_in_order_and_once
from tests.botapi import TOKEN, BotServer, Limits, Person
from tests.storage.servers import postgres_made

NOW = datetime(2026, 1, 5, tzinfo=UTC)
NEVER = 3600.0


def test_with_sqlite_there_is_nothing_to_work_beside(tmp_path: Path):
    """
    Refused with a sentence, and no database is made.
    """
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "NIANBAO_DATA_DIR": str(tmp_path / "data")}
    done = nianbao("work", cwd=tmp_path, settings=given)
    assert (2, 1) == (done.returncode, done.stderr.decode().count("\n"))
    assert "NIANBAO_DATABASE_URL" in done.stderr.decode()
    assert not (tmp_path / "data").exists()


# ---- told at once ------------------------------------------------------------------------


@asynccontextmanager
async def poller_and_worker(
    tmp: Path, server: BotServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Door, Door]]:
    """
    Both in this process, over one database; neither looks by itself, each only when told.
    """
    monkeypatch.setattr("bot.telegram.service.LOOK_EVERY", NEVER)
    with postgres_made() as address:
        async with door(tmp / "data", server, NIANBAO_DATABASE_URL=address) as poller:
            await becomes(lambda: poller.service.listening.hears)
            worker = Door(server, tmp / "data", NIANBAO_DATABASE_URL=address)
            worker.receives = False
            await worker.start()
            try:
                both = (poller.service, worker.service)
                await becomes(
                    lambda: all(each.listening.hears and each.peers.living == 2 for each in both)
                )
                yield poller, worker
            finally:
                await worker.stop()


async def test_what_the_poller_leaves_is_answered_by_a_worker_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The poller keeps everything and handles nothing.
    """
    async with (
        BotServer() as server,
        poller_and_worker(tmp_path, server, monkeypatch) as (poller, worker),
    ):
        (person,) = seated(str(poller.target), server, 1)
        intake = poller.service.intake
        assert intake is not None
        take = intake.take
        monkeypatch.setattr(intake, "take", lambda updates=(), *_: take(updates, 0))
        await person.says("1 0 0 0 0 0")
        await person.sees(f"✓ {ROWS[0].short}")
        await poller.rests()
        with psycopg.connect(str(poller.target)) as outside:
            decided = outside.execute("SELECT DISTINCT process FROM outgoing").fetchall()
        assert [(worker.service.peers.name,)] == decided


async def test_what_a_process_leaves_is_sent_at_once_when_it_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Another takes it over when it hears that it is gone.
    """
    async with (
        BotServer() as server,
        poller_and_worker(tmp_path, server, monkeypatch) as (poller, worker),
    ):
        (person,) = seated(str(poller.target), server, 1)
        with poller.opened() as store, store.begin() as unit:
            unit.process = worker.service.peers.name
            Messages(unit).say(person.id, "sendMessage", dumps({"text": "left"}), None, NOW)
        worker.service.stopping.set()
        await person.sees("left")


async def test_a_wait_that_telegram_asks_of_one_process_holds_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The chat that was meant, and nobody else.
    """
    async with (
        BotServer() as server,
        poller_and_worker(tmp_path, server, monkeypatch) as (poller, worker),
    ):
        person, other = seated(str(poller.target), server, 2)
        server.fail("sendMessage", error=429, retry_after=60)  # longer than the news takes
        await person.says("1 0 0 0 0 0")
        limiter = worker.service.bot.rate_limiter
        assert isinstance(limiter, SendLimiter)
        schedule = limiter.schedule

        def paused(chat: int) -> float:
            return schedule.paused(asyncio.get_running_loop().time(), chat)

        await becomes(lambda: paused(person.id) > 0)
        assert 0 == paused(other.id)


async def test_a_lost_connection_for_notices_is_made_again():
    """
    What may have been missed meanwhile is looked for.
    """
    with postgres_made() as address, Store.open(address) as store:
        heard: list[tuple[str, str]] = []
        listening = Listening(store, lambda who, what: heard.append((who, what)))
        task = asyncio.create_task(listening.run())
        await becomes(lambda: listening.hears)
        assert [("", LOOK)] == heard
        with psycopg.connect(address, autocommit=True) as outside:
            outside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND application_name = current_schema()"
            )
        await becomes(lambda: len(heard) == 2 and listening.hears)
        with store.begin() as unit:
            unit.process = "another"
            unit.tell("something")
        await becomes(lambda: ("another", "something") in heard)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert not listening.hears


# ---- order in a chat ---------------------------------------------------------------------


def said(person: Person, number: int) -> dict[str, Any]:
    """
    The answer that belongs to the row of that number, as an update of that number.
    """
    chat = {"id": person.id, "type": "private"}
    return {
        "update_id": number,
        "message": {
            "message_id": 1000 + number,
            "date": 1,
            "chat": chat,
            "from": person.as_json(),
            "text": f"{number} 0 0 0 0 0",
        },
    }


@pytest.fixture
def two(server: BotServer, tmp_path: Path):
    """
    Two processes over one database, and somebody who is asked for the first row.
    """
    with postgres_made() as address:
        (person,) = seated(address, server, 1)
        with Store.open(address) as store:
            settings = DoorSettings("bot", tmp_path, ZONE)
            yield store, [Intake(store, settings, name) for name in ("first", "second")], person


def handle_all(intakes: Iterable[Intake]) -> None:
    for intake in intakes:
        intake.waiting = True
        while intake.pending:
            intake.take()
            time.sleep(0.01)  # a chat that was held is tried again a little later


def stored(store: Store) -> list[Any]:
    with store.begin() as unit:
        report = unit.find_report("第0镇人民政府", 2023)
        assert report is not None
        firsts = {row.cells[0].id for row in ROWS}
        return [change.after for change in unit.history(report) if change.item in firsts]


def test_what_waits_of_a_chat_is_handled_in_order_whichever_process_has_it(two):
    """
    The later update was kept first, by another process, while the chat was busy.
    """
    store, (first, second), person = two
    with store.begin() as unit:
        assert {person.id} == unit.alone([person.id])
        second.take([said(person, 2)])
        first.take([said(person, 1)])
    handle_all([second, first])

    assert [1, 2] == stored(store)


def test_updates_of_a_chat_that_two_processes_get_at_once_count_once_each(two):
    """
    Telegram itself delivers a chat's messages one after the other, so their order is not ours.
    """
    store, intakes, person = two
    for pair in range(0, 12, 2):
        together = threading.Barrier(2)

        def takes(intake: Intake, number: int, together: threading.Barrier = together) -> None:
            together.wait()
            intake.take([said(person, number)])

        threads = [
            threading.Thread(target=takes, args=(intake, pair + nth + 1))
            for nth, intake in enumerate(intakes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        handle_all(intakes)

    assert list(range(1, 13)) == sorted(stored(store))


def test_two_processes_take_different_chats_of_those_that_wait(two, server: BotServer):
    """
    Neither waits for the other, nor gets what the other has.
    """
    store, _, person = two
    chats = [person.id + number for number in range(4)]
    with store.begin() as unit:
        for number, chat in enumerate(chats):
            raw = said(person, number)
            raw["message"]["chat"]["id"] = chat
            Messages(unit).take_in(Update(number, chat, dumps(raw)), NOW)
    with store.begin() as unit, store.begin() as other:
        mine = {update.chat for update in Messages(unit).heads(0, 2)}
        theirs = {update.chat for update in Messages(other).heads(0, 4)}

    assert set(chats[:2]) == mine
    assert set(chats[2:]) == theirs


# ---- one budget --------------------------------------------------------------------------


def sent_by(loads: Iterable[int], *, told: bool, seconds: float = 10) -> list[float]:
    """
    When several processes send what each has to, telling each other, or each its equal part.
    """
    schedules = [Schedule() for _ in loads]
    moments: list[float] = []
    for number, (schedule, load) in enumerate(zip(schedules, loads, strict=True)):
        schedule.share(1 if told else len(schedules))
        for chat in range(load):
            ticket = schedule.enter(0.0, 1 + 1000 * number + chat, Permit(Priority.PROMPT))
            ticket.go = lambda: moments.append(now)
    now, told_at = 0.0, dict.fromkeys(schedules, -1.0)
    while now < seconds:
        for schedule in schedules:
            schedule.release(now)
        for schedule in schedules if told else ():
            if schedule.passed and now - told_at[schedule] >= EVERY:
                for other in schedules:
                    if other is not schedule:
                        other.hear(now, Priority.PROMPT, schedule.passed[Priority.PROMPT])
                schedule.passed.clear()
                told_at[schedule] = now
        now += 0.005
    return moments


def test_who_does_not_hear_the_others_keeps_to_an_equal_part(tmp_path: Path):
    """
    On SQLite, and while the connection for notices is lost.
    """
    with Store.open(tmp_path) as store:
        peers = Peers(store, polls=False)
        peers.living = 3
        limiter = SendLimiter(per_second=30)
        listening = Listening(store, lambda *_: None)
        budget = Budget(limiter, peers, listening)
        gaps = []
        for listening.hears in (False, True):
            budget.share()
            gaps.append(limiter.schedule.overall.gap)
    assert [pytest.approx(0.1), pytest.approx(1 / 30)] == gaps


async def test_who_hears_not_even_itself_keeps_to_an_equal_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Behind a pooler LISTEN succeeds, and nothing is ever heard.
    """
    monkeypatch.setattr("bot.telegram.budget.PROOF", 0.0)
    with Store.open(tmp_path) as store:
        peers = Peers(store, polls=False)
        peers.living = 3
        limiter = SendLimiter(per_second=30)
        listening = Listening(store, lambda *_: None)
        listening.hears = True
        budget = Budget(limiter, peers, listening)
        told = asyncio.Event()
        peers.tell = lambda *_: loop.call_soon_threadsafe(told.set)  # type: ignore[assignment]
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(budget.run())
        limiter.schedule.passed[Priority.PROMPT] += 1
        limiter.news()
        await told.wait()
        gaps = []
        for back in (False, True):
            if back:
                budget.came_back()
            await asyncio.to_thread(time.sleep, 0.01)  # whatever the clock's steps
            budget.share()
            gaps.append(limiter.schedule.overall.gap)
        task.cancel()
    assert [pytest.approx(0.1), pytest.approx(1 / 30)] == gaps


@pytest.mark.parametrize("said", [300, 10**9, -(10**9)])
def test_old_or_wrong_news_of_sends_stops_nobody_for_long(said: int):
    """
    Who was stopped for ten seconds hears of all that went out meanwhile at once.
    """
    schedule = Schedule()
    for _ in range(5):
        schedule.hear(0.0, Priority.REMINDER, said)
    for chat in range(20):
        schedule.enter(0.0, 1 + chat, Permit(Priority.PROMPT))
    schedule.release(0.0)
    assert 20 - schedule.waiting <= schedule.overall.burst
    schedule.release(MOST_HEARD)
    assert schedule.waiting < 20


def busiest(moments: list[float]) -> int:
    return max(sum(moment - 1 < each <= moment for each in moments) for moment in moments)


@pytest.mark.parametrize("processes", [2, 4])
def test_a_busy_process_has_what_the_idle_ones_leave(processes: int):
    """
    Nearly the whole rate, where an equal part is half of it or a quarter.
    """
    loads = [1000, *[0] * (processes - 1)]
    equal = len(sent_by(loads, told=False)) / 10
    assert 30 / processes == pytest.approx(equal, rel=0.1)
    assert 30 == pytest.approx(len(sent_by(loads, told=True)) / 10, rel=0.05)


@pytest.mark.parametrize(("processes", "most"), [(2, 33), (4, 36)])
def test_busy_processes_keep_to_the_rate_together(processes: int, most: int):
    """
    In every second, from the first on: the more, the more go out before they are told.
    """
    moments = sent_by([1000] * processes, told=True)
    assert 30 == pytest.approx(len(moments) / 10, rel=0.05)
    assert most >= busiest(moments)


# ---- killed ------------------------------------------------------------------------------


class Crew(Several):
    """
    One process that polls and two that work.
    """

    def __init__(self, server: BotServer, tmp: Path, database: str, people: int) -> None:
        super().__init__(server, tmp, database, people)
        self.running = [self.process(f"log{number}.txt") for number in range(3)]
        for worker in self.running[1:]:
            worker.command = "work"
        self.sharing = 0  # how many processes have said anything in the end

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        await asyncio.gather(*(process.start() for process in self.running))
        try:
            yield
        finally:
            for process in self.running:
                if process.process is not None and process.process.poll() is None:
                    await process.kill()

    def has_answered(self, times: int) -> bool:
        return len(self.waits) >= times

    def decided(self) -> int:
        """
        By how many processes anything was said.
        """
        with psycopg.connect(self.database) as outside:
            return len(outside.execute("SELECT DISTINCT process FROM outgoing").fetchall())


async def crew_is_killed(tmp: Path, people: int, times: int, rounds: int) -> Crew:
    """
    People answer while each process in turn is killed; whoever polls is started again at once,
    in all but the last round the others, too.
    """
    with postgres_made() as database:
        async with BotServer() as server:
            crew = Crew(server, tmp, database, people)
            async with crew.at_work():
                talking = asyncio.gather(*(crew.talks(n, times) for n in range(people)))
                kills = [*crew.running[1:], crew.running[0]] * rounds
                for number, process in enumerate(kills):
                    enough = people * times * (number + 1) // (len(kills) + 1)
                    await server.until(partial(crew.has_answered, enough), "answers")
                    await crew.kills_at_once(process)
                    if process.command == "serve" or number < len(kills) - 3:
                        await process.start()
                await talking
                await server.handled()
                await server.quiet(0.2)
                crew.sharing = crew.decided()
                assert 0 == await crew.running[0].terminate()
            crew.check()
            assert not any("Traceback" in process.shown for process in crew.running)
    return crew


async def test_one_that_polls_and_two_that_work_are_killed_in_turn(tmp_path: Path):
    """
    Every answer counts once, in order, and is shown.
    """
    was_in_order_and_once(await crew_is_killed(tmp_path, 10, 2, 1))


@pytest.mark.soak
async def test_those_that_poll_and_work_are_killed_again_and_again(tmp_path: Path):
    """
    Longer, so that no process can have said everything; how long people wait is printed.
    """
    crew = await crew_is_killed(tmp_path, 10, 10, 5)
    assert crew.sharing > 1
    waits = sorted(crew.waits)
    print(f"waits: median {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.2f} s")
    print(f"sent twice: {len(crew.repeats())} of {len(crew.server.called('sendMessage'))}")
    was_in_order_and_once(crew)


@pytest.mark.soak
async def test_telegrams_rates_hold_for_three_processes_together(tmp_path: Path):
    """
    Two hundred answers at once; Telegram refuses nothing, and the rate is used: it is printed.
    """
    async with BotServer() as server:
        with postgres_made() as database:
            crew = Crew(server, tmp_path, database, 100)
            for process in crew.running:
                process.settings["NIANBAO_SENDS_PER_SECOND"] = "30"
            async with crew.at_work():
                await asyncio.sleep(3)  # they have seen each other
                server.limits = Limits(chat=100)
                began = time.monotonic()
                await asyncio.gather(*(crew.talks(n, 1) for n in range(100)))
                seconds = time.monotonic() - began
        sent = [call for call in server.calls if call.method.startswith(("send", "edit", "setM"))]
        print(f"{len(sent)} calls in {seconds:.1f} s")
        assert 0 == server.limits.refused
