"""
A tick of the running bot: who is looked at, what is claimed, and when they are looked at next.

Time is an argument; nothing sleeps and nothing is sent.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.reminding.calendar import calendar_of
from bot.reminding.claim import Claim, tick
from bot.reminding.look import explain, work_of
from bot.task_door import TaskDoor
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.decide import Why
from conversations.reminders.people import Mode, tomorrow
from conversations.reminders.tasks import ReminderKind
from conversations.wording import days
from conversations.wording import reminders as words
from storage import Store
from storage.people import People
from storage.reminders import task_id
from storage.tasks import TaskReader, Tasks
from tests.county import AUTUMN, SHANGHAI, TOWN, WEEK_BEFORE, answer, at, finish, office
from tests.said import numbers, pieces

WANG, LI, ZHAO, COUNTY = 101, 102, 103, 900
ZEROS = dict.fromkeys((*FORM.asked, *FORM.balance), 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """
    A store in a file.
    """
    with Store.open(tmp_path) as opened:
        yield opened


def claimed(store: Store, now: datetime) -> list[Claim]:
    """
    What is claimed at a moment, by as many ticks as it takes.
    """
    found: list[Claim] = []
    for _ in range(20):
        one = tick(store, now)
        found += one.claims
        if not one.looked:
            return found
    raise AssertionError("the ticks do not come to an end")


def settle(store: Store, *claims: Claim) -> None:
    """
    They were sent.
    """
    with store.begin() as unit:
        for one in claims:
            Tasks(unit).settle(one.person, one.day, one.number, one.row.id, one.row.id)


def text(claim: Claim) -> str:
    found = json.loads(claim.row.payload)["text"]
    assert isinstance(found, str)
    return found


def buttons(claim: Claim) -> list[str]:
    return [b[0] for row in json.loads(claim.row.payload)["buttons"] for b in row]


def next_check_at(store: Store, person: int) -> datetime | None:
    with store.read() as reader:
        found = TaskReader(reader).person_to_remind(person, WEEK_BEFORE)
    assert found is not None
    return found.next_check_at


def test_a_clerk_is_told_what_is_missing_and_how_long_it_takes(store: Store):
    """
    Two tables are done: the third is left, and three texts.
    """
    report = office(store, clerks={WANG: "王芳"})
    answer(store, report, {c: 0 for c in ZEROS if not c.startswith("review")}, AUTUMN)

    (one,) = claimed(store, WEEK_BEFORE)

    assert WANG == one.person == one.row.chat
    assert FORM.section["review"].heading in text(one)
    assert "12" in numbers(text(one))
    assert FORM.section["requests"].heading not in text(one)
    assert pieces(words.MINUTES)[0] in text(one)
    number = FORM.number["overview"]
    assert [f"rgo:{report:x}:{number}", f"rtomorrow:{report:x}", f"rweek:{report:x}"] == buttons(
        one
    )


def test_the_next_tick_says_nothing_and_the_next_look_is_the_next_step(store: Store):
    """
    Three days before, Wednesday the 28th, at nine.
    """
    office(store, clerks={WANG: "王芳"})
    settle(store, *claimed(store, WEEK_BEFORE))

    assert [] == claimed(store, WEEK_BEFORE + timedelta(minutes=1))
    assert at("2026-01-28 09:00") == next_check_at(store, WANG)


def test_nobody_is_looked_at_before_their_moment(store: Store):
    """
    A tick with nothing due looks at nobody.
    """
    office(store, clerks={WANG: "王芳"})
    settle(store, *claimed(store, WEEK_BEFORE))
    claimed(store, WEEK_BEFORE + timedelta(minutes=1))

    assert 0 == tick(store, at("2026-01-28 08:59")).looked
    assert 1 == len(tick(store, at("2026-01-28 09:00")).claims)


def test_whoever_has_finished_is_silent_until_something_happens(store: Store):
    """
    One clerk's part is done: no moment at all. A figure taken away wakes that clerk.
    """
    report = office(store, clerks={WANG: "王芳", LI: "李伟"})
    answer(store, report, ZEROS, AUTUMN)
    with store.begin() as unit:
        for section in ("proactive_disclosure", "requests", "review"):
            Tasks(unit).assign(report, section, WANG)
        for section in ("overview", "problems_and_improvements", "other_matters"):
            Tasks(unit).assign(report, section, LI)

    assert [LI] == [one.person for one in claimed(store, WEEK_BEFORE)]
    assert next_check_at(store, WANG) is None

    answer(store, report, {"requests.received.natural_person": None}, AUTUMN)
    assert [WANG] == [one.person for one in claimed(store, WEEK_BEFORE + timedelta(minutes=1))]


def test_a_report_with_its_document_is_nobodys_business(store: Store):
    """
    Finished is finished, whatever is open in it.
    """
    report = office(store, clerks={WANG: "王芳"}, administrators={COUNTY: "县办"})
    finish(store, report, AUTUMN)

    assert [] == claimed(store, WEEK_BEFORE)


def test_findings_that_must_be_corrected_count_as_work(store: Store):
    """
    Everything is answered, but one column does not add up.
    """
    report = office(store, clerks={WANG: "王芳"})
    texts = dict.fromkeys(("overview", "problems_and_improvements", "other_matters"), "无。")
    answer(store, report, ZEROS | texts | {"requests.received.natural_person": 3}, AUTUMN)

    with store.read() as reader:
        work = work_of(reader, report).work
    (one,) = claimed(store, WEEK_BEFORE)

    assert {"requests"} <= {s.section for s in work.sections if s.to_correct}
    assert pieces(words.TO_CORRECT)[-1] in text(one)


def test_two_organs_of_one_person_are_one_message(store: Store):
    """
    Each with its own button, one row to put both off; the next look is the next step.
    """
    one = office(store, "甲镇人民政府", {WANG: "王芳"})
    other = office(store, "乙镇人民政府", {WANG: "王芳"})

    (claim,) = claimed(store, WEEK_BEFORE)

    assert "甲镇人民政府" in text(claim)
    assert "乙镇人民政府" in text(claim)
    assert {f"rgo:{one:x}", f"rgo:{other:x}"} == {
        data.rpartition(":")[0] for data in buttons(claim) if data.startswith("rgo")
    }
    settle(store, claim)
    assert [] == claimed(store, WEEK_BEFORE + timedelta(hours=1))


def test_forty_organs_of_one_person_still_fit_a_message(store: Store):
    """
    The nearest are told, the rest counted; none is told of a second time.
    """
    for number in range(40):
        office(store, f"第{number}镇人民政府", {WANG: "王芳"})

    (claim,) = claimed(store, WEEK_BEFORE)

    assert len(text(claim).encode("utf-16-le")) // 2 <= 4096
    assert pieces(words.MORE_REPORTS)[0] in text(claim)
    settle(store, claim)
    assert [] == claimed(store, WEEK_BEFORE + timedelta(minutes=1))


def test_an_administrator_gets_one_summary_with_the_late_and_the_unreachable(store: Store):
    """
    How many are finished, and whom nobody can reach; a button for all the others.
    """
    done = office(store, "甲镇人民政府", {WANG: "王芳"}, administrators={COUNTY: "县办"})
    office(store, "乙镇人民政府", {LI: "李伟"}, administrators={COUNTY: "县办"})
    office(store, "丙镇人民政府", {ZHAO: "赵敏"}, administrators={COUNTY: "县办"})
    finish(store, done, AUTUMN)
    with store.begin() as unit:
        People(unit).reachable(ZHAO, False)

    claims = {one.person: one for one in claimed(store, WEEK_BEFORE)}

    assert {LI, COUNTY} == set(claims)
    summary = text(claims[COUNTY])
    assert words.FINISHED_OF.format(year=2025, organs=3, done=1) in summary
    assert "乙镇人民政府" in summary
    assert "丙镇人民政府（赵敏）" in summary
    assert ["rnudge:all2025-0131"] == buttons(claims[COUNTY])


def test_a_member_found_unreachable_later_is_told_that_day(store: Store):
    """
    Without it the administrator would hear of it at the next step only.
    """
    office(store, clerks={WANG: "王芳", LI: "李伟"}, administrators={COUNTY: "县办"})
    settle(store, *claimed(store, WEEK_BEFORE))
    claimed(store, WEEK_BEFORE + timedelta(minutes=1))
    monday = at("2026-01-26 10:00")
    assert [] == claimed(store, monday)

    with store.begin() as unit:
        People(unit).reachable(WANG, False)
        Tasks(unit).reaches(WANG, date(2026, 1, 26))

    (one,) = claimed(store, monday + timedelta(minutes=1))
    assert COUNTY == one.person
    assert "王芳" in text(one)


def test_a_claim_of_a_killed_process_is_decided_anew_when_its_lease_is_over(store: Store):
    """
    The same day: it is sent again (perhaps a second time: the one case).
    """
    office(store, clerks={WANG: "王芳"})
    (lost,) = claimed(store, WEEK_BEFORE)

    assert [] == claimed(store, WEEK_BEFORE + timedelta(minutes=4, seconds=59))
    (again,) = claimed(store, WEEK_BEFORE + timedelta(minutes=5))

    assert (lost.day, lost.number) == (again.day, again.number)
    assert lost.row.id != again.row.id


def test_a_claim_of_a_killed_process_is_not_for_somebody_who_has_finished_since(store: Store):
    """
    What was true before the crash is asked again.
    """
    report = office(store, clerks={WANG: "王芳"})
    claimed(store, WEEK_BEFORE)
    finish(store, report, WEEK_BEFORE)

    assert [] == claimed(store, WEEK_BEFORE + timedelta(minutes=5))


def test_after_three_days_away_there_is_one_message_and_it_is_of_today(store: Store):
    """
    Claimed on Friday, the machine off over the step of the 28th: one word on the 29th.
    """
    office(store, clerks={WANG: "王芳"})
    claimed(store, WEEK_BEFORE)

    (one,) = claimed(store, at("2026-01-29 11:00"))
    settle(store, one)

    assert date(2026, 1, 29) == one.day
    assert days.distance(date(2026, 1, 31), one.day) in text(one)
    assert [] == claimed(store, at("2026-01-29 16:00"))


def test_what_is_claimed_shortly_before_six_is_not_sent_after(store: Store):
    """
    A claim ends with the working hours, whatever its lease.
    """
    office(store, clerks={WANG: "王芳"})

    (one,) = claimed(store, at("2026-01-23 17:58"))

    assert at("2026-01-23 18:00") == one.until < one.lease


def test_a_broken_report_silences_nobody_else(store: Store):
    """
    An answer that this version cannot read: its clerk is tried again in an hour.
    """
    broken = office(store, "甲镇人民政府", {WANG: "王芳"})
    office(store, "乙镇人民政府", {LI: "李伟"})
    with store.begin() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO answer (report_id, number, value, by, at) VALUES (?, 9999, '1', '', '')",
            (broken,),
        )

    assert [LI] == [one.person for one in claimed(store, WEEK_BEFORE)]
    assert WEEK_BEFORE + timedelta(hours=1) == next_check_at(store, WANG)


def test_a_limit_leaves_the_others_to_the_next_tick(store: Store):
    """
    No more is claimed than can be sent in some seconds.
    """
    for number in range(7):
        office(store, f"第{number}镇人民政府", {200 + number: ""})

    counts = [len(tick(store, WEEK_BEFORE, 3).claims) for _ in range(4)]

    assert [3, 3, 1, 0] == counts


def test_a_changed_deadline_needs_no_rescheduling(store: Store):
    """
    Moved on by a fortnight: the next word is a week before the new date.
    """
    report = office(store, clerks={WANG: "王芳"})
    settle(store, *claimed(store, WEEK_BEFORE))
    with store.begin() as unit:
        tasks = Tasks(unit)
        task = tasks.task(report)
        assert task is not None
        tasks.set_task(replace(task, deadline=date(2026, 2, 28)), report)

    assert [] == claimed(store, at("2026-01-26 09:00"))
    # 29 January is thirty days before; 14 February a make-up working day.
    assert at("2026-01-29 09:00") == next_check_at(store, WANG)


def test_holidays_that_an_administrator_enters_count_at_once(store: Store):
    """
    The 23rd becomes a free day: the word of that step was one day before.
    """
    office(store, clerks={WANG: "王芳"})
    with store.begin() as unit:
        Tasks(unit).put_day(date(2026, 1, 23), works=False)

    assert [] == claimed(store, WEEK_BEFORE)
    (one,) = claimed(store, at("2026-01-26 09:00"))
    assert WANG == one.person


def test_what_would_be_sent_is_explained_and_not_sent(store: Store):
    """
    The decision's own reason for each, and the message as it would look.
    """
    office(store, "甲镇人民政府", {WANG: "王芳"})
    report = office(store, "乙镇人民政府", {LI: "李伟"})
    finish(store, report, AUTUMN)

    with store.read() as reader:
        lines, says = explain(reader, WEEK_BEFORE)

    due, finished = (one.line for one in lines)
    reminder = f"{words.WHY[Why.DUE]}{words.KINDS[ReminderKind.STEP]}"
    for piece in (
        "甲镇人民政府",
        "王芳",
        reminder,
        days.distance(date(2026, 1, 31), WEEK_BEFORE.date()),
    ):
        assert piece in due
    for piece in ("乙镇人民政府", "李伟", words.WHY[Why.FINISHED]):
        assert piece in finished
    assert [WANG] == [person for person, _ in says]
    assert [WANG] == [one.person for one in claimed(store, WEEK_BEFORE)]


# ---- a season in the store --------------------------------------------------------------------


class County:
    """
    Some offices from December to February, an hour at a time, with what people do.
    """

    def __init__(self, store: Store, seed: int) -> None:
        """
        Eight offices; one clerk works for two of them, one administrator looks after all.
        """
        self.store = store
        self.dice = random.Random(seed)
        self.reports = {}
        self.sent: list[tuple[datetime, Claim]] = []
        for number in range(8):
            clerks = {300 + number: f"甲{number}"}
            if number % 3 == 0:
                clerks[400 + number] = f"乙{number}"
            if number == 7:
                clerks[300] = "甲0"
            internal = date(2026, 1, 20) if number % 4 == 0 else None
            report = office(
                store,
                f"第{number}镇人民政府",
                clerks,
                internal=internal,
                administrators={COUNTY: "县办"},
            )
            self.reports[report] = list(clerks)

    def happen(self, now: datetime) -> None:
        """
        Perhaps somebody does something in this hour.
        """
        dice = self.dice
        report = dice.choice(list(self.reports))
        person = dice.choice(self.reports[report])
        chance = dice.random()
        if chance < 0.10:
            some = dice.sample(list(FORM.asked), 40)
            answer(self.store, report, dict.fromkeys(some, 0), now)
        elif chance < 0.12:
            answer(self.store, report, {dice.choice(list(FORM.asked)): None}, now)
        elif chance < 0.14:
            with self.store.begin() as unit:
                one = TaskReader(unit).person_to_remind(person, now)
                assert one is not None
                snooze = tomorrow(now, one.member, calendar_of(TaskReader(unit)))
                Tasks(unit).snooze(person, snooze)
        elif chance < 0.15:
            finish(self.store, report, now)
        elif chance < 0.16:
            with self.store.begin() as unit:
                TaskDoor(unit, COUNTY, now).tapped("rnudge::y")
        elif chance < 0.17:
            with self.store.begin() as unit:
                mode = dice.choice(["on", "quieter", "on"])
                TaskDoor(unit, person, now).tapped(f"rm:{mode}")
        elif chance < 0.18:
            with self.store.begin() as unit:
                day = dice.choice(["20260206", "20260131", "20260213"])
                TaskDoor(unit, COUNTY, now).tapped(f"tk:{report:x}:d:{day}")

    def hour(self, now: datetime) -> None:
        """
        What is due is claimed; most is sent, some lost with a killed process.
        """
        for one in claimed(self.store, now):
            if self.dice.random() < 0.9:
                settle(self.store, one)
                self.sent.append((now, one))
        claimed(self.store, now)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_through_a_season_the_index_names_everybody_who_is_due(store: Store, seed: int):
    """
    After each hour's ticks no clerk is left whom the decision would remind.

    And nobody is sent two messages on one day but on a deadline, none outside hours, none
    on a free day that is no deadline.
    """
    county = County(store, seed)
    now, end = at("2025-12-29 07:30"), at("2026-02-20 19:30")
    while now < end:
        if 7 <= now.hour < 19:
            county.happen(now)
            county.hour(now)
            with store.read() as reader:
                lines, _ = explain(reader, now)
            # An administrator is looked at once a day, or when there is news.
            late = [
                one.line for one in lines if one.due and (one.person != COUNTY or now.hour == 9)
            ]
            assert [] == late, now
        now += timedelta(hours=1)

    with store.read() as reader:
        deadlines = {one.task.deadline for one in TaskReader(reader).administered(None, AUTUMN)} | {
            date(2026, 1, 31),
            date(2026, 2, 6),
            date(2026, 2, 13),
        }
        calendar = calendar_of(TaskReader(reader))
    per_day = Counter((one.person, one.day) for _, one in county.sent)
    assert 60 < len(county.sent)
    assert {1} == {n for (_, day), n in per_day.items() if day not in deadlines}
    assert all(9 <= moment.hour < 18 for moment, _ in county.sent)
    assert all(calendar.works(one.day) or one.day in deadlines for _, one in county.sent)
    kinds = {
        ReminderKind.STEP,
        ReminderKind.OVERDUE,
        ReminderKind.SUMMARY,
        ReminderKind.NUDGE,
        ReminderKind.AGAIN,
    }
    with store.begin() as unit:
        rows = unit.connection.exec_driver_sql("SELECT DISTINCT kind FROM reminded").fetchall()
    assert {kind.value for kind in kinds} <= {row[0] for row in rows}


def test_modes_are_what_the_store_may_hold(store: Store):
    """
    Every mode there is can be kept.
    """
    office(store, TOWN, {WANG: "王芳"})
    for mode in Mode:
        with store.begin() as unit:
            reply = TaskDoor(unit, WANG, WEEK_BEFORE).tapped(f"rm:{mode.value}")
            assert reply is not None
            found = TaskReader(unit).person_to_remind(WANG, WEEK_BEFORE.astimezone(SHANGHAI))
        assert found is not None
        assert mode is found.member.mode
    assert task_id(1) == "1"
