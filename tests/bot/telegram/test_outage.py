"""
While the store cannot be written: people are told once, and nothing is lost or doubled.
"""

import asyncio
import contextlib
import resource
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.telegram import inbox, outage, service
from bot.telegram.intake import Intake
from bot.telegram.jobs import Job
from bot.telegram.outage import QUIET, Outage
from bot.telegram.peers import Peers
from conversations.wording import store as sentences
from conversations.wording.door import ERROR, NOT_KEPT_YET
from storage import databases
from storage.databases import FILE_NAME
from storage.errors import StoreError
from storage.messages import Messages
from storage.unit import Unit
from tests.bot.telegram.door import ROWS, Door, door, seated, serve, webhook
from tests.bot.telegram.test_event_loop import locked
from tests.botapi import BotServer, Person
from tests.said import pieces
from tests.storage.servers import postgres

LICENSING = "proactive_disclosure.licensing.decisions"


def told(person: Person) -> int:
    """
    How often somebody has heard that they must wait.
    """
    return sum(message.text == NOT_KEPT_YET for message in person.from_bot)


@contextlib.contextmanager
def full(office: Door) -> Iterator[None]:
    """
    The driver says what it says of a full disk when a transaction is to be stored.
    """
    refusing = True

    def refuse(_: object) -> None:
        if not refusing:
            return
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise OperationalError("COMMIT", {}, error)

    # It stays there: another thread may be walking through the listeners.
    event.listen(office.store.engine, "commit", refuse)
    try:
        yield
    finally:
        refusing = False


