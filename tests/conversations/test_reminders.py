from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.form.answers import Answers
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021
from conversations.form.model import SectionKind
from conversations.reminders.calendar import SHANGHAI, Calendar
from conversations.reminders.decide import (
    Case,
    Delivery,
    Reminder,
    Sent,
    Why,
    by_urgency,
    decide,
    next_due,
    why_no_nudge,
)
from conversations.reminders.open_work import (
    Missing,
    OpenWork,
    OrganState,
    Overview,
    Progress,
    Waiting,
    is_finished,
    open_work,
    own_part,
    pace,
    taps,
)
from conversations.reminders.people import Member, Mode, Snooze, next_week, tomorrow
from conversations.reminders.tasks import (
    ReminderKind,
    Task,
    candidate_deadlines,
    collective,
    dates_of,
    reminder_dates,
)
from conversations.sign_off.states import ReportState, Role
from conversations.talk.derived import remaining
from tests.county import delivered
from tests.dialogue import Clerk, whole, zeros
from tests.said import numbers

WEEKENDS = Calendar()
# 国务院办公厅关于2026年部分节假日安排的通知: the winter's part of it.
CALENDAR_2026 = Calendar(
    known=frozenset({2025, 2026}),
    free=frozenset(
        {date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 23)}
        | {date(2026, 2, n) for n in range(16, 21)}
    ),
    working=frozenset({date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}),
)
TASK = Task("t1", "雷鸣镇人民政府", 2026, date(2027, 1, 31))
EARLY = replace(TASK, internal=date(2027, 1, 20))
CLERK = Member("m1")
OPEN = Progress(missing=(Missing("requests", "三、…", 12, SectionKind.TABLE),), next_number=300)
DONE = Progress(finished=True)
QUARTER = timedelta(minutes=15)
BOSS = Member("a1", Role.ADMINISTRATOR)
NOTHING = Sent()
GROUP = collective(2026, date(2027, 1, 31))
BEHIND = Overview((OrganState("甲镇", True), OrganState("乙镇", False)))


def at(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


WAITING = Waiting(at(1, 11, 10))  # a Monday
JUDGE = Member("l1", Role.LEADER)


def ask(
    now: datetime,
    task: Task = TASK,
    member: Member = CLERK,
    progress: Progress | Overview | Waiting = OPEN,
    sent: Sent = NOTHING,
) -> tuple[Reminder, ...]:
    reminder = decide(now, Case(task, member, progress, sent), WEEKENDS).reminder
    return (reminder,) if reminder else ()


def had(*deliveries: tuple[ReminderKind, datetime]) -> Sent:
    return Sent(tuple(Delivery("t1", kind, when.date(), when) for kind, when in deliveries))


def days(task: Task, calendar: Calendar, kinds: set[ReminderKind]) -> list[tuple[date, int | None]]:
    found = reminder_dates(task.deadline, task.internal, calendar)
    return [(slot.day, slot.step) for slot in found if slot.kind in kinds]


def own(task: Task, member: Member, answers: Answers, *, finished: bool) -> Progress:
    """A clerk's part of a report with these answers."""
    form = ANNUAL_REPORT_2021
    return own_part(task, member, form, open_work(form, answers), finished=finished)


def live(
    first: date, last: date, task: Task, member: Member, calendar: Calendar = WEEKENDS
) -> list[tuple[ReminderKind, date, str]]:
    """What a clerk who does nothing is sent, asked every half hour."""
    sent: list[Delivery] = []
    found = []
    now = datetime.combine(first, time(), SHANGHAI)
    while now.date() <= last:
        reminder = decide(now, Case(task, member, OPEN, Sent(tuple(sent))), calendar).reminder
        if reminder:
            sent.append(delivered(reminder, now))
            found.append((reminder.kind, reminder.day, f"{now:%H:%M}"))
        now += timedelta(minutes=30)
    return found


# ---- the dates ---------------------------------------------------------------------------


def test_the_steps_to_a_sunday_deadline_fall_on_working_days_before():
    """
    31 January 2027 is a Sunday: the last step is on the Friday, the day itself stays.
    """
    found = days(TASK, WEEKENDS, {ReminderKind.STEP, ReminderKind.DEADLINE})

    assert [
        (date(2027, 1, 4), 30),
        (date(2027, 1, 15), 14),
        (date(2027, 1, 22), 7),
        (date(2027, 1, 28), 3),
        (date(2027, 1, 29), 1),
        (date(2027, 1, 31), 0),
    ] == found


def test_a_step_on_new_years_day_moves_to_a_make_up_sunday():
    """
    4 January 2026 is a Sunday on which offices work: the 30-day step is then.
    """
    task = replace(TASK, year=2025, deadline=date(2026, 1, 31))

    found = days(task, CALENDAR_2026, {ReminderKind.STEP})

    assert (date(2026, 1, 4), 30) == found[0]
    assert (date(2026, 1, 16), 14) == found[1]


@pytest.mark.parametrize("deadline", [date(2026, 1, n) for n in range(4, 16)])
def test_no_step_falls_on_the_first_three_days_of_the_year(deadline: date):
    """
    Neither one counted onto them nor one moved back onto them, in a known year or not.
    """
    for calendar in (WEEKENDS, CALENDAR_2026):
        found = days(replace(TASK, deadline=deadline), calendar, {ReminderKind.STEP})

        assert [] == [day for day, _ in found if day.month == 1 and day.day <= 3]


def test_the_last_steps_come_before_the_spring_festival_as_one():
    """
    Deadline 24 February 2026, holidays from the 15th: 7, 3 and 1 days meet on the 14th.
    """
    task = replace(TASK, year=2025, deadline=date(2026, 2, 24))

    found = days(task, CALENDAR_2026, {ReminderKind.STEP, ReminderKind.DEADLINE})

    assert [(date(2026, 2, 14), 1), (date(2026, 2, 24), 0)] == found[-2:]
    assert [30, 14, 1, 0] == [step for _, step in found]


def test_overdue_days_are_daily_for_two_weeks_then_weekly_and_pause_for_holidays():
    """
    After 31 January 2026 each working day up to 14 February, then Saturday's week moved.
    """
    task = replace(TASK, year=2025, deadline=date(2026, 1, 31))

    found = [day for day, _ in days(task, CALENDAR_2026, {ReminderKind.OVERDUE})]

    february = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 24, 28]
    assert [date(2026, 2, n) for n in february] == [
        d for d in found if (2026, 2) == (d.year, d.month)
    ]
    assert [date(2026, 3, n) for n in (9, 16, 23, 30)] == [
        d for d in found if (2026, 3) == (d.year, d.month)
    ]


