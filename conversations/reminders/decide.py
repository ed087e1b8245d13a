"""
Decides who is reminded of what, and when: only `decide` does this.

Everything is an argument, including the moment; the same arguments give the same reminders. A day
is the member's own day. The dates of a task are in `tasks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from conversations.reminders.calendar import ONE_DAY, Calendar
from conversations.reminders.open_work import Overview, Progress, Waiting
from conversations.reminders.people import Member, Mode
from conversations.reminders.tasks import (
    ReminderDate,
    ReminderKind,
    Task,
    TaskId,
    dates_of,
    dates_of_waiting,
)
from conversations.sign_off.states import ReportState, Role

AFTERNOON = time(15)
BETWEEN_TWO = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One reminder that was sent, or claimed for sending.

    `at` is the moment, `day` the member's day, `number` the message's number on that day.
    """

    task: TaskId
    kind: ReminderKind
    day: date
    at: datetime
    step: int | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """
    The reminders that a person was sent, for all tasks, and an administrator's nudges.

    `nudges` are those for this task and member.
    """

    deliveries: tuple[Delivery, ...] = ()
    nudges: tuple[datetime, ...] = ()

    def messages_on(self, day: date) -> int:
        """The number of the person's messages on a day; several tasks may share one."""
        return max((d.number for d in self.deliveries if d.day == day), default=0)


@dataclass(frozen=True, slots=True)
class Case:
    """
    One member and one task.

    The `progress` of an administrator is an `Overview`, that of a clerk a `Progress`, that of a
    leader a `Waiting`. A claimed message counts as sent.
    """

    task: Task
    member: Member
    progress: Progress | Overview | Waiting
    sent: Sent = Sent()

    def has_room_on(self, day: date) -> bool:
        """Whether a message is allowed: one a day, two for a clerk on the deadline."""
        two = day == self.task.deadline and self.member.role is Role.CLERK
        return self.sent.messages_on(day) < (2 if two else 1)

    def dates(self, calendar: Calendar) -> tuple[ReminderDate, ...]:
        """The dates on which this member is reminded of the task."""
        if isinstance(self.progress, Waiting):
            return dates_of_waiting(self.progress.since, self.task, self.member, calendar)
        return dates_of(self.task, self.member, calendar)


@dataclass(frozen=True, slots=True)
class Reminder:
    """
    One reminder. Its words and buttons are in `conversations/wording/reminders.py`.

    `step` is the number of days before the date that counts (0 the day itself), None for a reminder
    without a step. `number` is the message's number on the person's day.
    """

    kind: ReminderKind
    day: date
    step: int | None
    number: int
    task: Task
    member: Member
    progress: Progress | Overview | Waiting
    calendar_known: bool = True


class Why(Enum):
    """Why there is a reminder, or none."""

    DUE = "due"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"
    OWN_PART_DONE = "own_part_done"
    UNREACHABLE = "unreachable"
    OFF = "off"
    WITH_LEADER = "with_leader"
    FREE_DAY = "free_day"
    OUTSIDE_HOURS = "outside_hours"
    SNOOZED = "snoozed"
    HAD_TODAY = "had_today"
    NUDGED_TODAY = "nudged_today"
    WAITS_FOR_AFTERNOON = "waits_for_afternoon"
    REACHED = "reached"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Decision:
    """A reminder or None, the reason, and the next date of the task after the day."""

    why: Why
    reminder: Reminder | None = None
    next_date: date | None = None


def decide(now: datetime, case: Case, calendar: Calendar) -> Decision:
    """
    Decide whether a member is to be reminded of a task now.

    A missed date (the machine was off, or the member put it off) is made up for on the next working
    day; of several only the latest.

    Raises:
        ValueError: `now` has no time zone.
        TypeError: The progress is not of the member's role.
    """
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone")
    if silence := _silence(case):
        return Decision(silence)
    task, member = case.task, case.member
    today = member.day(now)
    dates = case.dates(calendar)
    following = next((d.day for d in dates if d.day > today), None)
    latest = next((d for d in reversed(dates) if d.day <= today), None)
    if latest and member.since and latest.day < member.since:
        latest = None

    answer = _not_now(now, case, calendar) or _unsaid(now, case, latest)
    if isinstance(answer, ReminderKind) and not case.has_room_on(today):
        answer = Why.HAD_TODAY
    if isinstance(answer, Why):
        return Decision(answer, next_date=following)
    step = latest.step if latest else None
    if answer in (ReminderKind.DEADLINE, ReminderKind.LAST_CALL):
        step = 0
    reminder = Reminder(
        answer,
        today,
        step,
        case.sent.messages_on(today) + 1,
        task,
        member,
        case.progress,
        calendar_known=all(calendar.knows(y) for y in {task.counts_to.year, task.deadline.year}),
    )
    return Decision(Why.DUE, reminder, following)


def _silence(case: Case) -> Why | None:
    """Why the member gets no reminder at any time, or None."""
    member, progress = case.member, case.progress
    if case.task.withdrawn:
        return Why.WITHDRAWN
    if not member.reachable:
        return Why.UNREACHABLE
    if member.mode is Mode.OFF:
        return Why.OFF
    if member.role is Role.ADMINISTRATOR:
        if not isinstance(progress, Overview):
            raise TypeError("an administrator is told an Overview")
        return None if progress.unfinished else Why.FINISHED
    if member.role is Role.LEADER:
        if not isinstance(progress, Waiting):
            raise TypeError("a leader is told what is Waiting")
        return None
    if not isinstance(progress, Progress):
        raise TypeError("a clerk is told a Progress")
    if progress.finished:
        return Why.FINISHED
    if progress.state is ReportState.SUBMITTED:
        return Why.WITH_LEADER
    return None if progress.unfinished else Why.OWN_PART_DONE


