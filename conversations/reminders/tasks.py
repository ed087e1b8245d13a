"""
A task, and the dates on which people who have not finished it are reminded.

The dates are counted back from the task's internal date if it has one, else from its deadline:

- 30, 14, 7, 3 and 1 days before, each moved back from a free day to the working day before; one
  that falls on 1–3 January moves to the first working day after; two on one day are one;
- the day itself: the deadline even if it is a free day, the internal date moved like a step;
- after it each working day for two weeks, then weekly until the next year's task.

Between the internal date and the deadline late members are reminded of both: on the overdue days of
the internal date, and on the deadline's own last steps (7, 3, 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache

from conversations.form.local_notice import NOTHING, LocalNotice
from conversations.form.model import ItemId
from conversations.form.organ import Level
from conversations.reminders.calendar import LONGEST_HOLIDAY, ONE_DAY, Calendar, is_new_year
from conversations.reminders.people import Member, MemberId, Mode

TaskId = str

LAST_MONTH_OF_WORK = 3  # until its end, reports on the year before are published

STEPS = (30, 14, 7, 3, 1)
LAST_STEPS = (7, 3, 1)
QUIETER_STEPS = frozenset({7, 1, 0})
DAILY_OVERDUE = timedelta(days=14)
WEEKS_OVERDUE = 52


def default_deadline(year: int, level: Level) -> date:
    """
    The default deadline of the report on a year.

    31 January after it; 31 March for the report of a county's or a higher government
    (《政府信息公开条例》第四十九条).
    """
    if level in (Level.CITY, Level.COUNTY):
        return date(year + 1, 3, 31)
    return date(year + 1, 1, 31)


def newest_year(today: date) -> int:
    """The newest year that is reported on: until the end of March last year, then this year."""
    return today.year - (today.month <= LAST_MONTH_OF_WORK)


def year_of_work(today: date, under_way: Iterable[int] = ()) -> int:
    """
    The year that is reported on, 0 if it has to be asked.

    From January to March it is last year, else the newest of those `under_way`, if not older than
    last year.
    """
    if today.month <= LAST_MONTH_OF_WORK:
        return newest_year(today)
    return max((year for year in under_way if year >= today.year - 1), default=0)


@dataclass(frozen=True, slots=True)
class Task:
    """
    An organ's work of one year.

    `year` is the year reported on. `assigned` are pairs of section and member; a section without a
    member belongs to every clerk of the organ. An administrator's task covers a group of organs
    with the same dates: see `collective`. `notice` has its requirements beyond the statutory form.
    `reason` says why it is withdrawn (the organ need not report this year), or why its deadline
    differs from that of others.

    Raises:
        ValueError: The internal date is after the deadline.
    """

    id: TaskId
    organ: str
    year: int
    deadline: date
    internal: date | None = None
    withdrawn: bool = False
    assigned: tuple[tuple[ItemId, MemberId], ...] = ()
    notice: LocalNotice = NOTHING
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse dates in the wrong order."""
        if self.internal is not None and self.internal > self.deadline:
            raise ValueError(f"internal date {self.internal} after deadline {self.deadline}")

    @property
    def counts_to(self) -> date:
        """The date that the steps count to; tasks are indexed by it."""
        return self.internal or self.deadline

    @property
    def early(self) -> date | None:
        """The internal date if it is earlier than the deadline."""
        return self.internal if self.internal and self.internal < self.deadline else None


def extended(task: Task, day: date, reason: str) -> Task:
    """
    A task with more time: `counts_to` becomes that day.

    A day before the deadline is the new internal date; a later one is the new deadline.

    Raises:
        ValueError: The day is not later than the present `counts_to`.
    """
    if day <= task.counts_to:
        raise ValueError(f"{day} is not after {task.counts_to}")
    if day < task.deadline:
        return replace(task, internal=day, reason=reason)
    return replace(task, deadline=day, internal=None, reason=reason)


def collective(year: int, deadline: date, internal: date | None = None) -> Task:
    """The administrator's task for all organs of a year with the same dates."""
    early = f"{internal:%m%d}" if internal else ""
    return Task(f"all{year}-{deadline:%m%d}{early}", "", year, deadline, internal)


class ReminderKind(Enum):
    """
    The kind of a reminder; the values are in stored rows and never change.

    LAST_CALL is the deadline's afternoon message. AGAIN is the message promised by 「明天再说」 for
    a day that would otherwise have none.
    """

    STEP = "step"
    DEADLINE = "deadline"
    LAST_CALL = "last_call"
    OVERDUE = "overdue"
    AGAIN = "again"
    NUDGE = "nudge"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class ReminderDate:
    """
    One date of a task on which people with open work are reminded.

    `step` is the number of days before (0 the day itself), None if overdue. Members who want fewer
    reminders get those of `quieter` dates.
    """

    day: date
    kind: ReminderKind
    step: int | None
    quieter: bool