def test_the_internal_date_counts_and_the_deadline_speaks_too():
    """
    Steps to 20 January, the day itself, overdue from the 21st, the last steps again.
    """
    found = reminder_dates(EARLY.deadline, EARLY.internal, WEEKENDS)

    january = [
        (s.day.day, s.kind.value, s.step) for s in found if (2027, 1) == (s.day.year, s.day.month)
    ]
    assert [
        (6, "step", 14),
        (13, "step", 7),
        (15, "step", 3),
        (19, "step", 1),
        (20, "step", 0),
        (21, "overdue", None),
        (22, "step", 7),
        (25, "overdue", None),
        (26, "overdue", None),
        (27, "overdue", None),
        (28, "step", 3),
        (29, "step", 1),
        (31, "deadline", 0),
    ] == january
    assert (date(2026, 12, 21), 30) == (found[0].day, found[0].step)


def test_an_internal_date_on_a_sunday_is_reminded_of_on_the_friday():
    """
    Only the deadline itself is worth a Sunday.
    """
    found = days(replace(TASK, internal=date(2027, 1, 17)), WEEKENDS, {ReminderKind.STEP})

    assert (date(2027, 1, 15), 0) in found


def test_a_quieter_member_keeps_seven_one_the_day_and_the_weeks():
    """
    In January three dates, from February on one a week.
    """
    found = [s.day for s in dates_of(TASK, replace(CLERK, mode=Mode.QUIETER), WEEKENDS)]

    assert [
        date(2027, 1, 22),
        date(2027, 1, 29),
        date(2027, 1, 31),
        date(2027, 2, 8),
        date(2027, 2, 15),
        date(2027, 2, 22),
    ] == found[:6]


def test_a_quieter_member_keeps_a_seven_day_step_that_meets_another():
    """
    25 to 28 January free: the 7- and 3-day steps are one, on the 22nd.
    """
    calendar = Calendar(free=frozenset(date(2027, 1, n) for n in range(25, 29)))

    found = dates_of(TASK, replace(CLERK, mode=Mode.QUIETER), calendar)

    assert (date(2027, 1, 22), 3) == (found[0].day, found[0].step)


