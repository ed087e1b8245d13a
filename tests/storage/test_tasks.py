"""
Tasks, whom to look at, and claims: once each, whatever happens in between.
"""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.memberships import begin_invited
from conversations.form.local_notice import NOTHING
from conversations.form.organ import Level
from conversations.reminders.decide import Reminder
from conversations.reminders.known import PersonToRemind, UnsentReminder
from conversations.reminders.open_work import Progress
from conversations.reminders.people import Mode, Snooze
from conversations.reminders.tasks import ReminderKind, Task
from storage import Store
from storage.members import Members
from storage.messages import REMIND
from storage.people import People
from storage.reminders import CHECK_IMMEDIATELY, task_id
from storage.tasks import TaskReader, Tasks
from tests.county import AUTUMN, TOWN, WEEK_BEFORE, answer, office
from tests.storage.clerk import leaves

WANG, LI, ZHAO = 101, 102, 103


def seen(store: Store, person: int) -> PersonToRemind:
    with store.read() as reader:
        found = TaskReader(reader).person_to_remind(person, WEEK_BEFORE)
    assert found is not None
    return found


def plan(store: Store, person: int, days: float | None) -> None:
    """
    As a tick does that found nothing to say.
    """
    one = seen(store, person)
    next_check_at = None if days is None else WEEK_BEFORE + timedelta(days=days)
    with store.begin() as unit:
        Tasks(unit).plan(person, one.next_check_at, next_check_at)


def due(store: Store) -> list[int]:
    with store.read() as reader:
        return [one.person for one in TaskReader(reader).due(WEEK_BEFORE, 100)]


def reminder(
    store: Store, person: int, kind: ReminderKind = ReminderKind.STEP, number: int = 1
) -> Reminder:
    one = seen(store, person)
    return Reminder(
        kind, date(2026, 1, 23), 7, number, one.clerk_of[0].task, one.member, Progress()
    )


def claim(store: Store, one: Reminder) -> bool:
    with store.begin() as unit:
        lease = WEEK_BEFORE + timedelta(minutes=5)
        person = int(one.member.id)
        return Tasks(unit).claim(person, (one,), "{}", WEEK_BEFORE, lease) is not None


def test_a_task_comes_back_as_it_was_stored(store: Store):
    """
    Its dates and whose sections are whose.
    """
    report = office(store, clerks={WANG: "王芳", LI: "李伟"}, internal=date(2026, 1, 20))

    with store.begin() as unit:
        Tasks(unit).assign(report, "requests", LI)
        Tasks(unit).assign(report, "overview", WANG)
        Tasks(unit).assign(report, "overview", None)
        found = Tasks(unit).task(report)

    expected = Task(
        task_id(report),
        TOWN,
        2025,
        date(2026, 1, 31),
        date(2026, 1, 20),
        assigned=(("requests", str(LI)),),
    )
    assert expected == found


def test_what_a_task_asks_for_is_known_wherever_the_report_is(store: Store):
    """
    To whoever fills it in, to the reminders, and to the year after.
    """
    report = office(store, clerks={WANG: "王芳"})
    notice = NOTHING.asking("政务微信发布信息", "条").allowing("overview", 1000)
    notice = notice.heading("overview", ["主动公开", "依申请公开"])
    with store.begin() as unit:
        Tasks(unit).remember(report, "1,0", 0)
        task = Tasks(unit).task(report)
        assert task is not None
        Tasks(unit).set_task(replace(task, notice=notice), report)

    with store.read() as reader:
        assert notice == reader.load(report, "a").notice == reader.notice(report)
    own = seen(store, WANG).clerk_of[0]
    assert (notice, None) == (own.task.notice, own.work)


def test_the_sections_of_somebody_who_has_left_are_everybodys_again(store: Store):
    """
    Else nobody would be reminded of them.
    """
    report = office(store, clerks={WANG: "王芳", LI: "李伟"})
    with store.begin() as unit:
        Tasks(unit).assign(report, "requests", LI)
        Tasks(unit).assign(report, "review", WANG)
        leaves(unit, LI, TOWN, AUTUMN)
        found = Tasks(unit).task(report)

    assert found is not None
    assert (("review", str(WANG)),) == found.assigned
    assert found.assigned == seen(store, WANG).clerk_of[0].task.assigned


def test_a_report_opened_by_a_clerk_gets_a_task_by_itself(store: Store):
    """
    Due on 31 January after the year; what is due today is known to whoever has opened it.
    """
    with store.begin() as unit:
        report = unit.open_report(TOWN, 2025, now=AUTUMN, edition="2021")
        people = People(unit)
        people.begin(WANG, AUTUMN)
        people.join(WANG, unit.organ(TOWN, AUTUMN), "clerk", AUTUMN)
        Tasks(unit).opened(report, 2025, Level.TOWNSHIP, WANG, date(2026, 1, 20))

    own = seen(store, WANG).clerk_of[0]
    assert (date(2026, 1, 31), date(2026, 1, 21)) == (own.task.deadline, own.since)
    assert [WANG] == due(store)


