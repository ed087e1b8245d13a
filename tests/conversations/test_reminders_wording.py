from dataclasses import replace
from datetime import date, datetime

import pytest

from conversations.form.model import SectionKind
from conversations.reminders.calendar import SHANGHAI, Calendar
from conversations.reminders.decide import Case, Reminder, Why, decide
from conversations.reminders.open_work import Missing, OrganState, Overview, Progress
from conversations.reminders.people import Member
from conversations.reminders.tasks import ReminderKind, Task, collective
from conversations.sign_off.states import Role
from conversations.wording import days
from conversations.wording import reminders as wording
from tests.said import numbers, pieces

DAY = date(2027, 1, 22)
NOW = datetime(2027, 1, 22, 9, tzinfo=SHANGHAI)
TASK = Task("t1", "雷鸣镇人民政府", 2026, date(2027, 1, 31))
WORK = Progress(
    missing=(
        Missing("requests", "三、收到和处理政府信息公开申请情况", 12, SectionKind.TABLE),
        Missing("other_matters", "六、其他需要报告的事项", 1, SectionKind.NARRATIVE),
    ),
    next_number=300,
)
REMINDER = Reminder(ReminderKind.STEP, DAY, 7, 1, TASK, Member("m1"), WORK)


def summary(organs: tuple[OrganState, ...], day: date = DAY, known: bool = True) -> Reminder:
    task = collective(2026, date(2027, 1, 31))
    member = Member("a1", Role.ADMINISTRATOR)
    return Reminder(ReminderKind.SUMMARY, day, 7, 1, task, member, Overview(organs), known)


def ids(*reminders: Reminder) -> list[str]:
    return [b.id for row in wording.buttons(reminders) for b in row]


def test_a_reminder_says_what_is_missing_until_when_and_how_long_it_takes():
    """
    Twelve figures and a text: nine days left, about five minutes.
    """
    text = wording.say([REMINDER]).text

    for piece in (TASK.organ, wording.day_name(TASK.deadline), wording.MINUTES.format(5)):
        assert piece in text
    assert {"9", "12"} <= set(numbers(text))


def test_the_days_are_counted_and_not_the_step():
    """
    A step that was moved does not say a wrong number of days.
    """
    friday = replace(REMINDER, day=date(2027, 1, 29), step=1)

    assert days.distance(TASK.deadline, friday.day) in wording.say([friday]).text


def test_the_buttons_open_the_next_question_and_put_off():
    """
    The ids are permanent: an old reminder's buttons still work.
    """
    assert ["rgo:t1:300", "rtomorrow:t1", "rweek:t1"] == ids(REMINDER)


def test_two_organs_have_each_their_own_way_on_and_one_way_to_put_off():
    """
    The label says which organ.
    """
    other = replace(REMINDER, task=replace(TASK, id="t2", organ="永发镇人民政府"))

    assert ["rgo:t1:300", "rgo:t2:300", "rtomorrow:t1", "rweek:t1"] == ids(REMINDER, other)


def test_an_id_too_long_for_a_button_is_a_mistake_of_the_caller():
    """
    Telegram takes 64 bytes.
    """
    long = replace(REMINDER, task=replace(TASK, id="t" * 60))

    with pytest.raises(ValueError, match="longer than a button"):
        wording.say([long])


def test_the_summary_counts_names_the_late_and_those_not_reached():
    """
    And has one button to nudge them all.
    """
    organs = (
        OrganState("甲镇", True),
        OrganState("乙镇", False),
        OrganState("丙镇", False, ("小王",)),
    )

    text = wording.say([summary(organs, date(2027, 2, 1))]).text

    late = "乙镇、丙镇"
    for piece in (wording.FINISHED_OF.format(year=2026, organs=3, done=1), late, "丙镇（小王）"):
        assert piece in text
    assert ["rnudge:all2026-0131"] == ids(summary(organs))