@settings(max_examples=60)
@given(
    deadline=st.dates(date(2026, 1, 4), date(2028, 1, 1)),
    gap=st.integers(0, 60),
    free=st.frozensets(st.dates(date(2025, 12, 1), date(2028, 3, 1)), max_size=60),
    working=st.frozensets(st.dates(date(2025, 12, 1), date(2028, 3, 1)), max_size=20),
    unknown=st.booleans(),
)
def test_every_date_but_the_deadline_is_a_working_day_and_stands_once(
    deadline: date, gap: int, free: frozenset[date], working: frozenset[date], unknown: bool
):
    """
    Whatever the holidays, and whatever lies between the internal date and the deadline.
    """
    known = frozenset() if unknown else frozenset(range(2025, 2030))
    calendar = Calendar(known, free - working, working)

    found = reminder_dates(deadline, deadline - timedelta(days=gap), calendar)

    assert [] == [s for s in found if s.day != deadline and not calendar.works(s.day)]
    assert sorted({s.day for s in found}) == [s.day for s in found]
    assert [deadline] == [s.day for s in found if s.kind is ReminderKind.DEADLINE]
    assert all(s.day < deadline for s in found if s.kind is ReminderKind.STEP)


# ---- who hears nothing -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "task", "member", "progress"),
    [
        (Why.WITHDRAWN, replace(TASK, withdrawn=True), CLERK, OPEN),
        (Why.FINISHED, TASK, CLERK, DONE),
        (Why.OWN_PART_DONE, TASK, CLERK, Progress()),
        (Why.UNREACHABLE, TASK, replace(CLERK, reachable=False), OPEN),
        (Why.OFF, TASK, replace(CLERK, mode=Mode.OFF), OPEN),
        (Why.WITH_LEADER, TASK, CLERK, replace(OPEN, state=ReportState.SUBMITTED)),
        (Why.OFF, TASK, replace(JUDGE, mode=Mode.OFF), WAITING),
        (Why.FINISHED, GROUP, BOSS, Overview((OrganState("甲镇", True),))),
    ],
)
def test_silence_has_its_reason(
    why: Why, task: Task, member: Member, progress: Progress | Overview | Waiting
):
    """
    On the deadline at 15:00, when everybody else would hear something.
    """
    now = at(1, 31, 15)
    case = Case(task, member, progress, Sent(nudges=(at(1, 31, 14),)))

    found = decide(now, case, WEEKENDS)

    assert (why, None) == (found.why, found.reminder)
    assert None is next_due(now, case, WEEKENDS)


MOMENTS = [(10, 59), (11, 0), (13, 59), (14, 0)]


def test_working_hours_are_the_members_own_and_end_before_the_last_minute():
    """
    Two hours further west, from 9:00 to 12:00 is 11:00 to 14:00 in Shanghai.
    """
    west = replace(CLERK, zone=timezone(timedelta(hours=6)), start=time(9), end=time(12))

    found = [bool(ask(at(1, 22, hour, minute), member=west)) for hour, minute in MOMENTS]

    assert [False, True, True, False] == found


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller():
    """
    Nobody can say whose nine o'clock it is.
    """
    naive = at(1, 22).replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        ask(naive)


def test_the_progress_must_be_of_the_members_role():
    """
    A clerk is not told about the others, an administrator not about one form.
    """
    with pytest.raises(TypeError):
        ask(at(1, 22), progress=BEHIND)
    with pytest.raises(TypeError):
        ask(at(1, 22), member=BOSS)


def test_hours_and_dates_that_cannot_be_are_refused():
    """
    Where they are made, not when a reminder is due.
    """
    with pytest.raises(ValueError, match="working hours"):
        Member("m1", start=time(18), end=time(9))
    with pytest.raises(ValueError, match="after deadline"):
        replace(TASK, internal=date(2027, 2, 1))


# ---- a whole winter ----------------------------------------------------------------------