def test_a_countys_own_report_is_due_on_the_last_of_march_until_its_level_is_corrected(
    store: Store,
):
    """
    条例第四十九条. What an administrator has set stays, whatever the level.
    """
    county = "定远县人民政府"
    with store.begin() as unit:
        report = unit.open_report(county, 2025, now=AUTUMN, edition="2021")
        tasks = Tasks(unit)
        tasks.opened(report, 2025, Level.COUNTY, WANG, date(2026, 1, 20))
        first = tasks.task(report)
        tasks.level_changed(report, Level.COUNTY, Level.BUREAU)
        second = tasks.task(report)
        assert first
        tasks.set_task(replace(first, deadline=date(2026, 2, 15)), report)
        tasks.level_changed(report, Level.BUREAU, Level.COUNTY)
        third = tasks.task(report)

    assert second
    assert third
    assert [date(2026, 3, 31), date(2026, 1, 31), date(2026, 2, 15)] == [
        first.deadline,
        second.deadline,
        third.deadline,
    ]


def test_who_was_invited_before_invitations_began_a_task_gets_one_once(store: Store):
    """
    Whoever has joined or not; what has a task, is no organ's clerk or was taken back gets none.
    """
    joined, invited, begun, revoked, led = "甲镇", "乙镇", "丙镇", "丁镇", "戊镇"
    until = WEEK_BEFORE + timedelta(days=7)
    with store.begin() as unit:
        people = People(unit)
        ids = {
            name: unit.organ(name, WEEK_BEFORE) for name in (joined, invited, begun, revoked, led)
        }
        people.begin(201, WEEK_BEFORE)
        people.join(201, ids[joined], "clerk", WEEK_BEFORE, "operator")
        for name in (invited, begun, revoked):
            people.invite(f"code {name}", ids[name], "clerk", "operator", WEEK_BEFORE, until)
        people.invite("code", ids[led], "administrator", "operator", WEEK_BEFORE, until)
        (link,) = Members(unit).invitations(WEEK_BEFORE, ids[revoked])
        Members(unit).revoke(ids[revoked], link.id, WEEK_BEFORE)
        report = unit.open_report(begun, 2023, now=WEEK_BEFORE, edition="2021")
        Tasks(unit).begin(report, 2023, Level.TOWNSHIP, WEEK_BEFORE.date())

    def years() -> dict[str, list[int]]:
        with store.read() as reader:
            return {name: list(reader.years(name)) for name in ids}

    for moment in (AUTUMN, WEEK_BEFORE, WEEK_BEFORE):
        with store.begin() as unit:
            begin_invited(unit, moment)
        began = [2025] if moment is WEEK_BEFORE else []
        assert {joined: began, invited: began, begun: [2023], revoked: [], led: []} == years()

    with store.read() as reader:
        report_id = reader.find_report(joined, 2025)
        assert report_id is not None
        task = TaskReader(reader).task(report_id)
    assert task is not None
    assert date(2026, 1, 31) == task.deadline
    assert [report_id] == [own.report_id for own in seen(store, 201).clerk_of]


def test_opening_it_again_changes_no_task(store: Store):
    """
    The dates an administrator has set stay.
    """
    report = office(store, clerks={WANG: "王芳"}, deadline=date(2026, 3, 31))

    with store.begin() as unit:
        Tasks(unit).opened(report, 2025, Level.TOWNSHIP, WANG, date(2026, 1, 20))

    own = seen(store, WANG).clerk_of[0]
    assert (date(2026, 3, 31), None) == (own.task.deadline, own.since)


def test_a_report_of_long_ago_gets_none(store: Store):
    """
    Typing in the figures of 2022 is no work that anybody waits for.
    """
    with store.begin() as unit:
        report = unit.open_report(TOWN, 2022, now=AUTUMN, edition="2021")
        Tasks(unit).opened(report, 2022, Level.TOWNSHIP, WANG, date(2026, 1, 20))

        assert Tasks(unit).task(report) is None


def test_who_was_planned_for_later_is_not_looked_at(store: Store):
    """
    And is, once the moment has come.
    """
    office(store, clerks={WANG: "王芳", LI: "李伟", ZHAO: "赵敏"})
    plan(store, WANG, 1)
    plan(store, LI, -1)
    plan(store, ZHAO, None)

    assert [LI] == due(store)


