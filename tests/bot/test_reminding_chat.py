"""
Reminders through the Telegram door: from the message to the finished section, tapped.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.handle import Clock
from bot.settings import load_settings
from bot.telegram.courier import Reminding
from bot.telegram.service import Service, make_bot
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.decide import Why
from conversations.reminders.known import PersonToRemind
from conversations.reminders.people import Mode
from conversations.reminders.tasks import ReminderKind
from conversations.wording import reminders as words
from conversations.wording import talk as say
from conversations.wording import tasks as task_words
from storage import Store
from storage.people import People
from storage.tasks import TaskReader, Tasks
from tests.bot.telegram.door import FAST, rest
from tests.botapi.people import Person
from tests.botapi.server import TOKEN, BotServer
from tests.county import AUTUMN, TOWN, WEEK_BEFORE, answer, at, office
from tests.said import pieces

WANG, LI, COUNTY, ADMIN = 1_000_000_101, 1_000_000_102, 1_000_000_900, 1_000_000_999
STEP = words.HEADS[ReminderKind.STEP]
TEXTS = {"overview", "problems_and_improvements", "other_matters"}


@dataclass
class Office:
    """
    A running bot and its server, whose clock stands still at `moment`.
    """

    server: BotServer
    service: Service
    store: Store
    moment: datetime

    async def reminds(self, moment: datetime) -> None:
        """
        Everything due at a moment is sent.
        """
        reminding = self.service.reminding
        assert reminding is not None
        self.moment = moment
        await reminding.round()
        await reminding.courier.idle()
        # Whoever was sent something is planned anew.
        await reminding.round()

    def person(self, user_id: int) -> Person:
        return self.server.person(f"人{user_id % 1000}", user_id)

    def person_to_remind(self, person: int) -> PersonToRemind:
        with self.store.read() as reader:
            found = TaskReader(reader).person_to_remind(person, self.moment)
        assert found is not None
        return found


@asynccontextmanager
async def running(folder: Path, moment: datetime = WEEK_BEFORE) -> AsyncIterator[Office]:
    """
    The service as it runs, but for its minute and its clock: the test says when it is.
    """
    office: Office | None = None

    def read(_: object) -> Clock:
        return Clock(office.moment if office else moment)

    async with BotServer() as server:
        settings = load_settings(
            TELEGRAM_BOT_TOKEN=TOKEN,
            NIANBAO_BASE_URL=server.base_url,
            NIANBAO_DATA_DIR=folder,
            NIANBAO_ADMIN_IDS=str(ADMIN),
            **FAST,
        )
        with Store.open(folder) as store, patch.object(Clock, "read", read):
            service = Service(settings, store, make_bot(settings))
            task = asyncio.create_task(service.run())
            await server.until(lambda: server.called("getUpdates"), "the bot polls")
            assert service.reminding is not None
            office = Office(server, service, store, moment)
            try:
                yield office
            finally:
                service.stopping.set()
                await task


@pytest.fixture(autouse=True)
def no_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The running bot's own tick, which goes by the real clock, stays out of it.
    """

    async def run(_: Reminding) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Reminding, "run", run)


async def test_from_a_reminder_to_the_finished_section(tmp_path: Path):
    """
    「继续填写」 opens the clerk's own next question; some taps later the section is done
    and the next reminder does not speak of it.
    """
    async with running(tmp_path) as bot:
        report = office(bot.store, clerks={WANG: "王芳", LI: "李伟"})
        answer(bot.store, report, {c: 0 for c in FORM.asked if c.startswith("pro")}, AUTUMN)
        with bot.store.begin() as unit:
            Tasks(unit).assign(report, "review", WANG)
            for section in ("requests", *TEXTS):
                Tasks(unit).assign(report, section, LI)
        wang = bot.person(WANG)
        await wang.starts()
        await wang.sees("📋")
        await bot.reminds(WEEK_BEFORE)
        said = await wang.sees(STEP, FORM.section["review"].heading, "12")
        assert FORM.section["requests"].heading not in said.text

        await wang.taps(words.CONTINUE, said)
        card = await wang.sees("行政复议", after=said)
        assert any("0" in label for label in card.labels)
        for _ in range(3):
            await wang.taps(say.ZERO_REST)
            await wang.sees_answered()
            await rest(bot.server, bot.store)
            if say.ZERO_REST not in str(wang.last.labels):
                break
        with bot.store.read() as reader:
            answers = reader.load(report, str(WANG)).answers

        assert all(answers.number(c) == 0 for c in FORM.asked if c.startswith("review"))
        before = len(wang.from_bot)
        await bot.reminds(at("2026-01-28 09:00"))
        assert before == len(wang.from_bot)