def test_who_does_nothing_hears_each_date_once_and_the_deadline_twice():
    """
    Asked every half hour from December to the middle of February.
    """
    found = live(date(2026, 12, 1), date(2027, 2, 10), TASK, CLERK)

    assert [
        (ReminderKind.STEP, date(2027, 1, 4), "09:00"),
        (ReminderKind.STEP, date(2027, 1, 15), "09:00"),
        (ReminderKind.STEP, date(2027, 1, 22), "09:00"),
        (ReminderKind.STEP, date(2027, 1, 28), "09:00"),
        (ReminderKind.STEP, date(2027, 1, 29), "09:00"),
        (ReminderKind.DEADLINE, date(2027, 1, 31), "09:00"),
        (ReminderKind.LAST_CALL, date(2027, 1, 31), "15:00"),
        *((ReminderKind.OVERDUE, date(2027, 2, n), "09:00") for n in (1, 2, 3, 4, 5, 8, 9, 10)),
    ] == found


def test_a_quieter_member_hears_once_on_the_deadline():
    """
    Quieter is quieter on that day too.
    """
    found = live(date(2027, 1, 30), date(2027, 1, 31), TASK, replace(CLERK, mode=Mode.QUIETER))

    assert [(ReminderKind.DEADLINE, date(2027, 1, 31), "09:00")] == found[-1:]
    assert 1 == sum(day == date(2027, 1, 31) for _, day, _ in found)


def test_after_days_of_silence_only_the_latest_is_said():
    """
    The machine was off from before the 7-day to after the 3-day step.
    """
    before = had((ReminderKind.STEP, at(1, 15)))

    (found,) = ask(at(1, 28, 11), sent=before)

    assert (ReminderKind.STEP, 3) == (found.kind, found.step)
    assert () == ask(at(1, 28, 11, 1), sent=Sent((*before.deliveries, delivered(found, at(1, 28)))))


def test_a_step_missed_on_its_day_is_made_up_for_on_the_next_working_day():
    """
    Off on Friday: not on Saturday, but on Monday.
    """
    before = had((ReminderKind.STEP, at(1, 15)))

    assert () == ask(at(1, 23), sent=before)
    assert [7] == [r.step for r in ask(at(1, 25), sent=before)]


def test_back_on_the_afternoon_of_the_deadline_one_message_is_enough():
    """
    The morning's is not made up for beside the afternoon's.
    """
    (found,) = ask(at(1, 31, 15, 10))

    assert (ReminderKind.LAST_CALL, 1) == (found.kind, found.number)
    assert () == ask(at(1, 31, 17), sent=Sent((delivered(found, at(1, 31, 15, 10)),)))


def test_the_two_messages_of_the_deadline_are_hours_apart():
    """
    A late morning's message moves the afternoon's.
    """
    sent = had((ReminderKind.DEADLINE, at(1, 31, 13, 30)))

    found = [bool(ask(at(1, 31, hour, 30), sent=sent)) for hour in (15, 16)]

    assert [False, True] == found


def test_who_joined_is_not_told_what_was_before():
    """
    A clerk who comes on 20 January hears of the 7-day step first.
    """
    new = replace(CLERK, since=date(2027, 1, 20))

    assert () == ask(at(1, 20, 10), member=new)
    assert [7] == [r.step for r in ask(at(1, 22), member=new)]


def test_a_moved_deadline_counts_at_once():
    """
    Nothing is planned ahead, so nothing has to be planned anew.
    """
    sent = had((ReminderKind.STEP, at(1, 29)))
    later = replace(TASK, deadline=date(2027, 2, 28))

    found = [r.step for r in ask(at(2, 12), task=later, sent=sent)]

    assert () == ask(at(1, 31), task=later, sent=sent)
    assert [14] == found


def test_the_same_question_has_the_same_answer_and_an_answered_one_none():
    """
    `due` remembers nothing; what was claimed counts as sent.
    """
    first, second = ask(at(1, 22)), ask(at(1, 22))

    assert 1 == len(first)
    assert first == second
    found = first[0]
    assert ("t1", "m1", ReminderKind.STEP, date(2027, 1, 22)) == (
        found.task.id,
        found.member.id,
        found.kind,
        found.day,
    )
    assert () == ask(at(1, 22), sent=Sent((delivered(first[0], at(1, 22)),)))


# ---- putting off and being nudged --------------------------------------------------------


def test_tomorrow_means_the_next_working_day_and_a_word_then():
    """
    Put off on Friday the 15th: silent until Monday, when no date of the task is.
    """
    sent = had((ReminderKind.STEP, at(1, 15)))
    member = replace(CLERK, snooze=tomorrow(at(1, 15, 10), CLERK, WEEKENDS))

    (found,) = ask(at(1, 18), member=member, sent=sent)

    assert Snooze(date(2027, 1, 15), date(2027, 1, 18), again=True) == member.snooze
    assert ReminderKind.AGAIN is found.kind
    after = Sent((*sent.deliveries, delivered(found, at(1, 18))))
    assert () == ask(at(1, 19), member=member, sent=after)