def test_a_plan_made_from_what_was_true_before_is_dropped(store: Store):
    """
    Something has happened between looking and planning: the person is looked at again.
    """
    office(store, clerks={WANG: "王芳"})
    plan(store, WANG, 1)
    before = seen(store, WANG)
    with store.begin() as unit:
        Tasks(unit).snooze(WANG, Snooze(date(2026, 1, 23), date(2026, 1, 26)))

    with store.begin() as unit:
        Tasks(unit).plan(WANG, before.next_check_at, None)

    assert [WANG] == due(store)


@pytest.mark.parametrize(
    "happens",
    ["date", "withdrawn", "assigned", "nudged", "wishes", "snoozed", "calendar", "year", "answer"],
)
def test_whatever_changes_the_answer_wakes(store: Store, happens: str):
    """
    Nobody's moment is computed anew by anybody but the tick.
    """
    report = office(store, clerks={WANG: "王芳"})
    plan(store, WANG, None)
    assert [] == due(store)

    if happens == "answer":
        answer(store, report, {"requests.received.natural_person": 3}, AUTUMN)
    with store.begin() as unit:
        tasks = Tasks(unit)
        task = tasks.task(report)
        assert task is not None
        match happens:
            case "date":
                tasks.set_task(replace(task, deadline=date(2026, 2, 15)), report)
            case "withdrawn":
                tasks.set_task(replace(task, withdrawn=True), report)
            case "assigned":
                tasks.assign(report, "requests", WANG)
            case "nudged":
                tasks.nudge(report, WANG, WEEK_BEFORE, "1")
            case "wishes":
                tasks.wishes(WANG, Mode.QUIETER, time(8), time(12), None)
            case "snoozed":
                tasks.snooze(WANG, None)
            case "calendar":
                tasks.put_day(date(2026, 1, 23), works=False)
            case "year":
                tasks.put_year(2027, complete=True)

    assert [WANG] == due(store)


def test_an_answer_does_not_wake_whoever_still_has_something_to_do(store: Store):
    """
    The moment is the same with one question less: an answer costs no look.
    """
    report = office(store, clerks={WANG: "王芳"})
    plan(store, WANG, 1)

    answer(store, report, {"requests.received.natural_person": 3}, AUTUMN)

    assert [] == due(store)


def test_wishes_are_the_persons_and_come_back(store: Store):
    """
    Half past eight to half past five, quieter.
    """
    office(store, clerks={WANG: "王芳"})

    with store.begin() as unit:
        Tasks(unit).wishes(WANG, Mode.QUIETER, time(8, 30), time(17, 30), date(2026, 1, 5))

    member = seen(store, WANG).member
    assert (Mode.QUIETER, time(8, 30), time(17, 30), date(2026, 1, 5)) == (
        member.mode,
        member.start,
        member.end,
        member.since,
    )


def test_a_reminder_is_claimed_once(store: Store):
    """
    Per report, member, kind and date, and per place in the member's day.
    """
    office(store, clerks={WANG: "王芳", LI: "李伟"})
    one = reminder(store, WANG)

    assert claim(store, one)
    assert not claim(store, one)
    assert not claim(store, replace(one, kind=ReminderKind.NUDGE))
    assert not claim(store, replace(one, number=2))
    assert claim(store, replace(one, kind=ReminderKind.LAST_CALL, number=2))
    assert claim(store, reminder(store, LI))


def test_what_was_claimed_counts_as_sent_and_is_an_outgoing_row(store: Store):
    """
    The decision sees it at once; until its lease is over nobody looks again.
    """
    office(store, clerks={WANG: "王芳"})
    claim(store, reminder(store, WANG))

    one = seen(store, WANG)
    assert [(ReminderKind.STEP, date(2026, 1, 23), 7, 1)] == [
        (d.kind, d.day, d.step, d.number) for d in one.deliveries
    ]
    assert WEEK_BEFORE + timedelta(minutes=5) == one.next_check_at == one.pending[0].lease
    with store.begin() as unit:
        rows = unit.connection.exec_driver_sql(
            "SELECT method, chat, state FROM outgoing"
        ).fetchall()
    assert [(REMIND, WANG, 0)] == [tuple(row) for row in rows]


def test_a_claim_given_back_was_never_made(store: Store):
    """
    Given back once; somebody else's settled claim cannot be.
    """
    office(store, clerks={WANG: "王芳", LI: "李伟"})
    claim(store, reminder(store, WANG))
    claim(store, reminder(store, LI))
    (wang,), (li,) = seen(store, WANG).pending, seen(store, LI).pending

    with store.begin() as unit:
        tasks = Tasks(unit)
        tasks.settle(LI, li.day, li.number, li.outgoing, 77)
        assert [True, False, False] == [
            tasks.release(WANG, wang),
            tasks.release(WANG, wang),
            tasks.release(LI, li),
        ]

    assert ((), CHECK_IMMEDIATELY) == (
        seen(store, WANG).deliveries,
        seen(store, WANG).next_check_at,
    )
    assert 1 == len(seen(store, LI).deliveries)
    assert claim(store, reminder(store, WANG))