async def test_whatever_is_not_assigned_is_opened_in_the_clerks_order(tmp_path: Path):
    """
    Without assignments the button goes on as 「继续」 does.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.starts()
        await bot.reminds(WEEK_BEFORE)

        said = await wang.sees(STEP)
        await wang.taps(words.CONTINUE, said)

        assert (await wang.sees(after=said)).labels


async def test_tomorrow_and_this_week_are_put_off(tmp_path: Path):
    """
    The word on the button says until when.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.starts()
        await bot.reminds(WEEK_BEFORE)

        tap = await wang.taps(words.NOT_TODAY)
        await wang.sees_answered()
        first = bot.person_to_remind(WANG).member.snooze
        assert first is not None
        assert first.again
        assert words.PUT_OFF.format(words.day_name(first.until)) in tap.text

        await wang.taps(words.NOT_THIS_WEEK)
        await wang.sees_answered()
        second = bot.person_to_remind(WANG).member.snooze
        assert second is not None
        assert second.until >= first.until
        assert second.until - second.on <= timedelta(days=7)


async def test_a_button_of_somebody_elses_report_says_so(tmp_path: Path):
    """
    Anybody may send any data.
    """
    async with running(tmp_path) as bot:
        other = office(bot.store, "别县财政局", {LI: "李伟"})
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.starts()
        await wang.sees("")
        for data in (f"rgo:{other:x}:1", f"tk:{other:x}:w:y", "rgo:zz:1", "rnudge:all2025-0131"):
            await wang.forges(data)
        await wang.sees_answered()
        await rest(bot.server, bot.store)

        wang.does_not_see("别县财政局")
        with bot.store.read() as reader:
            task = TaskReader(reader).task(other)
        assert task is not None
        assert not task.withdrawn


async def test_a_forged_snooze_tells_nothing_of_another_offices_deadline(tmp_path: Path):
    """
    Only a task of the person's own is spoken of, whatever number the button carries.
    """
    async with running(tmp_path) as bot:
        soon = bot.moment.date() + timedelta(days=1)
        other = office(bot.store, "别县财政局", {LI: "李伟"}, deadline=soon)
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.starts()
        await wang.sees("")

        tap = await wang.forges(f"rweek:{other:x}")
        await wang.sees_answered()

        assert pieces(words.PUT_OFF)[-1] in tap.text
        assert pieces(words.BUT_FOR_THE_DEADLINE)[0] not in tap.text


async def test_a_blocked_member_is_silent_and_the_administrator_hears_of_it(tmp_path: Path):
    """
    403: the clerk is unreachable; the summary of that day says so.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"}, administrators={COUNTY: "县办"})
        wang, county = bot.person(WANG), bot.person(COUNTY)
        await county.starts()
        await wang.starts()
        await wang.sees("")
        bot.server.chats[WANG].blocked = True

        await bot.reminds(WEEK_BEFORE)
        first = await county.sees(words.HEADS[ReminderKind.SUMMARY])
        assert pieces(words.NOT_REACHED)[0] not in first.text
        assert not bot.person_to_remind(WANG).member.reachable
        # The message of the day was the summary; the news come with the next working day.
        await bot.reminds(at("2026-01-26 09:00"))
        await county.sees(*pieces(words.NOT_REACHED), "人101", after=first)


async def test_a_nudge_reaches_the_unfinished_once_a_day(tmp_path: Path):
    """
    The administrator's button; a second tap that day reaches nobody again.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"}, administrators={COUNTY: "县办"})
        wang, county = bot.person(WANG), bot.person(COUNTY)
        await county.starts()
        await wang.starts()
        await county.says("/nudge")
        await county.taps(words.do_nudge(1), await county.sees(TOWN, "人101"))
        await county.sees(words.nudged(1, []))
        await county.says("/nudge")
        await county.sees(words.nudged(0, [Why.NUDGED_TODAY]))
        with bot.store.read() as reader:
            nudges = TaskReader(reader).clerks_of(1, bot.moment)[0].clerk_of[0].nudges

        # The reminder goes out in the next working hours after the request.
        assert (bot.moment,) == nudges