def test_this_week_is_silent_until_monday_and_missed_steps_are_said_once():
    """
    Put off on Tuesday the 26th with the 3- and 1-day steps before it; the deadline speaks.
    """
    member = replace(CLERK, snooze=next_week(at(1, 26), CLERK))
    sent = had((ReminderKind.STEP, at(1, 22)))

    found = [[r.kind for r in ask(at(1, n), member=member, sent=sent)] for n in (28, 29, 31)]

    assert [[], [], [ReminderKind.DEADLINE]] == found


def test_put_off_on_the_deadline_itself_the_afternoon_is_silent():
    """
    Who says 「明天再说」 that morning has heard it.
    """
    sent = had((ReminderKind.DEADLINE, at(1, 31)))
    member = replace(CLERK, snooze=tomorrow(at(1, 31, 9, 5), CLERK, WEEKENDS))

    assert Why.SNOOZED is decide(at(1, 31, 15), Case(TASK, member, OPEN, sent), WEEKENDS).why
    assert [ReminderKind.OVERDUE] == [r.kind for r in ask(at(2, 1), member=member, sent=sent)]


def test_a_nudge_is_that_days_message():
    """
    Asked for at night before the 7-day step, said in the morning, in place of the step.
    """
    sent = Sent(had((ReminderKind.STEP, at(1, 15))).deliveries, nudges=(at(1, 21, 22),))

    (found,) = ask(at(1, 22), sent=sent)

    assert (ReminderKind.NUDGE, 7) == (found.kind, found.step)
    after = Sent((*sent.deliveries, delivered(found, at(1, 22))), sent.nudges)
    assert () == ask(at(1, 22, 12), sent=after)
    assert () == ask(at(1, 25), sent=after)


@pytest.mark.parametrize(
    ("why", "member", "sent"),
    [
        (None, CLERK, Sent()),
        (Why.HAD_TODAY, CLERK, had((ReminderKind.STEP, at(1, 22)))),
        (Why.NUDGED_TODAY, CLERK, Sent(nudges=(at(1, 22, 9, 30),))),
        (None, CLERK, Sent(nudges=(at(1, 21, 9, 30),))),
        (Why.SNOOZED, replace(CLERK, snooze=next_week(at(1, 21), CLERK)), Sent()),
        (Why.OFF, replace(CLERK, mode=Mode.OFF), Sent()),
        (Why.UNREACHABLE, replace(CLERK, reachable=False), Sent()),
    ],
)
def test_a_nudge_respects_the_day_and_the_person(why: Why | None, member: Member, sent: Sent):
    """
    At most once a day, not beside another message, not against a wish.
    """
    found = why_no_nudge(at(1, 22, 10), Case(TASK, member, OPEN, sent))

    assert why == found


def test_on_the_deadline_a_nudge_takes_one_of_the_two_places():
    """
    Morning, nudge, and then nothing in the afternoon.
    """
    morning = had((ReminderKind.DEADLINE, at(1, 31))).deliveries
    (nudge,) = ask(at(1, 31, 11), sent=Sent(morning, (at(1, 31, 11),)))

    after = Sent((*morning, delivered(nudge, at(1, 31, 11))), (at(1, 31, 11),))

    assert (ReminderKind.NUDGE, 2) == (nudge.kind, nudge.number)
    assert Why.HAD_TODAY is decide(at(1, 31, 15), Case(TASK, CLERK, OPEN, after), WEEKENDS).why


def test_a_second_request_on_one_day_is_no_second_nudge():
    """
    Nudged at ten on the deadline, asked for again: the afternoon's word is the last call.
    """
    sent = Sent(
        had((ReminderKind.NUDGE, at(1, 31, 10))).deliveries, (at(1, 31, 9), at(1, 31, 10, 30))
    )

    assert () == ask(at(1, 31, 11), sent=sent)
    assert [ReminderKind.LAST_CALL] == [r.kind for r in ask(at(1, 31, 15), sent=sent)]


# ---- several tasks and the administrator -------------------------------------------------


