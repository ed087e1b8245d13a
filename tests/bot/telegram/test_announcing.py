"""
Steps of sign-off as those whom they concern hear of them on the phone.
"""

from datetime import datetime
from pathlib import Path

import pytest

from bot.handle import Clock
from conversations.reminders.tasks import Task
from conversations.sign_off.states import Deed, Role
from conversations.wording import people as member_words
from storage import Store
from storage.reminders import task_id
from storage.tasks import Tasks
from tests.bot.telegram.door import ADMIN, TOWN, ZONE, Door, Serve
from tests.botapi import BotServer, Person
from tests.sign_off import decides, fill, joins, remarks
from tests.storage.servers import postgres_made

YEAR = 2025
FIRST = 1_000_000_700
LEADERS = 20


def due_now(store: Store, report: int) -> datetime:
    """
    The deadline is today, on which everything is told at once; a moment of it.
    """
    now = Clock.read(ZONE).now
    with store.begin() as unit:
        Tasks(unit).set_task(Task(task_id(report), TOWN, YEAR, now.date()), report)
    return now


async def sat_down(office: Door, wang: Person) -> tuple[int, datetime]:
    """
    The report that a clerk has opened, filled in.
    """
    with office.opened() as store:
        with store.begin() as unit:
            report = unit.find_report(TOWN, YEAR)
            assert report is not None
        fill(store, report)
        return report, due_now(store, report)


async def test_a_step_taken_elsewhere_is_heard_of_on_the_phone(office: Door):
    """
    The leader sees what they would on opening it, the clerk the remarks with ways to them.

    What each has open stays so until a button is tapped.
    """
    wang = await office.joins(year=YEAR)
    leader = await office.joins("李局", role="leader", year=0)
    report, now = await sat_down(office, wang)
    with office.opened() as store:
        decides(store, report, wang.id, Deed.SUBMIT, now)
    heard = await leader.sees("王芳")
    assert f"{YEAR}年度" in heard.text

    with office.opened() as store:
        remarks(store, report, leader.id, "overview", "请补充会议次数")
        decides(store, report, leader.id, Deed.RETURN, now)
    heard = await wang.sees("请补充会议次数", "李局")
    assert member_words.OPEN in heard.labels
    await wang.taps(heard.labels[0], heard)
    await wang.sees("一、", after=heard)

    # What is approved is what was handed in, byte for byte.
    with office.opened() as store:
        decides(store, report, wang.id, Deed.SUBMIT, now)
    await office.server.until(lambda: len(leader.documents) > 1, "it is handed in again", 30)
    with office.opened() as store:
        decides(store, report, leader.id, Deed.APPROVE, now)
    await office.server.until(lambda: bool(wang.documents), "the approved document", 30)
    assert leader.documents[-1].file == wang.documents[-1].file
    await wang.sees("✅", "李局")


async def test_who_has_blocked_the_bot_stops_nothing(office: Door):
    """
    The others hear; nothing is tried again for ever.
    """
    wang = await office.joins(year=YEAR)
    li = await office.joins("李伟", year=YEAR)
    leader = await office.joins("李局", role="leader", year=0)
    report, now = await sat_down(office, wang)
    office.server.chats[wang.id].blocked = True
    with office.opened() as store:
        decides(store, report, li.id, Deed.SUBMIT, now)
        decides(store, report, leader.id, Deed.RETURN, now, reason="请再核一下")
    await li.sees("请再核一下")
    await office.rests()
    with office.opened() as store, store.read() as reader:
        assert 0 == rows(store, "postponed")
        assert reader.years(TOWN)


def rows(store: Store, table: str, where: str = "") -> int:
    with store.begin() as unit:
        count = unit.connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table} {where}").scalar()
        return int(count or 0)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_killed_while_it_tells_everybody_hears_once(
    server: BotServer, tmp_path: Path, database: str
):
    """
    Killed (kill -9) again and again: what was decided to be said is decided once.

    Nobody is left out; only what was on its way may come twice.
    """
    if database == "postgresql":
        with postgres_made() as address:
            await killed(server, tmp_path, address, NIANBAO_DATABASE_URL=address)
    else:
        await killed(server, tmp_path, tmp_path / "data")


async def killed(server: BotServer, tmp: Path, target: Path | str, **settings: str) -> None:
    people = [server.person(f"领导{n}", FIRST + n) for n in range(LEADERS)]
    with Store.open(target) as store:
        with store.begin() as unit:
            report = unit.open_report(TOWN, YEAR, now=Clock.read(ZONE).now, edition="2021")
        joins(store, ADMIN, "王芳", Role.CLERK)
        for person in people:
            server.chats[person.id].started = True
            joins(store, person.id, person.name, Role.LEADER)
        fill(store, report)
        decides(store, report, ADMIN, Deed.SUBMIT, due_now(store, report))

    def heard() -> int:
        return sum(bool(server.chats[person.id].messages) for person in people)

    serve = Serve(server, tmp / "data", tmp / "log.txt", **settings)
    server.fail("sendMessage", delay=0.05, times=None)
    try:
        await serve.start()
        await server.until(lambda: heard() > 0, "the first hears", 60)
        await serve.kill()
        await serve.start()
        await server.until(lambda: heard() > LEADERS // 2, "half have heard", 60)
        await serve.kill()
        server.faults.clear()
        await serve.start()
        for person in people:
            await person.sees("王芳")
        await server.quiet(0.2)
    finally:
        if serve.process is not None and serve.process.returncode is None:
            await serve.kill()
    with Store.open(target) as store:
        told = [
            rows(store, "outgoing", f"WHERE chat >= {FIRST} AND method = '{method}'")
            for method in ("sendDocument", "sendMessage")
        ]
        assert ([LEADERS, LEADERS], 0) == (told, rows(store, "postponed"))