async def test_an_administrator_sets_dates_and_parts_by_buttons_and_text(tmp_path: Path):
    """
    /task: the card, a date chosen, one typed, a section given away, withdrawn, restored.
    """
    async with running(tmp_path) as bot:
        report = office(bot.store, clerks={WANG: "王芳", LI: "李伟"})
        admin = bot.person(ADMIN)
        await admin.says(f"/task {TOWN}")
        await admin.sees(TOWN, words.day_name(date(2026, 1, 31)), "王芳、李伟")
        await admin.taps(task_words.TO_COLLECTION)
        await admin.sees("/task 收集")
        await admin.taps("1月20日")
        await admin.sees("✓", words.day_name(date(2026, 1, 20)))
        await admin.says("/task 截止 2026-2-10")
        await admin.sees("✓", words.day_name(date(2026, 2, 10)))
        await admin.says("/task 收集 3月1日")
        await admin.sees(task_words.WRONG_ORDER)
        await admin.taps(task_words.ASSIGN)
        await admin.sees(task_words.CHOOSE_SECTION)
        await admin.taps("三、")
        await admin.sees(FORM.section["requests"].heading, task_words.NOT_ASSIGNED)
        await admin.taps("李伟")
        await admin.sees(task_words.assigned(FORM, "requests", "李伟"))
        await admin.says("/task 分工 一 王芳")
        await admin.sees(task_words.assigned(FORM, "overview", "王芳"))
        await admin.taps(task_words.TO_WITHDRAW)
        await admin.sees(task_words.WITHDRAW_ASK)
        await admin.taps(task_words.WITHDRAW)
        await admin.sees(task_words.WITHDRAWN)
        await admin.taps(task_words.TO_RESTORE)
        await admin.sees(task_words.RESTORED)

        with bot.store.read() as reader:
            task = TaskReader(reader).task(report)
        assert task is not None
        assert (date(2026, 2, 10), date(2026, 1, 20), False) == (
            task.deadline,
            task.internal,
            task.withdrawn,
        )
        assert {"requests": str(LI), "overview": str(WANG)} == dict(task.assigned)


async def test_a_clerk_cannot_touch_the_task(tmp_path: Path):
    """
    Nor an administrator of another organ.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        office(bot.store, "别县财政局", administrators={COUNTY: "县办"})
        wang, county = bot.person(WANG), bot.person(COUNTY)
        await wang.says("/task 截止 2026-3-1")
        await wang.sees(task_words.NOT_YOURS)
        await county.says(f"/task {TOWN}")
        await county.sees(task_words.USAGE)


async def test_one_sets_hours_and_how_much_one_wants_to_hear(tmp_path: Path):
    """
    /remind: typed hours, a tap on 「关」, and on again without making up for what was missed.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.says("/remind 8:30-17:30")
        await wang.sees("08:30–17:30")
        await wang.taps(task_words.OFF)
        await wang.sees(task_words.REMINDED.format(task_words.MODES[Mode.OFF]))
        assert (Mode.OFF, time(8, 30)) == (
            bot.person_to_remind(WANG).member.mode,
            bot.person_to_remind(WANG).member.start,
        )
        await wang.says("/remind 25:00-26:00")
        await wang.sees(task_words.HOURS_WRONG)
        await wang.says("/remind 开")
        await wang.sees_next(task_words.REMINDED.format(task_words.MODES[Mode.ON]))

        member = bot.person_to_remind(WANG).member
        assert (Mode.ON, True) == (member.mode, member.since is not None)