def test_one_person_with_two_organs_gets_one_message():
    """
    Both organs in it, each recorded under its own key.
    """
    other = replace(TASK, id="t2", organ="永发镇人民政府")
    found = ask(at(1, 22), task=other) + ask(at(1, 22))

    message = by_urgency(found)

    assert ["t1", "t2"] == [r.task.id for r in message]
    assert {(ReminderKind.STEP, date(2027, 1, 22))} == {(r.kind, r.day) for r in message}


def test_a_message_about_one_organ_is_the_days_message_for_the_other_too():
    """
    A person has one day, however many organs.
    """
    sent = Sent((Delivery("t2", ReminderKind.NUDGE, date(2027, 1, 22), at(1, 22)),))

    assert Why.HAD_TODAY is decide(at(1, 22, 10), Case(TASK, CLERK, OPEN, sent), WEEKENDS).why
    assert [7] == [r.step for r in ask(at(1, 25), sent=sent)]


def test_the_administrator_gets_one_summary_a_date_also_on_the_deadline():
    """
    At nine; the afternoon's message is for those who have to fill in.
    """
    (found,) = ask(at(1, 31), GROUP, BOSS, BEHIND)

    sent = Sent((delivered(found, at(1, 31)),))
    assert ReminderKind.SUMMARY is found.kind
    assert () == ask(at(1, 31, 15), GROUP, BOSS, BEHIND, sent)
    assert [ReminderKind.SUMMARY] == [r.kind for r in ask(at(2, 1), GROUP, BOSS, BEHIND, sent)]


def test_news_on_the_deadline_are_no_second_summary_of_that_day():
    """
    A message came back that morning, after the summary: the administrator hears the next day.
    """
    lost = Overview((OrganState("乙镇", False, ("王",), date(2027, 1, 31)),))
    (first,) = ask(at(1, 31), GROUP, BOSS, BEHIND)
    sent = Sent((delivered(first, at(1, 31)),))

    assert () == ask(at(1, 31, 15), GROUP, BOSS, lost, sent)
    assert [ReminderKind.SUMMARY] == [r.kind for r in ask(at(2, 1), GROUP, BOSS, lost, sent)]


def test_the_administrator_hears_the_next_day_of_somebody_who_cannot_be_reached():
    """
    No date of the task is on 25 January, but a message came back on the 22nd.
    """
    lost = Overview((OrganState("乙镇", False, ("王",), date(2027, 1, 22)),))
    (first,) = ask(at(1, 22), GROUP, BOSS, lost)
    sent = Sent((delivered(first, at(1, 22)),))

    assert () == ask(at(1, 25), GROUP, BOSS, BEHIND, sent)
    (told,) = ask(at(1, 25), GROUP, BOSS, lost, sent)
    after = Sent((*sent.deliveries, delivered(told, at(1, 25))))
    assert () == ask(at(1, 26), GROUP, BOSS, lost, after)


# ---- the index ---------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    now=st.integers(0, 62 * 96).map(lambda n: at(12, 20, 0, year=2026) + n * QUARTER),
    mode=st.sampled_from([Mode.ON, Mode.QUIETER]),
    hours=st.sampled_from([(9, 18), (13, 20), (16, 19), (8, 12)]),
    internal=st.sampled_from([None, date(2027, 1, 17)]),
    last=st.none() | st.integers(0, 40),
    snoozed=st.sampled_from([None, "day", "week"]),
    nudged=st.booleans(),
)
def test_the_index_names_the_first_minute_at_which_something_is_due(
    now: datetime,
    mode: Mode,
    hours: tuple[int, int],
    internal: date | None,
    last: int | None,
    snoozed: str | None,
    nudged: bool,
):
    """
    Asking every quarter of an hour for twelve days finds nothing earlier.
    """
    task = replace(TASK, internal=internal)
    member = replace(CLERK, mode=mode, start=time(hours[0]), end=time(hours[1]))
    if snoozed == "day":
        member = replace(member, snooze=tomorrow(now, member, WEEKENDS))
    elif snoozed == "week":
        member = replace(member, snooze=next_week(now, member))
    before = [] if last is None else [(ReminderKind.STEP, now - timedelta(days=last))]
    sent = replace(had(*before), nudges=(now,) if nudged else ())

    case = Case(task, member, OPEN, sent)

    found = next_due(now, case, WEEKENDS)

    quarters = (now + QUARTER * n for n in range(12 * 24 * 4))
    first = next((q for q in quarters if decide(q, case, WEEKENDS).reminder), None)
    horizon = now + timedelta(days=12)
    assert first == (found if found and found < horizon else None)