def _not_now(now: datetime, case: Case, calendar: Calendar) -> Why | None:
    """Why no reminder is sent at this moment, or None."""
    member = case.member
    today = member.day(now)
    if today != case.task.deadline and not calendar.reminds(today):
        return Why.FREE_DAY
    if not member.start <= now.astimezone(member.zone).time() < member.end:
        return Why.OUTSIDE_HOURS
    return Why.SNOOZED if _snoozed(case, today) else None


def _snoozed(case: Case, today: date) -> bool:
    """Whether the member put it off; the deadline itself can only be put off on that day."""
    snooze = case.member.snooze
    if snooze is None or not snooze.on <= today < snooze.until:
        return False
    return today != case.task.deadline or snooze.on == today


def _unsaid(now: datetime, case: Case, latest: ReminderDate | None) -> ReminderKind | Why:
    """The kind of reminder that is due for the latest date, or why none is."""
    task, member, sent = case.task, case.member, case.sent
    today = member.day(now)
    summary = member.role is Role.ADMINISTRATOR
    mine = [
        d
        for d in sent.deliveries
        if d.task == task.id and (d.kind is ReminderKind.SUMMARY) == summary
    ]
    last = max(mine, key=lambda d: d.at, default=None)
    reached = latest is None or (last is not None and last.day >= latest.day)
    nothing_new = Why.REACHED if latest else Why.TOO_EARLY

    if isinstance(case.progress, Overview):
        if not reached or (last is not None and _news(case.progress, last.day)):
            return ReminderKind.SUMMARY
        return nothing_new

    asked = [at for at in sent.nudges if at <= now and (last is None or at > last.at)]
    if asked and not any(d.kind is ReminderKind.NUDGE and d.day == today for d in mine):
        return ReminderKind.NUDGE
    if today == task.deadline:
        return _on_the_deadline(now, case, mine, reached=reached)
    if latest and not reached:
        return latest.kind
    snooze = member.snooze
    if snooze and snooze.again and snooze.until <= today and (not last or last.day <= snooze.on):
        return ReminderKind.AGAIN
    return nothing_new


def _on_the_deadline(
    now: datetime, case: Case, mine: Sequence[Delivery], *, reached: bool
) -> ReminderKind | Why:
    """One message in the morning and one in the afternoon, some hours apart."""
    member, today = case.member, case.task.deadline
    if member.mode is Mode.QUIETER or member.role is Role.LEADER:
        return Why.REACHED if reached else ReminderKind.DEADLINE
    if any(d.kind is ReminderKind.LAST_CALL and d.day == today for d in mine):
        return Why.REACHED
    before = max((d.at for d in case.sent.deliveries if d.day == today), default=None)
    afternoon = now >= datetime.combine(today, AFTERNOON, member.zone)
    if not reached:
        return ReminderKind.LAST_CALL if afternoon else ReminderKind.DEADLINE
    if afternoon and (before is None or now - before >= BETWEEN_TWO):
        return ReminderKind.LAST_CALL
    return Why.WAITS_FOR_AFTERNOON


def _news(overview: Overview, told: date) -> bool:
    """Whether a member has become unreachable since the administrator was last told."""
    since = [o.unreachable_since for o in overview.unreachable if o.unreachable_since]
    return any(day >= told for day in since)


def by_urgency(reminders: Iterable[Reminder]) -> tuple[Reminder, ...]:
    """One person's reminders for the same message, the most urgent first."""
    summary = ReminderKind.SUMMARY
    return tuple(sorted(reminders, key=lambda r: (r.kind is summary, r.task.counts_to, r.task.id)))


def next_due(now: datetime, case: Case, calendar: Calendar) -> datetime | None:
    """
    The first moment from now on at which a reminder is due, if nothing changes until then.

    For an index: a person whose moment has not come need not be checked. It is computed again after
    any change of what `decide` reads. None means that only a change can lead to a reminder.
    """
    if _silence(case):
        return None
    task, member = case.task, case.member
    local = now.astimezone(member.zone)
    today = local.date()
    bases = {today + ONE_DAY, *(d.day for d in case.dates(calendar) if d.day > today)}
    if member.snooze and member.snooze.until > today:
        bases.add(member.snooze.until)
    days = {today, *(calendar.reminding_day_from(day) for day in bases)}
    if task.deadline >= today:
        days.add(task.deadline)
    for day in sorted(days):
        moments = {datetime.combine(day, member.start, member.zone)}
        if day == task.deadline:
            moments.add(datetime.combine(day, AFTERNOON, member.zone))
        if day == today:
            moments.add(local)
            sent_at = (d.at.astimezone(member.zone) for d in case.sent.deliveries)
            moments |= {at + BETWEEN_TWO for at in sent_at}
        for moment in sorted(moment for moment in moments if moment >= now):
            if decide(moment, case, calendar).reminder:
                return moment
    return None


def why_no_nudge(now: datetime, case: Case) -> Why | None:
    """
    Why an administrator cannot nudge this clerk now, or None: then store the request.

    `decide` sends it, in the clerk's working hours. A nudge is that day's message, at most one a
    day, and never for a person who has put reminders off or turned them off.
    """
    if silence := _silence(case):
        return silence
    member, sent = case.member, case.sent
    today = member.day(now)
    if _snoozed(case, today):
        return Why.SNOOZED
    nudged = [member.day(at) for at in sent.nudges]
    nudged += [
        d.day for d in sent.deliveries if d.kind is ReminderKind.NUDGE and d.task == case.task.id
    ]
    if today in nudged:
        return Why.NUDGED_TODAY
    return None if case.has_room_on(today) else Why.HAD_TODAY