async def test_the_calendar_file_is_handed_over(tmp_path: Path):
    """
    A .ics that a phone can take in.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.says("/calendar")
        await wang.sees(task_words.ICS_NAME.format(organ=TOWN, year=2025))
        (call,) = bot.server.called("sendDocument")
        (file,) = call.files.values()

        assert file.content.startswith(b"BEGIN:VCALENDAR\r\n")
        assert b"20260131" in file.content


@pytest.mark.parametrize(
    "moment", [at("2026-04-01 00:00"), at("2026-12-31 23:59"), at("2028-06-29 09:00")], ids=str
)
async def test_a_clerk_who_opens_a_report_is_reminded_without_any_task(
    tmp_path: Path, moment: datetime
):
    """
    Invited, joined, the year chosen: from then on the clerk's moment is known.
    """
    async with running(tmp_path, moment) as bot:
        with bot.store.begin() as unit:
            people = People(unit)
            organ = unit.organ(TOWN, AUTUMN)
            people.begin(WANG, AUTUMN)
            people.join(WANG, organ, "clerk", AUTUMN)
        wang = bot.person(WANG)
        await wang.starts()
        year = bot.moment.year
        await wang.sees(str(year))
        await wang.taps(str(year))
        await wang.sees_answered()
        await rest(bot.server, bot.store)

        (own,) = bot.person_to_remind(WANG).clerk_of
        assert (year, date(year + 1, 1, 31)) == (own.task.year, own.task.deadline)


@pytest.mark.parametrize("tapped", [True, False], ids=["surely arrived", "unclear"])
async def test_what_may_have_arrived_is_made_up_in_the_next_working_hour_once(
    tmp_path: Path, tapped: bool
):
    """
    Cut off after Telegram had it: only a tap on it tells us so. Two are better than none, and
    not more than two.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.starts()
        await wang.sees("")
        await rest(bot.server, bot.store)
        bot.server.fail("sendMessage", cut="after", times=1)

        await bot.reminds(WEEK_BEFORE)
        await bot.reminds(WEEK_BEFORE + timedelta(minutes=59))
        assert 1 == sum(STEP in one.text for one in wang.from_bot)
        if tapped:
            await (await wang.taps(words.CONTINUE)).is_answered()
            await rest(bot.server, bot.store)
        bot.server.fail("sendMessage", cut="after", times=1)
        for minutes in (60, 61, 121, 181):
            await bot.reminds(WEEK_BEFORE + timedelta(minutes=minutes))

        assert (1 if tapped else 2) == sum(STEP in one.text for one in wang.from_bot)


async def test_what_surely_did_not_arrive_is_sent_again(tmp_path: Path):
    """
    Refused with «try again later»: the reminder comes, once.
    """
    async with running(tmp_path) as bot:
        office(bot.store, clerks={WANG: "王芳"})
        wang = bot.person(WANG)
        await wang.starts()
        await wang.sees("")
        await rest(bot.server, bot.store)
        bot.server.fail("sendMessage", error=429, retry_after=1, times=1)

        await bot.reminds(WEEK_BEFORE)

        assert 1 == sum(STEP in one.text for one in wang.from_bot)


async def test_an_orderly_end_gives_back_what_was_not_sent(tmp_path: Path):
    """
    The next process need not wait for the lease.
    """
    async with running(tmp_path) as bot:
        for number in range(6):
            office(bot.store, f"第{number}镇人民政府", {WANG + number: ""})
            await bot.person(WANG + number).starts()
        bot.server.fail("sendMessage", delay=0.5, times=6)
        assert bot.service.reminding is not None
        courier = bot.service.reminding.courier
        courier.workers = 1
        bot.moment = WEEK_BEFORE
        await bot.service.reminding.round()
        await asyncio.sleep(0.05)
        await courier.stop(3)

        with bot.store.begin() as unit:
            rows = unit.connection.exec_driver_sql("SELECT lease FROM notice").fetchall()
        assert {(None,)} == {tuple(row) for row in rows}