@pytest.mark.parametrize("gap", [0, 11, 120])
@pytest.mark.parametrize("deadline", [date(2026, 10, 31), date(2027, 1, 31), date(2026, 2, 24)])
def test_every_date_of_a_task_lies_within_the_candidates(deadline: date, gap: int):
    """
    The bounds of the indexed query leave nobody out, at no hour and behind no holiday.
    """
    free = frozenset(date(2026, 9, 22) + timedelta(days=n) for n in range(12))
    calendar = Calendar(free=free)
    task = replace(TASK, deadline=deadline, internal=deadline - timedelta(days=gap))

    for slot in reminder_dates(task.deadline, task.internal, calendar):
        for hour in (0, 23):
            lower, upper = candidate_deadlines(datetime.combine(slot.day, time(hour), SHANGHAI))
            assert lower <= task.deadline
            assert task.counts_to <= upper


def test_a_task_far_ahead_or_long_past_is_no_candidate():
    """
    Three months before and two years after nobody is asked.
    """
    lower, upper = candidate_deadlines(at(1, 20))

    assert upper < date(2027, 4, 20)
    assert date(2025, 1, 20) < lower


def test_the_index_names_a_sunday_deadline_and_a_late_mornings_afternoon():
    """
    After Friday's step the next is on Sunday; after 13:30 there, at 16:30.
    """
    friday = had((ReminderKind.STEP, at(1, 29)))
    late = had((ReminderKind.DEADLINE, at(1, 31, 13, 30)))

    assert at(1, 31) == next_due(at(1, 29, 10), Case(TASK, CLERK, OPEN, friday), WEEKENDS)
    assert at(1, 31, 16, 30) == next_due(at(1, 31, 14), Case(TASK, CLERK, OPEN, late), WEEKENDS)


# ---- making the arguments ----------------------------------------------------------------


def test_a_clerk_has_their_own_sections_and_those_of_nobody():
    """
    Section three is a colleague's; the rest is everybody's, and begins with a text.
    """
    task = replace(TASK, assigned=(("requests", "m2"),))

    mine = own(task, CLERK, Answers(), finished=False)
    hers = own(task, Member("m2"), Answers(), finished=False)

    assert "requests" not in [m.section for m in mine.missing]
    assert "requests" in [m.section for m in hers.missing]
    assert ANNUAL_REPORT_2021.number["overview"] == mine.next_number


def test_a_section_of_two_members_is_open_for_both():
    """
    And for nobody else.
    """
    task = replace(TASK, assigned=(("requests", "m1"), ("requests", "m2")))

    found = [
        "requests" in [m.section for m in own(task, Member(id_), Answers(), finished=False).missing]
        for id_ in ("m1", "m2", "m3")
    ]

    assert [True, True, False] == found


def test_when_everything_is_answered_only_the_document_is_missing():
    """
    Then every clerk is asked for it, whoever filled in the rest.
    """
    form = ANNUAL_REPORT_2021
    whole = Answers({**dict.fromkeys(form.cells, 0), **{n.id: "无" for n in form.narratives}})

    found = own(TASK, CLERK, whole, finished=False)

    assert (True, ()) == (found.only_document, found.missing)
    assert found.unfinished
    assert not own(TASK, CLERK, whole, finished=True).unfinished


@pytest.mark.parametrize(
    "answers",
    [
        Answers(),
        Answers(zeros(without=("requests",))),
        Answers({**zeros(), "requests.received.other": 1}),
        whole({"requests.received.other": 1}),
    ],
)
def test_a_reminder_counts_as_the_list_of_sections_does(answers: Answers):
    """
    Figures to type, texts, and what the balance gives once the figures are there.
    """
    counted = remaining(Clerk(answers=answers).session, ())
    work = own(TASK, CLERK, answers, finished=False).missing
    tables = [part for part in work if part.kind is SectionKind.TABLE]

    assert counted.figures == sum(part.open for part in tables if not part.balance)
    assert counted.balances == sum(part.balance for part in tables)
    assert counted.texts == len(work) - len(tables)


def test_open_work_is_remembered_and_what_another_version_wrote_is_not_read():
    """
    Text and back; a later version's text, or any other, counts as nothing remembered.
    """
    form = ANNUAL_REPORT_2021
    work = open_work(form, Answers(), ["requests"], ["requests"], timedelta(seconds=7))
    text = work.dumps(form)

    assert work == OpenWork.loads(text, form)
    assert None is OpenWork.loads(f"2{text.removeprefix('1')}", form)
    assert None is OpenWork.loads("1,0;99999,1,1,0", form)
    assert None is OpenWork.loads("{}", form)