# Of two on one day, the more urgent kind counts.
_PRECEDENCE = {ReminderKind.DEADLINE: 0, ReminderKind.STEP: 1, ReminderKind.OVERDUE: 2}


@lru_cache(maxsize=2048)
def reminder_dates(
    deadline: date, internal: date | None, calendar: Calendar
) -> tuple[ReminderDate, ...]:
    """Every date on which people with open work are reminded of a task, in order."""
    early = internal if internal and internal < deadline else None
    dates = [
        *_steps(early or deadline, STEPS, date.min, calendar),
        ReminderDate(deadline, ReminderKind.DEADLINE, 0, quieter=True),
        *_overdue(deadline, calendar),
    ]
    if early is not None:
        day = _moved(early, calendar)
        if day is not None and day <= early:
            dates.append(ReminderDate(day, ReminderKind.STEP, 0, quieter=True))
        dates += _steps(deadline, LAST_STEPS, early, calendar)
        dates += [late for late in _overdue(early, calendar) if late.day < deadline]
    by_day: dict[date, list[ReminderDate]] = defaultdict(list)
    for each in dates:
        by_day[each.day].append(each)
    return tuple(
        replace(
            min(same, key=lambda each: (_PRECEDENCE[each.kind], each.step or 0)),
            quieter=any(each.quieter for each in same),
        )
        for _, same in sorted(by_day.items())
    )


def _steps(
    target: date, steps: Iterable[int], after: date, calendar: Calendar
) -> Iterator[ReminderDate]:
    """The steps before a date, moved to working days; only those later than `after`."""
    for step in steps:
        day = _moved(target - timedelta(days=step), calendar)
        if day is not None and after < day < target:
            yield ReminderDate(day, ReminderKind.STEP, step, step in QUIETER_STEPS)


def _moved(day: date, calendar: Calendar) -> date | None:
    """The working day before, or after New Year; None if there is none near."""
    for _ in range(LONGEST_HOLIDAY):
        if is_new_year(day):
            return calendar.reminding_day_from(day + ONE_DAY)
        if calendar.reminds(day):
            return day
        day -= ONE_DAY
    return None


def _overdue(target: date, calendar: Calendar) -> Iterator[ReminderDate]:
    """The days after a date: first daily, then weekly (also for quieter members)."""
    day = target + ONE_DAY
    while day <= target + DAILY_OVERDUE:
        if calendar.reminds(day):
            yield ReminderDate(day, ReminderKind.OVERDUE, None, quieter=False)
        day += ONE_DAY
    for week in range(1, WEEKS_OVERDUE + 1):
        day = calendar.reminding_day_from(target + timedelta(weeks=week))
        yield ReminderDate(day, ReminderKind.OVERDUE, None, quieter=True)


def dates_of(task: Task, member: Member, calendar: Calendar) -> tuple[ReminderDate, ...]:
    """The dates on which this member is reminded of an unfinished task."""
    if member.mode is Mode.OFF:
        return ()
    dates = reminder_dates(task.deadline, task.internal, calendar)
    return tuple(d for d in dates if d.quieter) if member.mode is Mode.QUIETER else dates


def dates_of_waiting(
    since: datetime, task: Task, member: Member, calendar: Calendar
) -> tuple[ReminderDate, ...]:
    """
    The dates on which a leader is reminded of a report that has waited since a moment.

    The working day after the one on which they were told, then those of the task.
    """
    heard = member.day(since)
    if since >= datetime.combine(heard, member.end, member.zone):
        heard += ONE_DAY
    heard = calendar.reminding_day_from(heard)
    first = calendar.reminding_day_from(heard + ONE_DAY)
    later = tuple(d for d in dates_of(task, member, calendar) if d.day > first)
    if member.mode is Mode.OFF:
        return ()
    same = next((d for d in dates_of(task, member, calendar) if d.day == first), None)
    return (same or ReminderDate(first, ReminderKind.STEP, None, quieter=True), *later)


def candidate_deadlines(now: datetime) -> tuple[date, date]:
    """
    Which tasks can have a reminder due now: (earliest deadline, latest counts_to).

    Tasks with `deadline >= earliest and counts_to <= latest`; every other task has none for
    anybody. The range has room for time zones and the longest holiday.
    """
    today = now.astimezone(UTC).date()
    back = timedelta(weeks=WEEKS_OVERDUE + 1, days=4 * LONGEST_HOLIDAY)
    return today - back - ONE_DAY, today + timedelta(days=STEPS[0] + LONGEST_HOLIDAY) + ONE_DAY