@pytest.mark.parametrize("way", ["polling", pytest.param("webhook", marks=pytest.mark.soak)])
async def test_who_writes_while_the_store_is_locked_is_told_once(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    Whoever writes later, too; afterwards each answer counts once.
    """
    monkeypatch.setattr(databases, "PATIENCE", 0.1)
    more = webhook() if way == "webhook" else {}
    async with BotServer() as server, door(tmp_path / "data", server, **more) as office:
        person, other = await office.joins(), await office.joins("李强", "龙门镇人民政府")
        for each in (person, other):
            await office.asks(each, "行政许可")
        await server.handled()
        async with locked(tmp_path / "data"):
            await person.says("295")
            await person.sees_next(NOT_KEPT_YET)
            await other.says("296")
            await other.sees_next(NOT_KEPT_YET)
            # They are not confirmed: they are delivered again, and fail again.
            count = len(server.deliveries)
            await server.until(lambda: len(server.deliveries) > count + 3, "more attempts")
        for each, figure in ((person, 295), (other, 296)):
            await each.sees("✓", f"{figure} 件")
        await server.handled()

        assert [1, 1] == [told(person), told(other)]
        assert [295] == [value for _, value in office.changes(LICENSING)]
        assert [296] == [value for _, value in office.changes(LICENSING, "龙门镇人民政府")]
    assert 1 == caplog.text.count(f"{sentences.BUSY}; trying again")


async def test_who_waits_long_for_a_store_that_is_only_busy_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    Once, also who writes meanwhile; nothing has failed.
    """
    monkeypatch.setattr(inbox, "TELL_AFTER", 0.1)
    async with BotServer() as server:
        person, other = seated(tmp_path / "data", server, 2)
        async with door(tmp_path / "data", server, **webhook()) as office:
            async with locked(tmp_path / "data"):
                for each in (person, other):
                    await each.says("1 0 0 0 0 0")
                    await each.sees(NOT_KEPT_YET)
            for each in (person, other):
                await each.sees(f"✓ {ROWS[0].short}")
            await office.rests()
        assert [1, 1] == [told(person), told(other)]
    assert "the store failed" not in caplog.text


async def test_a_full_disk_is_called_that(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """
    In the log; who writes is told, and what was written counts once there is room.
    """
    async with BotServer() as server, door(tmp_path / "data", server) as office:
        person = await office.joins()
        await office.asks(person, "行政许可")
        await server.handled()
        with full(office):
            await person.says("295")
            await person.sees_next(NOT_KEPT_YET)
        await person.sees("✓", "295 件")

        assert 1 == told(person)
    assert sentences.FULL.partition("{")[0] in caplog.text


@pytest.mark.parametrize("work", ["join", "look"])
async def test_who_starts_waits_for_the_store(
    work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    It was there a moment ago; the log says so once.
    """
    monkeypatch.setattr(service, "LOOK_EVERY", 0.05)
    done = getattr(Peers, work)
    failures = iter([StoreError(sentences.BUSY)] * 2)

    def fail_twice(peers: Peers) -> object:
        for error in failures:
            raise error
        return done(peers)

    monkeypatch.setattr(Peers, work, fail_twice)
    async with BotServer() as server, door(tmp_path / "data", server) as office:
        await office.joins()
    assert 1 == caplog.text.count(sentences.BUSY)


async def test_a_file_that_may_not_grow_loses_nothing(tmp_path: Path):
    """
    As a quota has it: the system refuses each write of the running program.
    """
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        async with serve(tmp_path, server) as running:
            await person.says("1 0 0 0 0 0")
            await person.sees("✓")
            await server.handled()
            assert running.process is not None
            size = (tmp_path / "data" / f"{FILE_NAME}-wal").stat().st_size
            _, hard = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size, hard))
            await person.says("2 0 0 0 0 0")
            await person.sees(NOT_KEPT_YET)
            resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
            await person.sees(f"✓ {ROWS[1].short}")
            await server.handled()

            assert sentences.NOT_WRITTEN.partition("：")[0] in running.shown
        assert 1 == told(person)


async def test_only_those_of_a_locked_report_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    One row locked from outside (PostgreSQL); its clerk is told, and answered afterwards.
    """
    monkeypatch.setattr(outage, "TELL_AFTER", 0.2)
    with postgres() as address:
        async with (
            BotServer() as server,
            door(tmp_path / "data", server, NIANBAO_DATABASE_URL=address) as office,
        ):
            people = seated_in(office, server, 6)
            stuck, *others = people
            with psycopg.connect(address) as outside:
                outside.execute(
                    "SELECT report.id FROM report JOIN organ ON organ.id = organ_id"
                    " WHERE name = '第0镇人民政府' FOR UPDATE OF report"
                )
                for person in people:
                    await person.says("1 0 0 0 0 0")
                    await person.says("2 0 0 0 0 0")
                for person in others:
                    await person.sees(f"✓ {ROWS[1].short}")
                await stuck.sees(NOT_KEPT_YET)
                assert not any("✓" in message.text for message in stuck.from_bot)
            await stuck.sees(f"✓ {ROWS[1].short}")
            await office.rests()

            for row, figure in enumerate((1, 2)):
                changed = office.changes(first_cell(row), "第0镇人民政府")
                assert [figure] == [value for _, value in changed]
            assert [1, *[0] * 5] == list(map(told, people))
    assert "the store failed" not in caplog.text


def seated_in(office: Door, server: BotServer, count: int) -> list[Person]:
    assert isinstance(office.target, str)
    return seated(office.target, server, count)


async def test_who_waits_for_a_locked_report_is_told_by_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Though each of two tries to handle what waits.
    """
    monkeypatch.setattr(outage, "TELL_AFTER", 0.2)
    long: Counter[Intake] = Counter()
    take = Intake.take

    def counted(intake: Intake, *given: Any) -> Job:
        long[intake] += bool(intake.held.long)
        return take(intake, *given)

    monkeypatch.setattr(Intake, "take", counted)
    with postgres() as address:
        settings = {"NIANBAO_DATABASE_URL": address}
        async with (
            BotServer() as server,
            door(tmp_path / "data", server, **settings, **webhook()) as office,
            door(tmp_path / "data", server, **settings, **webhook()) as other,
        ):
            (stuck,) = seated_in(office, server, 1)
            both = (office.service, other.service)
            await becomes(lambda: {2} == {service.peers.living for service in both})
            with psycopg.connect(address) as outside:
                outside.execute("SELECT id FROM report FOR UPDATE")
                await stuck.says("1 0 0 0 0 0")
                # Each has tried, known that it takes long, and tried again.
                await becomes(lambda: [True, True] == [tries > 2 for tries in long.values()])
                await stuck.sees(NOT_KEPT_YET)
            await stuck.sees(f"✓ {ROWS[0].short}")
            await office.rests()

            assert 1 == told(stuck)


async def becomes(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the service tells nobody
            await asyncio.sleep(0.02)


async def test_what_was_kept_by_a_commit_that_seemed_to_fail_goes_out(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    The server's word got lost; the answer is stored, and its card comes, once.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    before = len(person.from_bot)
    begin, lost = office.store.begin, [1]

    @contextlib.contextmanager
    def unheard(**how: bool) -> Iterator[Unit]:
        with begin(**how) as unit:
            yield unit
            decided = any(row.chat == person.id for row in Messages(unit).unsent())
        if decided and lost:
            lost.clear()
            raise StoreError("the connection is lost")

    monkeypatch.setattr(office.store, "begin", unheard)
    await person.says("295")

    await person.sees("✓", "295 件")
    await office.rests()
    assert not lost
    assert [295] == [value for _, value in office.changes(LICENSING)]
    shown = [message.text for message in person.from_bot[before:] if message.text != NOT_KEPT_YET]
    assert len(shown) == len(set(shown)) == 1


async def test_the_server_goes_away_amid_answers(tmp_path: Path):
    """
    Every connection is cut while ten people answer; each answer counts once, in order.
    """
    with postgres() as address:
        async with (
            BotServer() as server,
            door(tmp_path / "data", server, NIANBAO_DATABASE_URL=address) as office,
        ):
            people = seated_in(office, server, 10)

            async def answer(person: Person) -> None:
                for number, row in enumerate(ROWS[:4], 1):
                    await person.says(f"{number} 0 0 0 0 0")
                    await person.sees(f"✓ {row.short}")

            async def cut() -> None:
                for _ in range(5):
                    await asyncio.to_thread(cut_connections, address)
                    await asyncio.sleep(0.1)

            await asyncio.gather(cut(), *map(answer, people))
            await office.rests()
            for number in range(10):
                changed = office.changes(first_cell(0), f"第{number}镇人民政府")
                assert [1] == [value for _, value in changed]


def first_cell(row: int) -> str:
    return ROWS[row].cells[0].id


def cut_connections(address: str) -> None:
    """
    All that use this schema, ours excepted.
    """
    with psycopg.connect(address, autocommit=True) as outside:
        schema = outside.execute("SELECT current_schema()").fetchone()
        assert schema
        outside.execute(
            "SELECT pg_terminate_backend(held.pid) FROM pg_locks held"
            " JOIN pg_class ON pg_class.oid = held.relation"
            " JOIN pg_namespace place ON place.oid = relnamespace"
            " WHERE place.nspname = %s AND held.pid <> pg_backend_pid()",
            schema,
        )


def test_another_outage_is_told_again_and_a_group_never():
    """
    A store that comes and goes within a minute is one outage.
    """
    sent: list[int] = []
    outage = Outage(lambda chat, _: sent.append(chat))
    for _ in range(3):
        outage.failed(StoreError("full"), [7, -8])
        outage.over()
    assert [7] == sent

    outage._failed_at -= 2 * QUIET
    outage.failed(StoreError("full"), [7])
    assert [7, 7] == sent


async def test_a_figure_that_cannot_be_read_is_its_own_reports_trouble(office: Door):
    """
    Its clerk hears that it did not work, the others are answered.
    """
    person, other = await office.joins(), await office.joins("李强", "龙门镇人民政府")
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees("295 件")
    await office.asks(other, "行政许可")
    await office.rests()
    with office.store.begin() as unit:
        unit.connection.exec_driver_sql("UPDATE answer SET value = '29x' WHERE value = '295'")
    office.store.memory._states.clear()

    await person.says("296")
    await person.sees(*pieces(ERROR))
    await other.says("297")
    await other.sees("297 件")