def test_the_estimate_is_the_offices_own_speed_or_a_stated_default():
    """
    100 figures at 6 seconds are 10 minutes, at 30 seconds 50.
    """
    work = Progress(missing=(Missing("requests", "三", 100, SectionKind.TABLE),))

    assert 10 == work.minutes
    assert 50 == replace(work, per_answer=timedelta(seconds=30)).minutes


def test_the_taps_that_the_first_card_names_are_of_the_same_estimate_as_the_minutes():
    """
    An empty report: its figures by taps on the list of sections, by minutes in a reminder.
    """
    work = open_work(ANNUAL_REPORT_2021, Answers())
    tables = {table.id for table in ANNUAL_REPORT_2021.sections if table.kind is SectionKind.TABLE}
    figures = sum(section.open for section in work.sections if section.section in tables)

    card = Clerk().opens().card

    assert [str(taps(figures))] == numbers(card.buttons[0][0].label)


def test_the_pace_leaves_breaks_out_and_wants_enough_to_tell():
    """
    30 figures, 10 seconds each, with a night between.
    """
    evening = [at(1, 5, 17) + timedelta(seconds=10 * n) for n in range(15)]
    morning = [at(1, 6, 9) + timedelta(seconds=10 * n) for n in range(15)]

    assert timedelta(seconds=10) == pace(evening + morning)
    assert None is pace(evening)


# ---- the leader --------------------------------------------------------------------------


def heard(waiting: Waiting, first: date, last: date, task: Task = TASK) -> list[date]:
    """The days on which a leader is reminded who does nothing."""
    sent: list[Delivery] = []
    now = datetime.combine(first, time(), SHANGHAI)
    while now.date() <= last:
        case = Case(task, JUDGE, waiting, Sent(tuple(sent)))
        reminder = decide(now, case, WEEKENDS).reminder
        due = next_due(now, case, WEEKENDS)
        assert (reminder is not None) == (due == now)
        if reminder:
            sent.append(delivered(reminder, now))
        now += timedelta(minutes=30)
    return [delivery.day for delivery in sent]


def test_a_leader_is_reminded_of_what_waits_after_a_working_day_and_then_as_others_are():
    """
    Once on the deadline's day, and on the working days after it.
    """
    assert [
        date(2027, 1, 12),
        date(2027, 1, 15),
        date(2027, 1, 22),
        date(2027, 1, 28),
        date(2027, 1, 29),
        date(2027, 1, 31),
        date(2027, 2, 1),
        date(2027, 2, 2),
    ] == heard(WAITING, date(2027, 1, 11), date(2027, 2, 2))


def test_a_leader_who_hears_of_it_in_the_morning_is_reminded_the_morning_after():
    """
    What was handed in on Friday night is told on Monday.
    """
    waiting = Waiting(at(1, 15, 22))
    assert [date(2027, 1, 19), date(2027, 1, 22)] == heard(
        waiting, date(2027, 1, 15), date(2027, 1, 26)
    )


def test_a_return_makes_work_although_everything_is_answered():
    """
    Also where all remarks are answered: it is to be handed in again.
    """
    form = ANNUAL_REPORT_2021
    work = open_work(form, whole(zeros(form)))
    done = own_part(TASK, CLERK, form, work, finished=False)
    returned = replace(done, state=ReportState.RETURNED, remarks=2, leader=True)
    assert returned.unfinished
    assert done.only_document
    helper = own_part(TASK, CLERK, form, work, finished=False, parts=frozenset({"requests"}))
    assert not helper.unfinished


def test_a_report_that_was_opened_again_is_finished_by_a_new_document_only():
    """
    An approval finishes it whatever was made before.
    """
    before, opened, after = at(1, 10), at(1, 11), at(1, 12)
    assert [True, False, True, False, True, False] == [
        is_finished(before, ReportState.OPEN, None),
        is_finished(before, ReportState.OPEN, opened),
        is_finished(after, ReportState.OPEN, opened),
        is_finished(after, ReportState.SUBMITTED, opened),
        is_finished(before, ReportState.APPROVED, opened),
        is_finished(None, ReportState.OPEN, None),
    ]