def test_a_message_that_was_sent_is_over(store: Store):
    """
    It has Telegram's id, and no lease any more.
    """
    office(store, clerks={WANG: "王芳"})
    claim(store, reminder(store, WANG))
    (one,) = seen(store, WANG).pending

    with store.begin() as unit:
        Tasks(unit).settle(WANG, one.day, one.number, one.outgoing, 77)

    assert () == seen(store, WANG).pending
    with store.begin() as unit:
        rows = unit.connection.exec_driver_sql("SELECT state, message_id FROM outgoing").fetchall()
    assert [(2, 77)] == [tuple(row) for row in rows]


def test_an_administrator_sees_their_organs_and_whom_nobody_can_reach(store: Store):
    """
    Those in the settings see all; a withdrawn task is nobody's.
    """
    office(store, "甲镇人民政府", {WANG: "王芳"}, administrators={9: "县办"})
    office(store, "乙镇人民政府", {LI: "李伟"})
    gone = office(store, "丙镇人民政府", {ZHAO: "赵敏"}, administrators={9: "县办"})
    with store.begin() as unit:
        tasks = Tasks(unit)
        task = tasks.task(gone)
        assert task is not None
        tasks.set_task(replace(task, withdrawn=True), gone)
        People(unit).reachable(WANG, False)
        tasks.reaches(WANG, date(2026, 1, 12))
        mine = tasks.administered(9, WEEK_BEFORE)
        everything = tasks.administered(None, WEEK_BEFORE)

    assert [("甲镇人民政府", ("王芳",), date(2026, 1, 12))] == [
        (one.task.organ, one.unreachable, one.unreachable_since) for one in mine
    ]
    assert ["乙镇人民政府", "甲镇人民政府"] == sorted(one.task.organ for one in everything)


def test_a_blocked_member_wakes_the_administrators(store: Store):
    """
    So that they hear of it that day.
    """
    office(store, clerks={WANG: "王芳"}, administrators={9: "县办"})
    with store.begin() as unit:
        Tasks(unit).administrators([7])
    for person in (WANG, 9, 7):
        plan(store, person, None)

    with store.begin() as unit:
        Tasks(unit).reaches(WANG, date(2026, 1, 12))

    assert [7, 9] == due(store)


def test_those_in_the_settings_and_nobody_else_look_after_everything(store: Store):
    """
    Whoever was taken out of the settings sees no longer.
    """
    with store.begin() as unit:
        Tasks(unit).administrators([7, 8])
    with store.begin() as unit:
        Tasks(unit).administrators([8])

    assert [False, True] == [seen(store, 7).everything, seen(store, 8).everything]


def test_the_calendar_an_administrator_entered_comes_back(store: Store):
    """
    Days worked and free; one taken out is the library's again.
    """
    with store.begin() as unit:
        tasks = Tasks(unit)
        tasks.put_day(date(2027, 2, 8), works=True)
        tasks.put_day(date(2027, 2, 8), works=False)
        tasks.put_day(date(2027, 2, 20), works=True)
        tasks.put_day(date(2027, 2, 9), works=False)
        tasks.put_day(date(2027, 2, 9), works=None)
        tasks.put_year(2027, complete=True)
        tasks.put_year(2028, complete=True)
        tasks.put_year(2028, complete=False)
        found = tasks.overrides()

    assert ({date(2027, 2, 8): False, date(2027, 2, 20): True}, (2027,)) == found


def test_what_is_open_is_remembered_until_an_answer_changes(store: Store):
    """
    A count of open questions is worth nothing after the next answer.
    """
    report = office(store, clerks={WANG: "王芳"})
    answer(store, report, {"requests.received.natural_person": 3}, AUTUMN)
    with store.begin() as unit:
        newest = unit.load(report, "1").history
        Tasks(unit).remember(report, "1,0;3,5,331,0", newest)
    assert "1,0;3,5,331,0" == seen(store, WANG).clerk_of[0].work

    answer(store, report, {"requests.received.natural_person": 4}, AUTUMN)

    assert seen(store, WANG).clerk_of[0].work is None


def test_two_transactions_cannot_both_release(shared_store: Store):
    """
    The lease that was seen is the condition.
    """
    office(shared_store, clerks={WANG: "王芳"})
    claim(shared_store, reminder(shared_store, WANG))
    (old,) = seen(shared_store, WANG).pending
    later = UnsentReminder(old.day, old.number, old.lease + timedelta(minutes=5), old.outgoing)

    with shared_store.begin() as unit:
        assert not Tasks(unit).release(WANG, later)
        assert Tasks(unit).release(WANG, old)