def test_two_deadlines_in_one_summary_have_two_different_buttons():
    """
    Each says whom it reminds; a single one need not.
    """
    organs = (OrganState("乙镇", False),)
    one = summary(organs)
    two = replace(one, task=collective(2026, date(2027, 3, 31)))
    three = replace(one, task=collective(2026, date(2027, 3, 31), date(2027, 3, 10)))

    labels = [button.label for row in wording.buttons([one, two, three]) for button in row]

    assert 3 == len(set(labels))
    assert [1, 1, 2] == [label.count("月") for label in labels]


def test_a_long_list_of_organs_stays_below_the_limit_of_a_message():
    """
    A county has hundreds; the names end, the count does not.
    """
    organs = tuple(OrganState(f"第{n}镇人民政府", False, ("甲", "乙")) for n in range(400))

    text = wording.say([summary(organs)]).text

    assert "400" == numbers(text.splitlines()[-2])[-1]
    assert len(text) < 3500


def test_a_summary_says_when_the_calendar_is_not_known_yet():
    """
    Weekends only, and the reader is told so.
    """
    organs = (OrganState("乙镇", False),)

    note = wording.UNKNOWN_YEAR.format(year=2027)
    assert note in wording.say([summary(organs, known=False)]).text
    assert note not in wording.say([summary(organs)]).text


def test_long_names_leave_fewer_reports_in_a_message():
    """
    Telegram takes 4,096 UTF-16 units; the rest is counted, and the nearest is always told.
    """
    long = [replace(REMINDER, task=replace(TASK, organ="甲" * 900)) for _ in range(6)]

    text = wording.message_of(long).text

    assert 900 < len(text.encode("utf-16-le")) // 2 <= 4096
    assert text.startswith(wording.HEADS[ReminderKind.STEP])
    assert wording.MORE_REPORTS.format(3) in text


def test_overdue_of_the_internal_date_is_not_called_overdue_of_the_deadline():
    """
    The clerk is late for the county, not yet by law.
    """
    task = replace(TASK, internal=date(2027, 1, 20))
    late = replace(REMINDER, kind=ReminderKind.OVERDUE, step=None, task=task)

    head = wording.say([late]).text.splitlines()[0]

    assert wording.PAST_COLLECTION == head


@pytest.mark.parametrize("kind", ReminderKind)
def test_every_kind_and_every_reason_has_its_words(kind: ReminderKind):
    """
    Nothing falls through to a program's word.
    """
    assert set(ReminderKind) == set(wording.HEADS) == set(wording.KINDS)
    assert set(Why) == set(wording.WHY)
    assert wording.HEADS[kind]


@pytest.mark.parametrize(
    ("hour", "why", "figures"),
    [(9, Why.DUE, ["7"]), (20, Why.OUTSIDE_HOURS, ["09", "00", "18", "00"])],
)
def test_explaining_says_why_or_why_not(hour: int, why: Why, figures: list[str]):
    """
    For `nianbao reminders --at`: one line, which sends nothing.
    """
    case = Case(TASK, Member("m1"), WORK)
    decision = decide(NOW.replace(hour=hour), case, Calendar())

    text = wording.explained(decision, case, Calendar())

    who, _, reason = text.partition("：")
    assert TASK.organ in who
    assert "m1" in who
    assert pieces(wording.WHY[why])[0] in reason
    assert figures == numbers(reason)[: len(figures)]
    assert wording.BY_LAW.format(2027) in reason


def test_putting_off_names_the_day_and_the_exception():
    """
    The deadline within the time put off still speaks.
    """
    but = wording.BUT_FOR_THE_DEADLINE.format(wording.day_name(TASK.deadline))
    assert but in wording.put_off(date(2027, 2, 1), TASK.deadline, DAY)
    assert but not in wording.put_off(date(2027, 1, 25), TASK.deadline, DAY)


def test_a_nudge_is_answered_with_how_many_and_who_not():
    """
    The finished are not worth a word.
    """
    text = wording.nudged(5, [Why.UNREACHABLE, Why.HAD_TODAY, Why.NUDGED_TODAY, Why.FINISHED])

    assert ["5", "1", "2"] == numbers(text)
